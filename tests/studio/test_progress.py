"""status: every column, in a shared project on the real server; agreement alone."""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from dipdata.cli import app
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.studio import accounts, loading, sync
from dipdata.studio.progress import Progress, agreements, campaign
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key
from studio.test_sync import PAIRS, answer


def test_agreement_compares_each_answer_with_every_other_annotators() -> None:
    from dipdata import records

    def said(who: str, statement: str, sentiment: str | None, stance: str | None, status: str = "submitted") -> records.Annotation:
        target = (records.StanceTarget(0, 1, "a", stance),)
        return records.Annotation(
            f"{statement}/{who}", statement, who, status, "valid", sentiment, target, (), (), (), 1.0, "1", "1", "2026-01-01", "2026-01-01"
        )

    found = agreements(
        [
            said("a", "1", "positive", "favor"),
            said("b", "1", "positive", "against"),
            said("c", "1", "negative", None),
            said("d", "1", "positive", "favor", status="draft"),
            said("a", "2", "neutral", "favor"),
        ]
    )
    # Sentiment: a agrees with b, not with c; stance: a and b differ, and c has none. Nobody else has answered the second.
    assert found == {"a": 1 / 3, "b": 1 / 3, "c": 0.0}


@pytest.mark.studio
def test_every_column_of_a_shared_project(studio_server: Project, tmp_path) -> None:
    project = replace(studio_server, name="progress", studio_project="progress")
    sync.push(project, PAIRS, problems=Problems())
    ada, ben, cleo = (accounts.add_annotator(project, f"progress-{name}") for name in ("ada", "ben", "cleo"))
    (_, french), (_, arabic) = PAIRS
    annotations = [
        answer(project, french, ada, lead_time=10.0),
        answer(project, arabic, ada, lead_time=20.0),
        answer(project, french, ben, sentiment="negative", lead_time=7.0),
        answer(project, arabic, ben, status="skipped", validity=None, sentiment=None, targets=(), lead_time=99.0),
        answer(project, french, cleo, status="draft", validity=None),
    ]
    loading.load(project, annotations, [ada, ben, cleo], problems=Problems())
    problems = Problems()
    shown = {each.account: each for each in campaign(project, problems=problems)}
    assert not list(problems)
    who = {account.email: pseudonym(pseudonym_key(project), account.email) for account in (ada, ben, cleo)}
    for account, columns in (
        (ada, (2, 2, 0, 0, 15.0, 2 / 3)),
        (ben, (2, 1, 1, 0, 7.0, 2 / 3)),
        (cleo, (2, 0, 0, 1, None, None)),
    ):
        assert shown[account.email] == Progress(who[account.email], account.email, *columns)
    (tmp_path / ".dipdata").symlink_to(project.private)
    (tmp_path / "dipdata.toml").write_text('name = "progress"\nlicence = "CC-BY-4.0"\n[studio]\nproject = "progress"\n')
    lines = CliRunner().invoke(app, ["status", "--project", str(tmp_path)]).stdout.splitlines()
    assert lines[0].split() == ["annotator", "assigned", "done", "skipped", "drafts", "median", "s", "agreement"]
    (of_ada,) = [line for line in lines if "progress-ada@" in line]
    assert of_ada.split()[2:] == ["2", "2", "0", "0", "15.0", "0.67"]
