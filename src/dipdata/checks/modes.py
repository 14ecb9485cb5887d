"""Text modes: a release holds no more of the articles' words than its declared mode allows, and what it holds is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from dipdata import columns, tables
from dipdata.checks.catalogue import error
from dipdata.problems import Problem
from dipdata.records import text_sha256
from dipdata.release.modes import SPANS

MODE = error(
    "hygiene.text-mode",
    "A release holds more of an article's text than its declared text mode allows.",
    "Export the release again with the right --text; take the other one back.",
)
ROW = error(
    "release.row-text",
    "The text of a row is not the stretch of the article, or has not the hash, that the row names.",
    "Export the release again.",
)
SLICE = 2000
TEXT = ["id", "text", "text_start", "text_end", "text_sha256"]


def check(folder: Path, entries: Iterable[Mapping[str, Any]], mode: str) -> Iterator[Problem]:
    """Yield the rows of a release that hold too much text for `mode`, or text of another hash or length than they say.

    A table that cannot be read is left out; it is reported where its records are read.
    """
    if mode == "partial":  # what the user had copies of
        mode = "full"
    kept: dict[str, tuple[int, int]] = {}
    for entry in sorted(entries, key=lambda entry: entry["config"] != "statements"):
        config, name = entry["config"], entry["path"]
        if mode == "full" and config != "statements":
            continue
        for row in _rows(folder / name, TEXT if mode == "full" else _columns(config)):
            who = row.get("id") or row["statement_id"]
            if config == "statements":
                yield from _text(row, name)
                if mode == "quotes":
                    kept[who] = (row["text_start"], row["text_end"])
            if mode != "full":
                # One problem a row: a row that holds too much mostly does in every part.
                yield from islice(_too_much(row, config, mode, kept.get(row.get("statement_id", who), (0, 0)), name), 1)


def _too_much(row: Mapping[str, Any], config: str, mode: str, kept: tuple[int, int], file: str) -> Iterator[Problem]:
    who = row.get("id") or row["statement_id"]
    for part in ("text", "content", "context"):
        withheld = mode == "none" or config == "articles" or part == "context"
        if isinstance(row.get(part), str) and withheld:
            yield MODE.at(who, f"holds a {part} in a release of text mode {mode}", pointer=f"/{part}", file=file)
    if config == "default" and mode == "none" and row["target"] is not None:
        yield MODE.at(who, f"holds the words of a target in a release of text mode {mode}", pointer="/target", file=file)
    if config == "statements" and mode == "quotes":
        yield from _paragraphs(row, file)
    for part in SPANS.get(config, ()):
        for n, span in enumerate(row[part]):
            if span["surface"] is not None and not kept[0] <= span["start"] < span["end"] <= kept[1]:
                message = f"holds the words at {span['start']}-{span['end']} in a release of text mode {mode}"
                yield MODE.at(who, message, pointer=f"/{part}/{n}/surface", file=file)


def _text(row: Mapping[str, Any], file: str) -> Iterator[Problem]:
    text = row["text"]
    if text is None:
        return
    if len(text) != row["text_end"] - row["text_start"]:
        yield ROW.at(row["id"], f"has {len(text)} code points of text at {row['text_start']}-{row['text_end']}", pointer="/text", file=file)
    elif text_sha256(text) != row["text_sha256"]:
        yield ROW.at(row["id"], "has a text of another SHA-256 than the row gives", pointer="/text_sha256", file=file)


def _paragraphs(row: Mapping[str, Any], file: str) -> Iterator[Problem]:
    """Yield a problem where a row of quotations holds a paragraph before or after its statement: a quotation may run over some."""
    text, spans = row["text"] or "", [span for part in ("content", "source", "cue") for span in row[part]]
    start = min(span["start"] for span in spans) - row["text_start"]
    end = max(span["end"] for span in spans) - row["text_start"]
    if "\n" in text[: max(0, start)] or "\n" in text[max(0, end) :]:
        yield MODE.at(row["id"], "holds a paragraph more than the statement's sentences", pointer="/text", file=file)


def _columns(config: str) -> list[str]:
    return {
        "articles": ["id", "text"],
        "statements": [*TEXT, *SPANS["statements"]],
        "annotations": ["id", "statement_id", *SPANS["annotations"]],
        "default": ["statement_id", "text", "content", "context", "target"],
    }[config]


def _rows(path: Path, names: list[str]) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            features = tables.described(file.schema_arrow)
            for batch in file.iter_batches(SLICE, columns=names, use_threads=False):
                yield from columns.rows(batch, features)
    except (OSError, ValueError, LookupError):  # ArrowInvalid is a ValueError
        return
