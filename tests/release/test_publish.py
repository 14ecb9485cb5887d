import importlib.util
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

import samples
from dipdata import verbs
from dipdata.problems import CannotRunError, Problems
from dipdata.release import splits
from dipdata.release.export import export

SPEC = importlib.util.spec_from_file_location("hub", Path(__file__).with_name("hub.py"))
hub_module = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hub_module)
REPO = "owner/small"


@pytest.fixture
def hub(monkeypatch):
    from huggingface_hub import constants

    server = hub_module.Hub()
    monkeypatch.setattr(constants, "ENDPOINT", server.url)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setenv("HF_TOKEN", "hf_test")
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    yield server
    server.close()


@pytest.fixture
def first(project):
    return export(project, "0.1.0", samples.corpus(), problems=Problems()).path


def contents(release):
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in release.rglob("*") if path.is_file()}


def held(hub, revision="main"):
    return {name: content for name, content in hub.content(REPO, revision).items() if name != ".gitattributes"}


def test_a_dry_run_sends_nothing(hub, first):
    what, commit = verbs.publish(first, REPO)
    assert commit is None and hub.repos == {} and what.new
    assert set(what.add) == set(contents(first)) and what.bytes == sum(map(len, contents(first).values()))
    assert all(call.startswith("GET") for call in hub.calls)


def test_a_release_becomes_one_commit_with_a_tag(hub, first):
    _, commit = verbs.publish(first, REPO, dry_run=False, private=True)
    assert held(hub) == held(hub, "v0.1.0") == contents(first)
    assert hub.repos[REPO]["tags"] == {"v0.1.0": commit} and hub.repos[REPO]["private"]
    assert len(hub.repos[REPO]["commits"]) == 2
    again, commit = verbs.publish(first, REPO, dry_run=False)
    assert again.tagged and commit is None and len(hub.repos[REPO]["commits"]) == 2


def test_the_next_version_sends_what_is_new_and_removes_what_is_gone(hub, project, first):
    verbs.publish(first, REPO, dry_run=False)
    sent = hub.sent
    gone = {name: (hub._put(b"old"), False) for name in ("notes.txt", "default/old.parquet")}
    hub.files(REPO).update(gone)
    second = export(project, "0.1.1", samples.corpus(), frozen=splits.read(first), problems=Problems()).path
    what, _ = verbs.publish(second, REPO, dry_run=False)
    assert set(what.remove) == set(gone)
    assert set(what.add) == {"README.md", "croissant.json", "release.json"}
    assert hub.sent - sent == what.bytes
    assert held(hub) == held(hub, "v0.1.1") == contents(second)
    assert set(hub.repos[REPO]["tags"]) == {"v0.1.0", "v0.1.1"}


def test_a_branch_of_its_own(hub, first):
    verbs.publish(first, REPO, dry_run=False, revision="next")
    assert held(hub, "next") == contents(first) and held(hub, "main") == {}


def test_a_branch_beside_an_older_version_holds_the_new_one_alone(hub, project, first):
    verbs.publish(first, REPO, dry_run=False)
    hub.files(REPO)["default/old.parquet"] = hub._put(b"old"), False
    second = export(project, "0.1.1", samples.corpus(24), frozen=splits.read(first), problems=Problems()).path
    what, _ = verbs.publish(second, REPO, dry_run=False, revision="next")
    assert what.remove == ("default/old.parquet",)
    assert held(hub, "next") == held(hub, "v0.1.1") == contents(second)
    again, _ = verbs.publish(second, REPO, dry_run=False, revision="next")
    assert again.tagged


def test_a_version_that_is_published_never_changes(hub, project, first):
    verbs.publish(first, REPO, dry_run=False)
    first.rename(project.root / "elsewhere")
    other = export(project, "0.1.0", samples.corpus(8), problems=Problems()).path
    with pytest.raises(CannotRunError, match=r"v0\.1\.0 is published with another .*Versions never change"):
        verbs.publish(other, REPO, dry_run=False)


