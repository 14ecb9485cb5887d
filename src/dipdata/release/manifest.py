"""release.json: what a release holds, with the SHA-256 of each file, and what it was made from."""

from __future__ import annotations

import hashlib
import importlib.metadata
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

FILE = "release.json"
TOOLS = ("dipdata", "datasets", "pyarrow")


def file_entries(folder: Path, tables: dict[str, tuple[str, str, int]]) -> list[dict[str, Any]]:
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


def records_sha256(records: Iterable[dict[str, Any]]) -> str:
    """Return one SHA-256 over records in the given order, each as JSON with sorted keys."""
    digest = hashlib.sha256()
    for record in records:
        digest.update(orjson.dumps(record, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))
    return digest.hexdigest()


def tools() -> dict[str, str]:
    """Return the versions that a release's bytes depend on."""
    return {name: importlib.metadata.version(name) for name in TOOLS}


def commit(root: Path) -> str | None:
    """Return the git commit of a project, or None where it is not in git or differs from what is committed."""
    try:
        status = subprocess.run(["git", "status", "--porcelain", "--", "."], cwd=root, capture_output=True, text=True, check=True)
        head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return None if status.stdout.strip() else head.stdout.strip()
