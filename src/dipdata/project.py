"""dipdata.toml -> Project: where things are, languages, label scheme, floors."""

from __future__ import annotations

import errno
import functools
import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dipdata import floors
from dipdata.floors import Floors
from dipdata.problems import CannotRunError
from dipdata.schemas import Contract, packaged

FILE = "dipdata.toml"
# What a write meets where there is no room, and where there is none or no right to write.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ROOM = (*FULL, errno.EACCES, errno.EPERM, errno.EROFS)
SPLITS = {"train": 0.7, "validation": 0.15, "test": 0.15}


@dataclass(frozen=True)
class Project:
    """One dataset project: a folder with a dipdata.toml."""

    root: Path
    name: str
    title: str
    licence: str
    guideline: str
    seed: int
    splits: dict[str, float]
    studio_project: str
    floors: Floors

    @property
    def raw(self) -> Path:
        """Source articles, one folder a source."""
        return self.root / "raw"

    @property
    def annotations(self) -> Path:
        """One JSONL an annotator, gold.jsonl, and statements.jsonl with the statements that they speak of."""
        return self.root / "annotations"

    @property
    def build(self) -> Path:
        """Made from raw/: articles and statements. Never committed."""
        return self.root / "build"

    @property
    def dist(self) -> Path:
        """Releases. Never committed."""
        return self.root / "dist"

    @property
    def private(self) -> Path:
        """Keys and state of this machine: the pseudonym key, the Label Studio address. Never committed."""
        return self.root / ".dipdata"

    @functools.cached_property
    def contract(self) -> Contract:
        """The schemas of this project: its own `schema/`, or those that come with dipdata."""
        own = self.root / "schema"
        return Contract(own if own.is_dir() else packaged())


def load(folder: Path | None = None) -> Project:
    """Return the project at `folder`, or the one that the current folder stands in.

    Raises CannotRunError where there is no dipdata.toml or it cannot be read.
    """
    start = (folder or Path.cwd()).resolve()
    for root in [start] if folder else [start, *start.parents]:
        if (root / FILE).is_file():
            return _parse(root)
    raise CannotRunError(f"{start}: no {FILE} here. Make a project with `dipdata init DIR`, or name one with --project DIR.")


def _parse(root: Path) -> Project:
    path = root / FILE
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{path}: not valid TOML ({error}). Mend the file; `dipdata init` shows its form.") from error
    known = {"name", "title", "licence", "guideline", "seed", "splits", "studio", "checks"}
    unknown = sorted(set(values) - known)
    if unknown:
        raise CannotRunError(f"{path}: unknown key {unknown[0]!r}. Known keys are {', '.join(sorted(known))}.")
    try:
        splits = {str(name): float(share) for name, share in values.get("splits", SPLITS).items()}
        if abs(sum(splits.values()) - 1) > 1e-9 or min(splits.values()) <= 0:
            raise ValueError("the shares under [splits] must be above 0 and add up to 1")
        name = str(values["name"])
        return Project(
            root=root,
            name=name,
            title=str(values.get("title", name)),
            licence=str(values["licence"]),
            guideline=str(values.get("guideline", "1.0.0")),
            seed=int(values.get("seed", 0)),
            splits=splits,
            studio_project=str(values.get("studio", {}).get("project", name)),
            floors=floors.parse(values.get("checks", {})),
        )
    except KeyError as error:
        raise CannotRunError(f"{path}: no {error.args[0]!r}. Add it; `dipdata init` shows the form of the file.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CannotRunError(f"{path}: {error}. Mend the value.") from error


@contextmanager
def atomic(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a temporary binary file beside `path`; it takes the place of `path` when the block ends well, and vanishes when it does not.

    A `private` file is at no time readable by anybody but the user. Raises CannotRunError where there is no room for it.
    """
    try:
        with _beside(path, private=private) as file:
            yield file
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise CannotRunError(
            f"{path}: not written ({error.strerror}). Make room or give the right to write there, then run it again; it is as it was."
        ) from error


@contextmanager
def _beside(path: Path, *, private: bool) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not private:
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
