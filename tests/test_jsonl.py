"""Lines that are taken for what dipdata writes are just that, and their columns hold what they say."""

import good
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import columns, jsonl, tables
from dipdata.records import Annotation, Gold, Statement, from_dict, to_dict
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())
CORPUS = good.ten()["nested"]
RECORDS = {
    "statement": (Statement, CORPUS.statements[:12]),
    "annotation": (Annotation, CORPUS.annotations[:12]),
    "gold": (Gold, CORPUS.gold[:12]),
}
KINDS = sorted(RECORDS)
PIECES = [b"", b" ", b"0", b"-", b"1e-7", b".50", b'"', b"\\", b"\\u00e9", b"\\/", b",", b"}", b"\n", b"null"]


def written(kind):
    return [orjson.dumps(to_dict(record)) for record in RECORDS[kind][1]]


@pytest.mark.parametrize("kind", KINDS)
def test_what_dipdata_writes_is_plain(kind):
    assert jsonl.plain(written(kind), RECORDS[kind][0]).all()
    assert jsonl.normal(written(kind), RECORDS[kind][0]) == written(kind)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_plain_is_written_so(kind, data):
    line = data.draw(st.sampled_from(written(kind)))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(line)))
        end = data.draw(st.integers(start, min(len(line), start + 12)))
        piece = data.draw(st.sampled_from(PIECES))
        line = line[:start] + piece + line[end:]
    if jsonl.plain([line], RECORDS[kind][0])[0]:
        try:
            values = orjson.loads(line)
        except orjson.JSONDecodeError:  # cut inside a letter
            with pytest.raises(ValueError, match="UTF"):
                jsonl.batch([line], CONTRACT.record_arrow(kind)).validate(full=True)
            return
        assert orjson.dumps(to_dict(from_dict(RECORDS[kind][0], values))) == line


def changed(line, old, new):
    assert old in line
    return line.replace(old, new, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda line: line + b" ",
        lambda line: line + b"\n",
        lambda line: changed(line, b":", b": "),
        lambda line: changed(line, b'"form":', b'"form":"direct","form":'),
        lambda line: changed(line, b'"chain":[],', b""),
        lambda line: changed(line, b'"rule":"', b'"rule":"\\u0063'),
        lambda line: changed(line, b'"confidence":0.9', b'"confidence":0.90'),
        lambda line: changed(line, b'"confidence":0.9', b'"confidence":1'),
        lambda line: orjson.dumps(dict(reversed(orjson.loads(line).items()))),
    ],
)
def test_other_spellings_are_not_plain(change):
    line = change(changed(written("statement")[0], b'"chain":[', b'"chain":['))
    assert not jsonl.plain([line], Statement)[0]


def test_other_spellings_are_made_normal_and_what_is_no_record_is_left_out():
    first, second, third = written("gold")[:3]
    spaced = orjson.dumps(dict(reversed(orjson.loads(second).items())), option=orjson.OPT_INDENT_2)
    without = changed(third, b',"act":null', b"")
    assert jsonl.normal([first, b"{", spaced, b"[]", b'{"id": 1}', without], Gold) == [first, second, third]


@pytest.mark.parametrize("kind", KINDS)
def test_columns_hold_what_the_lines_say(kind):
    schema = CONTRACT.record_arrow(kind)
    made = jsonl.batch(written(kind), schema)
    made.validate(full=True)
    assert columns.rows(made, tables.described(schema)) == [to_dict(record) for record in RECORDS[kind][1]]
    assert jsonl.batch([], schema).schema == made.schema


def test_columns_refuse_a_class_without_a_name_and_a_number_too_large():
    schema = CONTRACT.record_arrow("gold")
    line = next(line for line in written("gold") if b'"start":' in line)
    with pytest.raises(ValueError, match="'vaild' is not one of"):
        jsonl.batch([line, changed(line, b'"valid"', b'"vaild"')], schema)
    with pytest.raises(ValueError, match="99999999999"):
        jsonl.batch([changed(line, b'"start":', b'"start":99999999999')], schema)
