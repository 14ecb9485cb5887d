"""dipdata ingest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Source folders or files; else all of raw/.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Read raw articles, clean them and freeze their text: raw/ -> build/articles/.

    Example: dipdata ingest
    """
    from dipdata import verbs

    problems = Problems()
    with progress("ingest") as bar:
        count = verbs.ingest(verbs.load_project(project), paths or [], problems=problems, progress=bar)
    refused = len({problem.record for problem in problems if problem.severity == "error"})
    finish(
        "ingest",
        {"articles": count, "refused": refused},
        problems,
        as_json=as_json,
        say=f"{count} articles in build/articles, {refused} refused",
    )
