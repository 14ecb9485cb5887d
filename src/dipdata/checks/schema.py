"""Schema: every record is what its schema says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dipdata.problems import Problem
from dipdata.records import Corpus, to_dict
from dipdata.schemas import Contract


def check(corpus: Corpus, contract: Contract) -> Iterator[Problem]:
    """Yield `schema.invalid` for each violation in articles, statements, annotations and gold, with its JSON pointer."""
    for name, records in (
        ("article", corpus.articles),
        ("statement", corpus.statements),
        ("annotation", corpus.annotations),
        ("gold", corpus.gold),
    ):
        yield from check_records(name, map(to_dict, records), contract)


def check_records(name: str, records: Iterable[dict[str, Any]], contract: Contract) -> Iterator[Problem]:
    """Yield `schema.invalid` for each violation of the schema `name` in plain records."""
    for record in records:
        if contract.is_valid(name, record):
            continue
        who = str(record.get("id") or record.get("statement_id") or name)
        for finding in contract.findings(name, record):
            yield Problem(
                "schema.invalid",
                who,
                finding.message,
                f"Correct the value; schema/{name}.schema.json says what is allowed.",
                pointer=finding.pointer or None,
            )
