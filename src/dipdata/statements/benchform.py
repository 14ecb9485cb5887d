"""Documents in the bench form (see DESIGN.md): one JSON object a line, spans as pairs of code points."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from dipdata.problems import CannotRunError
from dipdata.records import Article, Statement
from dipdata.spans import pairs


def to_bench(document: Article | tuple[str, str, str], statements: Iterable[Statement]) -> dict[str, Any]:
    """Return the bench form of an article, or of its `(id, lang, text)`; spans are `[start, end]` lists."""
    identity, lang, text = document if isinstance(document, tuple) else (document.id, document.lang, document.text)
    return {
        "id": identity,
        "lang": lang,
        "text": text,
        "statements": [
            {
                "content": [list(pair) for pair in pairs(statement.content)],
                "source": [list(pair) for pair in pairs(statement.source)],
                "cue": [list(pair) for pair in pairs(statement.cue)],
                "form": statement.form,
                "speaker": "; ".join(speaker.name for speaker in statement.speakers) or None,
                "chain": list(statement.chain),
                "addressee": list(statement.addressees),
            }
            for statement in statements
        ],
    }


def read_bench(lines: Iterable[str | bytes], name: str = "input") -> Iterator[dict[str, Any]]:
    """Yield the documents of a bench file, each with at least `id`, `text` and `statements`.

    Raises CannotRunError, naming the line, where a line is no such document.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            if not isinstance(document["id"], str) or not isinstance(document["text"], str):
                raise TypeError("id and text must be strings")
        except (ValueError, KeyError, TypeError) as error:
            raise CannotRunError(f"{name}:{number}: no document in the bench form ({error}). Each line needs id, lang and text.") from error
        document.setdefault("statements", [])
        yield document
