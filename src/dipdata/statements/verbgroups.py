"""Verb groups where word order is fixed: a verb with its auxiliaries, negation, clitics, particle and fixed tail."""

from __future__ import annotations

from dipdata.statements.grammar import FINITE, GERUND, INFINITIVE_FORM, NOUN_CUE, PARTICIPLE, Cue, Pack
from dipdata.statements.groups import Group, kinds_of
from dipdata.statements.tokens import Sentence

_WITH = "XZYNAFfpI"  # what may stand before the verb inside its group
_FAR = 30  # tokens: how far apart the two halves of a German verb are looked for
_TAIL = 10  # tokens: how far the fixed tail of a separable verb may stand from it


def fixed_order(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
    """Return the verb group at token `at`, or None where the form is a noun here or lacks what its readings ask for."""
    tags, forms = sentence.tags, sentence.forms
    count = len(tags)
    before = tags[at - 1] if at else "."
    kinds = 0
    for reading in readings:
        kinds |= reading.kind
    unbound = kinds & (GERUND | INFINITIVE_FORM) and not kinds & FINITE
    bare = bool(kinds & FINITE and kinds & INFINITIVE_FORM)
    if kinds & FINITE and forms[at] in pack.homographs and _looks_nominal(sentence, pack, at, bare=bare):
        return None
    nominal = before in "D#j" or (before in "PG" and not unbound)
    if nominal and (forms[at] in pack.homographs or before in "P#" or not _clitic_like(forms[at - 1], pack)):
        return None
    if before == "A" and at > 1 and tags[at - 2] in "DG" and not _clitic_like(forms[at - 2], pack):
        return None
    best: tuple[Cue, int, int, int] | None = None
    for reading in readings:
        if reading.kind & NOUN_CUE:
            continue
        last, closing = at, -1
        if reading.tail:
            last = _tail(sentence, at, reading.tail)
            if last < 0 and pack.traits["verb-second"] and tuple(forms[max(0, at - len(reading.tail)) : at]) == reading.tail:
                last = at  # `hat Hilfen in Aussicht gestellt`
            elif last < 0 and reading.particle and _apart(sentence, at, reading.tail):
                last = at
            elif last < 0 and pack.traits["verb-second"] and (closing := _closing_tail(sentence, at, reading.tail)) >= 0:
                last = closing + len(reading.tail) - 1
            elif last < 0:
                continue
        particle = -1
        if reading.particle:
            particle = _particle(sentence, at, reading.particle)
            if particle < 0 and at and forms[at - 1] == reading.particle:
                particle = at  # `bekannt gegeben`
            if particle < 0:
                continue
        weight = len(reading.tail) * 4 + (8 if reading.particle else 0) + (2 if reading.reflexive else 0)
        if reading.reflexive and not _reflexive(sentence, at, pack):
            continue
        if best is None or weight > best[2]:
            best = (reading, particle if reading.particle else last, weight, closing)
    if best is None:
        return None
    reading, last, _, closing = best
    kinds = kinds_of(readings, reading.lemma)
    first = at
    inverted = -1
    while first > 0:
        tag = tags[first - 1]
        if tag == "H":
            inverted = first - 1
        elif tag not in _WITH and not (reading.particle and first == at and forms[first - 1] == reading.particle):
            break
        first -= 1
    while first < at and tags[first] in "Ap":
        first += 1
    if inverted >= 0 and first >= inverted:
        first = inverted - 1 if inverted and tags[inverted - 1] in "XZvV" else at
        if first == at:
            inverted = -1
    stretch = tags[first:at]
    if not pack.lists.get("not-saying", frozenset()).isdisjoint(forms[max(0, first - 1) : at]):
        return None
    aux = "X" in stretch or "Z" in stretch
    reflexive = "f" in stretch
    passive = False
    kind = _kind(kinds, stretch)
    closes = pack.traits["verb-second"] and (last + 1 >= count or tags[last + 1] in ",.:;)Q-qCXZY")
    if closes and kinds & (PARTICIPLE | INFINITIVE_FORM) and not aux and not _inside(stretch, apart=last == at and bool(reading.particle)):
        stop = last
        while stop + 1 < count and tags[stop + 1] in "YXZ":
            stop += 1
        if stop > last and tags[stop] in "XZ":  # a verb-final clause: `gesagt hatte`
            return Group(reading, FINITE, first, stop, first, stop + 1, [(first, stop)], aux=True, passive="Z" in tags[last + 1 : stop + 1])
        far = -1 if "I" in stretch else _far_auxiliary(sentence, pack, at)
        if far >= 0:
            parts = [(far, far), (first, stop)]
            return Group(reading, FINITE, far, stop, far, stop + 1, parts, aux=True, passive=tags[far] == "Z" and bool(kinds & PARTICIPLE))
    if (kind == PARTICIPLE and "Z" in stretch and not reflexive) or (
        kind == PARTICIPLE and "Y" in stretch and tags[at - 1] in "YA" and _passive_nonfinite(sentence, pack, first, at)
    ):
        passive = True
    if kind == PARTICIPLE and (aux or (before == "C" and not reading.tail and _shares_auxiliary(tags, at))):
        kind = FINITE
    if (kind == INFINITIVE_FORM and aux) or (kind == GERUND and "Z" in stretch):
        kind = FINITE
    after = last + 1
    while after < count and tags[after] in "fF" and sentence.starts[after] == sentence.ends[after - 1] and last == at:
        if tags[after] == "f":  # `comprometeu-se`: the reflexive is part of the cue, an object (`disse-lhe`) is not
            last, reflexive = after, True
        after += 1
    while "N" in stretch and after < count and tags[after] == "N" and after == last + 1:
        last, after = after, after + 1  # `n'exclut pas`
    if closing >= 0 or _particle_split(reading, at, last):
        parts = [(first, at), (closing if closing >= 0 else last, last)]
        return Group(reading, kind, first, at, at, at + 1, parts, aux=aux)
    parts = [(first, last)]
    if inverted >= 0:
        parts = [(first, inverted - 1), (inverted + 1, last)]
    elif after < count and tags[after] == "H":
        inverted = after
        after += 1
    if inverted < first:
        while first < at and tags[first] == "F":
            first += 1
        parts = [(first, last)]
    return Group(reading, kind, first, last, first, after, parts, inverted, passive, aux, reflexive)


def _inside(stretch: str, *, apart: bool) -> bool:
    """Tell whether words stand between a cue and what opens its bracket; a particle written `apart` (`bekannt gegeben`) is no such word."""
    return bool((stretch[:-1] if apart else stretch).strip("NAFfI"))


def _looks_nominal(sentence: Sentence, pack: Pack, at: int, *, bare: bool) -> bool:
    """Tell whether a form that is verb and noun is a noun here; a `bare` form (`plan`) is a verb after a plural subject alone."""
    tags, forms = sentence.tags, sentence.forms
    before = tags[at - 1] if at else "."
    after = tags[at + 1] if at + 1 < len(tags) else "."
    if before in "DG#jvV":
        return True
    if before in "SRXIYFfN":
        return False
    if bare and not (
        before in "XI" or (at and (forms[at - 1].endswith("s") or forms[at - 1] in pack.lists.get("plurals", ()))) or before == "A"
    ):
        return True
    if after == "G" and any(forms[at + 1] in cue.prepositions for cue in pack.cues[forms[at]]):
        return False  # `la prensa informa de …`
    return after in ("XZ" if "partitives" in pack.lists else "GXZ")


def _shares_auxiliary(tags: str, at: int) -> bool:
    """Tell whether a participle after a conjunction hangs on the auxiliary of the one before it (`a salué X et demandé Y`)."""
    for k in range(at - 2, max(-1, at - _FAR), -1):
        if tags[k] == "X":
            return True
        if tags[k] in ".;:KBRZ":
            return False
    return False


def _particle_split(reading: Cue, at: int, last: int) -> bool:
    """Tell whether a separable verb stands with its particle apart."""
    return reading.particle is not None and last > at + 1


def _kind(kinds: int, stretch: str) -> int:
    """Decide what an ambiguous form is from what stands before it."""
    if "X" in stretch or "Z" in stretch or "Y" in stretch:
        for kind in (PARTICIPLE, INFINITIVE_FORM, GERUND, FINITE):
            if kinds & kind:
                return kind
    if "I" in stretch and kinds & INFINITIVE_FORM:
        return INFINITIVE_FORM
    for kind in (FINITE, GERUND, PARTICIPLE, INFINITIVE_FORM):
        if kinds & kind:
            return kind
    return FINITE


def _clitic_like(form: str, pack: Pack) -> bool:
    return form in pack.lists.get("clitic-determiners", ())


def _tail(sentence: Sentence, at: int, tail: tuple[str, ...]) -> int:
    """Return the token where the fixed tail of a cue ends, with adverbs allowed before it, or -1."""
    forms, tags = sentence.forms, sentence.tags
    i = at + 1
    for word in tail:
        gap = 0
        while i < len(forms) and forms[i] != word and tags[i] in "ANHFfT" and gap < 3:
            i += 1
            gap += 1
        if i >= len(forms) or forms[i] != word:
            return -1
        i += 1
    return i - 1


def _closing_tail(sentence: Sentence, at: int, tail: tuple[str, ...]) -> int:
    """Return the first token of the fixed tail of a cue where it closes the clause (`stellte Hilfen [in Aussicht]`), or -1."""
    forms, tags = sentence.forms, sentence.tags
    for k in range(at + 2, min(len(forms), at + _FAR)):
        stop = k + len(tail)
        if forms[k] == tail[0] and tuple(forms[k:stop]) == tail and (stop == len(forms) or tags[stop] in ",.:;)QC"):
            return k
        if tags[k] in ".;:":
            return -1
    return -1


def _apart(sentence: Sentence, at: int, tail: tuple[str, ...]) -> bool:
    """Tell whether the fixed tail of a separable verb stands somewhere inside its bracket (`legte beim Botschafter Protest … ein`)."""
    between = sentence.forms[at + 1 : at + _TAIL]
    return all(word in between for word in tail)


def _particle(sentence: Sentence, at: int, particle: str) -> int:
    forms, tags = sentence.forms, sentence.tags
    text, starts = sentence.text, sentence.starts
    for i in range(at + 1, min(len(forms), at + _FAR)):
        if forms[i] == particle and text[starts[i]].islower() and (i + 1 == len(forms) or tags[i + 1] in ",.:;-)QCBKq"):
            return i
        if tags[i] in ".;:":
            return -1
    return -1


def _reflexive(sentence: Sentence, at: int, pack: Pack) -> bool:
    tags = sentence.tags
    i = at - 1
    while i >= 0 and tags[i] in _WITH + "H":
        if tags[i] == "f":
            return True
        i -= 1
    if pack.traits["verb-second"] or pack.traits["pro-drop"]:
        for tag in tags[at + 1 : at + 6]:
            if tag == "f":
                return True
            if tag in "KR,.;:":
                break
        return False
    return at + 1 < len(tags) and tags[at + 1] == "f"


def _far_auxiliary(sentence: Sentence, pack: Pack, at: int) -> int:
    """Return the auxiliary that opens the bracket which a participle closes, or -1 (verb-second languages)."""
    if not pack.traits["verb-second"]:
        return -1
    tags = sentence.tags
    for i in range(at - 1, max(-1, at - _FAR), -1):
        tag = tags[i]
        if tag in "XZ":
            return i
        if tag in ".;:KBRQV":
            return -1
    return -1


def _passive_nonfinite(sentence: Sentence, pack: Pack, first: int, at: int) -> bool:
    return not pack.lists.get("passive-nonfinite", frozenset()).isdisjoint(sentence.forms[first:at])
