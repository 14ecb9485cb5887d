"""Reading a release: its tables row by row, and its records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import tables
from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
SLICE = 4096  # rows in memory: as objects they take ten times what they take in a table


def read(folder: Path, manifest: Mapping[str, Any], config: str) -> Iterator[tuple[str, Row]]:
    """Yield split and row of a config, file by file in the order of the manifest, class codes as names.

    Raises CannotRunError where a table cannot be read.
    """
    for entry in manifest["files"]:
        if entry["config"] == config:
            yield from ((entry["split"], row) for row in read_file(folder / entry["path"]))


def read_some(folder: Path, manifest: Mapping[str, Any], config: str, ids: Collection[str], names: Sequence[str]) -> Iterator[Row]:
    """Yield of the rows of a config with these ids the columns `names`, `id` among them; the other rows cost next to nothing.

    Raises CannotRunError where a table cannot be read.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    wanted = pa.array(sorted(ids), pa.string())
    for entry in manifest["files"]:
        if ids and entry["config"] == config:
            for table in _groups(folder / entry["path"], names):
                with readable(folder / entry["path"]):
                    rows = list(tables.from_table(table.filter(pc.is_in(table["id"], value_set=wanted))))
                yield from rows


def read_columns(
    folder: Path, manifest: Mapping[str, Any], config: str, names: Sequence[str], without: Collection[str] = ()
) -> Iterator[tuple[str, pa.RecordBatch]]:
    """Yield split and rows of each table of a config, of the columns `names` alone and without those parts of their records.

    Raises CannotRunError where a table cannot be read or lacks a column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    for entry in manifest["files"]:
        if entry["config"] == config:
            path = folder / entry["path"]
            with readable(path), pq.ParquetFile(path) as file:
                leaves = [file.schema.column(n).path.split(".") for n in range(len(file.schema))]
                if missing := sorted(set(names) - {leaf[0] for leaf in leaves}):
                    raise KeyError(f"no column {missing[0]}")
                wanted = [".".join(leaf) for leaf in leaves if leaf[0] in names and not set(without).intersection(leaf[1:])]
                found = file.read(wanted)
                batch = pa.RecordBatch.from_arrays([found[name].combine_chunks() for name in names], names=list(names))
                batch = batch.replace_schema_metadata(found.schema.metadata)
            yield entry["split"], batch


def column_names(folder: Path, manifest: Mapping[str, Any], config: str) -> list[str]:
    """Return the names of a config's columns, none where it has no table. Raises CannotRunError where one cannot be read."""
    import pyarrow.parquet as pq

    for entry in manifest["files"]:
        if entry["config"] == config:
            path = folder / entry["path"]
            with readable(path), pq.ParquetFile(path) as file:
                return list(file.schema_arrow.names)
    return []


def read_file(path: Path) -> Iterator[Row]:
    """Yield the rows of one table of a release, some thousand at a time. Raises CannotRunError where it cannot be read."""
    for group in row_groups(path):
        for rows in group:
            yield from rows


def row_groups(path: Path) -> Iterator[Iterator[list[Row]]]:
    """Yield the rows of each row group of a table, in slices. Raises CannotRunError where it cannot be read."""
    for table in _groups(path):
        yield _slices(path, table)


def _slices(path: Path, table: pa.Table) -> Iterator[list[Row]]:
    for start in range(0, table.num_rows, SLICE):
        with readable(path):
            rows = list(tables.from_table(table.slice(start, SLICE)))
        yield rows


def _groups(path: Path, names: Sequence[str] | None = None) -> Iterator[pa.Table]:
    import pyarrow.parquet as pq

    with readable(path), pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, names)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what a broken table at `path` raises into CannotRunError."""
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError) as error:
        raise CannotRunError(f"{path}: cannot be read ({str(error).splitlines()[0]}). Restore the release, or export it again.") from error
