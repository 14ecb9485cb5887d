"""Span arithmetic and surface checks. A span is `[start, end)` in Unicode code points of the article's text."""

from __future__ import annotations

from collections.abc import Iterable

from dipdata.records import Pairs, Span


def cut(text: str, pairs: Pairs) -> tuple[Span, ...]:
    """Return the spans for `(start, end)` pairs of `text`, in text order.

    Raises ValueError where a pair is empty or outside the text.
    """
    for start, end in pairs:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span {start}-{end} is empty or outside the text of {len(text)} code points")
    return tuple(Span(start, end, text[start:end]) for start, end in sorted(pairs))


def pairs(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    """Return the `(start, end)` pairs of spans."""
    return tuple((span.start, span.end) for span in spans)


def mismatch(text: str, span: Span) -> str | None:
    """Return what is wrong with a span, in words, or None when its surface stands at its place."""
    if not 0 <= span.start < span.end:
        return f"span {span.start}-{span.end} is empty or turned around"
    if span.end > len(text):
        return f"span {span.start}-{span.end} ends after the text of {len(text)} code points"
    if text[span.start : span.end] != span.surface:
        return f"span {span.start}-{span.end} reads {text[span.start : span.end]!r}, not {span.surface!r}"
    return None


def overlap(a: Pairs, b: Pairs) -> float:
    """Return the intersection over union of two sets of spans, in code points covered: 0 when disjoint, 1 when equal."""
    common = sum(max(0, min(e1, e2) - max(s1, s2)) for s1, e1 in a for s2, e2 in b)
    total = sum(e - s for s, e in a) + sum(e - s for s, e in b) - common
    return common / total if total else 0.0
