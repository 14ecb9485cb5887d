"""Reads cues of languages whose nouns are declined and whose word order is free (Russian, Czech): cases tell subject from object."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dipdata.statements import attributing, clauses, relations
from dipdata.statements.cases import ACCUSATIVE, DATIVE, INSTRUMENTAL, LOCATIVE, NOMINATIVE, Chunk, cases_of, chunks
from dipdata.statements.cues import Group
from dipdata.statements.packs import (
    ACCUSATION,
    ACTIVE,
    ATTRIBUTE,
    CLAUSE,
    FINITE,
    GERUND,
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
from dipdata.statements.sources import Range

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
        self.joined = last >= 0 or (self.start < group.first and self.tags[self.start] == "C" and self.start > 0 and not self._as())
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
        if self.tags[self.start - 1 : self.start] == "W" and not self._as():
            return None  # `Kdo nám bude říkat, kam smíme?`
        group, reader = self.group, self.reader
        if group.kind == FINITE:
            self._find_subject()
        elif group.kind == ACTIVE:
            self._antecedent()
        else:
            self.source, self.how = self._main_subject()
        opener = self.start - 1
        if opener >= 0 and self.tags[opener] in "WB" and self._as() and self.kind != "clause" and not self._asked(opener):
            unit = self._as_clause(opener)
            if unit is not None:
                return unit
        chain = self._relayed() if group.cue.lemma in self.pack.lists.get("relaying", ()) else []
        if group.kind == FINITE and self.frames & (PAREN | QUOTE) and (unit := self._beside()) is not None:
            unit.chain += chain
            return unit
        reader.subjects[group.first] = (self.source, self.how)
        unit = self._complement()
        if unit is not None and self.subject is not None:
            unit.addressees = unit.addressees or self._addressees()
        return unit

    # -- who says it ---------------------------------------------------------------------------------------------------------------

    def _find_subject(self) -> None:
        group, tags = self.group, self.tags
        if group.passive:
            self.how = "agent"
            return
        found = next((chunk for chunk in self.before if self._may_be_subject(chunk)), None)
        opener = tags[self.start - 1] if self.start else "."
        relative = found is None and opener == "R" and not self.joined and self.tags[self.start - 2 : self.start - 1] != "P"
        if relative and cases_of(self.sentence, self.pack, self.start - 1) & NOMINATIVE:
            self._antecedent()
            return
        if found is None and self.joined:
            self.source, self.how = self._main_subject()
            if self.source is not None:
                return
        if found is None and not self.joined and opener in ",)-" and self.start > 1 and not self._closing_subject():
            self._across_aside()
            if self.source is not None:
                return
        if found is None:
            found = self._inverted()
        if found is None and self.before and self._is_first_name(self.before[0]):
            found = self.before[0]
        if found is not None:
            self.subject, self.how = found, "np"
            end = found.stop
            if found.first >= group.after:
                self.how = "inverted-np"
                end = clauses.apposition(self.reader, found)
            self.source = (found.first, end)
            return
        if self._placed():
            return
        if self.joined or opener == "R" or (opener == "," and self.number):
            self.source, self.how = self._main_subject()

    def _may_be_subject(self, chunk: Chunk) -> bool:
        """Tell whether a phrase may be the subject: nominative, and of the verb's gender and number where the noun tells them."""
        cases = self.pack.cases
        assert cases is not None
        if chunk.kind != "N" or not chunk.mask & NOMINATIVE:
            return False
        if (
            chunk.stop - chunk.first == 1
            and self.tags[chunk.first] == "D"
            and self.forms[chunk.first] in self.pack.lists.get("anaphors", ())
        ):
            return False
        if self.tags[chunk.first] == "q" and not self.reader.opens_sentence(chunk.first):
            return False
        head = chunk.head if chunk.head >= 0 else chunk.first
        verb = self.forms[self.group.head]
        if self.tags[head] not in "wtM" and not (self.tags[head] == "U" and head == 0 and chunk.stop - chunk.first == 1):
            return self.tags[head] in "UqSDj#"
        if "C" in self.tags[chunk.first : chunk.stop]:
            return True
        return cases.agrees(verb, self.forms[head], self.tags[head] == "t" or "U" in self.tags[chunk.first : chunk.stop])

    def _is_first_name(self, chunk: Chunk) -> bool:
        """Tell whether a word that opens the sentence, and by its ending should not go with the verb, may be a name after all."""
        if self.frames & (NOUN | ATTRIBUTE) and self.kind in ("none", "comma") and not any(c.kind == "N" for c in self.following):
            return False  # `Zprávy nepotvrdila`: the object
        return chunk.kind == "N" and chunk.first == 0 and chunk.stop == 1 and self.tags[0] == "U" and bool(chunk.mask & NOMINATIVE)

    def _inverted(self) -> Chunk | None:
        """Return the subject after the verb: the first phrase that may be one, over adverbials and addressees."""
        for n, chunk in enumerate(self.following):
            if chunk.kind in "Vi" or (self.tags[chunk.first] == "C" and n):
                return None
            if chunk.kind == "N" and self._may_be_subject(chunk):
                if not self.tags[chunk.first : chunk.stop].strip("qU") and any(
                    c.first == chunk.stop and self.tags[c.head] in "wt" and self._may_be_subject(c) for c in self.following
                ):
                    continue  # `рассказал «Курьеру» собеседник`
                person = self.tags[chunk.head] in "tUS"
                fronted = any(other.kind == "N" for other in self.before)
                noun = (
                    self.pack.traits["pro-drop"]
                    and self.frames & (NOUN | ATTRIBUTE)
                    and not person
                    and not fronted
                    and self.kind in ("none", "comma")
                )
                if noun and not self._quoted_before() and n == 0 and not self._as():
                    return None  # `odmítl návrh`: the object of a verb whose subject is dropped
                return chunk
        return None

    def _asked(self, opener: int) -> bool:
        """Tell whether the clause that opens at `opener` is what an earlier cue asks or tells (`рассказал, как …`)."""
        return any(clauses.complement(self.reader, g) == ("wh", opener) for g in self.reader.groups[: self.number] if g.kind == FINITE)

    def _closing_subject(self) -> bool:
        """Tell whether a pronoun, or a person or name that closes the clause, follows the verb: the subject of an inserted cue."""
        first = next((c for c in self.following if c.kind != "A"), None)
        if first is None or first.kind != "N" or not first.mask & NOMINATIVE:
            return False
        if self.tags[first.first] == "S":
            return True
        person = set(self.tags[first.first : first.stop]) & set("tU")
        return bool(person) and first.stop == self.stop and not self.frames & (NOUN | ATTRIBUTE)

    def _as(self) -> bool:
        return self.start > 0 and self.forms[self.start - 1] in self.pack.lists.get("as", ())

    def _placed(self) -> bool:
        if self._place_among((*self.before, *self.following)):
            return True
        comma = self.start - 1
        if self.before or comma < 2 or self.tags[comma] != "," or self.group.cue.lemma not in self.pack.lists.get("impersonal-cues", ()):
            return False
        opener = self.tags.rfind(",", 0, comma)  # `В заявлении, опубликованном вечером, говорится …`
        return opener > 0 and self._place_among(chunks(self.sentence, self.pack, clauses.start(self.tags, opener), opener))

    def _place_among(self, found: Iterable[Chunk]) -> bool:
        """`В Брюсселе не исключили, что …`: the place speaks, where a plural verb has no subject or the verb is one of documents."""
        cases, lists = self.pack.cases, self.pack.lists
        assert cases is not None
        document = self.group.reflexive or self.group.cue.lemma in lists.get("impersonal-cues", ())
        if not document and not cases.plural.search(self.forms[self.group.head]):
            return False
        places = lists.get("impersonal-places", frozenset())
        for chunk in found:
            if chunk.kind in "Vi":
                return False
            if chunk.kind == "P" and self.forms[chunk.head] in places and chunk.stop > chunk.head + 1:
                if "T" in self.tags[chunk.first : chunk.stop] or self.forms[chunk.first + 1] in lists.get("no-places", ()):
                    continue
                self.source, self.how = (chunk.head + 1, chunk.stop), "place"
                return True
        return False

    def _antecedent(self) -> None:
        comma = self.start - 1
        if self.group.kind == ACTIVE and self.tags[self.start : self.group.first].strip("ANT"):
            comma = self.group.first
        if self.tags[comma : comma + 1] == "R":
            comma -= 1
        self.how = "relative"
        found = clauses.antecedent(self.reader, comma)
        self.source = found

    def _across_aside(self) -> None:
        """The subject before an aside that ends at the comma before the clause: relative, participle, adverbial or apposition."""
        self.source = clauses.across_aside(self.reader, self.start - 1)
        self.how = "aside" if self.source else "none"

    def _relayed(self) -> list[str]:
        """`«…», приводит слова X агентство Y`: X is the source; returns the names of those who pass it on."""
        named = [c for c in (*self.before, *self.following) if c.kind == "N" and self.tags[c.first] != "S"]
        quoted = next((c for c in named if not c.mask & NOMINATIVE), None) or next((c for c in named if c is not self.subject), None)
        if quoted is None or len(named) > 3:
            return []
        media = [c for c in named if c is not quoted and c.mask & NOMINATIVE]
        self.source, self.how = (quoted.first, quoted.stop), "inverted-np"
        return [relations.name(self.sentence, c.first, c.stop) for c in media[:1]]

    def _main_subject(self) -> tuple[Range | None, str]:
        """Return the subject of the cue before this one, else of the clause that this one hangs on."""
        reader = self.reader
        for earlier in range(self.number - 1, -1, -1):
            known = reader.subjects.get(reader.groups[earlier].first)
            if known is not None and (known[0] is not None or (self.pack.traits["pro-drop"] and reader.groups[earlier].kind == FINITE)):
                return known[0], "shared" if known[0] else "none"
        for k in range(self.group.first - 1, -1, -1):
            if self.tags[k] in "vVXZ":
                low = clauses.start(self.tags, k)
                found_before = chunks(self.sentence, self.pack, low, k)
                for chunk in found_before:
                    if chunk.kind == "N" and chunk.mask & NOMINATIVE:
                        return (chunk.first, chunk.stop), "shared"
                if self.joined and self._place_among(found_before):
                    return self.source, "place"
                if self.tags[low - 1 : low] == "," and (found := clauses.across_aside(reader, low - 1)):
                    return found, "shared"
        for k in range(self.group.after, reader.count):
            if self.tags[k] in "vVXZ" and self.group.kind == GERUND and not self.group.first:
                low = clauses.start(self.tags, k)
                for chunk in chunks(self.sentence, self.pack, low, k):
                    if chunk.kind == "N" and chunk.mask & NOMINATIVE:
                        return (chunk.first, chunk.stop), "shared"
                break
        return None, "none"

    def _addressees(self) -> list[str]:
        """Return whom the cue is addressed to: a phrase in the dative and in no case a subject has, beside the verb."""
        for chunk in (*self.before, *self.following):
            oblique = chunk.kind == "N" and chunk is not self.subject and not chunk.mask & NOMINATIVE
            if oblique and chunk.mask & DATIVE and self.tags[chunk.first] != "S":
                return [relations.name(self.sentence, chunk.first, chunk.stop)]
        return []

    # -- beside its content --------------------------------------------------------------------------------------------------------

    def _quoted_before(self) -> bool:
        k = self.start
        if k < self.reader.count and self.tags[k] == "C":
            return False
        while k and self.tags[k - 1] in ",-.":
            k -= 1
        return k > 0 and self.tags[k - 1] in "Qq" and (k < self.start or self.tags[k - 1] == "Q")

    def _as_clause(self, opener: int) -> Unit | None:
        """`Как сообщил X, …`, `…, jak uvedl X, …`."""
        reader, tags = self.reader, self.tags
        end = max(self.group.after, self.source[1] if self.source and self.how == "inverted-np" else 0)
        comma = clauses.comma_after(reader, end)
        if opener == 0 or tags[opener - 1] in ".:;KC-":
            if comma < 0:
                return None
            first = comma + 1
            return reader.build(
                self.group, [(first, clauses.end(reader, self.number, first, "free"))], self.source, self.how, "opening-clause"
            )
        if tags[opener - 1] != "," or self.source is None:
            return None
        return self._around(opener - 1, comma)

    def _around(self, left: int, comma: int) -> Unit | None:
        """Return the unit whose content ends at token `left` and goes on after `comma` (-1 where it does not)."""
        reader = self.reader
        first = clauses.left_start(reader, left)
        ranges = [(first, left)]
        if comma >= 0 and reader.wordy(comma + 1, reader.count):
            ranges.append((comma + 1, clauses.end(reader, self.number, comma + 1, "free")))
        return reader.build(self.group, ranges, self.source, self.how, "clause-inversion")

    def _beside(self) -> Unit | None:
        reader, tags, group = self.reader, self.tags, self.group
        quoted = self.start > 0 and not self.joined and self._quoted_before()
        if not self.start or self.kind == "clause" or (self.kind == "wh" and not quoted):
            return None
        end = max([group.after, *([self.source[1]] if self.source and self.source[0] >= group.after else [])])
        if quoted and not (self.kind == "colon" and "Q" not in tags[: self.start]):
            return self._beside_quotation(end)
        mark = self.start - 1
        opens = clauses.opening_clause(reader, mark)  # `Že by odjel, netvrdí.`
        if tags[mark] not in ",-" or (self.joined and not opens):
            return None
        if (
            not opens
            and (self.how in ("np", "aside", "relative") or (self.how == "place" and not self._impersonal_verb()))
            and tags[mark] != "-"
        ):
            return None
        if self.kind not in ("none", "comma", "dash", "word") or not self.frames & PAREN:
            return None
        rest = [chunk for chunk in self.following if chunk.first >= end and chunk.kind in "Ni"]
        if self.source is None and (rest or not self.pack.traits["pro-drop"]) and not self._impersonal_verb():
            return None
        if any(chunk.kind == "i" for chunk in rest) or (rest and self.frames & (NOUN | ATTRIBUTE)):
            return None
        if self.source is None and (self.sentence.depth or (tags[0] == "P" and "K" in tags[:mark])):
            return None
        if not reader.wordy(0, mark):  # `Кроме того, отмечается в документе, …`
            comma = clauses.comma_after(reader, end)
            if comma < 0 or self.source is None or self.how not in ("place", "inverted-np"):
                return None
            return self._build([(comma + 1, clauses.end(reader, self.number, comma + 1, "free"))], "opening-clause")
        left = mark
        while left and tags[left - 1] in ",-":
            left -= 1
        first = clauses.left_start(reader, left)
        short = not clauses.has_verb(tags, first, left)
        comma = clauses.comma_after(reader, end)
        if comma >= 0 and not short and not (tags[mark] == "-" or self._resumes(comma)):
            comma = -1
        if comma < 0 and short and left - first < 2:
            return None
        unit = self._around(left, comma)
        if unit is not None:
            reader.subjects[group.first] = (self.source, self.how)
        return unit

    def _impersonal_verb(self) -> bool:
        return self.group.cue.lemma in self.pack.lists.get("impersonal-cues", ())

    def _resumes(self, comma: int) -> bool:
        """Tell whether the content goes on after a comma behind an inserted cue: a conjunction and a clause without a cue follow."""
        k = comma + 1
        return k < self.reader.count and self.tags[k] in "CKB" and not any(g.first > comma for g in self.reader.groups[self.number + 1 :])

    def _beside_quotation(self, end: int) -> Unit | None:
        """`«…», — сказал X.`; the quotation may go on after the cue."""
        reader, tags = self.reader, self.tags
        k = self.start
        while k and tags[k - 1] in ",-.":
            k -= 1
        if self.source is None and not self.pack.traits["pro-drop"] and tags[k : self.start] == "-" and len(self.group.parts) == 1:
            return None  # `Название — «Мир» — говорит о многом`
        first = clauses.quotation_start(reader, k - 1)
        ranges = [(first, k)]
        n = end
        while n < reader.count and tags[n] not in ",:;Q-.":
            n += 1
        m = n
        while m < reader.count and tags[m] in ",-:.":
            m += 1
        if m < reader.count and tags[m] in "Qq" and tags[n] != ".":
            ranges.append((m, clauses.end(reader, self.number, m, "free")))
        reader.subjects[self.group.first] = (self.source, self.how)
        unit = reader.build(self.group, ranges, self.source, self.how, "quotation-inversion")
        if unit is not None:
            unit.addressees = self._addressees()
        return unit

    # -- what is said --------------------------------------------------------------------------------------------------------------

    def _complement(self) -> Unit | None:
        reader, frames, at = self.reader, self.frames, self.at
        mode = clauses.within(self.tags, self.start, self.how)
        if self.kind in ("clause", "wh") and frames & (INFINITIVE | OBJECT_INFINITIVE) and self._infinitive_start() >= 0:
            return self._object(mode)
        if self.kind == "clause":
            noun = self._noun_with_clause()
            if noun is not None:
                return self._build([(noun, clauses.end(reader, self.number, at + 1, mode))], "noun-phrase")
            if frames & CLAUSE and not (self.group.kind == ACTIVE and not frames & CLAUSE):
                first = clauses.after_complementiser(reader, at)
                return self._build([(first, clauses.end(reader, self.number, first, mode))], "clause")
        if self.kind == "wh" and frames & CLAUSE:
            first = at + (self.forms[at] in self.pack.lists.get("dropped-interrogatives", ()))
            return self._build([(first, clauses.end(reader, self.number, first, mode))], "question")
        if self.group.kind == INFINITIVE_FORM:
            return None
        if self.kind == "comma" and self.source is None and self.start == 0 and self._rumoured():
            return self._build([(at + 1, clauses.end(reader, self.number, at + 1, "free"))], "clause-bare")
        if self.kind == "colon" and frames & (QUOTE | CLAUSE):
            return reader.after_colon(self.number, self.group, self.source, self.how, at)
        if reader.before and frames & PAREN and self._anaphor():
            return reader.anaphoric(self.group, self.source)
        if self.group.passive:
            return self._passive()
        return self._object(mode)

    def _build(self, ranges: list[Range], rule: str) -> Unit | None:
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
        """`было объявлено о …`, `byl vyzván, aby …`, `решение было осуждено`."""
        reader, group, frames = self.reader, self.group, self.frames
        if frames & (ACCUSATION | PREPOSITION) and (k := self._preposition()) >= 0:
            return self._build([(k, clauses.end(reader, self.number, k, "phrase"))], "passive-accusation")
        subject = next((c for c in (*self.before, *self.following) if c.kind == "N" and c.mask & NOMINATIVE), None)
        if frames & (INFINITIVE | OBJECT_INFINITIVE):
            k = next((c.first for c in self.following if c.kind == "i" or self._infinitive(c)), -1)
            if k >= 0:
                return self._build([(k, clauses.end(reader, self.number, k, "phrase"))], "passive-infinitive")
        agent = next((c for c in self.following if c.kind == "N" and c.mask & INSTRUMENTAL and not c.mask & NOMINATIVE), None)
        if subject is not None and frames & NOUN and (agent or group.cue.lemma in self.pack.lists.get("agentless", ())):
            self.source = (agent.first, agent.stop) if agent else None
            return self._build([(subject.first, subject.stop)], "passive")
        return None

    def _infinitive(self, chunk: Chunk) -> bool:
        if chunk.kind != "V":
            return False
        return any(cue.kind == INFINITIVE_FORM for cue in self.pack.cues.get(self.forms[chunk.first], ()))

    def _preposition(self) -> int:
        """Return the token after the preposition that the cue governs, or -1."""
        wanted = self.group.cue.prepositions
        for chunk in (*self.following, *self.before[:1]):
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
        if self.start and self.tags[self.start - 1] == "B" and not self._as():
            return None
        close = "participle" if self.group.kind == ACTIVE else "phrase"
        if frames & (PREPOSITION | ACCUSATION) and (k := self._preposition()) >= 0:
            if self.tags[k] == "S" or self.forms[k] in self.pack.lists.get("no-content", ()):
                return None
            if k < self.group.first:  # `к переговорам призвал X`
                return self._build([(k, next(c.stop for c in self.before if c.first < k <= c.stop))], "preposition")
            return self._build([(k, clauses.end(reader, self.number, k, close))], "accusation" if frames & ACCUSATION else "preposition")
        if frames & (INFINITIVE | OBJECT_INFINITIVE) and (k := self._infinitive_start()) >= 0:
            return self._build([(k, clauses.end(reader, self.number, k, close))], "infinitive")
        fronted = self._fronted()
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
                return self._build([(first, last)], "quotation-object")
        if not frames & NOUN or (self.source is None and not self.pack.traits["pro-drop"] and self.how != "none"):
            return None
        for chunk in self.following:
            if chunk.kind in "Vi":
                break
            if chunk.kind == "N" and self._may_be_object(chunk):
                return self._build([(chunk.first, clauses.end(reader, self.number, chunk.first, close))], "noun-phrase")
        if fronted is None:
            fronted = self._split()
        if fronted is not None:
            return self._build([fronted], "noun-phrase")
        return None

    def _split(self) -> Range | None:
        """Return the object that case endings left in the subject before it (`ministerstvo zahraničí [cestu] popřelo`)."""
        subject = self.subject
        if subject is None or self.source is None or subject.stop > self.group.first or subject.stop - subject.first < 2:
            return None
        last = subject.stop - 1
        own = cases_of(self.sentence, self.pack, last)
        if self.tags[last] not in "wM" or own & NOMINATIVE or not own & ACCUSATIVE or last <= subject.head:
            return None
        while last - 1 > subject.head and self.tags[last - 1] in "Dj":
            last -= 1
        self.source = (subject.first, last)
        return last, subject.stop

    def _may_be_object(self, chunk: Chunk) -> bool:
        """Tell whether a phrase after the verb is what was said: no subject, and no one it is said to."""
        if chunk is self.subject or (self.source and self.source[0] <= chunk.first < self.source[1]) or self.tags[chunk.first] == "S":
            return False
        person = self.tags[chunk.head] in "tU" and chunk.stop - chunk.first <= 2
        only_dative = not chunk.mask & ~(DATIVE | LOCATIVE)
        later = any(c.kind == "N" and c.first > chunk.first and c is not self.subject for c in self.following)
        return not only_dative and not (person and later and not chunk.mask & NOMINATIVE)

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
        return self._build(ranges, "attribute")

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
            elif tag not in "ANTf":
                break
            start = chunk.first
        return start
