"""Where a noun phrase begins and ends, where the order of words tells it: to the left of a token, to its right, with an apposition.

Where case endings tell it see `cases`; for Arabic see `phrases`. Positions are tokens.
"""

from __future__ import annotations

from dipdata.statements.grammar import NOUN_CUE, PARTICIPLE, Pack
from dipdata.statements.tokens import Sentence

_MAX = 40  # tokens: no noun phrase is longer


def walk_left(sentence: Sentence, pack: Pack, stop: int) -> int:
    """Walk left over one noun phrase with its prepositional phrases, to the boundary of the clause."""
    tags = sentence.tags
    i = stop
    low = max(0, stop - _MAX)
    while i > low:
        tag = tags[i - 1]
        if tag in ".:;QKBR,-(W)":
            if tag == ")" and "(" in tags[low : i - 1]:
                i = tags.rindex("(", low, i - 1)
                continue
            if tag == "," and _in_list(tags, i - 1):
                i -= 1
                continue
            if tag == "-" and i > 1 and sentence.ends[i - 2] == sentence.starts[i - 1] and sentence.ends[i - 1] == sentence.starts[i]:
                i -= 1
                continue
            break
        if tag in "XZ" or (tag == "V" and (i < 2 or tags[i - 2] not in "DGj") and not _reduced(sentence, pack, i - 1, stop)):
            break
        if tag == "v" and not (i < stop and (i < 2 or tags[i - 2] in "Q,.D")):
            break
        if tag == "C" and (i < 2 or tags[i - 2] == "," or any(t in "XZvV" for t in tags[tags.rfind(",", 0, i) + 1 : i - 1])):
            break
        i -= 1
    return i


def _reduced(sentence: Sentence, pack: Pack, at: int, stop: int) -> bool:
    """Tell whether a cue form at `at` is a participle inside a noun phrase (`l'homme chargé de la surveillance`)."""
    if at == 0 or at + 1 >= stop or sentence.tags[at - 1] not in "wUMt":
        return False
    return all(cue.kind & (PARTICIPLE | NOUN_CUE) for cue in pack.cues.get(sentence.forms[at], ()))


def _in_list(tags: str, comma: int) -> bool:
    """Tell whether a comma separates members of a list: `A, B et C`."""
    return comma > 0 and tags[comma - 1] == "U" and tags[comma + 1 : comma + 2] == "U" and "C" in tags[comma + 1 : comma + 6]


def trim_left(sentence: Sentence, pack: Pack, first: int, stop: int) -> int:
    """Drop what precedes the noun phrase in its clause: conjunctions, adverbs, times, a leading prepositional phrase."""
    tags = sentence.tags
    i = first
    while i < stop:
        tag = tags[i]
        if tag in "CANFfpo-:;H" or (tag == "T" and i + 1 < stop and tags[i + 1] in "TDUSwt#Mq") or _subordinates(sentence, pack, i, stop):
            i += 1
        elif tag in "PGI" and pack.traits["verb-second"]:
            return stop  # an adverbial opens the clause: the subject follows the verb
        elif tag in "PGI":
            after = _prepositional_end(sentence, i, stop)
            if after <= i or after >= stop:
                return i if tag == "G" and sentence.forms[i] in pack.lists.get("plural-articles", ()) else stop
            i = after
        else:
            break
    return i


def _subordinates(sentence: Sentence, pack: Pack, i: int, stop: int) -> bool:
    """Tell whether a preposition opens a clause here (`after London suggested …`)."""
    return sentence.tags[i] == "P" and i + 1 < stop and sentence.forms[i] in pack.lists.get("subordinating-prepositions", ())


def _prepositional_end(sentence: Sentence, i: int, stop: int) -> int:
    """Return where the prepositional phrase at `i` ends so that a new noun phrase begins before `stop`, or `stop`."""
    tags = sentence.tags
    k = i + 1
    seen = False
    while k < stop:
        tag = tags[k]
        if tag == "D" and seen and tags[k - 1] not in "GPCD":
            return k
        if tag in "ST" and seen and tags[k - 1] not in "GPCD":
            return k + 1 if tag == "T" and k + 1 < stop else k
        if tag == "T" and k + 1 < stop and tags[k + 1] in "DUSwt":
            return k + 1
        if tag in "wU#MT":
            seen = True
        k += 1
    return stop


