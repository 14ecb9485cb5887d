"""The rows of a release made one by one: what the columns of `release.rows` must come to."""

from collections import defaultdict

from dipdata.records import text_sha256, to_dict
from dipdata.release import modes
from dipdata.release.rows import SEPARATOR, context, sentences


def rows(corpus, labels, mode="full"):
    """Return the rows of each config, in order of article, place in the text, and annotator.

    `labels` gives the values of `VOTED`; `mode` what texts the rows keep (see `modes`). A record whose article or statement is not in
    the corpus is left out; `validate` reports it.
    """
    articles = {article.id: article for article in corpus.articles}
    gold = {record.statement_id: record for record in corpus.gold}
    ordered = sorted((s for s in corpus.statements if s.article_id in articles), key=lambda s: (s.article_id, s.content[0].start, s.id))
    rank = {s.id: n for n, s in enumerate(ordered)}
    known = sorted((a for a in corpus.annotations if a.statement_id in rank), key=lambda a: (rank[a.statement_id], a.annotator))
    votes = defaultdict(list)
    for annotation in known:
        if annotation.status == "submitted":
            votes[annotation.statement_id].append(annotation)
    found = {
        "statements": [statement_row(articles[s.article_id], s, gold.get(s.id), votes.get(s.id, ()), labels) for s in ordered],
        "annotations": [to_dict(annotation) for annotation in known],
        "articles": [to_dict(articles[key]) for key in sorted(articles)],
    }
    withhold(found, mode)
    texts = {row["id"]: row["text"] for row in found["articles"]}
    return {"default": [row for s in found["statements"] for row in default_rows(s, texts[s["article_id"]])], **found}


def statement_row(article, statement, gold, votes, labels):
    """Return the row of the `statements` config; `votes` are the statement's submitted annotations."""
    spans = statement.content + statement.source + statement.cue
    start, end = sentences(article.text, min(span.start for span in spans), max(span.end for span in spans))
    text = article.text[start:end]
    stances = defaultdict(list)
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


def default_rows(statement, article):
    """Yield one row for each target of a row of `statements`, or one with target None; none for what is adjudicated as not a
    statement. `article` is the text of its article, None where the release has none.
    """
    if statement["validity"] == "not_a_statement":
        return
    speakers = statement["speakers"]
    countries = {speaker["country"] for speaker in speakers}
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
        "country": countries.pop() if len(countries) == 1 else None,
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


def content_text(spans):
    """Return the content's fragments, joined by ` … ` where the cue or the source cuts them; None where a surface is withheld."""
    surfaces = [span["surface"] for span in spans]
    return None if None in surfaces else SEPARATOR.join(surfaces)


def withhold(rows, mode):
    """Blank, in place, what `mode` withholds in rows of `statements`, `annotations` and `articles`."""
    if mode == "full":
        return
    kept = {}
    for row in rows["statements"]:
        if mode == "quotes":
            kept[row["id"]] = row["text_start"], row["text_end"]
        else:
            row["text"] = None
        _blank(row, "statements", kept.get(row["id"], (0, 0)))
    for row in rows["annotations"]:
        _blank(row, "annotations", kept.get(row["statement_id"], (0, 0)))
    for row in rows["articles"]:
        row["text"] = None


def _blank(row, config, kept):
    for span in modes.spans(row, config):
        if not kept[0] <= span["start"] < span["end"] <= kept[1]:
            span["surface"] = None


def _count(values, names):
    counts = [0] * len(names)
    for value in values:
        if value is not None:
            counts[names.index(value)] += 1
    return counts
