"""push: statements to Label Studio, into a project that annotators share or into one for each of them."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project, atomic
from dipdata.records import Article, Statement
from dipdata.studio import projects
from dipdata.studio.accounts import add_annotator, connect
from dipdata.studio.assign import assign, ordered
from dipdata.studio.client import Client, Found, Held, prediction_faults
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.tasks import MODEL, RefusedError, to_task

BATCH = 1000
# An import goes on in the server when its client is gone; this many seconds after it began it has ended, or never came.
SETTLED = 20.0
# Seconds in which a batch is handed to the server of this machine, some ten megabytes.
ON_ITS_WAY = 0.1
Json = dict[str, Any]
Progress = Callable[[int, int], None]
Pair = tuple[Article, Statement]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PushResult:
    """What a push did: the address of the (first) project, and how many tasks were pushed, were there already, were refused.

    Of those there already, `updated` got the statement as it is now, and `outdated` could not, since somebody has labelled them.
    `recorded` counts the annotations that came with the tasks pushed.
    """

    url: str
    pushed: int
    present: int
    refused: int
    updated: int = 0
    outdated: int = 0
    recorded: int = 0


def push(
    project: Project,
    statements: Iterable[Pair],
    *,
    annotators: Sequence[str] = (),
    overlap: int = projects.OVERLAP,
    language: str | None = None,
    order: str = "text",
    pool: bool = True,
    recorded: Mapping[str, Sequence[Json]] | None = None,
    problems: Problems,
    progress: Progress | None = None,
) -> PushResult:
    """Make a task for each statement that has none; makes the project when it is missing.

    Without `annotators` there is one project for all, in which each task asks for `overlap` of them. With names of accounts, which are
    made where they are missing, each has a project of their own, so that nobody sees another's labels, and each statement goes to
    `overlap` of them, balanced and by the dataset's seed; what one has stays with them.
    `order` is `text`, `uncertain` or `target` and holds for new tasks; `language` is that of the annotators, kept from the last push where
    it is None. Running it again adds nothing, and completes a push that was interrupted. A changed statement changes its task where nobody
    has labelled it, and is reported where somebody has. What may not cross becomes a problem. `progress` is told how many of the new
    tasks are done. With `pool` False no project for all is made where annotators have their own.
    Raises CannotRunError without a server, or where a foreign project has the title.
    """
    client = connect(project)
    if not annotators and not pool and projects.separate(client, project):
        raise CannotRunError(
            f"{client.url}: the annotators of {project.name!r} have projects of their own. Name them with --annotators a,b,c, "
            "or give --pool for one more in which all see each other's labels."
        )
    unique = list({statement.id: (article, statement) for article, statement in statements}.values())
    pairs = ordered(unique, order, lambda pair: pair[1])
    counts: Counter[str] = Counter()
    with _alone(project):
        if not annotators:
            parts = [(*projects.ensure(client, project, title=project.studio_project, language=language, overlap=overlap), pairs)]
        else:
            parts = list(_blind(client, project, pairs, annotators, overlap, language))
        before, expected = 0, sum(len(part) for _, _, part in parts)
        for found, lang, part in parts:
            tell = _shifted(progress, before, expected)
            counts += _fill(client, project, found, lang, part, recorded or {}, problems, tell)
            before += len(part)
    first = parts[0][0].number
    return PushResult(
        f"{client.url}/projects/{first}/data",
        counts["pushed"],
        counts["present"],
        counts["refused"],
        counts["updated"],
        counts["outdated"],
        counts["recorded"],
    )


def _blind(
    client: Client, project: Project, pairs: Sequence[Pair], annotators: Sequence[str], overlap: int, language: str | None
) -> Iterator[tuple[Found, str, list[Pair]]]:
    """Yield each annotator's project, language and statements."""
    key = pseudonym_key(project)
    people = {
        pseudonym(key, account.email): account for account in (add_annotator(project, name, language=language) for name in annotators)
    }
    known = {said.annotator: found for found, said in projects.ours(client, project)}
    already = {who: [str(task.data.get("statement_id")) for task in client.held(known[who].number)] for who in people if who in known}
    given = assign([statement.id for _, statement in pairs], list(people), overlap, seed=project.seed, already=already)
    for who, account in people.items():
        # Label Studio takes titles of 50 characters.
        title = known[who].title if who in known else f"{project.studio_project[:28]} · {account.email.partition('@')[0][:18]}"
        found, lang = projects.ensure(client, project, title=title, annotator=who, language=account.language, overlap=1)
        yield found, lang, [pair for pair in pairs if pair[1].id in given[who]]


