"""What is attributed: where the complement of a cue begins and ends. Positions are tokens unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence

from dipdata.statements import nounphrases, sources
from dipdata.statements.grammar import (
    ATTRIBUTE,
    CLAUSE,
    FINITE,
    GERUND,
    INFINITIVE_FORM,
    NOUN,
    NOUN_CUE,
    OBJECT_INFINITIVE,
    PARTICIPLE,
    PRE,
    PREPOSITION,
    QUOTE,
    Pack,
)
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Sentence

_FINITE = "XZvVH"
_SUBJECT = 10  # tokens: how long the subject of a clause is that comments on what was said
_REACH = 32  # tokens: how far after a cue its complement may begin


def has_verb(tags: str, first: int, stop: int) -> bool:
    """Tell whether tokens `[first, stop)` hold a finite verb, as far as the pack can tell."""
    for k in range(first, stop):
        tag = tags[k]
        if tag in "XZvH" or (tag == "V" and (k == 0 or tags[k - 1] not in "DGj")):
            return True
    return False


def complement(sentence: Sentence, pack: Pack, group: Group) -> tuple[str, int]:
    """Return what the cue is followed by and at which token: `clause`, `wh`, `colon`, `quote`, `comma`, `gerund`, or `none`."""
    tags = sentence.tags
    count = len(tags)
    k = group.after
    limit = min(count, k + _REACH)
    seen_subject = False
    while k < limit:
        tag = tags[k]
        if tag == "K":
            if not pack.traits["pro-drop"] and k + 1 < count and tags[k + 1] in "XZvV" and not pack.traits["comma-complementiser"]:
                return "none", k  # a relative pronoun, or no more than a pronoun
            if k > group.after and " ".join(sentence.forms[k - 1 : k + 1]) in pack.lists.get("comments", ()):
                return "none", k  # `a dénoncé [ce qu'il a appelé …]`
            if tags[k - 1] == "C" and k > group.after:
                return "none", k  # `dijo que X no reconoce el acuerdo y que …`: a clause of the cue before
            if tags[k - 1] in "M" and k - 1 > group.after and not _adverbial_noun(sentence, pack, k - 1, group.after):
                return "none", k
            if k > group.after and group.cue.frames & NOUN and _noun_phrase_before(sentence, pack, group, k):
                return "none", k  # `demanded [guarantees that …]`
            return "clause", k
        if tag == ":":
            return "colon", k
        if tag == "(" and tags[k + 1 : k + 3] == "#)":  # `nesta quinta-feira (12), em Brasília, que …`
            k += 3
            continue
        if tag == "Q":
            return "quote", k
        own = k == group.after + 1 and not group.cue.frames & NOUN and sentence.forms[k - 1] in pack.lists.get("possessives", ())
        if tag == "q" and (k == group.after or own):  # `a dit sa « tristesse »`
            return "word", k
        if (
            pack.traits["pro-drop"]
            and tag in "BW"
            and k > group.after
            and tags[group.after] in "DUw"
            and (tag == "B" or group.cue.frames & NOUN)
            and group.cue.lemma not in pack.lists.get("asking", ())
        ):
            return "none", k  # the noun phrase is the complement: `mantuvo las tropas donde estaban`
        if (
            (tag in "BW" or (tag == "f" and k + 1 < count and tags[k + 1] == "S"))
            and group.cue.frames & CLAUSE
            and not (group.cue.frames & ATTRIBUTE and sentence.forms[k] in pack.lists.get("attribute", ()))
            and sentence.forms[k] in pack.lists.get("interrogatives", ())
        ):
            return "wh", k
        if (
            tag in "RP"
            and group.cue.frames & CLAUSE
            and not (group.cue.frames & ATTRIBUTE and sentence.forms[k] in pack.lists.get("attribute", ()))
            and tags[k - 1] in "VATFf"
            and sentence.forms[k] in pack.lists.get("interrogatives", ())
        ):
            return "wh", k  # `perguntou quem`, `contou como`
        if tag == "B" and group.cue.frames & OBJECT_INFINITIVE and sentence.forms[k] in pack.lists.get("request-complementisers", ()):
            return "clause", k  # `apelou às partes para que`
        if tag == ",":
            if k + 1 < count and tags[k + 1] == "K":
                return "clause", k + 1
            if k + 2 < count and tags[k + 1 : k + 3] == "A:":
                return "colon", k + 2  # `reconheceu, porém: "…"`
            if k + 1 < count and tags[k + 1] == "Q":
                return "quote", k + 1
            if k + 1 < count and tags[k + 1] in "BWRP" and pack.traits["comma-complementiser"]:
                interrogative = k + 1 if tags[k + 1] != "P" else k + 2
                if interrogative < count and sentence.forms[interrogative] in pack.lists.get("interrogatives", ()):
                    return "wh", k + 1
            close = _aside(tags, k, count)
            if close and not (pack.traits["zero-after-comma"] and not seen_subject):
                k = close
                continue
            return "comma", k
        if tag in ".;)-" or (tag == "C" and k + 1 < count and tags[k + 1] in "VXZ"):
            return "none", k
        if tag == "V" and sentence.forms[k - 1] in pack.lists.get("gerund-markers", ()) and k - 1 >= group.after:
            return "none", k
        if tag in "XZ" or (tag == "V" and tags[k - 1] not in "DGjP#tY" and k > group.after and not pack.traits["noun-capitals"]):
            return "none", k
        if tag == "R" and not pack.traits["comma-complementiser"]:
            return "none", k
        if tag in "UwSD":
            seen_subject = True
        k += 1
    return "none", k


def _noun_phrase_before(sentence: Sentence, pack: Pack, group: Group, complementiser: int) -> bool:
    """Tell whether an object stands between a cue and a complementiser, so that the clause is the object's, not the cue's."""
    if pack.traits["comma-complementiser"] or group.cue.lemma in pack.lists.get("dative", ()) or pack.traits["pro-drop"]:
        return False
    between = sentence.tags[group.after : complementiser]
    subject = group.first > 0 and sentence.tags[group.first - 1] in "wUSMt#jFfNR"
    return subject and group.inverted < 0 and between[0] in "DwjV#" and not set(between) & set("TPE,HU")


def _adverbial_noun(sentence: Sentence, pack: Pack, noun: int, low: int) -> bool:
    """Tell whether a cue noun before a complementiser is no more than the occasion (`said in a statement that`)."""
    wanted = pack.lists.get("adverbial-prepositions", frozenset())
    return any(sentence.forms[k] in wanted for k in range(max(low, noun - 3), noun))


def _aside(tags: str, comma: int, count: int) -> int:
    """Return the token after a short aside between commas (`, pour sa part,`) that a complementiser, quotation or colon follows, or 0."""
    if tags[comma + 1 : comma + 2] == "V":
        return 0  # `X bestreitet Y, räumte aber ein, dass …`: the next cue
    for k in range(comma + 1, min(count, comma + 16)):
        tag = tags[k]
        if tag == "," and k + 1 < count:
            if tags[k + 1] in "KQ":
                return k + 1
            if tags[k + 1] in "DUt" or tags[k + 1] == "P":
                continue
            return 0
        if tag in ".;:QKRXZ":
            return 0
    return 0


def clause_end(sentence: Sentence, pack: Pack, start: int, groups: Sequence[Group], number: int, within: str = "main") -> int:
    """Return where a content clause that begins at token `start` ends: at the sentence's end, or where another attribution takes over.

    `within` tells what clause the cue stands in: `main`, `relative` or `subordinate`; after the last two
    the main clause goes on, which is no content.
    """
    tags, forms = sentence.tags, sentence.forms
    count = len(tags)
    firsts = {}
    for later in range(number + 1, len(groups)):
        firsts[groups[later].first] = groups[later]
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
    return cue.kind == PARTICIPLE and False


def _last_phrase(tags: str, k: int, count: int) -> bool:
    """Tell whether what begins at `k` runs to the end of the sentence without a finite clause of its own after a comma."""
    comma = tags.find(",", k, count)
    return comma < 0 or not has_verb(tags, comma, count)


def trim_end(sentence: Sentence, start: int, stop: int) -> int:
    tags = sentence.tags
    while stop > start and tags[stop - 1] in ".,;:-":
        stop -= 1
    return stop


def skip_adverbials(sentence: Sentence, pack: Pack, k: int) -> int:
    """Return the token after adverbs, times, and adverbial prepositional phrases (`dans un communiqué`) that begin at `k`."""
    tags = sentence.tags
    count = len(tags)
    while k < count:
        tag = tags[k]
        if tag in "ATf":
            k += 1
        elif tag == "D" and k + 1 < count and tags[k + 1] == "T":
            k += 2
        elif tag == "(" and k and tags[k - 1] == "T" and tags[k + 1 : k + 3] == "#)":
            k += 3  # `nesta segunda-feira (14)`
        elif tag == "P" and sentence.forms[k] in pack.lists.get("adverbial-prepositions", ()):
            stop = nounphrases.skip_prepositional(sentence, k)
            if stop >= count or tags[stop] in ".":
                return k
            k = stop
        else:
            break
    return k


def skip_aside(sentence: Sentence, k: int) -> int:
    """Return the token after a short aside without verb between commas at `k` (*admite, entre risas, haber …*), else `k`."""
    tags = sentence.tags
    if k < len(tags) and tags[k] == ",":
        close = tags.find(",", k + 1, k + 8)
        if close > 0 and not set(tags[k + 1 : close]) & set("XZvVKRBQqi") and tags[k + 1] in "PAT":
            return close + 1
    return k


def determined(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a noun phrase with its determiner follows at `k`, after adverbs."""
    k = skip_adverbials(sentence, pack, k)
    tags = sentence.tags
    return k + 1 < len(tags) and tags[k] == "D" and tags[k + 1] in "wMVj#Uq"


