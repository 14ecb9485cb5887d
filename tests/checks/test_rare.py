"""What has no golden fixture: input too large to keep, and what today's schemas and libraries do not bring about."""

import datasets
import good
import pytest
from test_breaks import released

from dipdata import checks
from dipdata.checks import lines, release, schema
from dipdata.problems import Problems
from dipdata.schemas import Contract, Finding, packaged


def test_a_line_too_long_is_skipped_and_the_rest_is_read(tmp_path):
    path = tmp_path / "annotations.jsonl"
    with path.open("wb") as file:
        file.write(b"1\n" + b" " * (3 * lines.LONGEST) + b"\n2\n")
    found = [(line, value, [p.code for p in problems]) for line, _, value, problems in lines.read(path)]
    assert found == [(1, 1, []), (2, lines.NOTHING, ["schema.line-too-long"]), (3, 2, [])]


def test_a_violation_of_another_kind():
    class Odd(Contract):
        def is_valid(self, name, record):
            return False

        def findings(self, name, record):
            yield Finding("/id", "is odd")

    assert [p.code for p in schema.check("gold", {}, Odd(packaged()))] == ["schema.invalid"]


def test_a_stream_that_differs_from_the_whole(tmp_path, monkeypatch):
    folder = released(tmp_path / "project", good.corpus(1))
    load = datasets.load_dataset

    def skipping(*arguments, streaming=False, **named):
        found = load(*arguments, streaming=streaming, **named)
        return found.skip(1) if streaming else found

    monkeypatch.setattr(datasets, "load_dataset", skipping)
    problems = Problems()
    checks.check_release(folder, problems, workers=1)
    assert {p.code for p in problems} == {release.STREAM.code}


@pytest.mark.parametrize("start", [0, 1, 2, 3, 7, 8, 100])
def test_ranges_meet_at_every_byte(tmp_path, start):
    path = tmp_path / "annotations.jsonl"
    path.write_bytes(b'"a"\n\n"bb"\r\n"c"')
    parts = [lines.read(path, 0, start), lines.read(path, start, None)]
    assert [value for part in parts for _, _, value, _ in part if value is not lines.NOTHING] == ["a", "bb", "c"]
