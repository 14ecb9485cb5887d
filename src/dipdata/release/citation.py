"""CITATION.cff: who made a dataset, and where it can be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dipdata.problems import CannotRunError
from dipdata.project import Project

FILE = "CITATION.cff"


@dataclass(frozen=True, slots=True)
class Citation:
    """The authors' names, and the address of the dataset; None where the file does not tell."""

    authors: Sequence[str]
    url: str | None


def read(project: Project) -> Citation:
    """Return what CITATION.cff tells, or authors without names where there is no such file. Raises CannotRunError where it is broken."""
    import yaml

    path = project.root / FILE
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
        names = [author.get("name") or f"{author['given-names']} {author['family-names']}" for author in values.get("authors", [])]
        url = values.get("url") or values.get("repository-code")
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{path}: authors cannot be read ({error}). Give each a name, or given-names and family-names.") from error
    return Citation(names or [f"The authors of {project.name}"], str(url) if url else None)
