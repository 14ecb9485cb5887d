"""UIMA CAS XMI, as INCEpTION exports it, through dkpro-cassis (`pip install dipdata[interchange]`).

Layers are the user's own, so they are known by what they are called: an annotation is content, source, cue or target when its type, or
one of its string features, is so named. What belongs together is told by slots (a feature that lists links with a role and a target), or
by relations (a type with Governor and Dependent), whichever there are. Offsets become code points.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from dipdata.interchange.documents import Document, Unit
from dipdata.problems import CannotRunError

PARTS = {"content": "content", "quote": "content", "source": "source", "speaker": "source", "cue": "cue", "target": "target"}
STANCE = "stance"
# Types of the CAS itself and of linguistic layers, which say nothing of attributions.
FOREIGN = (
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata",
    "de.tudarmstadt.ukp.clarin",
)


def read(name: str, xmi: bytes, typesystem: bytes) -> Document:
    """Return the document of a CAS. Raises ValueError where the XMI or its type system cannot be read."""
    try:
        import cassis
    except ImportError as error:
        raise CannotRunError("import --from uima: dkpro-cassis is not installed. Run pip install 'dipdata[interchange]'.") from error
    try:
        types = cassis.load_typesystem(io.BytesIO(typesystem))
        cas = cassis.load_cas_from_xmi(io.BytesIO(xmi), typesystem=types, lenient=True)
        text = cas.sofa_string
    except Exception as error:  # whatever lxml and cassis raise on a broken file
        raise ValueError(f"not a CAS that can be read ({str(error).splitlines()[0] if str(error) else type(error).__name__})") from error
    if not text:
        raise ValueError("a CAS without a text")
    nodes = {one.xmiID: one for one in cas.select_all() if not one.type.name.startswith(FOREIGN)}
    parts = {key: part for key, one in nodes.items() if (part := _part(one)) is not None}
    near: dict[int, set[int]] = defaultdict(set)
    for key, one in nodes.items():
        others = {other.xmiID for other in _linked(one) if getattr(other, "xmiID", None) in parts}
        # A relation joins its two ends, a slot its owner with what it holds.
        for a in others | ({key} if others else set()):
            near[a] |= others | {key}
    units, used = [], set()
    for key in sorted((key for key, part in parts.items() if part == "content"), key=lambda key: nodes[key].begin):
        if key not in used:
            group = _together(key, near, parts)
            units.append(_unit([nodes[member] for member in group if member in parts], parts))
            used |= group
    lost = [
        f"{one.type.name} at {getattr(one, 'begin', None)}-{getattr(one, 'end', None)}: {_values(one)}"
        for key, one in nodes.items()
        if key not in used
    ]
    lost += [
        f"{nodes[key].type.name} at {nodes[key].begin}-{nodes[key].end}: {name} {value}"
        for key in sorted(used)
        for name, value in _values(nodes[key]).items()
        if not (name == STANCE and parts.get(key) == "target") and value.lower() not in PARTS
    ]
    return Document(name, text, units, lost)


def _together(content: int, near: dict[int, set[int]], parts: dict[int, str]) -> set[int]:
    """Return what belongs to a content: a source or target may be shared with another attribution, so nothing is reached through it."""
    found, edge = {content}, [content]
    while edge:
        key = edge.pop()
        if parts.get(key) in ("source", "target"):
            continue
        edge += near[key] - found
        found |= near[key]
    return found


def _part(one: Any) -> str | None:
    """Return which part of an attribution an annotation is, None where it is none."""
    if getattr(one, "begin", None) is None or one.begin >= one.end:
        return None
    called = PARTS.get(one.type.short_name.lower())
    if called is not None:
        return called
    return next((PARTS[value.lower()] for value in _values(one).values() if value.lower() in PARTS), None)


def _values(one: Any) -> dict[str, str]:
    """Return what the features of an annotation say in strings, numbers and truth values."""
    found = {}
    for feature in one.type.all_features:
        value = getattr(one, feature.name, None)
        if isinstance(value, str | int | float) and value and feature.name not in ("begin", "end"):
            found[feature.name] = str(value)
    return found


def _linked(one: Any) -> Iterator[Any]:
    """Yield what an annotation points at: the ends of a relation, the targets of slots."""
    for feature in one.type.all_features:
        value = getattr(one, feature.name, None)
        if value is None or isinstance(value, str | int | float | bool) or feature.name in ("sofa", "begin", "end"):
            continue
        for item in getattr(value, "elements", None) or (value if isinstance(value, list) else [value]):
            yield getattr(item, "target", None) or item


def _unit(found: list[Any], parts: dict[int, str]) -> Unit:
    by_part: dict[str, list[Any]] = defaultdict(list)
    for one in sorted(found, key=lambda one: (one.begin, one.end)):
        by_part[parts[one.xmiID]].append(one)
    places = {part: tuple((one.begin, one.end) for one in ones) for part, ones in by_part.items()}
    stances = [_values(one).get(STANCE) for one in by_part["target"]]
    return Unit(places["content"], places.get("source", ()), places.get("cue", ()), places.get("target", ()), stances)
