import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.articles.cleaning import clean
from dipdata.interchange.align import Alignment

TEXTS = [
    "a\r\nb  \r\n\r\n\r\n\r\nc",
    "\ufeffCafe\u0301 au lait\u00ad!\n",
    "x\u0300\u0301y \ud55c\uad6d \u1112\u1161\u11ab z",
    "  lead\n",
    "a\x00b\u2028c",
    "👩\u200d👩\u200d👧 ok",
]


def same(text):
    cleaned = clean(text)
    alignment = Alignment(text, cleaned)
    edges = [n for n in range(len(text) + 1) if n in (0, len(text)) or " " in text[n - 1 : n + 1] or "\n" in text[n - 1 : n + 1]]
    for start in edges:
        for end in (edge for edge in edges if edge > start):
            try:
                ((low, high),) = alignment.pairs([(start, end)])
            except ValueError:
                continue
            yield text[start:end], cleaned[low:high]


def letters(text):
    return [c for c in unicodedata.normalize("NFD", clean(text)) if c.isalnum()]


@pytest.mark.parametrize("text", TEXTS)
def test_a_span_reads_the_same_after_cleaning(text):
    found = list(same(text))
    assert found
    for before, after in found:
        assert letters(before) == letters(after)


@given(st.text(alphabet=st.sampled_from("aé e\u0301\u00ad\n\r\t\u0300x👍\u200b.\u1112\u1161\u11ab"), max_size=30))
def test_no_letter_is_lost(text):
    cleaned = clean(text)
    places = [(n, n + 1) for n, character in enumerate(text) if character in "ax👍."]
    for (start, end), (low, high) in zip(places, Alignment(text, cleaned).pairs(places), strict=True):
        assert text[start:end] in unicodedata.normalize("NFD", cleaned[low:high])


def test_another_text_is_refused():
    with pytest.raises(ValueError, match="the text differs from code point 2 on"):
        Alignment("abc", "abd")
    with pytest.raises(ValueError, match="the text differs from code point 3 on"):
        Alignment("abc", "abcd")


def test_a_span_of_nothing_is_refused():
    with pytest.raises(ValueError, match="holds nothing that is left"):
        Alignment("a\u00ad b", "a b").pairs([(1, 2)])
