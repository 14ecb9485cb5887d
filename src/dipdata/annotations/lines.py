"""Where the records of annotations/ stand, by article: a large dataset is read article by article, never as a whole."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from dipdata import jsonl
from dipdata.annotations import store
from dipdata.columns import hexadecimal
from dipdata.records import Record, from_dict

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[Any]

# How a line begins that dipdata wrote, and the keys that are looked for elsewhere in others.
STATEMENT = r'\A\{"id":"s-(?P<key>[0-9a-f]{16})","article_id":"(?P<article>[^"\\]*)"'
ANSWER = r'\A\{(?:"id":"a-[0-9a-f]{16}",)?"statement_id":"s-(?P<key>[0-9a-f]{16})"'
KEYS = {
    STATEMENT: (re.compile(rb'"id":\s*("s-[0-9a-f]{16}")'), re.compile(rb'"article_id":\s*("[^"\\]*")')),
    ANSWER: (re.compile(rb'"statement_id":\s*("s-[0-9a-f]{16}")'),),
}
OPENINGS = {STATEMENT: b'{"id":%b,"article_id":%b', ANSWER: b'{"statement_id":%b'}
LABEL = re.compile(rb'"(sentiment|stance)":\s*"([a-z_]+)"')
IDENTIFIER = r"\As-[0-9a-f]{16}\z"
# The number of an article that is not there.
STRAY = -1
BLOCK = 8 * 2**20  # bytes of a file that a thread has in memory
THREADS = 2
S = TypeVar("S")


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
        import numpy as np

        self.folder = folder
        self.annotations: list[File] = []
        self.gold: File | None = None
        # By article: how many statements are frozen, and how often gold has each label value, as `stance=favor`.
        self.labels: dict[int, Counter[str]] = defaultdict(Counter)
        numbers = {key.encode(): number for number, key in enumerate(ids)}

        def articles(block: Block) -> tuple[Numbers, Numbers]:
            names = block.found.field("article").dictionary_encode()
            known = np.array([numbers.get(name, STRAY) for name in names.dictionary.to_pylist()], dtype=np.int32)
            return known[names.indices.to_numpy()], block.keys

        self.statements, found = _file(folder / store.STATEMENTS, STATEMENT, articles)
        keys = np.concatenate([np.empty(0, dtype=np.uint64), *(keys for _, keys in found)])
        of = np.concatenate([np.empty(0, dtype=np.int32), *(of for of, _ in found)])
        for number, times in Counter(of.tolist()).items():
            self.labels[number]["statements"] = times
        # Statements by key, sorted, and the article of each.
        self._keys, self._articles = _sorted(keys, of)

    def frozen(self, ids: pa.StringArray) -> npt.NDArray[np.bool_]:
        """Return True for each statement, by its id, that stands in the folder."""
        import numpy as np
        import pyarrow.compute as pc

        found: npt.NDArray[np.bool_] = pc.match_substring_regex(ids, IDENTIFIER).to_numpy(zero_copy_only=False)
        found[found] = np.isin(hexadecimal(pc.utf8_slice_codeunits(ids.filter(found), 2)), self._keys)
        return found

    def answers(self, known: Iterable[tuple[str, int]] = ()) -> None:
        """Find annotations and gold; `known` gives statements that are not in the folder, with the number of their article.

        To be called once: `frozen` cannot be asked afterwards.
        """
        import numpy as np

        others = {int(key.removeprefix("s-"), 16): number for key, number in known}
        # Of a statement that is in both the folder comes first.
        keys = np.concatenate((self._keys, np.fromiter(others, dtype=np.uint64)))
        keys, articles = _sorted(keys, np.concatenate((self._articles, np.fromiter(others.values(), dtype=np.int32))))

        def answered(block: Block) -> tuple[Numbers, None]:
            return _looked_up(block.keys, keys, articles), None

        def decided(block: Block) -> tuple[Numbers, Counter[tuple[int, str]]]:
            of = _looked_up(block.keys, keys, articles)
            places, values = block.labels()
            return of, Counter(zip(of[places].tolist(), values, strict=True))

        for path in sorted(self.folder.glob(store.ANNOTATORS)):
            file, _ = _file(path, ANSWER, answered)
            if file is not None:
                self.annotations.append(file)
        self.gold, found = _file(self.folder / store.GOLD, ANSWER, decided)
        for _, counts in found:
            for (number, value), times in counts.items():
                self.labels[number][value] += times
        self._keys, self._articles = self._keys[:0], self._articles[:0]


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of a file that name a statement: `starts` and `lengths` in its bytes, what was found in each, and its statement's key."""

    content: bytes
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    found: pa.StructArray
    keys: npt.NDArray[np.uint64]

    def labels(self) -> tuple[Numbers, list[str]]:
        """Return the label values in these lines, as `stance=favor`, and the line of each by its place."""
        import numpy as np

        names: dict[bytes, str] = {}
        at, values = [], []
        for match in LABEL.finditer(self.content):
            at.append(match.start())
            value = names.get(match[0])
            values.append(value or names.setdefault(match[0], f"{match[1].decode()}={match[2].decode()}"))
        places = np.searchsorted(self.starts, at, side="right") - 1
        within = (places >= 0) & (at < (self.starts + self.lengths)[places]) if at else np.empty(0, dtype=bool)
        return places[within], [value for value, kept in zip(values, within.tolist(), strict=True) if kept]


