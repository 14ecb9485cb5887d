"""Release: the folder holds what manifest, card and schema say, and `datasets` loads it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from dipdata import tables
from dipdata.problems import CannotRunError, Problem
from dipdata.records import Annotation, Article, Corpus, Record, Statement, from_dict
from dipdata.release.manifest import FILE, sha256
from dipdata.schemas import Contract

if TYPE_CHECKING:
    import pyarrow as pa

AGAIN = "Export the release again."


def check(folder: Path, contract: Contract) -> Iterator[Problem]:
    """Yield the problems of a release folder's files, tables and card.

    Raises CannotRunError where there is no manifest.
    """
    manifest = _manifest(folder)
    if manifest is None:
        yield Problem("release.manifest", FILE, "is not valid JSON", AGAIN)
        return
    findings = list(contract.findings("release", manifest))
    for finding in findings:
        yield Problem("release.manifest", FILE, finding.message, AGAIN, pointer=finding.pointer or None)
    if findings:
        return
    if manifest["schema_sha256"] != contract.sha256:
        yield Problem("release.schema", "schema", "is not the schema that the manifest names", AGAIN, pointer="/schema_sha256")
    yield from _files(folder, manifest)
    broken = False
    for entry in manifest["files"]:
        if entry["config"] and (folder / entry["path"]).is_file():
            for problem in _table(folder, entry, contract):
                broken = True
                yield problem
    if not broken:
        yield from _loading(folder, manifest, contract)


def corpus(folder: Path, contract: Contract) -> Corpus:
    """Return the records that a release's tables hold; gold is not published as records of its own. Broken tables are left out."""

    def read(config: str, kind: type[Record]) -> list[Record]:
        found: list[Record] = []
        for path in sorted((folder / config).glob("*.parquet")):
            table = _read(path)
            if table is not None and table.schema.equals(contract.arrow(config)):
                found.extend(from_dict(kind, {key: row[key] for key in kind.__slots__}) for row in tables.from_table(table))
        return found

    return Corpus(read("articles", Article), read("statements", Statement), read("annotations", Annotation), [])


def _manifest(folder: Path) -> dict[str, Any] | None:
    try:
        values = orjson.loads((folder / FILE).read_bytes())
    except ValueError:
        return None
    except OSError as error:
        raise CannotRunError(f"{folder}: no {FILE} can be read ({error}). Name the folder of a release, or a project.") from error
    return values if isinstance(values, dict) else None


def _files(folder: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    listed = {entry["path"]: entry for entry in manifest["files"]}
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {FILE}
    for name in sorted(there - set(listed)):
        yield Problem("release.file-foreign", name, "is not in the manifest", "Remove it, or export the release again.")
    for name, entry in listed.items():
        if name not in there:
            yield Problem("release.file-missing", name, "is in the manifest and not in the folder", AGAIN)
        elif sha256(folder / name) != entry["sha256"]:
            yield Problem("release.file-changed", name, "does not have the SHA-256 that the manifest gives", AGAIN)


def _table(folder: Path, entry: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    name, table = entry["path"], _read(folder / entry["path"])
    if table is None:
        yield Problem("release.table-broken", name, "is not a Parquet file that can be read", AGAIN)
    elif not _as_promised(table.schema, entry["config"], contract):
        yield Problem("release.table-schema", name, "does not have the columns and class names of schema/", AGAIN)
    elif table.num_rows != entry["rows"]:
        yield Problem("release.table-rows", name, f"has {table.num_rows} rows where the manifest says {entry['rows']}", AGAIN)


def _as_promised(schema: pa.Schema, config: str, contract: Contract) -> bool:
    """Tell whether a table has the columns of a config and, in its `huggingface` metadata, the class names in the same order."""
    from datasets import Features

    try:
        return bool(schema.equals(contract.arrow(config)) and Features.from_arrow_schema(schema) == contract.features(config))
    except (ValueError, KeyError, TypeError, AttributeError):  # metadata that is no JSON, or not of this form
        return False


def _read(path: Path) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        return None


def _loading(folder: Path, manifest: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    """Load each config as a researcher would, with a fresh cache: a stale one hides changes."""
    import datasets

    promised: dict[str, dict[str, int]] = {}
    for entry in manifest["files"]:
        if entry["config"]:
            promised.setdefault(entry["config"], {})[entry["split"]] = entry["rows"]
    bars = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        with tempfile.TemporaryDirectory() as cache:
            for config, rows in promised.items():
                try:
                    found = datasets.load_dataset(str(folder.resolve()), config, cache_dir=cache)
                except Exception as error:  # whatever `datasets` raises, a researcher would meet it
                    yield Problem("release.load", config, f"`load_dataset` fails: {str(error).splitlines()[0]}", AGAIN)
                    continue
                if {split: part.num_rows for split, part in found.items()} != rows:
                    yield Problem("release.load", config, "`load_dataset` gives other splits or rows than the manifest", AGAIN)
                elif any(part.features != contract.features(config) for part in found.values()):
                    yield Problem("release.card-features", f"README.md: {config}", "features of the card differ from schema/", AGAIN)
    finally:
        if not bars:
            datasets.enable_progress_bars()
