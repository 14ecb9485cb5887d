"""zones.toml compiled: the tests on one line that its words allow. All tests take the line in lower case unless they say otherwise."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*")
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
INITIALS = re.compile(r"[^\W\d_]{2,3}/[^\W\d_]{2,3}")
COUNT = r"(?:\s*\([^()]{0,14}\))?"
SEPARATOR = r"[\s|·•/,:;>–—\-\[\]]+"
NAME = r"[^\s:;!?][^:;!?]{1,70}"


def _alternatives(words: Iterable[str]) -> str:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+").replace("'", "['’]") for word in longest_first)


class Vocabulary:
    """The words of one article language, with those of all languages where pages mix them."""

    def __init__(self, tables: dict[str, dict[str, list[str]]], lang: str) -> None:
        every = {name: [word for words in table.values() for word in words] for name, table in tables.items()}
        self.dates = {part for word in every["date"] for part in word.split()}
        self.labels = {part for word in every["published"] for part in word.split()}
        self.agencies = frozenset(every["agencies"])
        self.names = frozenset(every["names"])
        published = _alternatives(every["published"])
        self.PUBLISHED = re.compile(rf"(?<!\w)(?:{published})(?!\w)")
        self.STARTS = re.compile(rf"[\s|•·(\[–—-]*(?:{published})(?!\w)")
        self.DATED = re.compile(rf"(?<!\w)(?:{published})\s*:?\s*(?:le|el|am|at|on|em|в|في|dne)?\s*:?\s*[0-9]{{1,4}}")
        # A page whose times stood in elements that were left out: `Par A. B. | Publié le - Mis à jour le`.
        self.ENDS = re.compile(rf"(?:{published})(?:\s(?:le|el|am|at|on|em|в|في|dne))?\s*:?\Z")
        label = _alternatives(every["labels"])
        self.LABELS = re.compile(rf"[\s|·•\-–—\[]*(?:(?:{label}){COUNT}(?:{SEPARATOR}|\Z))+")
        self.first_labels = {WORD.findall(word)[0] for word in every["labels"]}
        self.notices = tuple(every["notices"])
        strict, loose = _alternatives(every["teasers"]), _alternatives(every["teasers_loose"])
        after = r"(?:\s*\([0-9]+\))?\s*(?:[:：>|…\])]|[–—-]\s|\Z)"
        self.TEASER = re.compile(rf"[\s►▶▸•●■*→>·\[(\-–—]*(?:(?P<strict>{strict}){after}|(?:{loose})\s+\S)", re.I)
        self.first_teasers = {WORD.findall(word)[0] for word in every["teasers"]}
        picture = _alternatives(every["picture"])
        lead = r"(?:^|(?<=[\s|(\[.–—/-]))"
        self.COLON_CREDIT = re.compile(rf"{lead}(?:{picture})(?:\s?[:©]\s?|\s/\s)(?:{NAME})\Z", re.I)
        self.BARE_CREDIT = re.compile(rf"(?:[|(\[]\s*|\s[–—-]\s|\A|[.!?»”\"]\s)(?P<at>(?:{picture})\s+\S.{{1,90}})\Z", re.I)
        self.COPYRIGHT = re.compile(r"©\s?(?![0-9]{4}\b)\S.{1,60}\Z")
        self.BAR_CREDIT = re.compile(r"[|]\s*(?P<at>[^|]{2,60})\Z|(?P<slash>\([^()]{2,40}\s/\s[^()]{2,40}\))\Z")
        agency = _alternatives(every["pictures"])
        before = r"(?:\A|[.!?»”\"|–—(]\s*|\s-\s)"
        name_first = rf"(?:[^.!?|():;\"“]|(?<=\b\w)\.){{2,45}}/\s?(?:{agency})\)?"
        agency_first = rf"(?:{agency})\s?/\s?[^.!?|():;,]{{3,40}}\)?"
        self.SLASH_CREDIT = re.compile(rf"{before}(?P<at>{name_first}|{agency_first})\Z", re.I)
        self.rights = tuple(every["rights"])
        self.picture = tuple(sorted({word.split()[0] for word in every["picture"]}))
        own = tables["byline"].get(lang, []) + (tables["byline"]["en"] if lang != "en" else [])
        self.BYLINE = re.compile(rf"(?:{_alternatives(own)})(?:\s*:\s*|\s+)(?=\S)", re.I)

    def other_words(self, low: str) -> int:
        """Return how many words of the line are neither publication words nor parts of a date."""
        return sum(word.rstrip(".") not in self.dates and word not in self.labels for word in WORD.findall(low))

    def starts_published(self, low: str) -> bool:
        """Tell whether the line begins with a publication word."""
        return self.STARTS.match(low) is not None

    def is_date_line(self, low: str) -> bool:
        """Tell whether the line is a date or time with a year and nothing else."""
        return len(low) <= 60 and YEAR.search(low) is not None and all(word in self.dates for word in WORD.findall(low))

    def is_label(self, low: str) -> bool:
        """Tell whether the line is a row of buttons."""
        if len(low) > 160:
            return False
        head = WORD.search(low)
        return head is not None and head[0].replace("’", "'") in self.first_labels and self.LABELS.fullmatch(low) is not None

    def is_notice(self, low: str) -> bool:
        """Tell whether the line is a notice of rights, a call to subscribe and the like."""
        return len(low) <= 200 and (low.startswith(self.notices) or (low.startswith("©") and low[1:6].strip()[:4].isdigit()))

    def teaser(self, text: str) -> bool | None:
        """Return whether a pointer to other articles stands alone on the line (in any case); None where the line is none."""
        if len(text) > 300:
            return None
        head = WORD.search(text)
        if head is None or head[0].lower() not in self.first_teasers:
            return None
        match = self.TEASER.match(text)
        if match is None:
            return None
        return match["strict"] is not None and not text[match.end() :].strip(" :…>»])|")

    def may_be_credit(self, low: str) -> bool:
        """Tell, quickly, whether the line may end in a picture credit."""
        return (
            "©" in low
            or "|" in low
            or low.endswith(")")
            or "/" in low[-60:]
            or any(word in low for word in self.picture)
            or any(word in low for word in self.rights)
        )

    def credit_at(self, text: str, low: str, *, in_header: bool) -> int:
        """Return where in the line (any case) the picture credit begins, -1 where there is none.

        Credits without a colon, which prose may resemble, count only in the header.
        """
        found = self.COLON_CREDIT.search(text) or self.COPYRIGHT.search(text)
        if found:
            return found.start()
        if any(word in low for word in self.rights) and len(text) <= (400 if in_header else 300):
            bar = self.BAR_CREDIT.search(text)
            return bar.start(bar.lastgroup or 0) if bar else len(text)
        slash = self.SLASH_CREDIT.search(text, max(0, len(text) - 120)) if "/" in text[-60:] else None
        if slash:
            return slash.start("at")
        if not in_header:
            return -1
        found = self.BARE_CREDIT.search(text) or self.BAR_CREDIT.search(text)
        return found.start(found.lastgroup or 0) if found else -1

    def is_byline(self, text: str, low: str) -> bool:
        """Tell whether the line says who wrote the article and nothing else."""
        if len(text) > 90 or text[-1] in ".!?…":
            return False
        if low in self.agencies:
            return True
        match = self.BYLINE.match(text)
        if match is None:
            return False
        rest = WORD.findall(text[match.end() :])
        cased = text.lower() != text.upper()
        if not cased:
            return ":" in match[0] and len(rest) <= 8
        return (
            0 < len(rest) <= 10
            and all(word[0].isupper() or word in self.names for word in rest)
            and any(word[0].isupper() for word in rest)
        )

    def is_signature(self, low: str) -> bool:
        """Tell whether the line is a closing signature: `hp/jw`, `fm/hk (mit dpa)`."""
        if INITIALS.fullmatch(low):
            return True
        if len(low) > 60 or not low.endswith(")"):
            return False
        head, _, inside = low[:-1].rpartition("(")
        return len(head) <= 25 and any(word in self.agencies or word in self.names or word == "agence" for word in WORD.findall(inside))


@functools.cache
def vocabulary(lang: str) -> Vocabulary:
    """Return the vocabulary for articles in `lang`; an unknown language has no bylines of its own."""
    return Vocabulary(tomllib.loads(Path(__file__).with_name("zones.toml").read_text(encoding="utf-8")), lang)
