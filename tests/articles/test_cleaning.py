import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.articles.cleaning import clean, clean_line

ANY = st.text(st.one_of(st.characters(), st.sampled_from("\r\n\u2028\u0085\u00ad\ufeff \t\u3000\u0301\ud83d\0e")))


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a  \n\n\n \n\nb\t", "a\n\nb"),
        ("e\u0301te\u0301", "été"),
        ("sou\u00advent\ufeff", "souvent"),
        ("a\0b\x07", "ab"),
        ("\u200fنص\u200f عربي", "\u200fنص\u200f عربي"),
        ("«\u202fdit\u202f»", "«\u202fdit\u202f»"),
        ("\ud83d x", "\ufffd x"),
        ("  two  spaces stay  ", "two  spaces stay"),
    ],
)
def test_what_is_cleaned_and_what_is_not(raw, cleaned):
    assert clean(raw) == cleaned


@given(ANY)
def test_cleaning_twice_changes_nothing_and_the_text_can_be_stored(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once and "\n\n\n" not in once
    once.encode("utf-8")


@given(ANY)
def test_no_letter_is_lost_or_added(text):
    def letters(of):
        return [char for char in unicodedata.normalize("NFD", of) if char.isalnum()]

    assert letters(clean(text)) == letters(text)


def test_a_title_is_one_line():
    assert clean_line(" a\n\n b\u00adc ") == "a bc"
