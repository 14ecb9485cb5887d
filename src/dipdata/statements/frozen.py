"""Statements that annotations speak of are frozen: segmenting anew never moves or renames them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dipdata.records import Statement
from dipdata.spans import overlap, pairs

# Contents that share half of what they cover are the same statement, as the scorer's `rx` has it.
SAME = 0.5


def keep(frozen: Iterable[Statement], fresh: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the frozen statements, then each fresh one whose content is not that of a frozen one with the same article and cue.

    A nested statement shares most of its content with the outer one and has another cue, so that both stay.
    """
    held: dict[str, list[Statement]] = {}
    for statement in frozen:
        held.setdefault(statement.article_id, []).append(statement)
        yield statement
    for statement in fresh:
        if not any(_same(statement, other) for other in held.get(statement.article_id, ())):
            yield statement


def _same(a: Statement, b: Statement) -> bool:
    if a.id == b.id:
        return True
    cues = not (a.cue and b.cue) or overlap(pairs(a.cue), pairs(b.cue)) > 0
    return cues and overlap(pairs(a.content), pairs(b.content)) >= SAME
