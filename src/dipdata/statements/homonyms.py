"""Words that belong to two classes: their neighbours tell which, as far as a pack says that they are such words."""

from __future__ import annotations

from collections.abc import Sequence

from dipdata.statements.grammar import FINITE, INFINITIVE_FORM, NOUN, Pack

PASSIVE_MARK = "\u064f"  # the vowel u after the first letter of an Arabic verb
_VERBAL = "VvXZYFN"
_BRACKET = 6  # tokens: how long a bracket is that says no more than a date
_FAR = 60  # tokens: no clause is looked over further back


def settle(text: str, starts: Sequence[int], forms: Sequence[str], tags: list[str], pack: Pack) -> None:
    """Change the class letters in `tags` where a word stands in the other of its classes; `starts` are code points of `text`."""
    if pack.traits["verb-first"]:
        _verbs_and_nouns(text, starts, forms, tags, pack)
        return
    last = len(forms) - 1
    for i in [i for i, tag in enumerate(tags) if tag in "EABY" and i]:
        if tags[i] == "E" and tags[i - 1] in "DGPj":
            tags[i] = "j"  # Portuguese `o segundo turno`
        elif tags[i] in "BY" and tags[i - 1] == "D" and forms[i] in pack.homographs:
            tags[i] = "w"  # Portuguese `o caso`, French `l'été`
        elif tags[i] == "A" and tags[i - 1] in "DG" and forms[i] not in pack.lexicon:
            tags[i] = "w"  # an ending of adverbs on a noun (`l'enlèvement`)
    homonyms = pack.homonyms
    relatives = []
    for i in [i for i, form in enumerate(forms) if form in homonyms]:
        lists, tag = homonyms[forms[i]], tags[i]
        if tag == "K":
            relatives.append(i)
        if i == last:
            continue
        before, after = tags[i - 1] if i else ".", tags[i + 1]
        if tag == "D":
            opening = before == "V" and (i == 1 or tags[i - 2] in ".Q-:" or (tags[i - 2] == "," and _closes(tags, i + 1)))
            if "preposition-articles" in lists and _is_preposition(forms[i + 1], after, "." if opening else before, pack):
                tags[i] = "P"
            elif (
                "clitic-determiners" in lists
                and i
                and (pack.traits["pro-drop"] or forms[i - 1] in pack.lists.get("as", ()))
                and before not in "PG"
                and _is_finite(forms[i + 1], after, pack)
            ):
                tags[i] = "F"  # `y las calificó`, `comme le rapporte X`
        elif tag == "f":
            if "reflexive-subordinators" in lists and _is_subordinator(forms, tags, i, pack):
                tags[i] = "B"
        elif tag == "P" and "as" in lists and _is_finite(forms[i + 1], after, pack):
            tags[i] = "B"  # `como dijo X`
        if "subordinators-before-pronouns" in lists and after == "S":
            tags[i] = "B"
        elif "markers-before-verbs" in lists and after in "wvViY" and not text[starts[i + 1]].isupper():
            tags[i] = "I"
        elif "participle-determiners" in lists and after in "wUtMj" and before not in "XZYfA":
            tags[i] = "D"  # `dicha organización`, but `ha dicho`
    for i in relatives:
        if "relative-complementisers" in homonyms[forms[i]] and _is_relative(forms, tags, i, pack):
            tags[i] = "R"


def _verbs_and_nouns(text: str, starts: Sequence[int], forms: Sequence[str], tags: list[str], pack: Pack) -> None:
    """Tell verbs from prepositions and verbal nouns that are written alike, where no vowels are (Arabic *رفض*, *عبر*)."""
    doubles = pack.lists.get("preposition-verbs", frozenset())
    for i, tag in enumerate(tags):
        if tag == "i" and PASSIVE_MARK in text[starts[i] + 1 : starts[i] + 3]:
            tags[i] = "v"  # `قُتل`
    adverbs = pack.lists.get("adverbial-gerunds", frozenset())
    for i in [i for i, tag in enumerate(tags) if tag == "V"]:
        form = forms[i]
        before = tags[i - 1] if i else "."
        if form in adverbs and before not in ".,:C-":
            tags[i] = "A"
        elif form in doubles:
            marked = "\u0651" in text[starts[i] : starts[i] + len(form) + 1]
            if not marked and (before not in ".,:C" or not _governs(forms, tags, i, pack)):
                tags[i] = "P"
        elif form in pack.homographs and (before in "PD#iMV" or (before in "wtUjqT" and _verb_before(tags, i))):
            tags[i] = "i"
        elif before == "P":
            tags[i] = "w"


def _governs(forms: Sequence[str], tags: Sequence[str], at: int, pack: Pack) -> bool:
    """Tell whether what a verb at `at` would govern follows it in its clause: its preposition or a clause."""
    wanted = {word for cue in pack.cues[forms[at]] for word in cue.prepositions}
    for k in range(at + 1, min(len(tags), at + _FAR)):
        if tags[k] == "K" or forms[k] in wanted:
            return True
        if tags[k] in ".;vV":
            return False
    return False


def _verb_before(tags: Sequence[str], at: int) -> bool:
    """Tell whether the clause has its verb before token `at`."""
    for k in range(at - 1, max(-1, at - _FAR), -1):
        if tags[k] in "vV":
            return True
        if tags[k] in ".:;KQRB":
            return False
        if tags[k] in "C" and k + 1 < at and tags[k + 1] in "vV":
            return True
    return False


def _is_finite(form: str, tag: str, pack: Pack) -> bool:
    """Tell whether a form can be nothing but a finite verb: no participle, and no noun of the same form."""
    if tag == "V":
        return form not in pack.homographs and all(cue.kind == FINITE for cue in pack.cues.get(form, ()))
    return tag in "XZ" or (tag == "v" and form not in pack.lexicon)


