"""Schema: every record is what its schema says. How lines are read is checked in `lines`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dipdata.checks.catalogue import error
from dipdata.problems import Problem
from dipdata.schemas import Contract

MISSING = error("schema.missing-key", "A record lacks a key.", "Add it; schema/{name}.schema.json says what it holds.")
UNKNOWN = error(
    "schema.unknown-key", "A record has a key that its schema does not know.", "Remove it, or add it to schema/{name}.schema.json."
)
TYPE = error("schema.type", "A value is of another type than its schema says.", "Correct the value; see schema/{name}.schema.json.")
LABEL = error(
    "schema.label", "A value is not in its closed list.", "Use one of the allowed values; schema/labels.schema.json defines them."
)
FORMAT = error("schema.format", "An id, date, version or code is not of its form.", "Correct the value; see schema/{name}.schema.json.")
RANGE = error(
    "schema.range", "A number is outside its bounds, or a text or list is empty.", "Correct the value; see schema/{name}.schema.json."
)
INVALID = error("schema.invalid", "A record breaks its schema in another way.", "Correct the value; see schema/{name}.schema.json.")
TOML = error("schema.not-toml", "A source.toml is not TOML.", "Mend the line that is named; raw/README.md shows the form of the file.")

BY_KIND = {check.code.partition(".")[2]: check for check in (MISSING, UNKNOWN, TYPE, LABEL, FORMAT, RANGE, INVALID)}


def check(name: str, record: Any, contract: Contract) -> Iterator[Problem]:
    """Yield a problem for each violation of the schema `name` in a record."""
    if contract.is_valid(name, record):
        return
    who = str(record.get("id") or record.get("statement_id") or name) if isinstance(record, dict) else name
    for finding in contract.findings(name, record):
        of = BY_KIND[finding.kind]
        yield of.at(who, finding.message, pointer=finding.pointer or None, remedy=of.remedy.format(name=name))


def dates(values: Mapping[str, Any], *keys: str) -> Iterator[Problem]:
    """Yield a problem for each date or time of a valid record that the calendar does not have: a schema sees its form alone."""
    for key in keys:
        if (value := values[key]) is not None:
            try:
                datetime.fromisoformat(value)
            except ValueError:
                yield FORMAT.at(values["id"], f"{value!r} is not in the calendar", pointer=f"/{key}", remedy="Correct the date.")
