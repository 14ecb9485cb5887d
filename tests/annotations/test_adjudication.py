import dataclasses

import samples
from dipdata.annotations.adjudication import adjudicate
from dipdata.records import StanceTarget

STATEMENT = samples.statement(samples.article())


def annotate(who, **changes):
    return samples.annotation(STATEMENT, f"p-00000000000{who}", **changes)


def test_the_majority_decides_and_a_tie_does_not():
    gold = list(adjudicate([annotate("a"), annotate("b", sentiment="negative"), annotate("c")], []))
    assert [(g.validity, g.sentiment, g.by, len(g.annotations)) for g in gold] == [("valid", "positive", "rule:majority", 3)]
    (tied,) = adjudicate([annotate("a"), annotate("b", sentiment="negative")], [])
    assert tied.sentiment is None and tied.targets[0].stance == "favor"


def test_no_gold_without_a_majority_on_validity():
    assert list(adjudicate([annotate("a"), annotate("b", validity="not_a_statement")], [])) == []


def test_what_is_not_a_statement_has_no_labels():
    (gold,) = adjudicate([annotate("a", validity="not_a_statement", sentiment=None)], [])
    assert (gold.sentiment, gold.targets) == (None, ())


def test_a_target_of_one_in_three_is_dropped():
    own = StanceTarget(0, 7, "Réunion", "none")
    (gold,) = adjudicate([annotate("a"), annotate("b"), annotate("c", targets=(own,))], [])
    assert [t.surface for t in gold.targets] == ["la Suède"]


def test_a_person_is_never_overruled():
    (rule,) = adjudicate([annotate("a")], [])
    person = dataclasses.replace(rule, by="p-0123456789ab", sentiment="very_negative")
    assert list(adjudicate([annotate("a"), annotate("b")], [person])) == [person]
    stale = dataclasses.replace(rule, sentiment="very_negative")
    assert next(adjudicate([annotate("a")], [stale])).sentiment == "positive"


def test_an_act_is_decided_like_a_label():
    (gold,) = adjudicate([annotate("a", act="deny"), annotate("b", act="deny"), annotate("c")], [])
    assert gold.act == "deny"
    (gold,) = adjudicate([annotate("a", act="deny"), annotate("b", act="reject")], [])
    assert gold.act is None
