"""Prepositions that are written together with a word we do not know: cut off where a verb asks for them (`اتهم X بحشد قوات`), and not
where a name must stand (`قال ليونيد`)."""

from __future__ import annotations

from functools import lru_cache

from dipdata.statements.grammar import Pack

_MEMORY = 50_000  # forms remembered
_FAR = 40  # tokens: how far after a verb its preposition is looked for
_LONGEST = 5  # letters of a name that has the form of a verbal noun
_SHORTEST = 3  # letters of what is left


def cut(starts: list[int], ends: list[int], forms: list[str], tags: list[str], pack: Pack) -> None:
    """Make two tokens of each such word; `starts` and `ends` are code points."""
    assert pack.clitics is not None
    for verb in [k for k, tag in enumerate(tags) if tag == "V"][::-1]:
        wanted = _wanted(forms[verb], pack)
        k = _host(verb, wanted, forms, tags, pack) if wanted else -1
        if k < 0:
            continue
        proclitic = next(word for word in wanted if forms[k].startswith(word))
        middle = starts[k] + len(proclitic)
        ends.insert(k, middle)
        starts.insert(k + 1, middle)
        forms[k : k + 1] = [proclitic, forms[k][len(proclitic) :]]
        tags[k : k + 1] = ["P", pack.clitics.guess(forms[k + 1])]


@lru_cache(_MEMORY)
def _wanted(form: str, pack: Pack) -> frozenset[str]:
    """Return the prepositions written together with a word that a form of a cue asks for."""
    assert pack.clitics is not None
    return frozenset(word for cue in pack.cues.get(form, ()) for word in cue.prepositions if word in pack.clitics.proclitics)


def _host(verb: int, wanted: frozenset[str], forms: list[str], tags: list[str], pack: Pack) -> int:
    """Return the word that may hold a preposition which the verb wants, or -1: also where what marks its content stands there already.

    The first word after the verb is its subject rather, if there is another.
    """
    assert pack.clitics is not None
    found: list[int] = []
    for k in range(verb + 1, min(len(tags), verb + _FAR)):
        if tags[k] == "q" and found and found[-1] == k - 1:
            break  # `توعد X برد «ساحق»`
        if tags[k] in "KQq:" or (tags[k] == "P" and forms[k] in wanted):
            return -1
        if tags[k] in ".;VvRB":
            break
        unknown = (
            (tags[k] == "w" or (tags[k] == "j" and forms[k][1:] in pack.lexicon))
            and forms[k] not in pack.lexicon
            and forms[k] not in pack.clitics.whole
        )
        if unknown and any(_holds(forms[k], word, pack) for word in wanted):
            found.append(k)
    return next((k for k in found if k > verb + 1), found[0] if found else -1)


def _holds(form: str, preposition: str, pack: Pack) -> bool:
    """Tell whether an unknown form may be a preposition and a noun: one of some length, or one that we know."""
    rest = form.removeprefix(preposition)
    return rest != form and (len(rest) >= _SHORTEST or rest in pack.lexicon)


def rejoin(starts: list[int], ends: list[int], forms: list[str], tags: list[str], pack: Pack) -> None:
    """Make one token again of a preposition and an unknown word where a name stands: after a verb that asks for none, a title, a name."""
    assert pack.clitics is not None
    names = pack.clitics.names
    for k in [k for k, form in enumerate(forms) if form in names][::-1]:
        if not 0 < k < len(forms) - 1 or forms[k + 1] in pack.lexicon or ends[k] != starts[k + 1] or not _unknown(k + 1, forms, tags, pack):
            continue
        before, name = tags[k - 1], not (pack.clitics.certain and pack.clitics.certain.search(forms[k + 1]))
        if (
            tags[k] == "C"
            or (name and before == "V" and forms[k] not in _wanted(forms[k - 1], pack))
            or (name and before == "t")
            or (k > 1 and (tags[k - 2] == "," or (name and tags[k - 2] != "P")) and _unknown(k - 1, forms, tags, pack))
        ):
            ends[k : k + 2] = [ends[k + 1]]
            forms[k : k + 2] = [forms[k] + forms[k + 1]]
            tags[k : k + 2] = ["w"]
            del starts[k + 1]


def _unknown(k: int, forms: list[str], tags: list[str], pack: Pack) -> bool:
    """Tell whether nothing is known of the word at `k`, as of most names: neither it nor a noun that it is made of."""
    assert pack.clitics is not None
    form = forms[k]
    if (
        not (tags[k] in "wv" or (tags[k] == "i" and len(form) <= _LONGEST))
        or form in pack.lexicon
        or form.startswith(pack.clitics.article)
        or form in pack.clitics.whole
    ):
        return False
    return not any(form.endswith(word) and form.removesuffix(word) in pack.lexicon for word in pack.clitics.enclitics)
