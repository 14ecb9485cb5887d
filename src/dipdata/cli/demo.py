"""dipdata demo."""

from __future__ import annotations

from typing import Annotated

import typer

from dipdata.cli.common import ProjectDir, progress, show, status
from dipdata.problems import Problems


def demo(
    studio: Annotated[bool, typer.Option(help="Go through Label Studio; without it the recorded annotations are used as they are.")] = True,
    project: ProjectDir = None,
) -> None:
    """Run the whole flow on this repository's own articles.

    Example: dipdata demo
    """
    from dipdata import demo as run
    from dipdata import verbs

    problems = Problems()
    for line in run.demo(verbs.load_project(project), studio=studio, problems=problems, bar=progress, tell=status):
        typer.echo(line)
    show(problems)
    if problems.errors:
        raise typer.Exit(1)
