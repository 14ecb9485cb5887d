"""Reads the units of one sentence: each cue with its source and its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dipdata.statements import beside, contents, declined, dependents, relations, sources, verbfirst
from dipdata.statements.cues import Group
from dipdata.statements.packs import (
    ACCUSATION,
    ADJECTIVE,
    ATTRIBUTE,
    CLAUSE,
    FINITE,
    GERUND,
    INFINITIVE,
    INFINITIVE_FORM,
    NOUN,
    NOUN_CUE,
    OBJECT_INFINITIVE,
    PAREN,
    PARTICIPLE,
    POST,
    PRE,
    PREPOSITION,
    QUOTE,
    ZERO,
    Pack,
)
from dipdata.statements.sources import Range
from dipdata.statements.tokens import Sentence

Pair = tuple[int, int]

_SIGNS = "%‰€$£¥°"  # signs that belong to the number before them

# Inside a quotation only what reports a clause makes a second statement.
_LOOSE = frozenset(
    {"noun-phrase", "infinitive", "preposition", "accusation", "attribute", "adjective", "passive", "passive-infinitive", "noun-infinitive"}
)


@dataclass(slots=True)
class Unit:
    """One attribution, in code points of the text. `how` tells how the source was found; `quoted` whether a quotation is content."""

    content: list[Pair]
    source: list[Pair]
    cue: list[Pair]
    rule: str
    scope: str = "speech"
    paragraph: int = 0
    depth: int = 0
    how: str = "np"
    lemma: str = ""
    sentence: Pair = (0, 0)
    quoted: bool = False
    addressees: list[str] = field(default_factory=list)
    chain: list[str] = field(default_factory=list)


def _own_opinion(reader: Reader, group: Group, source: Range | None) -> bool:
    """Tell whether a speaker inside a quotation says what he himself thinks (`je pense que`): no second statement."""
    sentence, lists = reader.sentence, reader.pack.lists
    if not sentence.depth or source is None or group.cue.lemma not in lists.get("opinion", ()):
        return False
    return sentence.forms[source[0]] in lists.get("first-person", ())


class Reader:
    """Reads the units of one sentence. `colon` is a unit whose content must stand in the next sentence."""

    def __init__(self, sentence: Sentence, pack: Pack, groups: list[Group], *, wide: bool, before: Pair | None = None) -> None:
        self.wide = wide
        self.before = before
        self.sentence = sentence
        self.pack = pack
        self.groups = groups
        self.tags = sentence.tags
        self.count = len(sentence.tags)
        self.subjects: dict[int, tuple[Range | None, str]] = {}
        self.claimed: list[Range] = []
        self.complements: dict[int, tuple[str, int]] = {}
        self.colon: Unit | None = None
        self.within = "main"

    def unit(self, number: int) -> Unit | None:
        """Return the unit that cue group `number` makes, or None where it attributes nothing.

        A verb of speech that reports nothing may still express a thought (`they support X`), in the wide scope alone.
        """
        group = self.groups[number]
        unit = self._read(number, group)
        if unit is None and self.wide:
            for cue in group.others:
                group.cue = cue
                unit = self._read(number, group)
                if unit is not None:
                    break
        return unit

    def _read(self, number: int, group: Group) -> Unit | None:
        self.within = "main"
        if self.pack.traits["verb-first"]:
            return verbfirst.read(self, number, group)
        if self.pack.cases is not None:
            return declined.read(self, number, group)
        if group.kind & (PRE | POST):
            return beside.prepositional(self, number, group)
        if group.kind == NOUN_CUE:
            return dependents.noun(self, number, group)
        if group.kind == FINITE:
            return self._finite(number, group)
        if group.kind in (GERUND, PARTICIPLE, INFINITIVE_FORM):
            return dependents.dependent(self, number, group)
        return None

    def _within(self, clause: int, how: str, group: Group) -> str:
        """Tell what clause a cue stands in: its content ends with that clause."""
        if how.startswith("relative"):
            return "relative"
        if clause < self.count and self.tags[clause] == "B":
            return "subordinate"
        for k in range(min(clause, group.first) - 1, max(-1, clause - 4), -1):
            if self.tags[k] == "B":
                return "subordinate"
            if self.tags[k] == "R" and self.pack.traits["pro-drop"]:
                return "relative"
            if self.tags[k] not in "AC":
                break
        return "main"

    def end(self, number: int, start: int) -> int:
        """Return where the content clause of cue `number` that begins at token `start` ends."""
        return contents.clause_end(self.sentence, self.pack, start, self.groups, number, self.within)

    def noun_end(self, number: int, start: int) -> int:
        """Return where the noun phrase complement of cue `number` that begins at token `start` ends."""
        return self._before_main_verb(start, contents.noun_end(self.sentence, self.pack, start, self.groups, number))

    def _before_main_verb(self, start: int, stop: int) -> int:
        """Cut a complement in a relative clause where the main clause goes on without a comma (*who asked for anonymity [said]*)."""
        if self.within != "relative" or not self.pack.traits["pro-drop"]:
            return stop
        tags = self.tags
        for k in range(start + 1, stop):
            if tags[k] in "XZv" or (tags[k] == "V" and tags[k - 1] not in "DGjPCNFY"):
                return k
            if tags[k] in "KRB":
                break
        return stop

    def pair(self, first: int, stop: int) -> Pair:
        """Return the code points of tokens `[first, stop)`."""
        return self.sentence.starts[first], self.sentence.ends[stop - 1]

    def build(self, group: Group, ranges: Sequence[Range], source: Range | None, how: str, rule: str) -> Unit | None:
        """Return the unit with these token ranges as content, or None where they hold no word or no statement."""
        spans = []
        for pair in ranges:
            first, stop = self.trim(*pair)
            if stop > first:
                spans.append(self.pair(first, stop))
        if not spans or not any(self.wordy(first, stop) for first, stop in ranges):
            return None
        lists = self.pack.lists
        if group.cue.lemma in lists.get("sentencing", ()) and not lists["penalties"].isdisjoint(self.sentence.forms[group.after :]):
            return None  # `condenó al acusado a diez años`: a court's sentence
        source_spans = [self.pair(*source)] if source else []
        if source and self.sentence.forms[source[0]] in self.pack.lists.get("nobody", ()):
            return None
        if group.inverted >= 0 and not source:
            source_spans = [self._inverted(group.inverted)]
        if _own_opinion(self, group, source) or (self.sentence.depth and rule in _LOOSE):
            return None
        self.claimed += ranges
        inversion = rule.endswith("inversion")
        return Unit(
            spans,
            source_spans,
            [self.pair(first, last + 1) for first, last in group.parts],
            rule,
            "speech" if inversion else group.cue.scope,
            self.sentence.paragraph,
            self.sentence.depth,
            how,
            group.cue.lemma,
            (self.sentence.start, self.sentence.end),
            any("Q" in self.tags[first:stop] or self.tags[first:stop].strip(",") == "q" for first, stop in ranges),
            relations.addressees(self.sentence, self.pack, group, ranges, source),
            relations.quoted_by(self.sentence, self.pack, group),
        )

    def _inverted(self, k: int) -> Pair:
        return self.sentence.starts[k], self.sentence.ends[k]

    def wordy(self, first: int, stop: int) -> bool:
        """Tell whether tokens `[first, stop)` hold more than marks and function words."""
        return any(tag not in ",.;:-()CGPAN" for tag in self.tags[first:stop])

    def trim(self, first: int, stop: int) -> Range:
        """Return a range without the punctuation at its edges."""
        tags = self.tags
        while first < stop and tags[first] in ",.;:-)o":
            first += 1
        text, starts = self.sentence.text, self.sentence.starts
        while stop > first and tags[stop - 1] in ",.;:-(o" and text[starts[stop - 1]] not in _SIGNS:
            stop -= 1
        if stop > first and tags[stop - 1] == ")" and "(" not in tags[first:stop]:
            stop -= 1
        return first, stop

    def _finite(self, number: int, group: Group) -> Unit | None:
        pack, sentence, tags = self.pack, self.sentence, self.tags
        final = None
        if pack.traits["verb-second"] and (group.after >= self.count or tags[group.after] in ",.:;)Q"):
            final = sources.verb_final(sentence, pack, group.first)
        subject, clause, how = final or sources.left(sentence, pack, group.head if group.inverted < 0 else group.first)
        if pack.traits["verb-second"] and how == "np" and final is None and subject and self._oblique(group, subject):
            subject, how = None, "none"
        self.within = self._within(clause, how, group)
        if group.inverted >= 0:
            subject, how, clause = None, "inverted", group.first
        if how == "relative" and subject is None:
            how = "relative-open"
        elif how == "relative" and self.wide and tags[clause] == "R":
            subject = (clause, clause + 1)  # PolNeAR names the relative pronoun itself
        impersonal = pack.traits["pro-drop"] and group.reflexive and not group.cue.reflexive  # `se informó`
        if how == "none" and not impersonal and self._goes_on(group):
            subject, how = self.main_subject(number, group.first)
        kind, at = contents.complement(sentence, pack, group)
        frames = group.cue.frames
        if group.passive:
            return dependents.passive(self, number, group, subject, how, kind, at)
        if how in ("np", "aside") and group.cue.lemma in pack.lists.get("impersonal-cues", ()):
            subject, how = None, "none"
        anchor = subject[0] if subject and how in ("np", "pronoun", "aside") else group.first
        if how in ("np", "pronoun") and clause < anchor:
            anchor = max(clause, 0) if all(tags[k] in "CAB" for k in range(clause, anchor)) else anchor
        if how == "aside" and kind in ("none", "comma"):
            found, stop = sources.right(sentence, pack, group.after)
            main = subject is not None and any(tag in "XZv" for tag in tags[: subject[0]])
            if found and (stop >= self.count or tags[stop] in ",.P") and main:
                subject, how, anchor = None, "none", group.first  # `…, qui vise X, a annoncé le Conseil`
        while subject is None and anchor and tags[anchor - 1] in "FN":
            anchor -= 1
        shared = subject is None and how == "none" and not impersonal and self._after_comma(number, group)
        parenthetical = beside.is_parenthetical(self, group, subject, how, anchor, kind, at)
        if parenthetical and frames & (PAREN | QUOTE):
            unit = beside.parenthetical(self, number, group, subject, how, anchor)
            if unit is not None:
                return unit
        if sentence.forms[group.first - 1 : group.first] and (unit := beside.opening_clause(self, number, group)):
            return unit
        if shared:
            subject, how = self.main_subject(number, group.first)
        inverted = None
        if subject is None and group.inverted < 0 and how in ("none", "relative-open"):
            inverted, _ = sources.right(sentence, pack, self.subject_place(group), apposition=kind in ("none", "comma"))
        if kind in ("clause", "wh") and frames & (INFINITIVE | OBJECT_INFINITIVE) and not pack.traits["zero-after-comma"]:
            k = contents.infinitive(sentence, pack, group.after, objects=bool(frames & OBJECT_INFINITIVE), bare=bool(frames & INFINITIVE))
            if 0 <= k < at:
                kind = "none"
        if kind == "clause" and frames & CLAUSE and not frames & ADJECTIVE:
            if inverted and inverted[1] > at:
                inverted = (inverted[0], at)
            source = subject or (inverted if inverted and inverted[1] <= at else None)
            if source is None and self.impersonal(group, source):
                source, _ = self.behind(group)
            self.subjects[group.first] = (source, how)
            return self.build(group, [(at + 1, self.end(number, at + 1))], source, how, "clause")
        if kind == "wh" and frames & CLAUSE and not (clause and tags[clause - 1] in "BW"):
            drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
            first = at + 1 if drop else at
            source = subject or inverted
            return self.build(group, [(first, self.end(number, first))], source, how, "question")
        if kind == "colon" and frames & (QUOTE | CLAUSE):
            source = subject or (inverted if inverted and inverted[1] <= at else None)
            return self.after_colon(number, group, source, how, at)
        if self.before and frames & PAREN and kind in ("none", "comma") and (anaphor := self._anaphor(group)):
            if subject and subject[0] < anaphor:
                subject = None
                inverted, _ = sources.right(sentence, pack, group.parts[0][1] + 1)
            return self.anaphoric(group, subject or inverted)
        source = subject or inverted
        if self.impersonal(group, source):
            source, stop = self.behind(group)
            inverted = (stop, stop) if source and stop > group.after else inverted
        named = inverted and set(tags[inverted[0] : inverted[1]]) & set("tUS")
        if how == "relative-open" and inverted and not named and frames & NOUN and kind in ("none", "comma") and pack.traits["pro-drop"]:
            # `un comunicado en el que condena el ataque`
            return self.build(group, [(inverted[0], self.noun_end(number, inverted[0]))], None, how, "noun-phrase")
        if impersonal and how == "none" and frames & NOUN and kind in ("none", "comma") and (said := subject or inverted):
            return self.build(group, [said], None, "none", "impersonal")  # `se anunció la apertura`
        self.subjects[group.first] = (source, how)
        after = inverted[1] if inverted and not subject else group.after
        return self.objects(number, group, source, how, kind, at, after)

    def _goes_on(self, group: Group) -> bool:
        """Tell whether a cue without subject follows a conjunction, so that it has the subject of the cue before it."""
        return self._mark_before(group) == "C"

    def _after_comma(self, number: int, group: Group) -> bool:
        """Tell whether a cue follows a comma where subjects are dropped, as in a list of cues (*dijo que …, pidió … y prometió …*)."""
        return self._mark_before(group) == "," and self.pack.traits["pro-drop"] and number > 0

    def _mark_before(self, group: Group) -> str:
        k = group.first
        while k and self.tags[k - 1] in "FAT":
            k -= 1
        return self.tags[k - 1] if k else "."

    def _anaphor(self, group: Group) -> int:
        """Return how many tokens a word for the sentence before (`das`, `об этом`) takes at the start of this one, or 0."""
        forms = self.sentence.forms
        for phrase in self.pack.lists.get("anaphors", ()):
            count = phrase.count(" ") + 1
            if " ".join(forms[:count]) == phrase and group.first <= count + 1:
                return count
        return 0

    def anaphoric(self, group: Group, source: Range | None) -> Unit | None:
        """The content is the sentence before: `Die Grenze bleibt zu. Das teilte X mit.`"""
        assert self.before is not None
        first, stop = self.before
        text = self.sentence.text
        while stop > first and (text[stop - 1].isspace() or text[stop - 1] in ".…"):
            stop -= 1
        while first < stop and text[first].isspace():
            first += 1
        unit = self.build(group, [(0, self.count)], source, "np", "anaphor")
        if unit is None or stop <= first:
            return None
        self.claimed.pop()
        unit.content, unit.quoted = [(first, stop)], False
        return unit

    def impersonal(self, group: Group, source: Range | None) -> bool:
        """Tell whether who speaks stands in a prepositional phrase: by the verb, or by its form where no subject is found."""
        lists = self.pack.lists
        if group.cue.lemma in lists.get("impersonal-cues", ()):
            return True
        known = lists.get("impersonal-forms", frozenset())
        return (
            source is None and not known.isdisjoint(self.sentence.forms[group.first : group.last + 1]) and self.behind(group)[0] is not None
        )

    def behind(self, group: Group) -> tuple[Range | None, int]:
        """Return who is behind an impersonal cue (`heißt es in einer Studie`, `in dem Bericht heißt es`), and the token after it."""
        places = self.pack.lists.get("impersonal-places", frozenset())
        if group.after < self.count and self.sentence.forms[group.after] in places:
            return sources.right(self.sentence, self.pack, group.after + 1, apposition=False)
        k = sources.clause_start(self.tags, group.first)
        if k < group.first and self.sentence.forms[k] in places:
            return (k + 1, group.first), group.after
        return None, group.after

    def objects(self, number: int, group: Group, source: Range | None, how: str, kind: str, at: int, after: int) -> Unit | None:
        """Complements other than a clause with complementiser: quotation, infinitive, clause without complementiser, noun phrase."""
        pack, sentence, tags, frames = self.pack, self.sentence, self.tags, group.cue.frames
        if group.cue.lemma in pack.lists.get("withheld", ()) and "N" in tags[group.first : group.last]:
            return None  # `no quiso comentar la noticia`
        after = contents.skip_aside(sentence, after)
        if frames & ADJECTIVE:
            k = contents.skip_adverbials(sentence, pack, after)
            if k < self.count and tags[k] not in ".,;:PT":
                return self.build(group, [(k, self.end(number, k))], source, how, "adjective")
            return None
        if len(group.parts) > 1 and frames & (NOUN | ATTRIBUTE | PREPOSITION) and kind not in ("clause", "colon"):
            unit = self._bracketed(group, source, how, after)
            if unit is not None:
                return unit
        if frames & PREPOSITION and frames & OBJECT_INFINITIVE and not pack.traits["zero-after-comma"]:
            k = contents.infinitive(sentence, pack, after, objects=True, bare=False)
            if k > 0 and (tags[k] == "I" or sentence.forms[k - 1] in group.cue.prepositions):
                return self.build(group, [(self._infinitive_start(group, k, after), self.end(number, k))], source, how, "infinitive")
        if kind in ("quote", "word") and at == after and group.cue.lemma in pack.lists.get("naming", ()):
            return None  # `que los vecinos llaman «la nevera»`
        if frames & (OBJECT_INFINITIVE | QUOTE) and (unit := self._marked_quotation(number, group, source, how, after)):
            return unit
        if frames & PREPOSITION:
            k = self.preposition(after, group.cue.prepositions, reach=3 if frames & (ATTRIBUTE | NOUN) else 14)
            if k >= 0:
                stop = self.noun_end(number, k)
                return self.build(group, [(k, stop)], source, how, "preposition")
        if frames & ACCUSATION:
            k = self.preposition(after, group.cue.prepositions, reach=24)
            if k >= 0:
                return self.build(group, [(k, self.end(number, k))], source, how, "accusation")
        if kind == "word" and frames & ATTRIBUTE:
            return self.build(group, [(at, self.end(number, at))], source, how, "attribute")
        noun = frames & NOUN and contents.determined(sentence, pack, after)  # `reiteró su disposición a negociar`
        if (frames & OBJECT_INFINITIVE or (frames & INFINITIVE and not noun)) and not pack.traits["zero-after-comma"]:
            k = contents.infinitive(sentence, pack, after, objects=bool(frames & OBJECT_INFINITIVE), bare=bool(frames & INFINITIVE))
            if k >= 0:
                stop = self._before_main_verb(k, self._before_next_verb(k, self.end(number, k), ""))
                return self.build(group, [(self._infinitive_start(group, k, after), stop)], source, how, "infinitive")
        if kind in ("quote", "word") and frames & ZERO and tags[at - 1] not in ",:" and group.cue.lemma not in pack.lists.get("dative", ()):
            k = contents.skip_adverbials(sentence, pack, after)
            if k < at and tags[k] in "DUSwt" and tags[at - 1] not in "DGP" and not tags[k:at].strip("DGwUtj#STPMqC"):
                stop = self.end(number, k)
                return self.build(group, [(k, stop)], source, how, "clause-bare")
        if frames & ATTRIBUTE and tags[after : after + 1] in ("G", "P") and sentence.forms[after] in pack.lists.get("attribute", ()):
            return self.build(
                group, [(after + 1, self.end(number, after + 1))], source, how, "attribute"
            )  # `calificó de «ridículo» el anuncio`
        if frames & ATTRIBUTE:
            k = contents.noun_start(sentence, pack, after)
            if (
                tags[after : after + 1] == "P"
                and sentence.forms[after] in pack.lists.get("addressee", ())
                and tags[after + 1 : after + 2] in ("D", "U")
            ):
                k = after  # `tachó a los manifestantes de «vándalos»`
            if k >= 0:
                stop = self.end(number, k)
                marks = pack.lists.get("attribute", frozenset())
                mark = next((m for m in range(k, stop) if sentence.forms[m] in marks), -1)
                if mark > 0 and pack.traits["verb-second"]:
                    return self.build(group, [(mark + 1, self.noun_end(number, mark + 1))], source, how, "attribute")
                stop = self._before_next_verb(k, stop, "vX")
                if mark >= 0 or any(tags[m] in "qQ" for m in range(k, stop)):
                    return self.build(group, [(k, stop)], source, how, "attribute")
        if kind in ("quote", "word") and frames & (QUOTE | NOUN | ATTRIBUTE | OBJECT_INFINITIVE) and not self.is_claimed(at):
            start = self._quote_start(after, at, frames)
            stop = self.end(number, at)
            if frames & NOUN and not frames & QUOTE:
                stop = self.noun_end(number, start)
            elif tags[at] == "Q" and self.quote_closes(at):
                stop = at + 1
            if sentence.forms[at + 1 : at + 2] and sentence.forms[at + 1] in pack.lists.get("addressee", ()) and pack.traits["pro-drop"]:
                stop = at + 1  # `pidió «moderación» a las partes`
            return self.build(group, [(start, stop)], source, how, "quotation-object")
        if frames & ZERO:
            k = self._zero_clause(group, after, kind, at)
            if k >= 0:
                return self.build(group, [(k, self.end(number, k))], source, how, "clause-bare")
        if (frames & NOUN and source is not None) or (frames & NOUN and group.inverted >= 0):
            k = contents.noun_start(sentence, pack, after)
            if k >= 0 and tags[k] != "T":
                stop = self.noun_end(number, k)
                return self.build(group, [(k, stop)], source, how, "noun-phrase")
        return None

    def _before_next_verb(self, k: int, stop: int, verbal: str) -> int:
        """Return where the speaker's next action cuts a content (`urged X to wait [and called Y …]`): a finite form after a conjunction."""
        tags, forms = self.tags, self.sentence.forms
        for m in range(k + 1, stop - 1):
            if tags[m] != "C":
                continue
            readings = self.pack.cues.get(forms[m + 1], ()) if tags[m + 1] == "V" else ()
            finite = any(cue.kind == FINITE for cue in readings) and not any(cue.kind == INFINITIVE_FORM for cue in readings)
            if finite or (verbal and tags[m + 1] in verbal):
                return m
        return stop

    def _marked_quotation(self, number: int, group: Group, source: Range | None, how: str, after: int) -> Unit | None:
        """`llamó a la población a «…»`: a quotation in place of the infinitive; `contestó con un «no»`: the answer itself."""
        tags, forms, lists = self.tags, self.sentence.forms, self.pack.lists
        answers = lists.get("answering", frozenset())
        markers = lists.get("infinitive-prepositions", frozenset()) if group.cue.frames & OBJECT_INFINITIVE else frozenset()
        for k in range(after, min(self.count, after + 12)):
            if tags[k] in "qQ":
                if forms[k - 1] in markers:
                    return self.build(group, [(k, self.end(number, k))], source, how, "quotation-object")
                m = k
                while m > after and tags[m - 1] in "Dj":
                    m -= 1
                if m - 1 == after and forms[after] in answers:
                    return self.build(group, [(k, k + 1)], source, how, "quotation-object")
                return None
            if tags[k] in ".,;:KRBXZ":
                return None
        return None

    def _infinitive_start(self, group: Group, k: int, after: int) -> int:
        """Leave the marker out as a complementiser; the wide scope keeps it, and who is to act (*urged [X to leave]*), as PolNeAR does."""
        if not self.wide:
            return k + 1 if self.tags[k] == "I" else k
        if group.cue.frames & OBJECT_INFINITIVE and group.cue.lemma not in self.pack.lists.get("dative", ()) and k > after:
            start = contents.noun_start(self.sentence, self.pack, after)
            return start if after <= start < k else k
        return k

    def _bracketed(self, group: Group, source: Range | None, how: str, after: int) -> Unit | None:
        """The object inside a German verbal bracket: `wies [den Vorwurf] zurück`, `hat [die Freilassung] gefordert`."""
        close = group.parts[-1][0]
        low = group.parts[0][1] + 1
        if source is not None and source[0] >= low:
            low = max(low, source[1])
        if close <= low or group.inverted >= 0:
            return None
        marks = self.pack.lists.get("attribute", frozenset())
        for k in range(low, close):
            if group.cue.frames & PREPOSITION and self.sentence.forms[k] in group.cue.prepositions:
                return self.build(group, [(k + 1, close)], source, how, "preposition")
            if group.cue.frames & ATTRIBUTE and self.sentence.forms[k] in marks:
                return self.build(group, [(k + 1, close)], source, how, "attribute")
        k = contents.noun_start(self.sentence, self.pack, low)
        if not group.cue.frames & NOUN or not low <= k < close or "," in self.tags[k:close] or source is None:
            return None
        return self.build(group, [(k, close)], source, how, "noun-phrase")

    def _quote_start(self, after: int, at: int, frames: int) -> int:
        """A noun phrase that holds the quotation (`une « erreur »`) begins at its determiner."""
        start = at
        if frames & (NOUN | ATTRIBUTE):
            k = contents.noun_start(self.sentence, self.pack, after)
            if 0 <= k < at and (at - k <= 6 or frames & NOUN):
                start = k
        return start

    def quote_closes(self, at: int) -> bool:
        """Tell whether the quotation at `at` is whole: a sentence by itself, or followed by no more than a stop."""
        if at + 1 >= self.count or self.tags[at + 1] in ".":
            return True
        inner = self.sentence.text[self.sentence.starts[at] : self.sentence.ends[at]].rstrip("\"”»’'“ \u00a0")
        return inner.endswith((".", "!", "?", "…", ","))

    def opens_sentence(self, at: int) -> bool:
        """Tell whether the quotation at token `at` begins a sentence of its own: with a capital letter."""
        text = self.sentence.text
        for i in range(self.sentence.starts[at], self.sentence.ends[at]):
            if text[i].isalnum():
                return text[i].isupper() or not text[i].isalpha()
        return False

    def preposition(self, k: int, wanted: frozenset[str], reach: int = 14) -> int:
        """Return the token after the first of the `wanted` prepositions within `reach` tokens of `k`, or -1."""
        forms, tags = self.sentence.forms, self.tags
        for i in range(k, min(self.count - 1, k + reach)):
            if forms[i] in wanted and tags[i] != "Q":
                if self.pack.traits["pro-drop"] and self._of_a_noun(i, k, reach):
                    continue
                return i + 1
            if tags[i] in ".;:KRXZ" or (tags[i] == "," and reach < 20):
                return -1
            if tags[i] == "P" and i == k and forms[i] not in self.pack.lists.get("adverbial-prepositions", ()):
                return -1  # `habló bajo condición de anonimato`
        return -1

    def subject_place(self, group: Group) -> int:
        """Return the token where an inverted subject begins: inside the bracket of a German verb, else after the cue."""
        bracket = len(group.parts) > 1 and group.inverted < 0 and self.pack.traits["verb-second"]
        return group.parts[0][1] + 1 if bracket else group.after

    def _oblique(self, group: Group, subject: Range) -> bool:
        """Tell whether the phrase before a German verb is no subject: an object or adverb, with the subject after the verb."""
        if self.sentence.forms[subject[0]] in self.pack.lists.get("oblique-determiners", ()):
            return True
        if subject != (0, 1) or self.tags[0] != "U":
            return False
        found, stop = sources.right(self.sentence, self.pack, self.subject_place(group), apposition=False)
        return found is not None and self.tags[found[0]] in "SD" and stop < self.count and self.tags[stop] in ",:"

    def _of_a_noun(self, i: int, low: int, reach: int) -> bool:
        """Tell whether a preposition belongs to the noun before it (*acusó al ministro [de Defensa] de …*)."""
        tags = self.tags
        if tags[i] != "G" or i == low:
            return False
        if reach < 20:
            return tags[i - 1] in "wUMjt"
        later = [m for m in range(i + 1, min(self.count - 1, low + reach)) if tags[m] == "G" and not set(tags[i:m]) & set(",.;:KRXZ")]
        if any(contents.is_infinitive(self.sentence, self.pack, m + 1) for m in later):
            return not contents.is_infinitive(self.sentence, self.pack, i + 1)
        return bool(later) and tags[i - 1] == "t" and tags[i + 1] == "U"

    def is_claimed(self, k: int) -> bool:
        """Tell whether a token is content of a unit made already."""
        return any(first <= k < stop for first, stop in self.claimed)

    def _zero_clause(self, group: Group, after: int, kind: str, at: int) -> int:
        """Return where a clause without complementiser begins (`X said [he would]`, `X sagte, [er werde]`), or -1."""
        tags, sentence, pack = self.tags, self.sentence, self.pack
        if pack.traits["zero-after-comma"]:
            if kind != "comma":
                return -1
            k = at + 1
            if k + 2 < self.count and tags[k] not in "RC" and sentence.forms[k] not in pack.lists.get("no-clause", ()):
                if tags[k] == "P" and sentence.forms[k + 1] in pack.lists.get("relatives", ()) and tags[k + 2] not in "Uwj":
                    return -1
                return -1 if sentence.forms[k] in pack.lists.get("relatives", ()) and self._is_relative(k) else k
            return -1
        k = contents.skip_adverbials(sentence, pack, after)
        if group.cue.frames & OBJECT_INFINITIVE or group.cue.lemma in pack.lists.get("dative", ()):
            k = self._addressee_end(k)
            k = contents.skip_adverbials(sentence, pack, k)
        if k > after and k < self.count and tags[k] in "XZ":
            k = after
            return k if contents.has_verb(tags, k, self.count) and tags[k] == "A" else -1
        if k >= self.count or tags[k] not in "SDUwt#jMBqPpEVK":
            return -1
        stop = k + 1
        limit = min(self.count, k + 32)
        wanted = 1
        while stop < limit and tags[stop] not in ".;:":
            if tags[stop] == "," and group.cue.frames & NOUN and not (stop + 1 < limit and tags[stop + 1] == "R"):
                return -1
            if tags[stop] in "KR":
                wanted = min(2, wanted + 1)
            elif tags[stop] in "XZ" or (tags[stop] in "vV" and (tags[stop - 1] not in "DGj" or (tags[stop] == "v" and stop - 1 == k))):
                wanted -= 1
                if not wanted:
                    return k
                while stop + 1 < limit and tags[stop + 1] in "XZvVNAY":
                    stop += 1
            stop += 1
        return -1

    def _is_relative(self, k: int) -> bool:
        """Tell whether the pronoun at `k` (German *der, die, das*) opens a relative clause: its verb comes last."""
        tags = self.tags
        stop = tags.find(",", k)
        stop = self.count if stop < 0 else stop
        while stop > k and tags[stop - 1] in ".;:":
            stop -= 1
        if stop - 2 > k and tags[stop - 2] == "I":
            return False
        noun = next((m for m in range(k + 1, stop) if tags[m] == "U"), stop)
        early = any(tags[m] in "XZvV" for m in range(noun, min(stop - 1, noun + 4)))
        return tags[stop - 1] in "XZvV" and not early

    def _addressee_end(self, k: int) -> int:
        """Return the token after the person spoken to (`told [the agency] …`)."""
        tags = self.tags
        if k >= self.count:
            return k
        if tags[k] in "S":
            return k + 1
        while k < self.count and tags[k] in "D#jt":
            k += 1
        if k < self.count and tags[k] == "U":
            while k < self.count and tags[k] in "UG":
                k += 1
            return k
        while k < self.count and tags[k] in "wM":
            k += 1
            if k < self.count and tags[k] == "G":
                k += 1
                while k < self.count and tags[k] in "DU#":
                    k += 1
        return k

    def after_colon(self, number: int, group: Group, source: Range | None, how: str, at: int) -> Unit | None:
        """Return the unit whose content follows a colon; at the end of a sentence it is kept for the next."""
        if at + 1 >= self.count:
            unit = self.build(group, [(0, 1)], source, how, "colon")
            if unit is not None:
                self.claimed.pop()
                self.colon = unit
            return None
        stop = self.end(number, at + 1)
        if self.tags[at + 1] in "Qq" and self.quote_closes(at + 1):
            stop = at + 2
            while stop < self.count and self.tags[stop] == "Q":
                stop += 1
        return self.build(group, [(at + 1, stop)], source, how, "colon")

    def main_subject(self, number: int, at: int) -> tuple[Range | None, str]:
        """Return the subject of the clause that a dependent or coordinated cue hangs on: that of the nearest cue, else of the sentence."""
        nested = None
        for earlier in range(number - 1, -1, -1):
            group = self.groups[earlier]
            subject, _ = self.subjects.get(group.first, (None, ""))
            if subject is None and group.inverted >= 0:
                subject = (group.inverted, group.inverted + 1)
            if subject is None:
                continue
            if not self.is_claimed(group.first):
                return subject, "shared"
            nested = nested or subject  # `X said that Y had promised to leave, adding that …`: X adds
        if nested is not None:
            return nested, "shared"
        tags = self.tags
        low = 0
        for k in range(at):
            if tags[k] in "XZ" or (tags[k] in "vV" and (k == 0 or tags[k - 1] not in "DG")):
                first = k
                while first > low and tags[first - 1] in "FfNA":
                    first -= 1
                subject, _, _how = sources.left(self.sentence, self.pack, first)
                if subject is not None:
                    return subject, "shared"
        return None, "none"
