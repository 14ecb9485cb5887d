import importlib.util
import json
import os
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.problems import CannotRunError
from dipdata.statements import scoring
from gold import marked

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("DIPDATA_SHARED", ROOT.parent / "shared"))
LANGUAGES = sorted(path.name for path in (ROOT / "tests" / "gold").iterdir() if path.is_dir() and not path.name.startswith("_"))

TEXT = '"We will sign," the envoy said. Norway said that it agreed "in full" with Sweden. Nobody spoke.'


def at(part, times=0):
    place = -1
    for _ in range(times + 1):
        place = TEXT.index(part, place + 1)
    return [place, place + len(part)]


ONE = {"content": [at('"We will sign,"')], "source": [at("the envoy")], "cue": [at("said")]}
TWO = {"content": [at('that it agreed "in full" with Sweden')], "source": [at("Norway")], "cue": [at("said", 1)]}


def document(*units, **more):
    return {"id": "d", "lang": "en", "text": TEXT, "statements": list(units)} | more


def f1(gold, predicted):
    found = scoring.score([gold], [predicted])
    return {name: round(found.f1(name), 4) for name in scoring.MEASURES} | {"form": round(found.form, 4)}


def test_gold_against_itself_is_one():
    assert set(f1(document(ONE, TWO), document(TWO, ONE)).values()) == {1.0}


def test_no_prediction_is_zero():
    found = scoring.score([document(ONE, TWO)], [])
    assert all(found.f1(name) == 0 for name in scoring.MEASURES)
    assert found.measures["rel"].gold == 2


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        # quotation marks and punctuation do not count
        ([ONE | {"content": [at("We will sign")]}, TWO], {}),
        # a complementiser counts for strict alone
        ([ONE, TWO | {"content": [at('it agreed "in full" with Sweden')]}], {"strict": 0.5, "char": 0.9444}),
        # less than half of the content is no match: 10 of 28 letters
        (
            [ONE, TWO | {"content": [at("with Sweden")]}],
            {"exact": 0.5, "strict": 0.5, "rx": 0.5, "rel": 0.5, "source": 0.5, "cue": 0.5, "char": 0.6897},
        ),
        # sources exchanged
        ([ONE | {"source": TWO["source"]}, TWO | {"source": ONE["source"]}], {"source": 0.0, "rel": 0.0}),
        # a cue that only overlaps: enough for rel, not for cue
        ([ONE, TWO | {"cue": [[at("said", 1)[0], at("it agreed")[1]]]}], {"cue": 0.5}),
        ([ONE, TWO | {"cue": []}], {"cue": 0.6667, "rel": 0.5}),
        # the same unit twice costs precision
        ([ONE, ONE, TWO], dict.fromkeys(("exact", "strict", "rx", "source", "cue", "rel"), 0.8)),
        ([ONE | {"form": "mixed"}, TWO], {"form": 0.5}),
    ],
)
def test_what_costs_what(units, expected):
    assert f1(document(ONE, TWO), document(*units)) == dict.fromkeys((*scoring.MEASURES, "form"), 1.0) | expected


def test_forms_have_recall_by_gold_and_precision_by_prediction():
    found = scoring.score([document(ONE, TWO)], [document(ONE, TWO | {"form": "direct"})])
    assert list(found.by_form) == ["direct", "mixed"]
    assert (found.by_form["direct"].precision, found.by_form["direct"].recall) == (1.0, 1.0)
    assert (found.by_form["mixed"].precision, found.by_form["mixed"].recall) == (0.0, 1.0)


def test_optional_units_neither_reward_nor_punish():
    gold = document(ONE | {"optional": True}, TWO)
    assert f1(gold, document(ONE, TWO))["rx"] == f1(gold, document(TWO))["rx"] == 1
    assert scoring.score([gold], [document(ONE, TWO, {"content": [at("Nobody spoke")]})]).measures["rx"].precision == 0.5


def test_the_assignment_is_the_best_in_sum():
    text = "abcdefghij " * 4
    gold = [{"content": [[0, 20]]}, {"content": [[0, 36]]}]
    # Greedy would give the second gold unit its best partner 0-32, and leave the first with none.
    predicted = [{"content": [[0, 32]]}, {"content": [[0, 40]]}]
    found = scoring.score([{"id": "d", "text": text, "statements": gold}], [{"id": "d", "statements": predicted}])
    assert found.measures["rx"].right == 2


@pytest.mark.parametrize(
    ("predicted", "message"),
    [
        (document(ONE, id="other"), "other: predicted, but not in gold"),
        (document(ONE, text="another"), "the text differs"),
        (document({"content": [[0, 9999]]}), "content span 0-9999"),
        (document({"content": [[5, 5]]}), "content span 5-5"),
        (document(ONE | {"cue": [[-3, 2]]}), "cue span -3-2"),
        (document(ONE | {"source": [[1, 2, 3]]}), "source is not a list"),
        (document("no unit"), "content is not a list"),
    ],
)
def test_what_cannot_be_scored_is_refused(predicted, message):
    with pytest.raises(CannotRunError, match=message):
        scoring.score([document(ONE, TWO)], [predicted])


