"""dipdata evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish
from dipdata.cli.segment import Engine, EngineOption, ModelOption, Scope, check_engine
from dipdata.problems import Problems


def evaluate(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[GOLD]...", help="JSONL with id, lang, text and statements; else the project's annotated articles."),
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What to score, in the form of `segment --to jsonl`; else the engine is run.")
    ] = None,
    scope: Annotated[Scope, typer.Option(help="speech: what was communicated; all: thoughts too.")] = Scope.speech,
    engine: EngineOption = Engine.rules,
    model: ModelOption = None,
    lang: Annotated[str | None, typer.Option(help="Only documents in this language; also that of documents that name none.")] = None,
    errors: Annotated[int, typer.Option(min=0, help="How many errors to list with their sentences.")] = 20,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Score statements against gold: precision, recall and F1, by form, with the errors.

    Example: dipdata evaluate gold.jsonl
    """
    from dipdata import verbs
    from dipdata.statements.evaluation import listing, table

    check_engine(engine, model)
    problems = Problems()
    what = gold or verbs.load_project(project)
    found = verbs.evaluate(what, predictions=predictions, scope=scope.value, model=model, lang=lang, problems=problems)
    say = table(found.scores) + "\n\n" + listing(found.errors, errors)
    finish("evaluate", found.to_dict(), problems, as_json=as_json, say=say)
