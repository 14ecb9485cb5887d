"""The verbs of a campaign, as a coordinator types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dipdata.cli import app
from dipdata.problems import CannotRunError

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
