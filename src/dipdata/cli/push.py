"""dipdata push."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import CannotRunError, Problems


def push(
    annotators: Annotated[
        str | None, typer.Option(metavar="A,B,…", help="Accounts that each get a project of their own (with --blind); made if missing.")
    ] = None,
    overlap: Annotated[int, typer.Option(help="How many annotators label each statement.", min=1)] = 2,
    blind: Annotated[
        bool | None,
        typer.Option("--blind/--pool", help="A project an annotator, so that nobody sees another's labels, or one shared project."),
    ] = None,
    order: Annotated[str, typer.Option(help="Which new tasks come first: text, uncertain or target.")] = "text",
    language: Annotated[str | None, typer.Option(help="Language of labels and guidelines: en, fr, es, ru or ar.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Send the project's statements to Label Studio as tasks; those that are there already stay as they are.

    Example: dipdata push --annotators ada,ben,cleo --overlap 2 --blind
    """
    from dipdata import verbs

    names = [name.strip() for name in (annotators or "").split(",") if name.strip()]
    if blind and not names:
        raise CannotRunError("--blind: whose projects? Name the accounts with --annotators a,b,c.")
    if names and blind is False:
        raise CannotRunError("--pool: the one project is for whoever signs in. Leave --annotators out, or give --blind.")
    problems = Problems()
    with progress("push") as bar:
        done = verbs.push(
            verbs.load_project(project),
            annotators=names,
            overlap=overlap,
            order=order,
            language=language,
            pool=blind is False,
            problems=problems,
            progress=bar,
        )
    say = f"{done.pushed} pushed, {done.present} there already ({done.updated} updated), {done.refused} refused: {done.url}"
    finish("push", dataclasses.asdict(done), problems, as_json=as_json, say=say)
