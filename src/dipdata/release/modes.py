"""Text modes: what words of the articles a release may hold.

`full` holds every text. `quotes` holds each statement's sentences and what lies in them. `none` is stand-off: ids, offsets, hashes
and addresses, no words of an article but its title and the names of speakers. What a mode withholds is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dipdata import columns

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[Any]

Row = dict[str, Any]
SPANS = {"statements": ("content", "source", "cue", "targets", "stances"), "annotations": ("content", "source", "cue", "targets")}


def withhold(found: Mapping[str, dict[str, pa.Array]], answered: Numbers, mode: str) -> None:
    """Blank, in place, what `mode` withholds in the columns of `statements` and `annotations`; `answered` gives the place of each
    annotation's statement."""
    import numpy as np
    import pyarrow as pa

    if mode == "full":
        return
    statements = found["statements"]
    size = len(statements["text"])
    starts = ends = np.zeros(size, dtype=np.int32)
    if mode == "quotes":
        starts, ends = (statements[name].to_numpy() for name in ("text_start", "text_end"))
    else:
        statements["text"] = pa.nulls(size, pa.string())
    for config, of in (("statements", np.arange(size)), ("annotations", answered)):
        for part in SPANS[config]:
            found[config][part] = _blank(found[config][part], starts[of], ends[of])


def spans(row: Row, config: str) -> Iterator[Row]:
    """Yield every span of a row of `statements` or `annotations`."""
    for part in SPANS[config]:
        yield from row[part]


def _blank(column: pa.ListArray, first: Numbers, last: Numbers) -> pa.ListArray:
    """Return a column of spans without the surfaces of those that are not within `[first, last)` of their rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    held = columns.spans(column)
    kept = (first[held.rows] <= held.starts) & (held.starts < held.ends) & (held.ends <= last[held.rows])
    fields = list(column.type.value_type)
    parts = {field.name: held.items.field(field.name) for field in fields}
    parts["surface"] = pc.if_else(pa.array(kept), parts["surface"], None)
    return columns.lists(held.offsets, pa.StructArray.from_arrays([parts[field.name] for field in fields], fields=fields))
