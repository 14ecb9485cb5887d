"""Cue groups of a sentence: the words that attribute, with their auxiliaries, negation, reflexives, particles and fixed tails."""

from __future__ import annotations

from dataclasses import dataclass

from dipdata.statements.grammar import ACTIVE, FINITE, GERUND, HEARSAY, INFINITIVE_FORM, NOUN_CUE, PARTICIPLE, POST, PRE, Cue, Pack
from dipdata.statements.tokens import Sentence

_WITH = "XZYNAFfpI"  # what may stand before the verb inside its group
_FRONT = "XZNFfY"
_MOST = 40  # cues in a sentence: more are no prose
_AUXILIARY = 24  # tokens between an auxiliary and its verb where the subject stands between them
_TAIL = 10  # tokens: how far the fixed tail of a cue may stand from its verb where word order is free
_NEXT = 3  # tokens: how near a reflexive is taken to belong to the verb
_FAR = 30  # tokens: how far apart the two halves of a German verb are looked for


@dataclass(slots=True)
class Group:
    """A cue at tokens `[first, last]`; `parts` are the token ranges that its spans cover; complements are looked for from `after` on.

    `head` is the finite element, beside which the subject stands; `inverted` is the token of an inverted pronoun, -1 without one.
    """

    cue: Cue
    kind: int
    first: int
    last: int
    head: int
    after: int
    parts: list[tuple[int, int]]
    inverted: int = -1
    passive: bool = False
    aux: bool = False
    reflexive: bool = False
    others: tuple[Cue, ...] = ()


def find_cues(sentence: Sentence, pack: Pack) -> list[Group]:
    """Return the cue groups of a sentence in text order."""
    tags = sentence.tags
    found: list[Group] = []
    taken = -1
    cues = pack.cues
    verb = _verb_first if pack.traits["verb-first"] else _verb if pack.cases is None else _declined
    for at in [k for k, form in enumerate(sentence.forms) if form in cues]:
        tag = tags[at]
        if len(found) == _MOST:
            break
        if at <= taken or tag not in "VEMvwXZjUpGAPS" + ("i" if pack.traits["verb-first"] else ""):
            continue
        readings = cues[sentence.forms[at]]
        if tag == "U" and not (at == 0 or tags[at - 1] in ".:(-"):
            continue
        group = None
        if readings[0].kind & (PRE | POST | HEARSAY):
            if tag == "j":
                continue  # Portuguese `o segundo turno`
            if not _prepositional_holds(sentence, readings[0], at):
                continue
            group = Group(readings[0], readings[0].kind, at, at, at, at + 1, [(at, at)])
        elif tag in "VvwXZjUp":
            group = verb(sentence, pack, at, readings)
            if group is not None and len(readings) > 1:
                group.others = tuple(cue for cue in readings if cue.scope != group.cue.scope and cue.kind & group.cue.kind and not cue.tail)
        if group is None:
            noun = next((reading for reading in readings if reading.kind & NOUN_CUE), None)
            if noun is not None:
                group = Group(noun, NOUN_CUE, at, at, at, at + 1, [(at, at)])
        if group is not None:
            if found and _refused(sentence, pack, found[-1], group):
                refusal = found.pop()
                group.first = group.head = refusal.first
                group.kind, group.parts = refusal.kind, [(refusal.first, group.last)]
            found.append(group)
            taken = max(taken, max(stop for _, stop in group.parts) if len(group.parts) == 1 else at)
    return found


def _refused(sentence: Sentence, pack: Pack, refusal: Group, group: Group) -> bool:
    """Tell whether a verb of refusal and the infinitive of a cue are one cue: `se recusou a dizer quantos …`."""
    return (
        group.kind == INFINITIVE_FORM
        and (refusal.kind == FINITE or (refusal.kind == GERUND and pack.cases is not None))
        and refusal.cue.lemma in pack.lists.get("refusals", ())
        and group.first - refusal.last in (1, 2)
        and sentence.tags[refusal.last + 1 : group.first] in ("", "P", "G", "I", "D")
        and (pack.cases is not None or sentence.tags[group.after : group.after + 1] in _refusable(pack, group))
    )


def _refusable(pack: Pack, group: Group) -> str:
    """Return the classes of words that may open what a speaker refuses to say; after a confirmation a noun phrase too."""
    return "WBKD" if group.cue.lemma in pack.lists.get("confirming", ()) else "WBK"


def _prepositional_holds(sentence: Sentence, cue: Cue, at: int) -> bool:
    """Tell whether a preposition attributes here: a `closing` one (*…, so X*) after its content alone, one with `heads` before them."""
    tags, forms = sentence.tags, sentence.forms
    if cue.closing and not (at and tags[at - 1] in ",Qq-" and at + 1 < len(tags) and tags[at + 1] in "DUStw"):
        return False
    if cue.opening:  # `Pour l'opposition géorgienne, …`: at the start, with a proper name, up to a comma
        comma = tags.find(",", at, at + 20)
        named = tags[at + 1 : max(comma, 0)]
        return (
            (at == 0 or tags[at - 1] in ":;" or (at == 1 and tags[0] in "CA"))
            and (not set(named).isdisjoint("Ut") or not cue.heads.isdisjoint(forms[at + 1 : max(comma, 0)]))
            and not set(named) & set("iIXZvVQ#TK")
        )
    if cue.heads:
        for k in range(at + 1, min(len(tags), at + 6)):
            if forms[k] in cue.heads:
                return True
            if tags[k] not in "Dj#wUTt":
                return False
        return False
    return True


def _verb(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
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
    kinds = 0
    for other in readings:
        if other.lemma == reading.lemma:
            kinds |= other.kind
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
    if closing >= 0 or particle_split(reading, at, last):
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


def particle_split(reading: Cue, at: int, last: int) -> bool:
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


def _verb_first(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
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
    kinds = 0
    for other in readings:
        if other.lemma == reading.lemma:
            kinds |= other.kind
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


def _declined(sentence: Sentence, pack: Pack, at: int, readings: tuple[Cue, ...]) -> Group | None:
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
    kinds = 0
    for other in readings:
        if other.lemma == reading.lemma:
            kinds |= other.kind
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
