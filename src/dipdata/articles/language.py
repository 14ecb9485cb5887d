"""Which language a text is in, offline: py3langid (Barbaresi, BSD), a naive Bayes model over byte n-grams that comes inside its package."""

from __future__ import annotations

import functools
from typing import Any

SAMPLE = 6_000
"""Code points looked at; more does not change the answer on news and costs 80 ns each."""

FLOOR = 0.5
"""Least probability for an answer: all but one of 23 wrong answers on the marked sentences of tests/gold lie below it, and gibberish."""

NO_LANGUAGE = "zxx"
"""ISO 639-2 code of the model's class for what is no language."""


def identify(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None when it is in no known one.

    A long text is judged by three samples: from its start, middle and end.
    """
    text = _sample(text)
    if sum(map(str.isalpha, text)) < max(3, len(text) // 4):
        return None
    code, probability = rate(text)
    return None if probability < FLOOR or code == NO_LANGUAGE else code


def rate(text: str) -> tuple[str, float]:
    """Return the likeliest code, even where there is none worth the name, with its probability."""
    code, probability = _identifier().classify(_sample(text))
    return str(code), float(probability)


def _sample(text: str) -> str:
    if len(text) <= SAMPLE:
        return text
    part = SAMPLE // 3
    middle = len(text) // 2 - part // 2
    return "\n".join((text[:part], text[middle : middle + part], text[-part:]))


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # Its dialects without a two-letter code (Extremaduran beside Spanish, Egyptian beside Arabic), Aragonese and Volapük
    # only draw probability from the languages that news is written in.
    identifier.set_languages([code for code in identifier.labels if (len(code) == 2 and code not in {"an", "vo"}) or code == NO_LANGUAGE])
    return identifier
