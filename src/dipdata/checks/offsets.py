"""Offsets: every span lies in its article's text and reads there what its surface says; texts are as they were frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dipdata.problems import Problem
from dipdata.records import Article, Corpus, Span, StanceTarget, text_sha256
from dipdata.spans import mismatch

RESTORE = "Restore the text that the statement was made on, or make and label the statement anew."


def check(corpus: Corpus) -> Iterator[Problem]:
    """Yield the offset problems of a corpus. A statement without its article is left to the references family."""
    for article in corpus.articles:
        yield from _article(article)
    articles = {article.id: article for article in corpus.articles}
    texts: dict[str, str] = {}
    for statement in corpus.statements:
        of = articles.get(statement.article_id)
        if of is None:
            continue
        if statement.article_sha256 != of.sha256:
            yield Problem("offsets.text-changed", statement.id, f"the text of {of.id} has changed since the statement was made", RESTORE)
            continue
        texts[statement.id] = of.text
        for part in ("content", "source", "cue", "targets"):
            yield from _spans(statement.id, part, getattr(statement, part), of.text)
    for annotation in corpus.annotations:
        if (text := texts.get(annotation.statement_id)) is not None:
            for part in ("content", "source", "cue", "targets"):
                yield from _spans(annotation.id, part, getattr(annotation, part), text)
    for gold in corpus.gold:
        if (text := texts.get(gold.statement_id)) is not None:
            yield from _spans(gold.statement_id, "targets", gold.targets, text)


def _article(article: Article) -> Iterator[Problem]:
    if text_sha256(article.text) != article.sha256:
        yield Problem(
            "offsets.hash",
            article.id,
            "the text does not have the SHA-256 that is recorded",
            "Ingest the article again.",
            pointer="/sha256",
        )
    end = 0
    for n, zone in enumerate(article.zones):
        if not end <= zone.start < zone.end <= len(article.text):
            yield Problem(
                "offsets.zone",
                article.id,
                f"zone {zone.start}-{zone.end} is empty, overlaps or leaves the text",
                "Ingest the article again.",
                pointer=f"/zones/{n}",
            )
        end = max(end, zone.end)


def _spans(record: str, part: str, spans: Sequence[Span | StanceTarget], text: str) -> Iterator[Problem]:
    end = 0
    for n, span in enumerate(spans):
        wrong = mismatch(text, Span(span.start, span.end, span.surface))
        if wrong:
            yield Problem("offsets.surface-mismatch", record, wrong, RESTORE, pointer=f"/{part}/{n}")
        elif part != "targets" and span.start < end:
            yield Problem(
                "offsets.order",
                record,
                f"span {span.start}-{span.end} overlaps the one before it",
                "Sort the spans and keep them apart.",
                pointer=f"/{part}/{n}",
            )
        end = max(end, span.end)
