"""Lines that are checked in columns have the problems that they have one by one, and sound ones are never looked at alone."""

import copy

import good
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_sieve import spoil

from dipdata import checks, jsonl
from dipdata.checks import lines
from dipdata.checks.folders import record_parts
from dipdata.checks.run import Run
from dipdata.floors import Floors
from dipdata.problems import Problems
from dipdata.records import to_dict
from dipdata.schemas import Contract, packaged

TEN = good.ten()
FLOORS = Floors(agreement={"sentiment": 0.5}, label_rows=20, constant_answers=5, agreement_units=10)


def files(corpus):
    """Return the lines of each file that annotations/ would have, and the articles."""
    found = {"articles": corpus.articles, "statements": corpus.statements, "gold": corpus.gold}
    for who in {annotation.annotator for annotation in corpus.annotations}:
        found[who] = [annotation for annotation in corpus.annotations if annotation.annotator == who]
    return {f"{name}.jsonl": [to_dict(record) for record in _sorted(records)] for name, records in found.items()}


def _sorted(records):
    return sorted(records, key=lambda record: getattr(record, "statement_id", None) or record.id)


def write(folder, written):
    for name, rows in written.items():
        (folder / name).write_bytes(b"".join(row if isinstance(row, bytes) else orjson.dumps(row) + b"\n" for row in rows))


def told(folder, written):
    write(folder, written)
    problems = Problems()
    checks.check_records(folder, problems, floors=FLOORS, workers=1)
    return [str(problem) for problem in problems]


def none_plain(lines, kind):
    return np.zeros(len(lines), dtype=bool)


@pytest.mark.parametrize("name", TEN)
def test_sound_lines_are_not_looked_at_one_by_one(name, tmp_path, monkeypatch):
    read = []
    parse = lines.parse
    monkeypatch.setattr(lines, "parse", lambda line: read.append(line) or parse(line))
    written = files(TEN[name])
    write(tmp_path, written)
    run, problems = Run(Contract(packaged()), Floors()), Problems()
    run.check(record_parts(tmp_path), problems)
    assert {problem.severity for problem in problems} <= {"warning"}
    assert len(read) == len(written["articles.jsonl"])
    assert len(run.annotations.keys) == len(TEN[name].annotations)


@st.composite
def spoilt(draw):
    written = copy.deepcopy(files(TEN[draw(st.sampled_from(["one language", "five annotators", "nested", "emoji", "unanswered"]))]))
    for _ in range(draw(st.integers(1, 4))):
        rows = written[draw(st.sampled_from(sorted(written)))]
        if not rows:
            continue
        place = draw(st.integers(0, len(rows) - 1))
        if not isinstance(rows[place], dict):
            continue
        match draw(st.integers(0, 7)):
            case 0:
                rows.insert(draw(st.integers(0, len(rows))), rows.pop(place))
            case 1:
                rows[place] = orjson.dumps(rows[place]).replace(b":", b": ", draw(st.integers(1, 9))) + b"\n"
            case 2:
                rows[place] = draw(st.sampled_from([b"\n", b"{\n", b"\xff\n", b'{"id":"s-0000000000000000"}\n', b"[1]\n"]))
            case 3:
                rows[place].pop(draw(st.sampled_from(sorted(rows[place]))))
            case _:
                spoil(draw, rows[place])
    return written


@settings(max_examples=60)
@given(written=spoilt())
def test_columns_tell_what_lines_tell_one_by_one(written, tmp_path_factory):
    folder = tmp_path_factory.mktemp("records")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "plain", none_plain)
        one_by_one = told(folder, written)
    assert told(folder, written) == one_by_one
