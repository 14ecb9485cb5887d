"""What a reader of a foreign form gives: a text and the units marked in it, before they are records of a project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dipdata.records import Pairs


@dataclass(frozen=True, slots=True)
class Unit:
    """One attribution as a foreign form marks it. Spans count code points of the document's text.

    `record` names what it is a record of (`statement`, `annotation` or `gold`) and `values` gives the fields of that record which the
    form has beside spans; both are known where dipdata wrote the file.
    """

    content: Pairs
    source: Pairs = ()
    cue: Pairs = ()
    targets: Pairs = ()
    stances: Sequence[str | None] = ()
    record: str = "statement"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its units. `lost` tells, a line each, what the file says that has no place in a record."""

    id: str
    text: str
    units: Sequence[Unit]
    lost: Sequence[str] = ()
    about: Mapping[str, str] = field(default_factory=dict)
