"""Mentions -> speakers, countries, targets."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from dipdata.records import Article, Statement


def enrich(pairs: Iterable[tuple[Article, Statement]]) -> Iterator[Statement]:
    """Yield the statements with speakers (kind, and the state they speak for) and with proposed targets.

    The statements of one article must follow each other, in text order, as `segment_articles` yields them: a short form or a pronoun is
    understood by what was named before it in its article. Targets that a statement has already are kept.
    """
    from dipdata.actors.resolve import Memory
    from dipdata.actors.targets import propose

    memory: Memory | None = None
    for article, statement in pairs:
        if memory is None or memory.article is not article:
            memory = Memory(article)
        speakers = memory.speakers(statement)
        targets = statement.targets or propose(article, statement, speakers, memory.persons)
        yield dataclasses.replace(statement, speakers=speakers, targets=targets)
