"""Which rows of an Arrow record batch may break a JSON Schema: told column by column, in place of building each record to validate it.

A sieve errs on one side alone. A row that it lets through is valid; one that it holds back must be looked at, as must every row where
the schema has a keyword that it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]

NOTES = {"$schema", "$id", "$defs", "title", "description", "format"}  # keywords that `Contract` does not let judge
# How schema/ says "and no line feed at the end", which Python's `$` forgets; that of RE2, Arrow's engine, needs no such words.
NO_LINE_FEED = "(?!\n)$"
KINDS: dict[str, dict[str, tuple[str, ...]]] = {
    "string": {"string": ("pattern", "minLength", "maxLength")},
    "integer": {"integer": ("minimum", "maximum")},
    "number": {"integer": ("minimum", "maximum"), "floating": ("minimum", "maximum")},
    "array": {"list": ("items", "minItems", "maxItems", "uniqueItems")},
    "object": {"struct": ("properties", "required", "unevaluatedProperties", "additionalProperties")},
}


class Sieve:
    """A sieve for the record batches of one kind. `schema` has no references (see `Contract.whole`), `feature` is the
    `datasets.Features` of the batches, `absent` names properties that may be null whatever the schema says, and `secret` is an
    expression of RE2 for what no string may hold but the `quoted` properties.
    """

    def __init__(self, schema: Mapping[str, Any], feature: Any, *, absent: frozenset[str], secret: str, quoted: frozenset[str]) -> None:
        self._schema, self._feature = schema, feature
        self._absent, self._secret, self._quoted = absent, secret, quoted

    def held(self, batch: pa.RecordBatch) -> Mask:
        """Return True for each row that must be looked at. Raises ArrowInvalid where the batch is broken, as by bytes that are not
        UTF-8."""
        batch.validate(full=True)
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        if _keywords(self._schema) - {"type", *KINDS["object"]["struct"]}:
            return _all(batch.num_rows)
        return self._object(columns, batch.num_rows, self._schema, self._feature)

    def _object(self, columns: Mapping[str, pa.Array], size: int, schema: Mapping[str, Any], feature: Any) -> Mask:
        properties = schema.get("properties", {})
        closed = schema.get("unevaluatedProperties", True) is False or schema.get("additionalProperties", True) is False
        if not set(schema.get("required", ())) <= set(columns) or (closed and not set(columns) <= set(properties)):
            return _all(size)
        held = _none(size)
        for name, column in columns.items():
            held |= self._values(column, properties.get(name, {}), feature[name], name)
        return held

    def _values(self, array: pa.Array, schema: Mapping[str, Any], feature: Any, name: str) -> Mask:
        """Return True for each value of an array that may be wrong, null ones included."""
        schema, nullable = _without_null(schema)
        held = self._typed(array, schema, feature, name)
        if array.null_count:
            import numpy as np

            nulls = array.is_null().to_numpy(zero_copy_only=False)
            held = np.where(nulls, not (nullable or name in self._absent), held)
        return held

    def _typed(self, array: pa.Array, schema: Mapping[str, Any], feature: Any, name: str) -> Mask:
        import pyarrow as pa

        said = _keywords(schema)
        arms = schema.get("oneOf")
        if arms is not None:
            if said - {"oneOf", "type"} or not all("const" in arm for arm in arms):
                return _all(len(array))
            return _codes(array, [arm["const"] for arm in arms], feature)
        kind, judged = schema.get("type"), KINDS.get(str(schema.get("type")), {})
        told = next((keys for test, keys in judged.items() if getattr(pa.types, f"is_{test}")(array.type)), None)
        if told is None or said - {"type", *told}:
            return _all(len(array))
        if kind == "string":
            return self._strings(array, schema, name)
        if kind == "array":
            return self._lists(array, schema, feature, name)
        if kind == "object":
            names = [array.type.field(n).name for n in range(array.type.num_fields)]
            return self._object(dict(zip(names, array.flatten(), strict=True)), len(array), schema, feature)
        return _numbers(array, schema)

    def _strings(self, array: pa.Array, schema: Mapping[str, Any], name: str) -> Mask:
        import pyarrow as pa
        import pyarrow.compute as pc

        sound = []
        if "pattern" in schema:
            try:
                sound.append(pc.match_substring_regex(array, schema["pattern"].replace(NO_LINE_FEED, "$")))
            except pa.ArrowInvalid:  # not an expression of RE2
                return _all(len(array))
        if "minLength" in schema or "maxLength" in schema:
            length = pc.utf8_length(array)
            sound.append(pc.greater_equal(length, schema.get("minLength", 0)))
            sound.append(pc.less_equal(length, schema.get("maxLength", 2**31 - 1)))
        if name not in self._quoted:
            sound.append(pc.invert(pc.match_substring_regex(array, self._secret)))
        held = _none(len(array))
        for each in sound:
            held |= ~each.fill_null(True).to_numpy(zero_copy_only=False)
        return held

    def _lists(self, array: pa.Array, schema: Mapping[str, Any], feature: Any, name: str) -> Mask:
        import numpy as np

        offsets = array.offsets.to_numpy()
        sizes = np.diff(offsets)
        held: Mask = (sizes < schema.get("minItems", 0)) | (sizes > schema.get("maxItems", np.inf))
        items = array.values[int(offsets[0]) : int(offsets[-1])]
        wrong = np.flatnonzero(self._values(items, schema.get("items", {}), feature.feature, name)) + offsets[0]
        held[np.searchsorted(offsets, wrong, side="right") - 1] = True
        if schema.get("uniqueItems"):
            held |= _repeating(items, sizes)
        return held


def _repeating(items: pa.Array, sizes: npt.NDArray[np.integer[Any]]) -> Mask:
    """Return True for each list that has an item twice, or may have; `sizes` are those of the lists."""
    import numpy as np
    import pyarrow as pa

    held: Mask = sizes > 1
    if pa.types.is_string(items.type):
        rows = np.repeat(np.arange(len(sizes)), sizes)
        values = items.dictionary_encode().indices.fill_null(-1).to_numpy()
        order = np.lexsort((values, rows))
        again = (rows[order][1:] == rows[order][:-1]) & (values[order][1:] == values[order][:-1])
        held = _none(len(sizes))
        held[rows[order][1:][again]] = True
    return held


def _keywords(schema: Mapping[str, Any]) -> set[str]:
    return {key for key in schema if key not in NOTES and not key.startswith("x-")}


def _without_null(schema: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Return the arm of a schema that is not null, and whether it has one that is."""
    arms = schema.get("oneOf", ())
    rest = [arm for arm in arms if arm.get("type") != "null"]
    if len(rest) == 1 and len(arms) == 2 and _keywords(schema) == {"oneOf"}:
        return rest[0], True
    return schema, False


def _codes(array: pa.Array, values: list[Any], feature: Any) -> Mask:
    """Hold what is not the code of one of `values`."""
    import numpy as np
    import pyarrow as pa

    names = getattr(feature, "names", None)
    if names is None or not pa.types.is_integer(array.type):
        return _all(len(array))
    return ~np.isin(array.fill_null(-1).to_numpy(), [code for code, name in enumerate(names) if name in values])


def _numbers(array: pa.Array, schema: Mapping[str, Any]) -> Mask:
    import numpy as np

    values = array.fill_null(0).to_numpy()
    held: Mask = ~np.isfinite(values) | (values < schema.get("minimum", -np.inf)) | (values > schema.get("maximum", np.inf))
    return held


def _all(size: int) -> Mask:
    import numpy as np

    return np.ones(size, dtype=bool)


def _none(size: int) -> Mask:
    import numpy as np

    return np.zeros(size, dtype=bool)
