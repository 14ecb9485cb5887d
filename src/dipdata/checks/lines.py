"""JSONL files read so that nothing in them can stop a run: each line gives its value or a problem."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from dipdata.checks.catalogue import error
from dipdata.problems import Problem

LONGEST = 16 * 2**20  # bytes of a line: ten times the longest article that anyone will label
CHUNK = 4 * 2**20  # bytes of a range: what compiling an expression costs is little beside it
NOTHING: Any = object()  # the value of a line that has none: null is one

UNREADABLE = error("schema.unreadable", "A file cannot be read: it is a directory, or may not be opened.", "Put the file back.")
LONG = error(
    "schema.line-too-long",
    f"A line is longer than {LONGEST // 2**20} MiB.",
    "Break the file into one record a line; this line was skipped.",
)
UTF8 = error("schema.not-utf8", "A line is not UTF-8.", "Save the file as UTF-8, or restore the line from the last commit.")
BOM = error("schema.byte-order-mark", "A file begins with a byte order mark.", "Save the file as UTF-8 without one.")
JSON = error("schema.not-json", "A line is not JSON.", "Restore the line from the last commit; the other lines were read.")
FINITE = error("schema.not-finite", "A number is NaN or infinite, which JSON does not have.", "Write null, or the number that was meant.")
DEEP = error("schema.too-deep", "A record is nested more deeply than any record can be.", "Restore the line from the last commit.")
TABLE = error(
    "release.table-broken", "A Parquet file cannot be read, or a page of it does not have its checksum.", "Export the release again."
)
TWICE = error("schema.duplicate-key", "An object has a key twice, so that readers disagree on its value.", "Keep one of them.")


def read(
    path: Path, start: int = 0, end: int | None = None, *, unless: Container[int] = ()
) -> Iterator[tuple[int, bytes, Any, list[Problem]]]:
    """Yield `(line, bytes, value, problems)` for each line that begins in the bytes `[start, end)` of a JSONL file, but for those
    with a number in `unless`.

    Lines count from 1 at `start`. A blank line, and one with a problem that leaves it without a value, has the value `NOTHING`.
    Memory does not grow with the length of a line beyond `LONGEST`.
    """
    try:
        file = path.open("rb")
    except OSError as failed:
        yield 0, b"", NOTHING, [UNREADABLE.at(path.name, f"cannot be read ({failed.strerror})")]
        return
    with file:
        if start:
            # A range that begins inside a line leaves that line to the range before it.
            file.seek(start - 1)
            _skip(file)
        number = 0
        try:
            while end is None or file.tell() < end:
                line = file.readline(LONGEST + 1)
                if not line:
                    break
                number += 1
                if number in unless:
                    continue
                if len(line) > LONGEST:
                    if not line.endswith(b"\n"):
                        _skip(file)
                    yield number, b"", NOTHING, [LONG.at(f"line {number}", "is too long to be a record")]
                elif line.isspace():
                    yield number, line, NOTHING, []
                else:
                    value, problems = parse(line)
                    yield number, line, value, problems
        except OSError as failed:
            yield number, b"", NOTHING, [UNREADABLE.at(path.name, f"cannot be read ({failed.strerror})")]


def block(path: Path, start: int, end: int) -> list[bytes]:
    """Return the lines that begin in the bytes `[start, end)` of a file, without their line feeds; [] where it cannot be read."""
    try:
        with path.open("rb") as file:
            if start:
                file.seek(start - 1)
                _skip(file)
            content = file.read(max(0, end - file.tell()))
            if content and not content.endswith(b"\n"):
                content += file.readline(LONGEST)
    except OSError:
        return []
    return content.removesuffix(b"\n").split(b"\n") if content else []


def parse(line: bytes) -> tuple[Any, list[Problem]]:
    """Return the value of a line and what is wrong with it; the value is `NOTHING` where there is none."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as failed:
        return NOTHING, [_why(line, str(failed))]
    # Written compactly, the line comes back as it was only when no key came twice: the quick way for files that dipdata wrote.
    if orjson.dumps(value) == line.rstrip(b"\r\n"):
        return value, []
    return value, [TWICE.at(_who(value), f"has the key {key!r} twice") for key in _twice(line)]


def ranges(path: Path) -> list[tuple[int, int]]:
    """Return byte ranges that cover a file, for `read`."""
    try:
        size = path.stat().st_size
    except OSError:
        return [(0, 1)]
    return [(start, min(size, start + CHUNK)) for start in range(0, size, CHUNK)] or [(0, 1)]


def _skip(file: IO[bytes]) -> None:
    while (rest := file.readline(CHUNK)) and not rest.endswith(b"\n"):
        pass


def _why(line: bytes, message: str) -> Problem:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as failed:
        return UTF8.at("line", f"is not UTF-8 at byte {failed.start}")
    if text.startswith("\ufeff"):
        return BOM.at("line", "begins with a byte order mark")
    if "depth limit" in message or "ecursion" in message:
        return DEEP.at("line", "is nested more than 1,024 levels deep")
    if "infinity" in message:
        return FINITE.at("line", "holds a number too large to be one")
    constants: list[str] = []
    try:
        json.loads(text, parse_constant=constants.append)
    except (ValueError, RecursionError):
        return JSON.at("line", f"is not JSON ({message})")
    return FINITE.at("line", f"holds {constants[0]}") if constants else JSON.at("line", f"is not JSON ({message})")


def _twice(line: bytes) -> list[str]:
    found: list[str] = []

    def collect(pairs: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in pairs]
        found.extend(sorted({key for key in keys if keys.count(key) > 1}))

    try:
        json.loads(line, object_pairs_hook=collect)
    except (ValueError, RecursionError):
        return []
    return found


def _who(value: Any) -> str:
    return str(value.get("id") or value.get("statement_id") or "line") if isinstance(value, dict) else "line"