def noun_start(sentence: Sentence, pack: Pack, k: int) -> int:
    """Return where a noun phrase complement begins at or after `k`, or -1."""
    tags = sentence.tags
    if tags[k : k + 1] == "v" and tags[k - 1] == "V" and pack.traits["pro-drop"]:
        return k  # `pidió ayuda`: a noun that is written like a verb
    k = skip_adverbials(sentence, pack, k)
    if k < len(tags) and (tags[k] in "DUwqQ#tjMp" or (tags[k] == "G" and sentence.forms[k] in pack.lists.get("partitives", ()))):
        return k
    if k < len(tags) and tags[k] == "V":
        adjectival = all(cue.kind == PARTICIPLE for cue in pack.cues.get(sentence.forms[k], ()))
        if adjectival or sentence.forms[k] in pack.homographs:
            return k
    return -1


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
        if tag in ".;:)" or (tag in "KB" and k != start and tags[k] == "B"):
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
    return (
        sentence.tags[k + 1 : k + 2] == "D"
        and sentence.forms[k + 2 : k + 3] != []
        and sentence.forms[k + 2] in pack.lists.get("utterances", ())
    )


def _dated(tags: str, start: int, k: int) -> bool:
    """Tell whether a word of time at `k` belongs to a genitive of the noun phrase (`la escalada de las últimas semanas`)."""
    while k > start and tags[k - 1] in "jD#":
        k -= 1
    return k > start and tags[k - 1] == "G"


