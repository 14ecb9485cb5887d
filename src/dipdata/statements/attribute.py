"""Quotations, cues and sources of a text joined into units: content, source, cue, the rule that made it and how far to trust it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from dipdata.statements import contents, cues, quotes, sources, tokens
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
from dipdata.statements.quotes import Quote
from dipdata.statements.sources import Range
from dipdata.statements.tokens import Sentence

Pair = tuple[int, int]

_CLAUSE_MARK = re.compile(r"[,;:.!?…]")


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


@dataclass(slots=True)
class _State:
    """What one sentence hands to the next."""

    units: list[Unit] = field(default_factory=list)
    last: Unit | None = None
    last_end: int = 0
    pending: Unit | None = None


def attribute(text: str, pack: Pack, blocks: Sequence[Pair], scopes: frozenset[str]) -> list[Unit]:
    """Return the units of the running text in `blocks` (stretches between zones), in text order."""
    units: list[Unit] = []
    for start, end in blocks:
        found = quotes.find_quotes(text, start, end)
        units += _stretch(text, start, end, found, pack, scopes, 0)
    return units


def _stretch(text: str, start: int, end: int, found: list[Quote], pack: Pack, scopes: frozenset[str], depth: int) -> list[Unit]:
    state = _State()
    starts = [quote.start for quote in found]
    for low, high, paragraph in tokens.split(text, start, end, found, pack):
        inside = found[bisect_left(starts, low) : bisect_left(starts, high)]
        inside = [quote for quote in inside if quote.end <= high]
        if (
            inside
            or state.pending
            or tokens.interesting(text, low, high, pack)
            or (pack.moods and state.last is not None and state.last_end == low)
        ):
            sentence = tokens.read(text, low, high, inside, pack, paragraph, depth)
            _sentence(sentence, pack, scopes, state, inside)
    units = state.units
    if depth < 2:
        for quote in found:
            low, high = quote.inner
            if high - low > 24 and tokens.interesting(text, low, high, pack):
                nested = quotes.find_quotes(text, low, high)
                inner = _stretch(text, low, high, nested, pack, scopes, depth + 1)
                cutting = next((unit for unit in inner if unit.rule == "clause-inversion" and unit.depth == depth + 1), None)
                if cutting is not None:
                    _cue_inside(text, quote, cutting, units, pack)
                units += inner
    return units


def _cue_inside(text: str, quote: Quote, cutting: Unit, units: list[Unit], pack: Pack) -> None:
    """`« A, a-t-il dit, B. »`: the cue inside the marks belongs to who quotes, so all of the quotation is one content, cut by it."""
    spans = sorted(cutting.cue + cutting.source)
    first = cutting.content[0][1]
    last = max(end for start, end in spans if start >= first) if any(start >= first for start, _ in spans) else first
    resumed = cutting.content[1][0] if len(cutting.content) > 1 else _after_clause(text, last, quote.end)
    if any(unit.cue and unit.content[0][0] <= quote.start and unit.content[-1][1] >= quote.end for unit in units):
        return
    for unit in [unit for unit in units if unit.content == [(quote.start, quote.end)] and not unit.cue]:
        units.remove(unit)
    cutting.content = [(quote.start, first)]
    if any(char.isalnum() for char in text[resumed : quote.end]):
        cutting.content.append((resumed, quote.end))
    cutting.rule, cutting.quoted = "quotation-cut", True


def _after_clause(text: str, at: int, end: int) -> int:
    """Return where the words that hang on an inserted cue end: after the next comma or stop."""
    stop = _CLAUSE_MARK.search(text, at, end)
    at = stop.end() if stop else end
    while at < end and text[at].isspace():
        at += 1
    return at


def _sentence(sentence: Sentence, pack: Pack, scopes: frozenset[str], state: _State, inside: Sequence[Quote]) -> None:
    groups = cues.find_cues(sentence, pack)
    reader = _Reader(sentence, pack, groups)
    made = [unit for number in range(len(groups)) if (unit := reader.unit(number)) is not None and unit.scope in scopes]
    made = _without_doubles(made)
    free = "Q" in sentence.tags and not any(unit.quoted for unit in made)
    previous = state.last
    if state.pending is not None:
        pending, state.pending = state.pending, None
        if sentence.tags.startswith("Q") or sentence.tags.startswith("q"):
            pending.content = [(sentence.starts[0], sentence.ends[0])]
            state.units.append(pending)
            state.last, state.last_end = pending, sentence.end
            return
    if free and sentence.depth == 0:
        unit = _free_quotation(sentence, previous, state, inside)
        if unit is not None:
            made.append(unit)
    if not made and pack.moods and previous is not None:
        unit = _reported_mood(sentence, pack, previous, state)
        if unit is not None:
            made.append(unit)
    if reader.colon is not None and not any(unit.cue == reader.colon.cue for unit in made):
        state.pending = reader.colon
    state.units += made
    if made:
        state.last, state.last_end = made[-1], sentence.end
        for unit in made:
            if unit.quoted:
                state.last = unit
                break
    elif "Q" in sentence.tags:
        state.last = previous
    else:
        state.last = None
    if state.last is not None and not made:
        state.last_end = sentence.end


def _free_quotation(sentence: Sentence, previous: Unit | None, state: _State, inside: Sequence[Quote]) -> Unit | None:
    """A quotation that is a sentence of its own goes on with the one before it in the same paragraph, or stands alone without a cue."""
    tags = sentence.tags.strip(".-,")
    if tags != "Q":
        return None
    at = sentence.tags.index("Q")
    pair = (sentence.starts[at], sentence.ends[at])
    if previous is not None and previous.quoted and previous.paragraph == sentence.paragraph and state.last_end == sentence.start:
        previous.content.append(pair)
        state.last_end = sentence.end
        return None
    number = state.units.index(previous) if previous in state.units[-4:] else -1
    if number >= 0 and previous is not None and previous.content and _continues(sentence.text, previous, pair):
        previous.content.append(pair)
        return None
    if sentence.text[pair[0] : pair[1]].count(" ") < 3:
        return None
    return Unit(
        [pair], [], [], "quotation-alone", paragraph=sentence.paragraph, how="none", sentence=(sentence.start, sentence.end), quoted=True
    )


def _continues(text: str, previous: Unit, pair: Pair) -> bool:
    """Tell whether the earlier quotation was left open at its paragraph's end, so that this one goes on with it."""
    low, high = previous.content[-1]
    return text[low] in '“«„"' and text[high - 1] not in '”»"“' and not text[high : pair[0]].strip()


