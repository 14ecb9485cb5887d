"""brat standoff: one .txt and .ann a document (https://brat.nlplab.org/standoff.html), in the form that PolNeAR has.

A unit is an event `Attribution` with the roles Content, Source, Cue and Target; a text-bound annotation may be discontinuous. Offsets are
code points. Labels are attributes, of the event or of a target. What else a record of dipdata has stands as JSON in a note on the event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dipdata.interchange.documents import Document, Unit
from dipdata.records import Annotation, Gold, Pairs, Span, StanceTarget, Statement, to_dict
from dipdata.spans import pairs

TYPES = {"content": "Content", "source": "Source", "cue": "Cue", "targets": "Target"}
EVENT = "Attribution"
LABELS = ("validity", "sentiment", "act")
NOTE = "AnnotatorNotes"
# Type and offsets of a text-bound annotation; role and id of an event's argument.
BOUND = re.compile(r"([^ \t]+) ([0-9]+ [0-9]+(?:;[0-9]+ [0-9]+)*)")
ARGUMENT = re.compile(r"([A-Za-z_-]+)[0-9]*:([TE][^ \t]+)")


def write(text: str, records: Iterable[tuple[Statement | Annotation | Gold, Statement]]) -> str:
    """Return the .ann of an article for statements, one annotator's annotations, or gold, each with its statement."""
    lines = _Lines(text)
    for record, statement in records:
        lines.unit(record, statement)
    return "".join(f"{line}\n" for line in lines.found)


def read(name: str, text: str, ann: str) -> Document:
    """Return the document that an .ann marks in a text. Raises ValueError where the text does not read there as the .ann says."""
    parsed = _parse(text, ann)
    lost = list(parsed.lost)
    units, used = [], set()
    for key, (kind, trigger, arguments) in parsed.events.items():
        roles: dict[str, list[str]] = {"Content": [], "Source": [], "Cue": [], "Target": []}
        for role, argument in arguments:
            if role.capitalize() in roles and argument in parsed.bound:
                roles[role.capitalize()].append(argument)
            else:
                lost.append(f"{key}: argument {role}:{argument}")
        if not roles["Content"]:
            lost.append(f"{key}: {kind} without content")
            continue
        if not kind.startswith(EVENT):
            lost.append(f"{key}: type {kind}")
        used |= {trigger, *(argument for found in roles.values() for argument in found)}
        units.append(_unit(key, roles, parsed, lost))
        known = {label.capitalize() for label in LABELS}
        lost += [f"{key}: attribute {name} {value}" for name, value in parsed.attributes.get(key, {}).items() if name not in known]
    lost += [f"{key}: {kind} outside every attribution" for key, (kind, _) in parsed.bound.items() if key not in used]
    placed = set(parsed.events) | {key for key, (kind, _) in parsed.bound.items() if kind == TYPES["targets"] and key in used}
    lost += [
        f"{key}: attribute {name} {value}"
        for key in parsed.attributes
        if key not in placed
        for name, value in parsed.attributes[key].items()
    ]
    lost += [f"note on {key}: {note}" for key, note in parsed.notes.items() if key not in parsed.events]
    return Document(name, text, units, lost)


def _unit(key: str, roles: Mapping[str, list[str]], parsed: _Parsed, lost: list[str]) -> Unit:
    def places(role: str) -> tuple[tuple[int, int], ...]:
        return tuple(sorted({pair for argument in roles[role] for pair in parsed.bound[argument][1]}))

    note = parsed.notes.get(key)
    values: dict[str, Any] = {}
    if note is not None:
        try:
            values = json.loads(note)
        except ValueError:
            values = {}
        if not isinstance(values, dict) or "dipdata" not in values:
            lost.append(f"{key}: note {note}")
            values = {}
    record = str(values.pop("dipdata", "statement"))
    # brat cuts a span at the end of a line: the note says where it does not end.
    whole: dict[str, list[list[int]]] = values.pop("spans", {})
    unmarked = values.pop("unmarked", False)
    found: dict[str, Pairs] = {}
    for part, role in TYPES.items():
        marked = places(role)
        noted = tuple((start, end) for start, end in whole.get(part, ()))
        found[part] = noted if unmarked or (noted and _cut(parsed.text, noted) == marked) else marked
    stances = {parsed.bound[argument][1]: parsed.attributes.get(argument, {}).get("Stance") for argument in roles["Target"]}
    for argument in roles["Target"]:
        lost += [f"{argument}: attribute {name} {value}" for name, value in parsed.attributes.get(argument, {}).items() if name != "Stance"]
    labels = {label: parsed.attributes.get(key, {}).get(label.capitalize()) for label in LABELS}
    return Unit(
        content=found["content"],
        source=found["source"],
        cue=found["cue"],
        targets=found["targets"],
        stances=[stances.get(_cut(parsed.text, [pair])) for pair in found["targets"]],
        record=record,
        values=values | {label: value.lower() for label, value in labels.items() if value is not None},
    )


