"""What a prediction got wrong, for a linguist to read: one entry an error, with the sentence and brackets around the spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dipdata.statements.scoring import Comparison, Unit, same_cue, same_source

KINDS = ("missed", "spurious", "boundary", "source", "cue")
MARKS = {"content": ("[", "]"), "source": ("{", "}"), "cue": ("<", ">")}
# Code points: how far the context reaches beyond the spans, and the length past which the middle of a stretch is left out.
CONTEXT = 90
LONGEST = 240


@dataclass(frozen=True, slots=True)
class Error:
    """One difference. `kind` is one of KINDS; `start` a code point of the document's text; `gold` and `predicted` are marked-up text."""

    document: str
    start: int
    kind: str
    form: str | None
    rule: str | None
    gold: str | None
    predicted: str | None

    def __str__(self) -> str:
        head = f"{self.document}:{self.start} {self.kind} ({self.form or 'no form'}{', ' + self.rule if self.rule else ''})"
        sides = (("gold     ", self.gold), ("predicted", self.predicted))
        return "\n".join([head, *(f"  {name} {text}" for name, text in sides if text is not None)])


def errors(comparisons: Iterable[Comparison]) -> Iterator[Error]:
    """Yield the errors of compared documents, in text order within each.

    A pair that matches can be wrong in `boundary` (contents differ), `source` and `cue`: each is an error of its own.
    """
    for one in comparisons:
        found = []
        paired_gold = {a for a, _ in one.pairs}
        paired = {b for _, b in one.pairs}
        found += [_error(one, "missed", mine, None) for a, mine in enumerate(one.gold) if a not in paired_gold]
        found += [_error(one, "spurious", None, theirs) for b, theirs in enumerate(one.predicted) if b not in paired]
        for a, b in one.pairs:
            mine, theirs = one.gold[a], one.predicted[b]
            if mine.bare != theirs.bare:
                found.append(_error(one, "boundary", mine, theirs))
            if not same_source(mine, theirs):
                found.append(_error(one, "source", mine, theirs))
            if not same_cue(mine, theirs):
                found.append(_error(one, "cue", mine, theirs))
        yield from sorted(found, key=lambda error: (error.start, KINDS.index(error.kind)))


def _error(one: Comparison, kind: str, gold: Unit | None, predicted: Unit | None) -> Error:
    unit = gold or predicted
    assert unit is not None
    return Error(
        one.id,
        min((start for start, _ in unit.given.get("content") or [(0, 0)]), default=0),
        kind,
        unit.form,
        predicted.given.get("rule") if predicted else None,
        marked(one.text, gold.given) if gold else None,
        marked(one.text, predicted.given) if predicted else None,
    )


def marked(text: str, unit: Any) -> str:
    """Return the sentence around a unit in the bench form, with [content], {source} and <cue>; long stretches are shortened by `…`."""
    marks: list[tuple[int, int, int, str]] = []
    for role, (opening, closing) in MARKS.items():
        for start, end in unit.get(role) or ():
            marks.append((start, 1, -end, opening))
            marks.append((end, 0, -start, closing))
    if not marks:
        return ""
    marks.sort()
    first, last = marks[0][0], marks[-1][0]
    out = [_before(text, first)]
    at = first
    for place, _, _, mark in marks:
        out += [_short(text[at:place]), mark]
        at = place
    out.append(_after(text, last))
    return " ".join("".join(out).split())


def _before(text: str, at: int) -> str:
    start = max(0, at - CONTEXT)
    begin = max(text.rfind(". ", start, at) + 2, text.rfind("\n", start, at) + 1)
    return text[begin:at] if begin > 1 else ("…" if start else "") + text[start:at]


def _after(text: str, at: int) -> str:
    stop = min(len(text), at + CONTEXT)
    ends = [end for end in (text.find(". ", at, stop), text.find("\n", at, stop)) if end >= 0]
    if ends:
        return text[at : min(ends) + 1]
    return text[at:stop] + ("…" if stop < len(text) else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"
