"""dipdata export."""

from __future__ import annotations

from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def export(
    version: Annotated[str, typer.Option(help="Semantic version of the release, such as 0.1.0.")],
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Write an immutable release to dist/: Parquet, card and manifest.

    Example: dipdata export --version 0.1.0
    """
    from dipdata import verbs

    problems = Problems()
    with progress("export"):
        release = verbs.export(verbs.load_project(project), version, problems=problems)
    rows = ", ".join(f"{sum(splits.values())} {config}" for config, splits in release.rows.items())
    say = f"{release.path}: {rows} rows" + (" (unchanged)" if release.unchanged else "")
    result = {"path": str(release.path), "rows": release.rows, "unchanged": release.unchanged}
    finish("export", result, problems, as_json=as_json, say=say)
