"""A cue as it stands in a sentence: the group of words that attribute."""

from __future__ import annotations

from dataclasses import dataclass

from dipdata.statements.grammar import Cue


@dataclass(slots=True)
class Group:
    """A cue at tokens `[first, last]`; `parts` are the token ranges that its spans cover; complements are looked for from `after` on.

    `head` is the finite element, beside which the subject stands; `inverted` is the token of an inverted pronoun, -1 without one.
    """

    cue: Cue
    kind: int
    first: int
    last: int
    head: int
    after: int
    parts: list[tuple[int, int]]
    inverted: int = -1
    passive: bool = False
    aux: bool = False
    reflexive: bool = False
    others: tuple[Cue, ...] = ()


def kinds_of(readings: tuple[Cue, ...], lemma: str) -> int:
    """Return the kinds that a form may be as a form of `lemma`."""
    kinds = 0
    for reading in readings:
        if reading.lemma == lemma:
            kinds |= reading.kind
    return kinds
