"""Attributing prepositions, nouns and hearsay words where nouns are declined: *по словам X*, *podle X*, *требование X*, *prý*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import clauses
from dipdata.statements.cases import ANY, GENITIVE, NOMINATIVE, cases_of, chunks, nominal
from dipdata.statements.grammar import CLAUSE, FINITE, INFINITIVE, INFINITIVE_FORM, PAREN, PREPOSITION
from dipdata.statements.groups import Group
from dipdata.statements.prepositions import owned, owner_of
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit
    from dipdata.statements.tokens import Sentence


def prepositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`По словам X, …`, `…, по словам X, …`, `Podle X …`, `… podle X …`."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    if group.cue.lemma in pack.lists.get("citing", ()) and any(cited(reader, g) == number for g in reader.groups):
        return None
    owner = owner_of(sentence, pack, group)
    source: Range | None
    bare: tuple[int, int] | None = None
    if owner is None:
        governing = " " in group.cue.lemma and pack.letter(group.cue.lemma.rpartition(" ")[2]) == "P"  # `со ссылкой на [источник]`
        wanted = ANY if governing or pack.traits["commas-around-sources"] else GENITIVE  # `Podle ministra [Rusko ustoupí]`
        stop, mask, _ = nominal(sentence, pack, group.after, reader.count, 0, wanted)
        if governing and stop > group.after:
            mask |= GENITIVE
        if " " in group.cue.lemma and not governing and (stop == group.after or not mask & GENITIVE):
            bare = _last_word(sentence, group)  # `По оценкам, …`, `Podle odhadů se …`
            source, stop = (group.first, group.after), group.after
        elif stop == group.after or not mask:
            return None
        else:
            stop = stop if pack.traits["commas-around-sources"] else _before_subject(reader, group, stop)
            if stop - 1 > group.after and tags[stop - 1] == "q" and not reader.wordy(stop, reader.count):
                stop -= 1  # `Evropa se podle diplomata „probudila“`
            source = (group.after, stop)
        if not pack.lists.get("no-source", frozenset()).isdisjoint(sentence.forms[group.after : stop]):
            return None
    else:
        source, stop = (group.first, group.after), group.after
    set_off = pack.traits["commas-around-sources"]
    before = tags[group.first - 1] if group.first else "."
    opening = group.first == 0 or before in "KB:;.(" or tags[: group.first].strip("CA-.") == ""
    comma = clauses.comma_after(reader, stop) if set_off else -1
    if set_off and comma < 0 and opening:
        comma = tags.find(",", stop, stop + 16)
    if set_off and comma >= 0 and owner is None and not clauses.has_verb(tags, stop, comma):
        inner = tags[stop:comma]
        if inner.strip("PUwjtDAT") == "" and opening:
            source = (source[0], comma) if inner and inner[0] == "P" and inner[-1] != "T" else source
    if not set_off and stop < reader.count and tags[stop] == ",":
        comma = stop
    if set_off and owner is None and bare is None and (close := _participle_close(reader, stop, mask)):
        source, stop, comma = (source[0], close), close, close if tags[close : close + 1] == "," else -1
    rest = comma + 1 if comma >= 0 else stop
    if set_off and owner is None and comma > 0:
        wider = tags.find(",", comma + 1, comma + 12)
        if (
            opening
            and wider > 0
            and not clauses.has_verb(tags, comma + 1, wider)
            and tags[comma + 1] in "wtUjD"
            and _apposed(reader, comma, wider)
        ):
            source, rest = (source[0], wider), wider + 1
    if opening:
        if not reader.wordy(rest, reader.count):
            return None
        end = clauses.end(reader, number, rest, "free")
        owner = owner or bare
        return owned(reader.build(group, [(rest, end)], source, "np", "preposition-first"), owner)
    first = _content_start(reader, group.first)
    ranges = [(first, group.first)]
    resumes = comma >= 0 if set_off else stop < reader.count and tags[stop] not in ".;"
    if resumes and reader.wordy(rest, reader.count) and (not set_off or before == ","):
        left_whole = clauses.has_verb(tags, first, group.first) and set_off and tags[rest] in "CRB"
        if not left_whole or tags[rest] == "C":
            ranges.append((rest, clauses.end(reader, number, rest, "free")))
    owner = owner or bare
    rule = "preposition-last" if len(ranges) == 1 else "preposition-inside"
    return owned(reader.build(group, ranges, source, "np", rule), owner)


def cited(reader: Reader, group: Group) -> int:
    """Return the number of the cue that names whom the media cue `group` cites (`сообщает Reuters [со ссылкой на] X`), or -1."""
    if group.kind != FINITE:
        return -1
    first, stop = clauses.start(reader.tags, group.first), clauses.stop(reader.tags, group.after)
    known = reader.pack.lists.get("citing", frozenset())
    within = (n for n, g in enumerate(reader.groups) if first <= g.first < stop and g.cue.lemma in known)
    return next(within, -1)


def cite(reader: Reader, group: Group, unit: Unit) -> None:
    """Make whom a medium cites the source of its unit, and the medium a link of the chain."""
    number = cited(reader, group)
    media = reader.pack.lists.get("media", frozenset())
    if number < 0 or len(unit.source) != 1:
        return
    low, high = unit.source[0]
    passing = reader.sentence.text[low:high]
    other = reader.groups[number]
    stop, mask, _ = nominal(reader.sentence, reader.pack, other.after, reader.count)
    if stop == other.after or media.isdisjoint(passing.lower().split()):
        return
    stop = _participle_close(reader, stop, mask | GENITIVE) or stop
    unit.source, unit.cue = [reader.pair(other.after, stop)], [reader.pair(other.first, other.after)]
    unit.chain = [passing, *unit.chain]


def _participle_close(reader: Reader, comma: int, mask: int) -> int:
    """Return where a participle or adjective with its phrase ends, behind a comma (`дипломатов, знакомых с делом`); 0 without one."""
    tags = reader.tags
    if tags[comma : comma + 2] != ",j" or tags[comma + 2 : comma + 3] not in tuple("PjwUDt"):
        return 0
    if not mask & GENITIVE & cases_of(reader.sentence, reader.pack, comma + 1):
        return 0
    close = clauses.stop(tags, comma + 1)
    return 0 if clauses.has_verb(tags, comma + 1, close) else close


def _last_word(sentence: Sentence, group: Group) -> tuple[int, int]:
    """Return the code points of the noun that ends an attributing phrase."""
    low, high = sentence.starts[group.first], sentence.ends[group.first]
    return low + sentence.text[low:high].rindex(" ") + 1, high


def _before_subject(reader: Reader, group: Group, stop: int) -> int:
    """Return where a source ends that took in the subject after it: `Podle experta [rozhodnutí soudu nic nezmění]`."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    close = clauses.stop(tags, stop)
    if tags[: group.first].strip("CAKB,") or not clauses.has_verb(tags, stop, close):
        return stop
    rest = chunks(sentence, pack, stop, close)
    if any(chunk.kind == "N" and chunk.mask & NOMINATIVE for chunk in rest):
        return stop
    whole = pack.lists.get("whole", frozenset())
    for k in range(group.after + 1, stop):
        if tags[k] in "wM" and tags[k - 1] in "wtUM" and cases_of(sentence, pack, k) & NOMINATIVE and sentence.forms[k] not in whole:
            return k
    return stop