def _closes(tags: Sequence[str], at: int) -> bool:
    """Tell whether the name at `at` closes its clause (`…, disse a Amnistia.`, but not `X, agradeceu a Portugal o envio`)."""
    while at < len(tags) and tags[at] == "U":
        at += 1
    return at >= len(tags) or tags[at] in ".,"


def _is_infinitive(form: str, pack: Pack) -> bool:
    return all(cue.kind == INFINITIVE_FORM for cue in pack.cues.get(form, ()))


def _is_preposition(following: str, tag: str, before: str, pack: Pack) -> bool:
    """Tell whether a word that is article and preposition (Portuguese *a*) is a preposition: before plurals, infinitives, pronouns."""
    if tag == "D" and following in pack.lists.get("possessives", ()):
        return following.endswith("s")
    if tag in "DSi#YR" or (tag == "V" and any(cue.kind == INFINITIVE_FORM for cue in pack.cues.get(following, ()))):
        return True
    return (tag in "wtj" and following.endswith("s")) or (tag == "U" and before in "VY")


def _is_subordinator(forms: Sequence[str], tags: Sequence[str], at: int, pack: Pack) -> bool:
    """Tell whether a word that is reflexive and subordinator (Portuguese *se*) opens a clause (*indagou se o tratado …*)."""
    before, after = tags[at - 1] if at else ".", tags[at + 1]
    if before in "SFNRHD":
        return False
    if before in "VZXPTBGv":
        return True
    if after not in _VERBAL or before in ",.:;(Q-C":
        return before != "C" or after not in "VvXZ"
    for k in range(at - 1, max(-1, at - _FAR), -1):
        if tags[k] == "V":
            return any(cue.lemma in pack.lists.get("asking", ()) for cue in pack.cues.get(forms[k], ()))
        if tags[k] in ".:;KRQXZ":
            break
    return False


def _is_relative(forms: Sequence[str], tags: Sequence[str], at: int, pack: Pack) -> bool:
    """Tell whether a word that is complementiser and relative pronoun (Spanish *que*) is the pronoun: a noun stands before it.

    After a cue the noun is its inverted subject or who is spoken to (*dijo el ministro que*, *pidió a Quito que*),
    unless the cue has its subject before it and takes an object (*el diario publicó la nota que*).
    """
    noun = at > 1 and tags[at - 1] == "V" and tags[at - 2] in "D#j" and forms[at - 1] in pack.homographs  # `um comunicado em que`
    if not at or (tags[at - 1] in "CXZVvYiAINFf(.:;QBW-" and not noun):
        return False
    comma = tags[at - 1] == ","
    k = at - 1
    low = max(0, at - _FAR)
    while k >= low and tags[k] not in ".:;QKRB(":
        if tags[k] == ")" and "(" in tags[max(k - _BRACKET, 0) : k]:
            k -= tags[k::-1].index("(") + 1  # `nesta quinta-feira (12) que …`
            continue
        aside = k and tags[k - 1] == "P" and (forms[k] in pack.homographs or (comma and _is_infinitive(forms[k], pack)))
        if tags[k] == "V" and (not k or tags[k - 1] not in "DGj") and not aside:
            break  # but not at `indicó, sin dar más detalles, que`
        if tags[k] in "XZvH":
            return not (tags[k] in "Xv" and _has_tail(forms, k, at, pack))  # `deixou claro que`
        k -= 1
    if k < low or tags[k] != "V":
        return True
    n = k + 1
    while n < at and tags[n] in "AFfN":
        n += 1
    first = k
    while first and tags[first - 1] in "XZYNAFf":
        first -= 1
    before = "".join(tags[max(0, first - 2) : first])
    beside = before.endswith(",") and tags[low:first].count(",") == 1 and any(tag in "XZv" for tag in tags[low:first])
    if before.endswith(("Q", "q", "Q,", "q,")) or (beside and n < at and tags[n] != ","):
        return True  # `"…", dijo un funcionario que participó`
    readings = pack.cues.get(forms[k], ())
    if _has_tail(forms, k, at, pack):
        return False
    if comma:
        return n < at - 1 and "," not in tags[n : at - 1]
    spoken_to = tags[n] == "D" and n + 1 < at and tags[n + 1] == "U" and forms[n] in pack.lists.get("preposition-articles", ())
    if spoken_to or tags[n] in "PT" or (tags[n] == "D" and tags[n + 1] == "T"):
        return tags[at - 1] == "S"
    if _has_subject(tags, first):
        return True
    return any(cue.frames & NOUN and not cue.tail for cue in readings) and not any(tag in "tU" for tag in tags[n:at])


def _has_tail(forms: Sequence[str], k: int, at: int, pack: Pack) -> bool:
    """Tell whether the fixed tail of the cue at `k` stands right before `at`."""
    return any(cue.tail and cue.tail == tuple(forms[at - len(cue.tail) : at]) for cue in pack.cues.get(forms[k], ()))


def _has_subject(tags: Sequence[str], first: int) -> bool:
    """Tell whether a noun phrase stands before the verb at `first` in its clause, and not an adverbial alone (*el lunes*, *en Madrid*)."""
    start = first
    low = max(0, first - _FAR)
    while start > low and tags[start - 1] not in ".,:;QqCKRB-(":
        start -= 1
    while start < first and tags[start] in "ANT":
        start += 1
    if start == first or (tags[start] == "D" and tags[start + 1] == "T"):
        return False
    if tags[start] not in "PG":
        return True
    return any(tags[k] in "DS" and tags[k - 1] not in "PGDj" for k in range(start + 1, first))
