"""What validate proves, one family a file."""

from __future__ import annotations

from pathlib import Path

from dipdata.checks import offsets, references, release, schema
from dipdata.problems import Problems
from dipdata.records import Corpus
from dipdata.release.manifest import FILE
from dipdata.schemas import Contract


def check_corpus(corpus: Corpus, contract: Contract, problems: Problems) -> None:
    """Add the problems of a project's records to `problems`."""
    for found in (schema.check(corpus, contract), offsets.check(corpus), references.check(corpus)):
        problems.extend(found)


def check_release(folder: Path, problems: Problems) -> None:
    """Add the problems of a release to `problems`; its own schema/ says what its tables must be.

    Raises CannotRunError where `folder` has no readable manifest or schema.
    """
    contract = Contract(folder / "schema")
    problems.extend(release.check(folder, contract))
    check_corpus(release.corpus(folder, contract), contract, problems)


def is_release(folder: Path) -> bool:
    """Tell whether a folder is a release rather than a project."""
    return (folder / FILE).is_file()
