"""A corpus of any size for benchmarks: words drawn by Zipf's law, statements with nested spans, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from dipdata.records import (
    Annotation,
    Article,
    Gold,
    Speaker,
    StanceTarget,
    Statement,
    annotation_id,
    statement_id,
    text_sha256,
)
from dipdata.spans import cut

SOURCES = 20
PER_ARTICLE = 20
ANSWERS = (
    ("favor", "very_positive"),
    ("favor", "positive"),
    ("favor", "neutral"),
    ("against", "very_negative"),
    ("against", "negative"),
    ("neutral", "neutral"),
    ("none", "neutral"),
    ("none", "negative"),
)


def _words(rng: random.Random) -> tuple[list[str], list[float]]:
    syllables = ["ka", "ré", "mi", "lo", "ten", "sur", "van", "dé", "pol", "bri", "ja", "no", "ti", "eux", "ation", "ent"]
    words = list(dict.fromkeys("".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(30_000)))
    total, weights = 0.0, []
    for rank in range(1, len(words) + 1):
        total += 1 / rank
        weights.append(total)
    return words, weights


def articles(count: int, seed: int = 1, first: int = 0, step: int = 1) -> Iterator[tuple[Article, list[Statement]]]:
    """Yield `count` articles, numbered from `first` in steps, each with its statements; a step of `SOURCES` gives those of one source."""
    words, weights = _words(random.Random(seed))
    names = [" ".join(word.capitalize() for word in words[n * 3 : n * 3 + 2]) for n in range(2_000)]
    for number in range(first, first + count * step, step):
        rng = random.Random(f"{seed};{number}")
        yield _article(number, rng, words, weights, names)


def _article(number: int, rng: random.Random, words: list[str], weights: list[float], names: list[str]) -> tuple[Article, list[Statement]]:
    def prose(low: int, high: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(low, high)))

    parts, places = [prose(4, 9).capitalize() + "\n"], []
    at = len(parts[0])
    for n in range(PER_ARTICLE):
        speaker, target = rng.choice(names), rng.choice(names)
        opening = f"{speaker} a déclaré que "
        content = f"{prose(6, 16)} {target} {prose(4, 12)}"
        places.append((at, speaker, opening, content, target))
        paragraph = opening + content + ". " + (prose(3, 10).capitalize() + (".\n" if n % 3 == 2 else ". "))
        parts.append(paragraph)
        at += len(paragraph)
    text = "".join(parts).rstrip() + "\n"
    day = number // SOURCES
    source = f"wire-{number % SOURCES:02}"
    article = Article(
        f"{source}/{2000 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}-{number:07}",
        source,
        f"Wire {number % SOURCES}",
        ("fr", "en", "es", "de")[number % 4],
        text[: text.index("\n")],
        f"{2000 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}",
        f"https://wire.example/{number}",
        "CC-BY-4.0",
        f"raw/{source}/{number:07}.txt",
        "text",
        "utf-8 (declared)",
        text,
        text_sha256(text),
        (),
    )
    found = []
    for at, speaker, opening, content, target in places:
        start = at + len(opening)
        spans = cut(text, [(start, start + len(content))])
        goal = start + content.index(target)
        found.append(
            Statement(
                statement_id(article.sha256, [(start, start + len(content))]),
                article.id,
                article.sha256,
                article.lang,
                spans,
                cut(text, [(at, at + len(speaker))]),
                cut(text, [(at + len(speaker) + 1, at + len(speaker) + 10)]),
                "indirect",
                "speech",
                (Speaker(speaker, "person", rng.choice(("FR", "DE", "PL", None))),),
                ("Wire",) if rng.random() < 0.2 else (),
                (target,) if rng.random() < 0.1 else (),
                cut(text, [(goal, goal + len(target))]),
                rng.choice(("cue-clause", "inverted", "according-to")),
                rng.choice((0.6, 0.75, 0.9)),
            )
        )
    return article, found


def annotation(statement: Statement, annotator: str) -> Annotation:
    """Return an annotation of a statement."""
    rng = random.Random(f"{statement.id};{annotator}")
    minute = rng.randint(0, 59)
    stance, sentiment = rng.choice(ANSWERS)
    return Annotation(
        annotation_id(statement.id, annotator),
        statement.id,
        annotator,
        "submitted",
        "valid",
        sentiment,
        tuple(StanceTarget(t.start, t.end, t.surface, stance) for t in statement.targets),
        statement.content,
        statement.source,
        statement.cue,
        round(rng.uniform(4, 90), 1),
        "1.0.0",
        "1.0.0",
        f"2026-05-01T09:{minute:02}:00Z",
        f"2026-05-01T10:{minute:02}:00Z",
    )


def gold(statement: Statement, of: Annotation) -> Gold:
    """Return gold made from one annotation."""
    return Gold(statement.id, "valid", of.sentiment, of.targets, "rule:majority", (of.id,), "1.0.0")
