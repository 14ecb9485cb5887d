"""Cues that are no finite active verb: passives, gerunds, participles, infinitives and nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import beside, complements, contents, nounphrases, objects, sources
from dipdata.statements.grammar import (
    ACCUSATION,
    ATTRIBUTE,
    CLAUSE,
    GERUND,
    INFINITIVE,
    INFINITIVE_FORM,
    NOUN,
    OBJECT_INFINITIVE,
    PARTICIPLE,
    PREPOSITION,
    QUOTE,
)
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

_NEAR = 5  # tokens between a passive and its clause: farther off the clause is another word's

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit


def passive(reader: Reader, number: int, group: Group, subject: Range | None, how: str, kind: str, at: int) -> Unit | None:
    """Return the unit of a passive cue: what is said is its subject, its clause or its infinitive; who says it, the agent."""
    sentence, pack = reader.sentence, reader.pack
    agent, marker = sources.agent(sentence, pack, group.after, reader.count)
    frames = group.cue.frames
    if kind == "clause" and frames & CLAUSE and (at - group.after < _NEAR or how == "pronoun"):
        stop = reader.end(number, at + 1)
        return reader.build(group, [(at + 1, stop)], agent, "agent", "passive-clause")
    main = sentence.tags[group.parts[0][0]] in "XZ"
    marked = "I" in sentence.tags[at:] or not pack.lists.get("markers-before-verbs", frozenset()).isdisjoint(sentence.forms[at:])
    if kind == "comma" and frames & OBJECT_INFINITIVE and pack.traits["verb-second"] and main and marked:
        # `Er wird beschuldigt, … zu haben`
        return reader.build(group, [(at + 1, reader.end(number, at + 1))], agent, "agent", "passive-infinitive")
    if subject and (frames & (INFINITIVE | OBJECT_INFINITIVE) or group.cue.lemma in pack.lists.get("hearsay-passives", ())):
        k = complements.infinitive(sentence, pack, group.after, objects=False, bare=False, reach=4)
        if k >= 0:
            stop = reader.end(number, k)
            return reader.build(group, [subject, (k, stop)], agent, "agent", "passive-infinitive")
    if subject is None and pack.traits["verb-second"] and (unit := _passive_after(reader, group, agent)) is not None:
        return unit
    before = sentence.tags[: subject[0]].rstrip(",") if subject else ""
    if frames & QUOTE and subject and before.endswith("Q"):  # `“…,” X was quoted as saying`
        return reader.build(group, [(before.index("Q"), len(before))], subject, how, "passive-quotation")
    if kind in ("colon", "quote") and frames & QUOTE and subject:  # `is quoted as saying: "…"`
        if kind == "colon":
            return reader.after_colon(number, group, subject, how, at)
        return reader.build(group, [(at, at + 1)], subject, how, "passive-quotation")
    if kind == "wh" and group.cue.lemma in pack.lists.get("asking", ()):  # `foi questionado sobre se …`
        drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
        return reader.build(group, [(at + drop, reader.end(number, at))], agent, "agent", "passive-question")
    if frames & ACCUSATION:
        k = reader.preposition(group.after, group.cue.prepositions, reach=24)
        if agent and agent[0] < k - 1 < agent[1]:
            agent = (agent[0], k - 1)
        stop = marker if marker > k >= 0 else reader.end(number, max(k, 0))
        if k >= 0 and (agent or group.cue.lemma in pack.lists.get("agentless", ())):
            return reader.build(group, [(k, stop)], agent, "agent", "passive-accusation")
    if frames & ATTRIBUTE and subject and agent and marker > group.after:  # `fue calificada de «éxito» por X`
        return reader.build(group, [subject, (group.after, marker)], agent, "agent", "passive-attribute")
    if subject and frames & NOUN and (agent or group.cue.lemma in pack.lists.get("agentless", ())):
        return reader.build(group, [subject], agent, "agent", "passive")
    return None


def _passive_after(reader: Reader, group: Group, agent: Range | None) -> Unit | None:
    """A German passive after what was said: `„…“, wurde X zitiert`, `…, wurde bekannt gegeben`."""
    first = group.first
    if not first or reader.tags[first - 1] not in ",Q" or not group.cue.frames & (CLAUSE | QUOTE):
        return None
    source, rule = agent, "passive-clause"
    if not group.cue.frames & CLAUSE:
        source, _ = sources.right(reader.sentence, reader.pack, reader.subject_place(group), apposition=False)
        _, marker = sources.agent(reader.sentence, reader.pack, reader.subject_place(group), reader.count)
        source = (source[0], marker) if source and source[0] < marker < source[1] else source
        rule = "passive-quotation"
    start = beside.left_start(reader, first)
    if reader.tags[start] in "PBWE" or not ("Q" in reader.tags[start:first] or contents.has_verb(reader.tags, start, first)):
        return None
    return reader.build(group, [(start, first)], source, "inverted-np" if source else "none", rule) if reader.wordy(start, first) else None


def dependent(reader: Reader, number: int, group: Group) -> Unit | None:
    """A gerund, participle or infinitive that attributes: its subject is that of the clause it hangs on."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    before = tags[group.first - 1] if group.first else "."
    kind, at = complements.complement(sentence, pack, group)
    if group.kind == PARTICIPLE:
        agent, _marker = sources.agent(sentence, pack, group.after, group.after + 4)
        if kind == "wh" and group.cue.lemma in pack.lists.get("asking", ()):  # `Preguntada por si …`
            drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
            reader.within = "subordinate"
            return reader.build(group, [(at + drop, reader.end(number, at))], agent, "agent", "participle-question")
        if group.cue.frames & ATTRIBUTE and _attribute_follows(reader, group):
            agent, marker = sources.agent(sentence, pack, group.after, reader.count)  # `une thèse qualifiée de « farce » par X`
            return reader.build(group, [(group.after + 1, marker)], agent, "agent", "participle-attribute") if agent else None
        if agent is None or not group.cue.frames & NOUN or before not in "wUqM,":
            return None
        patient = sources.antecedent(sentence, pack, group.first)
        if patient is None:
            return None
        return reader.build(group, [patient], agent, "agent", "participle-passive")
    adjectival = "DG#jV" if pack.lists.get("gerund-markers") else "DG#j"  # French `s'est montré confiant`: no gerund without *en*
    if group.kind == GERUND and before in adjectival and kind not in ("clause", "colon"):
        return None
    only = pack.lists.get("infinitive-markers")
    if only and group.kind == INFINITIVE_FORM and before in "PG.(" and sentence.forms[max(group.first - 1, 0)] not in only:
        return None  # `viajó para pedir …`: no more than a purpose
    subject, how = reader.main_subject(number, group.first)
    if group.kind == INFINITIVE_FORM and group.first and sentence.forms[group.first - 1] in pack.lists.get("undergoing", ()):
        while group.first and tags[group.first - 1] in "XZYNAFfwv":  # `s'est vu signifier que …`: who says it is not told
            group.first -= 1
        group.parts, subject, how = [(group.first, group.last)], None, "none"
    if group.kind == GERUND:
        reader.within = "relative" if group.first else "subordinate"
    elif not contents.has_verb(tags, 0, group.first):
        reader.within = "subordinate"  # `Prié de dire quand …, le ministre a répondu que …`
    if kind == "clause" and group.cue.frames & CLAUSE:
        stop = reader.end(number, at + 1)
        if subject is None and not group.first and tags[stop : stop + 1] == ",":  # `Reconociendo que …, el general …`
            subject, _ = sources.right(sentence, pack, stop + 1)
        return reader.build(group, [(at + 1, stop)], subject, how, "dependent-clause")
    if kind == "wh" and group.cue.frames & CLAUSE:
        drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
        stop = reader.end(number, at)
        return reader.build(group, [(at + drop, stop)], subject, how, "dependent-question")
    if kind == "colon" and group.cue.frames & (QUOTE | CLAUSE):
        return reader.after_colon(number, group, subject, how, at)
    if group.kind == INFINITIVE_FORM and before == "V" and kind not in ("clause", "wh", "quote"):
        return None  # `recusou reconhecer …`: the infinitive is what was said
    if (
        group.kind == INFINITIVE_FORM
        and kind not in ("quote",)
        and (not group.cue.frames & (INFINITIVE | OBJECT_INFINITIVE | NOUN | PREPOSITION | ACCUSATION | ATTRIBUTE) or before not in "IPGXV")
    ):
        return None
    return objects.read(reader, number, group, subject, how, kind, at, group.after)


