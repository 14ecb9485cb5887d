"""Records -> rows of the configs, as the `tables` schema names them. Pure: no I/O."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from dipdata.records import Article, Corpus, Gold, Statement, to_dict

Row = dict[str, Any]


def rows(corpus: Corpus) -> dict[str, Iterator[tuple[str, Row]]]:
    """Return for each config its rows, each with the id of the article that decides its split, in order of article and text.

    A record whose article or statement is not in the corpus is left out; `validate` reports it.
    """
    articles = {article.id: article for article in corpus.articles}
    gold = {record.statement_id: record for record in corpus.gold}
    ordered = sorted((s for s in corpus.statements if s.article_id in articles), key=lambda s: (s.article_id, s.content[0].start, s.id))
    article_of = {s.id: s.article_id for s in ordered}
    known = sorted(
        (a for a in corpus.annotations if a.statement_id in article_of),
        key=lambda a: (article_of[a.statement_id], a.statement_id, a.annotator),
    )
    answered = Counter(a.statement_id for a in known if a.status == "submitted")
    return {
        "default": (
            (s.article_id, row) for s in ordered for row in default_rows(articles[s.article_id], s, gold.get(s.id), answered[s.id])
        ),
        "statements": ((s.article_id, statement_row(articles[s.article_id], s, gold.get(s.id), answered[s.id])) for s in ordered),
        "annotations": ((article_of[a.statement_id], to_dict(a)) for a in known),
        "articles": ((key, to_dict(articles[key])) for key in sorted(articles)),
    }


def default_rows(article: Article, statement: Statement, gold: Gold | None, annotators: int) -> Iterator[Row]:
    """Yield one row for each target of a statement, or one with target None; none for what is adjudicated as not a statement."""
    if gold and gold.validity == "not_a_statement":
        return
    row = {
        "statement_id": statement.id,
        "article_id": article.id,
        "outlet": article.outlet,
        "date": article.date,
        "lang": article.lang,
        "text": content_text(statement),
        "context": context(article.text, statement),
        "speaker": "; ".join(speaker.name for speaker in statement.speakers) or None,
        "country": statement.speakers[0].country if statement.speakers else None,
        "form": statement.form,
        "target": None,
        "stance": None,
        "sentiment": gold.sentiment if gold else None,
        "annotators": annotators,
    }
    targets = [(t.surface, t.stance) for t in gold.targets] if gold else [(t.surface, None) for t in statement.targets]
    for target, stance in targets or [(None, None)]:
        yield row | {"target": target, "stance": stance}


def statement_row(article: Article, statement: Statement, gold: Gold | None, annotators: int) -> Row:
    """Return the row of the `statements` config."""
    return to_dict(statement) | {
        "outlet": article.outlet,
        "date": article.date,
        "text": content_text(statement),
        "validity": gold.validity if gold else None,
        "sentiment": gold.sentiment if gold else None,
        "stances": [to_dict(target) for target in gold.targets] if gold else [],
        "annotators": annotators,
    }


def content_text(statement: Statement) -> str:
    """Return the content's fragments, joined by ` … ` where the cue or the source cuts them."""
    return " … ".join(span.surface for span in statement.content)


def context(text: str, statement: Statement) -> str:
    """Return the paragraphs of `text` from the statement's first span to its last."""
    spans = statement.content + statement.source + statement.cue
    start = text.rfind("\n", 0, min(span.start for span in spans)) + 1
    end = text.find("\n", max(span.end for span in spans))
    return text[start : end if end >= 0 else len(text)].strip()
