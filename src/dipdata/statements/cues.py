"""The cues of a sentence: which words attribute, as verbs, nouns, prepositions or words of hearsay."""

from __future__ import annotations

from dipdata.statements.freegroups import free_order, verb_first
from dipdata.statements.grammar import FINITE, GERUND, HEARSAY, INFINITIVE_FORM, NOUN_CUE, POST, PRE, Cue, Pack
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Sentence
from dipdata.statements.verbgroups import fixed_order

_MOST = 40  # cues in a sentence: more are no prose


def find_cues(sentence: Sentence, pack: Pack) -> list[Group]:
    """Return the cue groups of a sentence in text order."""
    tags = sentence.tags
    found: list[Group] = []
    taken = -1
    cues = pack.cues
    verb = verb_first if pack.traits["verb-first"] else fixed_order if pack.cases is None else free_order
    for at in [k for k, form in enumerate(sentence.forms) if form in cues]:
        tag = tags[at]
        if len(found) == _MOST:
            break
        if at <= taken or tag not in "VEMvwXZjUpGAPS" + ("i" if pack.traits["verb-first"] else ""):
            continue
        readings = cues[sentence.forms[at]]
        if tag == "U" and not (at == 0 or tags[at - 1] in ".:(-"):
            continue
        group = None
        if readings[0].kind & (PRE | POST | HEARSAY):
            if tag == "j":
                continue  # Portuguese `o segundo turno`
            if not _prepositional_holds(sentence, readings[0], at):
                continue
            group = Group(readings[0], readings[0].kind, at, at, at, at + 1, [(at, at)])
        elif tag in "VvwXZjUp":
            group = verb(sentence, pack, at, readings)
            if group is not None and len(readings) > 1:
                group.others = tuple(cue for cue in readings if cue.scope != group.cue.scope and cue.kind & group.cue.kind and not cue.tail)
        if group is None:
            noun = next((reading for reading in readings if reading.kind & NOUN_CUE), None)
            if noun is not None:
                group = Group(noun, NOUN_CUE, at, at, at, at + 1, [(at, at)])
        if group is not None:
            if found and _refused(sentence, pack, found[-1], group):
                refusal = found.pop()
                group.first = group.head = refusal.first
                group.kind, group.parts = refusal.kind, [(refusal.first, group.last)]
            found.append(group)
            taken = max(taken, max(stop for _, stop in group.parts) if len(group.parts) == 1 else at)
    return found


def _refused(sentence: Sentence, pack: Pack, refusal: Group, group: Group) -> bool:
    """Tell whether a verb of refusal and the infinitive of a cue are one cue: `se recusou a dizer quantos …`."""
    return (
        group.kind == INFINITIVE_FORM
        and (refusal.kind == FINITE or (refusal.kind == GERUND and pack.cases is not None))
        and refusal.cue.lemma in pack.lists.get("refusals", ())
        and group.first - refusal.last in (1, 2)
        and sentence.tags[refusal.last + 1 : group.first] in ("", "P", "G", "I", "D")
        and (pack.cases is not None or sentence.tags[group.after : group.after + 1] in _refusable(pack, group))
    )


def _refusable(pack: Pack, group: Group) -> str:
    """Return the classes of words that may open what a speaker refuses to say; after a confirmation a noun phrase too."""
    return "WBKD" if group.cue.lemma in pack.lists.get("confirming", ()) else "WBK"


def _prepositional_holds(sentence: Sentence, cue: Cue, at: int) -> bool:
    """Tell whether a preposition attributes here: a `closing` one (*…, so X*) after its content alone, one with `heads` before them."""
    tags, forms = sentence.tags, sentence.forms
    if cue.closing and not (at and tags[at - 1] in ",Qq-" and at + 1 < len(tags) and tags[at + 1] in "DUStw"):
        return False
    if cue.opening:  # `Pour l'opposition géorgienne, …`: at the start, with a proper name, up to a comma
        comma = tags.find(",", at, at + 20)
        named = tags[at + 1 : max(comma, 0)]
        return (
            (at == 0 or tags[at - 1] in ":;" or (at == 1 and tags[0] in "CA"))
            and (not set(named).isdisjoint("Ut") or not cue.heads.isdisjoint(forms[at + 1 : max(comma, 0)]))
            and not set(named) & set("iIXZvVQ#TK")
        )
    if cue.heads:
        for k in range(at + 1, min(len(tags), at + 6)):
            if forms[k] in cue.heads:
                return True
            if tags[k] not in "Dj#wUTt":
                return False
        return False
    return True