def _attribute_follows(reader: Reader, group: Group) -> bool:
    return group.after < reader.count and reader.sentence.forms[group.after] in reader.pack.lists.get("attribute", ())


def _noun_clause_end(reader: Reader, number: int, start: int, group: Group) -> int:
    """Return where the clause of a cue noun ends: before the verb of which the noun is the subject (`the claim that X fled [is false]`)."""
    tags = reader.tags
    stop = reader.end(number, start)
    if reader.pack.traits["pro-drop"] and not contents.has_verb(tags, 0, group.first) and "P" not in tags[: group.first]:
        return _main_verb(tags, start, stop)
    seen, since = False, 0
    for k in range(start, stop):
        if tags[k] in "XZ":
            if seen and since:
                return k
            seen, since = True, 0
        elif tags[k] in "v":
            seen = True
        elif tags[k] in "KRBC,Q":
            seen, since = False, 0
        elif tags[k] in "wUM#" and seen:
            since += 1
    return stop


def _main_verb(tags: str, start: int, stop: int) -> int:
    """Return the main verb after the clause or infinitive at `start` that hangs on the subject: the second, or the one we know."""
    found = []
    wanted = 1
    k = start
    while k < stop:
        if tags[k] in "KRBW":
            wanted += 1
        elif tags[k] in "XZvV" and (tags[k] in "XZ" or tags[k - 1] not in "DGj#"):
            found.append(k)
            while k + 1 < stop and tags[k + 1] in "XZYVAN":
                k += 1
            if len(found) > wanted:
                break
        k += 1
    at = found[-1] if found and (len(found) > wanted or wanted == 1) else stop
    while at < stop and at > start and tags[at - 1] in "FfNA":
        at -= 1
    return at


