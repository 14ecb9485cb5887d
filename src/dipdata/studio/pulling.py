"""pull: what annotators left in a dataset's projects, merged into annotations/."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project, atomic
from dipdata.records import Annotation, Statement
from dipdata.schemas import Contract
from dipdata.studio import projects
from dipdata.studio.accounts import connect
from dipdata.studio.client import Client, Found
from dipdata.studio.migrate import renames
from dipdata.studio.pseudonyms import pseudonym_key
from dipdata.studio.reading import collect, read_all

CURSOR = "pull.json"
# So many changed tasks are fetched one by one; with more the export of all is quicker.
FEW = 200
# A change bears the time at which it was begun, and is seen when it is done: at most so long after.
MARGIN = timedelta(seconds=60)
Json = dict[str, Any]
Progress = Callable[[int, int], None]
Known = TypeVar("Known", Annotation, Statement)


@dataclass(frozen=True, slots=True)
class PullResult:
    """What a pull did, in annotations: new, changed, unchanged, refused, and known here but missing on the server.

    `statuses` counts what was read by status, `statements` those newly frozen, `files` all that were looked at. `whole` is False where
    only what had changed since the last pull was read.
    """

    new: int
    changed: int
    unchanged: int
    refused: int
    missing: int
    statements: int
    statuses: dict[str, int]
    files: tuple[Path, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read of a project: tasks and how many, whether these are all, else of which statements, and where the next pull goes on."""

    tasks: Iterable[Json]
    count: int
    whole: bool
    cursor: Callable[[], Json | None]
    statements: frozenset[str] = frozenset()


def pull(
    project: Project, *, into: Path | None = None, whole: bool = False, problems: Problems, progress: Progress | None = None
) -> PullResult:
    """Merge the server's annotations into the store in `into` (default: annotations/), one a statement and annotator.

    Of several by one annotator the one updated last counts; a draft counts only where nothing was submitted or skipped. What it replaces
    goes to versions/. A record whose answer is unchanged keeps its times, so that pulling again, or pulling what was loaded from the
    store, changes no byte. Nothing is ever deleted: what the server no longer has stays and is reported. What may not cross becomes a
    problem and is left out; a file with unreadable lines is left as it is.
    Where the store is as the last pull left it, only tasks changed since are read: created, updated, or with an annotation deleted; `whole`
    reads all. `progress` is told how many tasks are read.
    Raises CannotRunError without a server or a project on it, or where statements.jsonl is unreadable.
    """
    client = connect(project)
    owned = projects.ours(client, project)
    if not owned:
        raise CannotRunError(
            f"{client.url}: no project {project.studio_project!r} for the dataset {project.name!r}. Run `dipdata push` first."
        )
    folder, contract = into or project.annotations, project.contract
    if known := renames(contract):
        store.rename_values(folder, known)
    cursor = {} if whole else _cursor(project, folder, client.url)
    parts = [_read(client, found, cursor.get(str(found.number))) for found, _ in owned]
    cursors = {str(found.number): part.cursor for (found, _), part in zip(owned, parts, strict=True)}
    if not any(part.whole or part.count for part in parts):  # the store is as the last pull left it, and so is the server
        _remember(project, folder, client.url, cursors)
        return PullResult(0, 0, 0, 0, 0, 0, dict.fromkeys(contract.values("status"), 0), (), whole=False)
    frozen = _readable(store.read_statements, folder, contract, problems)
    if frozen is None:
        raise CannotRunError(f"{folder / store.STATEMENTS}: has unreadable lines. Mend or restore them, then pull again.")
    complete = all(part.whole for part in parts)
    expected = sum(part.count for part in parts)
    before = len(problems)
    exported = itertools.chain.from_iterable(part.tasks for part in parts)
    said = (lambda done: progress(done, expected)) if progress else None
    latest, older, made_from = collect(read_all(exported, pseudonym_key(project), contract, problems, said))
    refused = sum(problem.severity == "error" for problem in itertools.islice(problems, before, None))
    statements = {statement.id: statement for statement in frozen}
    added = [statement for name, statement in made_from.items() if name not in statements]
    if added:
        store.write_statements(folder, [*frozen, *added])

    by_annotator: dict[str, dict[str, Annotation]] = {path.stem: {} for path in sorted(folder.glob(store.ANNOTATORS))}
    for annotation in latest:
        by_annotator.setdefault(annotation.annotator, {})[annotation.statement_id] = annotation
    counts: Counter[str] = Counter()
    merged: list[Annotation] = []
    replaced, broken = list(older), 0
    for annotator, theirs in sorted(by_annotator.items()):
        path = folder / f"{annotator}.jsonl"
        ours = _readable(store.read_annotator, path, contract, problems)
        if ours is None:
            broken += 1
            remedy = "Mend or restore its unreadable lines, then pull again."
            problems.add("pull.file-broken", path.name, f"left as it is; {len(theirs)} annotations not merged", remedy, file=str(path))
            continue
        both = _merge(ours, theirs, counts, replaced)
        # What one annotator changed in a project of their own tells nothing of the others' answers to that statement.
        own = [part for (_, said), part in zip(owned, parts, strict=True) if said.annotator in (None, annotator)]
        missing = [
            annotation
            for annotation in ours
            if annotation.statement_id not in theirs
            and (complete or (own and all(part.whole or annotation.statement_id in part.statements for part in own)))
        ]
        if missing:
            counts["missing"] += len(missing)
            message = f"{len(missing)} of its annotations are not on the server, the first being {missing[0].id}"
            remedy = "They are kept. Run `dipdata restore` to put them back, or delete the lines if they are not wanted."
            problems.add("pull.missing-on-server", annotator, message, remedy, severity="warning", file=str(path))
        if complete or theirs:
            merged += both
    # What is replaced is kept before it is replaced: a pull that is killed between the two loses nothing.
    store.write_versions(folder, replaced)
    files = store.write_annotations(folder, merged)
    if not broken and not refused:
        _remember(project, folder, client.url, cursors)
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
        whole=complete,
    )


