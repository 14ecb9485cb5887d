"""States, capitals, seats of government and organisations in text: names from CLDR through babel, and gazetteer.toml."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Combining and vowel marks belong to the letter before them: a mention that left them out would cut a character in two.
MARKS = "\u0300-\u036f\u064b-\u065f\u0670"
TOKEN = re.compile(rf"[^\W_](?:[^\W_]|[{MARKS}])*")
GAP = re.compile(r"(?:[.]?[\s\u00a0\u202f]|[-’'.‑/])?[\s\u00a0\u202f]?")
PREFIXES = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "وك")
"""Conjunctions and prepositions that Arabic writes together with the next word."""

ENDINGS = {
    "ru": (
        ("ия", ("ия", "ии", "ию", "ией")),
        ("ая", ("ая", "ой", "ую")),
        ("яя", ("яя", "ей", "юю")),
        ("ое", ("ое", "ого", "ому", "ым", "ом")),
        ("ые", ("ые", "ых", "ым", "ыми")),
        ("ий", ("ий", "ого", "ому", "им", "ом", "его", "ему", "ем")),
        ("ый", ("ый", "ого", "ому", "ым", "ом")),
        ("ы", ("ы", "ов", "ам", "ами", "ах")),
        ("а", ("а", "ы", "и", "е", "у", "ой")),
        ("я", ("я", "и", "е", "ю", "ей")),
        ("ь", ("ь", "я", "ю", "ем", "е", "и", "ью")),
        ("й", ("й", "я", "ю", "ем", "е")),
    ),
    "cs": (
        ("ské", ("ské", "ských", "ským", "skými")),
        ("ký", ("ký", "kého", "kému", "kém", "kým")),
        ("á", ("á", "é", "ou")),
        ("é", ("é", "ých", "ým", "ými", "ého", "ému")),
        ("ie", ("ie", "ii", "ií")),
        ("ko", ("ko", "ka", "ku", "kem")),
        ("o", ("o", "a", "u", "em", "ě")),
        ("a", ("a", "y", "u", "ě", "e", "i", "ou")),
        ("y", ("y", "ů", "ům", "ech", "ami")),
    ),
}
"""Endings of the nominative and what takes their place in the other cases; a word on a consonant adds CONSONANT."""

CONSONANT = {"ru": ("", "а", "у", "ом", "е"), "cs": ("", "u", "em", "ě", "e", "a"), "de": ("", "s")}
VOWELS = "аеёиоуыэюяaeiouyáéěíóúůýäöüьй"


@dataclass(frozen=True, slots=True)
class Entity:
    """A known actor: `kind` as for speakers; `key` tells it from others; `country` is the state it is or stands for."""

    key: str
    kind: str
    country: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity in a text, `[start, end)` in code points."""

    start: int
    end: int
    entity: Entity