def noun(reader: Reader, number: int, group: Group) -> Unit | None:
    """`the claim that …`, `la demande de …`: a noun that attributes, with its complement."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    k = group.after
    source: Range | None = None
    if k < reader.count and tags[k] == "G" and not group.cue.frames & PREPOSITION:
        stop = nounphrases.noun_phrase(sentence, pack, k + 1)
        if stop > k + 1:
            source, k = (k + 1, stop), stop
    if source is None and group.first and tags[group.first - 1] == "G" and group.first > 1:
        start = nounphrases.last_phrase(tags, group.first - 1)
        if start < group.first - 1:
            source = (start, group.first - 1)
    if source is None and group.first and sentence.forms[group.first - 1] in pack.lists.get("possessives", ()):
        source = (group.first - 1, group.first)
    reader.within = "relative"
    if pack.traits["verb-second"]:
        while k < reader.count and tags[k] == "D" and sentence.forms[k] in pack.lists.get("genitive-determiners", ()) and source is None:
            stop = nounphrases.noun_phrase(sentence, pack, k)
            source, k = (k, stop), stop
        if k + 3 < reader.count and tags[k] == "," and tags[k + 1] != "K":
            stop = tags.find(",", k + 1)
            stop = contents.trim_end(sentence, k + 1, reader.count if stop < 0 else stop)
            if (stop - 2 > k and tags[stop - 2] == "I") or (stop - 1 > k and tags[stop - 1] == "i"):
                return reader.build(group, [(k + 1, stop)], source, "noun", "noun-infinitive")
    if k + 1 < reader.count and tags[k] == "," and tags[k + 1] == "K":
        k += 1
    if k < reader.count and tags[k] == "K" and group.cue.frames & CLAUSE and not (k + 1 < reader.count and tags[k + 1] in "XZvV"):
        return reader.build(group, [(k + 1, _noun_clause_end(reader, number, k + 1, group))], source, "noun", "noun-clause")
    markers = pack.lists.get("infinitive-prepositions", frozenset())
    if (
        group.cue.frames & INFINITIVE
        and k + 1 < reader.count
        and sentence.forms[k] in markers
        and complements.is_infinitive(sentence, pack, k + 1)
    ):
        stop = reader.end(number, k + 1)
        if not contents.has_verb(tags, 0, group.first) and "P" not in tags[: group.first]:
            found = [n for n in range(k + 1, stop) if tags[n] in "XZv" or (tags[n] == "V" and tags[n - 1] not in "DGjP")]
            stop = next((n for n in found if n > k + 1), stop)
            while tags[stop - 1] in "FfNA,":
                stop -= 1
        return reader.build(group, [(k + 1, stop)], source, "noun", "noun-infinitive")
    if group.cue.frames & INFINITIVE and k < reader.count and tags[k] == "I":
        stop = reader.noun_end(number, k)
        return reader.build(group, [(k if reader.wide else k + 1, stop)], source, "noun", "noun-infinitive")
    if group.cue.frames & PREPOSITION and k < reader.count and sentence.forms[k] in group.cue.prepositions:
        stop = reader.noun_end(number, k + 1)
        return reader.build(group, [(k + 1, stop)], source, "noun", "noun-preposition")
    if k < reader.count and tags[k] == ":" and group.cue.frames & QUOTE and k + 1 < reader.count and tags[k + 1] in "Qq":
        return reader.after_colon(number, group, source, "noun", k)
    return None
