"""What is attributed: where a content that follows its cue ends. Positions are tokens."""

from __future__ import annotations

from collections.abc import Sequence

from dipdata.statements import sources
from dipdata.statements.complements import complement
from dipdata.statements.grammar import CLAUSE, FINITE, GERUND, INFINITIVE_FORM, PARTICIPLE, PRE, PREPOSITION, QUOTE, Pack
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Sentence

_SUBJECT = 10  # tokens: how long the subject of a clause is that comments on what was said


def has_verb(tags: str, first: int, stop: int) -> bool:
    """Tell whether tokens `[first, stop)` hold a finite verb, as far as the pack can tell."""
    for k in range(first, stop):
        tag = tags[k]
        if tag in "XZvH" or (tag == "V" and (k == 0 or tags[k - 1] not in "DGj")):
            return True
    return False


def clause_end(sentence: Sentence, pack: Pack, start: int, groups: Sequence[Group], number: int, within: str = "main") -> int:
    """Return where a content clause that begins at token `start` ends: at the sentence's end, or where another attribution takes over.

    `within` tells what clause the cue stands in: `main`, `relative` or `subordinate`; after the last two
    the main clause goes on, which is no content.
    """
    tags, forms = sentence.tags, sentence.forms
    count = len(tags)
    firsts = {groups[later].first: groups[later] for later in range(number + 1, len(groups))}
    cuts = pack.lists.get("cuts", frozenset())
    k = start
    while k < count:
        tag = tags[k]
        if tag in ",-" and k > start:
            n = k + 1
            if n < count and tags[n] == "C":
                n += 1
            while n < count and tags[n] in "ATFf" and n not in firsts:
                n += 1
            if n < count and tags[n] in "PI" and n + 1 < count and n + 1 in firsts and firsts[n + 1].kind == GERUND:
                return k
            cue = firsts.get(n)
            if cue is not None and _takes_over(sentence, pack, groups[number], cue, n, start, k):
                return k
            if n < count and tags[n] == "B":
                n += 1
                cue = firsts.get(n)
                if cue is not None and pack.traits["pro-drop"] and cue.kind == FINITE and _same_time(sentence, pack, groups[number], cue):
                    return k  # `…, aunque no precisó la fecha`
            cue = firsts.get(n + 1) if n < count and tags[n] == "S" else None
            if cue is not None and _reports(cue) and cue.kind == FINITE and has_verb(tags, start, k):
                return k
            if k + 1 < count and (forms[k + 1] in cuts or _comments(sentence, pack, start, k, firsts)):
                return k
            if within != "main" and _main_goes_on(tags, k + 1, count, within):
                return k
        elif tag == ";" and k > start:
            return k
        elif tag == "C" and k > start:
            n = k + 1
            while n < count and tags[n] in "ATFf" and n not in firsts:
                n += 1
            cue = firsts.get(n)
            if cue is not None and pack.traits["pro-drop"]:
                if cue.kind in (FINITE, GERUND) and not cue.passive and _same_time(sentence, pack, groups[number], cue):
                    return k
            elif cue is not None and _reports(cue) and cue.kind in (FINITE, GERUND) and n == k + 1:
                return k
            if (
                n < count
                and tags[n] == "S"
                and (cue := firsts.get(n + 1) or firsts.get(n + 2)) is not None
                and complement(sentence, pack, cue)[0] == "clause"
            ):
                return k
        elif (
            tag == "P"
            and k > start
            and _adverbial_cue(sentence, pack, k, firsts)
            and (firsts[k + 1].kind == INFINITIVE_FORM or forms[k] in pack.lists.get("gerund-markers", ()))
        ) or (
            tag == "E"
            and k > start + 1
            and k in firsts
            and firsts[k].kind == PRE
            and tags[k - 1] not in "KCB,"
            and _last_phrase(tags, k, count)
        ):
            return k
        k += 1
    return trim_end(sentence, start, count)


def _comments(sentence: Sentence, pack: Pack, start: int, comma: int, firsts: dict[int, Group]) -> bool:
    """Tell whether another speaks after a comma (`…, mais X a dit que …`), or comments (`…, lo que Quito niega`, `…, une thèse que …`)."""
    tags, forms = sentence.tags, sentence.forms
    n = comma + 1
    if tags[n] == "D" and tags[n + 1 : n + 2] == "M" and tags[n + 2 : n + 3] in ("V", "K", "R"):
        return True
    adverse = forms[n] in pack.lists.get("adversatives", ())
    comment = " ".join(forms[n : n + 2]) if tags[n : n + 2] in ("SK", "DK", "SR") else forms[n]
    if not adverse and comment not in pack.lists.get("comments", ()):
        return False
    n += 1 + comment.count(" ")
    cue = next((firsts[m] for m in range(n, min(len(tags), n + _SUBJECT)) if m in firsts), None)
    if cue is None or cue.kind != FINITE or set(tags[n : cue.first]) & set(",.;:QKRBXZv") or not has_verb(tags, start, comma):
        return False
    if not adverse or n == cue.first:
        return not adverse
    speaks = cue.cue.frames & PREPOSITION and cue.after < len(tags) and forms[cue.after] in cue.cue.prepositions
    return bool(speaks) or complement(sentence, pack, cue)[0] in ("clause", "colon", "quote")


def _reports(cue: Group) -> bool:
    """Tell whether a cue opens a report of its own, rather than being part of one (`and refused to go`)."""
    return not cue.passive and bool(cue.cue.frames & (CLAUSE | QUOTE))


