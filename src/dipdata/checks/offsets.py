"""Offsets: every span lies in its article's text and reads there what its surface says; texts are as they were frozen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dipdata.checks.catalogue import error, warning
from dipdata.checks.texts import JOINING, Known
from dipdata.explain import show
from dipdata.forms import form_of
from dipdata.problems import Problem
from dipdata.records import text_sha256

RESTORE = "Restore the text that the statement was made on, or mark the span anew."
INTEGER = error(
    "offsets.not-an-integer", "A position is a number such as 12.0, which no reader can count with.", "Write it without a fraction."
)
EMPTY = error(
    "offsets.empty-span",
    "A span ends where it starts or before.",
    "Mark the span anew; start is the first code point, end the one after the last.",
)
OUTSIDE = error("offsets.out-of-range", "A span ends after the text.", RESTORE)
SURFACE = error("offsets.surface-mismatch", "The text between start and end is not the surface that is recorded.", RESTORE)
ORDER = error("offsets.order", "Spans of one part overlap or are not in text order.", "Sort the spans by start and keep them apart.")
GRAPHEME = error(
    "offsets.grapheme",
    "A span cuts a character in two: a letter from its accent, or an emoji apart.",
    "Move start or end to the edge of the character.",
)
SPACE = warning("offsets.whitespace", "A span starts or ends with white space.", "Move start or end to the first or last letter.")
CONTENT = error(
    "offsets.content-empty", "A statement, or a valid answer, has no word in its content.", "Mark the content, or reject the statement."
)
FORM = error(
    "offsets.form",
    "The form of a statement is not what the quotation marks around its content say.",
    "Run `dipdata segment` again, or correct the content or the form.",
)
ZONE_TEXT = warning(
    "offsets.in-zone",
    "A statement stands in a part of the page that is not running text.",
    "Reject the statement, or correct the zones of the article.",
)
HASH = error("offsets.hash", "The text of an article does not have the SHA-256 that is recorded.", "Ingest the article again.")
CHANGED = error(
    "offsets.text-changed",
    "An article's text has changed since a statement was made on it.",
    "Restore the text, or make and label the statement anew.",
)
ZONE = error("offsets.zone", "A zone is empty, overlaps the one before, or leaves the text.", "Ingest the article again.")

# Zones that quote nobody: a headline or a caption may.
NO_SPEECH = {"credit", "published", "teaser", "boilerplate"}


def article(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the hash and the zones of an article."""
    text = values["text"]
    if text_sha256(text) != values["sha256"]:
        yield HASH.at(values["id"], "the text does not have the SHA-256 that is recorded", pointer="/sha256")
    end = 0
    for n, zone in enumerate(values["zones"]):
        if not end <= zone["start"] < zone["end"] <= len(text):
            message = f"zone {zone['start']}-{zone['end']} is empty, overlaps or leaves the text of {len(text)} code points"
            yield ZONE.at(values["id"], message, pointer=f"/zones/{n}")
        end = max(end, zone["end"])


def statement(values: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """Yield what is wrong with the spans and the form of a statement."""
    who = values["id"]
    if values["article_sha256"] != known.sha256:
        yield CHANGED.at(who, f"the text of {known.id} has changed since the statement was made", pointer="/article_sha256")
        return
    sound = True
    for part in ("content", "source", "cue", "targets"):
        for problem in spans(who, part, values[part], known):
            sound = sound and problem.severity != "error"
            yield problem
    if not sound:
        return
    content = values["content"]
    if not _words(content):
        yield CONTENT.at(who, "has no word in its content", pointer="/content")
        return
    form = form_of(known.text, known.stretches, [(span["start"], span["end"]) for span in content])
    if form != values["form"]:
        yield FORM.at(who, f"the quotation marks make it {form}, not {values['form']}", pointer="/form")
    for kind, start, end in known.zones:
        if kind in NO_SPEECH and start <= content[0]["start"] < end:
            yield ZONE_TEXT.at(who, f"begins in the {kind} at {start}-{end}", pointer="/content/0")


def annotation(values: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """Yield what is wrong with the spans of an annotation."""
    who, valid = values["id"], values["status"] == "submitted" and values["validity"] != "not_a_statement"
    for part in ("content", "source", "cue", "targets"):
        yield from spans(who, part, values[part], known)
    if valid and not _words(values["content"]):
        yield CONTENT.at(who, "answers without a word of content", pointer="/content")


def gold(values: Mapping[str, Any], known: Known) -> Iterator[Problem]:
    """Yield what is wrong with the targets of a gold record."""
    yield from spans(values["statement_id"], "targets", values["targets"], known)


def spans(who: str, part: str, found: Sequence[Mapping[str, Any]], known: Known) -> Iterator[Problem]:
    """Yield what is wrong with the spans of one part of a record; targets may overlap each other."""
    text, last = known.text, 0
    size = len(text)
    for n, span in enumerate(found):
        start, end, surface = span["start"], span["end"], span["surface"]
        if type(start) is not int or type(end) is not int:
            yield INTEGER.at(who, f"span {start}-{end} is not counted in whole code points", pointer=f"/{part}/{n}")
            continue
        if start >= end:
            yield EMPTY.at(who, f"span {start}-{end} is empty or turned around", pointer=f"/{part}/{n}")
        elif end > size:
            yield OUTSIDE.at(who, f"span {start}-{end} ends after the text of {size} code points", pointer=f"/{part}/{n}")
        elif text[start:end] != surface:
            message = f"span {start}-{end} reads {show(text[start:end])}, not {show(surface)}{_where(text, start, surface)}"
            yield SURFACE.at(who, message, pointer=f"/{part}/{n}")
        else:
            if start < last and part != "targets":
                yield ORDER.at(who, f"span {start}-{end} overlaps the one before it, or comes before it", pointer=f"/{part}/{n}")
            # Most edges stand before a letter that joins nothing: the look-up is for the others.
            if (text[start] >= JOINING and known.cuts_grapheme(start)) or (
                end < size and text[end] >= JOINING and known.cuts_grapheme(end)
            ):
                message = f"span {start}-{end} cuts a character in two: {show(text[max(0, start - 1) : end + 1])}"
                yield GRAPHEME.at(who, message, pointer=f"/{part}/{n}")
            if surface.strip() != surface:
                yield SPACE.at(who, f"span {start}-{end} begins or ends with white space: {show(surface)}", pointer=f"/{part}/{n}")
        last = max(last, end)


def _where(text: str, near: int, surface: str) -> str:
    """Say where the surface stands instead: the nearest place, for it is mostly a shift."""
    before, after = text.rfind(surface, 0, near + len(surface)), text.find(surface, near)
    places = [at for at in (before, after) if at >= 0]
    if not surface or not places:
        return ""
    at = min(places, key=lambda place: abs(place - near))
    return f", which stands at {at}-{at + len(surface)}"


def _words(content: Sequence[Mapping[str, Any]]) -> bool:
    return any(map(str.isalnum, "".join(span["surface"] for span in content)))
