"""A release's articles in parts that fit into memory: shards of row groups, cut where the articles say, not by counting."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import orjson

from dipdata.duplicates import Sketch
from dipdata.jsonl import Jsonl
from dipdata.records import Annotation, Article, Corpus, Gold, Statement

T = TypeVar("T")

# Code points of article text in a part, which is read and made at once and takes some fifty times that in memory; in a row group, which
# waits for its parts as tables, some ten times that, and takes `datasets` 10 ms to load whatever its size; and in a shard.
PART = (1_000_000, 3_000_000)
GROUP = (9_000_000, 18_000_000)
SHARD = (30_000_000, 96_000_000)
# Between the two limits one article in so many begins a new part, row group or shard.
PART_ODDS, GROUP_ODDS, SHARD_ODDS = 64, 512, 512


class Part(Protocol):
    """The records of some articles. It must survive pickling where export runs in several processes."""

    def load(self) -> Jsonl:
        """Return the records."""


class Source(Protocol):
    """Where export takes its records from."""

    @property
    def articles(self) -> Sequence[Article]:
        """Every article."""

    @property
    def sketches(self) -> Mapping[str, Sketch | None]:
        """Sketches of articles by id, as `duplicates.sketch` makes them; of those that are missing one is made."""

    def labels(self) -> Mapping[str, Mapping[str, int]]:
        """Return, by article id, how many `statements` there are and how often each adjudicated label value occurs, as `stance=favor`."""

    def part(self, ids: Sequence[str]) -> Part:
        """Return the records of these articles, to be loaded where they are needed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Records in memory as a Part."""

    corpus: Corpus

    def load(self) -> Jsonl:
        """Return the records."""
        found = self.corpus.statements, self.corpus.annotations, self.corpus.gold
        return Jsonl(self.corpus.articles, *([orjson.dumps(record) for record in records] for records in found))


class Memory:
    """A corpus in memory as a Source. Records that belong to no article are left out; `validate` reports them."""

    def __init__(self, corpus: Corpus) -> None:
        self._articles = {article.id: article for article in corpus.articles}
        self.articles: Sequence[Article] = list(self._articles.values())
        self.sketches: Mapping[str, Sketch | None] = {}
        self._statements: dict[str, list[Statement]] = defaultdict(list)
        self._annotations: dict[str, list[Annotation]] = defaultdict(list)
        self._gold: dict[str, list[Gold]] = defaultdict(list)
        for statement in corpus.statements:
            self._statements[statement.article_id].append(statement)
        article_of = {statement.id: statement.article_id for statement in corpus.statements}
        for annotation in corpus.annotations:
            self._annotations[article_of.get(annotation.statement_id, "")].append(annotation)
        for gold in corpus.gold:
            self._gold[article_of.get(gold.statement_id, "")].append(gold)

    def labels(self) -> dict[str, Counter[str]]:
        """Return, by article id, how many statements there are and how often each adjudicated label value occurs."""
        found = {key: Counter(statements=len(statements)) for key, statements in self._statements.items()}
        for key, golds in self._gold.items():
            found.setdefault(key, Counter()).update(value for gold in golds for value in decided(gold))
        return found

    def part(self, ids: Sequence[str]) -> Loaded:
        """Return the records of these articles."""
        return Loaded(
            Corpus(
                [self._articles[key] for key in ids],
                [record for key in ids for record in self._statements.get(key, ())],
                [record for key in ids for record in self._annotations.get(key, ())],
                [record for key in ids for record in self._gold.get(key, ())],
            )
        )


def decided(gold: Gold) -> Iterator[str]:
    """Yield the label values that gold decides, as `stance=favor`."""
    if gold.sentiment is not None:
        yield f"sentiment={gold.sentiment}"
    yield from (f"stance={target.stance}" for target in gold.targets if target.stance is not None)


def shards(sizes: Iterable[tuple[str, int]]) -> Iterator[list[list[list[str]]]]:
    """Yield shards, each a list of row groups, each a list of parts, each a list of article ids, from ids in order with the length of
    their texts.

    Where one ends depends on the ids near the end alone, so that articles added elsewhere leave it as it was: a store that knows
    content-defined chunks then moves little.
    """
    articles = ((key, length, int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")) for key, length in sizes)
    groups = _gathered(_gathered(articles, PART, PART_ODDS), GROUP, GROUP_ODDS)
    yield from (shard for shard, _, _ in _gathered(groups, SHARD, SHARD_ODDS))


def _gathered(items: Iterable[tuple[T, int, int]], limits: tuple[int, int], odds: int) -> Iterator[tuple[list[T], int, int]]:
    """Yield items in lists, with the size of each list and the mark of its first item, from items with their own."""
    held: list[T] = []
    size = first = 0
    for item, length, mark in items:
        if held and (size >= limits[1] or (size >= limits[0] and mark % odds == 0)):
            yield held, size, first
            held, size = [], 0
        if not held:
            first = mark
        held.append(item)
        size += length
    if held:
        yield held, size, first
