import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import spans
from dipdata.records import Span

TEXT = st.text(min_size=1, max_size=60)


@st.composite
def text_and_pairs(draw):
    text = draw(TEXT)
    ends = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    return text, [(a, b) for a, b in ends if a < b]


@given(text_and_pairs())
def test_what_is_cut_fits_its_text(case):
    text, pairs = case
    cut = spans.cut(text, pairs)
    assert [spans.mismatch(text, span) for span in cut] == [None] * len(pairs)
    assert spans.pairs(cut) == tuple(sorted(pairs))


@given(text_and_pairs())
def test_another_surface_is_a_mismatch(case):
    text, pairs = case
    for start, end in pairs:
        assert "reads" in spans.mismatch(text, Span(start, end, text[start:end] + "x"))


@pytest.mark.parametrize("pair", [(0, 0), (2, 1), (-1, 2), (0, 4)])
def test_a_pair_outside_the_text_is_refused(pair):
    with pytest.raises(ValueError, match="empty or outside"):
        spans.cut("abc", [pair])
    assert spans.mismatch("abc", Span(*pair, "abc")) is not None


def test_overlap():
    assert spans.overlap([(0, 10)], [(0, 10)]) == 1
    assert spans.overlap([(0, 10)], [(10, 20)]) == 0
    assert spans.overlap([(0, 4), (6, 10)], [(2, 8)]) == pytest.approx(4 / 10)
    assert spans.overlap([], []) == 0
