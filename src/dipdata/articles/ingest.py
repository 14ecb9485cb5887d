"""`ingest`: raw/ -> build/articles/, one Parquet file a source; what is refused -> build/rejects.jsonl."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dipdata import tables
from dipdata.articles.build import ingest_files
from dipdata.articles.sources import RawFile, raw_files, source_folders
from dipdata.problems import Problem, Problems
from dipdata.project import Project, atomic
from dipdata.records import Article

Progress = Callable[[int, int | None], None]


def ingest(project: Project, paths: Sequence[Path] = (), *, problems: Problems, progress: Progress | None = None) -> int:
    """Read raw/, or the whole sources that `paths` lie in, into build/articles/; return how many articles these gave.

    Problems go to `problems` and, with those of the sources not read this time, to build/rejects.jsonl. The Parquet files of sources that
    are no longer in raw/ are removed. Raises CannotRunError where there is no raw/ or a path is not in it.
    """
    folders = source_folders(project, paths)
    every = source_folders(project, ())
    whole = folders == every
    names = {folder.name for folder in folders}
    others = [] if whole else [article for article in read_articles(project) if article.source not in names]
    found = Problems()
    files = list(raw_files(project, folders, found))
    articles = ingest_files(
        _counted(files, progress),
        contract=project.contract,
        problems=found,
        known={article.sha256: article.id for article in others},
        ids={article.id for article in others},
    )
    by_source: dict[str, list[Article]] = {}
    for article in articles:
        by_source.setdefault(article.source, []).append(article)
    target = project.build / "articles"
    state = _state_path(project)
    state.unlink(missing_ok=True)  # Until all is written, what is there counts as stale.
    for name, part in sorted(by_source.items()):
        tables.write_records(target / f"{name}.parquet", part, project.contract.features("articles"))
    present = {folder.name for folder in every}
    for old in target.glob("*.parquet"):
        if old.stem not in present or (old.stem in names and old.stem not in by_source):
            old.unlink()
    kept = [] if whole else [problem for problem in _read_rejects(project) if not _belongs(problem, names)]
    _write_rejects(project, [*kept, *found])
    if whole or (project.build / "articles").is_dir():
        with atomic(state) as file:
            file.write(json.dumps(fingerprint(project) if whole else {}, indent=1, sort_keys=True).encode() + b"\n")
    problems.extend(found)
    return sum(map(len, by_source.values()))


def read_articles(project: Project) -> list[Article]:
    """Return the articles of build/, by source and in the order read. Raises CannotRunError where a file of it cannot be read."""
    paths = sorted((project.build / "articles").glob("*.parquet"))
    return [article for path in paths for article in tables.read_records(path, Article)]


def load_articles(project: Project, problems: Problems) -> list[Article]:
    """Return the articles of build/ where they are those of raw/ as it is now, else read raw/ in memory; the problems are the same.

    Raises CannotRunError where there is neither.
    """
    if not project.raw.is_dir() and (project.build / "articles").is_dir():
        problems.extend(_read_rejects(project))
        return read_articles(project)
    folders = source_folders(project, ())
    if _is_fresh(project):
        problems.extend(_read_rejects(project))
        return read_articles(project)
    found = list(ingest_files(raw_files(project, folders, problems), contract=project.contract, problems=problems))
    return sorted(found, key=lambda article: f"{article.source}.parquet")


def fingerprint(project: Project) -> dict[str, Any]:
    """Return what build/articles/ depends on: the hash of every raw file by its path, of the contract and of this package's code."""
    here = Path(__file__).parent
    code = hashlib.sha256()
    for path in sorted([*here.glob("*.py"), *here.glob("*.toml")]):
        code.update(path.read_bytes())
    files = {}
    for path in sorted(project.raw.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            files[path.relative_to(project.root).as_posix()] = _hash(path)
    return {"code": code.hexdigest(), "contract": project.contract.sha256, "files": files}


def _is_fresh(project: Project) -> bool:
    try:
        return bool(json.loads(_state_path(project).read_bytes()) == fingerprint(project))
    except (OSError, ValueError):
        return False


def _state_path(project: Project) -> Path:
    return project.build / "articles" / "ingest.json"


def _hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return "unreadable"


def _counted(files: Sequence[RawFile], progress: Progress | None) -> Iterator[RawFile]:
    for done, file in enumerate(files):
        yield file
        if progress:
            progress(done + 1, len(files))


def _belongs(problem: Problem, sources: set[str]) -> bool:
    parts = problem.record.split("/")
    return len(parts) > 1 and parts[1] in sources


def _write_rejects(project: Project, found: Iterable[Problem]) -> None:
    with atomic(project.build / "rejects.jsonl") as file:
        for problem in found:
            values = {key: value for key, value in dataclasses.asdict(problem).items() if value is not None}
            file.write(json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n")


def _read_rejects(project: Project) -> list[Problem]:
    try:
        lines = (project.build / "rejects.jsonl").read_bytes().splitlines()
        return [Problem(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError):
        return []
