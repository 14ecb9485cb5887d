"""JSONL -> Arrow columns, for lines as dipdata writes them: some five times as fast as by way of objects.

Arrow's reader of JSON is quick and lenient: it takes no offence at keys that are missing or come twice. So a line is first held
against an expression, made from the record's own class, that only compact JSON with all keys in their order meets. A line that
does not meet it may still be a sound record; whoever reads it then does so on its own.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

import orjson

from dipdata import tables
from dipdata.records import Article, Record, from_dict, to_dict

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

# What orjson writes, in the forms that have no other spelling: no \u, and no number of more digits than a double is sure to keep.
STRING = r'"(?:[^"\\\x00-\x1f]|\\["\\bfnrt])*"'
INTEGER = r"(?:0|-?[1-9][0-9]{0,14})"
FLOAT = r"-?(?:0|[1-9][0-9]{0,6})\.(?:0|[0-9]{0,3}[1-9])"


@dataclass(frozen=True, slots=True)
class Jsonl:
    """Articles, and their statements, annotations and gold: each a line as dipdata writes it, without the line feed."""

    articles: Sequence[Article]
    statements: Sequence[bytes]
    annotations: Sequence[bytes]
    gold: Sequence[bytes]


def plain(lines: Sequence[bytes], kind: Any) -> npt.NDArray[np.bool_]:
    """Return True for each line, without its line feed, that is a record of `kind` byte for byte as dipdata writes it.

    That it is UTF-8 is left to Arrow, which refuses what is not.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    found: npt.NDArray[np.bool_] = pc.match_substring_regex(pa.array(lines, pa.binary()), _whole(kind)).to_numpy(zero_copy_only=False)
    return found


def normal(lines: Sequence[bytes], kind: type[Record]) -> list[bytes]:
    """Return lines, without their line feeds, as dipdata writes them; one that is no record of `kind` is left out."""
    found: list[bytes | None] = list(lines)
    for n, right in enumerate(plain(lines, kind).tolist()):
        if not right:
            try:
                found[n] = orjson.dumps(to_dict(from_dict(kind, orjson.loads(lines[n]))))
            except (TypeError, AttributeError, ValueError):  # orjson's errors are among them
                found[n] = None
    return [line for line in found if line is not None]


def batch(lines: Sequence[bytes], schema: pa.Schema) -> pa.RecordBatch:
    """Return the records of plain lines as one record batch of a stored schema, class names as codes.

    Raises ValueError, which ArrowInvalid is, where a value is not of its type, bytes are not UTF-8, or a class name is unknown.
    """
    import pyarrow as pa
    from pyarrow import json

    if not lines:
        return pa.RecordBatch.from_pylist([], schema=schema)
    features = tables.described(schema)
    named = pa.schema([field.with_type(tables.with_names(field.type, features[field.name])) for field in schema])
    content = b"\n".join(lines)
    table = json.read_json(
        pa.BufferReader(content),
        # One block, so that there is one chunk.
        read_options=json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=json.ParseOptions(explicit_schema=named, unexpected_field_behavior="error"),
    )
    columns = [column.combine_chunks() for column in table.columns]
    coded = [tables.coded(array, field.type, features[field.name]) for array, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(coded, schema=schema)


@functools.cache
def _whole(kind: Any) -> str:
    return rf"\A{_expression(kind)}\z"


def _expression(kind: Any) -> str:
    """Return the expression, of RE2, for the compact JSON of a record or of one of its values."""
    if get_origin(kind) is tuple:
        item = _expression(get_args(kind)[0])
        return rf"\[(?:{item}(?:,{item})*)?\]"
    if isinstance(kind, UnionType):
        return f"(?:{'|'.join('null' if arm is NoneType else _expression(arm) for arm in get_args(kind))})"
    simple = {str: STRING, int: INTEGER, float: FLOAT}
    if kind in simple:
        return simple[kind]
    hints = get_type_hints(kind)
    return r"\{" + ",".join(f'"{name}":{_expression(hints[name])}' for name in kind.__slots__) + r"\}"