def _apposed(reader: Reader, comma: int, wider: int) -> bool:
    end, mask, _ = nominal(reader.sentence, reader.pack, comma + 1, wider)
    return end == wider and bool(mask & GENITIVE)


def _content_start(reader: Reader, stop: int) -> int:
    """Return where the clause around an inserted source begins: after a complementiser, semicolon or colon, else the sentence."""
    tags = reader.tags
    first = stop
    while first and tags[first - 1] not in "K;:.":
        first -= 1
    while first < stop and tags[first] in "-.,":
        first += 1
    if first < stop - 1 and tags[first] == "C":
        first += 1
    return first


def hearsay(reader: Reader, number: int, group: Group) -> Unit | None:
    """`Letenky si prý každý zaplatil sám`: what is around the word is hearsay, unless another cue says whose."""
    tags = reader.tags
    if reader.is_claimed(group.first):
        return None
    if any(other.first < group.first and other.kind not in (INFINITIVE_FORM,) for other in reader.groups if other is not group):
        return None
    first = _content_start(reader, group.first)
    rest = group.after
    last = _before_coordinated(reader, rest, clauses.end(reader, number, rest, "free"))
    if _reported(reader, number, last):
        return None  # `Válka prý skončí, tvrdí X`
    ranges = [pair for pair in ((first, group.first), (rest, last)) if pair[1] > pair[0] and reader.wordy(*pair)]
    if not clauses.has_verb(tags, first, last):
        return None
    return reader.build(group, ranges, None, "none", "hearsay")


