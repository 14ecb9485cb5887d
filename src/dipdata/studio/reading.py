"""What annotators left on a server, read and checked: exported tasks -> annotations. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dipdata.problems import Problems
from dipdata.records import Annotation, Statement
from dipdata.schemas import Contract
from dipdata.studio.pseudonyms import pseudonym
from dipdata.studio.tasks import RefusedError, Task, read_annotation, read_task

Json = dict[str, Any]


def answers_of(task: Json) -> Iterator[tuple[str, Json, bool]]:
    """Yield address, values and whether it is a draft of everything that annotators left on an exported task."""
    for annotation in task.get("annotations") or []:
        by = annotation.get("completed_by")
        if isinstance(by, dict) and by.get("email"):
            yield str(by["email"]), annotation, False
    for draft in task.get("drafts") or []:
        # A draft that hangs on an annotation is an unfinished change to it: the submission still stands.
        if isinstance(draft, dict) and draft.get("user") and draft.get("annotation") is None:
            yield str(draft["user"]), draft, True


def read_all(
    exported: Iterable[Json], key: bytes, contract: Contract, problems: Problems, progress: Callable[[int], None] | None = None
) -> Iterator[tuple[Task, Annotation]]:
    """Yield each annotation with the task that it was made on; what may not cross becomes a problem.

    `key` makes the pseudonyms; `progress` is told how many tasks are read.
    """
    for done, values in enumerate(exported, start=1):
        answers = list(answers_of(values))
        if progress:
            progress(done)
        if not answers:
            continue
        name = str((values.get("data") or {}).get("statement_id") or f"task {values.get('id')}")
        try:
            task = read_task(values, contract)
        except RefusedError as error:
            problems.add(error.code, name, str(error), error.remedy)
            continue
        for email, answer, draft in answers:
            annotator = pseudonym(key, email)
            try:
                annotation = read_annotation(task, answer, annotator, draft=draft, contract=contract)
            except RefusedError as error:
                problems.add(error.code, f"{name} by {annotator}", str(error), error.remedy)
                continue
            yield task, annotation


def collect(read: Iterable[tuple[Task, Annotation]]) -> tuple[list[Annotation], list[Annotation], dict[str, Statement]]:
    """Return the annotation that counts for each statement and annotator, the older ones, and the statements that they speak of."""
    latest: dict[tuple[str, str], Annotation] = {}
    older: list[Annotation] = []
    statements: dict[str, Statement] = {}
    for task, annotation in read:
        key = (annotation.statement_id, annotation.annotator)
        known = latest.get(key)
        if known is None:
            latest[key] = annotation
        else:
            latest[key], old = (annotation, known) if rank(annotation) > rank(known) else (known, annotation)
            older.append(old)
        statements[task.statement.id] = task.statement
    return list(latest.values()), older, statements


def rank(annotation: Annotation) -> tuple[bool, str]:
    """Return what the annotation that counts has most of: a draft never stands against a submission, and the last change wins."""
    return annotation.status != "draft", annotation.updated
