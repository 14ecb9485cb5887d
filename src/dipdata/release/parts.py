"""A release's articles in parts that fit into memory: shards of row groups, cut where the articles say, not by counting."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import orjson

from dipdata.duplicates import Sketch
from dipdata.jsonl import Jsonl
from dipdata.records import Annotation, Article, Corpus, Gold, Statement

# Code points of article text in a row group and in a shard. `datasets` takes some 7 ms to load a row group whatever its size; its
# tables take about ten times the text in memory.
GROUP = (6_000_000, 12_000_000)
SHARD = (24_000_000, 96_000_000)
# Between the two limits one article in so many begins a new row group, and one in so many a shard.
GROUP_ODDS, SHARD_ODDS = 256, 1024


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


def shards(sizes: Iterable[tuple[str, int]]) -> Iterator[list[list[str]]]:
    """Yield shards, each a list of row groups, each a list of article ids, from ids in order with the length of their texts.

    Where a group or shard ends depends on the ids near the end alone, so that articles added elsewhere leave it as it was: a store
    that knows content-defined chunks then moves little.
    """
    shard: list[list[str]] = []
    in_shard = 0
    for group, size, mark in _groups(sizes):
        if shard and _ends(in_shard, SHARD, mark, SHARD_ODDS):
            yield shard
            shard, in_shard = [], 0
        shard.append(group)
        in_shard += size
    if shard:
        yield shard


def _groups(sizes: Iterable[tuple[str, int]]) -> Iterator[tuple[list[str], int, int]]:
    """Yield row groups with their size and the mark of their first article."""
    group: list[str] = []
    size = first = 0
    for key, length in sizes:
        mark = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big")
        if group and _ends(size, GROUP, mark, GROUP_ODDS):
            yield group, size, first
            group, size = [], 0
        if not group:
            first = mark
        group.append(key)
        size += length
    if group:
        yield group, size, first


def _ends(size: int, limits: tuple[int, int], mark: int, odds: int) -> bool:
    return size >= limits[1] or (size >= limits[0] and mark % odds == 0)
