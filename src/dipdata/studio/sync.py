"""push, pull and load: statements to Label Studio, annotations back into annotations/, and recorded annotations onto a server."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Annotation, Article, Statement
from dipdata.schemas import Contract
from dipdata.studio import projects
from dipdata.studio.accounts import Account, connect
from dipdata.studio.client import Client, Found, prediction_faults
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.tasks import RefusedError, Task, read_annotation, read_task, to_result, to_task

BATCH = 500
Json = dict[str, Any]
Progress = Callable[[int, int], None]
Known = TypeVar("Known", Annotation, Statement)


@dataclass(frozen=True, slots=True)
class PushResult:
    """What a push did: the project's address, and how many statements were pushed, were there already, were refused."""

    url: str
    pushed: int
    present: int
    refused: int


@dataclass(frozen=True, slots=True)
class PullResult:
    """What a pull did, in annotations: new, changed, unchanged, refused, and known here but missing on the server.

    `statuses` counts what the server holds by status, `statements` those newly frozen, `files` all that were looked at.
    """

    new: int
    changed: int
    unchanged: int
    refused: int
    missing: int
    statements: int
    statuses: dict[str, int]
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did, in annotations: put on the server, there already, refused."""

    loaded: int
    present: int
    refused: int


def push(
    project: Project,
    statements: Iterable[tuple[Article, Statement]],
    *,
    language: str | None = None,
    problems: Problems,
    progress: Progress | None = None,
) -> PushResult:
    """Make a task for each statement that the project on the server has none for; makes the project when it is missing.

    Running it again adds nothing, and completes a push that was interrupted. What may not cross becomes a problem. `progress` is told
    how many of the new tasks are done. `language` is that of the annotators, kept from the last push where it is None.
    Raises CannotRunError without a server, or where a foreign project has the title.
    """
    client = connect(project)
    found, lang = projects.ensure(client, project, title=project.studio_project, language=language)
    known = Counter(str(data.get("statement_id")) for _, data in client.tasks(found.number))
    for statement, count in known.items():
        if count > 1:
            message = f"{count} tasks on the server for one statement"
            problems.add("push.task-twice", statement, message, "Delete all but the one with annotations.", severity="warning")
    unique = {statement.id: (article, statement) for article, statement in statements}
    new = [pair for pair in unique.values() if pair[1].id not in known]
    tasks = list(_tasks(new, project, found.config, lang, problems))
    for start in range(0, len(tasks), BATCH):
        client.import_tasks(found.number, tasks[start : start + BATCH])
        if progress:
            progress(min(start + BATCH, len(tasks)), len(tasks))
    return PushResult(f"{client.url}/projects/{found.number}/data", len(tasks), len(unique) - len(new), len(new) - len(tasks))


def pull(project: Project, *, into: Path | None = None, problems: Problems, progress: Progress | None = None) -> PullResult:
    """Merge the server's annotations into the store in `into` (default: annotations/), one a statement and annotator.

    Of several by one annotator the one updated last counts; a draft counts only where nothing was submitted or skipped. A record whose
    answer is unchanged keeps its times, so that pulling again, or pulling what was loaded from the store, changes no byte. Nothing is
    ever deleted: what the server no longer has stays and is reported. What may not cross becomes a problem and is left out; a file with
    unreadable lines is left as it is. `progress` is told how many tasks are read.
    Raises CannotRunError without a server or a project on it, or where statements.jsonl is unreadable.
    """
    client = connect(project)
    found = _pool(client, project)
    folder, contract = into or project.annotations, project.contract
    frozen = _readable(store.read_statements, folder, contract, problems)
    if frozen is None:
        raise CannotRunError(f"{folder / store.STATEMENTS}: has unreadable lines. Mend or restore them, then pull again.")
    exported = client.snapshot(found.number)
    before = len(problems)
    latest, made_from = _collect(_read_all(exported, pseudonym_key(project), contract, problems, progress))
    refused = sum(problem.severity == "error" for problem in itertools.islice(problems, before, None))
    statements = {statement.id: statement for statement in frozen}
    added = [statement for name, statement in made_from.items() if name not in statements]
    if added:
        store.write_statements(folder, [*frozen, *added])

    by_annotator: dict[str, dict[str, Annotation]] = {path.stem: {} for path in sorted(folder.glob(store.ANNOTATORS))}
    for annotation in latest:
        by_annotator.setdefault(annotation.annotator, {})[annotation.statement_id] = annotation
    counts: Counter[str] = Counter()
    files = []
    for annotator, theirs in sorted(by_annotator.items()):
        path = folder / f"{annotator}.jsonl"
        ours = _readable(store.read_annotator, path, contract, problems)
        if ours is None:
            remedy = "Mend or restore its unreadable lines, then pull again."
            problems.add("pull.file-broken", path.name, f"left as it is; {len(theirs)} annotations not merged", remedy, file=str(path))
            continue
        merged = _merge(ours, theirs, counts)
        missing = [annotation for annotation in ours if annotation.statement_id not in theirs]
        if missing:
            counts["missing"] += len(missing)
            message = f"{len(missing)} of its annotations are not on the server, the first being {missing[0].id}"
            remedy = "They are kept. Push their statements and load them again, or delete the lines if they are not wanted."
            problems.add("pull.missing-on-server", annotator, message, remedy, severity="warning", file=str(path))
        files += store.write_annotations(folder, merged)
    statuses = Counter(annotation.status for annotation in latest)
    return PullResult(
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=refused,
        missing=counts["missing"],
        statements=len(added),
        statuses={status: statuses[status] for status in contract.values("status")},
        files=tuple(files),
    )


def load(
    project: Project,
    annotations: Iterable[Annotation],
    accounts: Iterable[Account],
    *,
    problems: Problems,
    progress: Progress | None = None,
) -> LoadResult:
    """Put recorded annotations on the server, each by the account whose pseudonym it bears: regions, answers, lead time, skips, drafts.

    Statements must have been pushed. Where the annotator already has something on a task, nothing is added. Label Studio sets the times
    itself; `pull` keeps those of a record whose answer is unchanged. `progress` is told how many are done.
    """
    client = connect(project)
    found = _pool(client, project)
    key = pseudonym_key(project)
    clients = {pseudonym(key, account.email): Client(client.url, account.token) for account in accounts}
    numbers: dict[str, int] = {}
    present: set[tuple[str, str]] = set()
    for task in client.snapshot(found.number):
        statement = str((task.get("data") or {}).get("statement_id"))
        numbers.setdefault(statement, int(task["id"]))
        present.update((statement, pseudonym(key, email)) for email, _, _ in _answers(task))
    wanted = list(annotations)
    counts: Counter[str] = Counter()
    for done, annotation in enumerate(wanted, start=1):
        counts[_load_one(annotation, clients, numbers, present, problems)] += 1
        if progress:
            progress(done, len(wanted))
    return LoadResult(counts["loaded"], counts["present"], counts["refused"])


def _load_one(
    annotation: Annotation, clients: dict[str, Client], numbers: dict[str, int], present: set[tuple[str, str]], problems: Problems
) -> str:
    if (annotation.statement_id, annotation.annotator) in present:
        return "present"
    by, number = clients.get(annotation.annotator), numbers.get(annotation.statement_id)
    if by is None:
        problems.add(
            "load.no-account", annotation.id, f"no account of {annotation.annotator}", "Add the annotator, with the same pseudonym key."
        )
        return "refused"
    if number is None:
        problems.add("load.no-task", annotation.id, f"no task for statement {annotation.statement_id}", "Push the statement first.")
        return "refused"
    if annotation.status == "draft":
        by.draft(number, to_result(annotation), lead_time=annotation.lead_time)
    else:
        by.annotate(number, to_result(annotation), lead_time=annotation.lead_time, skipped=annotation.status == "skipped")
    return "loaded"


def _pool(client: Client, project: Project) -> Found:
    found = client.find_project(project.studio_project)
    said = projects.marks(found) if found else None
    if found is None or said is None or said.dataset != project.name:
        raise CannotRunError(
            f"{client.url}: no project {project.studio_project!r} for the dataset {project.name!r}. Run `dipdata push` first."
        )
    return found


def _tasks(pairs: Iterable[tuple[Article, Statement]], project: Project, config: str, lang: str, problems: Problems) -> Iterator[Json]:
    """Yield the tasks that may cross; the others become problems."""
    tasks = []
    for article, statement in pairs:
        try:
            tasks.append(to_task(article, statement, guideline=project.guideline, scheme=project.contract.version, lang=lang))
        except RefusedError as error:
            problems.add(error.code, statement.id, str(error), error.remedy)
    for task, fault in zip(tasks, prediction_faults(config, (task["predictions"][0] for task in tasks)), strict=True):
        if fault is None:
            yield task
        else:
            problems.add("push.prediction", task["data"]["statement_id"], fault, "Compare schema/labels.schema.json with the statement.")


def _answers(task: Json) -> Iterator[tuple[str, Json, bool]]:
    """Yield address, values and whether it is a draft of everything that annotators left on an exported task."""
    for annotation in task.get("annotations") or []:
        by = annotation.get("completed_by")
        if isinstance(by, dict) and by.get("email"):
            yield str(by["email"]), annotation, False
    for draft in task.get("drafts") or []:
        # A draft that hangs on an annotation is an unfinished change to it: the submission still stands.
        if isinstance(draft, dict) and draft.get("user") and draft.get("annotation") is None:
            yield str(draft["user"]), draft, True


def _read_all(
    exported: list[Json], key: bytes, contract: Contract, problems: Problems, progress: Progress | None
) -> Iterator[tuple[Task, Annotation]]:
    for done, values in enumerate(exported, start=1):
        answers = list(_answers(values))
        if progress:
            progress(done, len(exported))
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


def _collect(read: Iterable[tuple[Task, Annotation]]) -> tuple[list[Annotation], dict[str, Statement]]:
    """Return the annotation that counts for each statement and annotator, and the statements that they speak of."""
    latest: dict[tuple[str, str], Annotation] = {}
    statements: dict[str, Statement] = {}
    for task, annotation in read:
        key = (annotation.statement_id, annotation.annotator)
        known = latest.get(key)
        if known is None or _rank(annotation) > _rank(known):
            latest[key] = annotation
        statements[task.statement.id] = task.statement
    return list(latest.values()), statements


def _rank(annotation: Annotation) -> tuple[bool, str]:
    return annotation.status != "draft", annotation.updated


def _merge(ours: list[Annotation], theirs: dict[str, Annotation], counts: Counter[str]) -> list[Annotation]:
    merged = {annotation.statement_id: annotation for annotation in ours}
    for statement, new in theirs.items():
        old = merged.get(statement)
        if old is not None and replace(new, created=old.created, updated=old.updated) == old:
            counts["unchanged"] += 1
            continue
        counts["new" if old is None else "changed"] += 1
        merged[statement] = new
    return list(merged.values())


def _readable(
    read: Callable[[Path, Contract, Problems], list[Known]], path: Path, contract: Contract, problems: Problems
) -> list[Known] | None:
    """Return what `read` finds, or None, with its problems, where any of it is unreadable and rewriting the file would lose it."""
    found = Problems()
    records = read(path, contract, found)
    problems.extend(found)
    return None if len(found) else records
