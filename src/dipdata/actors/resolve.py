"""Source mentions -> speakers, article by article: what is said in full once holds for short forms and pronouns after it."""

from __future__ import annotations

import re

from dipdata.actors.gazetteer import gazetteer
from dipdata.actors.mention import PUNCTUATION, WORD, Reading, read, roles
from dipdata.records import Article, Speaker, Statement

SEARCHED = 100_000
"""Code points of an article in which a fuller form of a name is looked for."""


NEAR = 1_200
"""Code points between a person and the pronoun that stands for it."""
PARAGRAPH = re.compile(r"[\r\n]+")


class Memory:
    """The actors of one article so far."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._persons: dict[str, Speaker] = {}
        self._heads: dict[str, Speaker] = {}
        self._full: dict[str, str] = {}
        self._holders: dict[str, str] = {}
        self._titles: dict[str | tuple[str, str], Speaker] = {}
        self._last: tuple[int, Speaker, bool | None] | None = None

    def speakers(self, statement: Statement) -> tuple[Speaker, ...]:
        """Return the speakers of a statement: those it has, with kind and country, else those of its source mention.

        Empty where the text does not tell safely, as for a pronoun without a person in the same paragraph before it.
        """
        surface = " ".join(span.surface for span in statement.source)
        if statement.speakers:
            return tuple(self._completed(speaker, surface) for speaker in statement.speakers)
        found = []
        for part in self._parts(surface):
            reading = read(part, self.article.lang)
            speaker = self._resolve(reading, statement) if reading else None
            if speaker and speaker not in found:
                found.append(speaker)
        return tuple(found)

    @property
    def persons(self) -> dict[str, Speaker]:
        """The persons named so far, by the last word of their names."""
        return self._persons

    def _parts(self, surface: str) -> list[str]:
        """Split a joint source, `Canada and Denmark`, where both sides are known actors."""
        lang = self.article.lang
        found = list(gazetteer(lang).mentions(surface))
        if len(found) == 2:
            between = surface[found[0].end : found[1].start].split()
            before = surface[: found[0].start].strip(PUNCTUATION).lower()
            short = len(before) <= 3 and not surface[found[1].end :].strip(PUNCTUATION)
            if between and between[0].lower() in roles(lang).plain["and"] and len(between) <= 2 and short:
                cut = found[0].end
                return [surface[:cut], surface[found[1].start :]]
        return [surface]

    def _resolve(self, reading: Reading, statement: Statement) -> Speaker | None:
        place = statement.source[0].start
        if reading.pronoun:
            return self._pronoun(reading, place)
        speaker = Speaker(reading.name, reading.kind, reading.country)
        titled = self._titles.get(reading.name.lower()) or self._titles.get((reading.head or "", reading.country or ""))
        if reading.person:
            speaker = self._person(reading)
            for key in (reading.title, (reading.head, speaker.country)):
                if key and all(key):
                    self._titles[key] = speaker  # type: ignore[index]
        elif len(reading.name.split()) == 1 and reading.name.lower() in self._persons:
            speaker = self._persons[reading.name.lower()]
        elif titled and reading.kind == "person":
            speaker = titled
        elif reading.kind == "person" and (holder := self._holder(reading.name)):
            speaker = self._person(Reading(holder, "person", reading.country, holder, reading.head, None, None, None))
        elif reading.kind in {"person", "unknown"} and " " not in reading.name and reading.name[0].isupper() and not reading.entity:
            full = self._named_in_full(reading.name)
            speaker = self._person(Reading(full, "person", None, full, None, None, None, None)) if full != reading.name else speaker
        elif reading.entity is None and reading.head and reading.country is None and len(reading.name.split()) <= 2:
            speaker = self._heads.get(reading.head, speaker)
        if reading.head and speaker.country:
            self._heads[reading.head] = speaker
        if speaker.kind == "person":
            self._last = (place, speaker, reading.feminine)
        else:
            self._last = None
        return speaker if speaker.name else None

    def _person(self, reading: Reading) -> Speaker:
        name = reading.person or reading.name
        if " " not in name and name.lower() not in self._persons:
            name = self._named_in_full(name)
        key = name.split()[-1].lower()
        known = self._persons.get(key)
        if known and len(name.split()) == 1:
            name = known.name
        if known and f" {known.name}".endswith(f" {name}"):
            speaker = Speaker(known.name, "person", known.country or reading.country)
        else:
            speaker = Speaker(name, "person", reading.country)
        self._persons[key] = speaker
        for part in name.lower().split():
            if len(part) > 2:
                self._persons.setdefault(part, speaker)  # Where the surname comes first: Chen Qigang, then Chen.
        return speaker

    def _named_in_full(self, name: str) -> str:
        """Return the name with the first name it has elsewhere in the article, if it has one there and only one."""
        if name not in self._full:
            pattern = rf"(?<![\w-])([^\W\d_][^\W\d_]+(?:-[^\W\d_]+)?) {re.escape(name)}(?![\w-])"
            firsts = {
                first
                for first in re.findall(pattern, self.article.text[:SEARCHED])
                if first[0].isupper() and not first.isupper() and not self._is_common(first)
            }
            self._full[name] = f"{firsts.pop()} {name}" if len(firsts) == 1 else name
        return self._full[name]

    def _is_common(self, word: str) -> bool:
        words_of = roles(self.article.lang)
        lists = ("honorific", "article", "at", "of", "and", "possessive", "nobody")
        return (
            words_of.is_role(word)
            or gazetteer(self.article.lang).nationality(word) is not None
            or any(word.lower() in words_of.plain[name] for name in lists)
            or len(word) < 3
        )

    def _holder(self, title: str) -> str | None:
        """Return who bears a title elsewhere in the article, `le ministre de la Défense Jean Dupont`, if it names one person there."""
        if title not in self._holders:
            name = r"[^\W\d_]+(?:-[^\W\d_]+)?"
            pattern = rf"(?<!\w)(?i:{re.escape(title)}),? ({name} (?:(?:de|da|von|van|al) )?{name})(?!\w)"
            names = {
                found
                for found in re.findall(pattern, self.article.text[:SEARCHED])
                if all(part[0].isupper() for part in found.split()[::2])
            }
            names = {found for found in names if found.split()[-1][0].isupper() and not self._is_common(found.split()[0])}
            self._holders[title] = names.pop() if len(names) == 1 else ""
        return self._holders[title] or None

    def _pronoun(self, reading: Reading, place: int) -> Speaker | None:
        """Return the last speaker where that was a person of no other gender, near, with no other person named in between."""
        if self._last is None:
            return None
        before, speaker, feminine = self._last
        between = self.article.text[before:place]
        fits = feminine is None or reading.feminine is None or feminine == reading.feminine
        if before > place or len(between) > NEAR or len(PARAGRAPH.findall(between)) > 1 or not fits:
            return None
        named = (self._persons.get(word.lower()) for word in WORD.findall(between) if word[0].isupper())
        return None if any(other and other.name != speaker.name for other in named) else speaker

    def _completed(self, speaker: Speaker, surface: str) -> Speaker:
        """Return a speaker that the segmenter named, with the kind and country that its mention or name tells."""
        reading = read(surface, self.article.lang) if surface else None
        if reading is None or reading.pronoun or (reading.person is None and reading.name != speaker.name):
            reading = read(speaker.name, self.article.lang)
        known = self._persons.get(speaker.name.split()[-1].lower()) if speaker.name.split() else None
        kind = speaker.kind
        if kind == "unknown":
            kind = known.kind if known else reading.kind if reading else kind
        country = speaker.country or (reading.country if reading else None) or (known.country if known else None)
        full = Speaker(speaker.name, kind, country)
        if kind == "person":
            self._persons[speaker.name.split()[-1].lower()] = full
        return full
