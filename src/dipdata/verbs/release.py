"""A release made, made again, compared, put together with its texts, and published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dipdata import inputs
from dipdata.inputs import Progress, quiet
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Statement

if TYPE_CHECKING:
    from dipdata.annotations.lines import Lines
    from dipdata.release.diff import Difference
    from dipdata.release.export import Release
    from dipdata.release.hydrate import Hydrated
    from dipdata.release.publish import Plan
    from dipdata.stored import Records


def export(
    project: Project,
    version: str,
    *,
    folder: Path | None = None,
    mode: str = "full",
    hold_out: str | None = None,
    replace: bool = False,
    workers: int = 1,
    problems: Problems,
    progress: Progress = quiet,
) -> Release:
    """Write a release to dist/ and freeze its splits in annotations/ or `folder`; see `dipdata.release.export.export`.

    `mode` is a text mode, `hold_out` reads `lang=ru`. Large datasets are checked and written by `workers` processes. Raises
    CannotRunError where the records have errors.
    """
    from dipdata import checks
    from dipdata.release import splits
    from dipdata.release.export import Options
    from dipdata.release.export import export as run

    where = folder or project.annotations
    records = _sound_records(project, where, problems, workers)
    release = run(
        project,
        version,
        records,
        options=Options(mode, splits.hold_out(hold_out) if hold_out else None, workers),
        frozen=splits.read(where),
        check=checks.check_gold,
        replace=replace,
        problems=problems,
        progress=progress,
    )
    splits.write(where, splits.read(release.path))
    return release


def check_export(project: Project, release: Path, *, workers: int = 1, problems: Problems, progress: Progress = quiet) -> None:
    """Build a release anew and add what differs to `problems`; see `dipdata.release.rebuild.check`."""
    from dipdata.release import rebuild, splits

    records = _sound_records(project, project.annotations, problems, workers)
    frozen = splits.read(project.annotations)
    rebuild.check(project, release, records, frozen=frozen, workers=workers, problems=problems, progress=progress)


def diff(old: Path, new: Path) -> Difference:
    """Return what changed from one release to another; see `dipdata.release.diff`."""
    from dipdata.release.diff import diff as run

    return run(old, new)


def hydrate(release: Path, copies: Path, out: Path | None = None, *, problems: Problems, progress: Progress = quiet) -> Hydrated:
    """Put texts back into a release from a project, a folder of raw files, or a JSONL; see `dipdata.release.hydrate.hydrate`.

    `out` is the new folder, else the release's name with `-hydrated` beside it.
    """
    from dipdata.release.hydrate import hydrate as run

    out = out or release.resolve().with_name(release.resolve().name + "-hydrated")
    return run(release, inputs.copies(copies, problems), out, problems=problems, progress=progress)


def publish(release: Path, repo: str, *, revision: str = "main", dry_run: bool = True, private: bool = False) -> tuple[Plan, str | None]:
    """Publish a release on the Hugging Face hub; return what there was to do, and the commit where it was done.

    See `dipdata.release.publish`.
    """
    from dipdata.release import publish as hub

    what = hub.plan(release, repo, revision)
    return what, None if dry_run or what.tagged else hub.publish(release, what, private=private)


def archive(release: Path, target: Path) -> Path:
    """Write a release as an archive for Zenodo; see `dipdata.release.publish.archive`."""
    from dipdata.release import publish as hub

    return hub.archive(release, target)


def _sound_records(project: Project, folder: Path, problems: Problems, workers: int) -> Records:
    """Return the records of a project, to be read part by part. Raises CannotRunError where they have errors."""
    from dipdata import checks, tables
    from dipdata.stored import Records

    articles = inputs.load_articles(project, problems)
    hashes = {article.id: article.sha256 for article in articles}
    built = sorted((project.build / "statements").glob("*.parquet"))

    def fresh(frozen: Lines) -> Iterator[Statement]:
        if not built:
            yield from inputs.segmented(
                project, articles, engine=inputs.find_engine("speech", None, problems), problems=problems, progress=quiet, folder=folder
            )
        for path in built:
            for statement in tables.read_records(path, Statement, unless=frozen.frozen):
                if hashes.get(statement.article_id) == statement.article_sha256:
                    yield statement

    records = Records(articles, folder, fresh)
    records.sketches = checks.check_files(project, articles, records.fresh, folder, problems, workers=workers)
    problems.refuse("not exported")
    return records
