"""What single words are in a noun phrase of a language whose verb comes first (Arabic): definite, possessed, surnames, adjectives."""

from __future__ import annotations

import re
from functools import lru_cache

from dipdata.statements.grammar import Pack
from dipdata.statements.tokens import Sentence

_SHORTEST = 2  # letters of a noun before a pronoun
_CIRCUMSTANCE = re.compile("^(?:.ا..|م[^اوي]...?)ا$")  # participles in the accusative
_SAID = frozenset(",:KPQ.")  # classes of what follows a circumstance
_MEMORY = 50_000  # forms remembered


@lru_cache(_MEMORY)
def endings(words: frozenset[str]) -> tuple[str, ...]:
    """Return endings of a list as `str.endswith` takes them."""
    return tuple(words)


def definite(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether the word at `k` bears the article; letters that are read as its first begin names (`ألبير`)."""
    assert pack.clitics is not None
    form = sentence.forms[k]
    if not form.startswith(pack.clitics.article) or len(form) <= _SHORTEST + 1:
        return False
    return sentence.text[sentence.starts[k]] in pack.clitics.article and not _radical(form, pack)


@lru_cache(_MEMORY)
def _radical(form: str, pack: Pack) -> bool:
    """Tell whether a form begins like the article and has none, with or without a pronoun (`التزام`, `التزامهما`)."""
    assert pack.clitics is not None
    known = pack.lists.get("articleless", frozenset())
    return form in known or any(form.endswith(word) and form.removesuffix(word) in known for word in pack.clitics.enclitics)


def circumstance(sentence: Sentence, k: int) -> bool:
    """Tell whether the word at `k` tells how it was said (`قال السفير غاضبا:`): a participle in the accusative before what is said."""
    return sentence.tags[k] == "w" and sentence.tags[k + 1 : k + 2] in _SAID and bool(_CIRCUMSTANCE.search(sentence.forms[k]))


def manner(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether the preposition at `k` and a bare noun tell how it was said, before who says it (`قال بغضب المفاوض البوليفي`)."""
    if (
        sentence.forms[k] not in pack.lists.get("manner", ())
        or sentence.tags[k + 1 : k + 2] not in ("w", "i")
        or k + 2 >= len(sentence.tags)
    ):
        return False
    return not definite(sentence, pack, k + 1) and sentence.tags[k + 2] in "wtj" and definite(sentence, pack, k + 2)


@lru_cache(_MEMORY)
def surname(form: str, pack: Pack) -> bool:
    """Tell whether a definite form may be a surname: no noun that the pack knows."""
    assert pack.clitics is not None
    if form.endswith(tuple(pack.lists.get("plurals", ()))) or pack.letter(form.removeprefix(pack.clitics.article)) == "i":
        return False
    return form not in pack.lexicon and form.removeprefix(pack.clitics.article) not in pack.lexicon


def possessed(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether the noun at `k` has a possessive pronoun written together with it, which makes it definite."""
    form = sentence.forms[k]
    assert pack.clitics is not None
    if not form.endswith(pack.clitics.enclitics) or form in pack.lexicon or sentence.tags[k] not in "wtiMj":
        return False
    if pack.letter(form) != sentence.tags[k]:
        return True
    stems = [form.removesuffix(word) for word in pack.clitics.enclitics if form.endswith(word)]
    return any(pack.lexicon.get(stem, ".") in "wtiMj" for stem in stems if len(stem) > _SHORTEST)


@lru_cache(_MEMORY)
def adjectival(form: str, tag: str, pack: Pack) -> bool:
    """Tell whether a definite form is an adjective rather than a noun: listed, or by its ending."""
    if tag == "j":
        return True
    if tag in "tiM" or form in pack.lists.get("no-adjectives", ()):
        return False
    return form.endswith(tuple(pack.lists.get("adjective-endings", ())))
