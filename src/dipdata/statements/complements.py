"""What follows a cue: which complement it has, and where that begins. Positions are tokens."""

from __future__ import annotations

from dipdata.statements.grammar import ATTRIBUTE, CLAUSE, INFINITIVE_FORM, NOUN, OBJECT_INFINITIVE, PARTICIPLE, Pack
from dipdata.statements.groups import Group
from dipdata.statements.nounphrases import skip_prepositional
from dipdata.statements.tokens import Sentence

_REACH = 32  # tokens: how far after a cue its complement may begin


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
            if tags[k - 1] == "M" and k - 1 > group.after and not _adverbial_noun(sentence, pack, k - 1, group.after):
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
            if tags[k + 1] in "DUtP":
                continue
            return 0
        if tag in ".;:QKRXZ":
            return 0
    return 0


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
            stop = skip_prepositional(sentence, k)
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
