"""Who labels what, and in which order. Pure functions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from dipdata.problems import CannotRunError
from dipdata.records import Statement

ORDERS = ("text", "uncertain", "target")
Item = TypeVar("Item")


def assign(
    statements: Iterable[str], annotators: Sequence[str], overlap: int, *, seed: int, already: Mapping[str, Iterable[str]] | None = None
) -> dict[str, set[str]]:
    """Return the statements of each annotator: each statement to `overlap` of them, none with over one more than another.

    `already` gives what annotators hold from before; it stays with them, and counts. The same seed and input give the same assignment in
    any order of input. Balance holds for what is newly given out.
    Raises CannotRunError where there are fewer annotators than the overlap asks for, or one is named twice.
    """
    if not 1 <= overlap <= len(annotators):
        raise CannotRunError(f"overlap {overlap}: there are {len(annotators)} annotators. Name more with --annotators, or lower --overlap.")
    if len(set(annotators)) < len(annotators):
        raise CannotRunError("an annotator is named twice. Name each once.")
    held = {annotator: set((already or {}).get(annotator, ())) for annotator in annotators}
    given: dict[str, set[str]] = {annotator: set() for annotator in annotators}
    for statement in sorted(set(statements), key=lambda name: _hash(seed, name)):
        others = [annotator for annotator in annotators if statement not in held[annotator]]
        missing = overlap - (len(annotators) - len(others))
        others.sort(key=lambda annotator: (len(given[annotator]), _hash(seed, statement, annotator)))
        for annotator in others[: max(0, missing)]:
            given[annotator].add(statement)
    return {annotator: held[annotator] | given[annotator] for annotator in annotators}


def ordered(items: Iterable[Item], order: str, statement: Callable[[Item], Statement]) -> list[Item]:
    """Return items in the order to label them: `text` as they come, `uncertain` the least confident first, `target` by first target.

    Raises CannotRunError on another order.
    """
    if order == "text":
        return list(items)
    if order == "uncertain":
        return sorted(items, key=lambda item: statement(item).confidence)
    if order == "target":
        return sorted(items, key=lambda item: next((span.surface.casefold() for span in statement(item).targets), "\U0010ffff"))
    raise CannotRunError(f"order {order!r}: choose one of {', '.join(ORDERS)}.")


def _hash(seed: int, *names: str) -> bytes:
    return hashlib.sha256(";".join((str(seed), *names)).encode()).digest()
