"""restore and load: recorded annotations put onto a server."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Annotation
from dipdata.studio import projects, sync
from dipdata.studio.accounts import Account, accounts, add_annotator, connect
from dipdata.studio.client import Client
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.reading import answers_of
from dipdata.studio.tasks import to_result

Progress = Callable[[int, int], None]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did, in annotations: put on the server, there already, refused."""

    loaded: int
    present: int
    refused: int


def restore(
    project: Project,
    pairs: Iterable[sync.Pair],
    annotations: Sequence[Annotation],
    *,
    blind: bool | None = None,
    language: str | None = None,
    problems: Problems,
    progress: Progress | None = None,
) -> tuple[sync.PushResult, LoadResult]:
    """Rebuild what a server has lost: tasks for the annotated statements, annotators' accounts, and every annotation that is missing.

    `pairs` are the frozen statements with their articles. `blind` gives each annotator's project what they annotated, as `push` with
    annotators does; None does so where annotators have projects of their own alone. `language` is that of the annotators, else that of
    their accounts, or English. Safe to repeat, and completes a restore that was interrupted. A `pull` afterwards changes nothing.
    Accounts are those of .dipdata/annotators.json; an annotation whose account is unknown becomes a problem.
    """
    key = pseudonym_key(project)
    people = {pseudonym(key, account.email): account for account in accounts(project)}
    wanted = {annotation.annotator for annotation in annotations}
    people = {who: add_annotator(project, account.email) for who, account in people.items() if who in wanted}
    unique = list(pairs)
    if blind is None:
        blind = projects.separate(connect(project), project)
    if not blind:
        recorded = _recorded(project, annotations, people)
        made = sync.push(project, unique, language=language, recorded=recorded, problems=problems, progress=progress)
        return made, _counted(made, load(project, annotations, people.values(), problems=problems, progress=progress))
    total = sync.PushResult("", 0, 0, 0)
    loads = LoadResult(0, 0, sum(annotation.annotator not in people for annotation in annotations))
    for annotator in sorted(wanted - set(people)):
        problems.add("load.no-account", annotator, "no account has this pseudonym", "Add the annotator, with the same pseudonym key.")
    for who, account in sorted(people.items()):
        theirs = [annotation for annotation in annotations if annotation.annotator == who]
        mine = {annotation.statement_id for annotation in theirs}
        part = [pair for pair in unique if pair[1].id in mine]
        recorded = _recorded(project, theirs, people)
        done = sync.push(
            project, part, annotators=[account.email], overlap=1, language=language, recorded=recorded, problems=problems, progress=progress
        )
        total = replace(done, pushed=total.pushed + done.pushed, present=total.present + done.present, refused=total.refused + done.refused)
        one = _counted(done, load(project, theirs, [account], annotator=who, problems=problems, progress=progress))
        loads = LoadResult(loads.loaded + one.loaded, loads.present + one.present, loads.refused + one.refused)
    return total, loads


def _recorded(project: Project, annotations: Iterable[Annotation], people: Mapping[str, Account]) -> dict[str, list[Json]]:
    """Return by statement what new tasks come with: importing annotations with their task is dozens of times as fast as one by one.

    Drafts, which hang on nobody's submission, follow one by one.
    """
    users = connect(project).users()
    found: dict[str, list[Json]] = defaultdict(list)
    for annotation in annotations:
        user = users.get(people[annotation.annotator].email) if annotation.annotator in people else None
        if user is not None and annotation.status != "draft":
            skipped = annotation.status == "skipped"
            values = {"result": to_result(annotation), "lead_time": annotation.lead_time, "was_cancelled": skipped}
            found[annotation.statement_id].append(values | {"completed_by": user})
    return dict(found)


def _counted(made: sync.PushResult, loaded: LoadResult) -> LoadResult:
    """Count what came with new tasks as loaded, and not as there already."""
    return replace(loaded, loaded=loaded.loaded + made.recorded, present=loaded.present - made.recorded)


def load(
    project: Project,
    annotations: Iterable[Annotation],
    accounts: Iterable[Account],
    *,
    annotator: str | None = None,
    problems: Problems,
    progress: Progress | None = None,
) -> LoadResult:
    """Put recorded annotations on the server, each by the account whose pseudonym it bears: regions, answers, lead time, skips, drafts.

    Statements must have been pushed, to the shared project or, with `annotator` (a pseudonym), to that annotator's. Where the annotator
    already has something on a task, nothing is added. Label Studio sets the times itself; `pull` keeps those of a record whose answer is
    unchanged. `progress` is told how many are done.
    """
    client = connect(project)
    found = next((found for found, said in projects.ours(client, project) if said.annotator == annotator), None)
    if found is None:
        raise CannotRunError(
            f"{client.url}: no project {project.studio_project!r} for the dataset {project.name!r}. Run `dipdata push` first."
        )
    key = pseudonym_key(project)
    clients = {pseudonym(key, account.email): Client(client.url, account.token) for account in accounts}
    numbers: dict[str, int] = {}
    present: set[tuple[str, str]] = set()
    for task in client.snapshot(found.number):
        statement = str((task.get("data") or {}).get("statement_id"))
        numbers.setdefault(statement, int(task["id"]))
        present.update((statement, pseudonym(key, email)) for email, _, _ in answers_of(task))
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
