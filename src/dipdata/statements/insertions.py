"""Cues beside their content where word order is free: after it, inserted into it, in a clause of their own (*как сообщил X*)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import clauses, subjects
from dipdata.statements.grammar import ATTRIBUTE, NOUN, PAREN

if TYPE_CHECKING:
    from dipdata.statements.declined import Verb
    from dipdata.statements.reading import Unit


def quoted_before(verb: Verb) -> bool:
    """Tell whether the clause of the verb begins behind a quotation."""
    k = verb.start
    if k < verb.reader.count and verb.tags[k] == "C":
        return False
    while k and verb.tags[k - 1] in ",-.":
        k -= 1
    return k > 0 and verb.tags[k - 1] in "Qq" and (k < verb.start or verb.tags[k - 1] == "Q")


def as_clause(verb: Verb, opener: int) -> Unit | None:
    """`Как сообщил X, …`, `…, jak uvedl X, …`."""
    reader, tags = verb.reader, verb.tags
    end = max(verb.group.after, verb.source[1] if verb.source and verb.how == "inverted-np" else 0)
    comma = clauses.comma_after(reader, end)
    if opener == 0 or tags[opener - 1] in ".:;KC-":
        if comma < 0 and verb.subject is not None and verb.source is not None:  # what follows the comma is no apposition
            verb.source = (verb.source[0], verb.subject.stop)
            comma = clauses.comma_after(reader, verb.subject.stop)
        if comma < 0:
            return None
        first = comma + 1
        return reader.build(verb.group, [(first, clauses.end(reader, verb.number, first, "free"))], verb.source, verb.how, "opening-clause")
    if tags[opener - 1] != "," or verb.source is None:
        return None
    return around(verb, opener - 1, comma)


def around(verb: Verb, left: int, comma: int) -> Unit | None:
    """Return the unit whose content ends at token `left` and goes on after `comma` (-1 where it does not)."""
    reader = verb.reader
    first = clauses.left_start(reader, left)
    ranges = [(first, left)]
    if comma >= 0 and reader.wordy(comma + 1, reader.count):
        ranges.append((comma + 1, clauses.end(reader, verb.number, comma + 1, "free")))
    return reader.build(verb.group, ranges, verb.source, verb.how, "clause-inversion")


def beside(verb: Verb) -> Unit | None:
    """Return the unit of a verb that stands beside its content, or None."""
    reader, tags, group = verb.reader, verb.tags, verb.group
    quoted = verb.start > 0 and not verb.joined and quoted_before(verb)
    if quoted and verb.kind == "clause" and not verb.pack.lists.get("besides", frozenset()).isdisjoint(verb.forms[verb.at - 2 : verb.at]):
        verb.kind = "none"  # `„…“ řekl X s tím, že …`
    if not verb.start or verb.kind == "clause" or (verb.kind == "wh" and not quoted):
        return None
    end = max([group.after, *([verb.source[1]] if verb.source and verb.source[0] >= group.after else [])])
    if quoted and not (verb.kind == "colon" and "Q" not in tags[: verb.start]):
        return beside_quotation(verb, end)
    mark = verb.start - 1
    opens = clauses.opening_clause(reader, mark)  # `Že by odjel, netvrdí.`
    if tags[mark] not in ",-" or (verb.joined and not opens):
        return None
    fronted = verb.how == "place" and verb.source is not None and verb.source[0] < group.first
    if not opens and (verb.how in ("np", "aside", "relative") or (fronted and not impersonal_verb(verb))) and tags[mark] != "-":
        return None
    if verb.kind not in ("none", "comma", "dash", "word") or not verb.frames & PAREN:
        return None
    rest = [chunk for chunk in verb.following if chunk.first >= end and chunk.kind in "Ni"]
    if verb.source is None and (rest or not verb.pack.traits["pro-drop"]) and not impersonal_verb(verb):
        return None
    if any(chunk.kind == "i" for chunk in rest) or (rest and verb.frames & (NOUN | ATTRIBUTE)):
        return None
    if verb.source is None and (verb.sentence.depth or (tags[0] == "P" and set("KW") & set(tags[:mark]))):
        return None
    if not reader.wordy(0, mark):  # `Кроме того, отмечается в документе, …`
        comma = clauses.comma_after(reader, end)
        if comma < 0 or verb.source is None or verb.how not in ("place", "inverted-np"):
            return None
        return verb.build([(comma + 1, clauses.end(reader, verb.number, comma + 1, "free"))], "opening-clause")
    left = mark
    while left and tags[left - 1] in ",-":
        left -= 1
    first = clauses.left_start(reader, left)
    short = not clauses.has_verb(tags, first, left) or (tags[first] == "B" and "," not in tags[first:left])
    comma = clauses.comma_after(reader, end)
    if comma >= 0 and not short and not (tags[mark] == "-" or resumes(verb, comma)):
        comma = -1
    if comma < 0 and short and left - first < 2:
        return None
    unit = around(verb, left, comma)
    if unit is not None:
        reader.subjects[group.first] = (verb.source, verb.how)
    return unit


def impersonal_verb(verb: Verb) -> bool:
    """Tell whether the verb is one of documents (*говорится*, *stojí*)."""
    return verb.group.cue.lemma in verb.pack.lists.get("impersonal-cues", ())


def resumes(verb: Verb, comma: int) -> bool:
    """Tell whether the content goes on after a comma behind an inserted cue: a conjunction and a clause without a cue follow."""
    k = comma + 1
    return k < verb.reader.count and verb.tags[k] in "CKB" and not any(g.first > comma for g in verb.reader.groups[verb.number + 1 :])


def beside_quotation(verb: Verb, end: int) -> Unit | None:
    """`«…», — сказал X.`; the quotation may go on after the cue."""
    reader, tags = verb.reader, verb.tags
    k = verb.start
    while k and tags[k - 1] in ",-.":
        k -= 1
    if verb.source is None and not verb.pack.traits["pro-drop"] and tags[k : verb.start] == "-" and len(verb.group.parts) == 1:
        return None  # `Название — «Мир» — говорит о многом`
    first = clauses.quotation_start(reader, k - 1)
    ranges = [(first, k)]
    n = end
    while n < reader.count and tags[n] not in ",:;Q-.":
        n += 1
    m = n
    while m < reader.count and tags[m] in ",-:.":
        m += 1
    if m < reader.count and tags[m] in "Qq" and (tags[n] != "." or tags[n + 1] == "-"):
        ranges.append((m, clauses.end(reader, verb.number, m, "free")))
    reader.subjects[verb.group.first] = (verb.source, verb.how)
    unit = reader.build(verb.group, ranges, verb.source, verb.how, "quotation-inversion")
    if unit is not None:
        unit.addressees = subjects.addressees(verb, unit)
    return unit
