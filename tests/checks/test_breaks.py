"""A good release broken in every way that `breaks` knows, one at a time; ten good datasets, broken in none."""

import dataclasses
import shutil
from pathlib import Path

import breaks
import golden
import good
import numpy as np
import orjson
import pytest

from dipdata import checks, verbs
from dipdata import project as projects
from dipdata.checks.run import Run
from dipdata.floors import Floors
from dipdata.problems import Problems
from dipdata.records import to_dict
from dipdata.release.export import Options, export
from dipdata.release.splits import HoldOut
from dipdata.schemas import Contract, packaged

pytestmark = pytest.mark.slow

FLOORS = Floors(agreement={"sentiment": 0.5}, label_rows=20, constant_answers=20, agreement_units=40)
TEN = good.ten()
# Loading takes seconds; of these breaks only `datasets` itself can tell.
LOADED = {"release.load", "release.croissant"}


def released(root, corpus, name="small", **options):
    root.mkdir(parents=True)
    (root / "dipdata.toml").write_text(f'name = "{name}"\nlicence = "CC-BY-4.0"\n')
    shutil.copy(Path(__file__).parent / "card.md", root / "DATASET_CARD.md")
    problems = Problems()
    path = export(projects.load(root), "0.1.0", corpus, problems=problems, options=Options(**options)).path
    assert {problem.code for problem in problems} <= {"release.split-empty"}
    return path


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return released(tmp_path_factory.mktemp("break") / "project", broken_corpus())


def broken_corpus():
    return good.corpus(11, 90, "fr en de", extra=" 👩‍👩‍👧‍👦")


def found(folder, *, load):
    problems = Problems()
    checks.check_release(folder, problems, floors=FLOORS, workers=1, load=load)
    return problems


def test_the_release_that_is_broken_is_good(whole):
    assert [str(problem) for problem in found(whole, load=True)] == []


@pytest.mark.parametrize("name", breaks.BREAKS)
def test_a_break_is_found(name, whole, tmp_path, monkeypatch):
    code, apply, sealed = breaks.BREAKS[name]
    folder = shutil.copytree(whole, tmp_path / "release")
    apply(folder)
    if sealed:
        breaks.seal(folder)
    problems = found(folder, load=code in LOADED)
    assert code in {problem.code for problem in problems}, list(map(str, problems))
    hit = next(problem for problem in problems if problem.code == code)
    assert hit.message and hit.remedy.endswith(".") and hit.record
    if code not in LOADED:
        # Column by column or row by row, the same is found.
        monkeypatch.setattr(Run, "_held", lambda run, part, batch, features, result: np.ones(batch.num_rows, dtype=bool))
        assert set(map(str, found(folder, load=False))) == set(map(str, problems))


@pytest.mark.parametrize("folder", sorted(golden.FOLDER.iterdir()), ids=lambda folder: folder.name)
def test_each_golden_fixture_gives_its_output(folder, whole):
    expected = (folder / "output.txt").read_text("utf-8")
    assert golden.output(folder, whole) == expected
    assert f"{folder.name} (" in expected


def test_every_check_has_a_fixture():
    assert {folder.name for folder in golden.FOLDER.iterdir()} == {check.code for check in checks.all_checks()} - set(golden.MADE)


def test_the_page_of_checks_is_up_to_date():
    assert golden.PAGE.read_text("utf-8") == golden.page()


def test_there_are_sixty_breaks_and_more():
    assert len(breaks.BREAKS) >= 60


@pytest.mark.parametrize("name", TEN)
def test_good_records_give_nothing(name):
    problems = Problems()
    checks.check_corpus(TEN[name], Contract(packaged()), problems, floors=dataclasses.replace(FLOORS, agreement={}))
    assert list(map(str, problems)) == []


@pytest.mark.parametrize("name", TEN)
def test_good_releases_give_nothing(name, tmp_path):
    folder = released(tmp_path / "project", TEN[name])
    problems = found(folder, load=name == "unanswered")
    assert [str(problem) for problem in problems if problem.code != "agreement.overlap"] == []


@pytest.mark.parametrize("options", [{"mode": "quotes"}, {"mode": "none"}, {"held": HoldOut("lang", "fr")}], ids=str)
def test_good_releases_of_other_modes_give_nothing(options, tmp_path):
    folder = released(tmp_path / "project", TEN["six languages"], **options)
    assert [str(problem) for problem in found(folder, load=True)] == []


def test_fix_makes_stale_figures_anew_and_leaves_the_tables(whole, tmp_path):
    folder = shutil.copytree(whole, tmp_path / "release")
    breaks.number_in_the_card_edited(folder)
    breaks.seal(folder)
    assert {problem.code for problem in found(folder, load=False)} == {"release.card-stale"}
    told = verbs.fix(folder)
    assert "+++ b/README.md" in told and "99999" in told
    assert [str(problem) for problem in found(folder, load=True)] == []
    assert (folder / "README.md").read_bytes() == (whole / "README.md").read_bytes()
    assert verbs.fix(folder) == ""


def test_fix_leaves_a_release_with_a_broken_table_alone(whole, tmp_path):
    folder = shutil.copytree(whole, tmp_path / "release")
    breaks.number_in_the_card_edited(folder)
    breaks.one_bit_of_a_table_flipped(folder)
    assert verbs.fix(folder) == ""


@pytest.mark.parametrize("name", TEN)
def test_good_files_of_records_give_nothing(name, tmp_path):
    for part in ("articles", "statements", "annotations", "gold"):
        lines = [orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE) for record in getattr(TEN[name], part)]
        (tmp_path / f"{part}.jsonl").write_bytes(b"".join(lines))
    problems = Problems()
    checks.check_records(tmp_path, problems)
    assert list(map(str, problems)) == []
