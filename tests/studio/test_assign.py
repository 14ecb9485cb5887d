from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.problems import CannotRunError
from dipdata.studio.assign import assign, ordered
from studio.examples import example

NAMES = st.lists(st.text("abcdef", min_size=1, max_size=4), unique=True, max_size=40)


@given(NAMES, st.integers(1, 5), st.integers(1, 5), st.integers(0, 3), st.randoms(use_true_random=False))
def test_every_statement_goes_to_overlap_annotators_and_nobody_has_more(statements, people, overlap, seed, random) -> None:
    annotators = [f"p-{number}" for number in range(max(people, overlap))]
    given_out = assign(statements, annotators, overlap, seed=seed)
    assert set(Counter(name for names in given_out.values() for name in names).values()) <= {overlap}
    assert set().union(*given_out.values()) == set(statements)
    sizes = [len(names) for names in given_out.values()]
    assert max(sizes) - min(sizes) <= 1
    shuffled = random.sample(statements, len(statements))
    assert assign(shuffled, annotators, overlap, seed=seed) == given_out


@given(NAMES, NAMES, st.integers(0, 3))
def test_what_somebody_has_stays_with_them(first, more, seed) -> None:
    annotators = ["p-a", "p-b", "p-c"]
    before = assign(first, annotators, 2, seed=seed)
    after = assign([*first, *more], annotators, 2, seed=seed, already=before)
    for annotator in annotators:
        assert before[annotator] <= after[annotator]
        assert len(after[annotator] & set(first)) == len(before[annotator])
    assert assign([*first, *more], annotators, 2, seed=seed, already=after) == after


def test_another_seed_gives_another_assignment() -> None:
    names = [f"s{number}" for number in range(20)]
    assert assign(names, ["a", "b", "c"], 1, seed=1) != assign(names, ["a", "b", "c"], 1, seed=2)


@pytest.mark.parametrize(("annotators", "overlap"), [([], 1), (["a"], 2), (["a", "b"], 0), (["a", "a"], 1)])
def test_what_cannot_be_assigned_is_refused(annotators, overlap) -> None:
    with pytest.raises(CannotRunError):
        assign(["s"], annotators, overlap, seed=0)


def test_orders() -> None:
    french, arabic = (example(lang, confidence=confidence)[1] for lang, confidence in (("fr", 0.9), ("ar", 0.1)))
    none = example("fr", targets=(), confidence=0.5)[1]
    given_in = [none, french, arabic]
    assert ordered(given_in, "text", lambda s: s) == given_in
    assert ordered(given_in, "uncertain", lambda s: s) == [arabic, none, french]
    assert ordered(given_in, "target", lambda s: s) == [french, arabic, none]
