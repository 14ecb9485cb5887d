"""push, pull and load against the real Label Studio."""

import itertools
import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Annotation, StanceTarget, annotation_id, statement_id, text_sha256, to_dict
from dipdata.schemas import Contract, packaged
from dipdata.spans import pairs
from dipdata.studio import accounts, loading, progress, projects, pulling, sync
from dipdata.studio.client import Client
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from dipdata.studio.tasks import to_result, to_task
from studio.examples import example

pytestmark = pytest.mark.studio
NUMBERS = itertools.count(1)
PAIRS = [example("fr"), example("ar")]


@pytest.fixture
def project(studio_server: Project, tmp_path: Path) -> Project:
    """A project of its own on the shared server, whose annotations go to the test's folder."""
    name = f"sync-{next(NUMBERS)}"
    return replace(studio_server, name=name, studio_project=name)


def pushed(project: Project, pairs=PAIRS) -> sync.PushResult:
    problems = Problems()
    result = sync.push(project, pairs, problems=problems)
    assert not list(problems)
    return result


def pulled(project: Project, folder: Path) -> pulling.PullResult:
    problems = Problems()
    result = pulling.pull(project, into=folder, problems=problems)
    assert not list(problems)
    return result


def tasks_of(project: Project) -> tuple[Client, dict[str, int]]:
    client = accounts.connect(project)
    found = client.find_project(project.studio_project)
    return client, {data["statement_id"]: number for number, data in client.tasks(found.number)}


def answer(project: Project, statement, account, **changes: object) -> Annotation:
    who = pseudonym(pseudonym_key(project), account.email)
    values = {
        "id": annotation_id(statement.id, who),
        "statement_id": statement.id,
        "annotator": who,
        "status": "submitted",
        "validity": "valid",
        "sentiment": "positive",
        "targets": tuple(StanceTarget(t.start, t.end, t.surface, "favor") for t in statement.targets),
        "content": statement.content,
        "source": statement.source,
        "cue": statement.cue,
        "lead_time": 12.5,
        "guideline": project.guideline,
        "scheme": project.contract.version,
        "created": "2026-05-01T09:00:00Z",
        "updated": "2026-05-01T09:01:00Z",
    }
    return Annotation(**(values | changes))


def test_pushing_twice_adds_nothing(project: Project) -> None:
    first = pushed(project)
    assert (first.pushed, first.present, first.refused) == (2, 0, 0)
    again = pushed(project)
    assert (again.pushed, again.present, again.url) == (0, 2, first.url)
    assert len(tasks_of(project)[1]) == 2


def test_an_interrupted_push_is_completed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync, "BATCH", 1)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync.push(project, PAIRS, problems=Problems(), progress=stop)
    assert len(tasks_of(project)[1]) == 1
    result = pushed(project)
    assert (result.pushed, result.present) == (1, 1)
    assert len(tasks_of(project)[1]) == 2


def test_what_does_not_fit_is_reported_and_the_rest_pushed(project: Project) -> None:
    problems = Problems()
    article, statement = PAIRS[0]
    broken = replace(statement, cue=(replace(statement.cue[0], surface="a dit"),))
    result = sync.push(project, [(article, broken), PAIRS[1]], problems=problems)
    assert (result.pushed, result.refused) == (1, 1)
    assert [(p.code, p.record) for p in problems] == [("push.span", statement.id)]


def test_a_foreign_project_of_that_title_is_refused(project: Project) -> None:
    other = replace(project, name="another-dataset")
    pushed(other, [])
    for verb in (lambda: pushed(project), lambda: pulled(project, project.root / "none")):
        with pytest.raises(CannotRunError, match=project.name):
            verb()
    assert tasks_of(other)[1] == {}


def test_pull_before_push_says_so(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="dipdata push"):
        pulled(project, tmp_path)


