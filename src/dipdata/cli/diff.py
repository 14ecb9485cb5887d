"""dipdata diff."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, finish
from dipdata.problems import Problems


def diff(
    old: Annotated[Path, typer.Argument(help="The older release.")],
    new: Annotated[Path, typer.Argument(help="The newer release.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown for release notes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell what changed between two releases, breaking or not, and the version that it demands.

    Exits 1 where the newer release's version is too low. Example: dipdata diff dist/dipdata-0.1.0 dist/dipdata-0.2.0
    """
    from dipdata import verbs
    from dipdata.release import changes

    found = verbs.diff(old, new)
    problems = Problems()
    if not found.enough:
        problems.add(
            "release.version-too-low",
            found.new,
            f"what changed since {found.old} demands {found.demanded}",
            "Release it under that version.",
        )
    say = changes.markdown(found) if markdown else changes.text(found)
    finish("diff", changes.to_json(found), problems, as_json=as_json, say=say)
