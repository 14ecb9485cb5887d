"""What may go wrong between dipdata and the real server: whatever it is, running again ends with everything once."""

import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, loading, pulling, server, sync
from studio.relay import relay
from studio.test_sync import answer, copy_of

pytestmark = pytest.mark.studio
PAIRS = [copy_of(number) for number in range(30)]
KILLS = 20
# One verb of a project, as a process that can be killed; it says when it begins.
VERB = """
import pickle, sys
from pathlib import Path
from dipdata.problems import Problems
from dipdata.studio import loading, pulling, sync
sync.BATCH = 5
sync.SETTLED = 5.0
project, pairs, annotations, folder = pickle.loads(Path(sys.argv[2]).read_bytes())
print("begun", flush=True)
if sys.argv[1] == "push":
    sync.push(project, pairs, problems=Problems())
elif sys.argv[1] == "pull":
    pulling.pull(project, into=folder, whole=True, problems=Problems())
else:
    loading.restore(project, pairs, annotations, problems=Problems())
"""


@pytest.fixture
def project(studio_server: Project, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(sync, "BATCH", 5)
    monkeypatch.setattr(sync, "SETTLED", 5.0)
    name = f"fault {request.node.name[-40:]}"
    return replace(studio_server, name=name, studio_project=name)


def recorded(project: Project) -> list:
    people = [accounts.add_annotator(project, name) for name in ("fault-a", "fault-b")]
    return [answer(project, statement, account) for _, statement in PAIRS[:10] for account in people]


def begin(verb: str, project: Project, given: Path, annotations=(), folder: Path | None = None) -> subprocess.Popen:
    given.write_bytes(pickle.dumps((replace(project), PAIRS, list(annotations), folder)))
    environment = os.environ | {"PYTHONPATH": str(Path(sync.__file__).parents[2])}
    run = subprocess.Popen([sys.executable, "-c", VERB, verb, str(given)], stdout=subprocess.PIPE, env=environment)
    run.stdout.readline()
    return run


def once(project: Project, annotations: int) -> None:
    """Every statement stands once on the server, every annotation once, each task with its prediction."""
    client = accounts.connect(project)
    number = client.find_project(project.studio_project).number
    held = client.held(number)
    assert Counter(task.data["statement_id"] for task in held) == Counter(statement.id for _, statement in PAIRS)
    assert all(task.predicted for task in held)
    found = Counter(
        (task["data"]["statement_id"], made["completed_by"]["email"]) for task in client.snapshot(number) for made in task["annotations"]
    )
    assert set(found.values()) <= {1}
    assert sum(found.values()) == annotations


@pytest.mark.parametrize("fault", [500, 401, 502, "reset", "reset-after"])
def test_a_push_that_meets_a_fault_is_completed_by_the_next(project: Project, fault, monkeypatch: pytest.MonkeyPatch) -> None:
    known = server.status(project)
    monkeypatch.setenv(accounts.TOKEN, known.token)
    imports = 0

    def third_import(_method: str, path: str):
        nonlocal imports
        imports += "/import" in path
        return fault if imports == 3 and "/import" in path else None

    with relay(known.url, fault=third_import) as url:
        monkeypatch.setenv(accounts.URL, url)
        with pytest.raises(CannotRunError) as refusal:
            sync.push(project, PAIRS, problems=Problems())
        assert known.token not in str(refusal.value)
        again = sync.push(project, PAIRS, problems=Problems())
    assert again.pushed + again.present == len(PAIRS)
    monkeypatch.setenv(accounts.URL, known.url)
    once(project, 0)


@pytest.mark.parametrize("fault", [500, 401, "reset"])
def test_a_pull_that_meets_a_fault_leaves_the_store_as_it_was(
    project: Project, fault, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sync.push(project, PAIRS, problems=Problems())
    loading.load(project, recorded(project), accounts.accounts(project), problems=Problems())
    known = server.status(project)
    monkeypatch.setenv(accounts.TOKEN, known.token)

    def export(_method: str, path: str):
        return fault if "/exports/" in path and "download" in path else None

    with relay(known.url, fault=export) as url:
        monkeypatch.setenv(accounts.URL, url)
        with pytest.raises(CannotRunError):
            pulling.pull(project, into=tmp_path / "store", problems=Problems())
    assert not (tmp_path / "store").exists()
    monkeypatch.setenv(accounts.URL, known.url)
    assert pulling.pull(project, into=tmp_path / "store", problems=Problems()).new == 20


def test_a_full_disk_leaves_the_store_as_it_was(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sync.push(project, PAIRS, problems=Problems())
    annotations = recorded(project)
    people = accounts.accounts(project)
    loading.load(project, annotations[:10], people, problems=Problems())
    pulling.pull(project, into=tmp_path, problems=Problems())
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")}
    loading.load(project, annotations, people, problems=Problems())

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            pulling.pull(project, into=tmp_path, problems=Problems())
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")} == before
    assert not list(tmp_path.glob(".*"))
    assert pulling.pull(project, into=tmp_path, problems=Problems()).new == 10


def test_two_pushes_at_once_make_every_task_once(project: Project, tmp_path: Path) -> None:
    runs = [begin("push", project, tmp_path / str(number)) for number in range(2)]
    for run in runs:
        run.stdout.close()
        assert run.wait(240) == 0
    once(project, 0)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["push", "restore", "pull"])
def test_killed_at_random_points_and_run_again(project: Project, verb: str, tmp_path: Path) -> None:
    annotations = recorded(project)
    if verb == "pull":
        sync.push(project, PAIRS, problems=Problems())
        loading.load(project, annotations, accounts.accounts(project), problems=Problems())
    chance = random.Random(20260301)
    client = accounts.connect(project)
    killed = 0
    for number in range(KILLS):
        found = client.find_project(project.studio_project)
        if verb != "pull" and found is not None and number % 5 == 0:
            client.delete_project(found.number)  # else most runs would find everything done
        run = begin(verb, project, tmp_path / str(number), annotations, tmp_path / "store")
        time.sleep(chance.uniform(0, 3))
        killed += run.poll() is None
        run.send_signal(signal.SIGKILL)
        run.wait()
        run.stdout.close()
    print(f"{verb}: {killed} of {KILLS} were running when killed")
    if verb == "pull":
        pulling.pull(project, into=tmp_path / "store", whole=True, problems=Problems())
        problems = Problems()
        records = store.read_annotations(tmp_path / "store", project.contract, problems)
        assert not list(problems)
        expected = Counter((annotation.statement_id, annotation.annotator) for annotation in annotations)
        assert Counter((record.statement_id, record.annotator) for record in records) == expected
    elif verb == "push":
        sync.push(project, PAIRS, problems=Problems())
        once(project, 0)
    else:
        loading.restore(project, PAIRS, annotations, problems=Problems())
        once(project, len(annotations))
