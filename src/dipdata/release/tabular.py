"""Reading a release: its tables row by row, and its records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dipdata import tables
from dipdata.problems import CannotRunError

Row = dict[str, Any]


def read(folder: Path, manifest: Mapping[str, Any], config: str) -> Iterator[tuple[str, Row]]:
    """Yield split and row of a config, file by file in the order of the manifest, class codes as names.

    Raises CannotRunError where a table cannot be read.
    """
    for entry in manifest["files"]:
        if entry["config"] == config:
            yield from ((entry["split"], row) for row in read_file(folder / entry["path"]))


def read_file(path: Path) -> Iterator[Row]:
    """Yield the rows of one table of a release, a row group at a time. Raises CannotRunError where it cannot be read."""
    for group in row_groups(path):
        yield from group


def row_groups(path: Path) -> Iterator[list[Row]]:
    """Yield the rows of each row group of a table. Raises CannotRunError where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            for number in range(file.num_row_groups):
                yield list(tables.from_table(file.read_row_group(number)))
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError) as error:
        raise CannotRunError(f"{path}: cannot be read ({str(error).splitlines()[0]}). Restore the release, or export it again.") from error
