"""Proposed targets: the states, organisations and persons that a statement's content speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dipdata.actors.gazetteer import MARKS, gazetteer
from dipdata.actors.mention import roles
from dipdata.records import Article, Span, Speaker, Statement

MOST = 3
"""Targets proposed at most; annotators add what is missing faster than they delete."""
SENTENCE = 400
"""Code points around the content in which an addressee is looked for."""
SHORT = 4
"""Words that a content may have to be itself the thing spoken of: `the measure`."""
NAME = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*(?:[-’'](?:[^\W\d_]|[{MARKS}])+)*")


def propose(article: Article, statement: Statement, speakers: Iterable[Speaker], persons: dict[str, Speaker]) -> tuple[Span, ...]:
    """Return up to MOST targets in text order, as spans of the article's text: never the speaker or the state it speaks for.

    Each actor counts once, at its first mention. Where the content names none, an addressee in the sentence is the target, or the content
    itself if it is a short noun phrase.
    """
    text, lang = article.text, article.lang
    own = {speaker.name.lower() for speaker in speakers} | {speaker.country for speaker in speakers if speaker.country}
    found: list[tuple[int, int]] = []
    seen: set[str] = set()
    for span in statement.content:
        mentions = [(mention.start, mention.end, mention.entity.key) for mention in gazetteer(lang).mentions(text, span.start, span.end)]
        taken = [(start, end) for start, end, _ in mentions]
        mentions += _persons(text, span, persons, taken)
        for start, end, key in sorted(mentions):
            surface = text[start:end].lower()
            if key not in seen and key not in own and surface not in own:
                seen.add(key)
                found.append((start, end))
    if not found:
        found = _addressees(text, statement, own) or _phrase(text, statement, lang)
    return tuple(Span(start, end, text[start:end]) for start, end in sorted(found)[:MOST])


def _persons(text: str, span: Span, persons: dict[str, Speaker], taken: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Return the mentions of persons that the article names: the words of one name that stand together."""
    found: list[tuple[int, int, str]] = []
    for match in NAME.finditer(text, span.start, span.end):
        speaker = persons.get(match[0].lower())
        if speaker is None or not match[0][0].isupper() or any(start < match.end() and match.start() < end for start, end in taken):
            continue
        key = speaker.name.lower()
        if found and found[-1][2] == key and match.start() - found[-1][1] == 1:
            found[-1] = (found[-1][0], match.end(), key)
        else:
            found.append((match.start(), match.end(), key))
    return found


def _addressees(text: str, statement: Statement, own: set[str]) -> list[tuple[int, int]]:
    found = []
    first, last = statement.content[0].start, statement.content[-1].end
    for name in statement.addressees:
        low = max(text.rfind("\n", 0, first) + 1, first - SENTENCE)
        high = text.find("\n", last)
        place = text.find(name, low, min(high if high >= 0 else len(text), last + SENTENCE))
        if place >= 0 and name.lower() not in own:
            found.append((place, place + len(name)))
    return found


def _phrase(text: str, statement: Statement, lang: str) -> list[tuple[int, int]]:
    if len(statement.content) != 1:
        return []
    span = statement.content[0]
    words = NAME.findall(span.surface)
    elided = words and re.match(r"[lL]['’]", words[0]) is not None
    plain = not re.search(r"[«»“”\"„;:,]", span.surface)
    if 1 < len(words) <= SHORT and plain and (words[0].lower() in roles(lang).plain["article"] or elided):
        return [(span.start, span.end)]
    return []
