"""Rows of a release: which sentences are taken as the text of a statement."""

import pytest

from dipdata.release.rows import sentences


@pytest.mark.parametrize(
    ("text", "of", "wanted"),
    [
        ("„Ohne Brüssel bleibt sie eine Zeichnung.“ Sie forderte Geld.", "Geld", "Sie forderte Geld."),
        ("‚So ist es.‘ Er ging.", "ging", "Er ging."),
        ("He said: “It is over.” Nobody spoke.", "spoke", "Nobody spoke."),
        ("It ended. “We go,” she said.", "We go", "“We go,” she said."),
        ("M. Dupont a parlé. Elle a ri.", "parlé", "M. Dupont a parlé."),
        ("Out of the U.S. Congress came a reply. It was short.", "reply", "Out of the U.S. Congress came a reply."),
        ("« Non ! » a-t-elle dit. Il rit.", "Non", "« Non ! » a-t-elle dit."),
        ('وقال: "لا معنى له". ثم خرج.', "خرج", "ثم خرج."),
        ("First paragraph\nSecond one. Third.", "First", "First paragraph"),
    ],
)
def test_the_sentences_around_a_span(text, of, wanted):
    start = text.index(of)
    first, last = sentences(text, start, start + len(of))
    assert text[first:last] == wanted