def has_head(tags: str, first: int, stop: int) -> bool:
    """Tell whether tokens `[first, stop)` hold a word that a noun phrase may have as its head."""
    return any(tags[k] in "wUtqMSV#Djip" for k in range(first, stop))


def last_phrase(tags: str, stop: int) -> int:
    """Return the start of the shortest noun phrase that ends at `stop`."""
    i = stop
    while i and tags[i - 1] in "wUtj#MG":
        i -= 1
    while i < stop and tags[i] == "G":
        i += 1
    return i - 1 if i and tags[i - 1] == "D" else i


def with_agent(sentence: Sentence, pack: Pack, first: int, stop: int) -> int:
    """Return where a noun phrase ends that a participle with its agent closes (`la nota difundida por los insurgentes`)."""
    endings = tuple(pack.lists.get("participle-endings", ()))
    if not endings or stop + 1 >= len(sentence.tags) or stop - first < 2 or not sentence.forms[stop - 1].endswith(endings):
        return stop
    if (
        sentence.forms[stop] in pack.lists.get("agent", ())
        and sentence.tags[stop + 1] in "DUw"
        and sentence.tags[stop + 2 : stop + 3] != "T"
    ):
        return max(stop, noun_phrase(sentence, pack, stop + 1))
    return stop


def skip_prepositional(sentence: Sentence, i: int) -> int:
    """Return the token after the prepositional phrase at `i`: preposition, determiners, one head with its modifiers."""
    tags = sentence.tags
    k = i + 1
    count = len(tags)
    while k < count and tags[k] in "Dj#t":
        k += 1
    if k < count and tags[k] == "U":
        acronym = sentence.text[sentence.starts[k] : sentence.ends[k]].isupper() and tags[k - 1] == "D"
        name = k
        while k < count and (tags[k] == "U" or (tags[k] == "t" and _capital(sentence, k))) and k - name < (1 if acronym else 2):
            k += 1
        while k + 1 < count and tags[k] == "G" and tags[k + 1] == "U":
            k += 2
        return k
    while k < count and (tags[k] in "wjMT" or (tags[k] == "V" and tags[k - 1] in "Dj")):
        k += 1
    if k > i + 1 and tags[k - 1] == "w":
        k = _outlet(sentence, k)
    while k + 1 < count and tags[k] == "G":
        k += 1
        while k < count and tags[k] in "Dj#":
            k += 1
        while k < count and tags[k] in "wjUM":
            k += 1
    return k


def _capital(sentence: Sentence, k: int) -> bool:
    return sentence.text[sentence.starts[k]].isupper()


def _outlet(sentence: Sentence, k: int) -> int:
    """Return the token after the name that stands beside its noun at `k` (`al diario [El Tiempo]`, `à agência [France-Presse]`)."""
    tags, count = sentence.tags, len(sentence.tags)
    if k < count and tags[k] == "q":
        return k + 1
    n = k + 1 if k < count and tags[k] == "D" and _capital(sentence, k) else k
    stop = n
    while stop < count and tags[stop] == "U" and stop - n < 2:
        stop += 1
    return stop if stop > n else k


def same_person(sentence: Sentence, pack: Pack, first: int, at: int) -> bool:
    """Tell whether the phrase at `at` belongs to the title before it: it tells the post (`la commissaire au Budget`), or a name follows."""
    tags = sentence.tags
    name = at
    while name > first and tags[name - 1] == "U":
        name -= 1
    if "t" in tags[first:at] and (name == at or tags[name - 1] in "GD") and sentence.forms[at] in pack.lists.get("post-prepositions", ()):
        return True
    post = skip_prepositional(sentence, at)
    return tags[post : post + 2] == ",U" and apposition_end(sentence, pack, post) > post  # `el embajador en Rabat, X`


