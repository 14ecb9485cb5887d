"""A sieve may hold back what is sound, never let through what is not."""

import copy
import json
import shutil

import good
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import columns, tables
from dipdata.checks.run import Run
from dipdata.checks.sieve import Sieve
from dipdata.floors import Floors
from dipdata.records import to_dict
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())
CORPUS = good.ten()["nested"]
RECORDS = {
    "statement": [to_dict(record) for record in CORPUS.statements[:12]],
    "annotation": [to_dict(record) for record in CORPUS.annotations[:12]],
    "article": [to_dict(record) for record in CORPUS.articles[:12]],
}


def features(kind):
    found = CONTRACT.features(f"{kind}s")
    return type(found)({name: found[name] for name in RECORDS[kind][0]})


def batch(kind, rows):
    made = features(kind)
    schema = tables.storage(made)
    table = tables.to_table([{**row} for row in rows], schema)
    return pa.RecordBatch.from_arrays([column.combine_chunks() for column in table.columns], schema=schema)


def sieve(kind, schema=None, absent=()):
    return Sieve(
        schema or CONTRACT.whole(kind), features(kind), absent=frozenset(absent), secret="@", quoted=frozenset({"text", "surface"})
    )


@pytest.mark.parametrize("kind", RECORDS)
def test_what_is_sound_passes(kind):
    assert not sieve(kind).held(batch(kind, RECORDS[kind])).any()


WORDS = st.sampled_from(["", "\n", "x", "s-0000000000000000", "s-0000000000000000\n", "A" * 300, "2026-13-01", "fr", "FR", "é\u0300"])
NUMBERS = st.sampled_from([-1, 0, 1, 2**31 - 1])
FLOATS = st.sampled_from([-0.1, 0.0, 0.5, 1.0, 1.1, float("nan"), float("inf")])


@st.composite
def spoilt(draw, kind):
    """Records of a kind with some values replaced by others that a column of that type can hold."""
    rows = copy.deepcopy(RECORDS[kind][: draw(st.integers(1, 4))])
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.sampled_from(rows))
        spoil(draw, at)
    return rows


def spoil(draw, at):
    """Replace a value somewhere in a record, or in what it holds."""
    key = draw(st.sampled_from(sorted(at)))
    while True:
        value = at[key]
        if isinstance(value, dict) and value:
            at, key = value, draw(st.sampled_from(sorted(value)))
        elif isinstance(value, list) and value and draw(st.integers(0, 4)):
            at, key = value, draw(st.integers(0, len(value) - 1))
        else:
            break
    at[key] = draw(replacement(value))


def replacement(value):
    if isinstance(value, list):
        return st.sampled_from([[], None, value * 2])
    if isinstance(value, float):
        return st.one_of(st.none(), FLOATS)
    if isinstance(value, int):
        return st.one_of(st.none(), NUMBERS, st.just(value + 1))
    return st.one_of(st.none(), WORDS)


@pytest.mark.parametrize("kind", RECORDS)
@given(data=st.data())
def test_what_passes_is_sound(kind, data):
    rows = data.draw(spoilt(kind))
    try:
        made = batch(kind, rows)
    except (ValueError, pa.ArrowException):  # a name that is no class
        return
    held = sieve(kind).held(made)
    stored = columns.rows(made, features(kind))
    for row, back in zip(stored, held, strict=True):
        assert back or CONTRACT.is_valid(kind, row)


def test_a_row_that_is_spoilt_is_held_alone():
    rows = copy.deepcopy(RECORDS["annotation"])
    rows[3]["targets"][0]["surface"] = ""
    rows[5]["lead_time"] = -1.0
    assert np.flatnonzero(sieve("annotation").held(batch("annotation", rows))).tolist() == [3, 5]


def test_secrets_are_held_outside_the_words_of_the_source():
    rows = copy.deepcopy(RECORDS["statement"])
    rows[1]["cue"] = [{"start": 1, "end": 2, "surface": "a@b"}]
    rows[2]["speakers"][0]["name"] = "a@b"
    assert np.flatnonzero(sieve("statement").held(batch("statement", rows))).tolist() == [2]


def test_texts_may_be_withheld():
    rows = copy.deepcopy(RECORDS["article"])
    rows[0]["text"] = None
    assert sieve("article").held(batch("article", rows))[0]
    assert not sieve("article", absent=["text"]).held(batch("article", rows)).any()


@pytest.mark.parametrize(
    "change",
    [
        {"minProperties": 3},
        {"not": {"required": ["form"]}},
        {"properties": {}},
        {"required": ["other"]},
        {"properties": CONTRACT.whole("statement")["properties"] | {"id": {"type": "string", "pattern": "(?=s)"}}},
        {"properties": CONTRACT.whole("statement")["properties"] | {"id": {"allOf": [{"type": "string"}]}}},
        {"properties": CONTRACT.whole("statement")["properties"] | {"lang": {"type": "integer"}}},
    ],
    ids=str,
)
def test_all_are_held_by_a_schema_that_it_cannot_judge(change):
    assert sieve("statement", CONTRACT.whole("statement") | change).held(batch("statement", RECORDS["statement"])).all()


@pytest.mark.parametrize("target", ["statement.schema.json", "common.schema.json#/$defs/nobody"])
def test_all_are_held_where_references_lead_nowhere(tmp_path, target):
    shutil.copytree(packaged(), tmp_path / "schema")
    path = tmp_path / "schema" / "statement.schema.json"
    values = json.loads(path.read_text("utf-8"))
    values["properties"]["parent"] = {"$ref": target}
    path.write_text(json.dumps(values), "utf-8")
    run = Run(Contract(tmp_path / "schema"), Floors())
    assert run._sieve("statement", features("statement")).held(batch("statement", RECORDS["statement"])).all()
