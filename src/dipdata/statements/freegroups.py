"""Verb groups where the verb comes first (Arabic) or word order is free (Russian, Czech): their words may stand apart in the clause."""

from __future__ import annotations

from dipdata.statements.grammar import ACTIVE, FINITE, GERUND, INFINITIVE_FORM, NOUN_CUE, PARTICIPLE, Cue, Pack
from dipdata.statements.groups import Group, kinds_of
from dipdata.statements.tokens import Sentence

_AUXILIARY = 24  # tokens between an auxiliary and its verb where the subject stands between them
_TAIL = 10  # tokens: how far the fixed tail of a cue may stand from its verb
_NEXT = 3  # tokens: how near a reflexive is taken to belong to the verb


def verb_first(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
    """Return the verb group at token `at`, with negation and an auxiliary before the subject (`كان X قد أعلن`), or None for a noun."""
    tags, forms = sentence.tags, sentence.forms
    before = tags[at - 1] if at else "."
    best: tuple[Cue, int] | None = None
    for reading in readings:
        if reading.kind & NOUN_CUE:
            continue
        stop = at
        for word in reading.tail:
            stop += 1
            while stop < len(forms) and forms[stop] != word and tags[stop] in "FA":
                stop += 1
            if stop >= len(forms) or forms[stop] != word:
                stop = -1
                break
        if stop >= 0 and (best is None or stop > best[1]):
            best = (reading, stop)
    if best is None:
        return None
    reading, last = best
    kinds = kinds_of(readings, reading.lemma)
    kind = FINITE if kinds & FINITE else GERUND
    if tags[at] in "iwP":
        return None
    after = tags[last + 1 : last + 3]
    predicative = forms[at].endswith(tuple(pack.lists.get("predicative-endings", ())))
    if kind == GERUND and predicative and before not in ",:C-)Q." and not after.startswith(("K", "PK", ":")):
        return None  # `مصر متمسكة بحقوقها`
    jussive = kind == FINITE and before == "N" and forms[at - 1] in pack.lists.get("before-imperfect", ())
    if jussive and pack.future and not pack.future.search(forms[at]):
        return None  # `لم توقع`: another verb that is written alike
    first = at
    while first and tags[first - 1] == "N":
        first -= 1
    if first > 1 and tags[first - 1] == "X" and tags[first - 2] != "C" and first - 1 > 0:
        first -= 1
    parts = [(first, last)]
    head = first
    if kind == FINITE:
        auxiliary = _auxiliary(sentence, pack, first)
        if auxiliary >= 0:
            parts, head = ([(auxiliary, last)] if auxiliary == first - 1 else [(auxiliary, auxiliary), (first, last)]), auxiliary
            first = auxiliary
    return Group(reading, kind, first, last, head, last + 1, parts, aux=head != at)


def free_order(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
    """Return the verb group at token `at` where word order is free, with negation, auxiliary and a reflexive from its clause."""
    tags, forms = sentence.tags, sentence.forms
    if forms[at] in pack.homographs and at and tags[at - 1] in "DjP#":
        return None
    low = at
    while low and tags[low - 1] not in ",.:;QKBRW(-V":
        low -= 1
    joint = max(low, at - 1 - tags[low:at][::-1].find("C")) if "C" in tags[low:at] else low
    reflexive = next((k for k in (at - 1, at + 1, *range(at - 2, joint - 1, -1), at + 2) if joint <= k < len(tags) and tags[k] == "f"), -1)
    if reflexive > at and "," in tags[at:reflexive]:
        reflexive = -1
    best: tuple[int, Cue, tuple[int, int] | None] | None = None
    for reading in readings:
        if reading.kind & NOUN_CUE or (reading.reflexive and reflexive < 0):
            continue
        tail = _loose_tail(sentence, at, reading.tail) if reading.tail else None
        if reading.tail and tail is None:
            continue
        weight = 4 * len(reading.tail) + 2 * reading.reflexive
        if best is None or weight > best[0]:
            best = (weight, reading, tail)
    if best is None:
        return None
    _, reading, tail = best
    kinds = kinds_of(readings, reading.lemma)
    first = at
    while first > low and (
        tags[first - 1] in "NX" or (tags[first - 1] == "Z" and kinds & (PARTICIPLE | INFINITIVE_FORM)) or first - 1 == reflexive
    ):
        first -= 1
    stretch = tags[first:at]
    if not pack.lists.get("not-saying", frozenset()).isdisjoint(forms[first:at]):
        return None
    kind = next(kind for kind in (FINITE, GERUND, ACTIVE, PARTICIPLE, INFINITIVE_FORM) if kinds & kind)
    if kinds & PARTICIPLE and (kind == PARTICIPLE or "Z" in stretch):
        kind = FINITE
    passive = bool(kinds & PARTICIPLE and not kinds & FINITE)
    if kind == INFINITIVE_FORM and ("X" in stretch or "Z" in stretch):
        kind = FINITE
    last = at
    if reading.reflexive and reflexive == at + 1:
        last = reflexive
    parts = [(first, last)]
    if tail is not None:
        if tail[0] == last + 1:
            parts, last = [(first, tail[1])], tail[1]
        else:
            parts.append(tail)
    if reading.reflexive and not first <= reflexive <= last:
        parts.insert(0 if reflexive < first else 1, (reflexive, reflexive))
    after = max(stop for _, stop in parts if stop >= at) + 1
    group = Group(reading, kind, first, last, at, after, parts, passive=passive, aux=first < at)
    group.reflexive = reflexive >= 0 and not reading.reflexive and abs(reflexive - at) < _NEXT
    return group


def _loose_tail(sentence: Sentence, at: int, tail: tuple[str, ...]) -> tuple[int, int] | None:
    """Return the tokens of the fixed tail of a cue, inside its clause (`обратилась к донорам [с просьбой]`), or None."""
    forms, tags = sentence.forms, sentence.tags
    for k in range(at + 1, min(len(forms), at + _TAIL)):
        if tuple(forms[k : k + len(tail)]) == tail:
            return k, k + len(tail) - 1
        if tags[k] in ",.:;-QKBRWV":
            return None
    return None


def _auxiliary(sentence: Sentence, pack: Pack, at: int) -> int:
    wanted = pack.lists.get("auxiliaries", frozenset())
    aside = False
    for k in range(at - 1, max(-1, at - _AUXILIARY), -1):
        if sentence.forms[k] in wanted:
            return -1 if aside else k
        if sentence.tags[k] == ",":
            aside = not aside
        elif sentence.tags[k] in ".:;QKBVvCX" and not aside and not (sentence.tags[k] == "C" and sentence.tags[k - 1] not in ","):
            return -1
    return -1
