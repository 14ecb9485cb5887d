"""A project, a release or a folder of records checked, and mended where that is safe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dipdata import inputs
from dipdata import project as projects
from dipdata.floors import Floors
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Corpus, Statement
from dipdata.verbs.projects import load_project


def validate(
    path: Path | None = None, *, problems: Problems, previous: Path | None = None, workers: int | None = None
) -> tuple[str, Floors]:
    """Add the problems of a project, a release or a folder of records to `problems`; return what was looked at, and by which floors.

    The floors are those of the project that the folder is, or stands in. `previous` is the release before a release, else the newest
    older one beside it. `workers` is the number of processes, else that of cores.
    """
    from dipdata import checks

    around = _project_around(path)
    floors = around.floors if around else Floors()
    if path and checks.is_release(path):
        checks.check_release(path, problems, floors=floors, before=previous, workers=workers)
        return str(path), floors
    if path and not (path / projects.FILE).is_file() and checks.is_records(path):
        checks.check_records(path, problems, floors=floors, workers=workers)
        return str(path), floors
    project = load_project(path)
    # What the store cannot read is found again, and told in full, by the checks, which read the files themselves.
    unread = Problems()
    articles = inputs.load_articles(project, problems)
    annotations, gold = inputs.load_annotations(project, unread)
    statements = _fresh(project, inputs.load_statements(project, articles, unread))
    problems.extend(problem for problem in unread if not problem.code.startswith("store."))
    checks.check_project(project, articles, statements, annotations, gold, problems, workers=workers)
    return str(project.root), project.floors


def fix(path: Path | None = None) -> str:
    """Mend what is safe in a project or a release, and return the diff; see `dipdata.checks.fix`."""
    from dipdata import checks
    from dipdata.checks import fix as fixes

    if path and checks.is_release(path):
        root, found = path, fixes.release(path)
    else:
        project = load_project(path)
        root, found = project.root, fixes.project(project)
    told = []
    for file, old, new in found:
        with projects.atomic(file) as out:
            out.write(new)
        told.append(fixes.diff(file.relative_to(root).as_posix(), old, new))
    return "".join(told)


def _project_around(path: Path | None) -> Project | None:
    start = (path or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / projects.FILE).is_file()), None)
    return load_project(root) if root else None


def _fresh(project: Project, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements that are not frozen in annotations/."""
    from dipdata.annotations import store

    frozen = {statement.id for statement in store.read_statements(project.annotations, project.contract, Problems())}
    return [statement for statement in statements if statement.id not in frozen]


def validate_records(project: Project, *, folder: Path | None = None, problems: Problems) -> Corpus:
    """Add the problems of a project's records, with the annotations of `folder` or annotations/; return the records."""
    from dipdata import checks

    corpus = inputs.load_corpus(project, problems, folder)
    checks.check_corpus(corpus, project.contract, problems, floors=project.floors, guideline=project.guideline)
    return corpus
