"""Files that belong to no project -> articles: what `dipdata segment FILE` reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from dipdata.articles import language
from dipdata.articles.cleaning import clean, clean_line
from dipdata.articles.readers import FORMATS, Document, read
from dipdata.articles.refusal import RefusalError
from dipdata.articles.zones import find_zones
from dipdata.problems import Problems
from dipdata.records import Article, text_sha256


def read_documents(path: Path, data: bytes, *, lang: str | None = None, problems: Problems) -> Iterator[Article]:
    """Yield the articles of one file. `lang` is taken where the file does not say its language; else it is identified.

    Text and HTML are cleaned; the text of JSONL is taken as it is, since spans of other tools may point into it, and its id too. Source,
    outlet and licence are not known. What is refused becomes a problem `ingest.*`.
    """
    report = _Report(str(path), problems)
    try:
        for document in read(_format(path, data), data, report=report):
            yield from _article(path, document, lang, report)
    except RefusalError as refusal:
        report(refusal)


def _article(path: Path, document: Document, lang: str | None, report: _Report) -> Iterator[Article]:
    as_it_is = document.format == "jsonl"
    text = document.text if as_it_is else clean(document.text)
    code = (document.lang or lang) if as_it_is else (lang or document.lang)
    code = code or language.identify(text)
    if code is None:
        remedy = "Name it: --lang fr." if not as_it_is else 'Put it in the line, "lang": "fr", or name it: --lang fr.'
        report(RefusalError("ingest.language-unknown", "in no language that could be told", remedy, line=document.line))
        return
    title = clean_line(document.title) if document.title else None
    yield Article(
        id=document.key or (path.stem if document.line is None else f"{path.stem}-{document.line:05}"),
        source="",
        outlet="",
        lang=code.lower().split("-")[0],
        title=title,
        date=document.date,
        url=document.url,
        licence="",
        path=str(path),
        format=document.format,
        encoding=document.encoding,
        text=text,
        sha256=text_sha256(text),
        zones=find_zones(text, code.lower().split("-")[0], title),
    )


def _format(path: Path, data: bytes) -> str:
    """Return the format by the name, or for a pipe and a strange name by the first bytes."""
    known = FORMATS.get(path.suffix.lower())
    if known:
        return known
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        return "jsonl"
    return "html" if re.match(rb"<(?:!doctype html|html|\?xml)", head, re.I) else "text"


class _Report:
    """Adds refusals to the problems of a run, under the name of the file."""

    def __init__(self, record: str, problems: Problems) -> None:
        self.record = record
        self.problems = problems

    def __call__(self, refusal: RefusalError) -> None:
        self.problems.add(refusal.code, self.record, refusal.message, refusal.remedy, line=refusal.line)
