"""Reads cues of languages whose nouns are declined and whose word order is free (Russian, Czech): cases tell subject from object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import attributing, clauses, insertions, subjects
from dipdata.statements.cases import ACCUSATIVE, DATIVE, GENITIVE, INSTRUMENTAL, LOCATIVE, NOMINATIVE, Chunk, cases_of, chunks
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
        if self.kind in ("clause", "wh") and frames & (INFINITIVE | OBJECT_INFINITIVE) and self._infinitive_start() >= 0:
            return self._object(mode)
        if self.kind == "clause":
            noun = self._noun_with_clause()
            if noun is not None:
                return self.build([(noun, clauses.end(reader, self.number, at + 1, mode))], "noun-phrase")
            if frames & CLAUSE and not (self.group.kind == ACTIVE and not frames & CLAUSE):
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
        return self._object(mode)

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
            k = next((c.first for c in self.following if c.kind == "i" or self._infinitive(c)), -1)
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

    def _infinitive(self, chunk: Chunk) -> bool:
        if chunk.kind != "V":
            return False
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
        return any((c.kind == "i" or self._infinitive(c)) and c.first < chunk.first for c in self.following)

    def _object(self, mode: str) -> Unit | None:
        reader, frames = self.reader, self.frames
        opener = self.forms[self.start - 1] if self.start else ""
        if self.start and self.tags[self.start - 1] == "B" and not self.opens_as() and opener not in self.pack.lists.get("cuts", ()):
            return None
        close = "participle" if self.group.kind == ACTIVE else "phrase"
        if frames & (PREPOSITION | ACCUSATION) and (k := self.preposition()) >= 0:
            if self.tags[k] == "S" or self.forms[k] in self.pack.lists.get("no-content", ()):
                return None
            if k < self.group.first:  # `к переговорам призвал X`
                return self.build([(k, next(c.stop for c in self.before if c.first < k <= c.stop))], "preposition")
            return self.build([(k, clauses.end(reader, self.number, k, close))], "accusation" if frames & ACCUSATION else "preposition")
        if frames & (INFINITIVE | OBJECT_INFINITIVE) and (k := self._infinitive_start()) >= 0:
            if self.group.cue.lemma in self.pack.lists.get("refusals", ()) and self._withheld():
                return None
            return self.build([(k, clauses.end(reader, self.number, k, close))], "infinitive")
        if frames & (INFINITIVE | OBJECT_INFINITIVE) and (k := self._quoted_infinitive()) >= 0:
            return self.build([(k, clauses.end(reader, self.number, k, close))], "quotation-object")
        fronted = None if reader.is_claimed(self.group.first) else self._fronted()
        if frames & ATTRIBUTE:
            return self._attribute(fronted)
        named = self.kind == "word" and reader.opens_sentence(self.at)
        if self.kind in ("quote", "word") and frames & (QUOTE | NOUN) and not named:
            first = self.at
            for chunk in self.following:
                if (
                    frames & NOUN
                    and chunk.kind == "N"
                    and chunk is not self.subject
                    and chunk.stop >= self.at - 1
                    and chunk.first < self.at
                ):
                    first = chunk.first
            last = (
                self.at + 1
                if reader.quote_closes(self.at) and self.tags[self.at] == "Q"
                else clauses.end(reader, self.number, self.at, close)
            )
            if not reader.is_claimed(self.at):
                return self.build([(first, last)], "quotation-object")
        if self.source is None and reader.is_claimed(self.group.first):
            return None  # `oznámili, že [uznají Palestinu]`
        if not frames & NOUN or (self.source is None and not self.pack.traits["pro-drop"] and self.how != "none"):
            return None
        for chunk in self.following:
            if chunk.kind in "Vi":
                break
            if chunk.kind == "N" and self._may_be_object(chunk):
                return self.build([(chunk.first, clauses.end(reader, self.number, chunk.first, close))], "noun-phrase")
        if fronted is None and not reader.is_claimed(self.group.first):
            fronted = self._split()
        if (k := self._demanded()) >= 0:
            return self.build([(k, clauses.end(reader, self.number, k, close))], "noun-phrase")
        if fronted is None:
            fronted = self._anaphoric_object()
        if fronted is not None:
            return self.build([fronted], "noun-phrase")
        return None

    def _demanded(self) -> int:
        """Return where the object begins, behind those it is demanded of (`потребовал от Киева [отставки министра]`), or -1."""
        for chunk in self.following:
            if chunk.kind == "P" and self.forms[chunk.head] in self.pack.lists.get("demanding", ()):
                noun = next((k for k in range(chunk.head + 1, chunk.stop) if self.tags[k] in "wtMU"), chunk.stop)
                while noun + 1 < chunk.stop and self.tags[noun + 1] in "UqC":
                    noun += 1
                return noun + 1 if noun + 1 < chunk.stop else -1
        return -1

    def _anaphoric_object(self) -> Range | None:
        """Return a word that stands for the clause before (`…, Írán to popírá`)."""
        known = clauses.anaphors(self.reader)
        if not clauses.has_verb(self.tags, 0, self.start - 1):
            return None
        return next((pair for c in (*self.before, *self.following) if self.forms[(pair := (c.first, c.stop))[0]] in known), None)

    def _split(self) -> Range | None:
        """Return the object that case endings left in the subject before it (`ministerstvo zahraničí [cestu] popřelo`)."""
        subject = self.subject
        if subject is None or self.source is None or subject.stop > self.group.first or subject.stop - subject.first < 2:
            return None
        lists = self.pack.lists
        verbal = tuple(lists.get("verbal-nouns", ("\n",)))
        whole = lists.get("whole", frozenset())
        first = next(
            (
                k
                for k in range(subject.head + 1, subject.stop)
                if self.tags[k] in "wM" and self.forms[k].endswith(verbal) and self.forms[k] not in whole
            ),
            subject.stop - 1,
        )
        own = cases_of(self.sentence, self.pack, first)
        if self.tags[first] not in "wM" or not own & ACCUSATIVE or first <= subject.head:
            return None
        cases = self.pack.cases
        assert cases is not None
        subject_like = own & NOMINATIVE and cases.agrees(self.forms[self.group.head], self.forms[first], title=False)
        if subject_like and (not self.forms[first].endswith(verbal) or self.forms[first] in whole):
            return None
        while first - 1 > subject.head and self.tags[first - 1] in "Dj":
            first -= 1
        self.source = (subject.first, first)
        stop = subject.stop
        for chunk in self.before:
            if chunk.kind == "P" and chunk.first == stop:
                stop = chunk.stop
        return first, stop

    def _may_be_object(self, chunk: Chunk) -> bool:
        """Tell whether a phrase after the verb is what was said: no subject, and no one it is said to."""
        if chunk is self.subject or (self.source and self.source[0] <= chunk.first < self.source[1]) or self.tags[chunk.first] == "S":
            return False
        person = self.tags[chunk.head] in "tU" and chunk.stop - chunk.first <= 2
        if chunk.stop - chunk.first == 1 and self.tags[chunk.first] == "D":
            return False
        only_dative = not chunk.mask & ~(DATIVE | LOCATIVE)
        later = any(c.kind == "N" and c.first > chunk.first and c is not self.subject for c in self.following)
        if not chunk.mask & (ACCUSATIVE | GENITIVE | INSTRUMENTAL):
            return False
        before = self.subject is not None and self.subject.first < self.group.first
        return not only_dative and not (person and later and (before or not chunk.mask & NOMINATIVE))

    def _fronted(self) -> Range | None:
        """Return the object before the verb: `Čínské ministerstvo zahraničí cestu [označilo]`, `Деньги [обещал Катар]`."""
        found = [c for c in self.before if c.kind == "N" and c is not self.subject and self.tags[c.first] not in "S"]
        found = [c for c in found if c.mask & ACCUSATIVE or not c.mask & ~NOMINATIVE]
        if not found:
            return None
        stop = found[-1].stop
        for chunk in self.before:
            if chunk.kind == "P" and chunk.first == stop:
                stop = chunk.stop
        return found[0].first, stop

    def _attribute(self, fronted: Range | None) -> Unit | None:
        """`назвал план «безумием»`, `označila krok za chybu`: what is called so, and what it is called."""
        reader = self.reader
        if fronted is None and self.tags[self.group.after : self.group.after + 1] == "P":
            fronted = self._split()
        if self.kind == "word" or (self.kind == "quote" and self.at == self.group.after):
            ranges = [(self.at, clauses.end(reader, self.number, self.at, "phrase"))]
        else:
            first = next(
                (
                    c.first
                    for c in self.following
                    if c is not self.subject
                    and (c.kind == "N" or (c.kind == "P" and self.forms[c.first] in self.pack.lists.get("attribute", ())))
                    and not (self.source and self.source[0] <= c.first < self.source[1])
                ),
                -1,
            )
            if first < 0 and self.kind == "quote":
                first = self.at
            if first < 0:
                return None
            ranges = [(first, clauses.end(reader, self.number, first, "phrase"))]
        if fronted is not None:
            ranges.insert(0, fronted)
        return self.build(ranges, "attribute")

    def _quoted_infinitive(self) -> int:
        """Return the quotation that holds the infinitive (`призвала правительства [«действовать сообща»]`), or -1."""
        for k in range(self.group.after, min(self.stop + 1, self.reader.count)):
            if self.tags[k] in "qQ":
                words = self.sentence.text[self.sentence.starts[k] : self.sentence.ends[k]].strip('«»„“”"‘’ ').split()[:3]
                return k if any(self.pack.letter(word.lower()) == "i" for word in words) and words[0].islower() else -1
        return -1

    def _refuses_to_say(self) -> bool:
        """`odmítli se vyjádřit`: a cue that a refusal took in, and that says nothing without a clause."""
        refused = "V" in self.tags[self.group.first : self.group.head]
        return refused and self.group.cue.lemma in self.pack.lists.get("withheld", ()) and self.kind not in ("clause", "wh")

    def _withheld(self) -> bool:
        """`odmítl zprávy komentovat`: what is refused is to say anything."""
        known = self.pack.lists.get("withheld", ())
        verbs = [cue.lemma for chunk in self.following for cue in self.pack.cues.get(self.forms[chunk.first], ())]
        return any(lemma in known for lemma in verbs)

    def _infinitive_start(self) -> int:
        """Return where the infinitive that is said begins, with what stands before it and belongs to it; -1 without one."""
        at = next((c.first for c in self.following if c.kind == "i" or self._infinitive(c)), -1)
        if at < 0 or any(c.kind == "V" and not self._infinitive(c) and c.first < at for c in self.following):
            return -1
        lists = self.pack.lists
        start = at
        for chunk in reversed([c for c in self.following if c.first < at]):
            if chunk is self.subject or (self.source and self.source[0] <= chunk.first < self.source[1]):
                break
            tag = self.tags[chunk.first]
            if chunk.kind == "P":
                own = lists.get("content-adverbials", frozenset())
                if self.forms[chunk.head] in lists.get("cue-prepositions", ()) and own.isdisjoint(self.forms[chunk.first : chunk.stop]):
                    break
            elif chunk.kind == "N":
                if self.frames & OBJECT_INFINITIVE or not chunk.mask & ACCUSATIVE or tag == "S":
                    break
            elif tag not in "ANTf" and self.forms[chunk.first] not in lists.get("object-clitics", ()):
                break
            start = chunk.first
        return start
