"""Documents -> articles: ids, cleaning, language, zones, frozen text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Set
from pathlib import PurePosixPath

from dipdata.articles import language
from dipdata.articles.cleaning import clean, clean_line
from dipdata.articles.readers import DATE, FORMATS, Document, read
from dipdata.articles.refusal import RefusalError
from dipdata.articles.sources import RawFile
from dipdata.articles.zones import find_zones
from dipdata.problems import Problems
from dipdata.records import Article, text_sha256, to_dict
from dipdata.schemas import Contract

MACRO = {"nb": "no", "nn": "no", "in": "id", "iw": "he", "cmn": "zh"}
"""Codes that mean the same language as far as identification goes."""

ENOUGH = 200
"""Code points below which identification is not held against a declared language."""


def ingest_files(
    files: Iterable[RawFile], *, contract: Contract, problems: Problems, known: dict[str, str] | None = None, ids: Set[str] = frozenset()
) -> Iterator[Article]:
    """Yield the articles of raw files, in their order.

    What is refused becomes a problem `ingest.*`, and all else goes on. `known` maps the hashes of texts that are articles already to their
    ids and `ids` holds the ids taken, so that neither comes twice.
    """
    texts = dict(known or {})
    taken = set(ids)
    for file in files:
        for document in _documents(file, problems):
            try:
                article = _article(file, document, problems)
                if article.sha256 in texts:
                    raise RefusalError(
                        "ingest.duplicate",
                        f"the same text as {texts[article.sha256]}",
                        "Delete one of them, or list one in source.toml under skip.",
                        line=document.line,
                    )
                if article.id in taken:
                    raise RefusalError(
                        "ingest.id-taken",
                        f"its id {article.id} is that of another article",
                        "Give it another name; letters beyond a-z and spaces become hyphens in ids.",
                        line=document.line,
                    )
                for finding in contract.findings("article", to_dict(article)):
                    raise RefusalError(
                        "ingest.invalid",
                        f"{finding.pointer.lstrip('/')} {finding.message}",
                        "Correct it in the file or in source.toml; schema/article.schema.json says what is allowed.",
                        line=document.line,
                    )
            except RefusalError as refusal:
                _report(file.path, refusal, problems)
                continue
            texts[article.sha256] = article.id
            taken.add(article.id)
            yield article


def _documents(file: RawFile, problems: Problems) -> Iterator[Document]:
    about = file.source.files.get(file.name, {})
    try:
        data = file.read()
        format_ = FORMATS[PurePosixPath(file.name).suffix.lower()]
        encoding = about.get("encoding", file.source.encoding)
        yield from read(format_, data, encoding=encoding, report=lambda refusal: _report(file.path, refusal, problems))
    except RefusalError as refusal:
        _report(file.path, refusal, problems)


def _article(file: RawFile, document: Document, problems: Problems) -> Article:
    about = file.source.files.get(file.name, {})
    if " (declared as " in document.encoding:
        problems.add(
            "ingest.encoding-declared",
            file.path,
            f"read as {document.encoding.replace(' (', ', ')[:-1]}, which it does not fit",
            "Correct the declaration, or leave it out.",
            severity="warning",
            line=document.line,
        )
    text = clean(document.text)
    if not text:
        raise RefusalError("ingest.empty", "no visible text", "Save the article again, or delete it.", line=document.line)
    title = about.get("title") or document.title
    title = clean_line(title) or None if title else None
    lang = _language(file, document, text, problems)
    date = about.get("date") or _date(document, file, problems)
    return Article(
        id=article_id(file.source.name, document.key or PurePosixPath(file.name).with_suffix("").as_posix(), document),
        source=file.source.name,
        outlet=file.source.publisher,
        lang=lang,
        title=title or _headline(text, lang),
        date=date,
        url=about.get("url") or document.url or None,
        licence=file.source.licence,
        path=file.path,
        format=document.format,
        encoding=document.encoding,
        text=text,
        sha256=text_sha256(text),
        zones=find_zones(text, lang, title),
    )


def article_id(source: str, name: str, document: Document) -> str:
    """Return the id `source/name` in the letters that ids may have; a JSONL line without an id gets its number."""
    if document.line is not None and document.key is None:
        name = f"{name}-{document.line:05}"
    parts = [re.sub(r"[^A-Za-z0-9._-]+", "-", part).strip("-._") for part in [source, *name.split("/")]]
    hashed = hashlib.sha256(f"{source}/{name}".encode("utf-8", "surrogatepass")).hexdigest()[:12]
    if not all(parts) or len(parts[-1]) * 3 < len(name.split("/")[-1]):
        # Hardly a letter of the name is left, as in one in Cyrillic.
        parts[-1] = f"{parts[-1]}-{hashed}".strip("-._")
    joined = "/".join(part or "source" for part in parts)
    return joined if len(joined) <= 200 else f"{joined[:180].rstrip('/')}-{hashed}"


def _language(file: RawFile, document: Document, text: str, problems: Problems) -> str:
    about = file.source.files.get(file.name, {})
    in_line = document.lang.lower().split("-")[0] if document.format == "jsonl" and document.lang else None
    declared = about.get("lang") or in_line or file.source.lang or document.lang
    identified = language.identify(text)
    if declared is None:
        if identified is None:
            raise RefusalError(
                "ingest.language-unknown",
                "in no language that could be told",
                f"If it is an article, name its language in source.toml: lang = '...', or [files.{file.name!r}] lang = '...'.",
                line=document.line,
            )
        return identified
    if len(text) >= ENOUGH and MACRO.get(declared, declared) != MACRO.get(identified or "", identified):
        seen = f"seems to be {identified!r}" if identified else "seems to be in no known language"
        problems.add(
            "ingest.language-mismatch",
            file.path,
            f"declared as {declared!r} but {seen}",
            "Correct the language in source.toml, in the page or in the line, unless it is right.",
            severity="warning",
            line=document.line,
        )
    return str(declared)


def _date(document: Document, file: RawFile, problems: Problems) -> str | None:
    if not document.date:
        return None
    match = DATE.match(document.date)
    if match:
        return match[0]
    problems.add(
        "ingest.bad-date",
        file.path,
        f"the date {document.date[:40]!r} is left out",
        "Write it as 2026-03-04.",
        severity="warning",
        line=document.line,
    )
    return None


def _headline(text: str, lang: str) -> str | None:
    for zone in find_zones(text, lang):
        if zone.kind == "headline":
            return clean_line(text[zone.start : zone.end])
    return None


def _report(path: str, refusal: RefusalError, problems: Problems) -> None:
    problems.add(refusal.code, path, refusal.message, refusal.remedy, line=refusal.line)