def infinitive(sentence: Sentence, pack: Pack, k: int, *, objects: bool, bare: bool, reach: int = 14) -> int:
    """Return the token where an infinitive complement begins (its marker `to` included, `de` and `à` not), or -1.

    `objects` lets a noun phrase stand before it (`a appelé X à …`); `bare` allows an infinitive without marker (`a dit vouloir`).
    """
    tags, forms = sentence.tags, sentence.forms
    count = len(tags)
    markers = pack.lists.get("infinitive-prepositions", frozenset())
    stop = min(count, k + reach)
    first = k
    while k < stop:
        tag = tags[k]
        if tag == "I":
            n = k + 1
            while n < count and tags[n] in "AN":
                n += 1
            if n < count and tags[n] in "wivVYXZM":
                return k
        if forms[k] in markers and tag != "Q":
            n = k + 1
            if n + 1 < count and tags[n] == "P" and is_infinitive(sentence, pack, n + 1):
                n += 1  # `d'en financer la moitié`
            while n < count and tags[n] in "NFfAD" and (tags[n] != "D" or forms[n] in pack.lists.get("clitic-determiners", ())):
                n += 1
            if n < count and is_infinitive(sentence, pack, n):
                return k + 1
        if bare and is_infinitive(sentence, pack, k) and k <= first + 4 and not (k > first and tags[k - 1] == "P"):
            while k > first and tags[k - 1] in "NFf":
                k -= 1
            return k
        if tag in ".;:KRXZQH" or (tag == "," and not objects) or (tag == "C" and k + 1 < count and tags[k + 1] in "XZvV"):
            return -1
        if tag == "," and not pack.traits["comma-complementiser"]:
            pass
        k += 1
    return -1


def is_infinitive(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether token `k` is an infinitive."""
    tag = sentence.tags[k]
    if tag == "i":
        return True
    if tag == "Y":
        return sentence.forms[k] in pack.lists.get("infinitives", ())
    if tag == "V":
        return any(cue.kind == INFINITIVE_FORM for cue in pack.cues.get(sentence.forms[k], ()))
    return False


__all__ = ["NOUN_CUE", "clause_end", "complement", "has_verb", "infinitive", "is_infinitive", "noun_end", "noun_start", "skip_adverbials"]
