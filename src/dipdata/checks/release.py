"""Release: the folder holds what manifest, card and schema say, and `datasets` loads it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from dipdata import tables
from dipdata.checks import lines
from dipdata.checks.catalogue import Check, error
from dipdata.explain import show
from dipdata.problems import CannotRunError, Problem
from dipdata.release.manifest import FILE, sha256
from dipdata.schemas import CONFIGS, Contract

if TYPE_CHECKING:
    import pyarrow as pa

AGAIN = "Export the release again."
MANIFEST = error("release.manifest", "The manifest is not JSON, or not what its schema says.", AGAIN)
SCHEMA = error("release.schema", "The folder's schema/ is not the one that the manifest names.", AGAIN)
FOREIGN = error("release.file-foreign", "A file is in the folder and not in the manifest.", "Remove it, or export the release again.")
MISSING = error("release.file-missing", "A file is in the manifest and not in the folder.", AGAIN)
CHANGED = error("release.file-changed", "A file does not have the size and SHA-256 that the manifest gives.", AGAIN)
PATH = error("release.file-path", "The manifest names a file outside the folder, or one file twice.", AGAIN)
COLUMNS = error("release.table-schema", "A table does not have the columns and types of schema/.", AGAIN)
CLASSES = error(
    "release.class-names", "A table's class names are not those of schema/ in the same order, so that codes mean other labels.", AGAIN
)
ROWS = error("release.table-rows", "A table has another number of rows than the manifest says.", AGAIN)
EMPTY = error(
    "release.split-empty", "A split of a config has no rows, which `datasets` cannot load.", "Export again: an empty split is left out."
)
NAMES = error("release.name", "A config or split has a name that `datasets` does not accept, or that dipdata does not make.", AGAIN)
LOAD = error("release.load", "`load_dataset` fails on the folder, or gives other splits and rows than promised.", AGAIN)
STREAM = error("release.load-streaming", "`load_dataset(..., streaming=True)` fails, or gives other rows than the whole.", AGAIN)

NAME = re.compile(r"\w+(\.\w+)*")
STREAMED = 200  # rows of a split that are looked at as a stream


def read_manifest(folder: Path, contract: Contract) -> tuple[dict[str, Any] | None, list[Problem]]:
    """Return the manifest, or None where it cannot be used, and what is wrong with it.

    Raises CannotRunError where there is none.
    """
    try:
        raw = (folder / FILE).read_bytes()
    except OSError as failed:
        raise CannotRunError(f"{folder}: no {FILE} can be read ({failed}). Name the folder of a release, or a project.") from failed
    # Any number of line ends and spaces makes no key come twice: parse as one line.
    values, problems = lines.parse(raw)
    found = [MANIFEST.at(FILE, problem.message, file=FILE) for problem in problems]
    if values is lines.NOTHING:
        return None, found
    found += [MANIFEST.at(FILE, one.message, pointer=one.pointer or None, file=FILE) for one in contract.findings("release", values)]
    return (None if found else values), found


def check(folder: Path, manifest: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    """Yield the problems of a release's manifest, files and tables, but for the records in them."""
    if manifest["schema_sha256"] != contract.sha256:
        yield SCHEMA.at("schema", "is not the schema that the manifest names", pointer="/schema_sha256", file=FILE)
    yield from _files(folder, manifest)
    yield from _names(manifest)


def sound_tables(folder: Path, manifest: dict[str, Any], contract: Contract) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Return the manifest's entries of tables that are as promised, and what is wrong with the others."""
    sound, problems = [], []
    for entry in manifest["files"]:
        if entry["config"] and entry["config"] in CONFIGS and _inside(folder, entry["path"]) and (folder / entry["path"]).is_file():
            found = list(_table(folder, entry, contract))
            problems.extend(found)
            if not found:
                sound.append(entry)
    return sound, problems


