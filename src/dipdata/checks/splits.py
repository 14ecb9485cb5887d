"""Splits: nothing of the test split can be learnt from the training split, and each split is like the whole."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata.checks import lines
from dipdata.checks.catalogue import error, warning
from dipdata.checks.texts import UNKNOWN, Texts, key_of
from dipdata.duplicates import links
from dipdata.floors import Floors
from dipdata.problems import Problem

if TYPE_CHECKING:
    import pyarrow as pa

TWICE = error("splits.article-leak", "An article, or a record of it, is in two splits.", "Export the release again.")
STRAY = error("splits.record-stray", "A record is in another split than its article.", "Export the release again.")
NEAR = error(
    "splits.near-duplicate",
    "Two articles that are nearly the same are in different splits.",
    "Export again: near-duplicates are kept in one split.",
)
WIRE = error(
    "splits.wire-copy",
    "Two articles that share a wire copy are in different splits.",
    "Export again: articles with a common source are kept in one split.",
)
FROZEN = error(
    "splits.frozen",
    "A line of annotations/splits.jsonl is not an article and its split, or gives an article another split than a line before.",
    "Restore the file from the last commit: it keeps articles in their splits.",
)
SHARE = warning(
    "splits.proportion",
    "A split's share of the articles is far from the share that [splits] gives it.",
    "Add articles, or export a new version with other shares.",
)
BALANCE = warning(
    "splits.label-balance",
    "The labels of a split are distributed unlike those of all.",
    "Add articles, or export a new version with another seed.",
)

Tables = Mapping[str, Mapping[str, "pa.Table"]]


def of_release(
    folder: Path, entries: Sequence[Mapping[str, Any]], texts: Texts, floors: Floors, shares: Mapping[str, float]
) -> Iterator[Problem]:
    """Yield the split problems of a release, from its tables that are sound and the articles that were read from them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "articles": ["id"],
        "statements": ["id", "article_id"],
        "annotations": ["id", "statement_id"],
        "default": ["article_id", "stance", "sentiment"],
    }
    tables: dict[str, dict[str, list[pa.Table]]] = {}
    for entry in entries:
        try:
            table = pq.read_table(folder / entry["path"], columns=columns[entry["config"]])
        except (OSError, pa.ArrowException):  # reported when its records were read
            continue
        tables.setdefault(entry["config"], {}).setdefault(entry["split"], []).append(table)
    joined = {config: {split: pa.concat_tables(parts) for split, parts in found.items()} for config, found in tables.items()}
    yield from check(joined, floors, shares)
    split_of = {}
    for split, table in joined.get("articles", {}).items():
        for name in table["id"].to_pylist():
            number = texts.index.get(key_of(name))
            if number is not None and number != UNKNOWN:
                split_of[number] = split
    yield from near_duplicates(texts, split_of, floors)


