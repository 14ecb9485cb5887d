import pytest

import samples
from dipdata.annotations.agreement import agreement, alpha, nominal, ordinal

# The example of Krippendorff, "Computing Krippendorff's alpha-reliability" (2011): four observers, twelve units, values 1 to 5.
OBSERVERS = [
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
]
UNITS = [[int(value) - 1 for value in unit if value != "."] for unit in zip(*(line.split() for line in OBSERVERS), strict=True)]


def test_alpha_equals_the_published_values():
    assert alpha(UNITS, nominal) == pytest.approx(0.743, abs=5e-4)
    assert alpha(UNITS, ordinal) == pytest.approx(0.815, abs=5e-4)


def test_alpha_at_its_ends():
    assert alpha([[0, 0], [1, 1]]) == 1
    assert alpha([[0, 1], [1, 0]]) < 0
    assert alpha([[0, 0], [0, 0]]) is None
    assert alpha([[0], []]) is None


def test_agreement_leaves_out_what_is_not_submitted():
    corpus = samples.corpus(3)
    draft = samples.annotation(corpus.statements[0], "p-00000000000c", status="draft", sentiment="very_negative")
    codes = {
        "validity": ["valid", "not_a_statement"],
        "sentiment": ["very_negative", "negative", "neutral", "positive"],
        "stance": ["favor", "against"],
    }
    changed = samples.annotation(corpus.statements[0], samples.ANNOTATORS[0], sentiment="negative")
    found = {a.label: a for a in agreement([changed, *corpus.annotations[1:], draft], codes)}
    assert (found["sentiment"].units, found["sentiment"].equal) == (3, 2)
    assert (found["stance"].units, found["stance"].equal) == (3, 3)
