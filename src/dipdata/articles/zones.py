"""Zones: the stretches of a text that are not running text (headline, dateline, caption, credit, publication line, labels, teasers).

Works on any text, with what a line says and where it stands, and prefers to miss a zone rather than to take running text for one. The
words it knows are in zones.toml.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dipdata.articles import datelines
from dipdata.articles.vocabulary import Vocabulary, vocabulary
from dipdata.records import Zone

LINE = re.compile(r"[^\r\n\u0085\u2028\u2029]+")
BLANK_BETWEEN = re.compile(r"(?:\r\n|\r(?!\n)|[\n\u0085\u2028\u2029])[^\S\r\n]*[\r\n\u0085\u2028\u2029]")
PADDING = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\x00\u200b\u200e\u200f\ufeff"
"""What may stand around a line without being part of it: spaces, marks of direction and of byte order."""
TERMINAL = re.compile(r"[.!?…؟;:,][»«”“\"’'›)\]\u00a0\u202f ]*\Z")
QUESTION = re.compile(r"[!?؟][»”\"’'›)\]\u00a0\u202f ]*\Z")
OPENING = "«“„\"‘'‹»"
CLOSING = "»”“\"’'›«"
ITEM = re.compile(r"\s*(?:[►▶▸•●■*→>·\-–—]|[0-9]{1,2}[.)]\s)")
HEADER = 12
"""How many lines the furniture above the running text may take."""
CAPTION = 500
"""Longest caption, in code points."""
PROSE = 80
"""A line of this many code points with a full stop at its end is running text; in teasers only summaries come near."""


@dataclass(slots=True)
class Line:
    """A line without its padding.

    `blank` tells whether an empty line stands before it; `low` is empty for a line too long to be furniture; `cut` is where in a caption
    the credit begins, or where in a line the dateline ends.
    """

    start: int
    end: int
    text: str
    low: str
    blank: bool
    terminal: bool
    kind: str | None = None
    cut: int = 0

    def is_prose(self) -> bool:
        """Tell whether the line is surely running text."""
        size = self.end - self.start
        return size >= 240 or (size >= PROSE and self.terminal)

    def is_sentence(self) -> bool:
        """Tell whether the line may be running text."""
        size = self.end - self.start
        return size >= 100 or (size >= 40 and self.terminal)


def find_zones(text: str, lang: str, title: str | None = None) -> tuple[Zone, ...]:
    """Return the zones of `text`, sorted and disjoint, in code points of `text`; the text may have any kind of line ends.

    `title`, where it is known, is the headline wherever a line among the first says just that. Time is linear in the length.
    """
    words = vocabulary(lang)
    lines = _lines(text)
    if not lines:
        return ()
    _furniture(lines, words)
    _dateline(lines, words)
    _bylines(lines, words)
    _headlines(lines, title)
    _teasers(lines, words)
    return tuple(_join(lines))


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    before = 0
    for match in LINE.finditer(text):
        raw = match[0]
        bare = raw.strip(PADDING)
        if not bare:
            continue
        start = match.start() + len(raw) - len(raw.lstrip(PADDING))
        short = bare if len(bare) <= CAPTION else ""
        lines.append(
            Line(
                start,
                start + len(bare),
                bare,
                short.lower(),
                blank=bool(lines) and BLANK_BETWEEN.search(text, before, start) is not None,
                terminal=TERMINAL.search(bare[-8:]) is not None,
            )
        )
        before = start + len(bare)
    return lines


def _furniture(lines: list[Line], words: Vocabulary) -> None:
    """Mark what the words of a line alone give away: publication lines, labels, captions."""
    for place, line in enumerate(lines):
        if _is_published(line, place, words):
            line.kind = "published"
        elif line.low and (words.is_label(line.low) or words.is_notice(line.low)):
            line.kind = "boilerplate"
    furnished = any(line.kind for line in lines[:HEADER])
    for place, line in enumerate(lines):
        if line.low and not line.kind and words.may_be_credit(line.low):
            line.cut = words.credit_at(line.text, line.low, in_header=furnished and 0 < place < HEADER)
            if line.cut >= 0:
                line.cut -= line.cut > 0 and line.text[line.cut - 1] == "("
                line.kind = "caption" if line.cut else "credit"
    header = lines[:HEADER]
    for place, line in enumerate(header[1:], start=1):
        below = header[place + 1] if place + 1 < len(header) else None
        if line.kind or not line.low or not line.text.isupper() or line.end - line.start < 3:
            continue
        if below and not below.blank and below.kind == "caption" and line.end - line.start <= 60:
            line.kind = "caption"
    _between(header)


def _between(header: list[Line]) -> None:
    """Mark as captions the lines between a publication line and labels of the same block."""
    above: int | None = None
    for place, line in enumerate(header):
        if line.blank:
            above = None
        if line.kind == "published":
            above = place
        elif line.kind == "boilerplate" and above is not None and place - above <= 4:
            for between in header[above + 1 : place]:
                if between.low and not between.kind:
                    between.kind = "caption"


def _is_published(line: Line, place: int, words: Vocabulary) -> bool:
    if not line.low or line.end - line.start > 160:
        return False
    if place < HEADER and words.is_date_line(line.low):
        return True
    if not words.PUBLISHED.search(line.low):
        return False
    if words.starts_published(line.low) and words.other_words(line.low) == 0 and (":" in line.low or any(map(str.isdigit, line.low))):
        return True
    dated = words.DATED.search(line.low) or words.ENDS.search(line.low)
    return place < HEADER and not line.terminal and dated is not None and words.other_words(line.low) <= 6


def _dateline(lines: list[Line], words: Vocabulary) -> None:
    for place, line in enumerate(lines[:HEADER]):
        if line.kind:
            continue
        below_heading = any(not above.is_sentence() for above in lines[:place])
        length = datelines.find(line.text[:160], words, below_heading=below_heading)
        alone = line.end - line.start == length and line.text[-1] in "-–—" and "(" in line.text
        if length and (alone or line.end - line.start > length + 20):
            line.kind, line.cut = "dateline", length
            return


def _bylines(lines: list[Line], words: Vocabulary) -> None:
    for place, line in enumerate(lines):
        near_end = place >= len(lines) - 4
        if (
            line.low
            and not line.kind
            and (place < HEADER or near_end)
            and (words.is_byline(line.text, line.low) or (near_end and place > 1 and words.is_signature(line.low)))
        ):
            line.kind = "credit"


def _headlines(lines: list[Line], title: str | None) -> None:
    first = next((place for place, line in enumerate(lines[:3]) if not line.kind), None)
    if first is None:
        return
    if title is not None:
        for line in lines[:HEADER]:
            if line.low and " ".join(line.text.split()) == " ".join(title.split()):
                line.kind = "headline"
    below = lines[first + 1 :]
    if below and not lines[first].kind and _is_headline(lines[first], below):
        lines[first].kind = "headline"
    for place, line in enumerate(lines[1:-1], start=1):
        if not line.kind and line.low and _is_section(lines, place):
            line.kind = "headline"


def _is_headline(line: Line, below: list[Line]) -> bool:
    if (
        not line.low
        or line.end - line.start > 200
        or not any(map(str.isalpha, line.text))
        or ITEM.match(line.text)
        or not any(other.is_sentence() for other in below[:8])
    ):
        return False
    if not line.terminal:
        return True
    # A question or a full stop is only a headline's where furniture follows.
    furnished = any(other.kind in {"published", "caption", "boilerplate"} for other in below[:2])
    return furnished or (QUESTION.search(line.text) is not None and below[0].blank and line.end - line.start <= 100)


def _is_section(lines: list[Line], place: int) -> bool:
    """Tell whether a short line stands over running text as its heading."""
    line, above, below = lines[place], lines[place - 1], lines[place + 1]
    text = line.text
    if line.end - line.start > 80 or line.terminal or text.count(" ") > 11 or ITEM.match(text):
        return False
    if text[0] in OPENING and text[-1] in CLOSING and not any(mark in text[1:-1] for mark in OPENING + CLOSING if mark not in "'’"):
        return False
    if not (text[0].isupper() or text[0].isdigit() or text[0] in OPENING or text[0].lower() == text[0].upper()):
        return False
    spaced = lines[1].blank or below.blank
    if spaced and not line.blank:
        return False
    if below.kind or not below.is_sentence() or below.text.lstrip(OPENING + " ")[:1].islower():
        return False  # A sentence that is broken over two lines goes on in small letters.
    return (place == 1 and above.kind == "headline") or (above.terminal and above.is_sentence())


def _teasers(lines: list[Line], words: Vocabulary) -> None:
    last_prose = max((place for place, line in enumerate(lines) if line.is_prose()), default=-1)
    sentences = [0]
    for line in reversed(lines):
        sentences.append(sentences[-1] + (line.is_sentence() and not QUESTION.search(line.text)))
    place = 1
    while place < len(lines):
        line = lines[place]
        alone = words.teaser(line.text) if line.low and line.kind in {None, "headline"} else None
        if alone is None:
            place += 1
            continue
        below = len(lines) - place - 1
        is_tail = last_prose <= place and 2 * sentences[below] < max(below, 1)
        stop = len(lines) if is_tail else _pointer_end(lines, place, alone=alone)
        for other in lines[place:stop]:
            if other.kind != "boilerplate":
                other.kind = "teaser"
        place = stop


def _pointer_end(lines: list[Line], place: int, *, alone: bool) -> int:
    """Return the line after the last that belongs to a pointer with running text below it."""
    stop = place + 1
    while stop < len(lines) and stop - place <= 6:
        line = lines[stop]
        if line.is_prose() or (line.terminal and line.is_sentence()) or not (alone or ITEM.match(line.text)) or line.kind:
            break
        stop += 1
    return stop


def _join(lines: list[Line]) -> list[Zone]:
    """Return the marked lines as zones; the lines of one tail make one zone, and a caption's credit a zone of its own."""
    zones: list[Zone] = []
    for place, line in enumerate(lines):
        if line.kind is None:
            continue
        if line.kind == "teaser" and place and lines[place - 1].kind == "teaser":
            zones[-1] = Zone("teaser", zones[-1].start, line.end)
        elif line.kind == "dateline":
            zones.append(Zone("dateline", line.start, line.start + line.cut))
        elif line.kind == "caption" and line.cut > 0:
            body = line.text[: line.cut].rstrip(PADDING + "|-–—(")
            if body:
                zones.append(Zone("caption", line.start, line.start + len(body)))
            if line.start + line.cut < line.end:
                zones.append(Zone("credit", line.start + line.cut, line.end))
        else:
            zones.append(Zone(line.kind, line.start, line.end))
    return zones
