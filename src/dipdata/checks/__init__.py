"""What validate proves, one family a file. Each family declares its checks as `catalogue.Check`; docs/checks.md lists them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from dipdata.checks import (
    agreement,
    card,
    croissant,
    folders,
    gold,
    hygiene,
    joined,
    labels,
    lines,
    modes,
    offsets,
    pool,
    previous,
    references,
    release,
    schema,
    splits,
)
from dipdata.checks.catalogue import Check, checks_of
from dipdata.checks.places import located
from dipdata.checks.run import Part, Run
from dipdata.checks.texts import UNKNOWN, key_of
from dipdata.duplicates import Sketch
from dipdata.floors import Floors
from dipdata.problems import CannotRunError, Problem, Problems
from dipdata.project import Project
from dipdata.records import Annotation, Article, Corpus, Gold, Statement
from dipdata.release.manifest import FILE
from dipdata.release.rows import Batches
from dipdata.schemas import Contract, packaged

FAMILIES = (lines, schema, offsets, references, labels, splits, agreement, release, joined, card, croissant, previous, hygiene, modes)


def all_checks() -> list[Check]:
    """Return every check, by family in the order of `FAMILIES`, the two files of a family together."""
    found = [check for family in FAMILIES for check in checks_of(family)]
    families = list(dict.fromkeys(check.code.split(".")[0] for check in found))
    return sorted(found, key=lambda check: families.index(check.code.split(".")[0]))


def check_corpus(
    corpus: Corpus, contract: Contract, problems: Problems, *, floors: Floors | None = None, guideline: str | None = None
) -> None:
    """Add the problems of records in memory to `problems`."""
    run = Run(contract, floors or Floors(), guideline=guideline)
    kinds = ("article", corpus.articles), ("statement", corpus.statements), ("annotation", corpus.annotations), ("gold", corpus.gold)
    run.check([Part(kind, records=records) for kind, records in kinds], problems)
    problems.extend(gold.check(corpus.annotations, corpus.gold))


def check_project(
    project: Project,
    articles: Sequence[Article],
    statements: Sequence[Statement],
    annotations: Sequence[Annotation],
    found: Sequence[Gold],
    problems: Problems,
    *,
    workers: int | None = None,
) -> None:
    """Add the problems of a project: its articles and its statements that are not frozen as given, the files of annotations/ as they
    are, and the sources and prose. `annotations` and `found` (gold) are the sound records of those files.
    """
    problems.extend(folders.project_files(project))
    run = Run(project.contract, project.floors, guideline=project.guideline, workers=workers or cores())
    parts = folders.project_parts(project, articles, statements)
    run.check(parts, problems)
    problems.extend(located(gold.check(annotations, found), [part for part in parts if part.kind == "gold"]))


def check_files(
    project: Project, articles: Sequence[Article], statements: Sequence[Statement], folder: Path, problems: Problems, *, workers: int
) -> dict[str, Sketch | None]:
    """Add the problems of a project's records as export takes them: articles, statements that are not frozen, and the files of `folder`.

    Gold is left to `check_gold`, part by part. Returns the sketch of each article by id, by which near-duplicates are found.
    """
    run = Run(project.contract, project.floors, guideline=project.guideline, workers=workers, sketched=True)
    run.check(folders.project_parts(project, articles, statements, folder), problems)
    numbers = {article.id: run.texts.index.get(key_of(article.id)) for article in articles}
    return {key: run.texts.sketches[number] for key, number in numbers.items() if number is not None and number != UNKNOWN}


def check_gold(records: Batches, problems: Problems) -> None:
    """Add to `problems` where gold by the majority is not what the annotations of some articles give."""
    problems.extend(gold.check_batches(records.annotations, records.gold))


def check_records(folder: Path, problems: Problems, *, floors: Floors | None = None, workers: int | None = None) -> None:
    """Add the problems of a folder of records in JSONL; its own schema/ says what they must be, or the one that comes with dipdata."""
    contract = Contract(folder / "schema" if (folder / "schema").is_dir() else packaged())
    parts = folders.record_parts(folder)
    Run(contract, floors or Floors(), workers=workers or cores()).check(parts, problems)
    if any(part.kind == "gold" for part in parts):
        stale = gold.check(folders.sound(parts, Annotation, contract), folders.sound(parts, Gold, contract))
        problems.extend(located(stale, [part for part in parts if part.kind == "gold"]))


def check_release(
    folder: Path,
    problems: Problems,
    *,
    floors: Floors | None = None,
    before: Path | None = None,
    workers: int | None = None,
    load: bool = True,
) -> None:
    """Add the problems of a release to `problems`; its own schema/ says what its tables must be.

    `before` is the release before, else the newest older one beside it; `load` asks for the proof that `datasets` loads it, which takes
    seconds however small the release.

    Raises CannotRunError where `folder` has no manifest.
    """
    floors = floors or Floors()
    if not (folder / FILE).exists():
        raise CannotRunError(f"{folder}: no {FILE} here. Name the folder of a release, or a project.")
    try:
        contract = Contract(folder / "schema")
    except CannotRunError as failed:
        problems.extend([release.SCHEMA.at("schema", str(failed))])
        contract = Contract(packaged())
    manifest, found = release.read_manifest(folder, contract)
    problems.extend(found)
    if manifest is None:
        return
    problems.extend(release.check(folder, manifest, contract))
    problems.extend(card.check(folder, manifest, contract))
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".md", ".json") and path.is_file() and "schema" not in path.parts:
            problems.extend(folders.prose_problems(path, path.relative_to(folder).as_posix()))
    sound, found = release.sound_tables(folder, manifest, contract)
    problems.extend(found)
    mode = manifest["text_mode"]
    run = Run(contract, floors, guideline=manifest["guideline"], workers=workers or cores(), withheld=mode != "full", sketched=True)
    kinds = {"articles": "article", "statements": "statement", "annotations": "annotation"}
    parts = [Part(kinds[entry["config"]], entry["path"], folder / entry["path"]) for entry in sound if entry["config"] in kinds]
    run.check(parts, problems)
    # The longest first, so that none is left over when the others are done.
    jobs: list[Callable[[], Iterable[Problem]]] = [
        lambda: splits.of_release(folder, sound, run.texts, floors, {} if manifest["hold_out"] else manifest["splits"])
    ]
    if load and not found:
        jobs += [partial(release.loading, folder, config, rows, contract) for config, rows in release.promised(manifest).items()]
    jobs.append(lambda: croissant.check(folder, manifest, contract, load=load and not found))
    jobs.append(lambda: modes.check(folder, sound, mode))
    if not found:
        jobs.append(lambda: joined.check(folder, sound, contract))
        jobs.append(lambda: card.blocks(folder, manifest, sound, run.answers, contract))
        jobs.append(lambda: previous.check(folder, manifest, before))
    for done in pool.run(lambda job, _: list(job()), jobs, run.processes(parts)):
        problems.extend(done)


def recounted(folder: Path) -> dict[str, str] | None:
    """Return the blocks of a release's card made anew from its tables, or None where these are not sound."""
    try:
        contract = Contract(folder / "schema")
        manifest, _ = release.read_manifest(folder, contract)
    except CannotRunError:
        return None
    if manifest is None or manifest["schema_sha256"] != contract.sha256:
        return None
    sound, found = release.sound_tables(folder, manifest, contract)
    changed = [problem for problem in release.check(folder, manifest, contract) if problem.record != card.NAME]
    if found or changed:
        return None
    run = Run(contract, Floors(), withheld=manifest["text_mode"] != "full")
    run.check(
        [Part("annotation", entry["path"], folder / entry["path"]) for entry in sound if entry["config"] == "annotations"], Problems()
    )
    return card.recounted(folder, manifest, sound, run.answers, contract)


def is_release(folder: Path) -> bool:
    """Tell whether a folder is a release rather than a project."""
    return (folder / FILE).exists()


def is_records(folder: Path) -> bool:
    """Tell whether a folder holds records as JSONL files, and is no project."""
    return folder.is_dir() and bool(folders.record_parts(folder))


def cores() -> int:
    """Return how many processes can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
