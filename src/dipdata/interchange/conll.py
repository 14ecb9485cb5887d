"""CoNLL: one token a line, a column a statement, as the CoNLL shared tasks mark predicates and their arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dipdata.records import Article, Span, Statement

TOKEN = re.compile(r"\w+(?:[’'-]\w+)*|[^\w\s]")
PARTS = (("content", "CONTENT"), ("source", "SOURCE"), ("cue", "CUE"))


def write(article: Article, statements: Sequence[Statement]) -> str:
    """Return an article with its statements in text order.

    The columns are number in the paragraph, token, start and end in code points of the text, then for each statement `B-CONTENT`,
    `I-CONTENT`, `B-SOURCE`, `B-CUE` and so on, `O` outside. An empty line ends a paragraph. Comment lines give the article's id and the
    statements' ids.
    """
    ordered = sorted(statements, key=lambda statement: (statement.content[0].start, statement.id))
    lines = [f"# article = {article.id}", f"# lang = {article.lang}"]
    lines += [f"# statement {number} = {statement.id} {statement.form}" for number, statement in enumerate(ordered, start=1)]
    number = 0
    last = 0
    for token in TOKEN.finditer(article.text):
        if "\n" in article.text[last : token.start()] and number:
            lines.append("")
            number = 0
        number += 1
        last = token.end()
        marks = [_mark(statement, token.start(), token.end()) for statement in ordered]
        lines.append("\t".join([str(number), token[0], str(token.start()), str(token.end()), *marks]))
    return "\n".join(lines) + "\n\n"


def _mark(statement: Statement, start: int, end: int) -> str:
    for part, name in PARTS:
        spans: tuple[Span, ...] = getattr(statement, part)
        for span in spans:
            if span.start < end and start < span.end:
                return f"{'B' if start <= span.start else 'I'}-{name}"
    return "O"
