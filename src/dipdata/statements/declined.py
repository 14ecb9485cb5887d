"""Reads cues of languages whose nouns are declined and whose word order is free (Russian, Czech): cases tell subject from object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import attributing, clauses, declinedobjects, insertions, subjects
from dipdata.statements.cases import INSTRUMENTAL, NOMINATIVE, Chunk, chunks
from dipdata.statements.grammar import (
    ACCUSATION,
    ACTIVE,
    ATTRIBUTE,
    CLAUSE,
    FINITE,
    HEARSAY,
    INFINITIVE,
    INFINITIVE_FORM,
    NOUN,
    NOUN_CUE,
    OBJECT_INFINITIVE,
    PAREN,
    PRE,
    PREPOSITION,
    QUOTE,
)
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit


def read(reader: Reader, number: int, group: Group) -> Unit | None:
    """Return the unit of a cue, or None where it attributes nothing."""
    if group.kind & PRE:
        return attributing.prepositional(reader, number, group)
    if group.kind == HEARSAY:
        return attributing.hearsay(reader, number, group)
    if group.kind == NOUN_CUE:
        return attributing.noun(reader, number, group)
    if group.kind == INFINITIVE_FORM and group.first and reader.tags[group.first - 1] not in "KVv":
        return None
    return Verb(reader, number, group).unit()


class Verb:
    """A verb that attributes, with the phrases of its clause before it and after it."""

    def __init__(self, reader: Reader, number: int, group: Group) -> None:
        self.reader, self.number, self.group = reader, number, group
        self.sentence, self.pack, self.tags, self.forms = reader.sentence, reader.pack, reader.tags, reader.sentence.forms
        self.frames = group.cue.frames
        self.start = clauses.start(self.tags, group.first)
        self.kind, self.at = clauses.complement(reader, group)
        self.stop = clauses.stop(self.tags, group.after)
        if len(group.parts) > 1 and group.parts[-1][0] > group.head + 1:
            self.stop = clauses.stop(self.tags, group.parts[0][1] + 1)
        left = chunks(self.sentence, self.pack, self.start, group.first)
        last = max((n for n, chunk in enumerate(left) if chunk.kind == "V" and self._is_whole(left, n)), default=-1)
        self.joined = last >= 0 or (self.start < group.first and self.tags[self.start] == "C" and self.start > 0 and not self.opens_as())
        self.before = left[last + 1 :]
        if last >= 0:  # `žádá omluvu a [hrozí]`: what stands before the conjunction is the object of the verb before it
            joint = max((n for n, chunk in enumerate(self.before) if self.tags[chunk.first] == "C"), default=-1)
            self.before = self.before[joint + 1 :]
        self.before = [chunk for chunk in self.before if self.tags[chunk.first] != "C"]
        inner = chunks(self.sentence, self.pack, group.first, group.head) if group.first < group.head else []
        self.before += [chunk for chunk in inner if chunk.kind == "N"]
        tail = group.parts[-1][0]
        inside = tail if len(group.parts) > 1 and tail > group.head else group.head + 1  # before a tail that stands apart
        self.following = chunks(self.sentence, self.pack, group.head + 1, inside) if inside > group.head + 1 else []
        self.following = [c for c in self.following if self.tags[c.first] != "f"]
        self.following += chunks(self.sentence, self.pack, group.after, self.stop)
        self.source: Range | None = None
        self.subject: Chunk | None = None
        self.how = "none"

    def _is_whole(self, found: list[Chunk], n: int) -> bool:
        """Tell whether a verb before the cue is one of its own: no auxiliary, or an auxiliary that a conjunction parts from the cue."""
        return self.tags[found[n].first] not in "XZ" or any(self.tags[c.first] == "C" for c in found[n + 1 :])

    def unit(self) -> Unit | None:
        """Return the unit, or None."""
        if self.tags[self.start - 1 : self.start] == "W" and not self.opens_as():
            return None  # `Kdo nám bude říkat, kam smíme?`
        group, reader = self.group, self.reader
        if group.kind == FINITE:
            subjects.find_subject(self)
        elif group.kind == ACTIVE:
            subjects.antecedent(self)
        else:
            self.source, self.how = subjects.main_subject(self)
        opener = self.start - 1
        if opener >= 0 and self.tags[opener] in "WB" and self.opens_as() and self.kind != "clause" and not self._asked(opener):
            unit = insertions.as_clause(self, opener)
            if unit is not None:
                attributing.cite(reader, group, unit)
                return unit
        if self._refuses_to_say():
            return None
        chain = subjects.relayed(self) if group.cue.lemma in self.pack.lists.get("relaying", ()) else []
        if group.kind == FINITE and self.frames & (PAREN | QUOTE) and (unit := insertions.beside(self)) is not None:
            unit.chain += chain
            attributing.cite(reader, group, unit)
            return unit
        reader.subjects[group.first] = (self.source, self.how)
        unit = self._complement()
        if unit is not None and self.subject is not None and not unit.addressees:
            unit.addressees = subjects.addressees(self, unit)
        if unit is not None:
            attributing.cite(reader, group, unit)
        return unit

    def _asked(self, opener: int) -> bool:
        """Tell whether the clause that opens at `opener` is what an earlier cue asks or tells (`рассказал, как …`)."""
        return any(clauses.complement(self.reader, g) == ("wh", opener) for g in self.reader.groups[: self.number] if g.kind == FINITE)

    def opens_as(self) -> bool:
        """Tell whether the clause opens with *как*, *jak*."""
        return self.start > 0 and self.forms[self.start - 1] in self.pack.lists.get("as", ())

    def _complement(self) -> Unit | None:
        reader, frames, at = self.reader, self.frames, self.at
        mode = clauses.within(self.tags, self.start, self.how)
        if self.kind in ("clause", "wh") and frames & (INFINITIVE | OBJECT_INFINITIVE) and declinedobjects.infinitive_start(self) >= 0:
            return declinedobjects.unit(self)
        if self.kind == "clause":
            noun = self._noun_with_clause()
            if noun is not None:
                return self.build([(noun, clauses.end(reader, self.number, at + 1, mode))], "noun-phrase")
            if frames & CLAUSE:
                first = clauses.after_complementiser(reader, at)
                return self.build([(first, clauses.end(reader, self.number, first, mode))], "clause")
        if self.kind == "wh" and frames & CLAUSE:
            first = at + (self.forms[at] in self.pack.lists.get("dropped-interrogatives", ()))
            return self.build([(first, clauses.end(reader, self.number, first, mode))], "question")
        if self.group.kind == INFINITIVE_FORM:
            return None
        if self.kind == "comma" and self.source is None and self.start == 0 and self._rumoured():
            return self.build([(at + 1, clauses.end(reader, self.number, at + 1, "free"))], "clause-bare")
        if self.kind == "colon" and frames & (QUOTE | CLAUSE):
            return reader.after_colon(self.number, self.group, self.source, self.how, at)
        if reader.before and frames & PAREN and self._anaphor():
            return reader.anaphoric(self.group, self.source)
        if self.group.passive:
            return self._passive()
        return declinedobjects.unit(self)

    def build(self, ranges: list[Range], rule: str) -> Unit | None:
        """Return the unit with these token ranges as content, and the source that was found."""
        return self.reader.build(self.group, ranges, self.source, self.how, rule)

    def _rumoured(self) -> bool:
        """`Говорят, письмо пролежало две недели`: a plural verb of hearsay opens the sentence."""
        assert self.pack.cases is not None
        plural = self.pack.cases.plural.search(self.forms[self.group.head])
        return bool(plural) and self.group.cue.lemma in self.pack.lists.get("hearsay-verbs", ()) and not self.before

    def _anaphor(self) -> bool:
        """Tell whether a word for the sentence before (`об этом`, `to`) stands beside the verb, and nothing that would be said."""
        if self.start and self.group.first > 1:
            return False
        for phrase in self.pack.lists.get("anaphors", ()):
            words = phrase.split()
            for k in range(self.start, self.stop - len(words) + 1):
                after = k + len(words)
                if self.forms[k:after] == words and not (len(words) == 1 and self.tags[after : after + 1] in tuple("jM")):
                    return True
        return False

    def _noun_with_clause(self) -> int | None:
        """`выразил надежду, что …`: the object with its clause is what was said. Returns where it begins."""
        if not self.frames & NOUN:
            return None
        known = self.pack.lists.get("clause-nouns", frozenset())
        for chunk in self.following:
            if chunk is self.subject or chunk.first >= self.at:
                continue
            if "," in self.tags[chunk.stop : self.at - 1] or chunk.kind == "V":
                return None
            if any(self.forms[k] in known for k in range(chunk.first, chunk.stop)):
                return chunk.first
        return None

    def _passive(self) -> Unit | None:
        """`было объявлено о …`, `byl obviněn opozicí z …`, `решение было названо министром «ошибкой»`."""
        frames = self.frames
        beside = [c for c in (*self.following, *reversed(self.before)) if c.kind != "A"]
        known = any(c.kind == "N" and c.mask & NOMINATIVE for c in self.before)
        agent = next((c for c in beside[:1] + self.before[-1:] if c.kind == "N" and c.mask & INSTRUMENTAL), None)
        if agent is not None and agent.mask & NOMINATIVE and (agent in self.before or not known):
            agent = None
        if frames & (ACCUSATION | PREPOSITION) and (k := self.preposition()) >= 0:
            if agent:  # the preposition may seem to go on with the agent
                self.source = (agent.first, k - 1 if agent.first < k - 1 < agent.stop else agent.stop)
            fronted = next((c.stop for c in self.before if c.first < k <= c.stop), 0)
            return self.build([(k, fronted or clauses.end(self.reader, self.number, k, "phrase"))], "passive-accusation")
        subject = next((c for c in (*self.before, *self.following) if c.kind == "N" and c.mask & NOMINATIVE), None)
        if frames & (INFINITIVE | OBJECT_INFINITIVE):
            k = next((c.first for c in self.following if self.is_infinitive(c)), -1)
            if k >= 0:
                return self.build([(k, clauses.end(self.reader, self.number, k, "phrase"))], "passive-infinitive")
        if subject is None:
            return None
        if frames & ATTRIBUTE:
            if agent and self.tags[agent.stop - 1] == "q" and agent.stop - agent.first > 1:
                agent = Chunk("N", agent.first, agent.stop - 1, agent.mask, agent.head)  # `названо премьером «историческим»`
            first = agent.stop if agent and agent.first >= self.group.after else self.group.after
            if first >= self.reader.count or self.tags[first] not in "qQwjPM" or (agent is None and self.tags[first] not in "qQP"):
                return None
            if self.tags[first] == "P" and self.forms[first] not in self.pack.lists.get("attribute", ()):
                return None
            self.source = (agent.first, agent.stop) if agent else None
            return self.build(
                [(subject.first, subject.stop), (first, clauses.end(self.reader, self.number, first, "phrase"))], "passive-attribute"
            )
        if frames & NOUN and (agent or self.group.cue.lemma in self.pack.lists.get("agentless", ())):
            self.source = (agent.first, agent.stop) if agent else None
            return self.build([(subject.first, subject.stop)], "passive")
        return None

    def is_infinitive(self, chunk: Chunk) -> bool:
        """Tell whether a chunk is an infinitive, of a cue or another verb."""
        if chunk.kind != "V":
            return chunk.kind == "i"
        return any(cue.kind == INFINITIVE_FORM for cue in self.pack.cues.get(self.forms[chunk.first], ()))

    def preposition(self) -> int:
        """Return the token after the preposition that the cue governs, or -1."""
        wanted = self.group.cue.prepositions
        last = self.before[-1:] if not any(c.kind in "NPi" for c in self.following) else []
        for chunk in (*self.following, *self.before[:1], *last):
            if " ".join(self.forms[chunk.first : chunk.first + 2]) in self.pack.lists.get("anaphors", ()):
                continue
            for k in range(chunk.first, chunk.stop):
                if self.tags[k] in "PE" and self.forms[k] in wanted and k + 1 < self.reader.count:
                    if chunk.kind == "P" and chunk.first > self.group.first and self._infinitive_before(chunk):
                        return -1
                    return k + 1
        if self.stop < self.reader.count and self.tags[self.stop] in "Qq" and self.forms[self.stop - 1] in wanted:
            return self.stop
        return -1

    def _infinitive_before(self, chunk: Chunk) -> bool:
        return any(self.is_infinitive(c) and c.first < chunk.first for c in self.following)

    def _refuses_to_say(self) -> bool:
        """`odmítli se vyjádřit`: a cue that a refusal took in, and that says nothing without a clause."""
        refused = "V" in self.tags[self.group.first : self.group.head]
        return refused and self.group.cue.lemma in self.pack.lists.get("withheld", ()) and self.kind not in ("clause", "wh")
