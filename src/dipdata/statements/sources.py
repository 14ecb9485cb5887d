"""The mention of who says it: noun phrases to the left and right of a cue, antecedents, agents. Ranges are tokens `[first, stop)`."""

from __future__ import annotations

from dipdata.statements.grammar import NOUN_CUE, PARTICIPLE, Pack
from dipdata.statements.tokens import Sentence

_NOMINAL = "DGwUtj#qMSVip"  # tokens that a noun phrase may hold (V and i for forms that are nouns too)
_HEADS = "wUtqMS"
_VERBAL = "XZvV"
_MAX = 40
_PHRASES = 3  # prepositional phrases that may stand between a verb and its inverted subject

Range = tuple[int, int]


def clause_start(tags: str, at: int) -> int:
    """Return the first token of the clause that token `at` stands in, looking left over no more than a clause."""
    i = at
    while i > 0 and tags[i - 1] not in ".:;QKBRW(-":
        i -= 1
    return i


def left(sentence: Sentence, pack: Pack, at: int) -> tuple[Range | None, int, str]:
    """Return the subject that ends before token `at`, where its clause begins, and how it was found.

    How is `np`, `pronoun`, `relative` (the antecedent), `aside` (an apposition or relative clause stands between), or `none`.
    """
    tags = sentence.tags
    stop = at
    while stop and (tags[stop - 1] in "AFfN" or _object_article(sentence, pack, stop - 1)):
        stop -= 1
    stop = _before_addressee(sentence, pack, stop)
    if (
        stop > 1
        and tags[stop - 1] == "S"
        and sentence.forms[stop - 1] in pack.lists.get("object-pronouns", ())
        and tags[stop - 2] in "wUtqSRj"
    ):
        stop -= 1
    if stop == 0:
        return None, 0, "none"
    before = tags[stop - 1]
    if before == "C":
        return None, stop, "none"  # `a appelé X et lui a affirmé`: the subject is that of the verb before
    if before == "R" and ((stop > 1 and tags[stop - 2] in "PG") or _with_preposition(sentence, pack, stop - 1)):
        return None, stop - 1, "relative"  # `en la que sostiene que`: the antecedent is no subject
    if before == "R":
        return antecedent(sentence, pack, stop - 1), stop - 1, "relative"
    if before == "S" and not (stop > 1 and tags[stop - 2] in "GP"):
        return (stop - 1, stop), stop - 1, "pronoun"
    if before in ",)" or (before == "-" and stop > 2):
        return _across_aside(sentence, pack, stop - 1)
    first = _leftwards(sentence, pack, stop)
    if clause := _with_relative(sentence, pack, first, stop):
        return clause, clause[0], "np"
    if first >= stop:
        return None, stop, "none"
    if first and tags[first - 1] == "R" and tags[first] in "vwV" and stop - first > 1:
        first = _leftwards(sentence, pack, first - 1)  # `those who cross the border say`
    trimmed = _trim_left(sentence, pack, first, stop)
    stop = _before_adverbials(sentence, pack, trimmed, stop)
    if trimmed >= stop or not _has_head(tags, trimmed, stop):
        return None, first, "none"
    return (trimmed, stop), first, "pronoun" if stop - trimmed == 1 and tags[trimmed] == "S" else "np"