@dataclass(slots=True)
class _Parsed:
    text: str
    bound: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = field(default_factory=dict)
    events: dict[str, tuple[str, str, list[tuple[str, str]]]] = field(default_factory=dict)
    attributes: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


def _parse(text: str, ann: str) -> _Parsed:
    parsed = _Parsed(text)
    for line in re.split(r"\r?\n", ann):  # not `splitlines`, which also ends lines at characters that may stand in a text
        key, _, rest = line.partition("\t")
        head, _, tail = rest.partition("\t")
        if key.startswith("T") and (bound := BOUND.fullmatch(head)):
            places = tuple((int(start), int(end)) for start, end in (part.split(" ") for part in bound[2].split(";")))
            for start, end in places:
                if not 0 <= start < end <= len(text):
                    raise ValueError(f"{key} at {start}-{end} is empty or outside the text of {len(text)} code points")
            words = " ".join(text[start:end] for start, end in places)
            if tail.strip() and tail.split() != words.split():
                raise ValueError(f"{key} reads {tail!r}, and the text has {words!r} there")
            parsed.bound[key] = bound[1], places
        elif key.startswith("E") and ":" in head:
            kind, _, trigger = head.split(" ")[0].partition(":")
            parsed.events[key] = kind, trigger, [(found[1], found[2]) for found in ARGUMENT.finditer(head[len(kind) + len(trigger) + 1 :])]
        elif key.startswith(("A", "M")) and head.count(" ") >= 1:
            name, target, *value = head.split(" ")
            parsed.attributes.setdefault(target, {})[name] = " ".join(value) or "true"
        elif key.startswith("#") and head.startswith(f"{NOTE} "):
            parsed.notes[head.removeprefix(f"{NOTE} ")] = tail
        elif line.strip():
            parsed.lost.append(line)
    return parsed


class _Lines:
    """The lines of an .ann as they are made."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[str] = []
        self._counts = dict.fromkeys("TEA#", 0)

    def unit(self, record: Statement | Annotation | Gold, statement: Statement) -> None:
        """Add the lines of one record. An event needs a content: where the record has none, the statement's is marked."""
        of = statement if isinstance(record, Gold) or not record.content else record
        roles, attributes = [], []
        for part in ("content", "source", "cue"):
            spans: tuple[Span, ...] = getattr(of, part)
            if spans:
                roles.append(f"{TYPES[part]}:{self._bound(TYPES[part], pairs(spans))}")
        targets: tuple[Span | StanceTarget, ...] = record.targets
        for number, target in enumerate(targets, start=1):
            key = self._bound(TYPES["targets"], ((target.start, target.end),))
            roles.append(f"{TYPES['targets']}{'' if number == 1 else number}:{key}")
            if isinstance(target, StanceTarget) and target.stance:
                attributes.append(f"Stance {key} {target.stance}")
        trigger = self._bound(EVENT, pairs(of.cue) or pairs(of.content[:1]))
        event = self._add("E", f"{EVENT}:{trigger} {' '.join(roles)}")
        values = to_dict(record)
        for attribute in (*attributes, *(f"{label.capitalize()} {event} {values[label]}" for label in LABELS if values.get(label))):
            self._add("A", attribute)
        note = {
            "dipdata": type(record).__name__.lower(),
            **{key: value for key, value in values.items() if key not in (*TYPES, *LABELS)},
            "spans": {part: _places(getattr(record if hasattr(record, part) else of, part)) for part in TYPES},
            "unmarked": of is not record and not isinstance(record, Gold),
        }
        self._add("#", f"{NOTE} {event}\t{json.dumps(note, ensure_ascii=False, separators=(',', ':'))}")

    def _bound(self, kind: str, places: Pairs) -> str:
        cut = _cut(self.text, places)
        offsets = ";".join(f"{start} {end}" for start, end in cut)
        words = " ".join(self.text[start:end] for start, end in cut)
        return self._add("T", f"{kind} {offsets}\t{words}")

    def _add(self, letter: str, line: str) -> str:
        self._counts[letter] += 1
        key = f"{letter}{self._counts[letter]}"
        self.found.append(f"{key}\t{line}")
        return key


def _places(spans: Iterable[Span | StanceTarget]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def _cut(text: str, places: Pairs) -> tuple[tuple[int, int], ...]:
    """Return spans cut at line ends, as brat wants them."""
    return tuple(piece for start, end in places for piece in _pieces(text, start, end))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in re.finditer(r"[^\n]+", text[start:end]):
        if found[0].strip():
            yield start + found.start(), start + found.end()
