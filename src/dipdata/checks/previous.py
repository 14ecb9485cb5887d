"""The release before: what changed since is what the version number says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dipdata.checks.catalogue import error
from dipdata.problems import CannotRunError, Problem
from dipdata.release import manifest as manifests
from dipdata.release.diff import compare, parse
from dipdata.release.manifest import FILE, sha256

VERSION = error(
    "release.version-too-low",
    "More changed since the release before than the version number says; what breaks users needs a new major version.",
    "Export the release again with the version that is named.",
)
BEFORE = error(
    "release.previous",
    "The manifest names a release before that is not the one beside it.",
    "Restore the old release: releases never change.",
)


def check(folder: Path, manifest: dict[str, Any], before: Path | None) -> Iterator[Problem]:
    """Yield what the version of a release hides of the changes since the one before: `before`, else the newest older one beside it.

    Raises CannotRunError where `before` is given and is no release.
    """
    old = before or newest_older(folder, manifest)
    if old is None:
        return
    was = manifests.read(old)
    named = manifest.get("previous")
    if named and named["version"] == was["version"] and named["sha256"] != sha256(old / FILE):
        yield BEFORE.at(
            FILE, f"names another {FILE} of version {named['version']} than that in {old.name}", pointer="/previous/sha256", file=FILE
        )
    try:
        found = compare(old, was, folder, manifest)
    except CannotRunError:
        if before:
            raise
        return  # the older release is broken: its own validation says how
    if not found.enough:
        why = "; ".join(found.breaking[:3]) or "records or schema changed"
        yield VERSION.at(
            FILE,
            f"is {manifest['version']} after {was['version']} and must be {found.demanded} or higher: {why}",
            pointer="/version",
            file=FILE,
        )


def newest_older(folder: Path, manifest: dict[str, Any]) -> Path | None:
    """Return the release of the same name with the highest lower version, among the folders beside this one."""
    older = []
    for path in folder.resolve().parent.glob(f"{manifest['name']}-*"):
        try:
            values = manifests.read(path)
            version = parse(values["version"])
        except (CannotRunError, ValueError, KeyError, AttributeError):
            continue
        if values.get("name") == manifest["name"] and version < parse(manifest["version"]):
            older.append((version, path))
    return max(older)[1] if older else None
