"""The form of a statement, derived from the quotation marks in the text: never guessed."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable

_MARKS = re.compile(r"[\"“”„‟«»″\n]|``|''")
_CLOSERS = {"“": '”"', '"': '"', "„": '“”"‟', "«": "»", "»": "«", "‟": '”"', "″": "″"}


def quoted_stretches(text: str) -> list[tuple[int, int]]:
    """Return the stretches inside double quotation marks, marks included, in text order and bounded by their paragraph.

    The notion of `quote_mask` in the benchmark's scorer: `''` and two backticks count as `"`; a directed mark that has no closer
    holds to the end of its paragraph.
    """
    found: list[tuple[int, int]] = []
    opened, opener = -1, ""
    for match in _MARKS.finditer(text):
        mark = match[0]
        if mark == "\n":
            if opened >= 0 and opener in "“«„":
                found.append((opened, match.start()))
            opened = -1
            continue
        mark = '"' if len(mark) == 2 else mark
        if opened < 0:
            if mark != "”":
                opened, opener = match.start(), mark
        elif mark in _CLOSERS[opener]:
            found.append((opened, match.end()))
            opened = -1
    if opened >= 0 and opener in "“«„":
        found.append((opened, len(text)))
    return found


def form_of(text: str, stretches: list[tuple[int, int]], pairs: Iterable[tuple[int, int]]) -> str:
    """Return `direct`, `mixed` or `indirect`: whether the letters and digits of `pairs` stand wholly, partly or not inside `stretches`."""
    inside = outside = False
    for start, end in pairs:
        at = start
        number = max(0, bisect_right(stretches, (start, sys.maxsize)) - 1)
        while at < end and not (inside and outside):
            while number < len(stretches) and stretches[number][1] <= at:
                number += 1
            if number == len(stretches) or stretches[number][0] >= end:
                outside = outside or _letters(text, at, end)
                break
            low, high = stretches[number]
            if at < low:
                outside = outside or _letters(text, at, low)
                at = low
            inside = inside or _letters(text, at, min(high, end))
            at = min(high, end)
    return "mixed" if inside and outside else "direct" if inside else "indirect"


def _letters(text: str, start: int, end: int) -> bool:
    return any(text[i].isalnum() for i in range(start, end))
