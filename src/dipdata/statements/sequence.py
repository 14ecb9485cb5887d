"""Statements <-> labels of tokens, for the sequence engine.

A label says what a token is to its statement, and where the statement's cue stands, which is what joins content and source to it:

- content: `B-`, `I-` with `L` (the cue is to the left), `R` (to the right), `K` (goes on with the content before), `N` (no cue)
- source: `SL`, `SR`, `SN`, likewise; cue: `Q`, and `QK` for a later part of the same cue (*hat … gesagt*); `O`: none of these

A token has one label, so that a statement inside another's content is not expressed: the outer one is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Pair = tuple[int, int]

LABELS = ("O", "B-L", "I-L", "B-R", "I-R", "B-K", "I-K", "B-N", "I-N", "SL", "SR", "SN", "Q", "QK")
EDGES = " \t\r\n\u00a0\u202f,;:–—-"


@dataclass(slots=True)
class Joined:
    """A statement read from labels, in token numbers `[first, stop)`; `shared` is the source of the one before, for want of an own."""

    content: list[Pair] = field(default_factory=list)
    source: Pair | None = None
    shared: Pair | None = None
    cue: list[Pair] = field(default_factory=list)

    def tokens(self) -> list[int]:
        """Return the tokens whose labels decide that this is a statement: the first of each part, and the last of each content."""
        parts = [*self.content, *self.cue, *([self.source] if self.source else [])]
        return [first for first, _ in parts] + [stop - 1 for _, stop in self.content]


def encode(starts: Sequence[int], ends: Sequence[int], statements: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a label for each token; tokens and spans are code points of the same text. The outer of nested statements is kept."""
    labels = ["O"] * len(starts)

    def inside(pair: Sequence[int]) -> Pair:
        return bisect_right(ends, pair[0]), bisect_left(starts, pair[1])

    def reach(unit: Mapping[str, Any]) -> int:
        return -sum(int(end) - int(start) for start, end in unit["content"])

    for unit in sorted(statements, key=reach):
        content, source, cue = ([(pair, *inside(pair)) for pair in sorted(unit.get(role) or ())] for role in ("content", "source", "cue"))
        if not content or any(labels[k] != "O" for _, first, stop in (*content, *cue) for k in range(first, stop)):
            continue
        for number, (pair, first, stop) in enumerate(content):
            if first < stop:
                goes_on = number or pair[0] < starts[0]
                side = "K" if goes_on else "N" if not cue else "L" if cue[0][0] < pair else "R"
                labels[first:stop] = [f"B-{side}", *[f"I-{side}"] * (stop - first - 1)]
        for pair, first, stop in source[:1]:
            side = "N" if not cue else "L" if cue[0][0] < pair else "R"
            labels[first:stop] = [label if label != "O" else f"S{side}" for label in labels[first:stop]]
        for number, (_, first, stop) in enumerate(cue):
            labels[first:stop] = ["QK" if number else "Q"] * (stop - first)
    return labels


def segments(labels: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return `(label without B- or I-, first token, stop)` of each run that stands for one span, in text order."""
    found: list[tuple[str, int, int]] = []
    for k, label in enumerate(labels):
        kind = label.removeprefix("B-").removeprefix("I-")
        if label == "O":
            continue
        if found and found[-1][2] == k and found[-1][0] == kind and not label.startswith("B-"):
            found[-1] = (kind, found[-1][1], k + 1)
        else:
            found.append((kind, k, k + 1))
    return found


def join(labels: Sequence[str], paragraphs: Sequence[int]) -> list[Joined]:
    """Return the statements that the labels of a text spell; `paragraphs` is the number of each token's paragraph.

    Each cue makes a statement. A content goes to the nearest cue on the side that its label names, in its own paragraph; a content
    without one makes a statement of its own. A cue that no content went to makes one without content.
    """
    found = segments(labels)
    units: list[Joined] = []
    cues: list[tuple[int, int, Joined]] = []
    for kind, first, stop in found:
        if kind == "Q":
            unit = Joined(cue=[(first, stop)])
            cues.append((first, paragraphs[first], unit))
            units.append(unit)
        elif kind == "QK" and cues and cues[-1][1] == paragraphs[first]:
            cues[-1][2].cue.append((first, stop))
    at = [first for first, _, _ in cues]
    by_paragraph: dict[int, list[Joined]] = {}

    def nearest(side: str, first: int, *, free: str) -> Joined | None:
        """The next cue on that side; of two that would do, the first that still lacks a part of this kind."""
        number = bisect_left(at, first)
        options = (cues[number - 1 : number] + cues[max(0, number - 2) : max(0, number - 1)]) if side == "L" else cues[number : number + 2]
        near = [unit for _, paragraph, unit in options if paragraph == paragraphs[first]]
        if not near and side == "L" and number and not cues[number - 1][2].content:  # *he said:* and a new paragraph
            return cues[number - 1][2]
        return next((unit for unit in near if not getattr(unit, free)), near[0] if near else None)

    last: Joined | None = None
    for kind, first, stop in found:
        if kind in ("L", "R", "K", "N"):
            owner = last if kind == "K" else nearest(kind, first, free="content") if kind in "LR" else None
            if owner is None:
                owner = Joined()
                units.append(owner)
            owner.content.append((first, stop))
            last = owner
    for unit in units:
        if not unit.cue:
            by_paragraph.setdefault(paragraphs[unit.content[0][0]], []).append(unit)
    for kind, first, stop in found:
        if kind in ("SL", "SR"):
            speaks = nearest(kind[1], first, free="source")
        elif kind == "SN":
            near = [unit for unit in by_paragraph.get(paragraphs[first], ()) if not unit.source]
            speaks = min(near, key=lambda unit: min(abs(first - unit.content[-1][1]), abs(unit.content[0][0] - stop)), default=None)
        else:
            continue
        if speaks is not None and speaks.source is None:
            speaks.source = (first, stop)
    units.sort(key=lambda unit: unit.cue or unit.content)
    before: Joined | None = None
    for unit in units:  # *said X and added Y*: the second shares the source of the first
        first = (unit.cue or unit.content)[0][0]
        if unit.source is None and before is not None and paragraphs[before.content[-1][0]] == paragraphs[first]:
            unit.shared = before.source or before.shared
        before = unit if unit.content else before
    return sorted(units, key=lambda unit: (unit.content or unit.cue, unit.cue))


def spans(text: str, starts: Sequence[int], ends: Sequence[int], parts: Iterable[Pair]) -> list[Pair]:
    """Return parts in tokens as code points of the text, without commas, dashes and white space at their edges."""
    out = []
    for first, stop in parts:
        start, end = starts[first], ends[stop - 1]
        while start < end and text[start] in EDGES:
            start += 1
        while end > start and text[end - 1] in EDGES:
            end -= 1
        if start < end:
            out.append((start, end))
    return out
