"""Text modes: what words of the articles a release may hold.

`full` holds every text. `quotes` holds each statement's sentences and what lies in them. `none` is stand-off: ids, offsets, hashes
and addresses, no words of an article but its title and the names of speakers. What a mode withholds is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Row = dict[str, Any]
SPANS = {"statements": ("content", "source", "cue", "targets", "stances"), "annotations": ("content", "source", "cue", "targets")}


def withhold(rows: Mapping[str, Iterable[Row]], mode: str) -> None:
    """Blank, in place, what `mode` withholds in rows of `statements`, `annotations` and `articles`."""
    if mode == "full":
        return
    kept: dict[str, tuple[int, int]] = {}
    for row in rows["statements"]:
        if mode == "quotes":
            kept[row["id"]] = row["text_start"], row["text_end"]
        else:
            row["text"] = None
        _blank(row, "statements", kept.get(row["id"], (0, 0)))
    for row in rows["annotations"]:
        _blank(row, "annotations", kept.get(row["statement_id"], (0, 0)))
    for row in rows["articles"]:
        row["text"] = None


def spans(row: Row, config: str) -> Iterator[Row]:
    """Yield every span of a row of `statements` or `annotations`."""
    for part in SPANS[config]:
        yield from row[part]


def _blank(row: Row, config: str, kept: tuple[int, int]) -> None:
    for span in spans(row, config):
        if not kept[0] <= span["start"] < span["end"] <= kept[1]:
            span["surface"] = None
