"""release.json: what a release holds, with the SHA-256 of each file, and what it was made from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from dipdata.problems import CannotRunError

FILE = "release.json"
TOOLS = ("dipdata", "datasets", "pyarrow")
# What is read from a manifest without looking whether it is there.
KEYS = ("name", "version", "title", "licence", "text_mode", "hold_out", "guideline", "sources", "previous", "tools")


def write(folder: Path, values: Mapping[str, Any]) -> None:
    """Write the manifest of a release folder."""
    (folder / FILE).write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a release. Raises CannotRunError where there is none that can be read."""
    try:
        values = orjson.loads((folder / FILE).read_bytes())
        if not isinstance(values, dict) or not isinstance(values.get("files"), list):
            raise ValueError("not a manifest")
        if missing := [key for key in KEYS if key not in values]:
            raise ValueError(f"without {missing[0]!r}")
    except OSError as error:
        raise CannotRunError(f"{folder}: not a release, no {FILE} can be read ({error.strerror}). Name a release folder.") from error
    except ValueError as error:
        raise CannotRunError(f"{folder / FILE}: broken ({error}). Restore the release, or export it again.") from error
    return values


def file_entries(folder: Path, tables: Mapping[str, tuple[str, str, int]]) -> list[dict[str, Any]]:
    """Return an entry for each file of a release but its manifest, sorted by path.

    `tables` gives config, split and rows of the Parquet files, by path below the folder.
    """
    entries = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != FILE):
        name = path.relative_to(folder).as_posix()
        config, split, rows = tables.get(name, (None, None, None))
        entries.append({"path": name, "bytes": path.stat().st_size, "sha256": sha256(path), "config": config, "split": split, "rows": rows})
    return entries


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Digest:
    """One hash over a set of records, whatever their order and however they are divided: the sum of their SHA-256s.

    Source: Bellare and Micciancio, A New Paradigm for Collision-free Hashing, 1997 (AdHash). It tells that records changed; whoever
    wants to forge a set can.
    """

    def __init__(self, lines: Iterable[bytes] = ()) -> None:
        self.value = 0
        self.update(lines)

    def update(self, lines: Iterable[bytes]) -> None:
        """Add records, each as a line of JSON as dipdata writes it, without the line feed."""
        self.value += sum(int.from_bytes(hashlib.sha256(line).digest(), "big") for line in lines)

    def join(self, other: Digest) -> None:
        """Add the records of another digest."""
        self.value += other.value

    def hex(self) -> str:
        """Return the hash in 64 hexadecimal digits."""
        return f"{self.value % 2**256:064x}"


def tools() -> dict[str, str]:
    """Return the versions that a release's bytes depend on; Python's, since what counts as a letter depends on it."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python} | {name: importlib.metadata.version(name) for name in TOOLS}


def commit(root: Path) -> str | None:
    """Return the git commit of a project, or None where it is not in git or differs from what is committed."""
    found = None if uncommitted(root) else _git(root, "rev-parse", "HEAD")
    return found.strip() if found else None


def uncommitted(root: Path) -> list[str] | None:
    """Return the files of a project that differ from what is committed, as git lists them; None where it is not in git.

    The splits that export itself freezes do not count: the release holds them.
    """
    found = _git(root, "status", "--porcelain", "--", ".", ":!annotations/splits.jsonl")
    return None if found is None else found.splitlines()


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, None where it fails."""
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