def _reported_mood(sentence: Sentence, pack: Pack, previous: Unit, state: _State) -> Unit | None:
    """A main clause in the reporting mood goes on with the speaker of the sentence before."""
    if state.last_end != sentence.start or previous.paragraph != sentence.paragraph or not previous.source:
        return None
    main = sentence.forms
    if pack.moods.isdisjoint(main):
        return None
    first = next(k for k, form in enumerate(main) if form in pack.moods)
    if any(tag in "KBR" for tag in sentence.tags[:first]) and "," in sentence.tags[:first] and sentence.tags[0] != "B":
        return None
    return Unit(
        [(sentence.starts[0], _last_word(sentence))],
        list(previous.source),
        list(previous.cue),
        "reported-mood",
        previous.scope,
        sentence.paragraph,
        sentence.depth,
        "carried",
        previous.lemma,
        (sentence.start, sentence.end),
    )


def _last_word(sentence: Sentence) -> int:
    stop = len(sentence.tags)
    while stop > 1 and sentence.tags[stop - 1] in ".,;:":
        stop -= 1
    return sentence.ends[stop - 1]


def _without_doubles(made: list[Unit]) -> list[Unit]:
    """Keep one unit for each content; the first cue that claims it wins."""
    seen: set[tuple[Pair, ...]] = set()
    kept = []
    for unit in made:
        key = tuple(unit.content)
        if key not in seen:
            seen.add(key)
            kept.append(unit)
    return kept


def _own_opinion(reader: _Reader, group: Group, source: Range | None) -> bool:
    """Tell whether a speaker inside a quotation says what he himself thinks (`je pense que`): no second statement."""
    sentence, lists = reader.sentence, reader.pack.lists
    if not sentence.depth or source is None or group.cue.lemma not in lists.get("opinion", ()):
        return False
    return sentence.forms[source[0]] in lists.get("first-person", ())


