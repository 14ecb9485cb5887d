"""dipdata hydrate."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, finish, progress
from dipdata.problems import Problems


def hydrate(
    release: Annotated[Path, typer.Argument(help="A release without texts.")],
    copies: Annotated[Path, typer.Option("--from", metavar="PATH", help="Your copies: a project, a folder of raw files, or a JSONL.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="The new folder; else the release's name with -hydrated.")] = None,
    as_json: AsJson = False,
) -> None:
    """Put the texts back into a release from your own copies of the articles, each proved by its hash.

    Example: dipdata hydrate dist/dipdata-0.1.0 --from raw/
    """
    from dipdata import verbs

    problems = Problems()
    with progress("hydrate") as bar:
        found = verbs.hydrate(release, copies, out, problems=problems, progress=bar)
    rate = found.statements_found / found.statements if found.statements else 0.0
    say = (
        f"{found.path}: {found.articles_found} of {found.articles} articles, {found.statements_found} of {found.statements} statements "
        f"({rate:.1%}), {found.statements_moved} of them at another place" + (", nothing missing" if found.complete else "")
    )
    result = dataclasses.asdict(found) | {"path": str(found.path), "complete": found.complete}
    finish("hydrate", result, problems, as_json=as_json, say=say)