def _before_coordinated(reader: Reader, first: int, last: int) -> int:
    """Return where hearsay ends: before a comma, a conjunction and another main clause (`…, однако коммюнике не появилось`)."""
    tags = reader.tags
    for k in range(first + 1, last - 1):
        if tags[k] == "," and tags[k + 1] == "C" and clauses.has_verb(tags, first, k):
            close = clauses.stop(tags, k + 2)
            if clauses.has_verb(tags, k + 2, close):
                return k
    return last


def _reported(reader: Reader, number: int, last: int) -> bool:
    """Tell whether a later cue closes the clause that holds a word of hearsay."""
    for group in reader.groups[number + 1 :]:
        if group.first >= last or group.kind != FINITE or not group.cue.frames & PAREN:
            continue
        first = clauses.start(reader.tags, group.first)
        if first and reader.tags[first - 1] in ",-" and clauses.complement(reader, group)[0] in ("none", "comma"):
            return True
    return False


def noun(reader: Reader, number: int, group: Group) -> Unit | None:
    """`требование X отозвать …`, `požadavek X na …`, `заявление X о том, что …`: a noun that attributes, with its complement."""
    sentence, pack, tags, forms = reader.sentence, reader.pack, reader.tags, reader.sentence.forms
    if reader.is_claimed(group.first) and sentence.depth:
        return None
    k, source = group.after, None
    stop, mask, _ = nominal(sentence, pack, k, reader.count)
    if stop > k and mask & GENITIVE:
        source, k = (k, stop), stop
    elif group.first and forms[group.first - 1] in pack.lists.get("possessives", ()):
        source = (group.first - 1, group.first)
    how = "noun"
    if source is None or reader.is_claimed(group.first):
        return None
    frames = group.cue.frames
    if frames & INFINITIVE and k < reader.count and (tags[k] == "i" or _infinitive(reader, k)):
        return reader.build(group, [(k, _before_verb(reader, k + 1))], source, how, "noun-infinitive")
    if k + 1 < reader.count and tags[k] == "," and tags[k + 1] == "K" and frames & CLAUSE:
        first = clauses.after_complementiser(reader, k + 1)
        return reader.build(group, [(first, _clause_close(reader, first, group, number))], source, how, "noun-clause")
    asked = k + 1 < reader.count and tags[k] == "," and frames & CLAUSE and not group.cue.prepositions and tags[k + 1] in "BWR"
    if asked and forms[k + 1] in pack.lists.get("interrogatives", ()):  # `на вопрос журналистов, когда …`
        first = k + 1 + (forms[k + 1] in pack.lists.get("dropped-interrogatives", ()))
        return reader.build(group, [(first, _clause_close(reader, first, group, number))], source, how, "noun-question")
    if group.cue.prepositions and k + 1 < reader.count and forms[k] in group.cue.prepositions:
        if tags[k + 1] == "D" and tags[k + 2 : k + 4] == ",K":
            if not frames & CLAUSE:
                return None
            return reader.build(group, [(k + 4, _clause_close(reader, k + 4, group, number))], source, how, "noun-clause")
        if not frames & PREPOSITION:
            return None
        last = _before_verb(reader, k + 1)
        return reader.build(group, [(k + 1, last)], source, how, "noun-preposition")
    return None


def _infinitive(reader: Reader, k: int) -> bool:
    return any(cue.kind == INFINITIVE_FORM for cue in reader.pack.cues.get(reader.sentence.forms[k], ()))


def _before_verb(reader: Reader, first: int) -> int:
    """Return where the complement of a noun that is itself subject ends: before the main verb or a mark."""
    tags = reader.tags
    k = first
    while k < reader.count and tags[k] not in ",.;:-KBRW" and not (tags[k] in "XZvV" and not _infinitive(reader, k) and k > first):
        k += 1
    while k > first and tags[k - 1] in "fFANT":
        k -= 1
    return k


def _clause_close(reader: Reader, first: int, group: Group, number: int) -> int:
    """Return where the clause of a noun ends: at the comma after which the main clause goes on with its verb."""
    tags = reader.tags
    for k in range(first + 1, reader.count):
        if tags[k] == ",":
            n = k + 1
            while n < reader.count and tags[n] in "fFANT":
                n += 1
            if n < reader.count and tags[n] in "XZvV":
                return k
    fronted = not clauses.has_verb(tags, 0, group.first)  # the main clause is still to come
    return clauses.end(reader, number, first, "subordinate" if fronted else "main")
