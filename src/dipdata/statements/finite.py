"""A finite verb as a cue: its subject, where its complement stands, and what kind of complement it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import beside, complements, dependents, objects, sources
from dipdata.statements.grammar import ADJECTIVE, ATTRIBUTE, CLAUSE, INFINITIVE, NOUN, OBJECT_INFINITIVE, PAREN, QUOTE
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit


def read(reader: Reader, number: int, group: Group) -> Unit | None:
    """Return the unit of a finite cue: with the subject to its left or right, or the one it shares with the cue before."""
    pack, sentence, tags = reader.pack, reader.sentence, reader.tags
    if not group.first and group.inverted < 0 and group.cue.lemma in pack.lists.get("asking", ()) and not pack.traits["pro-drop"]:
        return None  # `Asked about X, Y said …`
    final = None
    if pack.traits["verb-second"] and (group.after >= reader.count or tags[group.after] in ",.:;)Q"):
        final = sources.verb_final(sentence, pack, group.first)
    subject, clause, how = final or sources.left(sentence, pack, group.head if group.inverted < 0 else group.first)
    if pack.traits["verb-second"] and how == "np" and final is None and subject and _oblique(reader, group, subject):
        subject, how = None, "none"
    if how == "relative" and pack.traits["pro-drop"] and group.cue.frames & ATTRIBUTE and _named_so(reader, group):
        subject, how = reader.main_subject(number, group.first)  # `rechazó el informe, que tachó de falso`: the antecedent is the object
    reader.enter(clause, how, group)
    if group.inverted >= 0:
        subject, how, clause = None, "inverted", group.first
    if how == "relative" and subject is None:
        how = "relative-open"
    elif how == "relative" and reader.wide and tags[clause] == "R":
        subject = (clause, clause + 1)  # PolNeAR names the relative pronoun itself
    impersonal = pack.traits["pro-drop"] and group.reflexive and not group.cue.reflexive  # `se informó`
    if how == "none" and not impersonal and _goes_on(reader, group):
        subject, how = reader.main_subject(number, group.first)
    kind, at = complements.complement(sentence, pack, group)
    frames = group.cue.frames
    if kind == "comma" and frames & QUOTE and pack.traits["verb-second"] and tags[tags.find(":Q", at) :].startswith(":Q"):
        kind, at = "colon", tags.find(":Q", at)  # `antwortete X, die Sprecherin, knapp: „…“`
    if group.passive:
        return dependents.passive(reader, number, group, subject, how, kind, at)
    if how in ("np", "aside") and group.cue.lemma in pack.lists.get("impersonal-cues", ()):
        subject, how = None, "none"
    anchor = subject[0] if subject and how in ("np", "pronoun", "aside") else group.first
    if how in ("np", "pronoun") and clause < anchor:
        anchor = max(clause, 0) if all(tags[k] in "CAB" for k in range(clause, anchor)) else anchor
    if how == "aside" and kind in ("none", "comma"):
        found, stop = sources.right(sentence, pack, group.after)
        main = subject is not None and any(tag in "XZv" for tag in tags[: subject[0]])
        if found and (stop >= reader.count or tags[stop] in ",.P") and main:
            subject, how, anchor = None, "none", group.first  # `…, qui vise X, a annoncé le Conseil`
    while subject is None and anchor and tags[anchor - 1] in "FN":
        anchor -= 1
    if subject is None and pack.traits["verb-second"] and group.cue.lemma in pack.lists.get("impersonal-cues", ()):
        k = sources.clause_start(tags, group.first)  # `…, wie aus X hervorgeht`
        if k and sentence.forms[k - 1] in pack.lists.get("as", ()) and sentence.forms[k] in pack.lists.get("impersonal-places", ()):
            anchor = k
    shared = subject is None and how == "none" and not impersonal and _after_comma(reader, number, group)
    parenthetical = beside.is_parenthetical(reader, group, how, anchor, kind, at)
    if parenthetical and frames & (PAREN | QUOTE):
        unit = beside.parenthetical(reader, number, group, subject, how, anchor)
        if unit is not None:
            return unit
    if sentence.forms[group.first - 1 : group.first] and (unit := beside.opening_clause(reader, number, group)):
        return unit
    if shared:
        subject, how = reader.main_subject(number, group.first)
    inverted = None
    if subject is None and group.inverted < 0 and how in ("none", "relative-open"):
        inverted, _ = sources.right(sentence, pack, reader.subject_place(group), apposition=kind in ("none", "comma"))
    if subject is None and inverted is None and how == "none" and pack.traits["verb-second"] and _after_verb_second(reader, number, group):
        subject, how = reader.main_subject(number, group.first)
    if kind in ("clause", "wh") and frames & (INFINITIVE | OBJECT_INFINITIVE) and not pack.traits["zero-after-comma"]:
        k = complements.infinitive(sentence, pack, group.after, objects=bool(frames & OBJECT_INFINITIVE), bare=bool(frames & INFINITIVE))
        if 0 <= k < at:
            kind = "none"
    if kind == "clause" and frames & CLAUSE and not frames & ADJECTIVE:
        if inverted and inverted[1] > at:
            inverted = (inverted[0], at)
        source: Range | None = subject or (inverted if inverted and inverted[1] <= at else None)
        if source is None and reader.impersonal(group, None):
            source, _ = reader.behind(group)
        reader.subjects[group.first] = (source, how)
        return reader.build(group, [(at + 1, reader.end(number, at + 1))], source, how, "clause")
    if kind == "wh" and frames & CLAUSE and not (clause and tags[clause - 1] in "BW"):
        drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
        first = at + 1 if drop else at
        source = subject or inverted
        return reader.build(group, [(first, reader.end(number, first))], source, how, "question")
    if kind == "colon" and frames & (QUOTE | CLAUSE):
        source = subject or (inverted if inverted and inverted[1] <= at else None)
        return reader.after_colon(number, group, source, how, at)
    if reader.before and frames & PAREN and kind in ("none", "comma") and (anaphor := _anaphor(reader, group)):
        if subject and subject[0] < anaphor:
            subject = None
            inverted, _ = sources.right(sentence, pack, group.parts[0][1] + 1)
        return reader.anaphoric(group, subject or inverted)
    source = subject or inverted
    if reader.impersonal(group, source):
        source, stop = reader.behind(group)
        inverted = (stop, stop) if source and stop > group.after else inverted
    named = inverted and set(tags[inverted[0] : inverted[1]]) & set("tUS")
    if how == "relative-open" and inverted and not named and frames & NOUN and kind in ("none", "comma") and pack.traits["pro-drop"]:
        # `un comunicado en el que condena el ataque`
        return reader.build(group, [(inverted[0], reader.noun_end(number, inverted[0]))], None, how, "noun-phrase")
    if impersonal and how == "none" and frames & NOUN and kind in ("none", "comma") and (said := subject or inverted):
        return reader.build(group, [said], None, "none", "impersonal")  # `se anunció la apertura`
    reader.subjects[group.first] = (source, how)
    after = inverted[1] if inverted and not subject else group.after
    return objects.read(reader, number, group, source, how, kind, at, after)


def _named_so(reader: Reader, group: Group) -> bool:
    """Tell whether what something is called follows the verb at once."""
    return group.after < reader.count and reader.sentence.forms[group.after] in reader.pack.lists.get("attribute", ())


def _goes_on(reader: Reader, group: Group) -> bool:
    """Tell whether a cue without subject follows a conjunction, so that it has the subject of the cue before it."""
    return _mark_before(reader, group) == "C"


def _after_comma(reader: Reader, number: int, group: Group) -> bool:
    """Tell whether a cue follows a comma where subjects are dropped, as in a list of cues (*dijo que …, pidió … y prometió …*)."""
    return _mark_before(reader, group) == "," and reader.pack.traits["pro-drop"] and number > 0


def _after_verb_second(reader: Reader, number: int, group: Group) -> bool:
    """Tell whether a German cue after a comma has the subject of the cue before it (`X bestreitet Y, räumte aber ein, dass …`)."""
    return number > 0 and group.inverted < 0 and _mark_before(reader, group) == ","


def _mark_before(reader: Reader, group: Group) -> str:
    k = group.first
    while k and reader.tags[k - 1] in "FAT":
        k -= 1
    return reader.tags[k - 1] if k else "."


def _anaphor(reader: Reader, group: Group) -> int:
    """Return how many tokens a word for the sentence before (`das`, `об этом`) takes at the start of this one, or 0."""
    forms = reader.sentence.forms
    for phrase in reader.pack.lists.get("anaphors", ()):
        count = phrase.count(" ") + 1
        if " ".join(forms[:count]) == phrase and group.first <= count + 1:
            return count
    return 0


def _oblique(reader: Reader, group: Group, subject: Range) -> bool:
    """Tell whether the phrase before a German verb is no subject: an object or adverb, with the subject after the verb."""
    if reader.sentence.forms[subject[0]] in reader.pack.lists.get("oblique-determiners", ()):
        return True
    if subject != (0, 1) or reader.tags[0] != "U":
        return False
    after = reader.subject_place(group)
    if group.cue.frames & NOUN and reader.sentence.forms[after : after + 1] not in (["der"], ["er"], ["sie"]):
        return False  # `Bern bestreitet jede Absprache, …`
    found, stop = sources.right(reader.sentence, reader.pack, reader.subject_place(group), apposition=False)
    return found is not None and reader.tags[found[0]] in "SD" and stop < reader.count and reader.tags[stop] in ",:"