class _Reader:
    """Reads the units of one sentence. `colon` is a unit whose content must stand in the next sentence."""

    def __init__(self, sentence: Sentence, pack: Pack, groups: list[Group]) -> None:
        self.sentence = sentence
        self.pack = pack
        self.groups = groups
        self.tags = sentence.tags
        self.count = len(sentence.tags)
        self.subjects: dict[int, tuple[Range | None, str]] = {}
        self.claimed: list[Range] = []
        self.colon: Unit | None = None
        self.within = "main"

    def unit(self, number: int) -> Unit | None:
        """Return the unit that cue group `number` makes, or None where it attributes nothing."""
        group = self.groups[number]
        self.within = "main"
        if group.kind & (PRE | POST):
            return self._prepositional(number, group)
        if group.kind == NOUN_CUE:
            return self._noun(number, group)
        if group.kind == FINITE:
            return self._finite(number, group)
        if group.kind in (GERUND, PARTICIPLE, INFINITIVE_FORM):
            return self._dependent(number, group)
        return None

    def _within(self, clause: int, how: str, group: Group) -> str:
        """Tell what clause a cue stands in: its content ends with that clause."""
        if how.startswith("relative"):
            return "relative"
        for k in range(min(clause, group.first - 1), max(-1, clause - 3), -1):
            if self.tags[k] == "B":
                return "subordinate"
            if self.tags[k] not in "AC":
                break
        return "main"

    # -- building ------------------------------------------------------------------------------------------------------------------

    def _pair(self, first: int, stop: int) -> Pair:
        return self.sentence.starts[first], self.sentence.ends[stop - 1]

    def _build(self, group: Group, ranges: Sequence[Range], source: Range | None, how: str, rule: str) -> Unit | None:
        spans = []
        for pair in ranges:
            first, stop = self._trim(*pair)
            if stop > first:
                spans.append(self._pair(first, stop))
        if not spans or not any(self._wordy(first, stop) for first, stop in ranges):
            return None
        source_spans = [self._pair(*source)] if source else []
        if group.inverted >= 0 and not source:
            source_spans = [self._inverted(group.inverted)]
        if _own_opinion(self, group, source):
            return None
        self.claimed += ranges
        inversion = rule.endswith("inversion")
        return Unit(
            spans,
            source_spans,
            [self._pair(first, last + 1) for first, last in group.parts],
            rule,
            "speech" if inversion else group.cue.scope,
            self.sentence.paragraph,
            self.sentence.depth,
            how,
            group.cue.lemma,
            (self.sentence.start, self.sentence.end),
            any(self.tags[k] in "Q" for first, stop in ranges for k in range(first, stop)),
        )

    def _inverted(self, k: int) -> Pair:
        return self.sentence.starts[k], self.sentence.ends[k]

    def _wordy(self, first: int, stop: int) -> bool:
        return any(tag not in ",.;:-()CGPAN" for tag in self.tags[first:stop])

    def _trim(self, first: int, stop: int) -> Range:
        tags = self.tags
        while first < stop and tags[first] in ",.;:-)o":
            first += 1
        while stop > first and tags[stop - 1] in ",.;:-(o":
            stop -= 1
        if stop > first and tags[stop - 1] == ")" and "(" not in tags[first:stop]:
            stop -= 1
        return first, stop

    # -- finite verbs --------------------------------------------------------------------------------------------------------------

    def _finite(self, number: int, group: Group) -> Unit | None:
        pack, sentence, tags = self.pack, self.sentence, self.tags
        subject, clause, how = sources.left(sentence, pack, group.head if len(group.parts) > 1 and not group.inverted >= 0 else group.first)
        self.within = self._within(clause, how, group)
        if group.inverted >= 0:
            subject, how, clause = None, "inverted", group.first
        if how == "relative" and subject is None:
            how = "relative-open"
        if how == "none" and group.first > 0 and tags[group.first - 1] == "C":
            subject, how = self._main_subject(number, group.first)
        kind, at = contents.complement(sentence, pack, group)
        frames = group.cue.frames
        if group.passive:
            return self._passive(number, group, subject, how, kind, at)
        anchor = subject[0] if subject and how in ("np", "pronoun", "aside") else group.first
        if how in ("np", "pronoun") and clause < anchor:
            anchor = max(clause, 0) if all(tags[k] in "CAB" for k in range(clause, anchor)) else anchor
        parenthetical = self._is_parenthetical(group, subject, how, anchor, kind, at)
        if parenthetical and frames & (PAREN | QUOTE):
            unit = self._parenthetical(number, group, subject, how, anchor)
            if unit is not None:
                return unit
        inverted = None
        if subject is None and group.inverted < 0 and how in ("none", "relative-open"):
            inverted, _ = sources.right(sentence, pack, group.after, apposition=kind in ("none", "comma"))
        if kind == "clause" and frames & CLAUSE and not frames & ADJECTIVE:
            if inverted and inverted[1] > at:
                inverted = (inverted[0], at)
            source = subject or (inverted if inverted and inverted[1] <= at else None)
            self.subjects[group.first] = (source, how)
            return self._build(
                group, [(at + 1, contents.clause_end(sentence, pack, at + 1, self.groups, number, self.within))], source, how, "clause"
            )
        if kind == "wh" and frames & CLAUSE:
            drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
            first = at + 1 if drop else at
            source = subject or inverted
            return self._build(
                group, [(first, contents.clause_end(sentence, pack, first, self.groups, number, self.within))], source, how, "question"
            )
        if kind == "colon" and frames & (QUOTE | CLAUSE):
            source = subject or (inverted if inverted and inverted[1] <= at else None)
            return self._after_colon(number, group, source, how, at)
        source = subject or inverted
        self.subjects[group.first] = (source, how)
        after = inverted[1] if inverted and not subject else group.after
        return self._objects(number, group, source, how, kind, at, after)

    def _objects(self, number: int, group: Group, source: Range | None, how: str, kind: str, at: int, after: int) -> Unit | None:
        """Complements other than a clause with complementiser: quotation, infinitive, clause without complementiser, noun phrase."""
        pack, sentence, tags, frames = self.pack, self.sentence, self.tags, group.cue.frames
        groups = self.groups
        if frames & ADJECTIVE:
            k = contents.skip_adverbials(sentence, pack, after)
            if k < self.count and tags[k] not in ".,;:":
                return self._build(
                    group, [(k, contents.clause_end(sentence, pack, k, groups, number, self.within))], source, how, "adjective"
                )
            return None
        if frames & PREPOSITION:
            k = self._preposition(after, group.cue.prepositions)
            if k >= 0:
                stop = contents.noun_end(sentence, pack, k, groups, number)
                return self._build(group, [(k, stop)], source, how, "preposition")
        if frames & ACCUSATION:
            k = self._preposition(after, group.cue.prepositions, reach=24)
            if k >= 0:
                return self._build(
                    group, [(k, contents.clause_end(sentence, pack, k, groups, number, self.within))], source, how, "accusation"
                )
        if kind == "word" and frames & ATTRIBUTE:
            return self._build(
                group, [(at, contents.clause_end(sentence, pack, at, groups, number, self.within))], source, how, "attribute"
            )
        if frames & (INFINITIVE | OBJECT_INFINITIVE):
            k = contents.infinitive(sentence, pack, after, objects=bool(frames & OBJECT_INFINITIVE), bare=bool(frames & INFINITIVE))
            if k >= 0:
                return self._build(
                    group, [(k, contents.clause_end(sentence, pack, k, groups, number, self.within))], source, how, "infinitive"
                )
        if kind in ("quote", "word") and frames & (QUOTE | NOUN | ATTRIBUTE | OBJECT_INFINITIVE) and not self._is_claimed(at):
            start = self._quote_start(after, at, frames)
            stop = contents.clause_end(sentence, pack, at, groups, number, self.within)
            if frames & NOUN and not frames & QUOTE:
                stop = contents.noun_end(sentence, pack, start, groups, number)
            elif tags[at] == "Q" and self._quote_closes(at):
                stop = at + 1
            return self._build(group, [(start, stop)], source, how, "quotation-object")
        if frames & ZERO:
            k = self._zero_clause(group, after, kind, at)
            if k >= 0:
                return self._build(
                    group, [(k, contents.clause_end(sentence, pack, k, groups, number, self.within))], source, how, "clause-bare"
                )
        if frames & ATTRIBUTE:
            k = contents.noun_start(sentence, pack, after)
            if k >= 0:
                stop = contents.clause_end(sentence, pack, k, groups, number, self.within)
                marks = pack.lists.get("attribute", frozenset())
                if any(sentence.forms[m] in marks or tags[m] in "qQ" for m in range(k, stop)):
                    return self._build(group, [(k, stop)], source, how, "attribute")
            return None
        if (frames & NOUN and source is not None) or (frames & NOUN and group.inverted >= 0):
            k = contents.noun_start(sentence, pack, after)
            if k >= 0 and tags[k] != "T":
                stop = contents.noun_end(sentence, pack, k, groups, number)
                return self._build(group, [(k, stop)], source, how, "noun-phrase")
        return None

    def _quote_start(self, after: int, at: int, frames: int) -> int:
        """A noun phrase that holds the quotation (`une « erreur »`) begins at its determiner."""
        start = at
        if frames & (NOUN | ATTRIBUTE):
            k = contents.noun_start(self.sentence, self.pack, after)
            if 0 <= k < at and (at - k <= 6 or frames & NOUN):
                start = k
        return start

    def _quote_closes(self, at: int) -> bool:
        """Tell whether the quotation at `at` is whole: a sentence by itself, or followed by no more than a stop."""
        if at + 1 >= self.count or self.tags[at + 1] in ".":
            return True
        inner = self.sentence.text[self.sentence.starts[at] : self.sentence.ends[at]].rstrip("\"”»’'“ \u00a0")
        return inner.endswith((".", "!", "?", "…", ","))

    def _preposition(self, k: int, wanted: frozenset[str], reach: int = 14) -> int:
        forms, tags = self.sentence.forms, self.tags
        for i in range(k, min(self.count - 1, k + reach)):
            if forms[i] in wanted and tags[i] != "Q":
                return i + 1
            if tags[i] in ".;:KRXZ" or (tags[i] == "," and reach < 20):
                return -1
        return -1

    def _is_claimed(self, k: int) -> bool:
        return any(first <= k < stop for first, stop in self.claimed)

    def _zero_clause(self, group: Group, after: int, kind: str, at: int) -> int:
        """Return where a clause without complementiser begins (`X said [he would]`, `X sagte, [er werde]`), or -1."""
        tags, sentence, pack = self.tags, self.sentence, self.pack
        if pack.traits["zero-after-comma"]:
            if kind != "comma":
                return -1
            k = at + 1
            if k < self.count and tags[k] not in "RBC" and contents.has_verb(tags, k, self.count):
                return k
            return -1
        k = contents.skip_adverbials(sentence, pack, after)
        if group.cue.frames & OBJECT_INFINITIVE or group.cue.lemma in pack.lists.get("dative", ()):
            k = self._addressee_end(k)
            k = contents.skip_adverbials(sentence, pack, k)
        if k >= self.count or tags[k] not in "SDUwt#jMBqPpE":
            return -1
        stop = k + 1 if tags[k] == "S" else k
        limit = min(self.count, k + 32)
        while stop < limit and tags[stop] not in ".;:":
            if tags[stop] in "XZ" or (tags[stop] in "vV" and stop > k):
                return k
            stop += 1
        return -1

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

    def _after_colon(self, number: int, group: Group, source: Range | None, how: str, at: int) -> Unit | None:
        if at + 1 >= self.count:
            unit = self._build(group, [(0, 1)], source, how, "colon")
            if unit is not None:
                self.claimed.pop()
                self.colon = unit
            return None
        stop = contents.clause_end(self.sentence, self.pack, at + 1, self.groups, number, self.within)
        if self.tags[at + 1] in "Qq" and self._quote_closes(at + 1):
            stop = at + 2
            while stop < self.count and self.tags[stop] == "Q":
                stop += 1
        return self._build(group, [(at + 1, stop)], source, how, "colon")

    # -- parentheticals ------------------------------------------------------------------------------------------------------------

    def _is_parenthetical(self, group: Group, subject: Range | None, how: str, anchor: int, kind: str, at: int) -> bool:
        tags = self.tags
        if anchor == 0 or how in ("relative", "relative-open") or kind in ("clause", "wh"):
            return False
        if kind == "colon" and "Q" not in tags[:anchor]:
            return False
        before = tags[anchor - 1]
        if tags[anchor] in "BC" and anchor + 1 < self.count and before == ",":
            before = tags[anchor - 1]
        if group.inverted >= 0 and before in "Qq,-.)":
            return True
        if before in "Q" or (before in ",-." and anchor > 1 and tags[anchor - 2] in "Qq"):
            return True
        if before not in ",-":
            return False
        if how in ("np", "pronoun"):
            # `The plan is dead, X said`: a clause to the left, nothing that the verb could govern to the right
            if not contents.has_verb(tags, 0, anchor - 1):
                return False
            return self._nothing_follows(group)
        found, _stop = sources.right(self.sentence, self.pack, group.after)
        if how == "aside" or (how == "none" and group.first > 0 and before == ","):
            if found is None and not (self.pack.traits["pro-drop"] and self._nothing_follows(group)):
                return False
            return contents.has_verb(tags, 0, anchor - 1) or "Q" in tags[: anchor - 1]
        return False

    def _nothing_follows(self, group: Group) -> bool:
        k = contents.skip_adverbials(self.sentence, self.pack, group.after)
        if k >= self.count or self.tags[k] in ".,;-:)C":
            return True
        if self.tags[k] in "PTI":
            return not contents.has_verb(self.tags, k, self.tags.find(",", k) if "," in self.tags[k:] else self.count)
        lemma = group.cue.lemma in self.pack.lists.get("dative", ())
        return lemma and not contents.has_verb(self.tags, k, self.count)

    def _parenthetical(self, number: int, group: Group, subject: Range | None, how: str, anchor: int) -> Unit | None:
        tags, sentence, pack = self.tags, self.sentence, self.pack
        source = subject if how in ("np", "pronoun") else None
        end = group.after
        if source is None and group.inverted < 0:
            source, end = sources.right(sentence, pack, group.after)
            how = "inverted-np" if source else how
        elif group.inverted >= 0 and sentence.forms[group.inverted] in pack.lists.get("impersonal", ()):
            source, end = self._place(group.after)
        first = self._left_start(number, anchor)
        left = (first, anchor)
        if not self._wordy(first, anchor):
            return None
        ranges = [left]
        more = self._resumption(number, end, left)
        if more:
            ranges.append(more)
        rule = "quotation-inversion" if "Q" in tags[first:anchor] else "clause-inversion"
        self.subjects[group.first] = (source, how)
        return self._build(group, ranges, source, how, rule)

    def _place(self, k: int) -> tuple[Range | None, int]:
        """`dit-on dans l'entourage de X`: the place speaks."""
        if k < self.count and self.sentence.forms[k] in self.pack.lists.get("impersonal-places", ()):
            k += 1
            while k < self.count and self.tags[k] == "G":
                k += 1
            return sources.right(self.sentence, self.pack, k)
        return None, k

    def _left_start(self, number: int, anchor: int) -> int:
        """Return where the content to the left of a parenthetical cue begins: the sentence's start or the end of an earlier attribution."""
        tags = self.tags
        first = 0
        while first < anchor and tags[first] in "-.,":
            first += 1
        if "Q" in tags[first:anchor]:
            quote = tags.rindex("Q", first, anchor)
            # words that introduce a quotation with a colon are no part of it
            colon = tags.rfind(":", first, quote)
            if colon >= 0 and quote == colon + 1:
                return quote
        return first

    def _resumption(self, number: int, end: int, left: Range) -> Range | None:
        """Return the content that goes on after the cue (`« A, a-t-il dit, B »`), or None."""
        tags, sentence, pack = self.tags, self.sentence, self.pack
        k = end
        quoted = "Q" in tags[left[0] : left[1]]
        while k < self.count and tags[k] not in ",:;Q-.":
            k += 1
        if k >= self.count:
            return None
        if tags[k] in ",:;-" and k + 1 < self.count and tags[k + 1] == "Q":
            stop = contents.clause_end(sentence, pack, k + 1, self.groups, number, self.within)
            return (k + 1, stop)
        if tags[k] == "Q" and quoted:
            return (k, k + 1)
        if tags[k] == "," and k + 1 < self.count and not quoted:
            n = k + 1
            if tags[n] in "PBRTGI" or any(group.first in (n, n + 1) for group in self.groups[number + 1 :]):
                return None
            short = not contents.has_verb(tags, *left)
            clause = contents.has_verb(tags, n, self.count)
            if clause and (short or tags[n] in "C"):
                return (n, contents.clause_end(sentence, pack, n, self.groups, number, self.within))
        return None

    # -- passives, gerunds, prepositions, nouns ------------------------------------------------------------------------------------

    def _passive(self, number: int, group: Group, subject: Range | None, how: str, kind: str, at: int) -> Unit | None:
        sentence, pack = self.sentence, self.pack
        agent, _marker = sources.agent(sentence, pack, group.after, self.count)
        frames = group.cue.frames
        if kind == "clause" and frames & CLAUSE:
            stop = contents.clause_end(sentence, pack, at + 1, self.groups, number, self.within)
            return self._build(group, [(at + 1, stop)], agent, "agent", "passive-clause")
        if frames & (INFINITIVE | OBJECT_INFINITIVE) and subject:
            k = contents.infinitive(sentence, pack, group.after, objects=False, bare=False, reach=4)
            if k >= 0:
                stop = contents.clause_end(sentence, pack, k, self.groups, number, self.within)
                return self._build(group, [subject, (k, stop)], agent, "agent", "passive-infinitive")
        if agent and subject and frames & NOUN:
            return self._build(group, [subject], agent, "agent", "passive")
        return None

    def _dependent(self, number: int, group: Group) -> Unit | None:
        """A gerund, participle or infinitive that attributes: its subject is that of the clause it hangs on."""
        sentence, pack, tags = self.sentence, self.pack, self.tags
        before = tags[group.first - 1] if group.first else "."
        kind, at = contents.complement(sentence, pack, group)
        if group.kind == PARTICIPLE:
            agent, _marker = sources.agent(sentence, pack, group.after, group.after + 4)
            if agent is None or not group.cue.frames & NOUN or before not in "wUqM,":
                return None
            patient = sources.antecedent(sentence, pack, group.first)
            if patient is None:
                return None
            return self._build(group, [patient], agent, "agent", "participle-passive")
        if group.kind == GERUND and before in "DG#j" and kind not in ("clause", "colon"):
            return None
        subject, how = self._main_subject(number, group.first)
        if kind == "clause" and group.cue.frames & CLAUSE:
            stop = contents.clause_end(sentence, pack, at + 1, self.groups, number, self.within)
            return self._build(group, [(at + 1, stop)], subject, how, "dependent-clause")
        if kind == "wh" and group.cue.frames & CLAUSE:
            drop = sentence.forms[at] in pack.lists.get("dropped-interrogatives", ())
            stop = contents.clause_end(sentence, pack, at, self.groups, number, self.within)
            return self._build(group, [(at + drop, stop)], subject, how, "dependent-question")
        if kind == "colon" and group.cue.frames & (QUOTE | CLAUSE):
            return self._after_colon(number, group, subject, how, at)
        if (
            group.kind == INFINITIVE_FORM
            and kind not in ("quote",)
            and (
                not group.cue.frames & (INFINITIVE | OBJECT_INFINITIVE | NOUN | PREPOSITION | ACCUSATION | ATTRIBUTE)
                or before not in "IPGXV"
            )
        ):
            return None
        return self._objects(number, group, subject, how, kind, at, group.after)

    def _main_subject(self, number: int, at: int) -> tuple[Range | None, str]:
        """Return the subject of the clause that a dependent or coordinated cue hangs on: that of the nearest cue, else of the sentence."""
        for earlier in range(number - 1, -1, -1):
            group = self.groups[earlier]
            known = self.subjects.get(group.first)
            if known is not None and known[0] is not None:
                return known[0], "shared"
            if group.inverted >= 0:
                return (group.inverted, group.inverted + 1), "shared"
        tags = self.tags
        low = 0
        for k in range(at):
            if tags[k] in "XZvV" and (k == 0 or tags[k - 1] not in "DG"):
                first = k
                while first > low and tags[first - 1] in "FfNA":
                    first -= 1
                subject, _, _how = sources.left(self.sentence, self.pack, first)
                if subject is not None:
                    return subject, "shared"
        return None, "none"

    def _prepositional(self, number: int, group: Group) -> Unit | None:
        """`Selon X, …`, `…, selon X`, `X zufolge`."""
        sentence, pack, tags = self.sentence, self.pack, self.tags
        if group.kind == POST:
            return self._postpositional(number, group)
        at = group.after
        while at < self.count and tags[at] == "G":
            at += 1
        if at < self.count and sentence.forms[at] in pack.lists.get("which", ()):
            noun = sources.antecedent(sentence, pack, group.first)
            stop = contents.clause_end(sentence, pack, at + 1, self.groups, number, self.within)
            return self._build(group, [(at + 1, stop)], noun, "relative", "preposition-which")
        source, stop = self._object(at)
        if source is None:
            return None
        before = tags[group.first - 1] if group.first else "."
        opening = group.first == 0 or before in "KCB:;." or (group.first == 1 and before in "AC-")
        comma = tags[stop] == "," if stop < self.count else False
        if opening or (before == "," and group.first >= 2 and tags[group.first - 2] in "KCB"):
            start = stop + 1 if comma else stop
            if start >= self.count or not self._wordy(start, self.count):
                return None
            end = contents.clause_end(sentence, pack, start, self.groups, number, self.within)
            return self._build(group, [(start, end)], source, "np", "preposition-first")
        first = self._content_start(group.first)
        left = (first, group.first)
        ranges = [left]
        if comma and stop + 1 < self.count:
            verb_left = contents.has_verb(tags, *left)
            rest_verb = contents.has_verb(tags, stop + 1, self.count)
            if not verb_left and rest_verb:
                ranges.append((stop + 1, contents.clause_end(sentence, pack, stop + 1, self.groups, number, self.within)))
        elif (
            before != ","
            and stop < self.count
            and tags[stop] not in ".;)"
            and (not contents.has_verb(tags, *left) or pack.traits["verb-second"])
        ):
            ranges.append((stop, contents.clause_end(sentence, pack, stop, self.groups, number, self.within)))
        return self._build(group, ranges, source, "np", "preposition-last" if len(ranges) == 1 else "preposition-inside")

    def _object(self, at: int) -> tuple[Range | None, int]:
        """Return the object of an attributing preposition: its noun phrase with all that hangs on it."""
        sentence, pack, tags = self.sentence, self.pack, self.tags
        if at >= self.count or tags[at] not in "DUSwtj#qQMVpTi":
            return None, at
        if tags[at] == "S":
            return (at, at + 1), at + 1
        k = at
        opening = tags[: at - 1].strip("AC-") == ""
        while k < self.count and tags[k] not in ",.;:KR-":
            if tags[k] in "XZHS" and k > at:
                break
            if tags[k] == "V" and k > at and tags[k - 1] not in "DGjP" and opening and pack.traits["verb-second"]:
                break
            k += 1
        if tags[k - 1 : k] in ("C", "G") or pack.traits["verb-second"]:
            k = max(at + 1, sources.noun_phrase(sentence, pack, at, prepositions=not pack.traits["verb-second"]))
        stop = sources.apposition_end(sentence, pack, k) if not (opening and not self._second_comma(k)) else k
        return ((at, stop), stop) if stop > at else (None, at)

    def _second_comma(self, k: int) -> bool:
        """Tell whether after the comma at `k` another comma follows close by, as around an apposition."""
        return self.tags.find(",", k + 1, k + 16) >= 0

    def _content_start(self, cue: int) -> int:
        """Return where the clause before a closing `selon X` begins: the sentence, or after a semicolon."""
        tags = self.tags
        semicolon = tags.rfind(";", 0, cue)
        first = semicolon + 1
        while first < cue and tags[first] in "-.,":
            first += 1
        return first

    def _postpositional(self, number: int, group: Group) -> Unit | None:
        """`X zufolge`: the source stands before the cue."""
        sentence, pack, tags = self.sentence, self.pack, self.tags
        first = group.first
        while first > 0 and tags[first - 1] in "DwUtj#qMG" and not (tags[first - 1] == "D" and first < group.first and tags[first] == "D"):
            first -= 1
            if tags[first] == "D":
                break
        if first == group.first:
            return None
        source = (first, group.first)
        before, after = (0, first), (group.after, self.count)
        ranges = [pair for pair in (before, after) if self._wordy(*pair)]
        if len(ranges) == 2 and tags[first - 1] == "," and not pack.traits["verb-second"]:
            ranges = ranges[:1]
        if ranges and ranges[-1][1] == self.count:
            ranges[-1] = (ranges[-1][0], contents.clause_end(sentence, pack, ranges[-1][0], self.groups, number, self.within))
        return self._build(group, ranges, source, "np", "postposition")

    def _noun(self, number: int, group: Group) -> Unit | None:
        """`the claim that …`, `la demande de …`: a noun that attributes, with its complement."""
        sentence, pack, tags = self.sentence, self.pack, self.tags
        k = group.after
        source: Range | None = None
        if k < self.count and tags[k] == "G" and not group.cue.frames & PREPOSITION:
            stop = sources.noun_phrase(sentence, pack, k + 1)
            if stop > k + 1:
                source, k = (k + 1, stop), stop
        if source is None and group.first and tags[group.first - 1] == "G" and group.first > 1:
            start = sources.last_phrase(tags, group.first - 1)
            if start < group.first - 1:
                source = (start, group.first - 1)
        if source is None and group.first and sentence.forms[group.first - 1] in pack.lists.get("possessives", ()):
            source = (group.first - 1, group.first)
        if k < self.count and tags[k] == "K" and group.cue.frames & CLAUSE:
            return self._build(
                group,
                [(k + 1, contents.clause_end(sentence, pack, k + 1, self.groups, number, self.within))],
                source,
                "noun",
                "noun-clause",
            )
        if k + 1 < self.count and tags[k] == "," and tags[k + 1] == "K" and group.cue.frames & CLAUSE:
            return self._build(
                group,
                [(k + 2, contents.clause_end(sentence, pack, k + 2, self.groups, number, self.within))],
                source,
                "noun",
                "noun-clause",
            )
        if group.cue.frames & INFINITIVE and k < self.count and tags[k] == "I":
            return self._build(
                group, [(k, contents.clause_end(sentence, pack, k, self.groups, number, self.within))], source, "noun", "noun-infinitive"
            )
        if group.cue.frames & PREPOSITION and k < self.count and sentence.forms[k] in group.cue.prepositions:
            stop = contents.noun_end(sentence, pack, k + 1, self.groups, number)
            return self._build(group, [(k + 1, stop)], source, "noun", "noun-preposition")
        if k < self.count and tags[k] == ":" and group.cue.frames & QUOTE and k + 1 < self.count and tags[k + 1] in "Qq":
            return self._after_colon(number, group, source, "noun", k)
        return None
