"""Rows of one config say what the rows that they were made from say: votes those of the annotations, `default` what `statements` has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import tables
from dipdata.checks import parquet
from dipdata.checks.agreement import region
from dipdata.checks.catalogue import error
from dipdata.checks.texts import keys_of
from dipdata.columns import NONE, Spans, code, codes, differ, spans
from dipdata.problems import Problem
from dipdata.release.rows import SAME, VOTED, default_columns
from dipdata.schemas import CONFIGS, Contract

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[Any]

AGAIN = "Export the release again."
VOTES = error("release.row-votes", "A row of `statements` counts other votes than the annotations give.", AGAIN)
ROWS = error("release.row-labels", "The rows of `default` are not those that `statements` gives, in labels, words or order.", AGAIN)

Entries = Sequence[Mapping[str, Any]]
Paths = Sequence[Path]
Keys = Callable[[Path, str], "Numbers"]
MADE = ("content", "speaker", "country", "target", "stance")


def check(folder: Path, entries: Entries, contract: Contract) -> Iterator[Problem]:
    """Yield the rows of a release that do not say what they were made from; `entries` are those of its tables, all of them sound.

    It stops where a table cannot be read after all, which is reported where its records are read.
    """
    import pyarrow as pa

    try:
        yield from _check(folder, entries, contract)
    except (OSError, pa.ArrowException):
        return


def _check(folder: Path, entries: Entries, contract: Contract) -> Iterator[Problem]:
    paths: dict[str, dict[str, list[Path]]] = {config: {} for config in CONFIGS}
    for entry in sorted(entries, key=lambda entry: str(entry["path"])):
        paths[entry["config"]].setdefault(entry["split"], []).append(folder / entry["path"])
    keys = functools.cache(lambda path, column: keys_of(_read(path, [column])[column].combine_chunks()))
    for split in paths["statements"] | paths["default"]:
        statements, answers = paths["statements"].get(split, []), paths["annotations"].get(split, [])
        yield from _votes("annotators", None, 1, statements, answers, keys, folder)
        for label in VOTED:
            column = "stances" if label == "stance" else f"{label}_votes"
            yield from _votes(column, label, len(contract.values(label)), statements, answers, keys, folder)
        yield from _rows(split, statements, paths["default"].get(split, []))


def _votes(
    column: str, label: str | None, classes: int, statements: Paths, annotations: Paths, keys: Keys, folder: Path
) -> Iterator[Problem]:
    """Yield the statements of a split whose votes on a label are not those of the submitted annotations; None counts these."""
    import numpy as np

    given = [_answers(path, label, keys(path, "statement_id")) for path in annotations]
    units = np.concatenate([np.zeros(0, np.uint64), *(units for units, _ in given)])
    answers = np.concatenate([np.zeros(0, np.int8), *(answered for _, answered in given)])
    order = np.argsort(units)
    units = units[order]
    # How many answers of each class stand before a place.
    before = np.zeros((classes, len(units) + 1), dtype=np.int32)
    np.cumsum(answers[order] == np.arange(classes)[:, None], axis=1, out=before[:, 1:])
    for path in statements:
        rows, asked, told = _told(path, column, label, classes, keys(path, "id"))
        first, last = (np.searchsorted(units, asked, side) for side in ("left", "right"))
        wrong = (told != (before[:, last] - before[:, first]).T).any(axis=1)
        file = path.relative_to(folder).as_posix()
        for who in _read(path, ["id"])["id"].take(np.unique(rows[wrong])).to_pylist():
            yield VOTES.at(who, "counts other votes than the annotations give", pointer=f"/{column}", file=file)


def _answers(path: Path, label: str | None, statements: Numbers) -> tuple[Numbers, Numbers]:
    """Return units and class codes of the submitted answers on a label."""
    import numpy as np

    table = _read(path, ["status", *([] if label is None else ["targets" if label == "stance" else label])])
    submitted = codes(_array(table, "status")) == code(tables.described(table.schema)["status"], "submitted")
    if label is None:
        return statements[submitted], np.zeros(int(submitted.sum()), np.int8)
    if label == "stance":
        targets = spans(_array(table, "targets"))
        given, units = codes(targets.items.field("stance")), _regions(targets, statements)
        submitted = submitted[targets.rows]
    else:
        given, units = codes(_array(table, label)), statements
    return units[submitted & (given != NONE)], given[submitted & (given != NONE)]


def _told(path: Path, column: str, label: str | None, classes: int, statements: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the row, the unit and the votes by class of each unit that the statements of a file count votes on."""
    import numpy as np

    array = _array(_read(path, [column]), column)
    if label is None:
        return np.arange(len(array)), statements, array.fill_null(-1).to_numpy()[:, None]
    if label == "stance":
        targets = spans(array)
        return targets.rows, _regions(targets, statements), _matrix(targets.items.field("votes"), classes)
    return np.arange(len(array)), statements, _matrix(array, classes)


