"""The verbs around a release, as one calls them: out, back, compared, put together again, and refused in one sentence."""

import json
import shutil
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def dipdata(*arguments, cwd=None, code=0):
    command = [sys.executable, "-m", "dipdata", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def values(*arguments, **options):
    return json.loads(dipdata(*arguments, "--json", **options).stdout)


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "data"
    dipdata("init", folder)
    dipdata("ingest", cwd=folder)
    return folder


@pytest.fixture(scope="module")
def full(project):
    path = project / "dist" / "my-dataset-0.1.0"
    assert values("export", "--version", "0.1.0", cwd=project)["path"] == str(path)
    return path


def test_a_release_is_built_anew_and_compared(project, full):
    assert values("export", "--check", full, "--workers", "1", cwd=project)["same"] is True
    copy = shutil.copytree(full, project / "copy")
    (copy / "README.md").write_text("# Mine\n")
    found = values("export", "--check", copy, cwd=project, code=1)
    assert not found["same"] and "README.md" in {problem["record"] for problem in found["problems"]}
    shutil.rmtree(copy)


@pytest.mark.parametrize("copies", ["project", "raw", "jsonl"])
def test_texts_are_put_back_from_a_project_a_folder_or_jsonl(project, full, tmp_path, copies):
    other = shutil.copytree(project, tmp_path / "other")
    shutil.rmtree(other / "dist")
    bare = values("export", "--version", "0.1.0", "--text", "none", cwd=other)["path"]
    given = {"project": project, "raw": project / "raw", "jsonl": tmp_path / "jsonl" / "articles.jsonl"}[copies]
    if copies == "jsonl":
        dipdata("export", "--to", "jsonl", "--out", tmp_path / "jsonl", cwd=project)
    found = values("hydrate", bare, "--from", given, "--out", tmp_path / "out")
    assert found["complete"] and found["statements_found"] == found["statements"] == 3
    assert contents(tmp_path / "out") == contents(full)


def test_records_go_to_another_project(project, tmp_path):
    found = values("export", "--to", "brat", "--out", tmp_path / "brat", cwd=project)
    assert found["files"] == len(contents(tmp_path / "brat")) == 4
    (tmp_path / "after").mkdir()
    (tmp_path / "after" / "dipdata.toml").write_text('name = "after"\nlicence = "CC-BY-4.0"\n')
    done = values("import", tmp_path / "brat", "--from", "brat", "--project", tmp_path / "after")
    assert (done["articles"], done["statements"], done["problems"]) == (1, 3, [])


def test_two_versions_are_compared(project, full):
    (project / "raw" / "example" / "second.txt").write_text(
        "One more text\n\n“Nothing changes before Friday,” the Norwegian ministry said.\n"
    )
    dipdata("ingest", cwd=project)
    dipdata("segment", cwd=project)
    before = contents(full)
    refused = dipdata("export", "--version", "0.0.9", cwd=project, code=2)
    assert "too low, 0.1.0 is there already" in refused.stderr and len(refused.stderr.splitlines()) == 1
    new = values("export", "--version", "0.1.1", cwd=project)["path"]
    told = dipdata("diff", full, new)
    assert (
        "articles: 1 added, 0 removed, 0 changed, 1 the same" in told.stdout
        and "example/second: “Nothing changes before Friday" in told.stdout
    )
    assert "| articles | 1 | 0 | 0 | 1 |" in dipdata("diff", full, new, "--markdown").stdout
    assert values("diff", full, new)["demanded"] == "0.1.1"
    assert contents(full) == before


def test_an_archive_and_what_publish_wants(full, tmp_path):
    assert values("publish", full, "--archive", tmp_path / "a.zip")["archive"] == str(tmp_path / "a.zip")
    assert "Give --repo OWNER/NAME, or --archive FILE." in dipdata("publish", full, code=2).stderr
