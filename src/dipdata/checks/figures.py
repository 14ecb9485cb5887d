"""The figures of a release, counted anew from its tables, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from dipdata import tables
from dipdata.checks.agreement import Answers
from dipdata.records import Article
from dipdata.release.tally import NONE, Tally

if TYPE_CHECKING:
    import pyarrow as pa

COUNTED = {"default": ["stance"], "statements": ["form", "validity", "sentiment", "act"]}


def tally(folder: Path, entries: Iterable[Mapping[str, Any]], answers: Mapping[str, Answers]) -> Tally:
    """Return the counts of a release's tables; `answers` are those of its submitted annotations, counted when they were checked.

    Raises OSError or ArrowException where a table cannot be read. Bytes in memory, which differ from machine to machine, are left out.
    """
    found = Tally()
    for entry in entries:
        config, split = entry["config"], entry["split"]
        found.rows[config, split] += entry["rows"]
        for label in COUNTED.get(config, []):
            for value, times in _counts(folder / entry["path"], label).items():
                found.values[label, value or NONE, split] += times
        if config == "statements":
            found.languages.update(_counts(folder / entry["path"], "lang"))
            found.answers.update(_counts(folder / entry["path"], "annotators"))
        elif config == "annotations":
            _annotators(found, folder / entry["path"])
    for label, each in answers.items():
        found.units[label] = Counter(tuple(sorted(codes)) for codes in each.paired())
    return found


def articles(folder: Path, entries: Iterable[Mapping[str, Any]]) -> Sequence[Article]:
    """Return of each article what the card tells: language, outlet, licence and date."""
    made: list[Any] = []
    for entry in entries:
        if entry["config"] == "articles":
            columns = _read(folder / entry["path"], ["lang", "outlet", "licence", "date"])
            made += [SimpleNamespace(**row) for row in columns.to_pylist()]
    return cast("Sequence[Article]", made)


def _annotators(found: Tally, path: Path) -> None:
    import pyarrow.compute as pc

    table = _read(path, ["annotator", "status", "lead_time", "guideline", "updated"])
    statuses = tables.described(table.schema)["status"].names
    table = table.set_column(table.schema.get_field_index("annotator"), "annotator", _plain(table["annotator"]))
    for row in table.group_by(["annotator", "status"]).aggregate([([], "count_all")]).to_pylist():
        found.annotators[row["annotator"], statuses[row["status"]]] += row["count_all"]
    timed = table.filter(pc.and_(pc.is_valid(table["lead_time"]), pc.equal(table["status"], statuses.index("submitted"))))
    timed = timed.append_column("seconds", pc.round(timed["lead_time"], round_mode="half_to_even"))
    for row in timed.group_by(["annotator", "seconds"]).aggregate([([], "count_all")]).to_pylist():
        found.seconds[row["annotator"], int(row["seconds"])] += row["count_all"]
    found.guidelines.update(_value_counts(table["guideline"]))
    days = pc.min_max(_plain(table["updated"])).as_py()
    if days["min"] is not None:
        found.newest = max(found.newest, days["max"][:10])
        found.oldest = min(filter(None, (found.oldest, days["min"][:10])))


def _counts(path: Path, column: str) -> dict[Any, int]:
    """Return how often each value of a column occurs, class codes as names."""
    table = _read(path, [column])
    names = getattr(tables.described(table.schema)[column], "names", None)
    found = _value_counts(table[column])
    return {None if code is None else names[code]: times for code, times in found.items()} if names else found


def _value_counts(column: pa.ChunkedArray) -> dict[Any, int]:
    import pyarrow.compute as pc

    return {row["values"]: row["counts"] for row in pc.value_counts(_plain(column)).to_pylist()}


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column without dictionary encoding, whose dictionaries may differ from chunk to chunk."""
    import pyarrow as pa

    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _read(path: Path, columns: list[str]) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=columns)
