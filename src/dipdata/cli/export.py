"""dipdata export."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import CannotRunError, Problems

MODES = ("full", "quotes", "none")
FORMS = ("jsonl", "csv", "brat", "conll", "label-studio")


def export(
    version: Annotated[str | None, typer.Option(help="Semantic version of the release, such as 0.1.0.")] = None,
    text: Annotated[str, typer.Option(help="What texts it holds: full; quotes (each statement's sentences); none (stand-off).")] = "full",
    hold_out: Annotated[
        str | None, typer.Option(metavar="KEY=VALUE", help="Make the test split of lang=CODE, outlet=NAME or since=DATE.")
    ] = None,
    check: Annotated[
        Path | None, typer.Option(metavar="RELEASE", help="Write nothing: build this release anew and compare every byte.")
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="FORM", help=f"No release, but the records as {', '.join(FORMS)}.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="With --to: the new folder; else dist/NAME-FORM.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; else one for each core.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Write an immutable release to dist/: Parquet, card, Croissant and manifest.

    Example: dipdata export --version 0.1.0
    """
    from dipdata import verbs

    problems = Problems()
    found = verbs.load_project(project)
    workers = workers or os.cpu_count() or 1
    if check is not None:
        with progress("export --check") as bar:
            verbs.check_export(found, check, workers=workers, problems=problems, progress=bar)
        say = f"{check}: " + ("differs" if problems.errors else "the same bytes, built anew")
        finish("export", {"path": str(check), "same": not problems.errors}, problems, as_json=as_json, say=say)
        return
    if to is not None:
        if to not in FORMS:
            raise CannotRunError(f"--to {to}: no such form. Give one of {', '.join(FORMS)}.")
        with progress(f"export --to {to}"):
            where, files = verbs.export_to(found, to, out, problems=problems)
        finish("export", {"path": str(where), "files": files}, problems, as_json=as_json, say=f"{where}: {files} files")
        return
    if version is None:
        raise CannotRunError("export: no version. Give --version, such as 0.1.0, --check RELEASE, or --to FORM.")
    if text not in MODES:
        raise CannotRunError(f"--text {text}: no such mode. Give one of {', '.join(MODES)}.")
    with progress("export") as bar:
        release = verbs.export(found, version, mode=text, hold_out=hold_out, workers=workers, problems=problems, progress=bar)
    rows = ", ".join(f"{sum(splits.values())} {config}" for config, splits in release.rows.items())
    say = f"{release.path}: {rows} rows" + (" (unchanged)" if release.unchanged else "")
    result = {"path": str(release.path), "rows": release.rows, "unchanged": release.unchanged}
    finish("export", result, problems, as_json=as_json, say=say)
