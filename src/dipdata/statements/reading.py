"""Reads the units of one sentence: each cue with its source and its content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dipdata.statements import complements, contents, declined, dependents, finite, markers, prepositions, relations, sources, verbfirst
from dipdata.statements.grammar import FINITE, GERUND, INFINITIVE_FORM, NOUN_CUE, PARTICIPLE, POST, PRE, Pack
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range, Sentence

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
    spoken = lists.get("first-person-auxiliaries", frozenset())
    if sentence.depth and source is None and not spoken.isdisjoint(sentence.forms[max(0, group.first - 2) : group.after + 2]):
        return True  # `„Slíbil jsem, že …“`
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
            return prepositions.prepositional(self, number, group)
        if group.kind == NOUN_CUE:
            return dependents.noun(self, number, group)
        if group.kind == FINITE:
            return finite.read(self, number, group)
        if group.kind in (GERUND, PARTICIPLE, INFINITIVE_FORM):
            return dependents.dependent(self, number, group)
        return None

    def enter(self, clause: int, how: str, group: Group) -> None:
        """Note what clause a cue stands in: its content ends with that clause."""
        self.within = self._clause_of(clause, how, group)

    def _clause_of(self, clause: int, how: str, group: Group) -> str:
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
        if self.pack.traits["verb-first"]:
            return markers.end(self, number, start)
        return contents.clause_end(self.sentence, self.pack, start, self.groups, number, self.within)

    def noun_end(self, number: int, start: int) -> int:
        """Return where the noun phrase complement of cue `number` that begins at token `start` ends."""
        return self.before_main_verb(start, contents.noun_end(self.sentence, self.pack, start, self.groups, number))

    def before_main_verb(self, start: int, stop: int) -> int:
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
        if source in ranges:
            source = None  # `los jueces, a los que llamó «cómplices»`
        source_spans = [self.pair(*source)] if source else []
        if source and not self.pack.lists.get("nobody", frozenset()).isdisjoint(self.sentence.forms[max(source[0] - 1, 0) : source[0] + 1]):
            return None  # `nadie dijo`, `ni X ni Y comentaron`
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
            "speech" if inversion and (how != "np" or "Q" in self.tags[: group.first]) else group.cue.scope,
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
        tags, forms = self.tags, self.sentence.forms
        for k in range(group.after, min(self.count, group.after + 5)):  # `hieß es am Abend aus dem Palast`
            if forms[k] in places:
                return sources.right(self.sentence, self.pack, k + 1, apposition=False)
            if tags[k] in ",.:;KQ":
                break
        k = sources.clause_start(tags, group.first)
        if k < group.first and forms[k] in places and not set(tags[k : group.first]) & set(",XZv"):
            return (k + 1, group.first), group.after
        return None, group.after

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
                if i > k and tags[i - 1 : i + 2] == "wGU" and "partitives" in self.pack.lists:
                    continue  # `menace le nord de Gaza`
                return i + 1
            if tags[i] in ".;:KRXZ" or (tags[i] == "," and reach < 20) or (tags[i] == "C" and tags[i + 1] in "vVXZ"):
                return -1
            if tags[i] == "P" and i == k and forms[i] not in self.pack.lists.get("adverbial-prepositions", ()):
                return -1  # `habló bajo condición de anonimato`
        return -1

    def subject_place(self, group: Group) -> int:
        """Return the token where an inverted subject begins: inside the bracket of a German verb, else after the cue."""
        bracket = len(group.parts) > 1 and group.inverted < 0 and self.pack.traits["verb-second"]
        return group.parts[0][1] + 1 if bracket else group.after

    def _of_a_noun(self, i: int, low: int, reach: int) -> bool:
        """Tell whether a preposition belongs to the noun before it (*acusó al ministro [de Defensa] de …*)."""
        tags = self.tags
        if tags[i] != "G" or i == low:
            return False
        if reach < 20:
            return tags[i - 1] in "wUMjt"
        later = [m for m in range(i + 1, min(self.count - 1, low + reach)) if tags[m] == "G" and not set(tags[i:m]) & set(",.;:KRXZ")]
        if any(complements.is_infinitive(self.sentence, self.pack, m + 1) for m in later):
            return not complements.is_infinitive(self.sentence, self.pack, i + 1)
        return bool(later) and tags[i - 1] == "t" and tags[i + 1] == "U"

    def is_claimed(self, k: int) -> bool:
        """Tell whether a token is content of a unit made already."""
        return any(first <= k < stop for first, stop in self.claimed)

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
        if at > 1 and tags[at - 1] == "," and not self.pack.traits["pro-drop"]:  # `Cairo, insisting that …, has sent …`
            subject, _, how = sources.left(self.sentence, self.pack, at - 1)
            if subject is not None and how == "np":
                return subject, "shared"
        return None, "none"