def noun_phrase(sentence: Sentence, pack: Pack, i: int, *, prepositions: bool = False) -> int:
    """Return where the noun phrase that begins at `i` ends: genitives and coordination included, other prepositional phrases not."""
    tags = sentence.tags
    count = min(len(tags), i + _MAX)
    k = i
    while k < count:
        tag = tags[k]
        if tag in "DwUtj#qMp":
            if (
                tag == "D"
                and k > i
                and tags[k - 1] in ("wUjMq#t" if pack.traits["noun-capitals"] else "wUjMq#")
                and not _genitive(sentence, pack, k)
            ):
                break
            if tag in "wj#" and k > i and tags[k - 1] in "UMTt" and pack.traits["noun-capitals"]:
                break  # after the noun a word in small letters is the verb, or begins what is not the phrase
            k += 1
        elif tag == "G" and k + 1 < count and tags[k + 1] == "i" and k > i and tags[k - 1] in "wUtjM" and pack.traits["pro-drop"]:
            break  # `la promesa de Berlín de entregar …`
        elif tag == "G" and k + 1 < count and tags[k + 1] in "DwUtj#qMpVi":
            k += 2 if tags[k + 1] in "Vi" else 1
        elif tag == "C" and k > i and k + 1 < count and tags[k + 1] in "DUtwjG#" and not _verb_follows(tags, k + 1, count):
            k += 1
            if tags[k] == "D":
                k += 1
        elif tag == "(":
            close = tags.find(")", k, k + 16)
            if close < 0:
                break
            k = close + 1
        elif (
            tag == "-"
            and k + 1 < count
            and tags[k + 1] not in ".,;:"
            and sentence.starts[k + 1] == sentence.ends[k]
            and sentence.ends[k - 1] == sentence.starts[k]
        ):
            k += 2
        elif tag == "V" and (k == i or tags[k - 1] in ("DGj" if pack.traits["pro-drop"] else "DGjt")):
            k += 1
        elif tag == "." and k + 1 < count and sentence.starts[k + 1] == sentence.ends[k]:
            k += 2
        elif tag == "A" and k > i and k + 1 < count and tags[k + 1] in "wj" and sentence.forms[k] in pack.lists.get("degree", ()):
            k += 1  # `los negociadores más veteranos`
        elif tag == "P" and k > i and tags[k - 1] == "U" and k + 1 < count and tags[k + 1] == "U" and _names(sentence, pack, k):
            k += 2
        elif prepositions and tag == "P" and k + 1 < count and tags[k + 1] in "DwUtj#qMpG":
            k += 1
        else:
            break
    while k > i and tags[k - 1] in "GCDP":
        k -= 1
    return k


def _genitive(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether the determiner at `k` opens a genitive, which goes on with the noun before it, and not an outlet that is spoken to."""
    if sentence.forms[k] not in pack.lists.get("genitive-determiners", ()):
        return False
    if "dative-determiners" not in pack.lists:
        return True
    outlets = pack.lists.get("outlets", frozenset())
    return not any(form.rpartition("-")[2] in outlets for form in sentence.forms[k + 1 : k + 4])


def _names(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a preposition between names is part of one (*Médecins sans Frontières*), rather than an adverbial of place."""
    known = pack.lists.get("adverbial-prepositions")
    return known is not None and sentence.forms[k] not in known


def _verb_follows(tags: str, k: int, count: int) -> bool:
    """Tell whether the conjunct at `k` is a clause rather than a noun phrase."""
    while k < count and tags[k] not in ",.;:QC":
        if tags[k] in "XZvH":
            return True
        k += 1
    return False


def apposition_end(sentence: Sentence, pack: Pack, stop: int) -> int:
    """Return where an apposition that follows a noun phrase ends (`, ex-mari de X`), or `stop` where none follows."""
    tags = sentence.tags
    count = len(tags)
    if stop >= count or tags[stop] != ",":
        return stop
    k = stop + 1
    if k >= count or tags[k] not in "DwUtjM#" or sentence.forms[k] in pack.lists.get("no-apposition", ()):
        return stop
    if sentence.forms[k] in pack.lists.get("quoting", ()):
        return stop  # `X, cité par l'agence Y`
    end = k
    while end < count and (tags[end] in "DwUtj#qMGpAP" or (tags[end] == "T" and tags[end - 1] in "#G")):
        end += 1
    while end < count and tags[end] == "C" and end + 1 < count and tags[end + 1] in "DwUtjG" and not _verb_follows(tags, end + 1, count):
        end += 1
        while end < count and tags[end] in "DwUtj#qMGpAP":
            end += 1
    if end == count or tags[end] in ".,;:-)":
        return end
    if tags[end] == "(":
        close = tags.find(")", end, end + 12)
        if close > 0:
            return close + 1
    return stop
