"""export: records -> dist/NAME-VERSION/, whole or not at all."""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dipdata.problems import CannotRunError, Problems
from dipdata.project import NO_ROOM, Project
from dipdata.records import Corpus
from dipdata.release import card, changes, citation, croissant, diff, manifest, rows, splits
from dipdata.release.manifest import Digest
from dipdata.release.parts import Memory, Source
from dipdata.release.write import Check, Job, Written, write
from dipdata.schemas import CONFIGS

CARD = "DATASET_CARD.md"
README = "README.md"
VERSION = r"(0|[1-9][0-9]*)[.](0|[1-9][0-9]*)[.](0|[1-9][0-9]*)"
# Configs that have no split without rows: `annotations` may, where nobody has annotated yet.
NEEDED = ("default", "statements", "articles")


@dataclass(frozen=True, slots=True)
class Release:
    """Where a release stands, and its rows by config and split."""

    path: Path
    rows: dict[str, dict[str, int]]
    unchanged: bool


@dataclass(frozen=True, slots=True)
class Options:
    """How a release is made: its text mode (`full`, `quotes`, `none`), what is held out for the test split, how many processes."""

    mode: str = "full"
    held: splits.HoldOut | None = None
    workers: int = 1


def export(
    project: Project,
    version: str,
    source: Corpus | Source,
    *,
    options: Options = Options(),
    frozen: Mapping[str, str] | None = None,
    check: Check | None = None,
    replace: bool = False,
    problems: Problems,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Release:
    """Write a release: Parquet for each config and split, README.md (the card), schema/, splits.jsonl and release.json.

    The same records give the same bytes, whatever their order and the number of processes. A release that exists is left alone when
    it would come out the same, and refused otherwise unless `replace`. `frozen` gives the splits of articles published before, beside
    those of the version before it in dist/; the release's splits.jsonl has them with the new ones. `check` looks at the records part
    by part, and its errors stop the release.

    Raises CannotRunError where there is nothing to release, a split would be empty, the version is no semantic version, the release
    exists or is too low for what changed, or the disk is full; what was there before then stays as it was.
    """
    if not re.fullmatch(VERSION, version):
        raise CannotRunError(f"--version {version}: not a semantic version. Give three numbers, such as 0.1.0.")
    if isinstance(source, Corpus):
        source = Memory(source)
    target = project.dist / f"{project.name}-{version}"
    with _scratch(target) as scratch:
        folder = scratch / target.name
        written = build(project, version, source, folder, options=options, frozen=frozen, check=check, problems=problems, progress=progress)
        unchanged = target.is_dir() and not differences(folder, target)
        if not unchanged:
            _take_place(folder, target, scratch, replace=replace)
    _look_for_the_commit(project, target, problems)
    found = {config: {split: count for (of, split), count in written.tally.rows.items() if of == config} for config in CONFIGS}
    return Release(target, found, unchanged)


def build(
    project: Project,
    version: str,
    source: Source,
    folder: Path,
    *,
    options: Options,
    frozen: Mapping[str, str] | None,
    check: Check | None,
    problems: Problems,
    progress: Callable[[int, int | None], None],
) -> Written:
    """Write a release into an empty or missing `folder`. Raises CannotRunError as `export` says."""
    contract = project.contract
    if not source.articles:
        raise CannotRunError(f"{project.root}: no articles to release. Run `dipdata ingest`, and look at what it reports.")
    template = _template(project)
    for split in project.splits:
        if split not in contract.values("split"):
            raise CannotRunError(f"dipdata.toml: no split is named {split!r}. Use {', '.join(contract.values('split'))} under [splits].")
    before = previous(project, version)
    split_of = splits.assign(
        source.articles,
        project.splits,
        project.seed,
        labels=source.labels(),
        sketches=source.sketches,
        frozen={**(splits.read(before) if before else {}), **(frozen or {})},
        held=options.held,
        problems=problems,
    )
    job = Job(folder, rows.schemas(contract), options.mode, check)
    written = write(job, source, split_of, list(project.splits), workers=options.workers, progress=progress)
    problems.extend(written.problems)
    problems.refuse("not exported")
    _look_for_empty_splits(project, written, problems)
    for name in card.missing_blocks(template):
        problems.add(
            "release.card-block-missing",
            CARD,
            f"has no block {name!r}, which the release's card will lack",
            f"Add `<!-- dipdata:begin {name} -->` and `<!-- dipdata:end {name} -->`, each on a line, where it should stand.",
            severity="warning",
            file=CARD,
        )
    for name, document in sorted(contract.documents.items()):
        path = folder / "schema" / name.rsplit("/", 1)[-1]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    splits.write(folder, split_of)
    facts = _facts(project, version, source, written, options, template)
    values = _manifest(project, source, written, facts)
    if before:
        values["previous"] = {"version": before.name.removeprefix(f"{project.name}-"), "sha256": manifest.sha256(before / manifest.FILE)}
        difference = diff.compare(before, manifest.read(before), folder, values)
        if not difference.enough:
            what = "; ".join(difference.breaking) or "data or schema changed"
            raise CannotRunError(
                f"--version {version}: too low after {difference.old}, since {what}. Give {difference.demanded} or higher."
            )
        facts = dataclasses.replace(facts, changes=changes.summary(difference))
    (folder / README).write_text(card.front_matter(facts) + "\n" + card.render(template, facts), encoding="utf-8", newline="\n")
    croissant.write(folder, croissant.document(facts, manifest.file_entries(folder, written.files)))
    manifest.write(folder, values | {"files": manifest.file_entries(folder, written.files)})
    return written


def previous(project: Project, version: str) -> Path | None:
    """Return the newest release in dist/ below `version`, or None. Raises CannotRunError where newer ones stand there without it."""
    there = {}
    for path in project.dist.glob(f"{project.name}-*/{manifest.FILE}"):
        name = path.parent.name.removeprefix(f"{project.name}-")
        if re.fullmatch(VERSION, name):
            there[diff.parse(name)] = path.parent
    wanted = diff.parse(version)
    newest = max(there, default=None)
    if newest is not None and newest > wanted and wanted not in there:
        found = ".".join(map(str, newest))
        raise CannotRunError(f"--version {version}: too low, {found} is there already. Give a higher version.")
    below = [key for key in there if key < wanted]
    return there[max(below)] if below else None


def differences(new: Path, old: Path) -> list[str]:
    """Return the files, by path below the folders, in which two releases differ; of their manifests only the git commit may."""

    def digests(folder: Path) -> dict[str, str]:
        return {path.relative_to(folder).as_posix(): manifest.sha256(path) for path in folder.rglob("*") if path.is_file()}

    a, b = digests(new), digests(old)
    if a.get(manifest.FILE) != b.get(manifest.FILE) and _built_from(new) == _built_from(old):
        a.pop(manifest.FILE, None)
        b.pop(manifest.FILE, None)
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def _built_from(folder: Path) -> dict[str, Any] | None:
    try:
        values = manifest.read(folder)
        return values | {"sources": values["sources"] | {"commit": None}}
    except (CannotRunError, KeyError, TypeError):
        return None


@contextmanager
def _scratch(target: Path) -> Iterator[Path]:
    """Give a folder beside `target` to build in, gone when the block ends; one export at a time. A full disk becomes CannotRunError."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target.parent):
            for left in target.parent.glob(".*"):  # by an export that was killed
                home = target.parent / left.stem[1:]
                if re.fullmatch(re.escape(target.name.rpartition("-")[0]) + "-" + VERSION, home.name):
                    if (left / "replaced").is_dir() and not home.exists():
                        (left / "replaced").rename(home)
                    shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.", ignore_cleanup_errors=True) as scratch:
                yield Path(scratch)
    except OSError as error:
        if isinstance(error, FileExistsError) and not target.parent.is_dir():
            raise CannotRunError(f"{target.parent}: is a file, and releases stand in a folder of that name. Move it away.") from error
        if error.errno not in NO_ROOM:
            raise
        raise CannotRunError(
            f"{target}: not written ({error.strerror}). Make room or give the right to write there; nothing was changed."
        ) from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a lock on a folder. Raises CannotRunError where another process has it."""
    import fcntl
    import os

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CannotRunError(f"{folder}: another export is at work here. Wait until it has ended.") from error
    finally:
        os.close(handle)


def _take_place(folder: Path, target: Path, scratch: Path, *, replace: bool) -> None:
    """Move a finished release to its place; the one there before is left alone unless `replace`."""
    if target.exists():
        if not (target / manifest.FILE).is_file():
            raise CannotRunError(f"{target}: exists and is no release. Move it away.")
        listed = {entry["path"] for entry in manifest.read(target)["files"]} | {manifest.FILE}
        foreign = sorted(
            name for path in target.rglob("*") if path.is_file() and (name := path.relative_to(target).as_posix()) not in listed
        )
        if foreign:
            raise CannotRunError(f"{target / foreign[0]}: not a file of this release. Move it away.")
        if not replace:
            raise CannotRunError(f"{target}: exists and would change; releases are immutable. Give a higher --version.")
        target.rename(scratch / "replaced")
    folder.rename(target)


def _look_for_empty_splits(project: Project, written: Written, problems: Problems) -> None:
    for split in project.splits:
        for config in CONFIGS:
            if written.tally.rows[config, split]:
                continue
            if config in NEEDED:
                raise CannotRunError(
                    f"{config}/{split}: would have no rows, and `datasets` loads no empty split. Add articles with statements, or give "
                    "fewer splits under [splits] in dipdata.toml (`train = 1.0` for a single one)."
                )
            problems.add(
                "release.split-empty",
                f"{config}/{split}",
                "has no rows and is left out",
                "Annotate statements of articles in this split.",
                severity="warning",
            )


def _look_for_the_commit(project: Project, target: Path, problems: Problems) -> None:
    if manifest.read(target)["sources"]["commit"] is None and manifest.uncommitted(project.root) is not None:
        problems.add(
            "release.uncommitted",
            f"{target.name}/{manifest.FILE}",
            "names no git commit, since not all of the project was committed",
            "Commit, delete this release and export again.",
            severity="warning",
        )


def _facts(project: Project, version: str, source: Source, written: Written, options: Options, template: str) -> card.Facts:
    cited = citation.read(project)
    articles = sorted(source.articles, key=lambda article: article.id)
    # Of the newest record, not of the clock: the same inputs give the same bytes.
    date = max(filter(None, [written.tally.newest, *(article.date for article in articles)]), default="1970-01-01")
    files: dict[tuple[str, str], list[str]] = {}
    for path, (config, split, _) in sorted(written.files.items()):
        files.setdefault((config, split), []).append(path)
    return card.Facts(
        name=project.name,
        title=project.title,
        version=version,
        licence=project.licence,
        date=date,
        mode=options.mode,
        articles=articles,
        tally=written.tally,
        files=files,
        shares=project.splits,
        seed=project.seed,
        held=options.held,
        authors=cited.authors,
        url=cited.url,
        lead=card.lead(template),
        changes="The first version.",
        contract=project.contract,
    )


def _template(project: Project) -> str:
    path = project.root / CARD
    if not path.is_file():
        raise CannotRunError(f"{path}: missing. Restore it, or copy it from a new `dipdata init`.")
    try:
        template = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path}: not UTF-8 ({error}). Save it as UTF-8.") from error
    card.refuse(template)
    return template


def _manifest(project: Project, source: Source, written: Written, facts: card.Facts) -> dict[str, Any]:
    contract = project.contract
    return {
        "name": project.name,
        "version": facts.version,
        "title": project.title,
        "licence": project.licence,
        "date": facts.date,
        "text_mode": facts.mode,
        "languages": sorted({article.lang for article in facts.articles}),
        "seed": project.seed,
        "splits": dict(project.splits),
        "hold_out": str(facts.held) if facts.held else None,
        "guideline": project.guideline,
        "scheme": contract.version,
        "schema_sha256": contract.sha256,
        "sources": {
            "commit": manifest.commit(project.root),
            "articles_sha256": Digest(map(orjson.dumps, source.articles)).hex(),
            "statements_sha256": written.statements.hex(),
            "annotations_sha256": written.annotations.hex(),
        },
        "previous": None,
        "tools": manifest.tools(),
        "files": [
            {"path": name, "config": config, "split": split, "rows": count}
            for name, (config, split, count) in sorted(written.files.items())
        ],
    }
