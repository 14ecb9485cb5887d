"""Which files of a project, or of a folder of records, hold which records, and what is wrong with the folder itself."""

from __future__ import annotations

import dataclasses
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from dipdata.annotations import store
from dipdata.checks import card, hygiene, lines, references, schema, splits
from dipdata.checks.run import Part
from dipdata.problems import Problem
from dipdata.project import Project
from dipdata.records import Article, Record, Statement, from_dict
from dipdata.release import card as cards
from dipdata.release.splits import FILE as SPLITS
from dipdata.schemas import Contract

CARD = "DATASET_CARD.md"
PSEUDONYM = re.compile(r"p-[0-9a-f]{12}")
# Files of a folder of records, by kind; annotators' files are known by their names.
RECORDS = {"articles": "article", "statements": "statement", "annotations": "annotation", "gold": "gold"}
TEXTS = (".md", ".toml", ".cff", ".txt", ".csv", ".yaml", ".yml")


def project_parts(project: Project, articles: Sequence[Article], statements: Sequence[Statement], folder: Path | None = None) -> list[Part]:
    """Return the records of a project: articles and fresh statements in memory, and the files of `folder`, else annotations/."""
    folder = folder or project.annotations
    frozen = folder / store.STATEMENTS
    parts = [Part("article", records=articles), Part("statement", records=statements)]
    if frozen.exists():
        parts.append(Part("statement", _name(frozen, project.root), frozen, sorted=True))
    return parts + _annotated(folder, project.root)


def record_parts(folder: Path) -> list[Part]:
    """Return the records of a folder of JSONL files: articles, statements, annotations (or one file an annotator) and gold."""
    parts = [Part(kind, f"{name}.jsonl", folder / f"{name}.jsonl") for name, kind in RECORDS.items() if (folder / f"{name}.jsonl").exists()]
    return parts + [
        Part("annotation", path.name, path, stem=path.stem, sorted=True) for path in sorted(folder.glob(store.ANNOTATORS)) if path.exists()
    ]


def _annotated(folder: Path, root: Path) -> list[Part]:
    parts = [Part("annotation", _name(path, root), path, stem=path.stem, sorted=True) for path in sorted(folder.glob(store.ANNOTATORS))]
    gold = folder / store.GOLD
    return parts + ([Part("gold", _name(gold, root), gold, sorted=True)] if gold.exists() else [])


def sound(parts: Sequence[Part], kind: type[Record], contract: Contract) -> list[Record]:
    """Return the valid records of a kind in the JSONL files of `parts`."""
    name = kind.__name__.lower()
    return [
        from_dict(kind, values)
        for part in parts
        if part.kind == name and part.path is not None
        for _, _, values, _ in lines.read(part.path)
        if values is not lines.NOTHING and contract.is_valid(name, values)
    ]


def project_files(project: Project) -> Iterator[Problem]:
    """Yield what is wrong with the sources, the names of files and the prose of a project."""
    for path in sorted(project.raw.glob("*/source.toml")):
        name = _name(path, project.root)
        try:
            text = path.read_text(encoding="utf-8")
            values = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as failed:
            line = re.search(r"at line (\d+)", str(failed))
            yield schema.TOML.at(name, f"is not TOML ({failed})", file=name, line=int(line[1]) if line else None)
            continue
        for problem in schema.check("source", _json(values), project.contract):
            yield dataclasses.replace(problem, record=name, file=name, line=_line(text, problem.pointer or ""))
    frozen = project.annotations / SPLITS
    yield from splits.frozen(frozen, _name(frozen, project.root), project.contract.values("split"))
    known = {store.GOLD, store.STATEMENTS, SPLITS}
    for path in sorted(project.annotations.glob("*.jsonl")):
        if path.name not in known and not PSEUDONYM.fullmatch(path.stem):
            name = _name(path, project.root)
            shown = name if "@" not in name else f"annotations/{path.name[0]}…"
            yield references.PSEUDONYM.at(shown, "is not named p- and 12 hexadecimal digits", file=shown)
    for path in prose(project):
        yield from prose_problems(path, _name(path, project.root))
    template = project.root / CARD
    if template.is_file():
        text = template.read_text(encoding="utf-8", errors="replace")
        yield from card.loose(text, CARD)
        for found in cards.BLOCK.finditer(text):
            if found[1] in cards.edited_blocks(found[0]):
                yield card.STALE.at(found[1], "was edited by hand", file=CARD, line=text.count("\n", 0, found.start()) + 1)


def prose(project: Project) -> list[Path]:
    """Return the files of a project that hold words or settings and no records."""
    found = [
        project.root / "dipdata.toml",
        *project.root.glob("*.md"),
        *project.annotations.glob("*"),
        *project.raw.glob("*/source.toml"),
    ]
    return sorted(path for path in found if path.suffix in TEXTS and path.is_file())


def prose_problems(path: Path, name: str) -> Iterator[Problem]:
    """Yield what is not in normal form in a file of prose, and the e-mail addresses and tokens, with their lines."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if not unicodedata.is_normalized("NFC", line):
            yield hygiene.NFC.at(name, "is not in normal form C", file=name, line=number)
        yield from references.secrets(name, line, file=name, line=number)


def _json(values: object) -> object:
    """Return TOML values as JSON has them: dates become strings."""
    if isinstance(values, dict):
        return {key: _json(value) for key, value in values.items()}
    if isinstance(values, list):
        return [_json(value) for value in values]
    return values if isinstance(values, str | int | float | bool) else str(values)


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _line(toml: str, pointer: str) -> int | None:
    """Return the line of a TOML file that a JSON pointer leads to: each key of it stands after the one before."""
    keys = "\n".join(row.partition("=")[0].partition("#")[0] for row in toml.splitlines())
    at, line = 0, None
    for part in pointer.split("/")[1:]:
        key = re.escape(part.replace("~1", "/").replace("~0", "~"))
        if (found := re.compile(rf"(?<![\w-]){key}(?![\w-])").search(keys, at)) is not None:
            at, line = found.end(), keys.count("\n", 0, found.start()) + 1
    return line
