"""Quotations, cues and sources of a text joined into units: content, source, cue, the rule that made it and how far to trust it."""

from __future__ import annotations

import re
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dipdata.statements import cues, quotes, sources, tokens
from dipdata.statements.grammar import Pack
from dipdata.statements.quotes import Quote
from dipdata.statements.reading import Pair, Reader, Unit
from dipdata.statements.tokens import Sentence

_SIGNED = re.compile(r"Q-(t?U[UGDt]*U|U)(?:,[^VvXZQ]*)?")
_SPEAKER = re.compile(r"^U+[:,(]|t|,U")  # a name or a title among the classes of a noun phrase
_DEEPEST = 2  # quotations inside quotations
_SHORTEST_REPORT = 24  # code points of a quotation that may hold a report
_SIGNATURE = 120  # code points of the line that signs a quotation
_CLAUSE_MARK = re.compile(r"[,;:.!?…—–]")


@dataclass(slots=True)
class _State:
    """What one sentence hands to the next."""

    units: list[Unit] = field(default_factory=list)
    last: Unit | None = None
    last_end: int = 0
    pending: Unit | None = None
    before: Pair | None = None
    paragraph: int = -1


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
    for first, last, paragraph in tokens.split(text, start, end, found, pack):
        for low, high in tokens.pieces(text, first, last, found[bisect_left(starts, first) : bisect_left(starts, last)]):
            inside = found[bisect_left(starts, low) : bisect_left(starts, high)]
            inside = [quote for quote in inside if quote.end <= high]
            if _worth(text, low, high, pack, state, inside):
                sentence = tokens.read(text, low, high, inside, pack, paragraph, depth)
                _sentence(sentence, pack, scopes, state)
            state.before, state.paragraph = (low, high), paragraph
    if depth == _DEEPEST:
        return state.units
    return _within_quotations(text, found, pack, scopes, depth, state.units)


def _worth(text: str, low: int, high: int, pack: Pack, state: _State, inside: Sequence[Quote]) -> bool:
    """Tell whether a sentence may hold or go on with a statement; most do not, and are not read."""
    return bool(
        inside
        or state.pending
        or (state.last is not None and state.last.rule == "quotation-alone" and high - low < _SIGNATURE)
        or tokens.interesting(text, low, high, pack)
        or (pack.moods and not pack.moods.isdisjoint(text[low:high].split()))
    )


def _within_quotations(text: str, found: list[Quote], pack: Pack, scopes: frozenset[str], depth: int, units: list[Unit]) -> list[Unit]:
    """Add what is said inside quotations; a cue that only cuts a quotation takes the whole of it as its content."""
    reach = merged((unit.content[0][0], unit.content[-1][1]) for unit in units if unit.cue)
    alone = {unit.content[0]: unit for unit in units if len(unit.content) == 1 and not unit.cue}
    dropped = set()
    more: list[Unit] = []
    for quote in found:
        low, high = quote.inner
        if high - low < _SHORTEST_REPORT or not tokens.interesting(text, low, high, pack):
            continue
        inner = _stretch(text, low, high, quotes.find_quotes(text, low, high), pack, scopes, depth + 1)
        cutting = next((unit for unit in inner if unit.rule == "clause-inversion" and unit.depth == depth + 1), None)
        if cutting is not None and not covers(reach, quote.start):
            dropped.add(id(alone.get((quote.start, quote.end))))
            _cue_inside(text, quote, cutting)
        more += inner
    return [unit for unit in units if id(unit) not in dropped] + more


def merged(pairs: Iterable[Pair]) -> list[Pair]:
    """Return the union of stretches as disjoint stretches in order."""
    union: list[Pair] = []
    for start, end in sorted(pairs):
        if union and start < union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return union


def covers(union: list[Pair], at: int) -> bool:
    """Tell whether one of the disjoint stretches in order holds the code point `at`."""
    number = bisect_right(union, (at, sys.maxsize)) - 1
    return number >= 0 and at < union[number][1]


def _cue_inside(text: str, quote: Quote, cutting: Unit) -> None:
    """`« A, a-t-il dit, B. »`: the cue inside the marks belongs to who quotes, so all of the quotation is one content, cut by it."""
    first = cutting.content[0][1]
    last = max((end for start, end in cutting.cue + cutting.source if start >= first), default=first)
    resumed = cutting.content[1][0] if len(cutting.content) > 1 else _after_clause(text, last, quote.end)
    while resumed < quote.end and (text[resumed].isspace() or text[resumed] in ".,;"):
        resumed += 1
    cutting.content = [(quote.start, first)]
    if any(char.isalnum() for char in text[resumed : quote.end]):
        cutting.content.append((resumed, quote.end))
    cutting.rule, cutting.quoted, cutting.depth = "quotation-cut", True, cutting.depth - 1