def _file(path: Path, opening: str, see: Callable[[Block], tuple[Numbers, S]]) -> tuple[File | None, list[tuple[Numbers, S]]]:
    """Return the index of a file, None where there is none, and what `see` gives of each block: the number of the article of each line,
    and whatever else."""
    import numpy as np

    if not path.is_file():
        return None, []

    def look(start: int) -> tuple[Numbers, Numbers, tuple[Numbers, S]]:
        at, content = _piece(path, start)
        block = _block(content, opening)
        return block.starts + at, block.lengths, see(block)

    # numpy and Arrow, which do the work, leave the interpreter to other threads.
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(look, range(0, path.stat().st_size, BLOCK)))
    starts = np.concatenate([np.empty(0, dtype=np.int64), *(starts for starts, _, _ in found)])
    lengths = np.concatenate([np.empty(0, dtype=np.int32), *(lengths for _, lengths, _ in found)])
    of = np.concatenate([np.empty(0, dtype=np.int32), *(of for _, _, (of, _) in found)])
    order = np.argsort(of, kind="stable")
    return File(path, starts[order], lengths[order], of[order]), [seen for _, _, seen in found]


def _piece(path: Path, start: int) -> tuple[int, bytes]:
    """Return the lines of a file that begin in the block at `start`, and where the first does."""
    with path.open("rb") as file:
        if start:
            # A line that began before is left to the block before.
            file.seek(start - 1)
            file.readline()
        at = file.tell()
        content = file.read(max(0, start + BLOCK - at))
        return at, content + file.readline() if content and not content.endswith(b"\n") else content


def _looked_up(names: Numbers, keys: Numbers, articles: Numbers) -> Numbers:
    """Return the article of each statement by its key, of sorted ones, else `STRAY`."""
    import numpy as np

    if not len(keys):
        return np.full(len(names), STRAY, dtype=np.int32)
    at = np.minimum(np.searchsorted(keys, names), len(keys) - 1)
    return np.where(keys[at] == names, articles[at], np.int32(STRAY))


def _block(content: bytes, opening: str) -> Block:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n")) + 1
    if content and not content.endswith(b"\n"):
        ends = np.append(ends, len(content))
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    lines = pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(content)])
    found = pc.extract_regex(lines, opening)
    if found.null_count:
        found = pc.extract_regex(pa.array([_opening(line, opening) for line in lines.to_pylist()], pa.binary()), opening)
    named = found.is_valid()
    found = found.filter(named)
    kept = named.to_numpy(zero_copy_only=False)
    return Block(content, offsets[:-1][kept].astype(np.int64), np.diff(offsets)[kept], found, hexadecimal(found.field("key")))


def _opening(line: bytes, opening: str) -> bytes:
    """Return how a line would begin if dipdata had written it, b"" where it does not name what it is found by."""
    keys = [key.search(line) for key in KEYS[opening]]
    return b"" if None in keys else OPENINGS[opening] % tuple(key[1] for key in keys if key)


def _sorted(keys: Numbers, articles: Numbers) -> tuple[Numbers, Numbers]:
    import numpy as np

    order = np.argsort(keys, kind="stable")
    return keys[order], articles[order]


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

    for line in normal(found, kind):
        yield from_dict(kind, orjson.loads(line))


def normal(found: Extract | None, kind: type[Record]) -> list[bytes]:
    """Return these lines as dipdata writes records of `kind`, without their line feeds; one that is no record is left out."""
    if found is None:
        return []
    with found.path.open("rb") as file:
        number = file.fileno()
        places = zip(found.starts.tolist(), found.lengths.tolist(), strict=True)
        return jsonl.normal([os.pread(number, length, start).rstrip(b"\r\n") for start, length in places], kind)
