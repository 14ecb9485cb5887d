"""languages/<code>.toml -> Pack: all that the engine knows of a language, compiled once and kept.

A pack is a dictionary from word forms to what the form can be. Forms come from word lists and from paradigms, so that finding a cue is
one dictionary lookup a word, whatever the size of the lexicon. The form of the file is described in docs/languages.md.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from dipdata.problems import CannotRunError
from dipdata.statements.cases import compile_cases
from dipdata.statements.clitics import Clitics
from dipdata.statements.grammar import (
    ACTIVE,
    CLASSES,
    CLAUSE,
    FRAMES,
    HEARSAY,
    INFINITIVE_FORM,
    NOUN_CUE,
    PAREN,
    POST,
    PRE,
    QUOTE,
    TRAITS,
    Cue,
    Pack,
)
from dipdata.statements.paradigms import Paradigms

_WORD = re.compile(r"[^\W\d_]+")
FOLDER = Path(__file__).parent / "languages"

# Lists of words that belong to two classes (see homonyms.py).
HOMONYMS = frozenset(
    {
        "subordinators-before-pronouns",
        "markers-before-verbs",
        "participle-determiners",
        "preposition-articles",
        "clitic-determiners",
        "as",
        "reflexive-subordinators",
        "relative-complementisers",
    }
)


def codes() -> list[str]:
    """Return the codes of the languages that have a pack."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@functools.cache
def get(code: str | None) -> Pack | None:
    """Return the pack of a language (ISO 639-1 code), or None where there is none.

    Raises CannotRunError where the pack cannot be read or names what the engine does not know.
    """
    if not code or not code.isalpha():
        return None
    path = FOLDER / f"{code}.toml"
    if not path.is_file():
        return None
    try:
        return compile_pack(tomllib.loads(path.read_text(encoding="utf-8")), code)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, ValueError, TypeError, re.error) as error:
        raise CannotRunError(f"{path}: {error}. docs/languages.md describes the form of a language pack.") from error


def compile_pack(values: dict[str, Any], code: str) -> Pack:
    """Return the Pack for the values of a TOML file. Raises ValueError where it names an unknown class, frame or trait."""
    traits = TRAITS | values.get("traits", {})
    if unknown := set(traits) - set(TRAITS):
        raise ValueError(f"unknown trait {sorted(unknown)[0]!r}")
    lexicon: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    letters = str.maketrans(values.get("tokens", {}).get("letters", {}))
    unguessed = frozenset(values.get("tokens", {}).get("unguessed", "").split())  # as written, before letters are made one
    if letters:
        values = _alike(values, letters)
    tokens = values.get("tokens", {})
    pattern = _token(tokens)

    def phrase(words: str, key: str) -> bool:
        """Take a form of several tokens as a phrase; False where it is one token."""
        first, *rest = (match[0].lower() for match in pattern.finditer(words.replace("_", " ")))
        if rest:
            phrases.setdefault(first, []).append((tuple(rest), key))
        return bool(rest)

    for name, words in values.get("words", {}).items():
        letter = CLASSES.get(name)
        if letter is None:
            raise ValueError(f"unknown word class {name!r} under [words]")
        for word in words.split():
            if not phrase(word, letter):
                lexicon.setdefault(word, letter)
    cues: dict[str, list[Cue]] = {}
    expand = Paradigms(values.get("paradigms", {}), values.get("forms", {}), values.get("declensions", {}), tokens.get("negative", ""))
    for group in values.get("verbs", ()):
        for lemma in group["words"].split():
            for form, cue in _verb(lemma, group, expand, pattern):
                cues.setdefault(form, []).append(cue)
    for section, kind in (("nouns", NOUN_CUE), ("prepositions", PRE), ("postpositions", POST), ("hearsay", HEARSAY)):
        for group in values.get(section, ()):
            frames = _frames(group.get("frames", "clause"))
            accepts = _word_list(group.get("prepositions", ""), pattern)
            for word in _alternatives(group["words"]):
                form = word.replace("_", " ")
                heads = _word_list(group.get("heads", ""), pattern)
                closing = bool(group.get("closing", False))
                opening = bool(group.get("opening", False))
                scope = group.get("scope", "speech")
                cues.setdefault(form, []).append(Cue(form, kind, frames, scope, accepts, closing=closing, opening=opening, heads=heads))
                phrase(word, form)
    together: dict[tuple[int, ...], list[Cue]] = {}  # most forms of a verb share their readings

    def merge(readings: list[Cue]) -> list[Cue]:
        key = tuple(map(id, readings))
        if key not in together:
            together[key] = _merged(readings)
        return together[key]

    cues = {
        form: merge(readings)
        for form, readings in cues.items()
        if lexicon.get(form, "w") not in "PGDKRBSFN" or readings[0].kind & (PRE | POST | HEARSAY)
    }
    triggers: set[str] = set()
    openers: set[str] = set()
    several = {key for options in phrases.values() for _, key in options}
    for form, readings in cues.items():
        (openers if all(reading.opening for reading in readings) else triggers).update(_WORD.findall(form)[:1])
        if form not in several:
            kinds = 0
            for reading in readings:
                kinds |= reading.kind
            bare = [reading for reading in readings if not reading.tail and not (reading.particle and lexicon.get(form) in ("X", "Z"))]
            if kinds & (PRE | POST):
                if not any(reading.closing or reading.opening or reading.heads for reading in readings):
                    lexicon[form] = "E"
            elif kinds & NOUN_CUE and not kinds & ~NOUN_CUE:
                lexicon.setdefault(form, "M")
            elif not kinds & ~(ACTIVE | HEARSAY):
                lexicon.setdefault(form, "A" if kinds == HEARSAY else "j")
            elif bare or form not in lexicon:
                lexicon[form] = "V"
    pack = Pack(
        code=code,
        name=values["name"],
        traits=traits,
        token=pattern,
        lexicon=lexicon,
        cues={form: tuple(readings) for form, readings in cues.items()},
        phrases={first: _by_second(options) for first, options in phrases.items()},
        triggers=frozenset(triggers),
        openers=frozenset(openers),
        moods=frozenset(values.get("moods", {}).get("reporting", "").split()),
        future=re.compile(f"(?:{future})$") if (future := values.get("moods", {}).get("future")) else None,
        suffixes=tuple((re.compile(f"(?:{pattern})$"), CLASSES[name]) for name, pattern in values.get("suffixes", {}).items()),
        abbreviations=frozenset(tokens.get("abbreviations", "").split()),
        enclitics=frozenset(tokens.get("enclitics", "").split()),
        homonyms=_homonyms(values.get("lists", {}), pattern),
        homographs=frozenset(values.get("homographs", {}).get("nouns", "").split()),
        quotes=tokens.get("quotes", ""),
        lists={name: _word_list(words, pattern) for name, words in values.get("lists", {}).items()},
        cases=compile_cases(values.get("cases", {})),
    )
    if tokens.get("proclitics"):
        pack.clitics = _clitics(tokens, values.get("homographs", {}).get("possessed", ""), pack, letters, unguessed)
        cut = pack.clitics.forms
        pack.phrases = {
            first: _by_second([(tuple(form for word in rest for form in cut(word)), key) for rest, key in options])
            for first, options in phrases.items()
        }
    return pack


