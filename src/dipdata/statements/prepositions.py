"""Prepositions and postpositions that attribute: *selon X, …*, *…, according to X*, *X zufolge …*."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dipdata.statements import contents, nounphrases, sources
from dipdata.statements.grammar import POST
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.grammar import Pack
    from dipdata.statements.reading import Reader, Unit
    from dipdata.statements.tokens import Sentence

_INNER = re.compile(r"\w+")


def prepositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`Selon X, …`, `…, selon X`, `X zufolge`."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    if group.kind == POST:
        return _postpositional(reader, number, group)
    at = group.after
    while at < reader.count and (tags[at] == "G" or sentence.forms[at] in pack.lists.get("origin", ())):
        at += 1
    if at < reader.count and sentence.forms[at] in pack.lists.get("which", ()):
        noun = sources.antecedent(sentence, pack, group.first)
        stop = reader.end(number, at + 1)
        return reader.build(group, [(at + 1, stop)], noun, "relative", "preposition-which")
    nominal = tags[at : at + 1] == "V" and sentence.forms[at] in pack.homographs and tags[at + 1 : at + 2] not in ("D", "U")
    if at < reader.count and tags[at] in "VXvZFfN" and not nominal and sentence.forms[group.first] in pack.lists.get("as", ()):
        return None  # `según informó X`: the verb attributes
    owner = owner_of(sentence, pack, group)
    source, stop = _object(reader, at) if owner is None else ((group.first, group.after), group.after)
    if source is not None and not pack.lists.get("no-source", frozenset()).isdisjoint(sentence.forms[source[0] : source[1]]):
        return None  # *selon les cas*, *selon toute vraisemblance*
    if source is None or (group.cue.closing and stop < reader.count and tags[stop] not in ",.P;)-"):
        return None
    before = tags[group.first - 1] if group.first else "."
    opening = group.first == 0 or before in "KCB:;." or (group.first == 1 and before in "AC-")
    comma = tags[stop] == "," if stop < reader.count else False
    if before == "R" and pack.traits["pro-drop"]:  # `la propuesta, que según X es razonable, …`
        reader.within = "relative"
        return reader.build(group, [(stop, reader.end(number, stop))], source, "np", "preposition-relative")
    if opening or (before == "," and group.first >= 2 and tags[group.first - 2] in "KCB"):
        start = stop + 1 if comma else stop
        if comma and start < reader.count and tags[start] == "R":  # `Selon la même source, qui cite X, …`
            close = tags.find(",", start)
            start = close + 1 if close > 0 else start
        if start >= reader.count or not reader.wordy(start, reader.count):
            return None
        end = reader.end(number, start)
        return owned(reader.build(group, [(start, end)], source, "np", "preposition-first"), owner)
    first = _content_start(reader, group.first)
    left = (first, group.first)
    ranges = [left]
    if pack.traits["verb-second"] and before != ",":
        rest = stop + 1 if comma else stop
        if rest < reader.count and reader.wordy(rest, reader.count):
            ranges.append((rest, reader.end(number, rest)))
    elif comma and stop + 1 < reader.count:
        verb_left = contents.has_verb(tags, *left)
        rest_verb = contents.has_verb(tags, stop + 1, reader.count) or (pack.traits["pro-drop"] and tags[stop + 1] in "wNfF")
        cut = group.first > 1 and tags[group.first - 2] in "vVXZf"  # `Il s'agit, selon X, de …`: the verb lacks its complement
        if (not verb_left and rest_verb) or (cut and tags[stop + 1] in "DGPAjwqQi"):
            ranges.append((stop + 1, reader.end(number, stop + 1)))
    elif before != "," and stop < reader.count and tags[stop] not in ".;)" and not contents.has_verb(tags, *left):
        ranges.append((stop, reader.end(number, stop)))
    return owned(reader.build(group, ranges, source, "np", "preposition-last" if len(ranges) == 1 else "preposition-inside"), owner)


def owner_of(sentence: Sentence, pack: Pack, group: Group) -> tuple[int, int] | None:
    """Return the code points of the possessive inside an attributing phrase (`по [его] словам`), or None where it has none."""
    known = pack.lists.get("possessives", frozenset())
    low, high = sentence.starts[group.first], sentence.ends[group.first]
    for word in _INNER.finditer(sentence.text, low, high):
        if low < word.start() and word.end() < high and word[0].lower() in known:
            return word.start(), word.end()
    return None


def owned(unit: Unit | None, owner: tuple[int, int] | None) -> Unit | None:
    """Make the possessive the source, and what stands around it the cue."""
    if unit is not None and owner is not None:
        (low, high), (start, end) = unit.cue[0], owner
        unit.source, unit.cue = [owner], [(low, start - 1), (end + 1, high)] if end < high else [(low, start - 1)]
    return unit


def _object(reader: Reader, at: int) -> tuple[Range | None, int]:
    """Return the object of an attributing preposition: its noun phrase with all that hangs on it."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    alone = tags[at : at + 1] == "S" or (tags[at : at + 1] == "F" and tags[at + 1 : at + 2] in ("", ".", ","))  # `d'après lui`
    if alone:
        return (at, at + 1), at + 1
    if at >= reader.count or tags[at] not in "DUwtj#qQMVpTi":
        return None, at
    k = at
    opening = tags[: at - 1].strip("AC-") == ""
    closing = at > 2 and tags[at - 2] in ",Q"
    while k < reader.count and tags[k] not in ",.;:K-":
        if tags[k] == "R" and not (closing and "," not in tags[k:]):
            break
        if tags[k] == "R":
            k = reader.count
            while k > at and tags[k - 1] in ".,;:":
                k -= 1
            break
        if tags[k] in "XZHS" and k > at:
            break
        if tags[k] == "V" and k > at and tags[k - 1] not in "DGjP" and opening and pack.traits["verb-second"]:
            break
        k += 1
    if pack.traits["verb-second"] and opening:
        k = at + 1
        while k < reader.count and tags[k] not in ",.;:KR-XZvV" and not (tags[k] == "w" and tags[k - 1] in "UMTq"):
            k += 1
    elif tags[k - 1 : k] in ("C", "G") or pack.traits["verb-second"]:
        k = max(at + 1, nounphrases.noun_phrase(sentence, pack, at, prepositions=not pack.traits["verb-second"]))
    stop = nounphrases.apposition_end(sentence, pack, k) if not (opening and not _second_comma(reader, k)) else k
    if k < stop < reader.count - 1 and tags[stop] == "," and tags[stop + 1] == "R":
        stop = k  # `D'après X, l'Autriche, dont …`: the subject, no apposition
    return ((at, stop), stop) if stop > at else (None, at)


