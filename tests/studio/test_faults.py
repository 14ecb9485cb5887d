"""What may go wrong between dipdata and the real server: whatever it is, running again ends with everything once."""

import itertools
import multiprocessing
import os
import resource
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, loading, pulling, server, sync
from dipdata.studio.client import Client
from dipdata.studio.tasks import to_result
from studio.relay import relay
from studio.test_sync import answer, copy_of

pytestmark = pytest.mark.studio
NUMBERS = itertools.count(1)
PAIRS = [copy_of(number) for number in range(30)]


@pytest.fixture
def project(studio_server: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setattr(sync, "BATCH", 5)
    monkeypatch.setattr(sync, "SETTLED", 5.0)
    name = f"fault {next(NUMBERS)}"
    return replace(studio_server, name=name, studio_project=name)


def recorded(project: Project) -> list:
    people = [accounts.add_annotator(project, name) for name in ("fault-a", "fault-b")]
    return [answer(project, statement, account) for _, statement in PAIRS[:10] for account in people]


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


@pytest.mark.parametrize("fault", [500, 401, "reset", "reset-after"])
def test_a_restore_that_meets_a_fault_is_completed_by_the_next(project: Project, fault, monkeypatch: pytest.MonkeyPatch) -> None:
    annotations = recorded(project)
    drafts = [replace(each, status="draft", validity=None) for each in annotations[::4]]
    annotations = [each for each in annotations if each.id not in {draft.id for draft in drafts}] + drafts
    known = server.status(project)
    monkeypatch.setenv(accounts.TOKEN, known.token)
    met: Counter[str] = Counter()

    def third(_method: str, path: str):
        kind = "import" if "/import" in path else "draft" if path.endswith("/drafts") else ""
        met[kind] += 1
        return fault if kind and met[kind] == 3 else None

    with relay(known.url, fault=third) as url:
        monkeypatch.setenv(accounts.URL, url)
        refusals = 0
        while True:
            problems = Problems()
            try:
                loading.restore(project, PAIRS, annotations, problems=problems)
                break
            except CannotRunError:
                refusals += 1
        assert not list(problems)
        # Annotators' tokens are personal: a 401 asks for another access token, and is no fault the first time.
        assert refusals == (1 if fault == 401 else 2)
    monkeypatch.setenv(accounts.URL, known.url)
    once(project, len(annotations) - len(drafts))
    client = accounts.connect(project)
    found = list(client.snapshot(client.find_project(project.studio_project).number))
    assert Counter(task["data"]["statement_id"] for task in found for _ in task["drafts"]) == Counter(
        draft.statement_id for draft in drafts
    )


def test_a_full_disk_leaves_the_store_as_it_was(project: Project, tmp_path: Path) -> None:
    (tmp_path / "dipdata.toml").write_text(
        f'name = "{project.name}"\nlicence = "CC-BY-4.0"\n[studio]\nproject = "{project.studio_project}"\n'
    )
    (tmp_path / ".dipdata").symlink_to(project.private)
    folder = tmp_path / "annotations"
    sync.push(project, PAIRS, problems=Problems())
    annotations = recorded(project)
    people = accounts.accounts(project)
    loading.load(project, annotations[:10], people, problems=Problems())
    pulling.pull(project, into=folder, problems=Problems())
    before = {path.name: path.read_bytes() for path in folder.glob("*.jsonl")}
    loading.load(project, annotations, people, problems=Problems())
    largest = max(map(len, before.values()))

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    code = "from dipdata.cli import main; main()"
    environment = os.environ | {"PYTHONPATH": str(Path(sync.__file__).parents[2])}
    command = [sys.executable, "-c", code, "pull", "--project", str(tmp_path)]
    full = subprocess.run(command, capture_output=True, text=True, env=environment, preexec_fn=no_room, check=False)
    assert full.returncode == 2
    (sentence,) = full.stderr.splitlines()
    assert "not written" in sentence
    assert "Make room" in sentence
    after = {path.name: path.read_bytes() for path in folder.glob("*.jsonl")}
    assert all(after[name] == content for name, content in before.items() if name != store.STATEMENTS)
    assert not list(folder.glob(".*"))
    assert pulling.pull(project, into=folder, problems=Problems()).new == 10


@pytest.mark.parametrize("verb", ["push", "pull", "restore"])
def test_a_locked_database_is_told_and_nothing_is_lost(project: Project, verb: str, tmp_path: Path) -> None:
    annotations = recorded(project)
    if verb == "pull":
        sync.push(project, PAIRS, problems=Problems())
        loading.load(project, annotations, accounts.accounts(project), problems=Problems())
    database = project.private / server.DATA / "label_studio.sqlite3"
    holds = (
        "import sqlite3, sys; at = sqlite3.connect(sys.argv[1], timeout=60); at.execute('BEGIN EXCLUSIVE'); print(1, flush=True); input()"
    )

    def run() -> None:
        if verb == "push":
            sync.push(project, PAIRS, problems=Problems())
        elif verb == "restore":
            loading.restore(project, PAIRS, annotations, problems=Problems())
        else:
            pulling.pull(project, into=tmp_path / "store", problems=Problems())

    with subprocess.Popen([sys.executable, "-c", holds, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        with pytest.raises(CannotRunError, match=r"could not use its database.*SQLite.*PostgreSQL"):
            run()
        holder.communicate(b"\n")
    run()
    once(project, 0 if verb == "push" else 20)


def test_two_pushes_at_once_make_every_task_once(project: Project) -> None:
    fork = multiprocessing.get_context("fork")
    runs = [fork.Process(target=sync.push, args=(project, PAIRS), kwargs={"problems": Problems()}) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(240)
        assert run.exitcode == 0
    once(project, 0)


def test_a_task_deleted_by_hand_comes_back_with_its_annotations(project: Project, tmp_path: Path) -> None:
    sync.push(project, PAIRS, problems=Problems())
    annotations = recorded(project)
    loading.load(project, annotations, accounts.accounts(project), problems=Problems())
    pulling.pull(project, into=tmp_path, problems=Problems())
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")}
    client = accounts.connect(project)
    number = client.find_project(project.studio_project).number
    gone = annotations[0].statement_id
    client.delete_task(next(task for task, data in client.tasks(number) if data["statement_id"] == gone))
    problems = Problems()
    assert pulling.pull(project, into=tmp_path, problems=problems).missing == 2
    assert Counter(problem.code for problem in problems) == {"pull.missing-on-server": 2}
    records = store.read_annotations(tmp_path, project.contract, Problems())
    made, loaded = loading.restore(project, PAIRS, records, problems=Problems())
    assert (made.pushed, made.present, loaded.loaded, loaded.present) == (1, 29, 2, 18)
    once(project, 20)
    problems = Problems()
    again = pulling.pull(project, into=tmp_path, problems=problems)
    assert (again.new, again.changed, again.missing, list(problems)) == (0, 0, 0, [])
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")} == before


def test_annotations_with_spans_outside_the_text_are_left_out_one_by_one(project: Project, tmp_path: Path) -> None:
    sync.push(project, PAIRS[:10], problems=Problems())
    account = accounts.add_annotator(project, "by-hand")
    client = accounts.connect(project)
    by = Client(client.url, account.token)
    tasks = {data["statement_id"]: task for task, data in client.tasks(client.find_project(project.studio_project).number)}
    places = [(9000, 9010), (-5, 3), (20, 10), (0, 10**12), (1.5, 4), (None, 4), ("0", "4"), (True, 4), (3, 3)]
    for (article, statement), (start, end) in zip(PAIRS, places, strict=False):
        result = to_result(answer(project, statement, account))
        result[0]["value"] |= {"start": start, "end": end, "text": article.text[:4]}
        by.annotate(tasks[statement.id], result, lead_time=1, skipped=False)
    sound = PAIRS[9][1]
    by.annotate(tasks[sound.id], to_result(answer(project, sound, account)), lead_time=1, skipped=False)
    for _ in range(2):
        problems = Problems()
        result = pulling.pull(project, into=tmp_path, problems=problems)
        assert result.refused == len(places)
        assert Counter(problem.code for problem in problems) == {"pull.span": len(places)}
        assert all(problem.remedy for problem in problems)
        (record,) = store.read_annotations(tmp_path, project.contract, problems)
        assert record.statement_id == sound.id


def test_a_foreign_project_of_the_same_title_is_left_alone(project: Project, tmp_path: Path) -> None:
    client = accounts.connect(project)
    number = client.create_project(project.studio_project, "Somebody's own.", "<View><Text name='t' value='$text'/></View>", "", 1)
    client.import_tasks(number, [{"data": {"text": "Theirs."}}])
    annotations = recorded(project)
    for verb in (
        lambda: sync.push(project, PAIRS, problems=Problems()),
        lambda: pulling.pull(project, into=tmp_path / "store", problems=Problems()),
        lambda: loading.restore(project, PAIRS, annotations, problems=Problems()),
    ):
        with pytest.raises(CannotRunError, match=r"was not made for the dataset .* Rename it"):
            verb()
    assert [data for _, data in client.tasks(number)] == [{"text": "Theirs."}]
    assert client.find_project(project.studio_project).config == "<View><Text name='t' value='$text'/></View>"
    assert not (tmp_path / "store").exists()


def test_a_config_changed_by_hand_is_put_right_unless_answers_would_lose_their_meaning(project: Project, tmp_path: Path) -> None:
    sync.push(project, PAIRS[:3], problems=Problems())
    client = accounts.connect(project)
    number = client.find_project(project.studio_project).number
    ours = client.find_project(project.studio_project).config
    client.update_project(number, label_config="<View><Text name='text' value='$text'/></View>")
    assert sync.push(project, PAIRS[:3], problems=Problems()).present == 3
    assert client.find_project(project.studio_project).config == ours
    # A value added by hand, and used: pull leaves out what the schema does not know, and push takes nothing away.
    root = ET.fromstring(ours)
    ET.SubElement(root.find(".//Choices[@name='sentiment']"), "Choice", value="Furious", alias="furious")
    changed = ET.tostring(root, encoding="unicode")
    client.update_project(number, label_config=changed)
    account = accounts.add_annotator(project, "by-hand")
    by = Client(client.url, account.token)
    tasks = {data["statement_id"]: task for task, data in client.tasks(number)}
    for (_, statement), sentiment in zip(PAIRS, ("furious", "negative"), strict=False):
        by.annotate(tasks[statement.id], to_result(answer(project, statement, account, sentiment=sentiment)), lead_time=1, skipped=False)
    problems = Problems()
    assert pulling.pull(project, into=tmp_path, problems=problems).new == 1
    assert [problem.code for problem in problems] == ["pull.unknown-label"]
    with pytest.raises(CannotRunError, match="sentiment has no value 'furious' any more, and 1 answers"):
        sync.push(project, PAIRS[:3], problems=Problems())
    assert client.find_project(project.studio_project).config == changed
    assert sum(len(task["annotations"]) for task in client.snapshot(number)) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("verb", "step"), [("push", 1), ("pull", 1), ("restore", 4), ("add_annotator", 1)])
def test_a_server_that_falls_silent_at_any_request(
    project: Project, verb: str, step: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = server.status(project)
    monkeypatch.setenv(accounts.TOKEN, known.token)
    pairs = PAIRS[:6]
    answers = recorded(project)[:4]
    if verb == "pull":
        sync.push(project, pairs, problems=Problems())
        loading.load(project, answers, accounts.accounts(project), problems=Problems())

    def run(name: str) -> object:
        here = replace(project, name=f"{project.name} {name}", studio_project=f"{project.name} {name}")
        if verb == "push":
            return sync.push(here, pairs, problems=Problems())
        if verb == "pull":
            return pulling.pull(project, into=tmp_path / name, whole=True, problems=Problems())
        if verb == "restore":
            return loading.restore(here, pairs, answers, problems=Problems())
        return accounts.add_annotator(project, f"silent-{name}")

    heard = 0
    for last in itertools.count(step=step):
        heard = 0

        def silence(_method: str, _path: str):
            nonlocal heard
            heard += 1
            return "reset" if heard > last else None  # noqa: B023  called within this turn

        with relay(known.url, fault=silence) as url:
            monkeypatch.setenv(accounts.URL, url)
            try:
                run(str(last))
            except CannotRunError as error:
                assert "studio up" in str(error), last
            if heard <= last:
                break
            # The server is there again.
            heard = -10_000
            run(str(last))
    assert last > 3
