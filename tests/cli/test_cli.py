import json
import subprocess
import sys
from pathlib import Path

import pytest

import samples
from dipdata.annotations import store

HEAVY = {"datasets", "pyarrow", "trafilatura", "label_studio_sdk", "jsonschema_rs", "numpy", "pandas", "httpx"}


def dipdata(*arguments, cwd=None, stdin=None):
    command = [sys.executable, "-m", "dipdata", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, text=True, check=False)


def verbs():
    from typer.main import get_command

    from dipdata.cli import app

    def walk(command, path):
        for name, sub in getattr(command, "commands", {}).items():
            yield from walk(sub, [*path, name])
        if not hasattr(command, "commands"):
            yield path, command.help

    return list(walk(get_command(app), []))


@pytest.mark.parametrize(("path", "text"), verbs(), ids=lambda value: "-".join(value) if isinstance(value, list) else "")
def test_each_verb_shows_an_example(path, text):
    assert f"Example: dipdata {' '.join(path)}" in text


def test_help_imports_nothing_heavy():
    code = f"import sys, dipdata.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "data"
    assert dipdata("init", folder).returncode == 0
    return folder


def test_a_new_project_is_valid_as_it_is(project):
    done = dipdata("validate", "--json", cwd=project)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["problems"] == []


def test_from_raw_to_release(project):
    for verb in (["ingest"], ["segment"], ["export", "--version", "0.1.0"]):
        done = dipdata(*verb, "--json", cwd=project)
        assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert sum(result["rows"]["statements"].values()) == 3
    done = dipdata("validate", result["path"], cwd=project)
    assert done.returncode == 0, done.stderr
    again = dipdata("export", "--version", "0.1.0", "--json", cwd=project)
    assert json.loads(again.stdout)["unchanged"] is True


def test_init_never_overwrites(project):
    done = dipdata("init", project)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not an empty folder" in done.stderr


def test_without_a_project_the_remedy_is_said(tmp_path):
    done = dipdata("ingest", cwd=tmp_path)
    assert done.returncode == 2
    assert "no dipdata.toml here. Make a project with `dipdata init DIR`" in done.stderr


def test_problems_are_exit_code_1_and_name_file_and_line(tmp_path):
    folder = tmp_path / "data"
    dipdata("init", folder)
    record = samples.annotation(samples.statement(samples.article()))
    store.write_annotations(folder / "annotations", [record])
    path = folder / "annotations" / f"{record.annotator}.jsonl"
    path.write_text(path.read_text().replace('"stance":"favor"', '"stance":"favour"') + "{\n")
    done = dipdata("validate", "--json", cwd=folder)
    assert done.returncode == 1
    found = {(p["code"], Path(p["file"]).name, p["line"], p["pointer"]) for p in json.loads(done.stdout)["problems"]}
    assert ("schema.label", path.name, 1, "/targets/0/stance") in found
    assert ("schema.not-json", path.name, 2, None) in found


def test_statements_of_an_article_that_vanished_are_named(tmp_path):
    folder = tmp_path / "data"
    dipdata("init", folder)
    gone = samples.statement(samples.article())
    store.write_statements(folder / "annotations", [gone])
    done = dipdata("segment", "--json", cwd=folder)
    result = json.loads(done.stdout)
    assert done.returncode == 1 and result["statements"] == 3
    assert [(p["code"], p["record"]) for p in result["problems"]] == [("segment.article-missing", gone.id)]


def test_no_room_for_temporary_files(project):
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    command = [sys.executable, "-m", "dipdata", "export", "--version", "0.9.0"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False, preexec_fn=limit)
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert "File too large. Make room there, or name a folder that has room by TMPDIR." in done.stderr


def test_segment_reads_standard_input():
    text = "“We welcome the treaty,” the Norwegian foreign ministry said on Friday after the talks in Oslo had ended.\n"
    done = dipdata("segment", "-", "--to", "jsonl", "--lang", "en", stdin=text)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    (unit,) = document["statements"]
    ((start, end),) = unit["content"]
    assert document["text"][start:end] == "“We welcome the treaty,”"
    assert unit["form"] == "direct"


def test_segment_keeps_the_text_of_jsonl_input(tmp_path):
    path = tmp_path / "in.jsonl"
    text = "«L'accord tient»,\r\n a déclaré le ministère.\r\n"
    path.write_text(json.dumps({"id": "x", "lang": "fr", "text": text}) + "\nnot json\n")
    done = dipdata("segment", path, "--to", "jsonl")
    assert done.returncode == 1
    assert json.loads(done.stdout)["text"] == text
    assert "in.jsonl" in done.stderr and "2" in done.stderr


def test_a_file_that_is_not_there(tmp_path):
    done = dipdata("segment", tmp_path / "none.txt", "--to", "jsonl")
    assert done.returncode == 1
    assert "none.txt" in done.stderr