def _alike(value: Any, letters: dict[int, str]) -> Any:
    """Return the values of a pack with the letters that are written alike made one, keys of words included."""
    if isinstance(value, dict):
        return {key.translate(letters): _alike(item, letters) for key, item in value.items()}
    if isinstance(value, list):
        return [_alike(item, letters) for item in value]
    return value.translate(letters) if isinstance(value, str) else value


def _clitics(tokens: dict[str, Any], possessed: str, pack: Pack, letters: dict[int, str], unguessed: frozenset[str]) -> Clitics:
    bound = tokens.get("bound", "").split()
    whole = frozenset(word for word in (*pack.phrases, *tokens.get("whole", "").split()) if len(word) > 1)
    return Clitics(
        lexicon=pack.lexicon,
        guess=pack.letter,
        letters=letters,
        proclitics={word: pack.lexicon.get(word, "C") for word in tokens["proclitics"].split()},
        enclitics=tuple(sorted(tokens.get("hanging", "").split(), key=lambda word: (-len(word), word))),
        article=tokens.get("article", ""),
        contracting=frozenset(tokens.get("contracting", "").split()),
        bound=tuple(zip(bound[::2], bound[1::2], strict=True)),
        hosts="KCBPVvXW",
        whole=whole,
        nominal=frozenset(possessed.split()),
        certain=re.compile(f"(?:{certain})$") if (certain := tokens.get("certain")) else None,
        unguessed=unguessed,
        guessing=frozenset(tokens.get("guessing", "").split()),
        triggers=pack.triggers,
    )


def _by_second(options: list[tuple[tuple[str, ...], str]]) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Return the phrases that begin with one word by their second, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for rest, key in options:
        found.setdefault(rest[0], []).append((rest, key))
    return {second: tuple(sorted(some, key=lambda item: -len(item[0]))) for second, some in found.items()}


