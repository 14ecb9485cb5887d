"""Sentences and tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.statements import packs, tokens
from dipdata.statements.quotes import find_quotes


def sentences(text, lang):
    return [text[low:high].strip() for low, high, _ in tokens.split(text, 0, len(text), find_quotes(text), packs.get(lang))]


@pytest.mark.parametrize(
    ("lang", "text", "count"),
    [
        ("fr", "M. Dupont est là. Il parle.", 2),
        ("en", "The U.S. Senate met. It rose.", 2),
        ("en", "Rep. G.K. Marsh spoke. He left.", 2),
        ("en", "“We go. We stay.” He left.", 2),
        ("en", "“Who goes?” he asked. Nobody.", 2),
        ("de", "Am 11. Juli kam er. Er blieb.", 2),
        ("fr", "Un\nDeux", 2),
        ("fr", "Il dit : « Un. Deux. » Puis rien.", 2),
    ],
)
def test_sentences(lang, text, count):
    assert len(sentences(text, lang)) == count


def read(text, lang):
    return tokens.read(text, 0, len(text), find_quotes(text), packs.get(lang))


def test_elisions_and_enclitics_are_tokens_of_their_own():
    assert read("L'ONU, a-t-il dit, s'est tue.", "fr").forms[:6] == ["l'", "onu", ",", "a", "-t-il", "dit"]


def test_phrases_are_one_token():
    sentence = read("according to the mayor", "en")
    assert sentence.forms[0] == "according to"
    assert sentence.tags[0] == "E"


def test_quotations_are_one_token():
    assert read("Il parle d'un « vrai et grave problème politique ».", "fr").tags.count("Q") == 1
    assert read("Il parle d'un « problème ».", "fr").tags.count("q") == 1


@given(st.text(max_size=120), st.sampled_from(["fr", "en", "de"]))
def test_tokens_cover_their_text_in_order(text, lang):
    sentence = tokens.read(text, 0, len(text), (), packs.get(lang))
    assert len(sentence.starts) == len(sentence.ends) == len(sentence.forms) == len(sentence.tags)
    at = 0
    for start, end in zip(sentence.starts, sentence.ends, strict=True):
        assert not text[at:start].strip()
        assert at <= start < end <= len(text)
        at = end
    assert not text[at:].strip()


@given(st.integers(0, 9000), st.sampled_from(["a", "word ", "« a » "]))
def test_pieces_cover_a_stretch_and_are_short(length, unit):
    text = (unit * (length // len(unit) + 1))[:length]
    quotes = find_quotes(text)
    at = 0
    for low, high in tokens.pieces(text, 0, len(text), quotes):
        assert low == at < high
        assert high - low <= 2 * tokens.LONGEST
        assert not any(quote.start < high < quote.end for quote in quotes)
        at = high
    assert at == len(text)
