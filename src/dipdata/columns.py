"""Arrow columns -> rows as plain dicts, class codes as names: column by column, some ten times as fast as `to_pylist` for nested spans."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def rows(batch: pa.RecordBatch, feature: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of a record batch; `feature` is the `datasets.Features` of its schema, or what has the same names and parts.

    Raises KeyError for a class code without a name and for a column that `feature` does not have.
    """
    names = batch.schema.names
    columns = [values(batch.column(n), feature[name]) for n, name in enumerate(names)]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def values(array: pa.Array, feature: Any) -> list[Any]:
    """Return the values of an Arrow array of that feature."""
    import pyarrow as pa

    kind = array.type
    if pa.types.is_dictionary(kind):
        words = values(array.dictionary, feature)
        return [None if code is None else words[code] for code in array.indices.to_pylist()]
    if pa.types.is_struct(kind):
        fields = [kind.field(n).name for n in range(kind.num_fields)]
        parts = [values(part, feature[name]) for part, name in zip(array.flatten(), fields, strict=True)]
        found = [dict(zip(fields, row, strict=True)) for row in zip(*parts, strict=True)]
        return _with_nulls(array, found)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        places = array.offsets.to_pylist()
        first = places[0]
        inner = values(array.values[first : places[-1]], feature.feature)
        return _with_nulls(array, [inner[start - first : end - first] for start, end in pairwise(places)])
    plain: list[Any] = array.to_pylist()
    names: Sequence[str] | None = getattr(feature, "names", None)
    if names is None:
        return plain
    if any(code is not None and not 0 <= code < len(names) for code in set(plain)):
        raise KeyError(f"a class code is outside 0-{len(names) - 1}")
    return [None if code is None else names[code] for code in plain]


def _with_nulls(array: pa.Array, found: list[Any]) -> list[Any]:
    if not array.null_count:
        return found
    return [None if null else value for null, value in zip(array.is_null().to_pylist(), found, strict=True)]