def _fill(
    client: Client,
    project: Project,
    found: Found,
    lang: str,
    pairs: Sequence[Pair],
    recorded: Mapping[str, Sequence[Json]],
    problems: Problems,
    progress: Progress | None,
) -> Counter[str]:
    """Bring the tasks of one project up to date with `pairs`. While the server imports a batch, the next one is made."""
    journal = project.private / f"importing-{found.number}.json"
    _await_import(client, found, journal)
    held = _once(client, client.held(found.number), problems)
    counts: Counter[str] = Counter()
    stale: list[tuple[Held, Json]] = []
    fresh = _fresh(_tasks(pairs, project, lang, problems, counts), held, recorded, stale, problems, counts)

    def send(batch: list[Json]) -> list[Json]:
        with _journalled(journal, len(held) + counts["pushed"], len(batch)):
            client.import_tasks(found.number, batch)
        return batch

    def sent(batch: list[Json]) -> None:
        counts["pushed"] += len(batch)
        counts["recorded"] += sum(len(task.get("annotations", ())) for task in batch)
        if progress:
            progress(counts["pushed"], len(pairs))

    with ThreadPoolExecutor(1) as pool:
        sending: Future[list[Json]] | None = None
        while part := list(itertools.islice(fresh, BATCH)):
            batch = list(_checked(found.config, part, lambda task: task, problems, counts))
            if sending:
                sent(sending.result())
            sending = pool.submit(send, batch) if batch else None
            if sending:  # not until it is on its way does the next batch take the processor from it
                wait([sending], ON_ITS_WAY)
        if sending:
            sent(sending.result())
    for there, task in _checked(found.config, stale, lambda pair: pair[1], problems, counts):
        client.replace_task(there.number, task)
        counts["updated"] += 1
    if not found.shown and (counts["pushed"] or counts["updated"] or any(task.predicted for task in held.values())):
        # Whoever deletes predictions, or a model, leaves the project without any that it shows.
        client.update_project(found.number, model_version=MODEL)
    return counts


def _fresh(
    tasks: Iterable[tuple[str, Json]],
    held: Mapping[str, Held],
    recorded: Mapping[str, Sequence[Json]],
    stale: list[tuple[Held, Json]],
    problems: Problems,
    counts: Counter[str],
) -> Iterator[Json]:
    """Yield the tasks that are not there yet; those that are there in another form, and may be changed, go to `stale`."""
    for statement, task in tasks:
        there = held.get(statement)
        if there is None:
            yield task | {"annotations": recorded[statement]} if statement in recorded else task
            continue
        counts["present"] += 1
        new, old = task["data"]["fingerprint"], str(there.data.get("fingerprint"))
        if there.labelled:
            if old.partition("-")[0] != new.partition("-")[0] and "fingerprint" in there.data:
                counts["outdated"] += 1
                message = "has changed since, and somebody has labelled it as it was"
                remedy = (
                    "Pull first: a labelled statement then stays as it was. Or delete its task in Label Studio to have it labelled anew."
                )
                problems.add("push.statement-changed", statement, message, remedy, severity="warning")
        elif old != new or not there.predicted:
            stale.append((there, task))


@contextmanager
def _alone(project: Project) -> Iterator[None]:
    """Wait until no other push of this project runs on this machine: two at once would both find a task missing."""
    import filelock

    project.private.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(project.private / "push.lock"):
        yield


@contextmanager
def _journalled(journal: Path, before: int, size: int) -> Iterator[None]:
    """Leave a note of an import that does not come to its end: how many tasks there were, and how many come."""
    with atomic(journal, private=True) as file:
        file.write(json.dumps({"before": before, "size": size}).encode())
    yield
    journal.unlink()


def _await_import(client: Client, found: Found, journal: Path) -> None:
    """Wait for an import whose push was interrupted, else its tasks would be imported a second time."""
    try:
        note = json.loads(journal.read_bytes())
        ends = journal.stat().st_mtime + SETTLED
    except (FileNotFoundError, ValueError):
        return
    while time.time() < ends:
        now = next((each.tasks for each in client.projects() if each.number == found.number), 0)
        if now >= int(note["before"]) + int(note["size"]):
            break
        time.sleep(0.5)
    journal.unlink()


def _once(client: Client, held: Iterable[Held], problems: Problems) -> dict[str, Held]:
    """Return the task of each statement; a second one that nobody has labelled is deleted, and one that somebody has is reported."""
    kept: dict[str, Held] = {}
    for task in sorted(held, key=lambda task: (not task.labelled, task.number)):
        statement = task.data.get("statement_id")
        if not isinstance(statement, str) or "fingerprint" not in task.data:
            if isinstance(statement, str):
                kept.setdefault(statement, task)
            continue
        if statement not in kept:
            kept[statement] = task
        elif not task.labelled:
            client.delete_task(task.number)
        else:
            message = f"tasks {kept[statement].number} and {task.number} are both labelled"
            problems.add("push.task-twice", statement, message, "Pull, then delete one of them.", severity="warning")
    return kept


def _tasks(pairs: Iterable[Pair], project: Project, lang: str, problems: Problems, counts: Counter[str]) -> Iterator[tuple[str, Json]]:
    """Yield statement id and task of what may cross; the rest becomes problems."""
    for article, statement in pairs:
        try:
            yield statement.id, to_task(article, statement, guideline=project.guideline, scheme=project.contract.version, lang=lang)
        except RefusedError as error:
            counts["refused"] += 1
            problems.add(error.code, statement.id, str(error), error.remedy)


def _checked(
    config: str, items: Sequence[Item], task: Callable[[Item], Mapping[str, Any]], problems: Problems, counts: Counter[str]
) -> Iterator[Item]:
    """Yield the items whose task's prediction fits the config; the others become problems."""
    for item, fault in zip(items, prediction_faults(config, (task(item)["predictions"][0] for item in items)), strict=True):
        if fault is None:
            yield item
        else:
            counts["refused"] += 1
            remedy = "Compare schema/labels.schema.json with the statement."
            problems.add("push.prediction", task(item)["data"]["statement_id"], fault, remedy)


def _shifted(progress: Progress | None, before: int, total: int) -> Progress | None:
    return (lambda done, _total: progress(before + done, total)) if progress else None
