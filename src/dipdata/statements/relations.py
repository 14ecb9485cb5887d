"""Addressees and chains: whom it was said to, and who passed it on."""

from __future__ import annotations

from collections.abc import Sequence

from dipdata.statements import nounphrases, sources
from dipdata.statements.grammar import Pack
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range, Sentence

_REACH = 16  # tokens after the cue


def addressees(sentence: Sentence, pack: Pack, group: Group, content: Sequence[Range], source: Range | None) -> list[str]:
    """Return the names of those a cue is addressed to: `a dit [à la presse] que`, `told [the agency]`.

    A bare place name is left out where the language marks both alike (*à Paris*, *à Reuters*).
    """
    markers = pack.lists.get("addressee", frozenset())
    direct = group.cue.lemma in pack.lists.get("dative", ())
    if not markers and not direct:
        return []
    limit = min([first for first, _ in content if first >= group.after], default=len(sentence.tags))
    limit = min(limit, group.after + _REACH)
    tags = sentence.tags
    k = group.after
    if direct and k < limit and tags[k] in "DUwtj#M" and not (source and source[0] <= k < source[1]):
        stop = min(nounphrases.noun_phrase(sentence, pack, k), limit)
        while stop > k and tags[stop - 1] in "GATN":
            stop -= 1
        return [name(sentence, k, stop)] if stop > k else []
    while k + 1 < limit:
        if sentence.forms[k] in markers and not (source and source[0] <= k < source[1]):
            stop = min(nounphrases.noun_phrase(sentence, pack, k + 1), limit)
            if source and k + 1 < source[0] < stop:
                stop = source[0]
            while stop > k + 1 and tags[stop - 1] in "GATN":
                stop -= 1
            bare = stop == k + 2 and tags[k + 1] == "U"
            nameless = stop == k + 2 and tags[k + 1] != "U"
            if stop > k + 1 and not bare and not nameless and "i" not in tags[k + 1 : stop]:
                return [name(sentence, k + 1, stop)]
        if tags[k] in ".:;QKRPXZ":
            break
        k += 1
    return []


def quoted_by(sentence: Sentence, pack: Pack, group: Group) -> list[str]:
    """Return who is said to quote the speaker: `a dit X, cité par [Y]`."""
    quoting = pack.lists.get("quoting", frozenset())
    if not quoting:
        return []
    for k in range(group.after, min(len(sentence.tags), group.after + _REACH)):
        if sentence.forms[k] in quoting:
            found, _ = sources.agent(sentence, pack, k + 1, k + 4)
            return [name(sentence, *found)] if found else []
    return []


def name(sentence: Sentence, first: int, stop: int) -> str:
    """Return the words of a noun phrase, without the article before a proper name."""
    if stop - first > 1 and sentence.tags[first] == "D" and not sentence.tags[first + 1 : stop].strip("U"):
        first += 1
    return " ".join(sentence.text[sentence.starts[first] : sentence.ends[stop - 1]].split())
