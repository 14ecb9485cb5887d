"""Statements found in articles, how well they are found, and an engine trained to find them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import inputs
from dipdata.inputs import Progress, quiet
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Statement

if TYPE_CHECKING:
    from dipdata.statements.crf import Card
    from dipdata.statements.evaluation import Evaluation


def segment_project(
    project: Project, *, scope: str = "speech", model: Path | None = None, problems: Problems, progress: Progress = quiet
) -> int:
    """Write the statements of the project's articles to build/statements/; return how many.

    With a `model` that `train` wrote the sequence engine finds them, else the rules do.
    """
    from dipdata import tables

    articles = inputs.load_articles(project, problems)
    statements = list(
        inputs.segmented(project, articles, engine=inputs.find_engine(scope, model, problems), problems=problems, progress=progress)
    )
    features = project.contract.features("statements")
    fields = features.__class__({key: features[key] for key in Statement.__slots__})
    folder = project.build / "statements"
    source = {article.id: article.source for article in articles}
    by_source: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.article_id in source:
            by_source.setdefault(source[statement.article_id], []).append(statement)
        else:
            problems.add(
                "segment.article-missing",
                statement.id,
                f"is annotated, and its article {statement.article_id} is not there",
                "Restore the raw file, or remove the statement and its annotations.",
            )
    for name, part in sorted(by_source.items()):
        tables.write_records(folder / f"{name}.parquet", part, fields)
    for stale in set(folder.glob("*.parquet")) - {folder / f"{name}.parquet" for name in by_source}:
        stale.unlink()
    return sum(map(len, by_source.values()))


def segment_documents(
    what: Project | Sequence[Path], *, scope: str = "speech", model: Path | None = None, lang: str | None = None, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield documents with their statements in the bench form, for a project's articles or for files.

    A file is raw text or HTML, or JSONL with `id`, `lang` and `text` a line, whose text is taken as it is. `-` is such JSONL, or
    plain text, on standard input.
    """
    from dipdata.actors import enrich
    from dipdata.statements.benchform import to_bench

    engine = inputs.find_engine(scope, model, problems)
    articles = inputs.load_articles(what, problems) if isinstance(what, Project) else inputs.read_files(what, lang, problems)
    for article in articles:
        yield to_bench(article, enrich((article, statement) for statement in engine(article)))


def evaluate(
    what: Project | Sequence[Path],
    *,
    predictions: Path | None = None,
    scope: str = "speech",
    model: Path | None = None,
    lang: str | None = None,
    problems: Problems,
) -> Evaluation:
    """Return scores and errors against gold files in the bench form, or against the project's annotated articles.

    `predictions` is a file in the bench form; without it an engine is run on the texts of gold: that of `model`, else the rules. Only
    documents in `lang` count where that is given. Raises CannotRunError where a file cannot be read or compared, or there is no gold.
    """
    from dipdata.statements import segment
    from dipdata.statements.benchform import read_bench
    from dipdata.statements.evaluation import evaluate as run
    from dipdata.statements.evaluation import predict

    gold = [document for document in inputs.read_gold(what, problems) if lang is None or document.get("lang", lang) == lang]
    if not gold:
        raise CannotRunError("no gold to evaluate on. Name a file in the form of `dipdata segment --to jsonl`, or annotate and pull.")
    if predictions is not None:
        found = list(read_bench(inputs.read_lines(predictions), str(predictions)))
        known = {document["id"] for document in gold}
        if lang is not None:
            found = [document for document in found if document["id"] in known]
    elif model is not None:
        from dipdata.statements import crf

        found = list(predict(gold, crf.load(model).segment))
    else:
        found = list(predict(gold, lambda text, code: segment(text, code or lang, scope=scope)))
    return run(gold, found)


def train(
    what: Project | Sequence[Path],
    out: Path,
    *,
    lang: str,
    scope: str = "speech",
    licence: str = "not stated",
    measure: Sequence[Path] = (),
    problems: Problems,
) -> Card:
    """Train the sequence engine on gold files in the bench form, or on the project's annotated articles; write the model to `out`.

    F1 is measured on the files of `measure`, or on every tenth document, which then is not learnt from. Raises CannotRunError where
    a file cannot be read, or gold is too little to learn from.
    """
    from dipdata.statements import crf

    card, parameters = crf.train(
        inputs.read_gold(what, problems), lang, scope=scope, licence=licence, measure=inputs.read_gold(measure, problems)
    )
    crf.save(out, card, parameters)
    return card
