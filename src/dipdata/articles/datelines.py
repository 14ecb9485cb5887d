"""Datelines: place, date and agency before the first sentence, as agencies of many countries write them."""

from __future__ import annotations

import re
from typing import Protocol

DASH = re.compile(r"\s*[–—]+\s*|\s-{1,2}\s+|(?<=\))\s*[.:]?\s*-+\s*|(?<=\))\s*[:.](?=\s)\s*")
AGENCY = re.compile(r"\s*(?:\(\s*[^()]{2,40}\)|/[^/\s][^/]{1,20}/)[.,]?\s*\Z")
SLASHED = re.compile(r"[^/]{3,60}\s/[^/\s][^/]{1,20}/\.\s")
BRACKETED = re.compile(r"[^()]{0,60}\(([^()]{2,20})\)\s*")
RUSSIAN = re.compile(r"(?:РИА Новости|Интерфакс|ТАСС|ИТАР-ТАСС|АПН)[^.,]{0,20}\.(?=\s)")
ARABIC = re.compile(r"[\u0621-\u064a\u064b-\u0652\u0670-\u06d3]+")
BARE = re.compile(r"([^\W\d_]+)((?:[ /-][^\W\d_]+)?) [–—] ([^\W\d_])")
DASHES = frozenset({"-", "--", "–", "—"})
PIECE = re.compile(r"[^\s,./]+")

PARTICLES = frozenset({"de", "la", "del", "am", "an", "der", "sur", "le", "on", "над", "на"})
"""Lower-case words within names of places."""


class Words(Protocol):
    """What a dateline must know of the vocabulary."""

    dates: set[str]
    agencies: frozenset[str]


def find(head: str, words: Words, *, below_heading: bool = False) -> int:
    """Return the length in code points of the dateline that `head`, the beginning of a line, starts with; 0 where it has none.

    `below_heading` also allows a bare place that is not in capitals: `Warschau – Polen hat ...`.
    """
    slashed = SLASHED.match(head)
    if slashed and _is_place(head[: slashed.end()].rstrip(), words, bare=False):
        return len(slashed[0].rstrip())
    length = 0
    for dash in DASH.finditer(head, 0, 110):
        before = head[: dash.start()]
        if not before or not _is_place(before, words, bare=below_heading and not length):
            break
        length = len(head[: dash.end()].rstrip())
        signed = RUSSIAN.match(head, dash.end())
        if signed:
            return signed.end()
    if length:
        return length
    plain = BARE.match(head) if below_heading else None
    # A second dash would make it an aside: `Warschau – so der Minister – ...`.
    if plain and all(part[0].isupper() for part in (plain[1], *plain[2].split(), plain[3])) and not DASH.search(head, plain.end()):
        return len(plain[0][:-1].rstrip())
    bracketed = BRACKETED.match(head)
    if bracketed and bracketed[1].strip().lower() in words.agencies:
        place = bracketed[0][: bracketed.start(1) - 1]
        if not place or _is_place(bracketed[0].rstrip(), words, bare=False):
            return len(bracketed[0].rstrip())
    return 0


def _is_place(text: str, words: Words, *, bare: bool) -> bool:
    """Tell whether `text` is places in capitals, or places with a date or an agency."""
    agency = AGENCY.search(text)
    place = text[: agency.start()] if agency else text
    pieces = [piece for piece in PIECE.findall(place) if piece not in DASHES]
    dated = [piece for piece in pieces if piece[0].isdigit() or piece.lower().rstrip(".") in words.dates]
    if ":" in place or (pieces and pieces[0] in dated):
        return False
    named = [piece for piece in pieces if piece not in dated]
    certain = agency is not None or (any(piece[0].isdigit() for piece in dated) and any(piece[0].isalpha() for piece in dated))
    if not named or len(named) > 6 or place.rstrip().endswith(("." if not certain else "\0", "?", "!", ";")):
        return False
    if all(ARABIC.fullmatch(piece) for piece in named):
        return (certain or bare) and len(named) <= 4
    first = [piece for piece in PIECE.findall(place.partition(",")[0]) if piece not in DASHES]
    if first and all(piece.isupper() for piece in first) and all(piece[0].isupper() for piece in named):
        return certain or (len(first) <= 4 and len("".join(first)) >= 3)
    return certain and all(piece[0].isupper() or piece in PARTICLES for piece in named)
