"""The default engine: text or articles in, statements out. No parser, no network, no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dipdata import forms
from dipdata.articles.language import identify
from dipdata.articles.zones import find_zones
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Article, Statement, Zone, statement_id, text_sha256
from dipdata.spans import cut
from dipdata.statements import attribute, packs
from dipdata.statements.confidence import confidence
from dipdata.statements.reading import Pair, Unit

_OUTER = 4  # statements around a statement that are looked at
SCOPES = {"speech": frozenset({"speech"}), "all": frozenset({"speech", "thought"})}


def segment(text: str, lang: str | None = None, *, scope: str = "speech") -> list[Statement]:
    """Return the statements of a text in text order; spans are code points of `text`, the article id is `text`.

    `scope` is `speech` (what was communicated) or `all` (thoughts, wishes and intentions
    too, and as in PolNeAR no statement inside another). A language that has no pack
    yields what stands in quotation marks alone.

    Headlines, captions, datelines and the like are found and left out. Without `lang` the language is identified.

    Raises CannotRunError for an unknown scope, or where the language cannot be told.
    """
    if lang is None:
        lang = identify(text)
        if lang is None:
            raise CannotRunError("the language of this text cannot be told. Name it: segment(text, lang='fr').")
    return list(_statements(text, lang, "text", text_sha256(text), find_zones(text, lang), scope))


def segment_articles(articles: Iterable[Article], *, scope: str = "speech", problems: Problems) -> Iterator[Statement]:
    """Yield the statements of each article in text order, without those in headlines, captions and other zones.

    An article in a language that has no pack yields its quotations alone, and a warning `segment.language-unsupported`.
    """
    for article in articles:
        if packs.get(article.lang) is None:
            problems.add(
                "segment.language-unsupported",
                article.id,
                f"no language pack for {article.lang!r}: quotation marks alone were used",
                f"Add languages/{article.lang}.toml; docs/languages.md shows how.",
                severity="warning",
                file=article.path,
            )
        yield from _statements(article.text, article.lang, article.id, article.sha256, article.zones, scope)


def _statements(text: str, lang: str, identity: str, sha256: str, zones: Sequence[Zone], scope: str) -> Iterator[Statement]:
    if scope not in SCOPES:
        raise CannotRunError(f"unknown scope {scope!r}. Use one of {', '.join(SCOPES)}.")
    pack = packs.get(lang) or packs.bare(lang)
    units = attribute.attribute(text, pack, running_text(text, zones), SCOPES[scope])
    if scope == "all":
        units = _outermost(units)
    _chain(text, units, pack.lists.get("media", frozenset()))
    stretches = forms.quoted_stretches(text)
    seen: set[str] = set()
    for unit in sorted(units, key=lambda unit: (min(unit.content), unit.cue)):
        statement = _statement(text, lang, identity, sha256, unit, stretches)
        if statement.id not in seen:
            seen.add(statement.id)
            yield statement


def _outermost(units: list[Unit]) -> list[Unit]:
    """Return the units whose cue stands in no other unit's content: as in PolNeAR, a word is attributed once."""
    union = attribute.merged(pair for unit in units for pair in unit.content)
    kept = []
    for unit in units:
        at = unit.cue[0][0] if unit.cue else unit.content[0][0]
        if not attribute.covers(union, at) or any(start <= at < end for start, end in unit.content):
            kept.append(unit)
    return kept


def _chain(text: str, units: list[Unit], media: frozenset[str]) -> None:
    """Give each unit that stands in another's content the outlets around it that pass it on, outermost first."""
    open_units: list[Unit] = []
    for unit in sorted((unit for unit in units if unit.cue), key=lambda unit: (unit.content[0][0], -unit.content[-1][1])):
        at = unit.cue[0][0]
        open_units = [outer for outer in open_units if outer.content[-1][1] > unit.content[0][0]][-_OUTER:]
        for outer in open_units:
            holds = any(start <= at < end for start, end in outer.content)
            named = " ".join(text[start:end] for start, end in outer.source)
            if holds and outer.source != unit.source and not media.isdisjoint(named.lower().replace("’", " ").replace("'", " ").split()):
                unit.chain.append(named)
        open_units.append(unit)


def _statement(text: str, lang: str, identity: str, sha256: str, unit: Unit, stretches: list[Pair]) -> Statement:
    content = cut(text, unit.content)
    pairs = [(span.start, span.end) for span in content]
    return Statement(
        id=statement_id(sha256, pairs),
        article_id=identity,
        article_sha256=sha256,
        lang=lang,
        content=content,
        source=cut(text, unit.source),
        cue=cut(text, unit.cue),
        form=forms.form_of(text, stretches, pairs),
        scope=unit.scope,
        speakers=(),
        chain=tuple(unit.chain),
        addressees=tuple(unit.addressees),
        targets=(),
        rule=unit.rule,
        confidence=confidence(unit),
    )


def running_text(text: str, zones: Sequence[Zone]) -> list[Pair]:
    """Return the stretches of running text between zones."""
    blocks = []
    at = 0
    for zone in sorted(zones, key=lambda zone: (zone.start, zone.end)):
        if zone.start > at:
            blocks.append((at, zone.start))
        at = max(at, zone.end)
    if at < len(text):
        blocks.append((at, len(text)))
    return blocks
