"""Raw files -> documents: plain text, HTML (through trafilatura) and JSONL with one article a line."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from dipdata.articles.encoding import declared_in_page, decode
from dipdata.articles.refusal import RefusalError

FORMATS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
LONGEST_LINE = 32_000_000
"""Code points of a JSONL line; longer is no article but a mistake."""
LARGEST_PAGE = 16_000_000
"""Bytes of an HTML page; trafilatura needs about thirty times that in memory."""
DATES = {"extensive_search": False, "original_date": True}
"""For htmldate: a date from the page's metadata and time elements, never one that the text happens to speak of."""
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Document:
    """What a raw file or line says, before cleaning. `key` is its own id and `line` its line, in JSONL."""

    text: str
    format: str
    encoding: str
    title: str | None = None
    date: str | None = None
    url: str | None = None
    lang: str | None = None
    key: str | None = None
    line: int | None = None


Report = Callable[[RefusalError], None]


def read(format_: str, data: bytes, *, encoding: str | None = None, report: Report) -> Iterator[Document]:
    """Yield the documents of one raw file in a format of `FORMATS`.

    `encoding` is the one that source.toml declares. Raises RefusalError where the file as a whole is no article; what is wrong with
    single lines of JSONL goes to `report`.
    """
    if not data.strip():
        raise _empty_file()
    if format_ == "html":
        yield _html(data, encoding)
    elif format_ == "jsonl":
        yield from _jsonl(data, encoding, report)
    else:
        text, how = decode(data, encoding)
        if not text.strip():
            raise _empty_file()
        yield Document(text, "text", how)


def _empty_file() -> RefusalError:
    return RefusalError("ingest.empty", "the file is empty", "Save the article again, or delete the file.")


def _html(data: bytes, encoding: str | None) -> Document:
    import trafilatura

    if len(data) > LARGEST_PAGE:
        raise RefusalError(
            "ingest.too-large", f"a page of {len(data):,} bytes", "Save the article alone, or list the page in source.toml under skip."
        )
    page, how = decode(data, encoding or declared_in_page(data))
    try:
        found: Any = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, date_extraction_params=DATES)
    except (ValueError, RecursionError, AssertionError) as error:
        raise RefusalError("ingest.bad-html", f"the page cannot be parsed ({error})", "Save it again with a browser.") from error
    body = found.text if found else None
    if not body or not body.strip():
        raise RefusalError(
            "ingest.empty",
            "no article text found",
            "The page may need scripts; save the rendered page, or list it in source.toml under skip.",
        )
    paragraphs = [line.strip() for line in body.splitlines() if line.strip()]
    title = " ".join(found.title.split()) if found.title else None
    if title and not any(" ".join(line.split()) == title for line in paragraphs[:4]):
        paragraphs.insert(0, title)
    return Document(
        text="\n\n".join(paragraphs),
        format="html",
        encoding=how,
        title=title,
        date=found.date,
        url=found.url,
        lang=_page_language(page),
    )


def _page_language(page: str) -> str | None:
    match = re.search(r"<html\b[^>]{0,400}?\b(?:xml:)?lang\s*=\s*[\"']?\s*([A-Za-z]{2,3})(?![A-Za-z])", page[:20_000], re.I)
    return match[1].lower() if match else None


def _jsonl(data: bytes, encoding: str | None, report: Report) -> Iterator[Document]:
    text, how = decode(data, encoding)
    lines = io.StringIO(text, newline=None)
    number = 0
    while line := lines.readline():
        number += 1
        if not line.strip():
            continue
        try:
            if len(line) > LONGEST_LINE:
                raise RefusalError("ingest.too-large", f"a line of {len(line):,} code points", "Put one article on a line.")
            yield _record(line, number, how)
        except RefusalError as refusal:
            refusal.line = number
            report(refusal)


def _record(line: str, number: int, encoding: str) -> Document:
    try:
        values = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "nested too deep" if isinstance(error, RecursionError) else str(error).split(": line 1")[0]
        raise RefusalError("ingest.bad-json", f"not JSON ({reason})", "Write one JSON object a line, or delete the line.") from error
    if not isinstance(values, dict):
        raise RefusalError("ingest.bad-json", "not a JSON object", "Write one object with id and text a line.")
    text = _string(values, "text")
    if not text or not text.strip():
        raise RefusalError("ingest.empty", "no text", "Put the article under the key text, or delete the line.")
    key = values.get("id")
    if isinstance(key, int):
        values["id"] = str(key)
    return Document(
        text=text,
        format="jsonl",
        encoding=encoding,
        title=_string(values, "title"),
        date=_string(values, "date"),
        url=_string(values, "url"),
        lang=_string(values, "lang"),
        key=_string(values, "id"),
        line=number,
    )


def _string(values: dict[str, Any], key: str) -> str | None:
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        raise RefusalError(
            "ingest.bad-record", f"{key} is {type(value).__name__}, not a string", f"Write {key} in quotes, or leave it out."
        )
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
