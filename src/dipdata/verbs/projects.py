"""A project begun, found on disk, and its raw files read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dipdata import project as projects
from dipdata.inputs import Progress, quiet
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project

TEMPLATE = Path(__file__).parents[1] / "template"


def load_project(folder: Path | None = None) -> Project:
    """Return the project at `folder`, or the one that the current folder is in. Raises CannotRunError where there is none."""
    return projects.load(folder)


def init(folder: Path) -> list[str]:
    """Make a new dataset project; return the files made, below `folder`. Raises CannotRunError where the folder is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotRunError(f"{folder}: exists and is not an empty folder. Name a new one.")
    from dipdata.schemas import packaged

    made = []
    for base, below in ((TEMPLATE, Path()), (packaged(), Path("schema"))):
        for path in sorted(path for path in base.rglob("*") if path.is_file()):
            name = below / path.relative_to(base)
            # Hidden names would be left out of a wheel.
            name = Path(f".{name}") if name.parts[0] in ("gitignore", "github", "pre-commit-config.yaml") else name
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with projects.atomic(folder / name) as file:
                file.write(path.read_bytes())
            made.append(name.as_posix())
    return sorted(made)


def ingest(project: Project, paths: Sequence[Path] = (), *, problems: Problems, progress: Progress = quiet) -> int:
    """Read raw/ (or only `paths`) into build/articles/; return how many articles. What is refused becomes a problem."""
    from dipdata.articles.ingest import ingest as run

    return run(project, paths, problems=problems, progress=progress)