def check(tables: Tables, floors: Floors, shares: Mapping[str, float]) -> Iterator[Problem]:
    """Yield the problems of splits that ids and labels tell. `tables` holds key columns by config and split; see `of_release`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    of_article = {split: table["id"] for split, table in tables.get("articles", {}).items()}
    of_statement = {split: table["id"] for split, table in tables.get("statements", {}).items()}
    yield from _overlaps("article", of_article)
    yield from _overlaps("statement", of_statement)
    for config, column, homes in (
        ("statements", "article_id", of_article),
        ("default", "article_id", of_article),
        ("annotations", "statement_id", of_statement),
    ):
        for split, table in tables.get(config, {}).items():
            home = homes.get(split, pa.array([], pa.string()))
            for other, ids in homes.items():
                if other != split:
                    astray = pc.filter(table[column], pc.and_(pc.is_in(table[column], ids), pc.invert(pc.is_in(table[column], home))))
                    for name, times in Counter(astray.to_pylist()).items():
                        yield STRAY.at(name, f"{times} rows of {config}/{split} are of it, and it is in {other}")
    yield from _shares({split: len(ids) for split, ids in of_article.items()}, floors, shares)
    yield from _balance(tables.get("default", {}), floors)


def frozen(path: Path, name: str, known: Sequence[str]) -> Iterator[Problem]:
    """Yield what is wrong with the file of frozen splits; `known` are the splits that there are. A project may have no such file."""
    if not path.exists():
        return
    given: dict[str, str] = {}
    for number, _, value, problems in lines.read(path):
        for problem in problems:
            yield dataclasses.replace(problem, file=name, line=number)
        if value is lines.NOTHING:
            continue
        key, split = (value.get("article_id"), value.get("split")) if isinstance(value, dict) else (None, None)
        if not isinstance(key, str) or split not in known:
            message = f"gives the split {split!r}; there are {', '.join(known)}" if isinstance(key, str) else "names no article"
            yield FROZEN.at(str(key or "line"), message, file=name, line=number)
        elif given.setdefault(key, str(split)) != split:
            yield FROZEN.at(key, f"gives the split {split}, and a line before gives {given[key]}", file=name, line=number)


def near_duplicates(texts: Texts, split_of: Mapping[int, str], floors: Floors) -> Iterator[Problem]:
    """Yield the pairs of near-duplicate articles in different splits; `split_of` gives the split of each article by number."""
    numbers = sorted(split_of)
    sketches = [texts.sketches[number] for number in numbers]
    for link in links(_Lazy(texts, numbers), floors.near_duplicate, floors.wire_copy, sketches):
        a, b = numbers[link.a], numbers[link.b]
        if split_of[a] != split_of[b]:
            one, other = texts.number(a).id, texts.number(b).id
            if link.similarity >= floors.near_duplicate:
                yield NEAR.at(one, f"in {split_of[a]} is {link.similarity:.0%} the same as {other} in {split_of[b]}", pointer="/text")
            else:
                message = f"in {split_of[a]} shares {link.contained:.0%} of the shorter text with {other} in {split_of[b]}"
                yield WIRE.at(one, message, pointer="/text")


class _Lazy(Sequence[str]):
    """The texts of some articles as a sequence that does not hold them."""

    def __init__(self, texts: Texts, numbers: list[int]) -> None:
        self._texts, self._numbers = texts, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: Any) -> Any:
        return self._texts.text(self._numbers[index])


def _overlaps(kind: str, ids: Mapping[str, pa.ChunkedArray]) -> Iterator[Problem]:
    import pyarrow.compute as pc

    splits = list(ids)
    for n, a in enumerate(splits):
        for b in splits[n + 1 :]:
            for name in pc.unique(pc.filter(ids[a], pc.is_in(ids[a], ids[b]))).to_pylist():
                yield TWICE.at(name, f"the {kind} is in {a} and in {b}")


def _shares(counts: Mapping[str, int], floors: Floors, shares: Mapping[str, float]) -> Iterator[Problem]:
    total = sum(counts.values())
    for split, share in shares.items():
        got = counts.get(split, 0)
        # One article more or less is no drift: small datasets cannot be cut finer.
        if total and abs(got - share * total) > max(floors.split_drift * total, 1):
            yield SHARE.at(split, f"has {got} of {total} articles, {got / total:.0%} where {share:.0%} are wanted")


def _balance(tables: Mapping[str, pa.Table], floors: Floors) -> Iterator[Problem]:
    for label in ("stance", "sentiment"):
        counts = {split: Counter(code for code in table[label].to_pylist() if code is not None) for split, table in tables.items()}
        whole = sum(counts.values(), Counter())
        for split, found in counts.items():
            if found.total() < floors.label_rows:
                continue
            distance = sum(abs(found[code] / found.total() - whole[code] / whole.total()) for code in whole) / 2
            if distance > floors.label_drift:
                yield BALANCE.at(f"default/{split}", f"the {label} of {distance:.0%} of its rows would have to change to be like all")
