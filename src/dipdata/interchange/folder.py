"""Folders of files in a foreign form: written from a corpus, read into documents and records."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dipdata import tables
from dipdata.interchange import brat, cases, conll, uima
from dipdata.interchange.documents import Document, Unit
from dipdata.interchange.records import Made
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Annotation, Article, Corpus, Gold, Statement, from_dict, to_dict
from dipdata.release.parts import Loaded
from dipdata.release.rows import batches, config_tables, schemas
from dipdata.schemas import Contract
from dipdata.studio import tasks

WRITTEN = ("jsonl", "csv", "brat", "conll", "label-studio")
READ = ("jsonl", "brat", "uima", "label-studio")
KINDS = {"articles": Article, "statements": Statement, "annotations": Annotation, "gold": Gold}
ABOUT = ("source", "outlet", "lang", "title", "date", "url", "licence")


@dataclass(slots=True)
class Found:
    """What a folder holds: texts with the units marked in them, and records that are whole as they are.

    `originals` gives, by document, the bytes of the file that says more than records can hold.
    """

    documents: list[Document] = field(default_factory=list)
    records: list[Made] = field(default_factory=list)
    originals: dict[str, tuple[str, bytes]] = field(default_factory=dict)


def write(form: str, corpus: Corpus, folder: Path, contract: Contract, guideline: str) -> int:
    """Write a corpus into an empty folder, statements as they stand in the texts; return how many files. `form` is one of `WRITTEN`."""
    ordered = sorted(corpus.statements, key=lambda one: (one.article_id, one.content[0].start, one.id))
    corpus = dataclasses.replace(corpus, statements=ordered)
    made: Callable[[Corpus], Iterable[tuple[str, str]]] = {
        "jsonl": _jsonl,
        "csv": lambda corpus: _csv(corpus, contract),
        "brat": _brat,
        "conll": _conll,
        "label-studio": lambda corpus: _studio(corpus, contract, guideline),
    }[form]
    count = 0
    for name, content in made(corpus):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="\n")
        count += 1
    return count


def read(form: str, path: Path, contract: Contract, pseudonym: Callable[[str], str], problems: Problems) -> Found:
    """Return what a file or folder holds in a form of `READ`; what cannot be read becomes a problem.

    `pseudonym` turns the account of a Label Studio annotator into a pseudonym. Raises CannotRunError where there is nothing of the form.
    """
    if not path.exists():
        raise CannotRunError(f"{path}: not there. Name a file or folder in the form {form}.")
    reader = {"jsonl": _read_jsonl, "brat": _read_brat, "uima": _read_uima}.get(form)
    found = reader(path, contract, problems) if reader else _read_studio(path, contract, pseudonym, problems)
    if not (found.documents or found.records or problems.errors):
        raise CannotRunError(f"{path}: holds nothing in the form {form}. See docs/guides/interchange.md for what is looked for.")
    return found


def _jsonl(corpus: Corpus) -> Iterator[tuple[str, str]]:
    for name in KINDS:
        yield f"{name}.jsonl", "".join(orjson.dumps(to_dict(one)).decode() + "\n" for one in getattr(corpus, name))


def _csv(corpus: Corpus, contract: Contract) -> Iterator[tuple[str, str]]:
    stored = schemas(contract)
    made = tables.from_table(config_tables(batches(Loaded(corpus).load(), stored), stored)["default"])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(contract.features("default")), lineterminator="\n")
    writer.writeheader()
    writer.writerows(made)
    yield "default.csv", out.getvalue()


def _brat(corpus: Corpus) -> Iterator[tuple[str, str]]:
    statements = {statement.id: statement for statement in corpus.statements}
    of: dict[str, list[Statement]] = defaultdict(list)
    answers: dict[str, dict[str, list[tuple[Annotation, Statement]]]] = defaultdict(lambda: defaultdict(list))
    gold: dict[str, list[tuple[Gold, Statement]]] = defaultdict(list)
    for statement in corpus.statements:
        of[statement.article_id].append(statement)
    for annotation in corpus.annotations:
        statement = statements[annotation.statement_id]
        answers[statement.article_id][annotation.annotator].append((annotation, statement))
    for record in corpus.gold:
        gold[statements[record.statement_id].article_id].append((record, statements[record.statement_id]))
    for article in corpus.articles:
        yield f"{article.id}.txt", article.text
        yield f"{article.id}.ann", brat.write(article.text, ((statement, statement) for statement in of[article.id]))
        for annotator, found in answers[article.id].items():
            yield f"{article.id}.{annotator}.ann", brat.write(article.text, found)
        if gold[article.id]:
            yield f"{article.id}.gold.ann", brat.write(article.text, gold[article.id])
    yield "annotation.conf", _brat_config()
    about = {article.id: {key: getattr(article, key) for key in ABOUT} for article in corpus.articles}
    yield "articles.json", json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _brat_config() -> str:
    labels = "Validity Arg:<EVENT>\nSentiment Arg:<EVENT>\nAct Arg:<EVENT>\nStance Arg:Target"
    roles = "Attribution Content:Content, Source?:Source, Cue?:Cue, Target*:Target"
    return f"[entities]\nContent\nSource\nCue\nTarget\n[relations]\n[events]\n{roles}\n[attributes]\n{labels}\n"


def _conll(corpus: Corpus) -> Iterator[tuple[str, str]]:
    of: dict[str, list[Statement]] = defaultdict(list)
    for statement in corpus.statements:
        of[statement.article_id].append(statement)
    for article in corpus.articles:
        yield f"{article.id}.conll", conll.write(article, of[article.id])


def _studio(corpus: Corpus, contract: Contract, guideline: str) -> Iterator[tuple[str, str]]:
    articles = {article.id: article for article in corpus.articles}
    answers: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in corpus.annotations:
        answers[annotation.statement_id].append(annotation)
    judged = {gold.statement_id: gold for gold in corpus.gold if not gold.by.startswith("rule:")}
    found = []
    for number, statement in enumerate(corpus.statements, start=1):
        task = tasks.to_task(articles[statement.article_id], statement, guideline=guideline, scheme=contract.version) | {"id": number}
        article = articles[statement.article_id]
        task["meta"]["article"] = {key: getattr(article, key) for key in ABOUT}
        if statement.id in judged:
            task["meta"]["gold"] = to_dict(judged[statement.id])
        task |= {"annotations": [], "drafts": []}
        for annotation in answers[statement.id]:
            task["drafts" if annotation.status == "draft" else "annotations"].append(
                {
                    "completed_by": {"email": annotation.annotator},
                    "result": tasks.to_result(annotation),
                    "was_cancelled": annotation.status == "skipped",
                    "lead_time": annotation.lead_time,
                    "created_at": annotation.created,
                    "updated_at": annotation.updated,
                    "meta": {"guideline": annotation.guideline, "scheme": annotation.scheme},
                }
            )
        found.append(task)
    yield "tasks.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _read_jsonl(path: Path, contract: Contract, problems: Problems) -> Found:
    found = Found()
    for name, kind in KINDS.items():
        record = kind.__name__.lower()
        for number, line in enumerate(_lines(path / f"{name}.jsonl"), start=1):
            where = f"{name}.jsonl:{number}"
            try:
                values = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                problems.add("import.not-json", where, f"not JSON ({error})", "Correct the line, or remove it.")
                continue
            findings = list(contract.findings(record, values))
            for finding in findings:
                remedy = f"See schema/{record}.schema.json."
                problems.add("import.invalid", where, finding.message, remedy, pointer=finding.pointer or None)
            if findings:
                continue
            if kind is Article:
                about = {key: values[key] for key in ABOUT if values[key] is not None}
                found.documents.append(Document(values["id"].removeprefix(f"{values['source']}/"), values["text"], (), (), about))
            else:
                found.records.append(from_dict(kind, values))  # type: ignore[arg-type]
    return found


def _lines(path: Path) -> Iterator[bytes]:
    if path.is_file():
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())


def _read_brat(path: Path, _contract: Contract, problems: Problems) -> Found:
    found = Found()
    texts: dict[Path, list[Path]] = defaultdict(list)
    for ann in sorted(path.rglob("*.ann")) if path.is_dir() else [path]:
        beside = next((text for text in _texts_for(ann) if text.is_file()), None)
        if beside is None:
            problems.add("import.no-text", str(ann), "has no .txt beside it", "Put the text beside it, under the same name.")
        else:
            texts[beside].append(ann)
    root = path if path.is_dir() else path.parent
    known = _about(root)
    for text_path, anns in texts.items():
        name = text_path.relative_to(root).with_suffix("").as_posix()
        name = "/".join(part for part in name.split("/") if part not in ("text", "texts"))
        try:
            text = text_path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            problems.add("import.no-text", str(text_path), f"cannot be read as UTF-8 ({error})", "Save it as UTF-8.")
            continue
        units: list[Unit] = []
        foreign: list[tuple[str, bytes]] = []
        for ann in anns:
            try:
                raw = ann.read_bytes()
                document = _counted_in(name, text, raw.decode("utf-8-sig"))
            except (OSError, ValueError) as error:
                problems.add("import.not-brat", str(ann), str(error), "Correct the file in brat, or leave it out.")
                continue
            units += document.units
            if document.units and not any(unit.values for unit in document.units):
                foreign.append((ann.relative_to(root).as_posix(), raw))
            if document.lost:
                found.originals[ann.relative_to(root).as_posix()] = (_told(document.lost), raw)
        if len(foreign) > 1:  # a statement of the same content is one record, whoever marked it
            for file, raw in foreign:
                found.originals.setdefault(file, (f"which of {len(foreign)} annotators marked what", raw))
        about = known.get(name, {})
        text = text.replace("\r\n", "\n") if units and document.text != text else text
        found.documents.append(Document(name.removeprefix(f"{about.get('source')}/"), text, units, (), about))
    return found


def _counted_in(name: str, text: str, ann: str) -> Document:
    """Return what an .ann marks. brat counts in the file as it is; tools that turn CRLF into LF on reading count in what they read."""
    try:
        return brat.read(name, text, ann)
    except ValueError:
        if "\r\n" not in text:
            raise
        return brat.read(name, text.replace("\r\n", "\n"), ann)


def _texts_for(ann: Path) -> Iterator[Path]:
    """Yield where the text of an .ann may be: beside it, or in `text` beside its folder; names may end in an annotator's."""
    stem = ann.name.removesuffix(".ann")
    names = [stem, *(stem.rpartition(mark)[0] for mark in (".", "_") if mark in stem)]
    for name in names:
        for folder in (ann.parent, ann.parent.parent / "text", ann.parent.parent / "texts"):
            yield folder / f"{name}.txt"


