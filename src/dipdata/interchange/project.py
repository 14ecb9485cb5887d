"""import: what a foreign folder holds -> raw/, where `ingest` reads it, and annotations/."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from dipdata.annotations import store
from dipdata.interchange.documents import Document
from dipdata.interchange.folder import Found
from dipdata.interchange.records import Made, records, unique
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project, atomic
from dipdata.records import Annotation, Article, Gold, Statement

RAW = "imported.jsonl"
ORIGINALS = ".original"
FILE = "source.toml"


@dataclass(frozen=True, slots=True)
class Imported:
    """How many articles, statements, annotations and gold records were added, and how many were there already."""

    articles: int
    statements: int
    annotations: int
    gold: int
    present: int


@dataclass(frozen=True, slots=True)
class About:
    """What the user says of the texts where the files do not: folder below raw/, publisher, licence, language."""

    source: str
    publisher: str
    licence: str
    lang: str | None


def run(
    project: Project,
    found: Found,
    about: About,
    form: str,
    articles: Sequence[Article],
    ingest: Callable[[Sequence[str]], Sequence[Article]],
    name: Callable[[str, str], str],
    problems: Problems,
) -> Imported:
    """Add what was found to a project. `articles` are those that it has; `ingest` reads sources of raw/ by name, and `name` gives the
    id of an article by its source and its name there.

    A text that the project has already under the same id is not written again, and a record that it has already stays as it is. Files
    that say more than records can hold are kept beside the texts, and named (`import.no-place`). Texts are written before records, so
    that an import which was broken off can be repeated.

    Raises CannotRunError where a source of that name holds other texts.
    """
    known = {article.id: article for article in articles}
    new: dict[str, list[Document]] = defaultdict(list)
    named = [(document.about.get("source", about.source), document) for document in found.documents]
    for source, document in named:
        if name(source, document.id) not in known:
            new[source].append(document)
    for source, documents in new.items():
        _write_source(project.raw / source, documents, about)
    _keep(project.raw / about.source / ORIGINALS, found, problems)
    if new:
        known |= {article.id: article for article in ingest(sorted(new))}
    made: list[Made] = [record for record in found.records if _fits(record, known, problems)]
    for source, document in named:
        article = known.get(name(source, document.id))
        if article is None:
            problems.add("import.not-ingested", document.id, "its text was refused by ingest", "See the other problems; mend the text.")
            continue
        made += records(document, article, form, project.contract, problems)
    entered = sum(name(source, document.id) in known for source, documents in new.items() for document in documents)
    return _merge(project, unique(made), entered, problems)


def _fits(record: Made, known: dict[str, Article], problems: Problems) -> bool:
    if not isinstance(record, Statement):
        return True
    article = known.get(record.article_id)
    if article is not None and article.sha256 == record.article_sha256:
        return True
    why = "is not there" if article is None else "has another text"
    problems.add("import.text-differs", record.id, f"its article {record.article_id} {why}", "Import the texts with the records.")
    return False


def _merge(project: Project, made: Iterable[Made], articles: int, problems: Problems) -> Imported:
    folder, contract = project.annotations, project.contract
    statements = {one.id: one for one in store.read_statements(folder, contract, problems)}
    annotations = {one.id: one for one in store.read_annotations(folder, contract, problems)}
    gold = {one.statement_id: one for one in store.read_gold(folder, contract, problems)}
    before = len(statements), len(annotations), len(gold)
    present = 0
    for record in made:
        key = record.statement_id if isinstance(record, Gold) else record.id
        held: dict[str, Made] = statements if isinstance(record, Statement) else annotations if isinstance(record, Annotation) else gold  # type: ignore[assignment]
        present += key in held
        held.setdefault(key, record)
    if problems.errors == 0 or len(statements) > before[0]:
        store.write_statements(folder, statements.values())
    if len(annotations) > before[1]:
        store.write_annotations(folder, annotations.values())
    if len(gold) > before[2]:
        store.write_gold(folder, gold.values())
    return Imported(articles, len(statements) - before[0], len(annotations) - before[1], len(gold) - before[2], present)


def _write_source(folder: Path, documents: Sequence[Document], about: About) -> None:
    lines = []
    for document in sorted(documents, key=lambda one: one.id):
        values = {"id": document.id, "text": document.text} | {
            key: document.about[key] for key in ("lang", "title", "date", "url") if document.about.get(key)
        }
        if about.lang and "lang" not in values:
            values["lang"] = about.lang
        lines.append(orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE))
    path = folder / RAW
    content = b"".join(lines)
    if path.is_file() and path.read_bytes() != content:
        raise CannotRunError(f"{path}: holds other texts. Give another --source, or remove the folder.")
    with atomic(path) as file:
        file.write(content)
    if not (folder / FILE).is_file():
        first = documents[0].about
        said = {"publisher": first.get("outlet", about.publisher), "licence": first.get("licence", about.licence)}
        with atomic(folder / FILE) as file:
            file.write("".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()).encode())


def _keep(folder: Path, found: Found, problems: Problems) -> None:
    for name, (told, content) in found.originals.items():
        path = folder / name
        with atomic(path) as file:
            file.write(content)
        problems.add("import.no-place", name, f"says what records cannot hold: {told}", f"It is kept as {path}.", severity="warning")