def test_a_broken_release_is_not_published(hub, first):
    path = next((first / "default").iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CannotRunError, match=r"parquet: not what release[.]json says"):
        verbs.publish(first, REPO, dry_run=False)
    assert hub.calls == []


@pytest.mark.parametrize(
    ("part", "answer", "said"),
    [
        ("refs", 401, "HF_TOKEN"),
        ("refs", 403, "may not write"),
        ("commit", 412, "changed the repository meanwhile"),
        ("preupload", 400, "the hub answers 400"),
        ("repos/create", 403, "may not write"),
    ],
)
def test_a_refusal_is_said_with_its_remedy(hub, first, part, answer, said):
    hub.faults[part] = [answer]
    with pytest.raises(CannotRunError, match=said):
        verbs.publish(first, REPO, dry_run=False)
    assert "v0.1.0" not in hub.repos.get(REPO, {"tags": {}})["tags"]
    verbs.publish(first, REPO, dry_run=False)
    assert held(hub, "v0.1.0") == contents(first)


@pytest.mark.parametrize("part", ["preupload", "batch", "/lfs/"])
def test_a_fault_that_passes_is_waited_out(hub, first, part):
    hub.faults[part] = [503, "drop", 500]
    verbs.publish(first, REPO, dry_run=False)
    assert held(hub, "v0.1.0") == contents(first)


@pytest.mark.parametrize("part", ["commit", "tag"])
def test_a_connection_lost_at_the_end_is_mended_by_running_again(hub, first, part):
    hub.faults[part] = ["drop", "drop", "drop", "drop", "drop", "drop"]
    with pytest.raises(CannotRunError, match="run again"):
        verbs.publish(first, REPO, dry_run=False)
    hub.faults.clear()
    verbs.publish(first, REPO, dry_run=False)
    assert held(hub, "v0.1.0") == contents(first) and len(hub.repos[REPO]["commits"]) == 2


def test_no_hub_and_no_name(hub, first, monkeypatch):
    with pytest.raises(CannotRunError, match=r"no name of a repository[.] Give OWNER/NAME"):
        verbs.publish(first, "a/b/c", dry_run=False)
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    with pytest.raises(CannotRunError, match="hub answers 401"):
        verbs.publish(first, REPO)
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(CannotRunError, match="cannot be reached"):
        verbs.publish(first, REPO)


@pytest.mark.slow
def test_killed_at_any_moment_it_can_be_run_again(hub, first):
    command = [sys.executable, "-m", "dipdata", "publish", str(first), "--repo", REPO, "--no-dry-run"]
    env = os.environ | {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1", "HF_TOKEN": "hf_test"}
    import selectors

    for calls in range(1, 21):
        before = len(hub.calls)
        process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with selectors.DefaultSelector():
            while process.poll() is None and len(hub.calls) < before + calls:
                os.sched_yield()
        process.send_signal(signal.SIGKILL)
        process.wait()
        tags = hub.repos.get(REPO, {"tags": {}})["tags"]
        if "v0.1.0" in tags:
            assert held(hub, "v0.1.0") == contents(first)
    verbs.publish(first, REPO, dry_run=False)
    assert held(hub, "v0.1.0") == contents(first) and len(hub.repos[REPO]["commits"]) == 2


def test_an_archive_for_zenodo_is_the_same_each_time(first, tmp_path):
    one = verbs.archive(first, tmp_path / "one.zip")
    time.sleep(0)
    two = verbs.archive(first, tmp_path / "two.zip")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as zipped:
        held = {name.removeprefix("small-0.1.0/"): zipped.read(name) for name in zipped.namelist()}
    metadata = held.pop(".zenodo.json")
    assert held == contents(first)
    assert b'"upload_type": "dataset"' in metadata and b'"license": "cc-by-4.0"' in metadata
