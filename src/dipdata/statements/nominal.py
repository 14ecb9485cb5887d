"""Nouns and prepositions that attribute where the verb comes first (Arabic): `تأكيده أن …`, `وفقا لـX، …`. Positions are tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import markers, nouns, phrases, speakers
from dipdata.statements.grammar import CLAUSE, QUOTE
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit


def has_verb(tags: str, first: int, stop: int) -> bool:
    """Tell whether one of the tokens `[first, stop)` is a verb, or negates or helps one."""
    return any(tag in "vVXN" for tag in tags[first:stop])


def noun(reader: Reader, number: int, group: Group) -> Unit | None:
    """`دعوة أنقرة إلى …`, `تأكيده أن …`: a noun that attributes, with who says it and its complement."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    stops = group.cue.prepositions
    k = group.after
    source: Range | None = None
    if k < reader.count and tags[k] in "wtUDj" and not nouns.definite(sentence, pack, group.first):
        stop = phrases.noun_phrase(sentence, pack, k, stops)
        source, k = (k, stop), stop
    if k >= reader.count:
        return None
    if tags[k] == "P" and sentence.forms[k] in pack.lists.get("dative-prepositions", ()):
        stop = min(phrases.skip_phrase(sentence, pack, k), reader.count - 1)
        if source is None and stop > k + 1 and not nouns.definite(sentence, pack, group.first):
            source = (k + 1, stop)  # `في أول تعليق للكرملين على …: «…»`
        k = stop
    forms = sentence.forms
    if source is None and (forms[group.first] in pack.lists.get("saying", ()) or tags[group.first - 1 : group.first] == "v"):
        source = speakers.of_the_verb(reader, group.first)
        if source is not None and source[0] <= group.first < source[1]:  # `قدم ضمانات بأن`
            source = reader.main_subject(number, group.first)[0]
    if tags[k] == "K" and group.cue.frames & CLAUSE:
        return reader.build(group, [(k + 1, markers.end(reader, number, k + 1))], source, "noun", "noun-clause")
    if tags[k] == "P" and k + 1 < reader.count:
        if tags[k + 1] == "K" and group.cue.frames & CLAUSE:
            return reader.build(group, [(k + 2, markers.end(reader, number, k + 2))], source, "noun", "noun-clause")
        if forms[k] in stops and source is not None and not reader.is_claimed(group.first):
            stop = phrases.noun_phrase(sentence, pack, k + 1)
            return reader.build(group, [(k + 1, stop)], source, "noun", "noun-preposition")
    while group.cue.frames & QUOTE and k + 1 < reader.count and tags[k] in "PAT":
        k = phrases.skip_phrase(sentence, pack, k) if tags[k] == "P" else k + 1
    if k < reader.count and tags[k] == ":" and group.cue.frames & QUOTE:
        return reader.after_colon(number, group, source, "noun", k)
    return None


def prepositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`وفقا لـX، …`, `…، بحسب X`."""
    tags, forms, lists = reader.tags, reader.sentence.forms, reader.pack.lists
    at = group.after
    source: Range | None
    if group.cue.lemma in lists.get("own-source", ()):
        source, stop = None, at  # `على حد قولها`: the pronoun is written together with the cue
    elif at < reader.count and tags[at] == "F":
        source, stop = (at, at + 1), at + 1
    elif at < reader.count and tags[at] in "wtUDjqQM#i":
        stop = at
        comma = tags.find(",", at, at + 25)
        bound = ",.;:K" if comma > 0 and tags[comma + 1 : comma + 3].startswith(("K", "CK")) else ",.;:KVvXNB"
        while stop < reader.count and tags[stop] not in bound and not (tags[stop] in "QR" and stop > at + 1):
            stop += 1
        if (
            stop < reader.count and tags[stop] in "Vv" and markers.indefinite(reader, at, stop)
        ):  # a relative clause: `بحسب تقرير نشرته الصحيفة، …`
            stop = next((k for k in range(stop, reader.count) if tags[k] in ",.;:"), reader.count)
        if stop < reader.count and tags[stop] == "R":
            stop = next((n for n in range(stop, reader.count) if tags[n] in ",.;"), reader.count)
        while stop > at + 1 and tags[stop - 1] == "C":
            stop -= 1
        source = (at, stop)
    else:
        return None
    if not markers.attributes(reader, group):
        return None
    if reader.claimed and group.cue.lemma in lists.get("passing-on", ()):
        return None  # `…، كما قال X، نقلا عن وكالة Y`: X says it
    lead = tags[: group.first].strip("CA-,B")
    if tags[stop : stop + 1] in ("K", "R") and "V" in lead and tags[group.first - 1] != ",":
        return None  # `ذكرت الوكالة نقلا عن مصدر أن …`: the complement of the verb before
    if not lead:
        start = stop
        while start < reader.count and (tags[start] in ",CK" or forms[start] in lists.get("perfective", ())):
            start += 1
        if start >= reader.count:
            return None
        unit = reader.build(group, [(start, markers.end(reader, number, start))], source, "np", "preposition-first")
        return _with_own_source(reader, group, unit)
    first = 0
    for k in range(group.first - 1, -1, -1):
        if tags[k] in ";" or (tags[k] in "KB" and any(tags[m] == "V" for m in range(k)) and tags[group.first - 1] != ","):
            first = k + 1
            break
    while first < group.first and tags[first] in "CAX,-":
        first += 1
    ranges = [(first, group.first)]
    between = stop + 1 < reader.count and tags[stop] == tags[group.first - 1] == ","
    if between and (tags[stop + 1] in "KP" or not has_verb(tags, first, group.first)):
        ranges.append((stop + 1, markers.end(reader, number, stop + 1)))
    unit = reader.build(group, ranges, source, "np", "preposition-last" if len(ranges) == 1 else "preposition-inside")
    return _with_own_source(reader, group, unit)


def _with_own_source(reader: Reader, group: Group, unit: Unit | None) -> Unit | None:
    """Give a unit the pronoun that is written together with its cue as source (`على حد قولها`)."""
    if unit is None or group.cue.lemma not in reader.pack.lists.get("own-source", ()):
        return unit
    assert reader.pack.clitics is not None
    end = unit.cue[-1][1]
    hung = next((word for word in reader.pack.clitics.enclitics if reader.sentence.text.endswith(word, 0, end)), "")
    unit.source = [(end - len(hung), end)] if hung else []
    return unit
