"""Documents of a foreign form -> records, once `ingest` has frozen their texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dipdata.forms import form_of, quoted_stretches
from dipdata.interchange.align import Alignment
from dipdata.interchange.documents import Document, Unit
from dipdata.problems import Problems
from dipdata.records import Annotation, Article, Gold, Pairs, Statement, annotation_id, from_dict, statement_id, to_dict
from dipdata.schemas import Contract
from dipdata.spans import cut

Made = Statement | Annotation | Gold
# What a statement has that no foreign form says.
UNKNOWN = {"scope": "speech", "speakers": [], "chain": [], "addressees": [], "confidence": 1.0}


def records(document: Document, article: Article, origin: str, contract: Contract, problems: Problems) -> Iterator[Made]:
    """Yield the records of a document's units, their spans in the text of `article`, which is the document's after cleaning.

    A statement that the form did not say was made by dipdata gets the rule `imported:ORIGIN`. What cannot become a record is a problem:
    `import.text-differs`, `import.span` or `import.invalid`.
    """
    try:
        alignment = Alignment(document.text, article.text)
    except ValueError as error:
        problems.add("import.text-differs", document.id, str(error), "Import the text that the annotations were made on.")
        return
    stretches = quoted_stretches(article.text)
    for number, unit in enumerate(document.units, start=1):
        who = f"{document.id} unit {number}"
        try:
            record = _record(unit, article, alignment, stretches, origin)
        except (ValueError, KeyError, TypeError) as error:
            problems.add("import.span", who, str(error), "Correct the unit in the tool that made it, and import again.")
            continue
        kind = type(record).__name__.lower()
        findings = list(contract.findings(kind, to_dict(record)))
        for finding in findings:
            problems.add("import.invalid", who, finding.message, f"See schema/{kind}.schema.json.", pointer=finding.pointer or None)
        if not findings:
            yield record


def _record(unit: Unit, article: Article, alignment: Alignment, stretches: list[tuple[int, int]], origin: str) -> Made:
    def spans(pairs: Pairs) -> list[dict[str, Any]]:
        return [to_dict(span) for span in cut(article.text, alignment.pairs(pairs))]

    content, source, cue = spans(unit.content), spans(unit.source), spans(unit.cue)
    places = [(span["start"], span["end"]) for span in content]
    values = dict(unit.values)
    if unit.record == "statement":
        fixed = {
            "id": statement_id(article.sha256, places),
            "article_id": article.id,
            "article_sha256": article.sha256,
            "lang": article.lang,
            "content": content,
            "source": source,
            "cue": cue,
            "form": form_of(article.text, stretches, places),
            "targets": spans(unit.targets),
        }
        given = {name: value for name, value in values.items() if name in Statement.__slots__}
        return from_dict(Statement, {"rule": f"imported:{origin}", **UNKNOWN, **given, **fixed})
    targets = [
        {"start": start, "end": end, "surface": article.text[start:end], "stance": stance}
        for (start, end), stance in zip(alignment.pairs(unit.targets), unit.stances, strict=True)
    ]
    if unit.record == "gold":
        return from_dict(Gold, {"sentiment": None, **values, "targets": targets})
    # The annotator may have left other boundaries than the statement's, whose id is the one that the record names.
    own = {"id": annotation_id(values["statement_id"], values["annotator"])}
    fixed = {"content": content, "source": source, "cue": cue, "targets": targets}
    return from_dict(Annotation, {"validity": None, "sentiment": None, **values, **own, **fixed})


def unique(found: Iterable[Made]) -> list[Made]:
    """Return records without those that come again, as where several annotators of a corpus marked the same content."""
    kept: dict[tuple[type, str], Made] = {}
    for record in found:
        key = record.statement_id if isinstance(record, Gold) else record.id
        kept.setdefault((type(record), key), record)
    return list(kept.values())
