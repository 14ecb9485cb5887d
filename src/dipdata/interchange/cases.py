"""Where CASes lie: loose files, archives of documents, and whole projects as INCEpTION exports them.

A project has an archive for each annotator of a document, `annotation/DOCUMENT/USER.zip`, and one for what was curated,
`curation/DOCUMENT/CURATION_USER.zip`; each holds an XMI and its type system.
"""

from __future__ import annotations

import io
import itertools
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from dipdata.problems import Problems

TYPES = "typesystem.xml"
VIEWS = ("annotation", "curation")
# Endings of documents' names, which INCEpTION keeps.
ENDINGS = (".txt", ".xmi", ".html", ".pdf")


@dataclass(frozen=True, slots=True)
class Case:
    """One CAS: the name of its document, whether it was curated, its XMI and its type system."""

    document: str
    curated: bool
    xmi: bytes
    types: bytes


def find(path: Path, problems: Problems) -> Iterator[Case]:
    """Yield each CAS of a file or folder, archives in archives included; what cannot be read becomes a problem (`import.not-uima`)."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        where = PurePosixPath(file.relative_to(path if path.is_dir() else path.parent)).with_suffix("")
        if file.suffix == ".zip":
            yield from _archive(file, str(file), where, problems)
        elif file.suffix == ".xmi":
            types = next((one for one in file.parent.iterdir() if one.name.lower() == TYPES), None)
            if types is None:
                problems.add("import.not-uima", str(file), "has no TypeSystem.xml beside it", "Put the one of its project there.")
            else:
                yield _case(where, where.name, file.read_bytes(), types.read_bytes())


def _archive(content: Path | IO[bytes], shown: str, where: PurePosixPath, problems: Problems) -> Iterator[Case]:
    try:
        with zipfile.ZipFile(content) as archive:
            names = sorted(archive.namelist())
            types = next((name for name in names if PurePosixPath(name).name.lower() == TYPES), None)
            for name in names:
                inner = PurePosixPath(name)
                if inner.suffix == ".zip":
                    yield from _archive(io.BytesIO(archive.read(name)), f"{shown}/{name}", where / inner.with_suffix(""), problems)
                elif inner.suffix == ".xmi" and types is None:
                    problems.add("import.not-uima", f"{shown}/{name}", "has no TypeSystem.xml in its archive", "Export it again.")
                elif inner.suffix == ".xmi" and types is not None:
                    yield _case(where / inner.with_suffix(""), f"{where.name}/{inner.stem}", archive.read(name), archive.read(types))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        problems.add("import.not-uima", shown, f"cannot be read ({error})", "Export it again.")


def _case(where: PurePosixPath, name: str, xmi: bytes, types: bytes) -> Case:
    """Return a CAS, named by its document where it lies in a project, else `name`."""
    parts = [part for part in where.parts if part not in ("/", "..")]
    for view, document in itertools.pairwise(parts[:-1]):
        if view in VIEWS:
            ending = PurePosixPath(document).suffix
            return Case(document.removesuffix(ending) if ending in ENDINGS else document, view == "curation", xmi, types)
    return Case(name, False, xmi, types)
