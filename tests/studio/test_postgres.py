"""Label Studio on PostgreSQL, as three or more annotators need it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dipdata import project as projects
from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, pulling, server, sync
from dipdata.studio.client import Client
from dipdata.studio.tasks import to_result
from studio.test_sync import answer, copy_of


@pytest.mark.parametrize(
    "url", ["", "sqlite:///x", "postgresql://", "postgresql://host/name", "postgresql://u:secret@h:99999999/n", "http://u:secret@h/n"]
)
def test_what_is_no_address_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    (tmp_path / "dipdata.toml").write_text('name = "none"\nlicence = "CC-BY-4.0"\n')
    with pytest.raises(CannotRunError, match="postgresql://USER") as refusal:
        server.up(projects.load(tmp_path), database=url)
    assert "secret" not in str(refusal.value)


@pytest.fixture(scope="module")
def on_postgres(postgres: str, tmp_path_factory: pytest.TempPathFactory, studio_server: Project):
    root = tmp_path_factory.mktemp("on-postgres")
    (root / "dipdata.toml").write_text('name = "on-postgres"\nlicence = "CC-BY-4.0"\n')
    project = projects.load(root)
    server.up(project, database=postgres)
    yield project
    server.down(project)


@pytest.mark.studio
def test_annotators_at_once_while_push_and_pull_run(on_postgres: Project, postgres: str, tmp_path: Path) -> None:
    assert not (on_postgres.private / server.DATA / "label_studio.sqlite3").exists()
    pairs = [copy_of(number) for number in range(40)]
    sync.push(on_postgres, pairs[:20], problems=Problems())
    people = [accounts.add_annotator(on_postgres, f"at-once-{number}") for number in range(5)]
    client = accounts.connect(on_postgres)
    number = client.find_project(on_postgres.studio_project).number
    numbers = {data["statement_id"]: task for task, data in client.tasks(number)}

    def label(account: accounts.Account) -> int:
        by = Client(client.url, account.token)
        for _, statement in pairs[:20]:
            by.annotate(numbers[statement.id], to_result(answer(on_postgres, statement, account)), lead_time=1, skipped=False)
        return 20

    problems = Problems()
    with ThreadPoolExecutor(7) as pool:
        done = [pool.submit(label, account) for account in people]
        pool.submit(sync.push, on_postgres, pairs, problems=problems).result()
        for _ in range(3):
            pool.submit(pulling.pull, on_postgres, into=tmp_path, problems=problems).result()
        assert sum(each.result() for each in done) == 100
    pulling.pull(on_postgres, into=tmp_path, problems=problems)
    assert not list(problems)
    records = store.read_annotations(tmp_path, on_postgres.contract, problems)
    assert Counter((record.statement_id, record.annotator) for record in records) == Counter(
        {(statement.id, record.annotator): 1 for _, statement in pairs[:20] for record in records if record.statement_id == statement.id}
    )
    assert len(records) == 100
    assert sum(len(task["annotations"]) for task in client.snapshot(number)) == 100
    assert len(list(client.tasks(number))) == 40


@pytest.mark.studio
def test_the_address_is_kept_and_another_one_refused(on_postgres: Project, postgres: str) -> None:
    known = server.status(on_postgres)
    assert known.database == postgres
    assert "p%40ss" not in repr(known)
    assert server.up(on_postgres) == known
    with pytest.raises(CannotRunError, match="not in the database given") as refusal:
        server.up(on_postgres, database="postgresql://u:other@127.0.0.1/other")
    assert "p%40ss" not in str(refusal.value)
    log = (on_postgres.private / server.LOG).read_text()
    assert "p@ss/word" not in log
    assert "p%40ss" not in log
