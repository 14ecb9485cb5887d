"""Quotation marks -> quoted stretches: every convention, nesting, paragraphs that reopen a quotation, missing closers.

Apostrophes, primes and inch marks are no quotation marks; a mark that finds no partner does no harm.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

_MARKS = re.compile(r"``|''|[\"“”„‟«»‹›‘’‚'″\n]")
_SINGLE_CLOSERS = re.compile(r"(?<=[^\s(])['’‘›](?!\w)")
_CLOSERS = {
    "“": ("”", '"', "‟", "“", "″"),
    "”": ("”",),
    "„": ("“", "”", '"', "‟"),
    "‟": ("”", '"'),
    "«": ("»",),
    "»": ("«", "»"),
    '"': ('"',),
    "″": ("″",),
    "``": ("''",),
    "''": ("''",),
    "‹": ("›",),
    "‘": ("’",),
    "‚": ("‘", "’"),
    "'": ("'",),
}
_DIRECTED = "“«„"
_SINGLE = "‘‚'‹"
_LONGEST_SINGLE = 1500
_LONGEST_SPEECH = 3000  # code points in which a quotation that runs over a paragraph's end closes


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch `[start, end)` from opening to closing mark, both included. `closed` is False where the closer is missing."""

    start: int
    end: int
    closed: bool
    opener: str
    continues: bool = False

    @property
    def inner(self) -> tuple[int, int]:
        """The stretch between the marks."""
        width = len(self.opener)
        return self.start + width, self.end - (width if self.closed else 0)


def find_quotes(text: str, start: int = 0, end: int | None = None, *, singles: bool = True) -> list[Quote]:
    """Return the outermost quotations of `text[start:end]` in text order; offsets are code points of `text`.

    A quotation ends with its paragraph, unless a directed mark opened it and it closes in the next, which opens with no mark.
    One that has no closer counts to the end of the paragraph when its mark is directed or opens the paragraph;
    `continues` says that the next paragraph opens with the same mark, as in a speech of several paragraphs.
    Linear in the length of the text.
    """
    end = len(text) if end is None else end
    found: list[Quote] = []
    opened = -1
    opener = ""
    paragraph = start
    inner = 0
    closers = [match.start() for match in _SINGLE_CLOSERS.finditer(text, start, end)] if singles else []
    sure = -1  # a quotation that runs over a paragraph's end closes here
    marks = list(_MARKS.finditer(text, start, end))
    for number, match in enumerate(marks):
        mark, at = match[0], match.start()
        if mark == "\n":
            if at < sure:
                continue
            if opened >= 0 and not inner and opener in _DIRECTED and (sure := _closes_later(text, marks, number, at, opener)) > at:
                continue
            if opened >= 0:
                _unclosed(text, found, opened, at, opener, paragraph, end)
            opened, paragraph, inner = -1, at + 1, 0
            continue
        if mark == "''" and opener != "``" and not _opens(text, at, 2, start, end) and opened < 0:
            continue
        if opened < 0:
            if mark in "”’›":
                continue
            if mark in _SINGLE and not (singles and _single_opens(text, at, start, end, closers)):
                continue
            if mark == "»" and not _opens(text, at, 1, start, end):
                continue
            if mark == "“" and _closes_only(text, at, start, end):
                continue
            opened, opener, inner = at, mark, 0
        elif mark in _CLOSERS[opener] and not (mark == opener == "'" and not _single_closes(text, at, end)):
            if mark == "’" and not _single_closes(text, at, end):
                continue
            if mark == opener and mark in "“»" and _opens(text, at, 1, start, end):
                opened = at  # the earlier mark never closed; a new quotation begins here
                continue
            if inner and mark != '"':
                inner -= 1
                continue
            if mark == '"' and opener == '"' and _opens(text, at, 1, start, end) and not _may_close(text, at, end):
                opened = at
                continue
            found.append(Quote(opened, match.end(), True, opener))
            opened = -1
        elif mark == opener and mark in "«„":
            inner += 1
        if opened >= 0 and opener in _SINGLE and at - opened > _LONGEST_SINGLE:
            opened = -1
    if opened >= 0:
        _unclosed(text, found, opened, end, opener, paragraph, end)
    return found


def _closes_later(text: str, marks: list[re.Match[str]], number: int, at: int, opener: str) -> int:
    """Return where a quotation that is open at the line end `at` closes in the next paragraph, without a mark at its start; -1 if not."""
    paragraph = at
    for k in range(number, len(marks)):
        later = marks[k]
        if later.start() - at > _LONGEST_SPEECH:
            return -1
        if later[0] == "\n":
            if paragraph > at and text[paragraph : later.start()].strip():
                return -1
            paragraph = later.end()
        elif later[0] not in _SINGLE + "’":
            closes = later[0] in _CLOSERS[opener] and text[paragraph : later.start()].strip() and not text[later.start() - 1].isspace()
            return later.start() if closes else -1
    return -1


def _unclosed(text: str, found: list[Quote], opened: int, stop: int, opener: str, paragraph: int, end: int) -> None:
    """Keep a quotation without closer where its mark leaves no doubt that it opened one."""
    if opener in _SINGLE:
        return
    leads = not text[paragraph:opened].strip(" \t\r\u00a0-–—")
    following = stop
    while following < min(end, stop + 40) and text[following].isspace():
        following += 1
    reopened = following < end and text.startswith(opener, following)
    colon = text[max(paragraph, opened - 2) : opened].strip().endswith(":")
    if leads or colon or reopened or opener in _DIRECTED:
        tail = stop
        while tail > opened and text[tail - 1].isspace():
            tail -= 1
        if tail - opened > len(opener) + 1:
            found.append(Quote(opened, tail, False, opener, continues=reopened and leads))


def _opens(text: str, at: int, width: int, start: int, end: int) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + width] if at + width < end else " "
    return (before.isspace() or before in "([{—–-/:") and (after.isalnum() or after in "[(…¿¡«“‘'.")


def _closes_only(text: str, at: int, start: int, end: int) -> bool:
    """Tell whether “ stands where only a closing mark can: glued to a word before, space or stop after."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    return (before.isalnum() or before in ".,!?…") and not after.isalnum()


def _may_close(text: str, at: int, end: int) -> bool:
    after = text[at + 1] if at + 1 < end else " "
    return not after.isalnum()


def _single_opens(text: str, at: int, start: int, end: int, closers: list[int]) -> bool:
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if not (before.isspace() or before in '([—–“"') or not (after.isalpha() or after in "[…"):
        return False
    number = bisect.bisect_right(closers, at + 1)
    if number == len(closers) or closers[number] - at > _LONGEST_SINGLE:
        return False
    return text.find("\n", at, closers[number]) < 0


def _single_closes(text: str, at: int, end: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < end else " "
    return not before.isspace() and not after.isalnum()
