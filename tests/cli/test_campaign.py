"""The verbs of a campaign, as a coordinator types them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dipdata import verbs
from dipdata.cli import app
from dipdata.problems import CannotRunError, Problems
from dipdata.studio import accounts, server, sync
from dipdata.studio.client import Client
from dipdata.studio.tasks import to_result
from studio.examples import example
from studio.test_sync import answer

RUN = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "dipdata.toml").write_text('name = "campaign"\nlicence = "CC-BY-4.0"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["push", "--blind"], "--annotators"),
        (["push", "--pool", "--annotators", "a,b"], "--pool"),
        (["push", "--annotators", "a,b"], "no such folder"),
        (["status"], "dipdata studio up"),
        (["restore"], "no such folder"),
        (["pull", "--watch"], "dipdata studio up"),
    ],
)
def test_what_cannot_run_says_what_to_do(folder: Path, arguments: list[str], says: str) -> None:
    result = RUN.invoke(app, [*arguments, "--project", str(folder)])
    assert isinstance(result.exception, CannotRunError)
    assert says in str(result.exception)


@pytest.mark.studio
def test_a_blind_campaign_from_push_to_restore(studio_server, tmp_path: Path) -> None:
    raw = tmp_path / "raw" / "wire"
    raw.mkdir(parents=True)
    (tmp_path / ".dipdata").symlink_to(studio_server.private)
    (tmp_path / "dipdata.toml").write_text('name = "cli-campaign"\nlicence = "CC-BY-4.0"\n')
    (raw / "source.toml").write_text('publisher = "The Test Wire"\nlang = "en"\nlicence = "CC-BY-4.0"\n')
    quote = "“The harbour is open again,” the ministry of ports said on Monday."
    (raw / "one.txt").write_text(f"The harbour opens\n\n{quote}\n\nShips had waited for a week outside the bay.\n")

    def run(*arguments: str) -> dict:
        result = RUN.invoke(app, [*arguments, "--project", str(tmp_path), "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    run("studio", "add-annotator", "cli-ada", "--language", "fr")
    pushed = run("push", "--annotators", "cli-ada,cli-ben", "--overlap", "1", "--blind", "--order", "uncertain")
    assert pushed["pushed"] >= 1
    shown = run("status")["annotators"]
    assert sum(each["assigned"] for each in shown) == pushed["pushed"]
    assert {each["account"] for each in shown} == {"cli-ada@dipdata.invalid", "cli-ben@dipdata.invalid"}
    assert run("pull")["new"] == 0
    assert run("restore", "--blind")["annotations"] == {"loaded": 0, "present": 0, "refused": 0}
    # Forgotten annotators make no project in which all see each other's labels.
    refused = RUN.invoke(app, ["push", "--project", str(tmp_path)])
    assert "have projects of their own" in str(refused.exception)
    run("restore")
    project = verbs.load_project(tmp_path)
    assert accounts.connect(project).find_project(project.studio_project) is None
    assert run("push", "--pool")["pushed"] >= 1
    assert run("push")["present"] >= 1


@pytest.mark.studio
def test_a_watching_pull_follows_the_campaign_and_outlives_its_server(studio_server, tmp_path: Path) -> None:
    (tmp_path / ".dipdata").symlink_to(studio_server.private)
    (tmp_path / "dipdata.toml").write_text('name = "watched"\nlicence = "CC-BY-4.0"\n[studio]\nproject = "watched"\n')
    project = verbs.load_project(tmp_path)
    pairs = [example("fr"), example("ar")]
    sync.push(project, pairs, problems=Problems())
    account = accounts.add_annotator(project, "watched")
    client = accounts.connect(project)
    tasks = {data["statement_id"]: task for task, data in client.tasks(client.find_project("watched").number)}
    by = Client(client.url, account.token)

    def annotate(number: int) -> None:
        statement = pairs[number][1]
        by.annotate(tasks[statement.id], to_result(answer(project, statement, account)), lead_time=1, skipped=False)

    # A shell that runs the tests in the background lets them ignore SIGINT, and their children with them.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from dipdata.cli import main; main()"
    command = [sys.executable, "-c", code, "pull", "--watch", "--every", "1", "--json", "--project", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(Path(verbs.__file__).parents[2])}
    annotate(0)
    with (tmp_path / "stderr").open("wb") as err, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, env=environment) as run:
        try:
            assert json.loads(run.stdout.readline())["new"] == 1
            server.down(studio_server)
            while b"no Label Studio answers" not in (tmp_path / "stderr").read_bytes():
                assert run.poll() is None
                time.sleep(0.2)
            server.up(studio_server)
            annotate(1)
            said = json.loads(run.stdout.readline())
            assert (said["new"], said["whole"]) == (1, False)
            run.send_signal(signal.SIGINT)
            assert run.wait(60) == 0
        finally:
            run.kill()  # else a failure would wait for it for ever
    assert (tmp_path / "stderr").read_text().count("\n") == 1
    assert len(next((tmp_path / "annotations").glob("p-*.jsonl")).read_text().splitlines()) == 2
