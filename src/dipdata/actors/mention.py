"""What one source mention says by itself: whose name stands in it, what kind of actor it is, which state it speaks for."""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from dipdata.actors.gazetteer import PREFIXES, Gazetteer, Mention, gazetteer

WORD = re.compile(r"[^\W_]+(?:[.'’‑-][^\W_]+)*\.?")
ELIDED = re.compile(r"[ldnsLDNS](?=['’])|" + WORD.pattern)
"""For French: the elided article is a word of its own."""
PARTICLES = frozenset(
    [
        "de",
        "du",
        "des",
        "da",
        "do",
        "dos",
        "del",
        "della",
        "di",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "zu",
        "bin",
        "ibn",
        "ben",
        "abu",
        "bint",
    ]
)
JOINED = re.compile(r"[a-zа-яё]{1,4}[-’'][^\W\d_]")
"""A name with a small particle before it: `al-Hiti`, `аз-Зубейди`."""
RELATIVE = re.compile(
    r"\s*,?\s+(?:qui|dont|que|who|which|whose|that|quien|que|cuyo|котор\w+|kter\w+|الذي|التي)\s|,\s+(?:der|die|das|deren|dessen)\s+(?=[a-zäöü])"
)
INVERTED = re.compile(r"\At-(?=\w)")
"""The letter that French puts between verb and pronoun: `a-t-il`."""
ABBREVIATED = re.compile(r"\s*\([^()]*\)?\Z")
PUNCTUATION = " ,;:.«»“”\"„'’‘()–—-\u00a0\u202f"


@dataclass(frozen=True, slots=True)
class Reading:
    """A source mention read without its article.

    `person` is the name of a person in it, `title` what stands before that name, `head` the noun that says what the speaker is, both in
    lower case; `entity` is the key of a known actor.
    """

    name: str
    kind: str
    country: str | None
    person: str | None
    head: str | None
    pronoun: str | None
    feminine: bool | None
    entity: str | None
    title: str | None = None