def _after_clause(text: str, at: int, end: int) -> int:
    """Return where the words that hang on an inserted cue end: after the next comma or stop."""
    stop = _CLAUSE_MARK.search(text, at, end)
    at = stop.end() if stop else end
    while at < end and (text[at].isspace() or text[at] in "-–—"):
        at += 1
    return at


def _sentence(sentence: Sentence, pack: Pack, scopes: frozenset[str], state: _State) -> None:
    groups = cues.find_cues(sentence, pack)
    before = state.before if state.paragraph == sentence.paragraph else None
    reader = Reader(sentence, pack, groups, wide="thought" in scopes, before=before)
    made = [unit for number in range(len(groups)) if (unit := reader.unit(number)) is not None and unit.scope in scopes]
    made = _without_doubles(made)
    if state.last is not None and state.last.rule == "quotation-alone":
        _take_in(sentence, made, state)
    free = "Q" in sentence.tags and not any(unit.quoted for unit in made)
    previous = state.last
    if state.pending is not None:
        pending, state.pending = state.pending, None
        if sentence.tags.startswith("Q") or sentence.tags.startswith("q"):
            pending.content = [(sentence.starts[0], sentence.ends[0])]
            state.units.append(pending)
            state.last, state.last_end = pending, sentence.end
            return
    if _signs(sentence, previous):
        return
    if free and sentence.depth == 0:
        unit = _free_quotation(sentence, previous, state)
        if unit is not None:
            made.append(unit)
    if not made and free and sentence.depth == 0:
        unit = _unknown_cue(sentence, pack) or _announced_quotation(sentence, pack)
        if unit is not None:
            made.append(unit)
    if not made and pack.moods and sentence.depth == 0:
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
    elif "Q" not in sentence.tags and state.last_end != sentence.end:
        state.last = None
    else:
        state.last_end = sentence.end


def _free_quotation(sentence: Sentence, previous: Unit | None, state: _State) -> Unit | None:
    """A quotation that is a sentence of its own goes on with the one before it in the same paragraph, or stands alone without a cue."""
    tags = sentence.tags.strip(".,")
    signed = _SIGNED.fullmatch(tags)
    if tags.strip("-") != "Q" and not signed:
        return None
    at = sentence.tags.index("Q")
    pair = (sentence.starts[at], sentence.ends[at])
    if signed:  # `"…" ― Name`
        first, stop = signed.span(1)
        lead = sentence.tags.index(tags[0])
        source = [(sentence.starts[lead + first], sentence.ends[lead + stop - 1])]
        cue = [(sentence.starts[lead + 1], sentence.ends[lead + 1])]
        return Unit(
            [pair], source, cue, "quotation-signed", "speech", sentence.paragraph, 0, "np", "", (sentence.start, sentence.end), True
        )
    if previous is not None and previous.quoted and previous.paragraph == sentence.paragraph and state.last_end == sentence.start:
        previous.content.append(pair)
        state.last_end = sentence.end
        return None
    if previous is not None and _continues(sentence.text, previous, pair):
        previous.content[-1] = (previous.content[-1][0], pair[1])
        return None
    if sentence.text[pair[0] : pair[1]].count(" ") < 3:
        return None
    return Unit(
        [pair], [], [], "quotation-alone", paragraph=sentence.paragraph, how="none", sentence=(sentence.start, sentence.end), quoted=True
    )


def _take_in(sentence: Sentence, made: list[Unit], state: _State) -> None:
    """Give a quotation alone to the cue that points back at it, or, left open at its paragraph's end, to the cue in the next."""
    opened = state.last
    for unit in made:
        if opened is not None and unit.rule == "anaphor" and unit.content == opened.content and opened in state.units[-4:]:
            state.units.remove(opened)
            return
    if opened is None or not sentence.tags.startswith("Q") or not _continues(sentence.text, opened, (sentence.starts[0], sentence.ends[0])):
        return
    for unit in made:
        if unit.quoted and unit.content[0][0] == sentence.starts[0] and opened in state.units[-4:]:
            (start, _), (_, end) = opened.content[-1], unit.content[0]  # one span, over the end of the paragraph
            unit.content = [*opened.content[:-1], (start, end), *unit.content[1:]]
            state.units.remove(opened)
            state.last = None
            return


def _unknown_cue(sentence: Sentence, pack: Pack) -> Unit | None:
    """`« … », soupire la ministre`: whatever verb stands between a quotation and a noun phrase that closes the sentence, it attributes."""
    tags = sentence.tags
    quote = tags.find("Q")
    first = quote + 1
    while first < len(tags) and tags[first] in ",-Ff":
        first += 1
    verb = first
    if verb < len(tags) and tags[verb] in "XZ":
        verb += 1
    if tags[:quote].strip("-.,") or verb + 1 >= len(tags) or tags[verb] not in "wvVi" or (tags[verb] == "w" and tags[first - 1] == "Q"):
        return None
    source, stop = sources.right(sentence, pack, verb + 1)
    if tags[verb + 1] == "H":
        source, stop = (verb + 1, verb + 2), verb + 2
    if source is None or source[0] != verb + 1 or tags[source[0]] not in "DUStH" or (stop < len(tags) and tags[stop] not in ",.P"):
        return None
    starts, ends = sentence.starts, sentence.ends
    return Unit(
        [(starts[quote], ends[quote])],
        [(starts[source[0]], ends[source[1] - 1])],
        [(starts[first], ends[verb])],
        "quotation-inversion",
        "speech",
        sentence.paragraph,
        sentence.depth,
        "inverted-np",
        "",
        (sentence.start, sentence.end),
        True,
    )


