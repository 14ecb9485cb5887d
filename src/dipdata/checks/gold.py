"""Gold made by a rule is what that rule gives on the annotations that are there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dipdata import columns
from dipdata.annotations.adjudication import MAJORITY, adjudicate
from dipdata.checks import batches, labels, references
from dipdata.problems import Problem
from dipdata.records import Annotation, Gold, Record, from_dict
from dipdata.tables import described

if TYPE_CHECKING:
    import pyarrow as pa


def check_batches(annotations: pa.RecordBatch, gold: pa.RecordBatch) -> Iterator[Problem]:
    """Yield what `check` does, of record batches of all annotations and gold of some statements."""
    import pyarrow.compute as pc

    suspects = batches.stale_suspects(annotations, gold)
    if suspects.any():
        gold = gold.filter(suspects)
        mine = annotations.filter(pc.is_in(annotations.column("statement_id"), gold.column("statement_id")))
        yield from check(_records(mine, Annotation), _records(gold, Gold))


def _records(batch: pa.RecordBatch, kind: type[Record]) -> list[Record]:
    return [from_dict(kind, row) for row in columns.rows(batch, described(batch.schema))]


def check(annotations: Sequence[Annotation], gold: Iterable[Gold]) -> Iterator[Problem]:
    """Yield the gold records by `rule:majority` that the majority does not give, and targets that nobody marked."""
    annotations = list({annotation.id: annotation for annotation in annotations}.values())  # one that comes twice is reported elsewhere
    wanted = {record.statement_id: record for record in adjudicate(annotations, [])}
    marked: dict[str, set[tuple[int, int]]] = {}
    for annotation in annotations:
        marked.setdefault(annotation.statement_id, set()).update((target.start, target.end) for target in annotation.targets)
    for record in gold:
        if record.by != MAJORITY:
            continue
        sound = True
        for n, target in enumerate(record.targets):
            if (target.start, target.end) not in marked.get(record.statement_id, set()):
                sound = False
                message = f"target {target.start}-{target.end} ({target.surface!r}) is in none of the annotations"
                yield references.TARGET.at(record.statement_id, message, pointer=f"/targets/{n}")
        made = wanted.get(record.statement_id)
        if made is None:
            yield labels.GOLD.at(record.statement_id, "is gold by majority where the annotations have none")
            continue
        if not sound or made == record:
            continue
        held = dataclasses.replace(record, annotations=tuple(sorted(record.annotations)))
        if made != held:
            name = next(name for name in Gold.__slots__ if getattr(made, name) != getattr(held, name))
            yield labels.GOLD.at(record.statement_id, f"has another {name} than the majority of the annotations gives", pointer=f"/{name}")
