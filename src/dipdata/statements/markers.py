"""Where content begins and ends when the verb comes first (Arabic): what marks it, and what takes over. Positions are tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import nouns, phrases
from dipdata.statements.grammar import ACCUSATION, ATTRIBUTE, FINITE, GERUND, NOUN, NOUN_CUE, OBJECT_INFINITIVE, PRE, PREPOSITION, QUOTE
from dipdata.statements.groups import Group

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader

_REACH = 60  # tokens: how far after a cue its content may begin


def marker(reader: Reader, group: Group, k: int, stops: frozenset[str]) -> tuple[str, int]:
    """Return what marks the content of a cue and where the content begins: `clause`, `wh`, `colon` (its own token), `quote`,
    `preposition`, `object`, `end` (a comma that nothing follows up), or `none`."""
    tags, forms, lists = reader.tags, reader.sentence.forms, reader.pack.lists
    first, limit = k, min(reader.count, k + _REACH)
    frames = group.cue.frames
    relative = False  # in a relative clause, whose verbs are passed over
    direct = True  # nothing but adverbials so far: an object may stand here
    while k < limit:
        tag = tags[k]
        if tag == "K":
            return "clause", clause_start(reader, k)
        if tag == ":":
            return "colon", k
        if tag in "Qq" and (tag == "Q" or frames & (QUOTE | NOUN | ATTRIBUTE)) and (direct or tag == "Q"):
            return "quote", k
        if frames & NOUN and direct and k + 1 < limit and forms[k] in lists.get("free-relatives", ()) and tags[k + 1] in "vV":
            return "object", k  # `استنكر ما وصفه بـ…`
        if forms[k] in lists.get("interrogatives", ()) and tag in "WB":
            drop = forms[k] in lists.get("dropped-interrogatives", ())
            return "wh", k + drop
        if tag == "P":
            n = k + 1
            if n < limit and tags[n] == "K":
                return "clause", clause_start(reader, n)
            if n < limit and forms[n] in lists.get("interrogatives", ()) and tags[n] in "WB":
                return "wh", n + (forms[n] in lists.get("dropped-interrogatives", ()))
            if forms[k] in stops and n < limit and tags[n] != "F" and forms[n] not in lists.get("saying", ()):
                return "preposition", n
            if n < limit and forms[n] in lists.get("saying", ()):
                if group.cue.lemma in lists.get("with-saying", ()):
                    group.parts.append((n, n))
                k = n + 1
                continue
            k = max(n, phrases.skip_phrase(reader.sentence, reader.pack, k))
            continue
        if tag == ",":
            found = _across(reader, k, limit, stops)
            nouns = "iwtUjD" if "," in tags[group.after : first] else "i"
            if found < 0 and k == first and frames & NOUN and k + 1 < limit and tags[k + 1] in nouns:
                return "object", k + 1  # after an apposition
            if found < 0:
                return "end", k
            k = found
            continue
        if tag in "FAT" or (tag == "D" and tags[k + 1 : k + 2] == "T"):
            k += 1
            continue
        if tag == "V" and (relative or (k == first and indefinite(reader, group.after, first))) and not _says(reader, k):
            k += 1
            continue
        if tag in ".;)-BC" or (tag in "VXN" and k > group.after):
            return ("end" if tag in ".;)-" else "none"), k
        if tag in "vR":
            direct = False
            relative = relative or tag == "R"
            k += 1
            continue
        if frames & NOUN and direct and tag in "wtUjiMD#" and (tag == "i" or not frames & OBJECT_INFINITIVE):
            return "object", k
        direct = direct and bool(frames & OBJECT_INFINITIVE)
        k = max(k + 1, phrases.noun_phrase(reader.sentence, reader.pack, k, stops)) if tag in "wtUjiMD" else k + 1
    return "end", k


def indefinite(reader: Reader, first: int, stop: int) -> bool:
    """Tell whether the noun phrase `[first, stop)` is indefinite: a verb after it makes a relative clause (`مسؤول طلب …`)."""
    if first >= stop or "U" in reader.tags[first:stop]:
        return False
    return not any(nouns.definite(reader.sentence, reader.pack, k) for k in range(first, stop))


def clause_start(reader: Reader, complementiser: int) -> int:
    """Return where what a complementiser opens begins: after it, or with it where it negates (`ألا`: *that not*)."""
    negates = reader.sentence.forms[complementiser] in reader.pack.lists.get("negative-complementisers", ())
    return complementiser + (not negates)


def _says(reader: Reader, k: int) -> bool:
    """Tell whether the cue at `k` reports a clause of its own."""
    inner = next((group for group in reader.groups if group.first <= k < group.after), None)
    return inner is not None and marker(reader, inner, inner.after, frozenset())[0] in ("clause", "colon") and _near(reader, inner.after)


def _near(reader: Reader, k: int) -> bool:
    """Tell whether a complementiser follows within a few words."""
    return "K" in reader.tags[k : k + 4] or ":" in reader.tags[k : k + 4]


def _across(reader: Reader, comma: int, limit: int, stops: frozenset[str]) -> int:
    """Return the token where the clause goes on after an aside between commas, or -1 where another clause begins at the comma."""
    tags, forms = reader.tags, reader.sentence.forms
    n = comma + 1
    if n >= limit:
        return -1
    if tags[n] in "KQq:" or (tags[n] == "P" and n + 1 < limit and (tags[n + 1] == "K" or forms[n] in stops)):
        return n
    if (tags[n] == "V" and not _aside(reader, n, limit)) or (tags[n] == "B" and forms[n] in reader.pack.lists.get("cuts", ())):
        return -1
    if tags[n] == "C" and not (n + 1 < limit and tags[n + 1] in "SB"):
        return -1
    for k in range(n, limit):
        if tags[k] == ":":
            return k
        if tags[k] == ",":
            m = k + 1
            if m < limit and (tags[m] in "KQq:iwD" or (tags[m] == "P" and (forms[m] in stops or (m + 1 < limit and tags[m + 1] == "K")))):
                return m
            if m < limit and tags[m] in "PTAtUw":
                continue
            return -1
        if tags[k] in ".;Q":
            return -1
    return -1


def _aside(reader: Reader, n: int, limit: int) -> bool:
    """Tell whether a verb or participle at `n` opens an aside that a comma closes before the content (`، طالبا عدم ذكر اسمه، إن`)."""
    close = reader.tags.find(",", n, min(limit, n + 16))
    return close > 0 and "K" not in reader.tags[n:close] and reader.tags[close + 1 : close + 3].startswith(("K", "PK", "Q"))


def end(reader: Reader, number: int, start: int) -> int:
    """Return where a content clause ends: where another attribution or a clause of the narrator takes over."""
    tags, forms = reader.tags, reader.sentence.forms
    firsts = {group.first: group for group in reader.groups[number + 1 :]}
    cuts = reader.pack.lists.get("cuts", frozenset())
    if start < reader.count and tags[start] == "Q" and reader.quote_closes(start):
        return start + 1
    k = start
    while k < reader.count:
        tag = tags[k]
        if tag in ",-" and k > start:
            n = k + 1
            if n < reader.count and forms[n] in cuts:
                return k
            while n < reader.count and tags[n] in "CATB" and n not in firsts:
                n += 1
                if n < reader.count and forms[n] in cuts and tags[n - 1] in "C":
                    return k
            if n < reader.count and n not in firsts and tags[n] == "F" and n + 1 in firsts:
                n += 1
            if n in firsts and _takes_over(reader, firsts[n]):
                return k
        elif tag == ";" and k > start:
            return k
        elif tag == "C" and k > start and tags[k - 1] != ",":
            n = k + 1
            if n in firsts and firsts[n].kind == FINITE and _takes_over(reader, firsts[n]) and _narrates(reader, number, firsts[n]):
                return k
        elif tag == "E" and k > start + 1 and k in firsts and tags[k - 1] not in "KCB," and attributes(reader, firsts[k]):
            return k
        k += 1
    stop = reader.count
    while stop > start and tags[stop - 1] in ".,;:-C":
        stop -= 1
    return stop


def attributes(reader: Reader, group: Group) -> bool:
    """Tell whether a preposition names who says it, and not a rule or a need (`وفقا للقانون`)."""
    stop = min(reader.count, group.after + 3)
    return reader.pack.lists.get("no-source", frozenset()).isdisjoint(reader.sentence.forms[group.after : stop])


def _takes_over(reader: Reader, cue: Group) -> bool:
    """Tell whether a later cue has a content of its own."""
    if cue.kind & PRE:
        return attributes(reader, cue)
    if cue.kind == NOUN_CUE:
        return False
    stops = cue.cue.prepositions if cue.cue.frames & (PREPOSITION | ACCUSATION | ATTRIBUTE) else frozenset()
    _, after = phrases.subject(reader.sentence, reader.pack, cue.after, stops)
    kind, _ = marker(reader, cue, after, stops)
    return kind in ("clause", "colon", "preposition", "quote", "object", "wh")


def _narrates(reader: Reader, number: int, cue: Group) -> bool:
    """Tell whether a coordinated verb is the narrator's: in the past, as the first cue is, or neither."""
    future = reader.pack.future
    if future is None:
        return True
    first = reader.groups[number]
    forms = reader.sentence.forms
    return bool(future.search(forms[cue.parts[-1][0]])) == bool(future.search(forms[first.parts[-1][0]]))


