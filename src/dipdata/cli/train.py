"""dipdata train."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, status
from dipdata.cli.segment import Scope
from dipdata.problems import Problems


def train(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[GOLD]...", help="JSONL with id, lang, text and statements; else the project's annotated articles."),
    ] = None,
    *,
    lang: Annotated[str, typer.Option(help="The language to learn; documents in others are left out.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the model goes.")],
    measure: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Gold to measure F1 on; else every tenth document, not learnt from.")
    ] = None,
    scope: Annotated[Scope, typer.Option(help="What gold counts as a statement: speech, or all with thoughts.")] = Scope.speech,
    licence: Annotated[str | None, typer.Option(help="Licence of the gold, kept in the model; else the project's.")] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Train the sequence engine on corrected statements.

    Example: dipdata train gold.jsonl --lang fr --out fr.model
    """
    from dipdata import verbs

    problems = Problems()
    what = gold or verbs.load_project(project)
    licence = licence or ("not stated" if gold else verbs.load_project(project).licence)
    with status("training"):
        card = verbs.train(what, out, lang=lang, scope=scope.value, licence=licence, measure=measure or (), problems=problems)
    figures = ", ".join(f"{name} {value:.3f}" for name, value in card.f1.items())
    say = f"{out}: learnt from {card.documents} documents; F1 on {card.measured_on} others: {figures}"
    finish("train", {"model": str(out), **dataclasses.asdict(card)}, problems, as_json=as_json, say=say)