def _with_preposition(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a relative pronoun is one phrase with its preposition (Portuguese `em que`)."""
    first, _, rest = sentence.forms[k].partition(" ")
    return bool(rest) and pack.letter(first) in "PG"


def _before_addressee(sentence: Sentence, pack: Pack, stop: int) -> int:
    """Return where the subject ends before an addressee in an oblique case (`Brázdil ČTK [řekl]`), or `stop`."""
    known = pack.lists.get("addressee-nouns")
    if not known:
        return stop
    k = stop
    while k and sentence.tags[k - 1] == "U" and sentence.forms[k - 1] not in known and stop - k < 3:
        k -= 1
    if k > 1 and sentence.forms[k - 1] in known:
        return _before_addressee(sentence, pack, k - 1)
    return stop


def _past_addressee(sentence: Sentence, pack: Pack, i: int) -> int:
    """Return the token after an addressee in an oblique case (`[řekla] agentuře Reuters`), or `i`."""
    known = pack.lists.get("addressee-nouns", ())
    count = len(sentence.tags)
    if i >= count or sentence.forms[i] not in known:
        return i
    name = sentence.tags[i] == "U"
    i += 1
    while not name and i < count and sentence.tags[i] in "Uq" and sentence.forms[i] not in known:
        i += 1
    return i


def _before_adverbials(sentence: Sentence, pack: Pack, first: int, stop: int) -> int:
    """Return where a subject ends that adverbials stand behind, before its verb (`Prezidenti při schůzce [varovali]`)."""
    ends = pack.lists.get("subject-ends")
    if not ends:
        return stop
    for k in range(first + 1, stop):
        if sentence.tags[k] in "AT," or sentence.forms[k] in ends:
            if "t" in sentence.tags[first:k] and stop - k > 2 and not sentence.tags[k + 1 : stop].strip("U"):
                continue  # `посол Кубы в Мехико Эрнесто Вильяфанья`
            return k
    return stop


def _with_relative(sentence: Sentence, pack: Pack, first: int, stop: int) -> Range | None:
    """Return the subject with the relative clause that ends it (`Three diplomats who followed the talks [said]`), or None."""
    tags = sentence.tags
    if pack.traits["verb-second"] or not first or tags[first - 1] not in "vVXZY":
        return None
    k = first - 1
    while k and tags[k - 1] in "vVXZYNAFfi":
        k -= 1
    if k < 2 or tags[k - 1] != "R" or tags[k - 2] not in "wUjMtq":
        return None
    found = antecedent(sentence, pack, k - 1)
    return (found[0], stop) if found else None


def verb_final(sentence: Sentence, pack: Pack, at: int) -> tuple[Range | None, int, str] | None:
    """Return the subject of a verb at `at` that closes a relative or subordinate clause (German), as `left` does; None in a main clause."""
    tags, forms = sentence.tags, sentence.forms
    relatives = pack.lists.get("relatives", frozenset())
    start = at
    while start and tags[start - 1] not in ",.:;-(KBWQ":
        start -= 1
    if start >= at:
        return None
    opener = tags[start - 1] if start else "."
    if opener == ",":
        if forms[start] in relatives:
            nominative = forms[start] in pack.lists.get("nominative-relatives", relatives)
            for k in range(start + 1, at):
                if tags[k] == "S":
                    return (k, k + 1), start, "relative"
            if nominative:
                return antecedent(sentence, pack, start), start, "relative"
            return _clipped(right(sentence, pack, start + 1, apposition=False)[0], at), start, "relative"
        if tags[start] == "P" and start + 1 < at and forms[start + 1] in relatives:
            return _clipped(right(sentence, pack, start + 2, apposition=False)[0], at), start, "relative"
    if opener in "KBW":
        return _clipped(right(sentence, pack, start, apposition=False)[0], at), start, "np"
    return None


def _clipped(found: Range | None, at: int) -> Range | None:
    return (found[0], min(found[1], at)) if found and found[0] < at else None


def _object_article(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether an article before a verb is an object pronoun (`qui les accuse`)."""
    if k == 0 or sentence.tags[k] != "D" or sentence.tags[k - 1] not in "RSUwtqN":
        return False
    return sentence.forms[k] in pack.lists.get("clitic-determiners", ())


def _leftwards(sentence: Sentence, pack: Pack, stop: int) -> int:
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
        if tag == "C" and (i < 2 or tags[i - 2] == "," or any(t in _VERBAL for t in tags[tags.rfind(",", 0, i) + 1 : i - 1])):
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
    return (
        False
        if comma < 1
        else tags[comma - 1] in "U" and comma + 1 < len(tags) and tags[comma + 1] == "U" and "C" in tags[comma + 1 : comma + 6]
    )


def _trim_left(sentence: Sentence, pack: Pack, first: int, stop: int) -> int:
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
            after = _prepositional_end(sentence, pack, i, stop)
            if after <= i or after >= stop:
                return i if tag == "G" and sentence.forms[i] in pack.lists.get("plural-articles", ()) else stop
            i = after
        else:
            break
    return i


def _subordinates(sentence: Sentence, pack: Pack, i: int, stop: int) -> bool:
    """Tell whether a preposition opens a clause here (`after London suggested …`)."""
    return sentence.tags[i] == "P" and i + 1 < stop and sentence.forms[i] in pack.lists.get("subordinating-prepositions", ())


def _prepositional_end(sentence: Sentence, pack: Pack, i: int, stop: int) -> int:
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


def _has_head(tags: str, first: int, stop: int) -> bool:
    return any(tags[k] in "wUtqMSV#Djip" for k in range(first, stop))


def antecedent(sentence: Sentence, pack: Pack, relative: int) -> Range | None:
    """Return the noun phrase that a relative pronoun or participle at `relative` refers to: the one that ends before it."""
    stop = relative
    while stop and sentence.tags[stop - 1] in ",PA":
        stop -= 1
    if stop == 0:
        return None
    tags = sentence.tags
    if stop > 2 and tags[stop - 1] == ")" and "(" in tags[:stop]:
        pass
    first = _leftwards(sentence, pack, stop)
    first = _trim_left(sentence, pack, first, stop)
    if first >= stop:
        first = last_phrase(tags, stop)
    if 1 < first < stop and tags[first - 1] == "," and tags[relative - 1] == "," and not tags[first:stop].strip("UDtwGjP"):
        # an apposition between: `the minister, X, who …`
        wider = _trim_left(sentence, pack, _leftwards(sentence, pack, first - 1), first - 1)
        if wider < first - 1 and tags[wider] in "DUt" and _has_head(tags, wider, first - 1):
            return wider, stop
    name = stop
    while name > first and tags[name - 1] == "U":
        name -= 1
    if first < name < stop and tags[name - 1] in "GP" and ("t" not in tags[first:name] or "P" in tags[first:name]):
        first = name
    return (first, stop) if first < stop and _has_head(tags, first, stop) else None


def last_phrase(tags: str, stop: int) -> int:
    """Return the start of the shortest noun phrase that ends at `stop`."""
    i = stop
    while i and tags[i - 1] in "wUtj#MG":
        i -= 1
    while i < stop and tags[i] == "G":
        i += 1
    return i - 1 if i and tags[i - 1] == "D" else i


def _across_aside(sentence: Sentence, pack: Pack, close: int) -> tuple[Range | None, int, str]:
    """The subject before an apposition or relative clause that a comma, bracket or dash at `close` ends."""
    tags = sentence.tags
    mark = tags[close]
    opener = {",": ",", ")": "(", "-": "-"}[mark]
    i = close - 1
    low = max(0, close - _MAX)
    depth = 0
    while i > low and (tags[i] != opener or depth) and tags[i] not in ".;:Q":
        i -= 1
    if mark == ")" and i > 0 and tags[i] == "(":
        inner = left(sentence, pack, i)
        if inner[0]:
            return (inner[0][0], close + 1), inner[1], inner[2]
        return inner
    if i <= 0 or tags[i] != opener:
        return None, close, "none"
    between = tags[i + 1 : close]
    if not between:
        return None, close, "none"
    first = _leftwards(sentence, pack, i)
    start = _trim_left(sentence, pack, first, i)
    bare = start < i and _has_head(tags, start, i)
    if between in ("S", "F"):  # `La présidente, elle, s'est dite …`
        return ((start, i), first, "aside") if bare else (None, close, "none")
    if sentence.forms[i + 1] in pack.lists.get("quoting", ()):  # `X, citado por la agencia Y, negó …`
        return ((start, i), first, "aside") if bare else (None, close, "none")
    if first > 2 and tags[first - 2 : first] == ",C" and tags[first] == "G":  # `los ministros de A, X, y de B, Y, anunciaron`
        other = _across_aside(sentence, pack, first - 2)[0]
        if other:
            return (other[0], close), first, "aside"
    if between[0] in "PABTCG" and not (between[0] == "G" and len(between) > 4):
        # an adverbial aside: the subject stands before it, unless it is itself an opening adverbial
        if bare:
            return (start, i), first, "aside"
        return None, close, "none"
    relative = (
        between[0] in "R"
        or (sentence.forms[i + 1] in pack.lists.get("relatives", ()) and between[-1] in "XZvVYwi")
        or (len(between) > 1 and between[0] in "PG" and between[1] == "R")
    )
    if bare and relative:
        return (start, i), first, "aside"
    if bare and not any(t in "XZKQ" for t in between):
        if start > 2 and tags[start - 2 : start] == ",C":  # `the minister, X, and his colleague, Y, announced`
            other = _across_aside(sentence, pack, start - 2)[0]
            start = other[0] if other else start
        return (start, close), first, "aside"
    return None, close, "none"


def right(sentence: Sentence, pack: Pack, at: int, *, apposition: bool = True) -> tuple[Range | None, int]:
    """Return the noun phrase that begins at or just after token `at` (an inverted subject, the object of *selon*), and where it ends."""
    tags = sentence.tags
    count = len(tags)
    i = at
    while i < count and (tags[i] in "ANTFfp" or (tags[i] == "D" and tags[i + 1 : i + 2] == "T")):
        i += 1
    i = _past_addressee(sentence, pack, i)
    if i < count and tags[i] == "P":
        for _ in range(_PHRASES):  # `denunció en conversación con EFE el coordinador`
            i = skip_prepositional(sentence, i)
            while i < count and tags[i] in "AT":
                i += 1
            if i >= count or tags[i] != "P":
                break
        if i >= count or tags[i] not in "DUSt":
            return None, at
    if i >= count or tags[i] not in "DUSwtj#qMGVW" or tags[i] == "G":
        return None, at
    if tags[i] == "S":
        return (i, i + 1), i + 1
    stop = noun_phrase(sentence, pack, i)
    if stop == i:
        return None, at
    stop = _participle_agent(sentence, pack, i, stop)
    if apposition and tags[stop : stop + 1] == "P" and _same_person(sentence, pack, i, stop):
        stop = skip_prepositional(sentence, stop)
    if apposition and "subject-ends" in pack.lists and tags[stop : stop + 3] == "PUU" and "t" in tags[i:stop]:
        stop += 1  # `посол Кубы в Мехико Эрнесто Вильяфанья`
        while stop < count and tags[stop] == "U":
            stop += 1
    if apposition:
        stop = apposition_end(sentence, pack, stop)
    return (i, stop), stop


def _participle_agent(sentence: Sentence, pack: Pack, first: int, stop: int) -> int:
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


def _same_person(sentence: Sentence, pack: Pack, first: int, at: int) -> bool:
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
    while k > i and tags[k - 1] in "GCDP" and tags[k - 1] != "q":
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
    if (end == count or tags[end] in ".,;:-)") and (end == count or tags[end] != "("):
        return end
    if end < count and tags[end] == "(":
        close = tags.find(")", end, end + 12)
        if close > 0:
            return close + 1
    return stop


def agent(sentence: Sentence, pack: Pack, at: int, limit: int) -> tuple[Range | None, int]:
    """Return the agent of a passive (`par X`) between tokens `at` and `limit`, and the token of its preposition, or `(None, -1)`."""
    markers = pack.lists.get("agent", frozenset())
    if not markers:
        return None, -1
    tags, forms = sentence.tags, sentence.forms
    for i in range(at, min(limit, len(tags), at + 12)):
        if forms[i] in markers and pack.lists.get("no-agents", frozenset()).isdisjoint(forms[i + 1 : i + 3]):
            stop = noun_phrase(sentence, pack, i + 1)
            if i + 1 < len(tags) and tags[i + 1] == "S":
                stop = i + 2
            if tags[stop : stop + 2] == ",U":
                stop = apposition_end(sentence, pack, stop)  # `par le porte-parole, Jean X`
            return ((i + 1, stop), i) if stop > i + 1 else (None, -1)
        if tags[i] in ".,;:KQRXZ":
            break
    return None, -1
