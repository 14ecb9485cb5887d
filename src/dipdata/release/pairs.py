"""The records of two releases, matched by their ids and read column by column: few of a million become Python objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import columns
from dipdata.release import tabular
from dipdata.tables import described

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

ABSENT = -1
# Parts of spans that are not read: a text mode may withhold the one, the other follows from annotations.
LEFT = ("surface", "votes")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two releases: its folder and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    def names(self, config: str) -> list[str]:
        """Return the names of a config's columns, none where it has no table. Raises CannotRunError where it cannot be read."""
        return tabular.column_names(self.folder, self.manifest, config)

    def column(self, config: str, name: str) -> pa.Array:
        """Return a column of all tables of a config, which has one, class codes as names, spans without `LEFT`.

        Raises CannotRunError where a table cannot be read or lacks the column.
        """
        import pyarrow as pa

        parts = []
        for _, batch in tabular.read_columns(self.folder, self.manifest, config, [name], LEFT):
            with tabular.readable(self.folder):
                part = columns.named(batch.column(0), described(batch.schema)[name])
            # The strings of many tables may be more than an array of small ones can hold.
            parts.append(part.cast(pa.large_string()) if pa.types.is_string(part.type) else part)
        return pa.concat_arrays(parts)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The records of a config in two releases; `places` gives where in the old one each record of the new one is, or `ABSENT`."""

    old: Side
    new: Side
    config: str
    old_ids: pa.Array
    new_ids: pa.Array
    places: Numbers

    @property
    def both(self) -> Mask:
        """Return True for each record of the new release that the old one has too."""
        found: Mask = self.places != ABSENT
        return found

    @property
    def removed(self) -> Mask:
        """Return True for each record of the old release that the new one has not."""
        import numpy as np

        found = np.ones(len(self.old_ids), dtype=bool)
        found[self.places[self.both]] = False
        return found

    @property
    def numbers(self) -> tuple[Numbers, Numbers]:
        """Return a number for each record of the old release and of the new one, the same for the same id: those that the old one has
        come first, by their places there."""
        import numpy as np

        size = len(self.old_ids)
        return np.arange(size), np.where(self.both, self.places, size + np.arange(len(self.places)))

    def columns(self, name: str) -> tuple[pa.Array, pa.Array]:
        """Return a column of both releases, nulls where one does not have it. Raises CannotRunError where it cannot be read."""
        return _column(self.old, self.config, name, len(self.old_ids)), _column(self.new, self.config, name, len(self.new_ids))

    def differ(self, name: str) -> Mask:
        """Return True for each record that is in both and differs in a column, in the order of the new release."""
        import pyarrow as pa

        both = self.both
        old, new = self.columns(name)
        return columns.differ(old.take(pa.array(self.places[both])), new.filter(pa.array(both)))


def match(old: Side, new: Side, config: str) -> Pairs:
    """Match the records of a config. Raises CannotRunError where a table cannot be read."""
    import pyarrow as pa
    import pyarrow.compute as pc

    old_ids, new_ids = (_column(side, config, "id", 0).cast(pa.large_string()) for side in (old, new))
    places = pc.fill_null(pc.index_in(new_ids, old_ids), ABSENT).to_numpy()
    return Pairs(old, new, config, old_ids, new_ids, places)


def _column(side: Side, config: str, name: str, rows: int) -> pa.Array:
    import pyarrow as pa

    return side.column(config, name) if name in side.names(config) else pa.nulls(rows)
