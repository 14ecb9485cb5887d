import pytest

import samples
from dipdata.explain import nearest, show
from dipdata.records import to_dict
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())
RECORDS = {"annotation": to_dict(samples.corpus(1).annotations[0]), "statement": to_dict(samples.corpus(1).statements[0])}


@pytest.mark.parametrize(
    ("name", "changes", "pointer", "kind", "message"),
    [
        (
            "annotation",
            {"sentiment": "Very negativ"},
            "/sentiment",
            "label",
            "'Very negativ' is not allowed (did you mean very_negative?); allowed are very_negative, negative, neutral, positive, "
            "very_positive",
        ),
        ("annotation", {"status": None}, "/status", "label", "null is not allowed; allowed are submitted, skipped, draft"),
        ("annotation", {"lead_time": "long"}, "/lead_time", "type", "'long' is a string, not a number"),
        ("annotation", {"lead_time": -1}, "/lead_time", "range", "-1 is below the least allowed value 0"),
        ("annotation", {"guideline": "1"}, "/guideline", "format", "'1' is not of the right form (Semantic version)"),
        ("annotation", {"note": 1}, "", "unknown-key", "has the unknown key 'note'"),
        ("statement", {"content": []}, "/content", "range", "is empty"),
        ("statement", {"confidence": 2}, "/confidence", "range", "2 is above the greatest allowed value 1"),
        ("statement", {"chain": None}, "/chain", "type", "is null, not an array"),
        ("statement", {"id": "\ud800"}, "", "invalid", "cannot be judged"),
    ],
)
def test_a_finding_says_what_is_wrong(name, changes, pointer, kind, message):
    (finding,) = CONTRACT.findings(name, RECORDS[name] | changes)
    assert (finding.pointer, finding.kind) == (pointer, kind)
    assert finding.message.startswith(message)


def test_a_key_that_is_nearly_one_is_named():
    record = RECORDS["annotation"]
    targets = [{"start": 1, "end": 2, "surfaces": "x", "stance": None}]
    broken = {key.replace("lead_time", "lead time"): value for key, value in record.items()} | {"targets": targets, "sentiments": 1}
    messages = {finding.message for finding in CONTRACT.findings("annotation", broken) if finding.kind == "unknown-key"}
    assert messages == {
        "has the unknown keys 'lead time' (did you mean lead_time?), 'sentiments'",
        "has the unknown key 'surfaces' (did you mean surface?)",
    }
    assert not CONTRACT.is_valid("annotation", [])


def test_a_missing_key():
    record = {key: value for key, value in RECORDS["annotation"].items() if key != "scheme"}
    assert [(f.kind, f.message) for f in CONTRACT.findings("annotation", record)] == [("missing-key", "has no 'scheme'")]


def test_near_misses():
    allowed = ["favor", "against", "neutral", "none"]
    assert [nearest(value, allowed) for value in ("favour", "AGAINST", "nuetral", "yes", 3)] == ["favor", "against", "neutral", None, None]


def test_long_values_are_cut():
    assert len(show("x" * 1000)) == 60
