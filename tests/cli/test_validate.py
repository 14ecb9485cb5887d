"""`dipdata validate` as a maintainer and a CI meet it: options, exit codes, and input that is broken in every way."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import good
import orjson
import pyarrow.parquet as pq
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dipdata import verbs
from dipdata.cli import app
from dipdata.problems import CannotRunError, Problems
from dipdata.records import to_dict

ROOT = Path(__file__).parents[2]
CORPUS = good.corpus(30, 6)


def run(*words):
    done = CliRunner().invoke(app, ["validate", *map(str, words)])
    if done.exception and not isinstance(done.exception, SystemExit | CannotRunError):
        raise done.exception
    return done


@pytest.fixture
def records(tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    for part in ("articles", "statements", "annotations"):
        lines = [orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE) for record in getattr(CORPUS, part)]
        (folder / f"{part}.jsonl").write_bytes(b"".join(lines))
    return folder


def spoil(folder, old, new, part="annotations", count=1):
    path = folder / f"{part}.jsonl"
    path.write_bytes(path.read_bytes().replace(old, new, count))


def codes(done):
    return json.loads(done.stdout)["counts"]


def test_a_good_folder(records):
    done = run(records)
    assert (done.exit_code, done.stdout) == (0, f"{records}: 0 errors, 0 warnings\n")


def test_select_ignore_and_fail_on(records):
    spoil(records, b'"lead_time":', b'"lead_tim":')
    spoil(records, b'"status":"submitted"', b'"status":"skipped"', count=2)
    assert codes(run(records, "--json")) == {"labels.rejected-answered": 1, "schema.missing-key": 1, "schema.unknown-key": 1}
    assert run(records, "--select", "labels").exit_code == 0
    assert run(records, "--select", "labels", "--fail-on", "warning").exit_code == 1
    assert codes(run(records, "--json", "--ignore", "schema.missing-key", "--ignore", "labels")) == {"schema.unknown-key": 1}


def test_a_baseline_hides_old_debts_and_no_new_ones(records, tmp_path):
    debts = tmp_path / "debts.json"
    spoil(records, b'"lead_time":', b'"lead_tim":')
    assert run(records, "--write-baseline", debts).exit_code == 1
    done = run(records, "--baseline", debts)
    assert done.exit_code == 0
    assert "2 known from the baseline" in done.stdout
    spoil(records, b'"scheme":', b'"schema":')
    assert run(records, "--baseline", debts).exit_code == 1


@pytest.mark.parametrize("content", [None, "{", "[]", '{"problems": 3}'])
def test_a_baseline_that_is_none(records, tmp_path, content):
    debts = tmp_path / "debts.json"
    if content:
        debts.write_text(content)
    done = run(records, "--baseline", debts)
    assert isinstance(done.exception, CannotRunError)
    assert "--write-baseline" in str(done.exception)


def test_the_output_can_go_to_a_file(records, tmp_path):
    done = run(records, "--format", "sarif", "--output", tmp_path / "checks.sarif")
    assert json.loads((tmp_path / "checks.sarif").read_text())["version"] == "2.1.0"
    assert done.stdout.endswith(f"0 errors, 0 warnings; see {tmp_path / 'checks.sarif'}\n")


def test_github_names_files_from_where_it_runs(records, monkeypatch):
    spoil(records, b'"lead_time":', b'"lead_tim":')
    monkeypatch.chdir(records.parent)
    assert "::error file=records/annotations.jsonl,line=1," in run(records, "--format", "github").stdout


# Bad input: a problem each, and the rest is read.


@pytest.mark.parametrize(
    ("part", "raw", "code"),
    [
        ("articles", b"\x00\xff\x00\xff\n", "schema.not-utf8"),
        ("annotations", b"[" * 100_000 + b"\n", "schema.too-deep"),
        ("statements", b'{"id":"s-1","id":"s-2"}\n', "schema.duplicate-key"),
        ("annotations", b'{"lead_time":Infinity}\n', "schema.not-finite"),
        ("annotations", b'{"lead_time":1e999}\n', "schema.not-finite"),
        ("annotations", b"null\n", "schema.type"),
        ("gold", b'"gold"\n', "schema.type"),
        ("annotations", b'{"id":"\\ud800"}\n', "schema.not-json"),
        ("articles", b'{"id":' + b"9" * 400 + b"}\n", "schema.not-finite"),
        ("annotations", b" " * 1_000_000 + b"{}\n", "schema.missing-key"),
        ("annotations", b"{}" * 10 + b"\n", "schema.not-json"),
    ],
)
def test_a_broken_line_is_a_problem(records, part, raw, code):
    before = (records / f"{part}.jsonl").read_bytes() if (records / f"{part}.jsonl").exists() else b""
    (records / f"{part}.jsonl").write_bytes(raw + before)
    done = run(records, "--json")
    found = json.loads(done.stdout)["problems"]
    assert done.exit_code == 1
    assert (f"{part}.jsonl", 1) in {(problem["file"], problem["line"]) for problem in found if problem["code"] == code}
    assert {problem["line"] for problem in found} == {1}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    part=st.sampled_from(["articles", "statements", "annotations"]),
    raw=st.binary(max_size=200),
    at=st.floats(0, 1),
    cut=st.integers(0, 300),
)
def test_no_bytes_crash_it(tmp_path, part, raw, at, cut):
    folder = tmp_path / "fuzz"
    folder.mkdir(exist_ok=True)
    for name in ("articles", "statements", "annotations"):
        lines = b"".join(orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE) for record in getattr(CORPUS, name)[:2])
        if name == part:
            place = int(at * len(lines))
            lines = lines[:place] + raw + lines[place + cut :]
        (folder / f"{name}.jsonl").write_bytes(lines)
    verbs.validate(folder, problems=Problems(), workers=1)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(["articles", "statements", "annotations"]), junk=JUNK, rng=st.randoms(use_true_random=False))
def test_no_value_crashes_it(tmp_path, part, junk, rng):
    folder = tmp_path / "fuzz"
    folder.mkdir(exist_ok=True)
    for name in ("articles", "statements", "annotations"):
        values = [json.loads(orjson.dumps(to_dict(record))) for record in getattr(CORPUS, name)[:2]]
        if name == part:
            place = values[0]
            while isinstance(place, dict | list) and place:
                key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
                if not isinstance(place[key], dict | list) or not place[key] or rng.random() < 0.3:
                    place[key] = junk
                    break
                place = place[key]
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    verbs.validate(folder, problems=Problems(), workers=1)


def test_several_processes_find_what_one_finds(records, monkeypatch):
    from dipdata.checks import lines
    from dipdata.checks import run as runs

    monkeypatch.setattr(runs, "HEAVY", 0)
    monkeypatch.setattr(lines, "CHUNK", 3000)
    rng = random.Random(5)
    for part in ("articles", "statements", "annotations"):
        path = records / f"{part}.jsonl"
        raw = bytearray(path.read_bytes())
        for _ in range(4):
            raw[rng.randrange(len(raw))] = 0x7A
        path.write_bytes(raw)
    found = {}
    for workers in (1, 2, 3):
        problems = Problems()
        verbs.validate(records, problems=problems, workers=workers)
        found[workers] = list(problems)
    assert found[1] == found[2] == found[3] != []


def test_a_process_that_dies_is_said(monkeypatch):
    from dipdata.checks import pool

    with pytest.raises(CannotRunError, match="a worker process died"):
        pool.run(lambda unit, worker: os._exit(9) if unit == 1 else unit, [0, 1, 2], 2)


def test_what_a_process_raises_is_raised():
    from dipdata.checks import pool

    with pytest.raises(ZeroDivisionError):
        pool.run(lambda unit, worker: 1 // unit, [1, 0], 2)


# A project.


@pytest.fixture
def project(tmp_path):
    """The files of a project with frozen statements and two annotators, whose articles come from raw/ by `ingest`."""
    folder = tmp_path / "project"
    verbs.init(folder)
    shutil.rmtree(folder / "raw" / "example")
    return folder


def fill(folder, corpus):
    """Write a corpus into a project: raw texts, frozen statements, annotations and gold."""
    from dipdata.annotations import store

    for of in corpus.articles:
        path = folder / of.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(of.text + "\n", encoding="utf-8")
        source = f'publisher = "{of.outlet}"\nlang = "{of.lang}"\nlicence = "{of.licence}"\n'
        (path.parent / "source.toml").write_text(source)
    store.write_statements(folder / "annotations", corpus.statements)
    store.write_annotations(folder / "annotations", corpus.annotations)
    store.write_gold(folder / "annotations", corpus.gold)


@pytest.mark.parametrize("name", good.ten())
def test_good_projects_give_nothing(project, name):
    fill(project, good.ten()[name])
    problems = Problems()
    verbs.validate(project, problems=problems)
    # Languages without rules are said; small datasets cannot judge agreement.
    expected = {"agreement.overlap", "segment.language-unsupported"}
    assert [str(problem) for problem in problems if problem.code not in expected] == []


def test_a_project_names_files_and_lines(project):
    fill(project, CORPUS)
    path = next((project / "annotations").glob("p-*.jsonl"))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b'"validity":"valid"', b'"validity":"vaild"') + b"".join(lines[2:]))
    problems = json.loads(run(project, "--json").stdout)["problems"]
    assert (f"annotations/{path.name}", 2) in {(p["file"], p["line"]) for p in problems if p["code"] == "schema.label"}


def test_a_wrong_value_of_a_source_has_its_line(project):
    fill(project, CORPUS)
    path = next(project.glob("raw/*/source.toml"))
    path.write_text('publisher = "lang"\nlicence = "CC-BY-4.0"\nlang = "English"\n[files."a.txt"]\n# lang\n"lang" = "English"\n')
    problems = json.loads(run(project, "--json", "--select", "schema.format").stdout)["problems"]
    assert {(p["file"], p["line"], p["pointer"]) for p in problems} == {
        (path.relative_to(project).as_posix(), 3, "/lang"),
        (path.relative_to(project).as_posix(), 6, "/files/a.txt/lang"),
    }


def test_fix_sorts_and_shows_the_diff_and_touches_no_label(project):
    fill(project, CORPUS)
    path = next((project / "annotations").glob("p-*.jsonl"))
    before = path.read_bytes()
    path.write_bytes(b"\xef\xbb\xbf" + b"".join(sorted(before.splitlines(keepends=True), reverse=True)))
    source = next(project.glob("raw/*/source.toml"))
    source.write_text(source.read_text().replace("Wire", "Wire\u0301"), encoding="utf-8")
    assert {"references.unsorted", "hygiene.not-normal"} & set(codes(run(project, "--json")))
    done = run(project, "--fix")
    assert done.exit_code == 0, done.stdout
    assert f"+++ b/annotations/{path.name}" in done.stdout
    assert path.read_bytes() == before
    assert "Wiré" in source.read_text()
    assert "+++" not in run(project, "--fix").stdout


def test_fix_leaves_a_file_with_a_broken_line_alone(project):
    fill(project, CORPUS)
    path = next((project / "annotations").glob("p-*.jsonl"))
    path.write_bytes(b"".join(sorted(path.read_bytes().splitlines(keepends=True), reverse=True)) + b"{\n")
    before = path.read_bytes()
    assert run(project, "--fix").exit_code == 1
    assert path.read_bytes() == before


# What init puts in place, and what other repositories use of this one.


def test_init_puts_the_checks_in_place(tmp_path):
    made = verbs.init(tmp_path / "new")
    assert {".github/workflows/validate.yml", ".pre-commit-config.yaml", ".gitignore"} <= set(made)
    steps = yaml.safe_load((tmp_path / "new" / ".github/workflows/validate.yml").read_text())["jobs"]["validate"]["steps"]
    assert steps[-1]["uses"].startswith("dipdata/dipdata@")
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    config = yaml.safe_load((tmp_path / "new" / ".pre-commit-config.yaml").read_text())
    assert {hook["id"] for repo in config["repos"] for hook in repo["hooks"]} <= hooks


def _action(records, tmp_path, **inputs):
    """Run the script of action.yml as GitHub would, with a `dipdata` that runs this checkout."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    step = action["runs"]["steps"][-1]
    values = {name: each["default"] for name, each in action["inputs"].items()} | inputs
    env = {key: values[of.removeprefix("${{ inputs.").removesuffix(" }}")] for key, of in step["env"].items()}
    (tmp_path / "bin").mkdir(exist_ok=True)
    command = tmp_path / "bin" / "dipdata"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT / "src"} exec {sys.executable} -m dipdata "$@"\n')
    command.chmod(0o755)
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    env = os.environ | env | {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    return subprocess.run(script, check=False, env=env, cwd=records, capture_output=True, text=True)


def test_the_action(records, tmp_path):
    assert _action(records, tmp_path).returncode == 0
    spoil(records, b'"lead_time":', b'"lead_tim":')
    done = _action(records, tmp_path, sarif="out.sarif")
    assert done.returncode == 1
    assert "::error file=annotations.jsonl,line=1," in done.stdout
    assert json.loads((records / "out.sarif").read_text())["runs"][0]["results"]
    assert _action(records, tmp_path, ignore="schema labels").returncode == 0
    assert _action(records, tmp_path, select="offsets", **{"fail-on": "warning"}).returncode == 0
    assert _action(records, tmp_path, path="$(touch pwned)").returncode == 2
    assert not (records / "pwned").exists()


def test_a_release_with_a_broken_table_is_read_to_its_end(tmp_path):
    from test_breaks import released

    folder = released(tmp_path / "project", good.corpus(31))
    path = max((folder / "articles").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = run(folder, "--json")
    assert done.exit_code == 1
    assert {"release.table-broken", "release.file-changed"} <= set(codes(done))
    assert pq.read_metadata(max((folder / "statements").glob("*.parquet"))).num_rows