def _regions(targets: Spans, statements: Numbers) -> Numbers:
    of = statements[targets.rows]
    found: Numbers = region(of, targets.starts.astype(of.dtype), targets.ends.astype(of.dtype))
    return found


def _matrix(lists: pa.ListArray, size: int) -> Numbers:
    """Return lists of numbers as the rows of a matrix, -1 throughout where a list has another size."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    fit = pc.fill_null(pc.equal(pc.list_value_length(lists), size), False).to_numpy(zero_copy_only=False)
    found = np.full((len(lists), size), -1)
    found[fit] = lists.filter(pa.array(fit)).flatten().fill_null(-1).to_numpy().reshape(-1, size)
    return found


def _rows(split: str, statements: Paths, made: Paths) -> Iterator[Problem]:
    """Yield the rows of `default` that are not what the rows of `statements` give, in the same order."""
    import numpy as np

    rows = _Rows(made, [*SAME, *MADE])
    for batch in _batches(statements, ["id", *SAME[1:], "validity", "content", "speakers", "targets", "stances"]):
        wanted, _ = default_columns(batch)
        if not len(wanted["statement_id"]):
            continue
        found = rows.take(len(wanted["statement_id"]))
        if found is None or differ(wanted["statement_id"], found["statement_id"]).any():
            yield ROWS.at(f"default/{split}", "lacks rows that `statements` gives, or has others in between")
            return
        wrong = {column: differ(wanted[column], found[column]) for column in (*SAME, *MADE)}
        for row in np.flatnonzero(np.any(list(wrong.values()), axis=0)).tolist():
            names = ", ".join(column for column, differs in wrong.items() if differs[row])
            who = found["statement_id"][row].as_py()
            yield ROWS.at(who, f"has in `default` another {names} than in `statements`", pointer=f"/{names.split(', ')[0]}")
    if rows.take(1) is not None:
        yield ROWS.at(f"default/{split}", "has more rows than `statements` gives")


class _Rows:
    """The rows of Parquet files one after the other, as many at a time as are asked for."""

    def __init__(self, paths: Paths, columns: Sequence[str]) -> None:
        self._batches = _batches(paths, columns)
        self._left: list[pa.RecordBatch] = []

    def take(self, size: int) -> dict[str, pa.Array] | None:
        """Return the next rows by column, None where there are not so many."""
        import pyarrow as pa

        while sum(batch.num_rows for batch in self._left) < size:
            batch = next(self._batches, None)
            if batch is None:
                return None
            self._left.append(batch)
        table = pa.Table.from_batches(self._left)
        self._left = table.slice(size).to_batches()
        return {name: _array(table.slice(0, size), name) for name in table.column_names}


def _batches(paths: Paths, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in paths:
        for group in range(parquet.groups(path)):
            for batch, _ in parquet.batches(path, columns, group):
                yield batch


def _read(path: Path, names: Sequence[str]) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.read_table(path, columns=list(names))


def _array(table: pa.Table, name: str) -> pa.Array:
    import pyarrow as pa

    found = table[name].combine_chunks()
    return pa.concat_arrays(found.chunks) if isinstance(found, pa.ChunkedArray) else found
