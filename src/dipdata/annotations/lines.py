"""Where the records of annotations/ stand, by article: a large dataset is read article by article, never as a whole."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dipdata.annotations import store
from dipdata.records import Record, from_dict

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ARTICLE = re.compile(rb'"article_id":\s*"([^"\\]*)"')
STATEMENT = re.compile(rb'"id":\s*"s-([0-9a-f]{16})"')
OF_STATEMENT = re.compile(rb'"statement_id":\s*"s-([0-9a-f]{16})"')
LABEL = re.compile(rb'"(sentiment|stance)":\s*"([a-z_]+)"')
# The number of an article that is not there.
STRAY = -1


@dataclass(slots=True)
class File:
    """The lines of one file: where each begins, how long it is in bytes, and the number of its article, sorted by article."""

    path: Path
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    articles: npt.NDArray[np.int32]


class Lines:
    """An index of the lines of annotations/ by article, the articles numbered in the order of their ids.

    A record of an article that is not among them has the number `STRAY`. Records are not checked: a line that is none is left out,
    for the check of records to report. Call `answers` before reading annotations and gold.
    """

    def __init__(self, folder: Path, ids: Sequence[str]) -> None:
        self.folder = folder
        self.annotations: list[File] = []
        self.gold: File | None = None
        # By article: how many statements are frozen, and how often gold has each label value, as `stance=favor`.
        self.labels: dict[int, Counter[str]] = defaultdict(Counter)
        self.frozen: dict[int, int] = {}
        numbers = {key.encode(): number for number, key in enumerate(ids)}

        def frozen(line: bytes) -> int | None:
            article, statement = ARTICLE.search(line), STATEMENT.search(line)
            if article is None or statement is None:
                return None
            number = self.frozen[int(statement[1], 16)] = numbers.get(article[1], STRAY)
            self.labels[number]["statements"] += 1
            return number

        self.statements = _file(folder / store.STATEMENTS, frozen)

    def is_frozen(self, statement: str) -> bool:
        """Tell whether a statement with this id stands in the folder."""
        return int(statement.removeprefix("s-"), 16) in self.frozen

    def answers(self, known: Iterable[tuple[str, int]] = ()) -> None:
        """Find annotations and gold; `known` gives statements that are not in the folder, with the number of their article.

        To be called once: `is_frozen` cannot be asked afterwards.
        """
        others = {int(key.removeprefix("s-"), 16): number for key, number in known}

        def answered(line: bytes) -> int | None:
            statement = OF_STATEMENT.search(line)
            if statement is None:
                return None
            key = int(statement[1], 16)
            number = self.frozen.get(key)
            return others.get(key, STRAY) if number is None else number

        def decided(line: bytes) -> int | None:
            number = answered(line)
            if number is not None:
                self.labels[number].update(f"{key.decode()}={value.decode()}" for key, value in LABEL.findall(line))
            return number

        found = (_file(path, answered) for path in sorted(self.folder.glob(store.ANNOTATORS)))
        self.annotations = [file for file in found if file is not None]
        self.gold = _file(self.folder / store.GOLD, decided)
        self.frozen.clear()  # some 150 bytes a statement, of no more use


def _file(path: Path, article: Callable[[bytes], int | None]) -> File | None:
    """Return the index of a file, None where there is none; `article` gives the number of a line's article."""
    import numpy as np

    if not path.is_file():
        return None
    starts, lengths, articles = array("q"), array("i"), array("i")
    at = 0
    with path.open("rb") as lines:
        for line in lines:
            number = article(line)
            if number is not None:
                starts.append(at)
                lengths.append(len(line))
                articles.append(number)
            at += len(line)
    of = np.frombuffer(articles, dtype=np.int32) if articles else np.empty(0, dtype=np.int32)
    order = np.argsort(of, kind="stable")
    return File(
        path,
        np.frombuffer(starts, dtype=np.int64)[order] if starts else np.empty(0, dtype=np.int64),
        np.frombuffer(lengths, dtype=np.int32)[order] if lengths else np.empty(0, dtype=np.int32),
        of[order],
    )


@dataclass(frozen=True, slots=True)
class Extract:
    """Some lines of one file."""

    path: Path
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]


def extract(file: File | None, articles: Iterable[int]) -> Extract | None:
    """Return the lines of these articles, in the order of the file."""
    import numpy as np

    if file is None:
        return None
    # Of the type that is searched: numpy would convert the whole index for each call otherwise.
    numbers = np.unique(np.fromiter(articles, dtype=file.articles.dtype))
    ends = zip(np.searchsorted(file.articles, numbers, "left"), np.searchsorted(file.articles, numbers, "right"), strict=True)
    held = np.concatenate([np.empty(0, dtype=np.int64), *(np.arange(low, high) for low, high in ends)])
    order = held[np.argsort(file.starts[held])]
    return Extract(file.path, file.starts[order], file.lengths[order])


def read(found: Extract | None, kind: type[Record]) -> Iterator[Record]:
    """Yield the records of `kind` that stand in these lines; one that is none is left out."""
    import orjson

    if found is None:
        return
    with found.path.open("rb") as file:
        for start, length in zip(found.starts.tolist(), found.lengths.tolist(), strict=True):
            file.seek(start)
            try:
                yield from_dict(kind, orjson.loads(file.read(length)))
            except (orjson.JSONDecodeError, TypeError, AttributeError, ValueError):
                continue