class Roles:
    """The word lists of roles.toml for one language, compiled."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        tables = _data()
        for name in ("person", "state", "organisation", "group", "abroad"):
            setattr(self, name, _matcher(tables[name].get(lang, "").split()))
        self.plain = {
            name: frozenset(tables[name].get(lang, "").split())
            for name in ("honorific", "he", "she", "at", "of", "possessive", "nobody", "article", "and")
        }

    person: re.Pattern[str]
    state: re.Pattern[str]
    organisation: re.Pattern[str]
    group: re.Pattern[str]
    abroad: re.Pattern[str]

    def is_role(self, word: str) -> bool:
        """Tell whether a word is the title or trade of a person, or a body."""
        return any(self.matches(name, word) for name in ("person", "state", "organisation"))

    def matches(self, name: str, word: str) -> bool:
        """Tell whether a word is in a list; in Arabic also behind an article or preposition."""
        pattern: re.Pattern[str] = getattr(self, name)
        low = word.lower().rstrip(".")
        if pattern.fullmatch(low) or ("-" in low and name == "person" and pattern.fullmatch(low.split("-")[0])):
            return True
        if self.lang == "ar":
            return any(low.startswith(prefix) and pattern.fullmatch(low[len(prefix) :]) for prefix in ("ال", "لل", *PREFIXES))
        return False


@functools.cache
def roles(lang: str) -> Roles:
    """Return the role words of a language; empty lists for one that is not covered."""
    return Roles(lang)


def read(surface: str, lang: str) -> Reading | None:
    """Return the reading of a source mention; None where it is empty."""
    words_of, names = roles(lang), gazetteer(lang)
    relative = RELATIVE.search(surface)
    core = surface[: relative.start()] if relative else surface
    tokens = list((ELIDED if lang == "fr" else WORD).finditer(core))
    if not tokens:
        return None
    low = INVERTED.sub("", surface.strip(PUNCTUATION).lower())
    if low in words_of.plain["nobody"]:
        return None
    for table, feminine in (("he", False), ("she", True)):
        if low in words_of.plain[table]:
            return Reading(low, "person", None, None, None, low, feminine, None)
    found = list(names.mentions(core))
    person = _person(core, tokens, found, words_of, names)
    if all(token[0].lower() in words_of.plain["article"] for token in tokens):
        return None
    begin = _after_article(tokens, words_of)
    bare = ABBREVIATED.sub("", core[begin:].strip(" ,;:")).strip(PUNCTUATION)
    whole = next((mention for mention in found if mention.start <= begin + 1 and _covers(core, mention)), None)
    head, kind = _head(tokens, found, words_of)
    opening = person is not None and begin == tokens[0].start() and core.find(person) <= begin and core[begin + len(person) :][:1] == ","
    if opening:
        kind = "person"
    if kind not in {None, "person"} or (kind is None and not _may_be_person(core, tokens, person, begin, words_of)):
        person = None
    if whole and not person and (not head or core[whole.end : whole.end + 1] == ","):
        entity = whole.entity
        return Reading(core[whole.start : whole.end], entity.kind, entity.country, None, None, None, None, entity.key)
    if not person and tokens[0][0].lower() in words_of.plain["possessive"]:
        return None
    kind = "person" if person else kind or _by_shape(tokens, begin, names)
    country = _country(core, tokens, found, words_of, names)
    key = whole.entity.key if whole else None
    title = (bare.partition(person)[0].strip(PUNCTUATION).lower() or None) if person else None
    return Reading(person or bare, kind, country, person, head, None, _gender(tokens, words_of), key, title)


def _person(core: str, tokens: list[re.Match[str]], found: list[Mention], words_of: Roles, names: Gazetteer) -> str | None:
    """Return the name of a person: words with capitals behind a title or honorific, or in apposition."""
    if words_of.lang == "ar":
        return _arabic_person(core, tokens, words_of, names)
    best: list[re.Match[str]] = []
    for run in _runs(core, tokens, found, words_of, names):
        before = tokens[tokens.index(run[0]) - 1][0].lower().rstrip(".") if run[0] is not tokens[0] else ""
        titled = before in words_of.plain["honorific"]
        if len(run) > 2 and not titled and _is_noun(run[0], before, words_of):
            # la ministre de l'Economie Christine Lagarde
            run = list(itertools.dropwhile(lambda token: token[0].lower() in PARTICLES, run[1:]))  # noqa: PLW2901
        behind_role = run[-1] is tokens[-1] and words_of.lang != "de" and words_of.matches("person", before)
        if (len(run) >= 2 or titled or behind_role) and (len(run) > len(best) or titled):
            best = run
            if run[0] is tokens[0] and len(run) >= 2:
                break  # Who opens the mention is who speaks; names after that belong to the apposition.
    return core[best[0].start() : best[-1].end()].strip(PUNCTUATION) if best else None


def _is_noun(token: re.Match[str], before: str, words_of: Roles) -> bool:
    """Tell whether the first word of a run of capitals is no name: it has an article, or is an acronym, or any noun in German."""
    has_article = before in words_of.plain["article"] or before in {"l", "du", "des", "del", "da", "do"}
    return has_article or token[0].isupper() or (words_of.lang == "de" and before != "" and before[0].islower())


def _runs(core: str, tokens: list[re.Match[str]], found: list[Mention], words_of: Roles, names: Gazetteer) -> list[list[re.Match[str]]]:
    """Return the runs of words with capitals, particles between them included, that are no titles, bodies or known places."""
    runs: list[list[re.Match[str]]] = [[]]
    for place, token in enumerate(tokens):
        word = token[0]
        known = any(mention.start < token.end() and token.start() < mention.end for mention in found)
        joined = bool(runs[-1]) and core[runs[-1][-1].end() : token.start()].strip(" \u00a0\u202f.") == ""
        capital = (word[0].isupper() or JOINED.match(word)) and not known and not words_of.is_role(word) and names.nationality(word) is None
        marks = word.lower().rstrip(".") in words_of.plain["honorific"] or (place == 0 and word.lower() in words_of.plain["article"])
        if marks:
            runs.append([])
        elif capital and joined and not (word.isupper() and runs[-1][-1][0].lower() in PARTICLES):
            runs[-1].append(token)
        elif capital:
            runs.append([token])
        elif word.lower() in PARTICLES and joined:
            runs[-1].append(token)
        else:
            runs.append([])
    for run in runs:
        while run and run[-1][0].lower() in PARTICLES:
            run.pop()
    return [run for run in runs if run]


def _arabic_person(core: str, tokens: list[re.Match[str]], words_of: Roles, names: Gazetteer) -> str | None:
    """Return the name behind title and adjective: two to five words up to the end or a comma."""
    last = -1
    for place, token in enumerate(tokens):
        known = words_of.is_role(token[0]) or names.nationality(token[0]) or any(True for _ in names.mentions(token[0]))
        qualified = last >= 0 and place == last + 1 and token[0].startswith(("ال", "لل", "وال"))
        last = place if known or qualified else last
    run = tokens[last + 1 :]
    if last < 0 or not 2 <= len(run) <= 5 or any(token[0] in words_of.plain["at"] or len(token[0]) < 2 for token in run):
        return None
    between = core[run[0].start() : run[-1].end()]
    return between if re.fullmatch(r"[^\W\d_ـ]+(?: [^\W\d_]+)*", between) else None


def _country(core: str, tokens: list[re.Match[str]], found: list[Mention], words_of: Roles, names: Gazetteer) -> str | None:
    """Return the state a mention speaks for: by an adjective, else a name or seat, else a place that is not merely where it is."""
    adjective = next((code for token in tokens if (code := names.nationality(token[0]))), None)
    if adjective and not (found and found[0].start < next(t.start() for t in tokens if names.nationality(t[0]))):
        return adjective
    abroad = any(words_of.matches("abroad", token[0]) for token in tokens)
    body = any(words_of.matches(name, token[0]) for token in tokens for name in ("state", "organisation"))
    for mention in found:
        before = WORD.findall(core[: mention.start])
        located = bool(before) and before[-1].lower() in words_of.plain["at"]
        if mention.entity.country and (not located or (body and not abroad)):
            return mention.entity.country
        if mention.entity.country is None and mention.entity.role == "organisation" and not located:
            return None
    return adjective


def _head(tokens: list[re.Match[str]], found: list[Mention], words_of: Roles) -> tuple[str | None, str | None]:
    """Return the noun that says what the speaker is, in lower case, and the kind.

    It is the first such noun, or, in English and German, where modifiers come first, the last before a preposition.
    """
    heads: list[tuple[str, str]] = []
    for token in tokens:
        if any(mention.start <= token.start() and token.end() <= mention.end for mention in found):
            continue
        if token is not tokens[0] and token[0].lower() in words_of.plain["of"]:
            break
        kind = next((kind for kind in ("group", "person", "state", "organisation") if words_of.matches(kind, token[0])), None)
        if kind:
            heads.append((token[0].lower(), kind))
    if not heads:
        return None, None
    return heads[-1] if words_of.lang in {"en", "de"} else heads[0]


def _may_be_person(core: str, tokens: list[re.Match[str]], person: str | None, begin: int, words_of: Roles) -> bool:
    """Tell whether a name without a known title is a person's: it opens the mention, without an article, or ends it as an apposition."""
    if person is None:
        return False
    start = core.find(person)
    if words_of.plain["honorific"] & {token[0].lower().rstrip(".") for token in tokens}:
        return True
    words = person.split()
    if start <= tokens[0].start():
        # German noun phrases look the same: `Deutsche Bank`, `Addis Abeba`.
        return (
            begin == tokens[0].start() and len(words) <= 4 and not (words_of.lang == "de" and re.search(r"(?:e|er|es|en|is)\Z", words[0]))
        )
    lead = core[:start].rstrip()
    behind_noun = lead[-1:].isalpha() and (lead.split()[-1][0].islower() or words_of.lang == "de")
    no_lead = words_of.plain["at"] | words_of.plain["of"] | words_of.plain["article"] | PARTICLES
    ends = core[start + len(person) :].strip(PUNCTUATION) == ""
    return ends and (lead.endswith(",") or behind_noun) and lead.split()[-1].lower() not in no_lead


