"""Offsets in a text -> offsets in the same text after cleaning, which recomposes letters and drops space and invisible characters."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from itertools import zip_longest

from dipdata.records import Pairs


class Alignment:
    """Where the letters of `original` stand in `cleaned`. Raises ValueError where the two do not have the same letters.

    Letters are compared decomposed, and space, controls and format characters are passed over, so that all that cleaning may do to
    a text leaves them the same.
    """

    def __init__(self, original: str, cleaned: str) -> None:
        self._size = len(original)
        self._identical = original == cleaned
        self._from: list[int] = []
        self._to: list[int] = []
        if self._identical:
            return
        for before, after in zip_longest(_letters(original), _letters(cleaned)):
            if before is None or after is None or before[0] != after[0]:
                where = before[1] if before else len(original)
                raise ValueError(f"the text differs from code point {where} on")
            self._from.append(before[1])
            self._to.append(after[1])

    def pairs(self, pairs: Pairs) -> tuple[tuple[int, int], ...]:
        """Return spans of the original as spans of the cleaned text. Raises ValueError where one holds no letter or is outside."""
        found = []
        for start, end in pairs:
            if not 0 <= start < end <= self._size:
                raise ValueError(f"span {start}-{end} is empty or outside the text of {self._size} code points")
            if self._identical:
                found.append((start, end))
                continue
            low, high = bisect_left(self._from, start), bisect_left(self._from, end)
            if low == high:
                raise ValueError(f"span {start}-{end} holds nothing that is left after cleaning")
            found.append((self._to[low], max(self._to[low:high]) + 1))
        return tuple(found)


def _letters(text: str) -> list[tuple[str, int]]:
    """Return the visible characters, decomposed and in canonical order, each with where it stands."""
    found: list[tuple[str, int]] = []
    marks: list[tuple[int, str, int]] = []
    for index, character in enumerate(text):
        if character.isspace() or unicodedata.category(character) in ("Cc", "Cf"):
            continue
        whole = "\ufffd" if "\ud800" <= character <= "\udfff" else character
        for part in unicodedata.normalize("NFD", whole):
            rank = unicodedata.combining(part)
            if rank:
                marks.append((rank, part, index))
                continue
            found.extend((mark, place) for _, mark, place in sorted(marks, key=lambda mark: mark[0]))
            marks.clear()
            found.append((part, index))
    found.extend((mark, place) for _, mark, place in sorted(marks, key=lambda mark: mark[0]))
    return found
