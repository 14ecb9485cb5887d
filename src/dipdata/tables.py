"""Rows <-> Arrow tables <-> Parquet files, with closed lists as class codes. Used for build/ and for releases alike."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from dipdata import columns
from dipdata.problems import CannotRunError
from dipdata.project import atomic
from dipdata.records import Record, from_dict, to_dict
from dipdata.schemas import storage

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa
    from datasets import Features

Row = dict[str, Any]

# Bytes of a column's pages before compression.
CHUNKS = {"min_chunk_size": 256 * 1024, "max_chunk_size": 1024 * 1024, "norm_level": 0}


def to_table(rows: Iterable[Row], schema: pa.Schema) -> pa.Table:
    """Return rows as one Arrow table of a stored schema, in a single chunk (Parquet bytes depend on chunking), class names as codes.

    Raises KeyError on a missing key and ValueError on a class name that the features of the schema do not have.
    """
    import pyarrow as pa

    rows, features = list(rows), described(schema)
    arrays = []
    for field in schema:
        array = pa.array([row[field.name] for row in rows], type=with_names(field.type, features[field.name]))
        arrays.append(coded(array, field.type, features[field.name]))
    return pa.Table.from_arrays(arrays, schema=schema)


def joined(made: list[pa.Table]) -> pa.Table:
    """Return tables of one schema, at least one, as one in a single chunk. The list is emptied on the way, and what the tables hold is
    given up column by column: two copies of a row group at once would be too much."""
    import pyarrow as pa

    schema = made[0].schema
    parts = [[chunk for table in made for chunk in table.column(n).chunks] for n in range(len(schema))]
    made.clear()
    arrays = []
    for chunks, field in zip(parts, schema, strict=True):
        arrays.append(columns.bare(pa.concat_arrays(chunks) if chunks else pa.array([], field.type)))
        chunks.clear()
    return pa.Table.from_arrays(arrays, schema=schema)


def with_names(kind: pa.DataType, feature: Any) -> pa.DataType:
    """Return a stored type with class names where it has codes; `feature` is as `described` has it."""
    import pyarrow as pa

    if hasattr(feature, "names"):
        return pa.string()
    if hasattr(feature, "feature"):
        return pa.list_(with_names(kind.value_type, feature.feature))
    if isinstance(feature, dict):
        return pa.struct([field.with_type(with_names(field.type, feature[field.name])) for field in kind.fields])
    return kind


def coded(array: pa.Array, kind: pa.DataType, feature: Any) -> pa.Array:
    """Return an array of a type `with_names` as the stored type `kind`, class codes for names, column by column: far quicker than row
    by row. Raises ValueError on a class name that `feature` does not have."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if hasattr(feature, "names"):
        codes = pc.index_in(array, value_set=pa.array(feature.names))
        if codes.null_count != array.null_count:
            strange = next(name for name in array.to_pylist() if name is not None and name not in feature.names)
            raise ValueError(f"{strange!r} is not one of {feature.names}")
        return codes.cast(kind)
    if array.type == kind:
        return array
    if hasattr(feature, "feature"):
        return pa.ListArray.from_arrays(array.offsets, coded(array.values, kind.value_type, feature.feature))
    parts = [coded(part, field.type, feature[field.name]) for part, field in zip(array.flatten(), kind.fields, strict=True)]
    return pa.StructArray.from_arrays(parts, fields=kind.fields)


def features_of(schema: pa.Schema) -> Features:
    """Return the features that the `huggingface` metadata of a stored schema gives.

    Not `Features.from_arrow_schema`, which drops class names where codes are int8. Raises KeyError, ValueError, TypeError or
    AttributeError where there is no such metadata.
    """
    from datasets import Features

    return Features.from_dict(_metadata(schema))


def described(schema: pa.Schema) -> dict[str, Any]:
    """Return of `features_of` what `columns` asks: the names of classes, and the parts of lists and records. Without `datasets`, whose
    import takes most of a second and a hundred megabytes."""
    found: dict[str, Any] = _light(_metadata(schema))
    return found


def _metadata(schema: pa.Schema) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
    return found


def from_table(table: pa.Table) -> Iterator[Row]:
    """Yield the rows of a table, class codes as names, by the `huggingface` metadata of its schema."""
    features = described(table.schema)
    for batch in table.to_batches(max_chunksize=1024):
        yield from columns.rows(batch, features)


def _light(feature: dict[str, Any]) -> Any:
    match feature.get("_type"):
        case "ClassLabel":
            return SimpleNamespace(names=feature["names"])
        case "List":
            return SimpleNamespace(feature=_light(feature["feature"]))
        case "Value":
            return None
        case _:
            return {name: _light(part) for name, part in feature.items()}


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
    write_table(path, to_table(map(to_dict, records), storage(features)))


def read_records(
    path: Path, kind: type[Record], *, unless: Callable[[pa.StringArray], npt.NDArray[np.bool_]] | None = None
) -> Iterator[Record]:
    """Yield the records of a Parquet file that `write_records` made, but for those that `unless` holds of, by their ids.

    Raises CannotRunError where it cannot be read.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # Not `pq.read_table`, which imports pandas.
        with pq.ParquetFile(path) as file:
            table = file.read()
        if unless is not None:
            table = table.filter(pa.array(~unless(table["id"].combine_chunks())))
        for row in from_table(table):
            yield from_dict(kind, row)
    except (OSError, pa.ArrowException, TypeError, KeyError) as error:
        raise CannotRunError(
            f"{path}: cannot be read as {kind.__name__.lower()} records ({error}). Delete build/ and make it again."
        ) from error
