"""Records -> rows of the configs, as the `tables` schema names them. Pure: no I/O."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dipdata.records import Annotation, Article, Corpus, Gold, Statement, text_sha256, to_dict
from dipdata.release import modes

Row = dict[str, Any]
# The values of each label that is voted on, in class-code order.
Labels = Mapping[str, Sequence[str]]
# Between the fragments of a content that the cue or the source cuts.
SEPARATOR = " … "
VOTED = ("validity", "sentiment", "act", "stance")

# The end of a sentence: its mark, closing quotation marks, and no small letter after. A full stop after an initial or another short
# word with a capital (`M.`, `Dr.`, `U.S.`) ends none: two sentences taken for one do no harm here.
SENTENCE_END = re.compile(
    r"(?:[!?…؟。！？]|[.](?<!\b[^\W\d_a-zа-я][.])(?<!\b[A-ZÀ-Þ][a-z][.])(?<![.]\w[.]))"
    r"[!?…«»”“’‘\"')\]]*(?:[ \u00a0\u202f]»(?!\w))?\s+(?![a-zß-ÿа-я]|»(?!\w))"
)


def rows(corpus: Corpus, labels: Labels, mode: str = "full") -> dict[str, list[Row]]:
    """Return the rows of each config, in order of article, place in the text, and annotator.

    `labels` gives the values of `VOTED`; `mode` what texts the rows keep (see `modes`). A record whose article or statement is not in
    the corpus is left out; `validate` reports it.
    """
    articles = {article.id: article for article in corpus.articles}
    gold = {record.statement_id: record for record in corpus.gold}
    ordered = sorted((s for s in corpus.statements if s.article_id in articles), key=lambda s: (s.article_id, s.content[0].start, s.id))
    rank = {s.id: n for n, s in enumerate(ordered)}
    known = sorted((a for a in corpus.annotations if a.statement_id in rank), key=lambda a: (rank[a.statement_id], a.annotator))
    votes: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in known:
        if annotation.status == "submitted":
            votes[annotation.statement_id].append(annotation)
    found = {
        "statements": [statement_row(articles[s.article_id], s, gold.get(s.id), votes.get(s.id, ()), labels) for s in ordered],
        "annotations": [to_dict(annotation) for annotation in known],
        "articles": [to_dict(articles[key]) for key in sorted(articles)],
    }
    modes.withhold(found, mode)
    texts = {row["id"]: row["text"] for row in found["articles"]}
    return {"default": [row for s in found["statements"] for row in default_rows(s, texts[s["article_id"]])], **found}


def statement_row(article: Article, statement: Statement, gold: Gold | None, votes: Sequence[Annotation], labels: Labels) -> Row:
    """Return the row of the `statements` config; `votes` are the statement's submitted annotations."""
    spans = statement.content + statement.source + statement.cue
    start, end = sentences(article.text, min(span.start for span in spans), max(span.end for span in spans))
    text = article.text[start:end]
    stances: dict[tuple[int, int], list[str | None]] = defaultdict(list)
    for annotation in votes:
        for target in annotation.targets:
            stances[target.start, target.end].append(target.stance)
    return to_dict(statement) | {
        "outlet": article.outlet,
        "date": article.date,
        "text": text,
        "text_start": start,
        "text_end": end,
        "text_sha256": text_sha256(text),
        "validity": gold.validity if gold else None,
        "validity_votes": _count((a.validity for a in votes), labels["validity"]),
        "sentiment": gold.sentiment if gold else None,
        "sentiment_votes": _count((a.sentiment for a in votes), labels["sentiment"]),
        "act": gold.act if gold else None,
        "act_votes": _count((a.act for a in votes), labels["act"]),
        "stances": [
            to_dict(target) | {"votes": _count(stances.get((target.start, target.end), ()), labels["stance"])} for target in gold.targets
        ]
        if gold
        else [],
        "annotators": len(votes),
    }


def default_rows(statement: Row, article: str | None) -> Iterator[Row]:
    """Yield one row for each target of a row of `statements`, or one with target None; none for what is adjudicated as not a
    statement. `article` is the text of its article, None where the release has none.
    """
    if statement["validity"] == "not_a_statement":
        return
    speakers = statement["speakers"]
    row = {
        "statement_id": statement["id"],
        "article_id": statement["article_id"],
        "outlet": statement["outlet"],
        "date": statement["date"],
        "lang": statement["lang"],
        "text": statement["text"],
        "content": content_text(statement["content"]),
        "context": None if article is None else context(article, statement["text_start"], statement["text_end"]),
        "speaker": "; ".join(speaker["name"] for speaker in speakers) or None,
        "country": speakers[0]["country"] if speakers else None,
        "form": statement["form"],
        "target": None,
        "stance": None,
        "sentiment": statement["sentiment"],
        "act": statement["act"],
        "annotators": statement["annotators"],
    }
    adjudicated = statement["validity"] is not None
    targets = (
        [(t["surface"], t["stance"]) for t in statement["stances"]] if adjudicated else [(t["surface"], None) for t in statement["targets"]]
    )
    for target, stance in targets or [(None, None)]:
        yield row | {"target": target, "stance": stance}


def content_text(spans: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the content's fragments, joined by ` … ` where the cue or the source cuts them; None where a surface is withheld."""
    surfaces = [span["surface"] for span in spans]
    return None if None in surfaces else SEPARATOR.join(surfaces)


def sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences that hold `[start, end)` begin and end, in code points, without the space around them.

    A paragraph ends a sentence. Where no end is found the paragraph's is taken, so that the stretch always holds what was asked for.
    """
    first, last = _paragraphs(text, start, end)
    cuts = _cuts(text, first, last)
    before, after = bisect_right(cuts, start), bisect_left(cuts, end)
    first, last = cuts[before - 1] if before else first, cuts[after] if after < len(cuts) else last
    found = text[first:last]
    return first + len(found) - len(found.lstrip()), first + len(found.rstrip())


@functools.lru_cache(maxsize=64)  # statements of a paragraph come together
def _cuts(text: str, first: int, last: int) -> list[int]:
    return [match.end() for match in SENTENCE_END.finditer(text, first, last)]


def context(text: str, start: int, end: int) -> str:
    """Return the paragraphs of `text` that hold `[start, end)`."""
    first, last = _paragraphs(text, start, end)
    return text[first:last].strip()


def _paragraphs(text: str, start: int, end: int) -> tuple[int, int]:
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, last if last >= 0 else len(text)


def _count(values: Iterable[str | None], names: Sequence[str]) -> list[int]:
    counts = [0] * len(names)
    for value in values:
        if value is not None:
            counts[names.index(value)] += 1
    return counts
