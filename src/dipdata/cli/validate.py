"""dipdata validate."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, progress
from dipdata.problems import CannotRunError, Problem, Problems


class Format(StrEnum):
    """How problems are told."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"
    junit = "junit"


class FailOn(StrEnum):
    """The severity from which a run fails."""

    error = "error"
    warning = "warning"


def validate(
    path: Annotated[Path | None, typer.Argument(help="A project, a release, or a folder of records in JSONL; else the project.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
    form: Annotated[Format, typer.Option("--format", help="text; json; github (on the pull request's lines); sarif; junit.")] = Format.text,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write there instead of to stdout, and a summary to stdout.")] = None,
    select: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Only this code or family, such as offsets; repeatable.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="CODE", help="All but this code or family; repeatable.")] = None,
    fail_on: Annotated[FailOn | None, typer.Option(help="The severity from which the exit code is 1; else dipdata.toml says.")] = None,
    baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Old debts: problems in this file are counted, not told.")] = None,
    write_baseline: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the problems found as a baseline.")] = None,
    previous: Annotated[
        Path | None, typer.Option(metavar="RELEASE", help="The release before; else the newest older one beside it.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="First mend what is safe (order, normal form, card numbers) and show the diff.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; else as many as cores.")] = None,
) -> None:
    """Prove a project or a release: schema, offsets, references, labels, splits, agreement, files and card.

    Example: dipdata validate dist/dipdata-0.1.0 --format github
    """
    from dipdata import checks, reports, verbs

    known = _read_baseline(baseline) if baseline else {}
    problems, mended = Problems(), ""
    if fix:
        mended = verbs.fix(path or project)
    with progress("validate"):
        what, floors = verbs.validate(path or project, problems=problems, previous=previous, workers=workers)
    found: list[Problem] = reports.chosen(problems, select or floors.select, [*(ignore or ()), *floors.ignore])
    if write_baseline:
        _write_baseline(write_baseline, reports.baseline(found))
    found, old = reports.beyond(found, known)
    report = reports.Report("validate", what, found, os.path.relpath(what), _version(), rules=checks.all_checks(), known=old)
    limit = fail_on.value if fail_on else floors.fail_on
    name = "json" if as_json else form.value
    if name == "text":
        told = mended + reports.text(report, color=output is None and sys.stdout.isatty())
    elif name == "junit":
        told = reports.junit(report, fail_on=limit)
    else:
        told = reports.FORMATS[name](report)
    if mended and name != "text":
        typer.echo(mended, err=True)
    if output:
        from dipdata.project import atomic

        with atomic(output) as file:
            file.write(told.encode("utf-8", "replace"))
        typer.echo(f"{what}: {report.count('error')} errors, {report.count('warning')} warnings; see {output}")
    else:
        sys.stdout.buffer.write(told.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    if reports.fails(found, limit):
        raise typer.Exit(1)


def _version() -> str:
    import importlib.metadata

    return importlib.metadata.version("dipdata")


def _read_baseline(path: Path) -> dict[str, int]:
    import json

    try:
        values = json.loads(path.read_bytes())
        return {str(key): int(times) for key, times in values["problems"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotRunError(f"{path}: cannot be read as a baseline ({error}). Make one with --write-baseline {path}.") from error


def _write_baseline(path: Path, values: dict[str, int]) -> None:
    import json

    from dipdata.project import atomic

    with atomic(path) as file:
        file.write(json.dumps({"problems": values}, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
