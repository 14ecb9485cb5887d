"""What `validate --fix` mends: order, byte order marks and normal form. Never a label, a span or a word of an article."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import orjson

from dipdata.annotations import store
from dipdata.checks import folders, lines
from dipdata.project import Project
from dipdata.release.manifest import FILE

CARD = "DATASET_CARD.md"
MARK = b"\xef\xbb\xbf"
DIFF = 200  # lines of a diff that are shown


def project(of: Project) -> Iterator[tuple[Path, bytes, bytes]]:
    """Yield path, old and new bytes of each file of a project that can be mended."""
    for path in sorted(of.annotations.glob("*.jsonl")):
        if path.is_file():
            old = path.read_bytes()
            new = sorted_lines(old, "id" if path.name == store.STATEMENTS else "statement_id")
            if new not in (None, old):
                yield path, old, new
    for path in folders.prose(of):
        if path.is_file():
            old = path.read_bytes()
            try:
                new = unicodedata.normalize("NFC", old.removeprefix(MARK).decode("utf-8")).encode("utf-8")
            except UnicodeDecodeError:
                continue
            if path.name == CARD:
                new = _emptied(new)
            if new != old:
                yield path, old, new


def release(folder: Path) -> Iterator[tuple[Path, bytes, bytes]]:
    """Yield path, old and new bytes of the card of a release whose figures are stale, and of the manifest that names its hash.

    Blocks are made anew from the tables, which are not touched; a release whose tables, schema or manifest are not sound is left alone.
    """
    from dipdata import checks
    from dipdata.checks import card
    from dipdata.release import card as cards

    made = checks.recounted(folder)
    path, list_path = folder / card.NAME, folder / FILE
    if made is None or not path.is_file():
        return
    old, old_list = path.read_bytes(), list_path.read_bytes()
    text = old.decode("utf-8", "strict")
    for found in cards.BLOCK.finditer(text):
        if found[1] in made and found[2].strip() != made[found[1]].strip():
            text = cards.replace_block(text, found[1], made[found[1]])
    new = text.encode()
    if new == old:
        return
    values = orjson.loads(old_list)
    for entry in values["files"]:
        if entry["path"] == card.NAME:
            entry["bytes"], entry["sha256"] = len(new), hashlib.sha256(new).hexdigest()
    yield path, old, new
    yield list_path, old_list, orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _emptied(card: bytes) -> bytes:
    """Return a card's template without what was written by hand into its generated blocks: `export` fills them."""
    from dipdata.release import card as cards

    text = card.decode("utf-8")
    edited = set(cards.edited_blocks(text))

    def empty(found: re.Match[str]) -> str:
        return f"<!-- dipdata:begin {found[1]} -->\n<!-- dipdata:end {found[1]} -->" if found[1] in edited else found[0]

    return cards.BLOCK.sub(empty, text).encode()


def sorted_lines(old: bytes, key: str) -> bytes | None:
    """Return the lines of a JSONL file sorted by `key`, each as the store writes it; None where a line is broken and must be seen to."""
    records = []
    for line in old.removeprefix(MARK).split(b"\n"):
        if not line.strip():
            continue
        value, problems = lines.parse(line)
        if problems or not isinstance(value, dict) or not isinstance(value.get(key), str):
            return None
        written = orjson.dumps(value)
        # Numbers beyond 64 bits would be rounded: what cannot be written as it was stays.
        if written != line and json.loads(written) != json.loads(line):
            return None
        records.append((value[key], written))
    return b"".join(written + b"\n" for _, written in sorted(records, key=lambda record: record[0]))


def diff(name: str, old: bytes, new: bytes) -> str:
    """Return a unified diff of a file, cut after `DIFF` lines."""
    before, after = (each.decode("utf-8", "replace").splitlines() for each in (old, new))
    found = list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", lineterm="", n=1))
    more = [f"... and {len(found) - DIFF} more lines"] if len(found) > DIFF else []
    return "\n".join([*(line[:200] for line in found[:DIFF]), *more]) + "\n"
