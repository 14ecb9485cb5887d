"""A small corpus written for the tests: invented statements, by offices and institutions only."""

import random

from dipdata.records import (
    Annotation,
    Article,
    Corpus,
    Gold,
    Speaker,
    StanceTarget,
    Statement,
    annotation_id,
    statement_id,
    text_sha256,
)
from dipdata.spans import cut

ANNOTATORS = ("p-00000000000a", "p-00000000000b")
TEXT = "Réunion sur l'eau\n\nLe ministère norvégien a déclaré que « l'accord avec la Suède {n} tient ».\n\n{rest}\n\nFin 😀."
WORDS = "le port du pont a vu un navire qui passe sous la pluie et le vent avant midi sans bruit vers une île où dort son phare"


def article(n: int = 0, **changes: object) -> Article:
    # The rest makes each article a text of its own: near-duplicates are kept in one split.
    text = TEXT.format(n=n, rest=" ".join(random.Random(n).choices(WORDS.split(), k=40)))
    values = {
        "id": f"wire/article-{n:02}",
        "source": "wire",
        "outlet": "The Test Wire",
        "lang": "fr",
        "title": "Réunion sur l'eau",
        "date": f"2026-03-{n % 28 + 1:02}",
        "url": f"https://wire.example/{n}",
        "licence": "CC-BY-4.0",
        "path": f"raw/wire/article-{n:02}.txt",
        "format": "text",
        "encoding": "utf-8 (assumed)",
        "text": text,
        "sha256": text_sha256(text),
        "zones": (),
    }
    return Article(**(values | changes))


def find(text: str, *surfaces: str) -> list[tuple[int, int]]:
    return [(text.index(surface), text.index(surface) + len(surface)) for surface in surfaces]


def statement(of: Article, **changes: object) -> Statement:
    start = of.text.index("«")
    content = [(start, of.text.index("»") + 1)]
    values = {
        "id": statement_id(of.sha256, content),
        "article_id": of.id,
        "article_sha256": of.sha256,
        "lang": of.lang,
        "content": cut(of.text, content),
        "source": cut(of.text, find(of.text, "Le ministère norvégien")),
        "cue": cut(of.text, find(of.text, "a déclaré")),
        "form": "direct",
        "scope": "speech",
        "speakers": (Speaker("ministère norvégien", "organisation", "NO"),),
        "chain": (),
        "addressees": (),
        "targets": cut(of.text, find(of.text, "la Suède")),
        "rule": "cue-clause",
        "confidence": 0.9,
    }
    return Statement(**(values | changes))


def annotation(of: Statement, annotator: str = ANNOTATORS[0], **changes: object) -> Annotation:
    values = {
        "id": annotation_id(of.id, annotator),
        "statement_id": of.id,
        "annotator": annotator,
        "status": "submitted",
        "validity": "valid",
        "sentiment": "positive",
        "targets": tuple(StanceTarget(t.start, t.end, t.surface, "favor") for t in of.targets),
        "content": of.content,
        "source": of.source,
        "cue": of.cue,
        "lead_time": 12.5,
        "guideline": "1.0.0",
        "scheme": "1.0.0",
        "created": "2026-05-01T09:00:00Z",
        "updated": "2026-05-01T09:01:00Z",
    }
    return Annotation(**(values | changes))


def corpus(size: int = 20) -> Corpus:
    """Return `size` articles with one statement each, two annotations each, and gold for all."""
    articles = [article(n) for n in range(size)]
    statements = [statement(of) for of in articles]
    annotations = [annotation(of, who) for of in statements for who in ANNOTATORS]
    gold = [
        Gold(
            s.id,
            "valid",
            "positive",
            annotations[2 * n].targets,
            "rule:majority",
            tuple(a.id for a in annotations[2 * n : 2 * n + 2]),
            "1.0.0",
        )
        for n, s in enumerate(statements)
    ]
    return Corpus(articles, statements, annotations, gold)
