"""References: ids are unique, and what a record names is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dipdata.problems import Problem
from dipdata.records import Corpus


def check(corpus: Corpus) -> Iterator[Problem]:
    """Yield the reference problems of a corpus."""
    for kind, ids in (
        ("article", [article.id for article in corpus.articles]),
        ("statement", [statement.id for statement in corpus.statements]),
        ("annotation", [annotation.id for annotation in corpus.annotations]),
        ("gold record", [gold.statement_id for gold in corpus.gold]),
    ):
        for key, times in Counter(ids).items():
            if times > 1:
                yield Problem("references.duplicate-id", key, f"{times} {kind}s have this id", "Keep one of them.")
    articles = {article.id for article in corpus.articles}
    statements = {statement.id for statement in corpus.statements}
    annotations = {annotation.id: annotation for annotation in corpus.annotations}
    for statement in corpus.statements:
        if statement.article_id not in articles:
            yield Problem(
                "references.article-missing",
                statement.id,
                f"its article {statement.article_id} is not there",
                "Restore the raw file, or remove the statement and its annotations.",
                pointer="/article_id",
            )
    for annotation in corpus.annotations:
        if annotation.statement_id not in statements:
            yield Problem(
                "references.statement-missing",
                annotation.id,
                f"its statement {annotation.statement_id} is not there",
                "Restore annotations/statements.jsonl, or remove the annotation.",
                pointer="/statement_id",
            )
    for gold in corpus.gold:
        if gold.statement_id not in statements:
            yield Problem(
                "references.statement-missing",
                gold.statement_id,
                "gold of a statement that is not there",
                "Run `dipdata adjudicate`.",
                pointer="/statement_id",
            )
        for n, key in enumerate(gold.annotations):
            of = annotations.get(key)
            if of is None or of.statement_id != gold.statement_id:
                yield Problem(
                    "references.annotation-missing",
                    gold.statement_id,
                    f"gold rests on annotation {key}, which is {'not there' if of is None else 'of another statement'}",
                    "Run `dipdata adjudicate`.",
                    pointer=f"/annotations/{n}",
                )