def _about(root: Path) -> dict[str, dict[str, str]]:
    """Return what articles.json tells of the articles, where dipdata wrote the folder."""
    try:
        values = json.loads((root / "articles.json").read_bytes())
        return {key: {name: value for name, value in about.items() if value is not None} for key, about in values.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def _told(lost: Sequence[str]) -> str:
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return "; ".join(lost[:3]) + more


def _read_uima(path: Path, _contract: Contract, problems: Problems) -> Found:
    found = Found()
    read: dict[str, list[tuple[cases.Case, Document]]] = defaultdict(list)
    for case in cases.find(path, problems):
        try:
            document = uima.read(case.document, case.xmi, case.types)
        except ValueError as error:
            problems.add("import.not-uima", case.document, str(error), "Export it from INCEpTION as UIMA CAS XMI.")
            continue
        read[case.document].append((case, document))
    for name, several in read.items():
        marked = [(case, document) for case, document in several if document.units or document.lost]
        # What was curated is what the project says in the end.
        chosen = [document for case, document in several if case.curated] or [document for _, document in marked]
        first = (chosen or [several[0][1]])[0]
        for number, (case, document) in enumerate(marked, start=1):
            lost = [*document.lost, *([f"which of {len(marked)} annotators and curators marked what"] if len(marked) > 1 else [])]
            if lost:
                found.originals[f"{name}.{number}.xmi" if len(marked) > 1 else f"{name}.xmi"] = (_told(lost), case.xmi)
        units: list[Unit] = []
        for document in chosen:
            if document.text == first.text:
                units += document.units
            else:
                problems.add("import.not-uima", name, "has another text for one annotator than for another", "Export the project again.")
        found.documents.append(dataclasses.replace(first, units=units, lost=()))
    return found


def _read_studio(path: Path, contract: Contract, pseudonym: Callable[[str], str], problems: Problems) -> Found:
    found = Found()
    texts: dict[tuple[str, str], Document] = {}
    for file in sorted(path.glob("*.json")) if path.is_dir() else [path]:
        try:
            values = json.loads(file.read_bytes())
            if not isinstance(values, list):
                raise ValueError("no list of tasks")
        except (OSError, ValueError, RecursionError) as error:
            problems.add("import.not-label-studio", str(file), f"cannot be read ({error})", "Export it from Label Studio as JSON.")
            continue
        for task in values:
            for record in _task(task, contract, pseudonym, problems):
                found.records.append(record)
                if isinstance(record, Statement):
                    about = (task["meta"].get("article") or {}) | {"lang": record.lang}
                    key = record.article_id.removeprefix(f"{about.get('source')}/")
                    about = {name: value for name, value in about.items() if value is not None}
                    texts.setdefault((record.article_id, key), Document(key, task["data"]["text"], (), (), about))
    found.documents = list(texts.values())
    return found


def _task(task: Any, contract: Contract, pseudonym: Callable[[str], str], problems: Problems) -> Iterator[Made]:
    try:
        one = tasks.read_task(task, contract)
    except (tasks.RefusedError, AttributeError, TypeError, KeyError, ValueError) as error:
        problems.add(
            "import.task", str(task.get("id") if isinstance(task, dict) else "?"), str(error), getattr(error, "remedy", "Export it again.")
        )
        return
    yield one.statement
    for kind in ("annotations", "drafts"):
        for values in task.get(kind) or ():
            try:
                account = values.get("completed_by") or values.get("user")
                who = str(account.get("email") if isinstance(account, dict) else account)
                made = tasks.read_annotation(one, values, pseudonym(who), draft=kind == "drafts", contract=contract)
            except (tasks.RefusedError, AttributeError, TypeError, KeyError, ValueError) as error:
                problems.add("import.annotation", one.statement.id, str(error), getattr(error, "remedy", "Export it again."))
                continue
            given: Mapping[str, str] = values.get("meta") or {}
            yield dataclasses.replace(made, guideline=given.get("guideline", made.guideline), scheme=given.get("scheme", made.scheme))
    if (judged := task["meta"].get("gold")) is not None:
        findings = list(contract.findings("gold", judged))
        for finding in findings:
            problems.add(
                "import.invalid", one.statement.id, finding.message, "See schema/gold.schema.json.", pointer=finding.pointer or None
            )
        if not findings:
            yield from_dict(Gold, judged)
