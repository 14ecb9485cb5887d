"""Rows <-> Arrow tables <-> Parquet files, with closed lists as class codes. Used for build/ and for releases alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import columns
from dipdata.problems import CannotRunError
from dipdata.project import atomic
from dipdata.records import Record, from_dict, to_dict
from dipdata.schemas import storage

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

Row = dict[str, Any]
Convert = Callable[[Any], Any]

# Bytes of a column's pages before compression.
CHUNKS = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}


def to_table(rows: Iterable[Row], features: Features) -> pa.Table:
    """Return rows as one Arrow table in a single chunk (Parquet bytes depend on chunking), class names as codes.

    Raises KeyError on a missing key and ValueError on a class name that `features` does not have.
    """
    import pyarrow as pa

    encode = _encoder(features)
    return pa.Table.from_pylist([encode(row) for row in rows], schema=storage(features)).combine_chunks()


def features_of(schema: pa.Schema) -> Features:
    """Return the features that the `huggingface` metadata of a stored schema gives.

    Not `Features.from_arrow_schema`, which drops class names where codes are int8. Raises KeyError, ValueError, TypeError or
    AttributeError where there is no such metadata.
    """
    from datasets import Features

    return Features.from_dict(json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"])


def from_table(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of a table, class codes as names, by the `huggingface` metadata of its schema."""
    features = features_of(table.schema)
    for batch in table.to_batches(max_chunksize=1024):
        yield from columns.rows(batch, features)


@contextmanager
def writing(path: Path, schema: pa.Schema) -> Iterator[Callable[[pa.Table], None]]:
    """Give a function that appends a table as one row group of a new Parquet file; the file is there when the block ends well.

    zstd level 3, content-defined chunks (so that a store which knows them moves only what changed), page index and checksums. The
    same row groups give the same bytes.
    """
    import pyarrow.parquet as pq

    with (
        atomic(path) as file,
        pq.ParquetWriter(
            file,
            schema,
            compression="zstd",
            compression_level=3,
            use_content_defined_chunking=CHUNKS,
            write_page_index=True,
            write_page_checksum=True,
        ) as writer,
    ):
        # As `datasets` marks its own files.
        writer.add_key_value_metadata({"content_defined_chunking": json.dumps(CHUNKS)})
        yield lambda table: writer.write_table(table.combine_chunks(), row_group_size=max(1, table.num_rows))


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as a Parquet file of one row group; see `writing`."""
    with writing(path, table.schema) as append:
        append(table)


def write_records(path: Path, records: Iterable[Record], features: Features) -> None:
    """Write records as a Parquet table of these features."""
    write_table(path, to_table(map(to_dict, records), features))


def read_records(path: Path, kind: type[Record], *, unless: Callable[[str], bool] | None = None) -> Iterator[Record]:
    """Yield the records of a Parquet file that `write_records` made, but for those whose id `unless` holds of.

    Raises CannotRunError where it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        if unless is not None:
            table = table.filter(pa.array([not unless(key) for key in table["id"].to_pylist()], pa.bool_()))
        for row in from_table(table):
            yield from_dict(kind, row)
    except (OSError, pa.ArrowException, TypeError, KeyError) as error:
        raise CannotRunError(
            f"{path}: cannot be read as {kind.__name__.lower()} records ({error}). Delete build/ and make it again."
        ) from error


def _encoder(feature: Any) -> Convert:
    """Return what turns class names into codes in a value of `feature`; `_as_is` where there are none in it."""
    from datasets import ClassLabel, List

    if isinstance(feature, ClassLabel):
        codes = {name: code for code, name in enumerate(feature.names)} | {None: None}
        return lambda value: _code(codes, value)
    if isinstance(feature, dict):
        parts = {key: encode for key, part in feature.items() if (encode := _encoder(part)) is not _as_is}
        return (lambda row: row | {key: encode(row[key]) for key, encode in parts.items()}) if parts else _as_is
    if isinstance(feature, List):
        item = _encoder(feature.feature)
        return _as_is if item is _as_is else lambda values: [item(value) for value in values]
    return _as_is


def _as_is(value: Any) -> Any:
    return value


def _code(codes: dict[Any, int | None], value: Any) -> int | None:
    try:
        return codes[value]
    except KeyError:
        raise ValueError(f"{value!r} is not one of {[name for name in codes if name is not None]}") from None