def _read(client: Client, found: Found, cursor: Json | None) -> _Read:
    """Read a project from its cursor on, or whole where there is none, tasks have gone, or much has changed.

    A cursor holds the time after which changes are asked for, and of the tasks changed since then those that were seen, with their times,
    so as not to read them again.
    """
    asked = client.clock()
    if cursor is not None and found.tasks >= cursor["tasks"]:
        since = datetime.fromisoformat(cursor["since"])
        drafted = client.drafted(found.number)
        changed = client.changed(found.number, since)
        new = {number for number, time in changed.items() if cursor["seen"].get(str(number)) != time.isoformat()}
        new |= {*drafted, *cursor["drafted"]}
        if len(new) <= FEW:
            tasks = client.full_tasks(found.number, sorted(new))
            at = _cursor_at(found, drafted, max(since, _settled(asked, changed)) if changed else since, changed)
            statements = frozenset(str((task.get("data") or {}).get("statement_id")) for task in tasks)
            return _Read(tasks, len(tasks), False, lambda: at, statements)
    exported = client.snapshot(found.number)
    times: dict[int, datetime] = {}
    drafts: list[int] = []

    def tasks_there() -> Iterator[Json]:
        for task in exported:
            times[task["id"]] = datetime.fromisoformat(task["updated_at"])
            if task.get("drafts"):
                drafts.append(task["id"])
            yield task

    return _Read(tasks_there(), found.tasks, True, lambda: _cursor_at(found, drafts, _settled(asked, times), times) if times else None)


def _settled(asked: datetime, times: Mapping[int, datetime]) -> datetime:
    """Return the time up to which no change can turn up that is not among `times`, which were asked for not before `asked`.

    Never after the last of them, which the server's own clock gave: that of a proxy may be wrong.
    """
    return min(asked - MARGIN, max(times.values()))


def _cursor_at(found: Found, drafted: list[int], since: datetime, times: Mapping[int, datetime]) -> Json:
    seen = {str(number): time.isoformat() for number, time in times.items() if time > since}
    return {"since": since.isoformat(), "seen": seen, "tasks": found.tasks, "drafted": drafted}


def _cursor(project: Project, folder: Path, url: str) -> dict[str, Any]:
    """Return each project's cursor, or nothing where the store or the server is another than at the last pull."""
    try:
        known = json.loads((project.private / CURSOR).read_bytes())
        same = known["folder"] == str(folder.resolve()) and known["url"] == url and known["state"] == _state(folder, project.contract)
        return {number: each for number, each in known["projects"].items() if each} if same else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _remember(project: Project, folder: Path, url: str, cursors: Mapping[str, Callable[[], Json | None]]) -> None:
    told = {number: cursor() for number, cursor in cursors.items()}
    known = {"folder": str(folder.resolve()), "url": url, "state": _state(folder, project.contract), "projects": told}
    with atomic(project.private / CURSOR, private=True) as file:
        file.write(json.dumps(known).encode())


def _state(folder: Path, contract: Contract) -> str:
    """Return a hash of everything that a pull merges with: the store's files, and the contract by which they are read."""
    digest = hashlib.sha256(contract.sha256.encode())
    for path in sorted(folder.glob("*.jsonl")):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _merge(ours: list[Annotation], theirs: dict[str, Annotation], counts: Counter[str], replaced: list[Annotation]) -> Iterable[Annotation]:
    merged = {annotation.statement_id: annotation for annotation in ours}
    for statement, new in theirs.items():
        old = merged.get(statement)
        if old is not None and replace(new, created=old.created, updated=old.updated) == old:
            counts["unchanged"] += 1
            continue
        counts["new" if old is None else "changed"] += 1
        if old is not None:
            replaced.append(old)
        merged[statement] = new
    return merged.values()


def _readable(
    read: Callable[[Path, Contract, Problems], list[Known]], path: Path, contract: Contract, problems: Problems
) -> list[Known] | None:
    """Return what `read` finds, or None, with its problems, where any of it is unreadable and rewriting the file would lose it."""
    found = Problems()
    records = read(path, contract, found)
    problems.extend(found)
    return None if len(found) else records
