"""Source mentions -> speakers, article by article: what is said in full once holds for short forms and pronouns after it."""

from __future__ import annotations

from dipdata.actors.gazetteer import gazetteer
from dipdata.actors.mention import PUNCTUATION, Reading, read, roles
from dipdata.records import Article, Speaker, Statement


class Memory:
    """The actors of one article so far."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self._persons: dict[str, Speaker] = {}
        self._heads: dict[str, Speaker] = {}
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
        if reading.person:
            speaker = self._person(reading)
        elif reading.entity is None and reading.head and reading.country is None and len(reading.name.split()) <= 2:
            speaker = self._heads.get(reading.head, speaker)
        elif len(reading.name.split()) == 1 and reading.name.lower() in self._persons:
            speaker = self._persons[reading.name.lower()]
        if reading.head and speaker.country:
            self._heads[reading.head] = speaker
        if speaker.kind == "person":
            self._last = (place, speaker, reading.feminine)
        else:
            self._last = None
        return speaker if speaker.name else None

    def _person(self, reading: Reading) -> Speaker:
        name = reading.person or reading.name
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

    def _pronoun(self, reading: Reading, place: int) -> Speaker | None:
        """Return the last speaker where that was a person of no other gender in this paragraph."""
        if self._last is None:
            return None
        before, speaker, feminine = self._last
        same_paragraph = "\n" not in self.article.text[before:place] and "\r" not in self.article.text[before:place]
        fits = feminine is None or reading.feminine is None or feminine == reading.feminine
        return speaker if before <= place and same_paragraph and fits else None

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
