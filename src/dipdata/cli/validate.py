"""dipdata validate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def validate(
    path: Annotated[Path | None, typer.Argument(help="A project or a release; else the project.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Prove schema, offsets and references of a project or a release.

    Example: dipdata validate dist/dipdata-0.1.0
    """
    from dipdata import verbs

    problems = Problems()
    with progress("validate"):
        what = verbs.validate(path or project, problems=problems)
    warnings = len(problems) - problems.errors
    say = f"{what}: {problems.errors} errors, {warnings} warnings"
    finish("validate", {"path": what, "errors": problems.errors, "warnings": warnings}, problems, as_json=as_json, say=say)
