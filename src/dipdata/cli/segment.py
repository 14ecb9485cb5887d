"""dipdata segment."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, emit, finish, progress, show
from dipdata.problems import Problems


class Scope(StrEnum):
    """What counts as a statement."""

    speech = "speech"
    all = "all"


class Engine(StrEnum):
    """What finds statements."""

    rules = "rules"
    crf = "crf"


EngineOption = Annotated[Engine, typer.Option(help="rules: no model; crf: what `dipdata train` learnt, with --model.")]
ModelOption = Annotated[Path | None, typer.Option(metavar="FILE", help="The model of --engine crf.")]


def check_engine(engine: Engine, model: Path | None) -> None:
    """Refuse a model without its engine, and the engine without a model."""
    if (engine is Engine.crf) != (model is not None):
        raise typer.BadParameter("--engine crf and --model FILE go together; `dipdata train` makes a model.", param_hint="--engine")


class Format(StrEnum):
    """Where statements go."""

    parquet = "parquet"
    jsonl = "jsonl"


def segment(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[PATH]...", help="Raw files, JSONL with id, lang and text, or `-`; else the project's articles."),
    ] = None,
    to: Annotated[
        Format | None, typer.Option(help="parquet: build/statements; jsonl: stdout, one document a line (the form for PATH).")
    ] = None,
    scope: Annotated[Scope, typer.Option(help="speech: what was communicated; all: thoughts too.")] = Scope.speech,
    engine: EngineOption = Engine.rules,
    model: ModelOption = None,
    lang: Annotated[str | None, typer.Option(help="Language of the files; else declared or identified.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Find the statements of articles: content, source and cue.

    Example: dipdata segment page.txt --to jsonl
    """
    from dipdata import verbs

    check_engine(engine, model)
    problems = Problems()
    if paths or to is Format.jsonl:
        if paths and to is Format.parquet:
            raise typer.BadParameter(
                "files go to stdout as jsonl; put them under raw/ and run ingest to have them in build/.", param_hint="--to"
            )
        what = paths or verbs.load_project(project)
        for document in verbs.segment_documents(what, scope=scope.value, model=model, lang=lang, problems=problems):
            emit(document)
        show(problems)
        raise typer.Exit(1 if problems.errors else 0)
    with progress("segment") as bar:
        count = verbs.segment_project(verbs.load_project(project), scope=scope.value, model=model, problems=problems, progress=bar)
    finish("segment", {"statements": count}, problems, as_json=as_json, say=f"{count} statements in build/statements")
