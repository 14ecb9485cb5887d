"""source.toml and the files beside it: what raw/ holds, and what is known of it. The only module here that reads the disk."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dipdata.articles.readers import FORMATS
from dipdata.articles.refusal import RefusalError
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project

FILE = "source.toml"
LARGEST = 512_000_000
"""Bytes of a raw file; larger is refused rather than read into memory."""


@dataclass(frozen=True, slots=True)
class Source:
    """A folder below raw/ with its source.toml."""

    name: str
    publisher: str
    licence: str
    lang: str | None = None
    encoding: str | None = None
    skip: frozenset[str] = frozenset()
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawFile:
    """One raw file: its path below the project's folder, with slashes, and a name below its source's folder."""

    source: Source
    path: str
    name: str
    location: Path

    def read(self) -> bytes:
        """Return the bytes. Raises RefusalError where they cannot be read."""
        try:
            size = self.location.stat().st_size
            if size > LARGEST:
                raise RefusalError("ingest.too-large", f"a file of {size:,} bytes", "Split it, or list it in source.toml under skip.")
            return self.location.read_bytes()
        except OSError as error:
            raise RefusalError(
                "ingest.unreadable", f"cannot be read ({error.strerror})", "Give leave to read it, or list it in source.toml under skip."
            ) from error


def source_folders(project: Project, paths: Sequence[Path]) -> list[Path]:
    """Return the folders below raw/, or those of them that `paths` lie in.

    Raises CannotRunError where there is no raw/, or a path is not in it.
    """
    raw = project.raw
    if not raw.is_dir():
        raise CannotRunError(f"{raw}: no such folder. Make one folder a source in it, each with a {FILE}; `dipdata init` shows the form.")
    every = sorted(path for path in raw.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not paths:
        return every
    chosen = set()
    for path in paths:
        absolute = path.resolve()
        inside = absolute.is_relative_to(raw)
        found = [folder for folder in every if absolute.is_relative_to(folder)]
        if not inside or not absolute.exists() or (not found and absolute != raw):
            raise CannotRunError(f"{path}: not a source folder or a file of one in {raw}. Name one, or none for all of raw/.")
        chosen.update(found or every)
    return sorted(chosen)


def raw_files(project: Project, folders: Sequence[Path], problems: Problems) -> Iterator[RawFile]:
    """Yield the raw files of these source folders in the order of their names; what cannot be used becomes a problem."""
    if list(folders) == source_folders(project, ()):
        for path in sorted(project.raw.iterdir()):
            if not path.is_dir() and path.suffix.lower() in FORMATS:
                _no_source(path, project, problems, "beside the source folders, in none of them")
    for folder in folders:
        source = read_source(folder, project, problems)
        if source is not None:
            yield from _walk(folder, source, project, problems)


def read_source(folder: Path, project: Project, problems: Problems) -> Source | None:
    """Return what source.toml says of a folder; None, with a problem, where it is missing or wrong."""
    path = folder / FILE
    name = _relative(path, project)
    if not path.is_file():
        _no_source(folder, project, problems, f"a folder without {FILE}")
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        problems.add(
            "ingest.bad-source-toml", name, f"not valid TOML ({error})", "Mend it; raw/README.md or `dipdata init` shows its form."
        )
        return None
    # TOML has dates of its own; the schema knows strings.
    plain = _plain(values)
    findings = list(project.contract.findings("source", plain))
    for finding in findings:
        problems.add(
            "ingest.bad-source-toml",
            name,
            finding.message,
            "Correct the value; schema/source.schema.json says what is allowed.",
            pointer=finding.pointer or None,
        )
    if findings:
        return None
    return Source(
        name=folder.name,
        publisher=plain["publisher"],
        licence=plain["licence"],
        lang=plain.get("lang"),
        encoding=plain.get("encoding"),
        skip=frozenset(plain.get("skip", ())),
        files=plain.get("files", {}),
    )


def _walk(folder: Path, source: Source, project: Project, problems: Problems) -> Iterator[RawFile]:
    seen = set()
    for place, folders, names in os.walk(folder, onerror=lambda error: _unreadable_folder(error, project, problems)):
        here = Path(place)
        for name in sorted(folders):
            path = here / name
            if path.is_symlink() or path.suffix.lower() in FORMATS:
                what = "a link to a folder, which is not followed" if path.is_symlink() else "a folder with the name of a file"
                if not name.startswith("."):
                    problems.add("ingest.not-a-file", _relative(path, project), what, "Put the files themselves in the source's folder.")
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not (here / name).is_symlink() and (here / name).suffix.lower() not in FORMATS
        )
        for name in sorted(names):
            path = here / name
            below = path.relative_to(folder).as_posix()
            seen.add(below)
            if name.startswith(".") or below in source.skip or name == FILE or path.stem.upper() in {"README", "PROVENANCE", "LICENSE"}:
                continue
            relative = _relative(path, project)
            if path.suffix.lower() not in FORMATS:
                problems.add(
                    "ingest.unknown-format",
                    relative,
                    f"not a kind of file that can be read ({', '.join(FORMATS)})",
                    f"Save it as one of these, or list it in {_relative(folder / FILE, project)} under skip.",
                )
            elif not path.is_file():
                problems.add(
                    "ingest.unreadable",
                    relative,
                    "not a file that can be opened (a broken or circular link, or a device)",
                    "Put the file itself in its place, or delete it.",
                )
            else:
                yield RawFile(source, relative, below, path)
    for missing in sorted((set(source.files) | source.skip) - seen):
        problems.add(
            "ingest.no-such-file",
            _relative(folder / FILE, project),
            f"speaks of {missing!r}, which is not there",
            "Correct the name, or take the entry out.",
            severity="warning",
        )


def _unreadable_folder(error: OSError, project: Project, problems: Problems) -> None:
    problems.add(
        "ingest.unreadable", _relative(Path(error.filename), project), f"cannot be read ({error.strerror})", "Give leave to read it."
    )


def _no_source(path: Path, project: Project, problems: Problems, what: str) -> None:
    problems.add(
        "ingest.no-source-toml",
        _relative(path, project),
        what,
        f"Put it in a folder with a {FILE} that names publisher and licence; `dipdata init` shows the form.",
    )


def _relative(path: Path, project: Project) -> str:
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else path.as_posix()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | bool | int | float) else str(value)