class Gazetteer:
    """The names of one language, found word by word, longest first."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        data = _data()
        self._names: dict[str, list[tuple[tuple[str, ...], int, Entity]]] = {}
        self._ambiguous = frozenset(data["ambiguous"].get(lang, "").split("|"))
        for code, name in _state_names(lang):
            self._add(name, Entity(code, "state", code, "name"))
        for code, name in _capital_names(lang):
            self._add(name, Entity(code, "state", code, "capital"))
        for code, name in _entries(data["seats"].get(lang, "")):
            self._add(name, Entity(code, "state", code, "seat"))
        for code, name in _entries(data["organisations"].get(lang, "")):
            self._add(name, Entity(f"org:{code}", "organisation", None, "organisation"))
        for found in self._names.values():
            found.sort(key=lambda item: -len(item[0]))
        self._stems = {stem.lower(): code for code, stem in _entries(data["adjectives"].get(lang, ""))}
        self._endings = ("", *data["endings"].get(lang, "").split("|"))
        self._longest = max(map(len, self._endings))

    def mentions(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
        """Yield the known actors in `text[start:end]`, in text order, not overlapping."""
        end = len(text) if end is None else end
        past = start
        tokens = list(TOKEN.finditer(text, start, end))
        for place, token in enumerate(tokens):
            if token.start() < past:
                continue
            for words, cut, entity in self._names.get(token[0], ()):
                last = place + len(words)
                if last >= len(tokens) + 1 or not _follow(text, tokens, place, words):
                    continue
                begin, stop = token.start() + cut, tokens[last - 1].end()
                if token[0] in self._ambiguous and _beside_name(text, tokens, place, last - 1):
                    continue
                if text[stop : stop + 1] == "." and "." in text[begin:stop]:
                    stop += 1  # The full stop of U.S. is its own.
                yield Mention(begin, stop, entity)
                past = stop
                break

    def nationality(self, word: str) -> str | None:
        """Return the state that an adjective or the name of a people belongs to: `norvégienne`, `Norwegians`, `النرويجي`."""
        low = word.lower()
        for candidate in _bare(low) if self.lang == "ar" else (low,):
            for length in range(self._longest + 1):
                stem = candidate[: len(candidate) - length]
                if len(stem) >= 3 and candidate[len(stem) :] in self._endings and stem in self._stems:
                    return self._stems[stem]
        return None

    def _add(self, name: str, entity: Entity) -> None:
        words = tuple(TOKEN.findall(name))
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        for forms in itertools.islice(itertools.product(*(self._forms(word) for word in words)), 200):
            for prefix, first in self._prefixed(forms[0]):
                entry = ((first, *forms[1:]), len(prefix), entity)
                known = self._names.setdefault(first, [])
                if not any(item[0] == entry[0] for item in known):
                    known.append(entry)

    def _forms(self, word: str) -> tuple[str, ...]:
        if word.isupper() or self.lang not in CONSONANT or len(word) < 3:
            return (word,)
        for ending, others in ENDINGS.get(self.lang, ()):
            if word.endswith(ending):
                return tuple(word[: -len(ending)] + other for other in others)
        if word[-1].lower() in VOWELS and self.lang != "de":
            return (word,)
        return tuple(dict.fromkeys(word + ending for ending in CONSONANT[self.lang] if not word.endswith(ending) or not ending))

    def _prefixed(self, word: str) -> Iterator[tuple[str, str]]:
        yield "", word
        if self.lang == "ar":
            for prefix in PREFIXES:
                yield prefix, prefix + word
            if word.startswith("ال"):
                yield "ل", "لل" + word[2:]
                yield "ول", "ولل" + word[2:]


@functools.cache
def gazetteer(lang: str) -> Gazetteer:
    """Return the gazetteer of a language; for one that is not covered it has CLDR's names alone."""
    return Gazetteer(lang)


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("gazetteer.toml").read_text(encoding="utf-8"))


def _entries(table: str) -> Iterator[tuple[str, str]]:
    for entry in re.split(r",\s+", table.strip()):
        code, _, forms = entry.strip().partition(" ")
        for form in forms.split("|"):
            if form.strip():
                yield code, form.strip()


@functools.cache
def _locale(lang: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale(lang)
    except (UnknownLocaleError, ValueError):
        return {}, {}
    return dict(locale.territories), dict(locale.time_zones)


def _state_names(lang: str) -> Iterator[tuple[str, str]]:
    yield from _entries(_data()["states"].get(lang, ""))
    for code, name in _locale(lang)[0].items():
        if re.fullmatch(r"[A-Z]{2}", code) and code not in {"EU", "EZ", "UN", "XA", "XB", "ZZ", "AQ", "QO"}:
            yield code, re.sub(r"\s*\(.*\)", "", name)


def _capital_names(lang: str) -> Iterator[tuple[str, str]]:
    yield from _entries(_data()["capitals"].get(lang, ""))
    cities = _locale(lang)[1]
    for code, zone in _entries(_data()["capitals"]["zones"]):
        yield code, cities.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")


def _follow(text: str, tokens: list[re.Match[str]], place: int, words: tuple[str, ...]) -> bool:
    for offset in range(1, len(words)):
        token, before = tokens[place + offset], tokens[place + offset - 1]
        if token[0] != words[offset] or not GAP.fullmatch(text, before.end(), token.start()):
            return False
    return True


def _beside_name(text: str, tokens: list[re.Match[str]], first: int, last: int) -> bool:
    """Tell whether a word with a capital or a number stands right before or after, as in `Michael Jordan`, `France 2`, `France-Presse`."""
    if last + 1 < len(tokens):
        after = tokens[last + 1]
        if text[tokens[last].end() : after.start()] in {" ", "-"} and (after[0][0].isupper() or after[0].isdigit()):
            return True
    if first == 0 or text[tokens[first - 1].end() : tokens[first].start()] != " ":
        return False
    before = tokens[first - 1]
    opens = text[: before.start()].rstrip("«“\"' \u00a0\u202f")[-1:] in {"", ".", "!", "?", "\n", ":"}
    return before[0][0].isupper() and not (opens and len(before[0]) <= 4)  # `En France`, at the beginning of a sentence.


def _bare(word: str) -> Iterator[str]:
    """Yield an Arabic word without the prefixes it may have."""
    yield word
    for prefix in ("ال", "وال", "بال", "لل", "كال", "فال", "و", "ولل"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            yield word[len(prefix) :]