def test_what_was_loaded_is_pulled_back_the_same(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada, ben = (accounts.add_annotator(project, name) for name in ("ada", "ben"))
    (_, french), (_, arabic) = PAIRS
    moved = french.content[0]
    corrected = replace(moved, end=moved.end - 2, surface=moved.surface[:-2])
    annotations = [
        answer(project, french, ada, act="acknowledge"),
        answer(project, french, ben, content=(corrected,), validity="wrong_boundaries", lead_time=3.25),
        answer(project, arabic, ada, status="skipped", validity=None, sentiment=None, targets=()),
        answer(project, arabic, ben, status="draft", validity=None, sentiment="negative", lead_time=0.5),
    ]
    problems = Problems()
    people = accounts.accounts(project)
    assert loading.load(project, annotations, people, problems=problems) == loading.LoadResult(4, 0, 0)
    assert loading.load(project, annotations, people, problems=problems) == loading.LoadResult(0, 4, 0)
    assert not list(problems)

    fresh = pulled(project, tmp_path / "fresh")
    assert (fresh.new, fresh.changed, fresh.unchanged, fresh.statements) == (4, 0, 0, 2)
    assert fresh.statuses == {"submitted": 2, "skipped": 1, "draft": 1}
    found = store.read_annotations(tmp_path / "fresh", project.contract, problems)
    when = {"created": "2026-05-01T09:00:00Z", "updated": "2026-05-01T09:01:00Z"}
    assert [replace(each, **when) for each in found] == sorted(annotations, key=lambda a: (a.annotator, a.statement_id))
    assert all(each.created.startswith("20") and each.updated >= each.created for each in found)
    assert store.read_statements(tmp_path / "fresh", project.contract, problems) == sorted([french, arabic], key=lambda s: s.id)
    assert not any("@" in path.read_text() for path in (tmp_path / "fresh").iterdir())

    # Into a copy of the store that they were loaded from, a pull changes no byte.
    store.write_annotations(tmp_path / "copy", annotations)
    store.write_statements(tmp_path / "copy", [french, arabic])
    before = {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()}
    again = pulled(project, tmp_path / "copy")
    assert (again.new, again.changed, again.unchanged, again.statements) == (0, 0, 4, 0)
    assert {path.name: path.read_bytes() for path in (tmp_path / "copy").iterdir()} == before


def test_the_latest_of_an_annotator_counts_and_a_draft_only_without_a_submission(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada = accounts.add_annotator(project, "ada")
    _, tasks = tasks_of(project)
    statement = PAIRS[0][1]
    client = Client(accounts.connect(project).url, ada.token)
    for sentiment in ("negative", "positive"):
        client.annotate(tasks[statement.id], to_result(answer(project, statement, ada, sentiment=sentiment)), lead_time=1, skipped=False)
    client.draft(tasks[statement.id], to_result(answer(project, statement, ada, sentiment="neutral")), lead_time=1)
    pulled(project, tmp_path)
    (record,) = store.read_annotations(tmp_path, project.contract, Problems())
    assert (record.status, record.sentiment) == ("submitted", "positive")


def test_records_missing_on_the_server_are_kept_and_reported(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada = accounts.add_annotator(project, "ada")
    kept = answer(project, PAIRS[0][1], ada)
    (path,) = store.write_annotations(tmp_path, [kept])
    before = path.read_bytes()
    problems = Problems()
    result = pulling.pull(project, into=tmp_path, problems=problems)
    assert (result.missing, result.new) == (1, 0)
    assert [(p.code, p.severity, p.record) for p in problems] == [("pull.missing-on-server", "warning", kept.annotator)]
    assert path.read_bytes() == before


def test_a_file_with_a_broken_line_is_left_as_it_is(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada, ben = (accounts.add_annotator(project, name) for name in ("ada", "ben"))
    statement = PAIRS[0][1]
    annotations = [answer(project, statement, who) for who in (ada, ben)]
    loading.load(project, annotations, [ada, ben], problems=Problems())
    broken = tmp_path / f"{annotations[0].annotator}.jsonl"
    broken.write_bytes(b'{"half": ')
    problems = Problems()
    pulling.pull(project, into=tmp_path, problems=problems)
    assert broken.read_bytes() == b'{"half": '
    assert [p.code for p in problems] == ["store.not-json", "pull.file-broken"]
    assert (tmp_path / f"{annotations[1].annotator}.jsonl").is_file()


def test_bad_annotations_are_kept_out_and_good_ones_go_through(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada, ben = (accounts.add_annotator(project, name) for name in ("ada", "ben"))
    client, tasks = tasks_of(project)
    (_, french), (_, arabic) = PAIRS
    wrong = to_result(answer(project, french, ada))
    wrong[0]["value"]["start"] += 1
    Client(client.url, ada.token).annotate(tasks[french.id], wrong, lead_time=1, skipped=False)
    unknown = to_result(answer(project, arabic, ada))
    unknown[0]["value"]["labels"] = ["goal"]
    Client(client.url, ada.token).annotate(tasks[arabic.id], unknown, lead_time=1, skipped=False)
    Client(client.url, ben.token).annotate(tasks[french.id], to_result(answer(project, french, ben)), lead_time=1, skipped=False)
    problems = Problems()
    result = pulling.pull(project, into=tmp_path, problems=problems)
    assert (result.new, result.refused) == (1, 2)
    assert sorted(p.code for p in problems) == ["pull.span", "pull.unknown-label"]
    assert [p.stem for p in tmp_path.glob("p-*.jsonl")] == [pseudonym(pseudonym_key(project), ben.email)]


def test_tasks_imported_by_hand_are_reported_only_when_annotated(project: Project, tmp_path: Path) -> None:
    pushed(project)
    client, _ = tasks_of(project)
    number = client.find_project(project.studio_project).number
    client.import_tasks(number, [{"data": {"text": "Par la main.", "header": "", "statement_id": "by hand"}}])
    pulled(project, tmp_path)
    client.annotate(tasks_of(project)[1]["by hand"], [], lead_time=1, skipped=False)
    problems = Problems()
    pulling.pull(project, into=tmp_path, problems=problems)
    assert [p.code for p in problems] == ["pull.foreign-task"]


def test_a_second_task_of_a_statement_goes_unless_it_is_labelled(project: Project, tmp_path: Path) -> None:
    pushed(project)
    client, tasks = tasks_of(project)
    number = client.find_project(project.studio_project).number
    twin = to_task(*PAIRS[0], guideline="1.0.0", scheme="1.0.0")
    client.import_tasks(number, [twin])
    assert len(list(client.tasks(number))) == 3
    assert pushed(project).present == 2
    assert tasks_of(project)[1] == tasks
    # The one that is labelled stays, and two that are labelled are reported.
    client.import_tasks(number, [twin])
    newer = tasks_of(project)[1][PAIRS[0][1].id]
    ada = accounts.add_annotator(project, "ada")
    by = Client(client.url, ada.token)
    by.annotate(newer, to_result(answer(project, PAIRS[0][1], ada)), lead_time=1, skipped=False)
    pushed(project)
    assert tasks_of(project)[1] == tasks | {PAIRS[0][1].id: newer}
    client.import_tasks(number, [twin])
    by.draft(tasks_of(project)[1][PAIRS[0][1].id], to_result(PAIRS[0][1]), lead_time=1)
    problems = Problems()
    sync.push(project, PAIRS, problems=problems)
    assert [(p.code, p.record) for p in problems] == [("push.task-twice", PAIRS[0][1].id)]


def test_a_changed_statement_changes_its_task_unless_it_is_labelled(project: Project) -> None:
    pushed(project)
    client, tasks = tasks_of(project)
    number = client.find_project(project.studio_project).number
    changed = [(article, replace(statement, targets=statement.targets[:1], source=())) for article, statement in PAIRS]
    changed = [(article, statement if article.lang == "fr" else replace(statement, cue=())) for article, statement in changed]
    result = pushed(project, changed)
    assert (result.pushed, result.present, result.updated, result.outdated) == (0, 2, 2, 0)
    assert tasks_of(project)[1] == tasks
    by_statement = {task["data"]["statement_id"]: task for task in client.full_tasks(number, list(tasks.values()))}
    for article, statement in changed:
        task = by_statement[statement.id]
        assert task["meta"]["statement"] == to_dict(statement)
        assert task["data"]["text"] == article.text
        (prediction,) = client.predictions(task["id"])
        assert prediction["result"] == to_result(statement)
    assert pushed(project, changed).updated == 0
    ada = accounts.add_annotator(project, "ada")
    french = changed[0][1]
    Client(client.url, ada.token).annotate(tasks[french.id], to_result(french), lead_time=1, skipped=True)
    problems = Problems()
    result = sync.push(project, PAIRS, problems=problems)
    assert (result.updated, result.outdated) == (1, 1)
    assert [(p.code, p.severity, p.record) for p in problems] == [("push.statement-changed", "warning", french.id)]


def test_regions_that_were_deleted_are_shown_again(project: Project) -> None:
    pushed(project)
    client, _ = tasks_of(project)
    number = client.find_project(project.studio_project).number
    everything = {"selectedItems": {"all": True, "excluded": []}}
    client._request("POST", f"/api/dm/actions?id=delete_tasks_predictions&project={number}", json=everything)
    assert pushed(project).updated == 2
    # What an annotator is given next.
    (shown,) = client._request("GET", f"/api/projects/{number}/next")["predictions"]
    assert shown["result"] == to_result(PAIRS[0][1])
    assert pushed(project).updated == 0


def test_blind_work_gives_each_annotator_a_project_of_their_own(project: Project, tmp_path: Path) -> None:
    many = [copy_of(number) for number in range(6)]
    problems = Problems()
    accounts.add_annotator(project, "blind-b", language="ar")
    names = ["blind-a", "blind-b", "blind-c"]
    result = sync.push(project, many, annotators=names, overlap=2, problems=problems)
    assert (result.pushed, list(problems)) == (12, [])
    client = accounts.connect(project)
    owned = {said.annotator: (found, said) for found, said in projects.ours(client, project)}
    key = pseudonym_key(project)
    people = [accounts.add_annotator(project, name) for name in names]
    given = {}
    for name, account in zip(names, people, strict=True):
        found, said = owned[pseudonym(key, account.email)]
        assert name in found.title
        assert said.language == ("ar" if name == "blind-b" else "en")
        assert ("مؤيد" in found.config) == (name == "blind-b")
        given[name] = [data["statement_id"] for _, data in client.tasks(found.number)]
        assert len(given[name]) == 4
    held = Counter(itertools.chain.from_iterable(given.values()))
    assert set(held.values()) == {2}
    # More statements come, and what somebody has stays with them.
    again = sync.push(project, [*many, copy_of(7), copy_of(8)], annotators=names, overlap=2, problems=problems)
    assert (again.pushed, again.present) == (4, 12)
    # All are pulled together.
    for name, account in zip(names, people, strict=True):
        found = owned[pseudonym(key, account.email)][0]
        numbers = {data["statement_id"]: number for number, data in client.tasks(found.number)}
        statement = next(statement for _, statement in many if statement.id == given[name][0])
        by = Client(client.url, account.token)
        by.annotate(numbers[statement.id], to_result(answer(project, statement, account)), lead_time=2, skipped=False)
    assert pulled(project, tmp_path).new == 3
    with pytest.raises(CannotRunError, match="overlap 4"):
        sync.push(project, many, annotators=names, overlap=4, problems=problems)
    shown = {each.annotator: each for each in progress.campaign(project, problems=problems)}
    first = shown[pseudonym(key, people[0].email)]
    assert (first.submitted, first.skipped, first.drafts, first.median_seconds) == (1, 0, 0, 2.0)
    assert sum(each.assigned for each in shown.values()) == 16


def test_a_change_in_ones_own_project_tells_nothing_of_the_others_answers(project: Project, tmp_path: Path) -> None:
    names = ["own-a", "own-b"]
    sync.push(project, PAIRS, annotators=names, overlap=2, language="ru", problems=Problems())
    people = [accounts.add_annotator(project, name) for name in names]
    assert [account.language for account in people] == ["ru", "ru"]
    client, key = accounts.connect(project), pseudonym_key(project)
    owned = {said.annotator: found.number for found, said in projects.ours(client, project)}
    (_, french), _ = PAIRS
    tasks = []
    for account in people:
        number = owned[pseudonym(key, account.email)]
        tasks.append(next(task for task, data in client.tasks(number) if data["statement_id"] == french.id))
        by = Client(client.url, account.token)
        by.annotate(tasks[-1], to_result(answer(project, french, account)), lead_time=1, skipped=False)
    assert pulled(project, tmp_path).new == 2

    def made(account) -> int:
        exported = client.snapshot(owned[pseudonym(key, account.email)])
        return next(annotation["id"] for task in exported for annotation in task["annotations"])

    first, second = people
    by = Client(client.url, first.token)
    by.set_result("annotations", made(first), to_result(answer(project, french, first, sentiment="negative")))
    update = pulled(project, tmp_path)
    assert (update.whole, update.changed, update.missing) == (False, 1, 0)
    client.delete_annotation(made(second))
    problems = Problems()
    gone = pulling.pull(project, into=tmp_path, problems=problems)
    assert (gone.whole, gone.missing) == (False, 1)
    assert [(p.code, p.record) for p in problems] == [("pull.missing-on-server", pseudonym(key, second.email))]


def given_first(project: Project) -> str:
    """The statement that Label Studio gives whoever begins to label."""
    client = accounts.connect(project)
    return client._request("GET", f"/api/projects/{client.find_project(project.studio_project).number}/next")["data"]["statement_id"]


def test_tasks_come_in_the_order_asked_for(project: Project) -> None:
    sure, unsure = ((article, replace(statement, confidence=c)) for (article, statement), c in zip(PAIRS, (0.9, 0.2), strict=True))
    sync.push(project, [sure, unsure], order="uncertain", problems=Problems())
    assert given_first(project) == unsure[1].id
    by_target = replace(project, name=f"{project.name} by target", studio_project=f"{project.name} by target")
    sync.push(by_target, reversed(PAIRS), order="target", problems=Problems())
    assert given_first(by_target) == PAIRS[0][1].id  # la suède comes before السويد
    with pytest.raises(CannotRunError, match="order 'random'"):
        sync.push(project, [], order="random", problems=Problems())


def scheme(tmp_path: Path, change) -> Contract:
    folder = tmp_path / "schema"
    if not folder.exists():
        shutil.copytree(packaged(), folder)
    path = folder / "labels.schema.json"
    labels = json.loads(path.read_text())
    change(labels["$defs"])
    path.write_text(json.dumps(labels))
    return Contract(folder)


def test_a_renamed_value_migrates_and_a_lost_one_is_refused(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada = accounts.add_annotator(project, "ada")
    statement = PAIRS[0][1]
    loading.load(project, [answer(project, statement, ada)], [ada], problems=Problems())
    store_folder = tmp_path / "store"
    pulled(project, store_folder)

    def lose(lists):
        lists["stance"]["oneOf"] = [value for value in lists["stance"]["oneOf"] if value["const"] != "favor"]

    def rename(lists):
        lists["stance"]["oneOf"].insert(0, {"const": "supports", "title": "Supports", "description": "Stands with it.", "x-was": ["favor"]})

    before = accounts.connect(project).find_project(project.studio_project).config
    lost = replace(project)
    lost.__dict__["contract"] = scheme(tmp_path, lose)
    with pytest.raises(CannotRunError, match=r"stance has no value 'favor' any more, and 2 answers"):
        sync.push(lost, PAIRS, problems=Problems())
    assert accounts.connect(project).find_project(project.studio_project).config == before
    renamed = replace(project)
    renamed.__dict__["contract"] = scheme(tmp_path, rename)
    assert pushed(renamed).present == 2
    config = accounts.connect(project).find_project(project.studio_project).config
    assert 'alias="supports"' in config
    assert 'alias="favor"' not in config
    result = pulled(renamed, store_folder)
    assert (result.changed, result.unchanged) == (0, 1)
    (record,) = store.read_annotations(store_folder, renamed.contract, Problems())
    assert [target.stance for target in record.targets] == ["supports", "supports"]


@pytest.mark.parametrize("margin", [0, 60], ids=["nothing on its way", "changes on their way"])
def test_a_second_pull_reads_only_what_has_changed(
    project: Project, tmp_path: Path, margin: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "MARGIN", timedelta(seconds=margin))
    pushed(project)
    ada = accounts.add_annotator(project, "ada")
    (_, french), (_, arabic) = PAIRS
    client, tasks = tasks_of(project)
    by = Client(client.url, ada.token)
    first = pulled(project, tmp_path)
    assert (first.whole, first.new) == (True, 0)
    by.annotate(tasks[french.id], to_result(answer(project, french, ada)), lead_time=1, skipped=False)
    second = pulled(project, tmp_path)
    assert (second.whole, second.new) == (False, 1)
    idle = pulled(project, tmp_path)
    assert (idle.whole, idle.new, idle.changed, idle.unchanged) == (False, 0, 0, 0)
    # A draft, its change, an update and a deletion.
    by.draft(tasks[arabic.id], to_result(arabic), lead_time=1)
    assert pulled(project, tmp_path).new == 1
    number = list(client.snapshot(client.find_project(project.studio_project).number))
    (made,) = [annotation["id"] for task in number for annotation in task["annotations"]]
    by.set_result("annotations", made, to_result(answer(project, french, ada, sentiment="negative")))
    update = pulled(project, tmp_path)
    assert (update.whole, update.changed) == (False, 1)
    kept = [json.loads(line) for path in (tmp_path / "versions").iterdir() for line in path.read_text().splitlines()]
    assert [(each["statement_id"], each["sentiment"]) for each in kept] == [(french.id, "positive")]
    by.delete_annotation(made)
    problems = Problems()
    gone = pulling.pull(project, into=tmp_path, problems=problems)
    assert (gone.whole, gone.missing) == (False, 1)
    assert [p.code for p in problems] == ["pull.missing-on-server"]
    # A store that is not as it was left, or a task that has gone: all is read.
    next(tmp_path.glob("p-*.jsonl")).unlink()
    assert pulled(project, tmp_path).whole
    client.delete_task(tasks[french.id])
    assert pulled(project, tmp_path).whole
    assert not pulled(project, tmp_path).whole


def test_a_deleted_project_is_rebuilt_from_the_store(project: Project, tmp_path: Path) -> None:
    pushed(project)
    ada, ben = accounts.add_annotator(project, "told-en"), accounts.add_annotator(project, "told-ar", language="ar")
    (_, french), (_, arabic) = PAIRS
    annotations = [
        answer(project, french, ada),
        answer(project, french, ben, lead_time=3.25),
        answer(project, arabic, ada, status="skipped", validity=None, sentiment=None, targets=()),
        answer(project, arabic, ben, status="draft", validity=None, sentiment="negative", lead_time=0.5),
    ]
    loading.load(project, annotations, [ada, ben], problems=Problems())
    pulled(project, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    client, _ = tasks_of(project)
    key = pseudonym_key(project)
    for blind in (False, True):
        for found, _ in projects.ours(client, project):
            client.delete_project(found.number)
        problems = Problems()
        recorded = store.read_annotations(tmp_path, project.contract, problems)
        _, loaded = loading.restore(project, PAIRS, recorded, blind=blind, language=None if blind else "fr", problems=problems)
        assert (loaded.loaded, loaded.present, list(problems)) == (4, 0, [])
        told = {said.annotator: said.language for _, said in projects.ours(client, project)}
        assert told == ({pseudonym(key, ada.email): "en", pseudonym(key, ben.email): "ar"} if blind else {None: "fr"})
        _, again = loading.restore(project, PAIRS, recorded, blind=blind, problems=problems)
        assert (again.loaded, again.present) == (0, 4)
        assert len(projects.ours(client, project)) == (2 if blind else 1)
        result = pulled(project, tmp_path)
        assert (result.new, result.changed, result.unchanged, result.whole) == (0, 0, 4, True)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def copy_of(number: int):
    """The French example in an article of its own."""
    article, statement = example("fr")
    text = article.text + f"\nFin {number}.\n"
    sha256 = text_sha256(text)
    article = replace(article, id=f"wire/copy-{number}", text=text, sha256=sha256)
    return article, replace(statement, id=statement_id(sha256, pairs(statement.content)), article_id=article.id, article_sha256=sha256)


def test_accounts_work_repeat_and_stay_private(project: Project) -> None:
    first = accounts.add_annotator(project, "Cleo")
    assert accounts.add_annotator(project, "cleo") == first
    path = project.private / accounts.FILE
    assert path.stat().st_mode & 0o777 == 0o600
    assert (project.private / "studio.json").stat().st_mode & 0o777 == 0o600
    assert first.password not in repr(first)
    assert first.token not in repr(first)
    for name in ("Ada Lovelace", "a@b", "", "a\nb"):
        with pytest.raises(CannotRunError, match="e-mail address"):
            accounts.add_annotator(project, name)
    before = path.read_bytes()
    with pytest.raises(CannotRunError, match="language 'de'"):
        accounts.add_annotator(project, "told-de", language="de")
    assert path.read_bytes() == before


def test_an_account_whose_token_is_of_another_server_gets_a_new_one(project: Project) -> None:
    account = accounts.add_annotator(project, "moved", language="es")
    path = project.private / accounts.FILE
    held = path.read_text()
    assert held.count(account.token) == 1
    path.write_text(held.replace(account.token, "eyJhbGciOiJIUzI1NiJ9.eyJ4IjoxfQ.c2VjcmV0"))
    again = accounts.add_annotator(project, "moved")
    assert replace(again, token=account.token) == account
    assert Client(accounts.connect(project).url, again.token).email() == again.email
    assert again in accounts.accounts(project)


def test_an_account_made_elsewhere_is_not_taken_over(project: Project) -> None:
    accounts.add_annotator(project, "dora")
    path = project.private / accounts.FILE
    before = path.read_bytes()
    others = json.dumps([each for each in json.loads(before) if not each["email"].startswith("dora@")]).encode()
    path.write_bytes(others)
    with pytest.raises(CannotRunError, match="already exists"):
        accounts.add_annotator(project, "dora")
    assert json.loads(path.read_bytes()) == json.loads(others)
    path.write_bytes(before)


def test_an_account_that_was_made_when_the_run_ended_is_used(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    real = accounts.sign_up

    def interrupted(*given: str) -> str:
        real(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(accounts, "sign_up", interrupted)
    with pytest.raises(KeyboardInterrupt):
        accounts.add_annotator(project, "half-made", language="ru")
    account = accounts.add_annotator(project, "half-made")
    assert Client(accounts.connect(project).url, account.token).email() == account.email
    assert account.language == "ru"


def test_a_wrong_token_is_one_sentence_without_the_token(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(accounts.URL, accounts.connect(project).url)
    monkeypatch.setenv(accounts.TOKEN, "f00dfacef00dfacef00dface")
    with pytest.raises(CannotRunError, match="refuses the token") as refusal:
        sync.push(project, PAIRS, problems=Problems())
    assert os.environ[accounts.TOKEN] not in str(refusal.value)