def _same_time(sentence: Sentence, pack: Pack, cue: Group, second: Group) -> bool:
    """Tell whether a coordinated cue may go on with the first: one in the future after one in the past is part of what is said."""
    future = pack.future
    if future is None or second.kind == GERUND:
        return True
    return not future.search(sentence.forms[second.head]) or bool(future.search(sentence.forms[cue.head]))


def _main_goes_on(tags: str, n: int, count: int, within: str) -> bool:
    """Tell whether the main clause goes on at `n`, after a comma: with its verb after a relative clause, else with its subject."""
    while n < count and tags[n] in "FfNA":
        n += 1
    if n >= count:
        return False
    if within == "relative":
        return tags[n] in "XZvV" and tags[n] + tags[n - 1] != "VD"
    return tags[n] in "SDUtw" and has_verb(tags, n + 1, count)


def _takes_over(sentence: Sentence, pack: Pack, first: Group, cue: Group, n: int, start: int, comma: int) -> bool:
    """Tell whether the cue `cue`, behind a comma in the content of `first`, opens a report of its own or goes on with that of `first`."""
    tags = sentence.tags
    count = len(tags)
    if cue.kind == GERUND:
        return True
    if cue.kind == PRE:
        return _last_phrase(tags, n, count)
    if cue.kind == FINITE:
        if not has_verb(tags, start, comma) and "i" not in tags[start:comma]:
            return False  # `que X, le directeur, a dit que`: no more than an apposition so far
        if cue.inverted >= 0 or (pack.traits["pro-drop"] and not cue.passive and _same_time(sentence, pack, first, cue)):
            return True
        kind, _ = complement(sentence, pack, cue)
        found, stop = sources.right(sentence, pack, cue.after)
        if pack.traits["verb-second"] and kind == "comma" and found is None:
            return True  # `…, versicherte aber, …`: the speaker goes on
        return (kind in ("none", "comma") and found is not None and (stop >= count or tags[stop] in ",.PT")) or kind in ("clause", "colon")
    return False


def _last_phrase(tags: str, k: int, count: int) -> bool:
    """Tell whether what begins at `k` runs to the end of the sentence without a finite clause of its own after a comma."""
    comma = tags.find(",", k, count)
    return comma < 0 or not has_verb(tags, comma, count)


def trim_end(sentence: Sentence, start: int, stop: int) -> int:
    """Return where tokens `[start, stop)` end without the marks that close them."""
    tags = sentence.tags
    while stop > start and tags[stop - 1] in ".,;:-":
        stop -= 1
    return stop


def noun_end(sentence: Sentence, pack: Pack, start: int, groups: Sequence[Group], number: int) -> int:
    """Return where a noun phrase complement ends: before a comma, an adverbial of time or occasion, or another cue."""
    tags, forms = sentence.tags, sentence.forms
    count = len(tags)
    firsts = {groups[later].first: groups[later] for later in range(number + 1, len(groups))}
    adverbial = pack.lists.get("occasion", frozenset())
    k = start
    while k < count:
        tag = tags[k]
        if tag == "," and not (k + 1 < count and tags[k + 1] in "qQ"):
            break
        if tag in ".;:)" or (tag == "B" and k != start):
            break
        if tag == "-" and not (k + 1 < count and sentence.starts[k + 1] == sentence.ends[k]):
            break
        if k > start and forms[k] in adverbial:
            break
        if k > start and tag == "T" and tags[k - 1] not in "GDP" and not _dated(tags, start, k):
            break
        if tag in "C" and k + 1 < count:
            if tags[k + 1] == "K" and k > start:
                break
            cue = firsts.get(k + 1)
            if cue is not None and cue.kind in (FINITE, PARTICIPLE, INFINITIVE_FORM):
                break
            if has_verb(tags, k + 1, min(count, k + 4)) and tags[k + 1] in "XZvSF":
                break
        if k > start and k in firsts and firsts[k].kind in (GERUND, PRE) and tags[k - 1] not in "DGC":
            break
        if tag == "P" and k > start and (_adverbial_cue(sentence, pack, k, firsts) or _on_occasion(sentence, pack, k)):
            break
        k += 1
    while k > start and tags[k - 1] in "CPGDAT,-" and not (tags[k - 1] == "T" and _dated(tags, start, k - 1)):
        k -= 1
    return k


def _adverbial_cue(sentence: Sentence, pack: Pack, k: int, firsts: dict[int, Group]) -> bool:
    """Tell whether a preposition at `k` opens another attribution (`en soulignant …`, `por considerar que …`)."""
    cue = firsts.get(k + 1)
    if cue is None or cue.kind != INFINITIVE_FORM:
        return cue is not None and cue.kind == GERUND
    return sentence.forms[k] in pack.lists.get("infinitive-markers", ()) and complement(sentence, pack, cue)[0] == "clause"


def _on_occasion(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a preposition at `k` opens the phrase that tells where it was said (`dans un discours`)."""
    return sentence.tags[k + 1 : k + 2] == "D" and k + 2 < len(sentence.forms) and sentence.forms[k + 2] in pack.lists.get("utterances", ())


def _dated(tags: str, start: int, k: int) -> bool:
    """Tell whether a word of time at `k` belongs to a genitive of the noun phrase (`la escalada de las últimas semanas`)."""
    while k > start and tags[k - 1] in "jD#":
        k -= 1
    return k > start and tags[k - 1] == "G"
