"""dipdata restore."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def restore(
    blind: Annotated[
        bool | None,
        typer.Option("--blind/--pool", help="Into each annotator's own project, or into one shared project; else as what is left there."),
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of labels and guidelines: en, fr, es, ru or ar; else that of each account, or English.")
    ] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Rebuild a lost Label Studio project from annotations/: tasks, accounts, annotations, skips and drafts.

    Example: dipdata restore
    """
    from dipdata import verbs

    problems = Problems()
    with progress("restore") as bar:
        pushed, loaded = verbs.restore(verbs.load_project(project), blind=blind, language=language, problems=problems, progress=bar)
    say = (
        f"{pushed.pushed} statements and {loaded.loaded} annotations put back, {loaded.present} there already, "
        f"{loaded.refused} refused: {pushed.url}"
    )
    result = {"statements": dataclasses.asdict(pushed), "annotations": dataclasses.asdict(loaded)}
    finish("restore", result, problems, as_json=as_json, say=say)
