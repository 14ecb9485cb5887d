"""Parquet files read row group by row group, with the checksum of each page proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import tables

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 4000  # in a batch: enough that a call of Arrow costs little a row, and few in memory


def groups(path: Path) -> int:
    """Return the number of row groups of a file; 1 where it cannot be read, so that reading it says why."""
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_row_groups)
    except (OSError, ValueError):  # ArrowInvalid is a ValueError
        return 1


def batches(path: Path, columns: Sequence[str], group: int) -> Iterator[tuple[pa.RecordBatch, Any]]:
    """Yield the record batches of a row group, with these columns alone, and what `tables.described` tells of its features.

    Raises OSError or ArrowException where the file cannot be read.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, memory_map=True, page_checksum_verification=True) as file:
        features = tables.described(file.schema_arrow)
        for batch in file.iter_batches(ROWS, row_groups=[group], columns=list(columns), use_threads=False):
            yield batch, features
