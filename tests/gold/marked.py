"""Read gold articles written as marked text, one file an article: `tests/gold/LANG/ID.txt`.

A file starts with TOML between two `+++` lines: `lang`, and one table for each unit that has more to say than its spans (`speaker`,
`chain`, `addressee`, `optional`). The text follows, with tags around the spans of unit N: `<cN>` content (repeated where the content
is cut), `<sN>` source, `<qN>` cue. Tags nest; they are no part of the text.

    python tests/gold/marked.py LANG... > gold.jsonl      one document a line, in the form that `dipdata evaluate` reads
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TAG = re.compile(r"<(/?)([csq])([0-9]+)>")
PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
ROLES = {"c": "content", "s": "source", "q": "cue"}


def parse(marked: str, name: str) -> dict[str, Any]:
    """Return one document `{"id", "lang", "text", "statements"}`; spans are code points of `text`.

    Raises ValueError, naming the file and the tag, where a tag is not closed, closed twice, or marks nothing.
    """
    _, head, body = marked.split("+++\n", 2)
    meta = tomllib.loads(head)
    body = body.strip("\n")
    text, at, opened = [], 0, {}
    spans: dict[int, dict[str, list[list[int]]]] = {}
    length = 0
    for tag in TAG.finditer(body):
        text.append(body[at : tag.start()])
        length += tag.start() - at
        at = tag.end()
        key = (ROLES[tag[2]], int(tag[3]))
        if not tag[1]:
            if key in opened:
                raise ValueError(f"{name}: <{tag[2]}{tag[3]}> is opened twice")
            opened[key] = length
        else:
            if key not in opened:
                raise ValueError(f"{name}: {tag[0]} was never opened")
            start = opened.pop(key)
            if start == length:
                raise ValueError(f"{name}: {tag[0]} marks nothing")
            unit = spans.setdefault(key[1], {"content": [], "source": [], "cue": []})
            unit[key[0]].append([start, length])
    text.append(body[at:])
    if opened:
        raise ValueError(f"{name}: never closed: {sorted(opened)}")
    unknown = {k for k in meta if k.isdigit()} - {str(n) for n in spans}
    if unknown:
        raise ValueError(f"{name}: the head names units that the text does not mark: {sorted(unknown)}")
    statements = []
    for number, unit in sorted(spans.items()):
        if not unit["content"]:
            raise ValueError(f"{name}: unit {number} has no content")
        more = meta.get(str(number), {})
        statements.append(
            {role: sorted(found) for role, found in unit.items()}
            | {
                "speaker": more.get("speaker"),
                "chain": more.get("chain", []),
                "addressee": more.get("addressee", []),
                "optional": more.get("optional", False),
            }
        )
    statements.sort(key=lambda unit: (unit["content"], unit["cue"]))
    return {"id": name, "lang": meta["lang"], "text": "".join(text), "statements": statements}


def load(lang: str) -> Iterator[dict[str, Any]]:
    """Yield the gold documents of a language in order of their names."""
    for path in sorted((HERE / lang).glob("*.txt")):
        yield parse(path.read_text(encoding="utf-8"), path.stem)


def sentences(path: Path) -> Iterator[dict[str, Any]]:
    """Yield each paragraph of a marked file as a document of its own: isolated news sentences (`tests/sentences/`)."""
    whole = parse(path.read_text(encoding="utf-8"), path.stem)
    for number, paragraph in enumerate(PARAGRAPH.finditer(whole["text"]), 1):
        start, end = paragraph.span()
        units = [
            unit | {role: [[low - start, high - start] for low, high in unit[role]] for role in ROLES.values()}
            for unit in whole["statements"]
            if start <= unit["content"][0][0] < end
        ]
        yield {"id": f"{path.stem}-{number}", "lang": whole["lang"], "text": paragraph[0], "statements": units}


if __name__ == "__main__":
    for language in sys.argv[1:]:
        for document in load(language):
            print(json.dumps(document, ensure_ascii=False))