def noun_end(reader: Reader, number: int, start: int, stops: frozenset[str] = frozenset()) -> int:
    """Return where a noun phrase complement ends: before a comma, an adverbial clause or another cue."""
    tags, forms = reader.tags, reader.sentence.forms
    firsts = {group.first: group for group in reader.groups[number + 1 :]}
    occasion = reader.pack.lists.get("adverbial-occasions", frozenset()) | reader.pack.lists.get("agent", frozenset())
    continuing = reader.pack.lists.get("continuing", frozenset())
    k = start
    while k < reader.count:
        tag = tags[k]
        if tag == ",":
            n = k + 1
            if n < reader.count and tags[n] in "qQ":
                k += 1
                continue
            if n + 1 < reader.count and tags[n] == "C" and forms[n + 1] in stops and stops:
                k += 2
                continue
            break
        if tag in ".;:)" or (tag == "B" and k > start and forms[k] not in continuing) or (k > start and _occasion(reader, k, occasion)):
            break
        if k > start and tag == "C" and k + 1 in firsts and firsts[k + 1].kind in (FINITE, GERUND) and _takes_over(reader, firsts[k + 1]):
            break
        if k > start and k in firsts and firsts[k].kind & PRE and attributes(reader, firsts[k]):
            break
        if k > start and k in firsts and firsts[k].kind == GERUND and _near(reader, firsts[k].after):
            break
        k += 1
    while k > start and tags[k - 1] in "CPD,-" and forms[k - 1] not in reader.pack.lists.get("breaking", ()):
        k -= 1
    return k


def _occasion(reader: Reader, k: int, occasion: frozenset[str]) -> bool:
    """Tell whether words of time that no noun phrase holds begin at `k`: `خلال مؤتمر`, `عندما`."""
    forms = reader.sentence.forms
    if forms[k] not in occasion:
        return False
    if forms[k] in reader.pack.lists.get("agent", ()):
        return True
    return reader.tags[k] != "P" or (k + 1 < reader.count and forms[k + 1] in reader.pack.lists.get("occasion", ()))
