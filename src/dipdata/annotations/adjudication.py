"""Annotations -> gold, by a rule that is written into each gold record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from dipdata.records import Annotation, Gold, StanceTarget

MAJORITY = "rule:majority"


def adjudicate(annotations: Iterable[Annotation], gold: Iterable[Gold]) -> Iterator[Gold]:
    """Yield gold in order of statement: a person's record as it is, and for the other statements what more than half of the
    submitted annotations say.

    Where no value has more than half, the label is None; a statement without a majority on its validity gets no gold. A target is
    kept when more than half of the annotators marked the same span.
    """
    by_person = {record.statement_id: record for record in gold if not record.by.startswith("rule:")}
    answers: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted":
            answers[annotation.statement_id].append(annotation)
    for statement in sorted(by_person.keys() | answers.keys()):
        record = by_person.get(statement) or _majority(statement, answers[statement])
        if record is not None:
            yield record


def _majority(statement: str, answers: list[Annotation]) -> Gold | None:
    validity = _most([a.validity for a in answers], len(answers))
    if validity is None:
        return None
    sentiment, act, targets = None, None, []
    if validity != "not_a_statement":
        sentiment = _most([a.sentiment for a in answers], len(answers))
        act = _most([a.act for a in answers], len(answers))
        stances: dict[tuple[int, int, str], list[str | None]] = defaultdict(list)
        for annotation in answers:
            for target in annotation.targets:
                stances[target.start, target.end, target.surface].append(target.stance)
        targets = [
            StanceTarget(*span, _most(votes, len(votes))) for span, votes in sorted(stances.items()) if 2 * len(votes) > len(answers)
        ]
    return Gold(
        statement_id=statement,
        validity=validity,
        sentiment=sentiment,
        targets=tuple(targets),
        by=MAJORITY,
        annotations=tuple(sorted(a.id for a in answers)),
        guideline=max(a.guideline for a in answers),
        act=act,
    )


def _most(values: list[str | None], of: int) -> str | None:
    """Return the value that more than half of `of` answers give; None is none."""
    if of == 1 and values:
        return values[0]
    return next((value for value in set(values) if 2 * values.count(value) > of), None)
