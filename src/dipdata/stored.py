"""A project's records as export takes them: read from its files part by part, so that memory does not grow with the dataset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from dipdata.annotations import lines
from dipdata.annotations.lines import Extract, Lines
from dipdata.duplicates import Sketch
from dipdata.jsonl import Jsonl
from dipdata.records import Annotation, Article, Gold, Statement
from dipdata.statements.frozen import keep


@dataclass(frozen=True, slots=True)
class Stored:
    """The records of some articles, still in their files."""

    articles: Sequence[Article]
    fresh: Sequence[Statement]
    statements: Extract | None
    annotations: Sequence[Extract | None]
    gold: Extract | None

    def load(self) -> Jsonl:
        """Return the records."""
        return Jsonl(
            self.articles,
            [*lines.normal(self.statements, Statement), *map(orjson.dumps, self.fresh)],
            [line for part in self.annotations for line in lines.normal(part, Annotation)],
            lines.normal(self.gold, Gold),
        )


class Records:
    """Articles in memory, statements that are not frozen, and the files of a folder of annotations: a Source for export.

    `fresh` gives the statements that were found anew: those that are frozen in the folder, or nearly the same, are left out. Whoever
    makes sketches of the articles can leave them in `sketches`.
    """

    def __init__(self, articles: Sequence[Article], folder: Path, fresh: Callable[[Lines], Iterable[Statement]]) -> None:
        self._articles = {article.id: article for article in articles}
        self.articles = list(self._articles.values())
        self._numbers = {key: number for number, key in enumerate(self._articles)}
        self._lines = Lines(folder, list(self._articles))
        self.sketches: Mapping[str, Sketch | None] = {}
        self._fresh = self._kept(fresh(self._lines))
        self._lines.answers((statement.id, number) for number, found in self._fresh.items() for statement in found)

    @property
    def fresh(self) -> list[Statement]:
        """The statements that are not frozen."""
        return [statement for found in self._fresh.values() for statement in found]

    def _kept(self, fresh: Iterable[Statement]) -> dict[int, list[Statement]]:
        import pyarrow as pa

        found: dict[int, list[Statement]] = defaultdict(list)
        made = list(fresh)
        frozen = self._lines.frozen(pa.array([statement.id for statement in made], pa.string()))
        for statement, known in zip(made, frozen.tolist(), strict=True):
            if not known:
                found[self._numbers.get(statement.article_id, lines.STRAY)].append(statement)
        for number, others in found.items():
            held = list(lines.read(lines.extract(self._lines.statements, [number]), Statement))
            found[number] = list(keep(held, others))[len(held) :]
        return found

    def labels(self) -> dict[str, Counter[str]]:
        """Return, by article id, how many statements there are and how often each adjudicated label value occurs."""
        found = {}
        for key, number in self._numbers.items():
            counts = Counter(self._lines.labels.get(number, {}))
            counts["statements"] += len(self._fresh.get(number, ()))
            found[key] = counts
        return found

    def part(self, ids: Sequence[str]) -> Stored:
        """Return the records of these articles, to be read where they are needed."""
        numbers = [self._numbers[key] for key in ids]
        found = self._lines
        return Stored(
            [self._articles[key] for key in ids],
            [statement for number in numbers for statement in self._fresh.get(number, ())],
            lines.extract(found.statements, numbers),
            [lines.extract(file, numbers) for file in found.annotations],
            lines.extract(found.gold, numbers),
        )
