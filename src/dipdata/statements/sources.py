"""The mention of who says it: which noun phrase to the left or right of a cue, antecedents, agents. Ranges are tokens `[first, stop)`."""

from __future__ import annotations

from dipdata.statements.grammar import Pack
from dipdata.statements.nounphrases import (
    apposition_end,
    has_head,
    last_phrase,
    noun_phrase,
    same_person,
    skip_prepositional,
    trim_left,
    walk_left,
    with_agent,
)
from dipdata.statements.tokens import Range, Sentence

_ASIDE = 40  # tokens: no aside between a subject and its verb is longer
_PHRASES = 3  # prepositional phrases that may stand between a verb and its inverted subject


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
    first = walk_left(sentence, pack, stop)
    if clause := _with_relative(sentence, pack, first, stop):
        return clause, clause[0], "np"
    if first >= stop:
        return None, stop, "none"
    if first and tags[first - 1] == "R" and tags[first] in "vwV" and stop - first > 1:
        first = walk_left(sentence, pack, first - 1)  # `those who cross the border say`
    trimmed = trim_left(sentence, pack, first, stop)
    stop = _before_adverbials(sentence, pack, trimmed, stop)
    if trimmed >= stop or not has_head(tags, trimmed, stop):
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


def antecedent(sentence: Sentence, pack: Pack, relative: int) -> Range | None:
    """Return the noun phrase that a relative pronoun or participle at `relative` refers to: the one that ends before it."""
    stop = relative
    while stop and sentence.tags[stop - 1] in ",PA":
        stop -= 1
    if stop == 0:
        return None
    tags = sentence.tags
    first = walk_left(sentence, pack, stop)
    first = trim_left(sentence, pack, first, stop)
    if first >= stop:
        first = last_phrase(tags, stop)
    if 1 < first < stop and tags[first - 1] == "," and tags[relative - 1] == "," and not tags[first:stop].strip("UDtwGjP"):
        # an apposition between: `the minister, X, who …`
        wider = trim_left(sentence, pack, walk_left(sentence, pack, first - 1), first - 1)
        if wider < first - 1 and tags[wider] in "DUt" and has_head(tags, wider, first - 1):
            return wider, stop
    name = stop
    while name > first and tags[name - 1] == "U":
        name -= 1
    if first < name < stop and tags[name - 1] in "GP" and ("t" not in tags[first:name] or "P" in tags[first:name]):
        first = name
    return (first, stop) if first < stop and has_head(tags, first, stop) else None


def _across_aside(sentence: Sentence, pack: Pack, close: int) -> tuple[Range | None, int, str]:
    """The subject before an apposition or relative clause that a comma, bracket or dash at `close` ends."""
    tags = sentence.tags
    mark = tags[close]
    opener = {",": ",", ")": "(", "-": "-"}[mark]
    i = close - 1
    low = max(0, close - _ASIDE)
    while i > low and tags[i] != opener and tags[i] not in ".;:Q":
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
    first = walk_left(sentence, pack, i)
    start = trim_left(sentence, pack, first, i)
    bare = start < i and has_head(tags, start, i)
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
    stop = with_agent(sentence, pack, i, stop)
    if apposition and tags[stop : stop + 1] == "P" and same_person(sentence, pack, i, stop):
        stop = skip_prepositional(sentence, stop)
    if apposition and "subject-ends" in pack.lists and tags[stop : stop + 3] == "PUU" and "t" in tags[i:stop]:
        stop += 1  # `посол Кубы в Мехико Эрнесто Вильяфанья`
        while stop < count and tags[stop] == "U":
            stop += 1
    if apposition:
        stop = apposition_end(sentence, pack, stop)
    return (i, stop), stop


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