def _merged(readings: list[Cue]) -> list[Cue]:
    """Make one reading of those that differ in frames alone, as when a verb stands in several groups."""
    merged: dict[tuple[object, ...], Cue] = {}
    for cue in readings:
        key = (cue.lemma, cue.kind, cue.scope, cue.tail, cue.particle, cue.reflexive)
        known = merged.get(key)
        merged[key] = replace(known, frames=known.frames | cue.frames, prepositions=known.prepositions | cue.prepositions) if known else cue
    return list(merged.values())


def _homonyms(lists: dict[str, str], pattern: re.Pattern[str]) -> dict[str, frozenset[str]]:
    """Return the words of two classes, with the names of the lists that hold each."""
    found: dict[str, set[str]] = {}
    for name in HOMONYMS & lists.keys():
        for form in _word_list(lists[name], pattern):
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


def _alternatives(words: str) -> Iterator[str]:
    """Yield the words of a list; `[a|b]` inside a word stands for either (`по_[его|её]_словам`)."""
    for word in words.split():
        parts = [part.split("|") for part in re.split(r"[][]", word)]
        yield from ("".join(choice) for choice in itertools.product(*parts))


def _word_list(words: str, pattern: re.Pattern[str]) -> frozenset[str]:
    """Return the forms of a list; a phrase reads as the engine joins its tokens, with single spaces."""
    return frozenset(" ".join(match[0] for match in pattern.finditer(word.replace("_", " "))) for word in words.split())


def _frames(names: str) -> int:
    mask = 0
    for name in names.split():
        if name not in FRAMES:
            raise ValueError(f"unknown frame {name!r}; known are {', '.join(FRAMES)}")
        mask |= FRAMES[name]
    if mask & (CLAUSE | QUOTE):
        mask |= PAREN
    return mask


def _verb(lemma: str, group: dict[str, Any], expand: Paradigms, pattern: re.Pattern[str]) -> Iterator[tuple[str, Cue]]:
    frames = _frames(group["frames"])
    if group.get("parenthetical") is False:
        frames &= ~PAREN
    particle, _, stem = lemma.rpartition("|")
    name = " ".join(match[0] for match in pattern.finditer(re.sub("~[^_]*", "", lemma).replace("_", " ")))
    head, *tail = stem.split("_")
    reflexive = bool(group.get("reflexive", False))
    common = Cue(
        lemma=name,
        kind=0,
        frames=frames,
        scope=group.get("scope", "speech"),
        prepositions=_word_list(group.get("prepositions", ""), pattern),
        tail=tuple(tail),
    )
    made: dict[tuple[int, str | None, bool], Cue] = {}

    def cue(kind: int, apart: str | None = None, needs_reflexive: bool = False) -> Cue:
        key = (kind, apart, needs_reflexive)
        if key not in made:
            made[key] = replace(common, kind=kind, particle=apart, reflexive=needs_reflexive)
        return made[key]

    for form, kind, fused in expand.forms(head):
        if reflexive or not fused:
            yield form, cue(kind, particle or None, reflexive and not fused)
        if particle:  # a separable verb: its particle is written before the stem where the verb closes the clause
            yield particle + ("zu" if kind == INFINITIVE_FORM else "") + form, cue(kind)
            if kind == INFINITIVE_FORM:
                yield particle + form, cue(kind)


def _token(tokens: dict[str, Any]) -> re.Pattern[str]:
    """Return the token pattern. Each alternative is linear: no quantifier inside another over the same characters."""

    def either(key: str, quote: str = "'") -> str:
        words = {variant for word in tokens.get(key, "").split() for variant in (word, word.capitalize(), word.upper())}
        return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word))).replace(quote, "['’]")

    enclitics, endings, elisions = either("enclitics"), either("endings"), either("elisions")
    barrier = "".join(rf"(?!(?:{group})(?!\w))" for group in (enclitics, endings) if group)
    marks = r"\u0300-\u036f\u0640\u064b-\u065f\u0670"
    # a cheap look ahead spares most tokens the long alternations
    parts = [rf"(?=\w{{1,8}}['’])(?:{elisions})['’]"] if elisions else []
    parts += [
        rf"(?=[-'’\w]['’\w]{{0,8}})(?:{group})(?!\w)" if group is endings else rf"(?=-)(?:{group})(?!\w)"
        for group in (enclitics, endings)
        if group
    ]
    parts.append(r"(?:[^\W\d_]\.){2,}")
    parts.append(r"\d+(?:[.,:]\d+)+")
    parts.append(rf"\w+(?:(?:{barrier}[-'’]|[{marks}]{{1,4}})\w+)*[{marks}]{{0,4}}")
    parts.append(r"--+|\.\.+|[^\w\s]")
    return re.compile("|".join(parts))


@functools.cache
def bare(code: str) -> Pack:
    """Return a pack that knows no words, for languages that have none: quotation marks alone."""
    return compile_pack({"name": code}, code)