def test_two_documents_of_one_id_are_refused():
    with pytest.raises(CannotRunError, match="two gold documents"):
        scoring.score([document(ONE), document(TWO)], [])


def disturbed(documents, seed):
    """Predictions with every kind of error: moved edges, lost, doubled, split and foreign units, exchanged sources and cues."""
    chance = random.Random(seed)
    out = []
    for one in documents:
        size = len(one["text"])
        units = []
        for unit in one["statements"]:
            new = {role: [list(pair) for pair in unit[role]] for role in ("content", "source", "cue")}
            for role, how_often in (("content", 0.5), ("source", 0.3), ("cue", 0.3)):
                for pair in new[role]:
                    if chance.random() < how_often:
                        reach = chance.choice([1, 4, 20, 80])
                        moved = sorted(min(size, max(0, place + chance.randint(-reach, reach))) for place in pair)
                        if moved[0] < moved[1]:
                            pair[:] = moved
                if role != "content" and chance.random() < 0.15:
                    new[role] = []
            draw = chance.random()
            if draw < 0.75:
                units.append(new)
            if draw < 0.1:
                units.append({role: [list(pair) for pair in pairs] for role, pairs in new.items()})
            if draw > 0.9:
                start = chance.randrange(size - 1)
                units.append({"content": [[start, chance.randint(start + 1, size)]], "source": [], "cue": []})
            # Not for doubled units: which twin is paired is a tie, and with forms of their own the tie would show.
            if 0.1 <= draw < 0.2:
                units[-1]["form"] = chance.choice(["direct", "indirect", "mixed"])
        chance.shuffle(units)
        if chance.random() < 0.95:
            out.append({"id": one["id"], "statements": units})
    return out


@pytest.fixture(scope="module")
def reference():
    path = SHARED / "bench" / "score.py"
    if not path.is_file():
        pytest.skip(f"no {path}: the reference scorer is not here")
    pytest.importorskip("scipy", reason="the reference scorer needs scipy: pip install scipy")
    spec = importlib.util.spec_from_file_location("reference_score", path)
    module = importlib.util.module_from_spec(spec)
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = writes
    return module


def as_reference(found):
    """Our scores in the reference's form."""

    def row(measure):
        return {"P": round(measure.precision, 4), "R": round(measure.recall, 4), "F1": round(measure.f1, 4)}

    return {
        "docs": found.documents,
        **{name: row(m) | {"tp": m.right, "pred": m.predicted, "gold": m.gold} for name, m in found.measures.items()},
        "form": round(found.form, 4),
        "by_form": {form: row(m) | {"gold": m.gold, "pred": m.predicted} for form, m in found.by_form.items()},
    }


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("seed", range(4))
def test_scores_equal_those_of_the_reference_on_our_gold(reference, lang, seed):
    gold = list(marked.load(lang))
    predicted = disturbed(gold, seed)
    theirs = reference.score({one["id"]: one for one in gold}, {one["id"]: one for one in predicted})
    assert as_reference(scoring.score(gold, predicted)) == theirs
    assert 0.1 < theirs["rx"]["F1"] < 1


@pytest.mark.parametrize("name", ["fr-wire.dev", "polnear.dev", "wikinews-de.dev"])
def test_scores_equal_those_of_the_reference_on_the_development_gold(reference, name):
    path = SHARED / "bench" / f"{name}.jsonl"
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    predicted = disturbed(gold, 7)
    theirs = reference.score({one["id"]: one for one in gold}, {one["id"]: one for one in predicted})
    assert as_reference(scoring.score(gold, predicted)) == theirs


LETTERS = st.text(alphabet='ab "“”«»\n.', min_size=1, max_size=30)


@st.composite
def cases(draw):
    text = draw(LETTERS)
    place = st.integers(0, len(text))
    span = st.tuples(place, place).map(sorted).filter(lambda pair: pair[0] < pair[1])
    units = st.lists(
        st.fixed_dictionaries(
            {
                "content": st.lists(span, min_size=1, max_size=2),
                "source": st.lists(span, max_size=1),
                "cue": st.lists(span, max_size=1),
                "optional": st.sampled_from([False, False, True]),
            }
        ),
        max_size=6,
    )
    return {"id": "d", "text": text, "statements": draw(units)}, {"id": "d", "statements": draw(units)}


@given(cases())
def test_the_best_assignment_gains_as_much_as_the_reference_one(reference, case):
    """Assignments of equal gain are equally right, so that on crowded texts the gain is compared, not the pairs."""
    gold, predicted = case
    one = next(scoring.compare([gold], [predicted]))
    mine = [unit.given for unit in one.gold]
    theirs = [unit.given for unit in one.predicted]
    chars = reference.chars
    text = gold["text"]

    def gain(pairs):
        return sum(
            weight * reference.iou(chars(text, mine[a][role]), chars(text, theirs[b][role]))
            for a, b in pairs
            for role, weight in (("content", 1), ("source", 1e-3), ("cue", 1e-4))
        )

    assert gain(one.pairs) == pytest.approx(gain(reference.assign(mine, theirs, text)), abs=1e-9)