def _second_comma(reader: Reader, k: int) -> bool:
    """Tell whether after the comma at `k` another comma follows close by, as around an apposition."""
    return reader.tags.find(",", k + 1, k + 16) >= 0


def _content_start(reader: Reader, cue: int) -> int:
    """Return where the clause before a closing `selon X` begins: the sentence, or after a semicolon."""
    tags = reader.tags
    semicolon = tags.rfind(";", 0, cue)
    first = semicolon + 1
    while first < cue and tags[first] in "-.,":
        first += 1
    return first


def _postpositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`X zufolge`: the source stands before the cue."""
    pack, tags = reader.pack, reader.tags
    first = group.first
    genitive = pack.lists.get("genitive-determiners", frozenset())
    while first > 0 and tags[first - 1] in "DwUtj#qMG":
        first -= 1
        if tags[first] == "D" and reader.sentence.forms[first] not in genitive:
            break
        if tags[first] == "w" and first + 1 < group.first and tags[first + 1] == "D":
            first += 1
            break
    if first == group.first:
        return None
    source = (first, group.first)
    before, after = (0, first), (group.after, reader.count)
    ranges = [pair for pair in (before, after) if reader.wordy(*pair)]
    if len(ranges) == 2 and tags[first - 1] == "," and not pack.traits["verb-second"]:
        ranges = ranges[:1]
    if ranges and ranges[-1][1] == reader.count:
        ranges[-1] = (ranges[-1][0], reader.end(number, ranges[-1][0]))
    return reader.build(group, ranges, source, "np", "postposition")