def _by_shape(tokens: list[re.Match[str]], begin: int, names: Gazetteer) -> str:
    """Guess the kind of a mention without a known word: an acronym, a people, a name with an article."""
    rest = [token[0] for token in tokens if token.start() >= begin]
    if len(rest) == 1 and rest[0].isupper() and 2 <= len(rest[0]) <= 6:
        return "organisation"
    if len(rest) == 1 and names.nationality(rest[0]) and rest[0][0].isupper():
        return "group"
    capitals = [word for word in rest if word[0].isupper()]
    named = begin > tokens[0].start() and len(capitals) * 2 > len(rest) and rest[0][0].isupper()
    return "organisation" if named and names.lang != "de" else "unknown"


def _covers(core: str, mention: Mention) -> bool:
    """Tell whether a mention at the head is a word of its own there: not the beginning of `Greenland's government`."""
    return mention.end >= len(core.rstrip(PUNCTUATION)) or core[mention.end : mention.end + 1] in " ,"


def _after_article(tokens: list[re.Match[str]], words_of: Roles) -> int:
    first = tokens[0]
    is_article = first[0].lower() in words_of.plain["article"] or (words_of.lang == "fr" and first[0].lower() == "l")
    return tokens[1].start() if is_article and len(tokens) > 1 else first.start()


def _gender(tokens: list[re.Match[str]], words_of: Roles) -> bool | None:
    low = tokens[0][0].lower().rstrip(".")
    if low in {
        "la",
        "une",
        "mme",
        "mlle",
        "mrs",
        "ms",
        "frau",
        "señora",
        "sra",
        "senhora",
        "paní",
        "госпожа",
        "sa",
        "a",
        "her",
        "una",
        "uma",
    }:
        return None if low in {"a", "her", "sa"} and words_of.lang in {"en", "fr"} else True
    if low in {"le", "un", "m", "mr", "sir", "herr", "señor", "sr", "senhor", "pan", "господин", "el", "o", "um", "der"}:
        return False
    return None


def _matcher(words: list[str]) -> re.Pattern[str]:
    patterns = []
    for word in words:
        stem = re.escape(word.strip("-"))
        patterns.append((r"[^\W\d_]*?(?:-)?" if word.startswith("-") else "") + stem + (r"[^\W_]{0,6}" if word.endswith("-") else ""))
    return re.compile("|".join(patterns) or r"(?!)")


@functools.cache
def _data() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))
