"""status: how far each annotator of a campaign is."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Annotation
from dipdata.studio import projects
from dipdata.studio.accounts import accounts, connect
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.reading import collect, read_all


@dataclass(frozen=True, slots=True)
class Progress:
    """One annotator: `account` is their address where this machine knows it, `assigned` how many tasks are theirs (in a shared project:
    all). `agreement` is the share of equal answers on sentiment and stance among those that another annotator gave too, or None.
    """

    annotator: str
    account: str | None
    assigned: int
    submitted: int
    skipped: int
    drafts: int
    median_seconds: float | None
    agreement: float | None


def campaign(project: Project, *, problems: Problems) -> list[Progress]:
    """Return how far each annotator is, by pseudonym: those who have a project of their own, an account, or any annotation.

    Raises CannotRunError without a server or a project on it.
    """
    client = connect(project)
    key = pseudonym_key(project)
    owned = projects.ours(client, project)
    if not owned:
        raise CannotRunError(f"{client.url}: no project for the dataset {project.name!r}. Run `dipdata push` first.")
    names = {pseudonym(key, account.email): account.email for account in accounts(project)}
    assigned: Counter[str] = Counter()
    shared = 0
    everything: list[Annotation] = []
    for found, said in owned:
        if said.annotator is None:
            shared += found.tasks
        else:
            assigned[said.annotator] += found.tasks
        latest, _, _ = collect(read_all(client.snapshot(found.number), key, project.contract, problems))
        everything += latest
    who = {*assigned, *(annotation.annotator for annotation in everything), *(names if shared else ())}
    agreed = agreements(everything)
    return [_progress(each, names.get(each), assigned[each] or shared, everything, agreed.get(each)) for each in sorted(who)]


def agreements(annotations: Iterable[Annotation]) -> dict[str, float]:
    """Return for each annotator the share of answers equal to another's, over sentiment and the stance on each target span."""
    answers: dict[object, list[tuple[str, str]]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status != "submitted":
            continue
        if annotation.sentiment is not None:
            answers[annotation.statement_id].append((annotation.annotator, annotation.sentiment))
        for target in annotation.targets:
            if target.stance is not None:
                answers[annotation.statement_id, target.start, target.end].append((annotation.annotator, target.stance))
    equal: Counter[str] = Counter()
    compared: Counter[str] = Counter()
    for given in answers.values():
        for number, (annotator, value) in enumerate(given):
            others = [other for position, (_, other) in enumerate(given) if position != number]
            compared[annotator] += len(others)
            equal[annotator] += others.count(value)
    return {annotator: equal[annotator] / times for annotator, times in compared.items() if times}


def _progress(who: str, account: str | None, assigned: int, everything: list[Annotation], agreement: float | None) -> Progress:
    theirs = [annotation for annotation in everything if annotation.annotator == who]
    states = Counter(annotation.status for annotation in theirs)
    seconds = [annotation.lead_time for annotation in theirs if annotation.status == "submitted" and annotation.lead_time is not None]
    median = statistics.median(seconds) if seconds else None
    return Progress(who, account, assigned, states["submitted"], states["skipped"], states["draft"], median, agreement)
