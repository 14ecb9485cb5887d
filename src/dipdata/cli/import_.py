"""dipdata import."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import CannotRunError, Problems

FORMS = ("jsonl", "brat", "uima", "label-studio")


def import_(
    path: Annotated[Path, typer.Argument(help="The file or folder to read.")],
    form: Annotated[str, typer.Option("--from", metavar="FORM", help=f"Its form: {', '.join(FORMS)}.")],
    source: Annotated[str | None, typer.Option(help="Folder below raw/ for the texts; else the name of PATH.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published the texts, where the files do not say.")] = None,
    licence: Annotated[str | None, typer.Option(help="Their licence, where the files do not say.")] = None,
    lang: Annotated[str | None, typer.Option(help="Their language, such as en; else it is identified.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Add texts and records made by another tool to a project.

    Example: dipdata import corpora/polnear --from brat --lang en --licence "see corpora/polnear/LICENSE"
    """
    from dipdata import verbs

    if form not in FORMS:
        raise CannotRunError(f"--from {form}: no such form. Give one of {', '.join(FORMS)}.")
    problems = Problems()
    with progress("import"):
        done = verbs.import_from(
            verbs.load_project(project), form, path, source=source, publisher=publisher, licence=licence, lang=lang, problems=problems
        )
    say = (
        f"added {done.articles} articles, {done.statements} statements, {done.annotations} annotations, {done.gold} gold; "
        f"{done.present} records were there already"
    )
    finish("import", dataclasses.asdict(done), problems, as_json=as_json, say=say)
