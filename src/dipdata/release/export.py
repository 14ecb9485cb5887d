"""export: records -> dist/NAME-VERSION/, whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from dipdata import tables
from dipdata.annotations.agreement import agreement
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Corpus, to_dict
from dipdata.release import card, manifest, splits
from dipdata.release.rows import rows
from dipdata.schemas import CONFIGS

if TYPE_CHECKING:
    import pyarrow as pa

CARD = "DATASET_CARD.md"


@dataclass(frozen=True, slots=True)
class Release:
    """Where a release stands, and its rows by config and split."""

    path: Path
    rows: dict[str, dict[str, int]]
    unchanged: bool


def export(
    project: Project,
    version: str,
    corpus: Corpus,
    *,
    problems: Problems,
    replace: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Release:
    """Write a release: Parquet for each config and split, README.md (the card), schema/ and release.json.

    The same records give the same bytes. A release that exists is left alone when it would come out the same, and refused otherwise
    unless `replace`. A config leaves out a split that would be empty, since `datasets` cannot load one (`release.split-empty`).
    Raises CannotRunError where there is nothing to release, the version is no semantic version, or the release exists.
    """
    if not re.fullmatch(project.contract.document("common")["$defs"]["version"]["pattern"], version):
        raise CannotRunError(f"--version {version}: not a semantic version. Give three numbers, such as 0.1.0.")
    if not corpus.statements:
        raise CannotRunError(
            f"{project.root}: no statements to release. Run `dipdata ingest` and `dipdata segment`, and look at what they report."
        )
    target = project.dist / f"{project.name}-{version}"
    project.dist.mkdir(parents=True, exist_ok=True)
    for left in project.dist.glob(f".{target.name}.*"):  # by an export that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=project.dist, prefix=f".{target.name}.") as scratch:
        folder = Path(scratch) / target.name
        counts = _write(folder, project, version, corpus, problems, progress)
        unchanged = target.is_dir() and _same(folder, target)
        if not unchanged:
            if target.exists() and not replace:
                raise CannotRunError(f"{target}: exists and would change; releases are immutable. Give a higher --version.")
            if target.exists():
                target.rename(Path(scratch) / "replaced")
            folder.rename(target)
    return Release(target, counts, unchanged)


def _write(
    folder: Path,
    project: Project,
    version: str,
    corpus: Corpus,
    problems: Problems,
    progress: Callable[[str], None],
) -> dict[str, dict[str, int]]:
    contract = project.contract
    split_of = splits.assign(corpus.articles, project.splits, project.seed)
    found: dict[str, dict[str, pa.Table]] = {}
    files: dict[str, tuple[str, str, int]] = {}
    for config, pairs in rows(corpus).items():
        progress(f"{config}: rows")
        parts: dict[str, list[tables.Row]] = {split: [] for split in project.splits}
        for article_id, row in pairs:
            parts[split_of[article_id]].append(row)
        found[config] = {}
        for split, part in parts.items():
            if not part:
                problems.add(
                    "release.split-empty",
                    f"{config}/{split}",
                    "has no rows and is left out",
                    "Add articles, or annotate statements of articles in this split.",
                    severity="warning",
                )
                continue
            table = tables.to_table(part, contract.features(config))
            name = card.shard(config, split)
            tables.write_table(folder / name, table)
            found[config][split] = table
            files[name] = (config, split, table.num_rows)
    progress("card and manifest")
    facts = card.Facts(
        name=project.name,
        title=project.title,
        version=version,
        licence=project.licence,
        tables=found,
        articles=corpus.articles,
        agreement=agreement(corpus.annotations, {label: contract.values(label) for label in ("validity", "sentiment", "stance")}),
        annotators=len({annotation.annotator for annotation in corpus.annotations}),
    )
    template = project.root / CARD
    if not template.is_file():
        raise CannotRunError(f"{template}: missing. Restore it, or copy it from a new `dipdata init`.")
    text = card.render(template.read_text(encoding="utf-8"), facts, contract)
    (folder / "README.md").write_text(card.front_matter(facts, contract) + "\n" + text, encoding="utf-8", newline="\n")
    for name, document in sorted(contract.documents.items()):
        path = folder / "schema" / name.rsplit("/", 1)[-1]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    (folder / manifest.FILE).write_bytes(orjson.dumps(_manifest(folder, project, version, corpus, files), option=orjson.OPT_INDENT_2))
    return {config: {split: table.num_rows for split, table in found[config].items()} for config in CONFIGS}


def _manifest(
    folder: Path,
    project: Project,
    version: str,
    corpus: Corpus,
    files: dict[str, tuple[str, str, int]],
) -> dict[str, object]:
    contract = project.contract
    ordered = sorted(corpus.articles, key=lambda article: article.id)
    dates = [annotation.updated[:10] for annotation in corpus.annotations] + [article.date for article in ordered if article.date]
    return {
        "name": project.name,
        "version": version,
        "licence": project.licence,
        # Of the newest record, not of the clock: the same inputs give the same bytes.
        "date": max(dates, default="1970-01-01"),
        "text_mode": "full",
        "languages": sorted({article.lang for article in ordered}),
        "seed": project.seed,
        "guideline": project.guideline,
        "scheme": contract.version,
        "schema_sha256": contract.sha256,
        "sources": {
            "commit": manifest.commit(project.root),
            "articles_sha256": manifest.records_sha256(map(to_dict, ordered)),
            "statements_sha256": manifest.records_sha256(to_dict(s) for s in sorted(corpus.statements, key=lambda s: s.id)),
            "annotations_sha256": manifest.records_sha256(to_dict(a) for a in sorted(corpus.annotations, key=lambda a: a.id)),
        },
        "tools": manifest.tools(),
        "files": manifest.file_entries(folder, files),
    }


def _same(new: Path, old: Path) -> bool:
    """Tell whether two releases hold the same files, whatever commit and tools their manifests name."""

    def digests(folder: Path) -> dict[str, str]:
        paths = (path for path in folder.rglob("*") if path.is_file() and path.name != manifest.FILE)
        return {path.relative_to(folder).as_posix(): manifest.sha256(path) for path in paths}

    return (old / manifest.FILE).is_file() and digests(new) == digests(old)
