"""Quotation marks: every convention, and marks that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.statements.quotes import find_quotes


def quoted(text):
    return [text[quote.start : quote.end] for quote in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Il a dit « oui » et «non».", ["« oui »", "«non»"]),
        ('He said “yes” and "no".', ["“yes”", '"no"']),
        ("Er sagte „ja“ und »nein« und «doch».", ["„ja“", "»nein«", "«doch»"]),
        ("He said ``yes'' to us.", ["``yes''"]),
        ("''This is it,'' she said.", ["''This is it,''"]),
        ("''It's today's news,'' he said.", ["''It's today's news,''"]),
        ("‘Don’t go,’ she said.", ["‘Don’t go,’"]),
        ("He called it 'a farce' twice.", ["'a farce'"]),
        ("« Il m'a dit : “viens” », dit-elle.", ["« Il m'a dit : “viens” »"]),
        ("The workers' union of the '90s isn't here.", []),
        ("A buoy of 6'2\" was found.", []),
        ("l'homme d'aujourd'hui", []),
    ],
)
def test_conventions(text, expected):
    assert quoted(text) == expected


def test_a_quotation_without_closer_ends_with_its_paragraph():
    (quote,) = find_quotes("« Nous partons.\nEt voilà.")
    assert (quote.start, quote.end, quote.closed) == (0, 15, False)


def test_a_speech_of_several_paragraphs_is_reopened_in_each():
    first, second = find_quotes("“One.\n\n“Two.”")
    assert not first.closed
    assert first.continues
    assert second.closed


def test_a_stray_mark_does_no_harm():
    assert quoted('A 12" pipe. He said "yes" today.') == ['"yes"']


@given(st.text(alphabet="ab \n\"'“”«»„‘’`", max_size=120))
def test_quotations_are_ordered_disjoint_and_inside(text):
    at = 0
    for quote in find_quotes(text):
        assert at <= quote.start < quote.end <= len(text)
        assert "\n" not in text[quote.start : quote.end] or (quote.closed and quote.opener in "“«„")
        at = quote.end


def test_a_quotation_goes_on_over_a_paragraph_without_a_mark():
    text = "«Мы ждём.\n\nЕсли нет, уйдём», — сказал посол."
    (quote,) = find_quotes(text)
    assert text[quote.start : quote.end] == "«Мы ждём.\n\nЕсли нет, уйдём»"
