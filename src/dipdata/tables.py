"""Rows <-> Arrow tables <-> Parquet files, with closed lists as class codes. Used for build/ and for releases alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata.problems import CannotRunError
from dipdata.project import atomic
from dipdata.records import Record, from_dict, to_dict

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

Row = dict[str, Any]
Convert = Callable[[Any], Any]


def to_table(rows: Iterable[Row], features: Features) -> pa.Table:
    """Return rows as one Arrow table in a single chunk (Parquet bytes depend on chunking), class names as codes.

    Raises KeyError on a missing key and ValueError on a class name that `features` does not have.
    """
    import pyarrow as pa

    convert = _converter(features, encode=True)
    return pa.Table.from_pylist([convert(row) for row in rows], schema=features.arrow_schema).combine_chunks()


def features_of(schema: pa.Schema) -> Features:
    """Return the features that the `huggingface` metadata of a stored schema gives.

    Not `Features.from_arrow_schema`, which drops class names where codes are int8. Raises KeyError, ValueError, TypeError or
    AttributeError where there is no such metadata.
    """
    from datasets import Features

    return Features.from_dict(json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"])


def from_table(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of a table, class codes as names, by the `huggingface` metadata of its schema."""
    convert = _converter(features_of(table.schema), encode=False)
    for batch in table.to_batches(max_chunksize=1024):
        for row in batch.to_pylist():
            yield convert(row)


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as Parquet: zstd level 3, content-defined chunks, page index and checksums; atomically, the same bytes each time."""
    import pyarrow.parquet as pq

    with atomic(path) as file:
        pq.write_table(
            table,
            file,
            compression="zstd",
            compression_level=3,
            use_content_defined_chunking=True,
            write_page_index=True,
            write_page_checksum=True,
        )


def write_records(path: Path, records: Iterable[Record], features: Features) -> None:
    """Write records as a Parquet table of these features."""
    write_table(path, to_table(map(to_dict, records), features))


def read_records(path: Path, kind: type[Record]) -> Iterator[Record]:
    """Yield the records of a Parquet file that `write_records` made. Raises CannotRunError where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        for row in from_table(table):
            yield from_dict(kind, row)
    except (OSError, pa.ArrowException, TypeError, KeyError) as error:
        raise CannotRunError(
            f"{path}: cannot be read as {kind.__name__.lower()} records ({error}). Delete build/ and make it again."
        ) from error


def _converter(feature: Any, *, encode: bool) -> Convert:
    from datasets import ClassLabel, List

    if isinstance(feature, ClassLabel):
        names = feature.names
        if encode:
            codes = {name: code for code, name in enumerate(names)} | {None: None}
            return lambda value: _code(codes, value)
        return lambda value: None if value is None else names[value]
    if isinstance(feature, dict):
        parts = {key: _converter(part, encode=encode) for key, part in feature.items()}
        return lambda row: {key: convert(row[key]) for key, convert in parts.items()}
    if isinstance(feature, List):
        item = _converter(feature.feature, encode=encode)
        return lambda values: [item(value) for value in values]
    return lambda value: value


def _code(codes: dict[Any, int | None], value: Any) -> int | None:
    try:
        return codes[value]
    except KeyError:
        raise ValueError(f"{value!r} is not one of {[name for name in codes if name is not None]}") from None