def promised(manifest: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return the rows of each split that a manifest promises, by config."""
    found: dict[str, dict[str, int]] = {}
    for entry in manifest["files"]:
        if entry["config"] and entry["split"]:
            rows = found.setdefault(entry["config"], {})
            rows[entry["split"]] = rows.get(entry["split"], 0) + (entry["rows"] or 0)
    return found


def loading(folder: Path, config: str, rows: dict[str, int], contract: Contract) -> Iterator[Problem]:
    """Load a config as a researcher would, whole and as a stream, offline, with a fresh cache: a stale one hides changes.

    `rows` are those promised of each split.
    """
    import datasets

    bars, offline = datasets.are_progress_bars_disabled(), datasets.config.HF_HUB_OFFLINE
    datasets.disable_progress_bars()
    datasets.config.HF_HUB_OFFLINE = True
    try:
        with tempfile.TemporaryDirectory() as cache:
            yield from _load(folder, config, rows, contract, cache)
    finally:
        datasets.config.HF_HUB_OFFLINE = offline
        if not bars:
            datasets.enable_progress_bars()


def _load(folder: Path, config: str, rows: dict[str, int], contract: Contract, cache: str) -> Iterator[Problem]:
    import datasets

    source = str(folder.resolve())
    try:
        whole = datasets.load_dataset(source, config, cache_dir=cache)
    except Exception as failed:  # whatever `datasets` raises, a researcher would meet it
        yield LOAD.at(config, f"`load_dataset` fails: {_first(failed, source)}")
        return
    found = {str(split): part.num_rows for split, part in whole.items()}
    if found != rows:
        yield LOAD.at(config, f"`load_dataset` gives {_counts(found)} where the manifest says {_counts(rows)}")
    if config in CONFIGS and any(part.features != contract.features(config) for part in whole.values()):
        yield CLASSES.at(config, "`load_dataset` gives other features than schema/ says: the card overrides the tables")
    try:
        for split, part in whole.items():
            stream = datasets.load_dataset(source, config, split=split, streaming=True, cache_dir=cache)
            size = min(part.num_rows, STREAMED)
            if stream.features != part.features or list(stream.take(STREAMED)) != list(part.select(range(size))):
                yield STREAM.at(f"{config}/{split}", "the stream gives other rows than the whole")
    except Exception as failed:  # as above
        yield STREAM.at(config, f"`load_dataset(..., streaming=True)` fails: {_first(failed, source)}")


def _files(folder: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    listed = {entry["path"]: entry for entry in manifest["files"]}
    if len(listed) < len(manifest["files"]):
        yield PATH.at(FILE, "names a file twice", pointer="/files", file=FILE)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() or path.is_symlink()} - {FILE}
    for name in sorted(there - set(listed)):
        yield FOREIGN.at(name, "is not in the manifest", file=name)
    for n, (name, entry) in enumerate(listed.items()):
        path = folder / name
        if not _inside(folder, name):
            yield PATH.at(name, "is outside the release", pointer=f"/files/{n}/path", file=FILE)
        elif path.is_dir():
            yield MISSING.at(name, "is a directory where the manifest names a file", file=name)
        elif name not in there:
            yield MISSING.at(name, "is in the manifest and not in the folder", file=FILE, pointer=f"/files/{n}/path")
        else:
            try:
                size, digest = path.stat().st_size, sha256(path)
            except OSError as failed:
                yield MISSING.at(name, f"cannot be read ({failed.strerror})", file=name)
                continue
            if size != entry["bytes"]:
                yield CHANGED.at(name, f"has {size} bytes where the manifest says {entry['bytes']}", file=name)
            elif digest != entry["sha256"]:
                yield CHANGED.at(name, "does not have the SHA-256 that the manifest gives", file=name)


def _inside(folder: Path, name: str) -> bool:
    pure = PurePosixPath(name)
    return not pure.is_absolute() and ".." not in pure.parts and (folder / name).resolve().is_relative_to(folder.resolve())


def _names(manifest: dict[str, Any]) -> Iterator[Problem]:
    for n, entry in enumerate(manifest["files"]):
        config, split = entry["config"], entry["split"]
        if config is None:
            continue
        if config not in CONFIGS:
            yield NAMES.at(config, f"is not one of the configs {', '.join(CONFIGS)}", pointer=f"/files/{n}/config", file=FILE)
        if split is None or not NAME.fullmatch(split):
            yield NAMES.at(entry["path"], f"has the split name {split!r}", pointer=f"/files/{n}/split", file=FILE)
        if not entry["rows"]:
            yield EMPTY.at(f"{config}/{split}", "has no rows", pointer=f"/files/{n}/rows", file=FILE)


def _table(folder: Path, entry: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    name = entry["path"]
    try:
        with pq.ParquetFile(folder / name) as file:
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (OSError, pa.ArrowException, ValueError) as failed:
        yield lines.TABLE.at(name, f"is not a Parquet file that can be read ({_first(failed)})", file=name)
        return
    if (broken := _promise_broken(schema, entry["config"], contract)) is not None:
        yield broken[0].at(name, broken[1], file=name)
    elif rows != entry["rows"]:
        yield ROWS.at(name, f"has {rows} rows where the manifest says {entry['rows']}", file=name)


def _promise_broken(schema: pa.Schema, config: str, contract: Contract) -> tuple[Check, str] | None:
    """Return the check that a table's schema fails, and how: columns and types, or the class names in its `huggingface` metadata."""
    promised = contract.arrow(config)
    for field in promised:
        if field.name not in schema.names:
            return COLUMNS, f"lacks the column {field.name}"
        if schema.field(field.name).type != field.type:
            return COLUMNS, f"has {schema.field(field.name).type} in the column {field.name}, not {field.type}"
    if schema.names != promised.names:
        extra = [name for name in schema.names if name not in promised.names]
        return COLUMNS, f"has the unknown column {extra[0]}" if extra else "has its columns in another order"
    try:
        found, wanted = tables.features_of(schema), contract.features(config)
    except (ValueError, KeyError, TypeError, AttributeError):  # no metadata, or not of this form
        return CLASSES, "has no class names that can be read in its `huggingface` metadata"
    different = [name for name in wanted if found.get(name) != wanted[name]]
    return (CLASSES, f"has other class names than schema/ in {', '.join(different)}") if different else None


def _counts(rows: dict[str, int]) -> str:
    return ", ".join(f"{count} {split}" for split, count in rows.items()) or "nothing"


def _first(failed: BaseException, folder: str = "") -> str:
    """Return the first line of an exception's words, without the place of the folder on this machine."""
    words = str(failed).splitlines()[0] if str(failed) else type(failed).__name__
    return show(words.replace(folder + "/", "") if folder else words, 200).strip("'")