def _announced_quotation(sentence: Sentence, pack: Pack) -> Unit | None:
    """A quotation that closes a sentence after a colon, without a cue that we know (`Elle est ferme : « … »`), or after a name alone."""
    tags = sentence.tags.rstrip(".")
    if not tags.endswith(":Q"):
        return None
    pair = (sentence.starts[len(tags) - 1], sentence.ends[len(tags) - 1])
    if sentence.text[pair[0] : pair[1]].count(" ") < 3:
        return None
    span = (sentence.start, sentence.end)
    source: list[Pair] = []
    if tags[0] in "DUt" and _SPEAKER.search(tags) and not set(tags[:-2]) & set("XZvVQKRBS"):  # `Le délégué, X : « … »`
        source = [(sentence.starts[0], sentence.ends[len(tags) - 3])]
    elif (
        not pack.traits["verb-first"] and not pack.traits["verb-second"] and pack.cases is None
    ):  # `L'envoyée a dressé un tableau sombre : « … »`
        verb = next((k for k, tag in enumerate(tags) if tag in "XZvV"), 0)
        subject, _, how = sources.left(sentence, pack, verb)
        who = tags[subject[0] : subject[1]] if subject else ""
        if subject and how in ("np", "pronoun", "aside") and ("t" in who or not who.strip("US")):
            source = [(sentence.starts[subject[0]], sentence.ends[subject[1] - 1])]
    return Unit([pair], source, [], "quotation-announced", paragraph=sentence.paragraph, how="none", sentence=span, quoted=True)


def _signs(sentence: Sentence, previous: Unit | None) -> bool:
    """Take a line that is no more than a dash and a name as the source of the quotation alone before it."""
    match = _SIGNED.fullmatch("Q" + sentence.tags.strip(".,"))
    if (
        match is None
        or previous is None
        or previous.rule != "quotation-alone"
        or sentence.text[previous.content[-1][1] : sentence.start].strip()
    ):
        return False
    first, stop = match.span(1)
    previous.source = [(sentence.starts[first - 1], sentence.ends[stop - 2])]
    previous.cue = [(sentence.starts[0], sentence.ends[0])]
    previous.rule = "quotation-signed"
    return True


def _continues(text: str, previous: Unit, pair: Pair) -> bool:
    """Tell whether the earlier quotation was left open at its paragraph's end, so that this one goes on with it."""
    low, high = previous.content[-1]
    return text[low] in '“«„"' and text[high - 1] not in '”»"“' and pair[0] - high < _SIGNATURE and not text[high : pair[0]].strip()


def _reported_mood(sentence: Sentence, pack: Pack, previous: Unit | None, state: _State) -> Unit | None:
    """A main clause in the reporting mood goes on with what the sentence before it reports; no cue of its own."""
    forms, tags = sentence.forms, sentence.tags
    strong = pack.lists.get("reporting-always", frozenset())
    follows = previous is not None and state.last_end == sentence.start and previous.paragraph == sentence.paragraph
    wanted = pack.moods if follows else strong
    first = next((k for k, form in enumerate(forms) if form in wanted), -1)
    if first < 0 or tags.strip(".") == "Q" or not _main_verb(tags, forms, first, pack):
        return None
    pair = (sentence.starts[0], _last_word(sentence))
    if follows and previous is not None and previous.rule == "reported-mood":
        previous.content[-1] = (previous.content[-1][0], pair[1])
        state.last_end = sentence.end
        return None
    source = list(previous.source) if follows and previous is not None else []
    return Unit(
        [pair], source, [], "reported-mood", "speech", sentence.paragraph, sentence.depth, "carried", "", (sentence.start, sentence.end)
    )


def _main_verb(tags: str, forms: Sequence[str], verb: int, pack: Pack) -> bool:
    """Tell whether the verb at `verb` is that of the main clause: the first, or the first after an opening subordinate clause."""
    if verb and tags[verb - 1] == ",":
        return forms[verb - 2 : verb - 1] != ["denn"]
    before = tags[:verb]
    opening = before.rfind(",")
    if opening >= 0 and not (before[0] in "BWRK" or forms[opening + 1] in pack.lists.get("as", ())):
        return False
    return not any(tag in "XZvV" and forms[k] not in pack.moods for k, tag in enumerate(before) if k > opening)


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
