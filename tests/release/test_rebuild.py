import dataclasses
import random

import pytest

import samples
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus
from dipdata.release import rebuild, splits
from dipdata.release.export import Options, export
from dipdata.release.splits import hold_out


def codes(project, release, corpus, workers=1):
    problems = Problems()
    rebuild.check(project, release, corpus, frozen=splits.read(release), workers=workers, problems=problems)
    return {(problem.code, problem.record) for problem in problems}


@pytest.mark.parametrize("options", [Options(), Options("none"), Options("quotes", hold_out("since=2026-03-15"))])
def test_the_same_records_give_the_same_release(project, options):
    release = export(project, "0.1.0", samples.corpus(), options=options, problems=Problems()).path
    assert codes(project, release, samples.corpus()) == set()


@pytest.mark.slow
def test_more_processes_and_another_order_give_the_same_release(project, small_parts):
    corpus = samples.corpus(60)
    release = export(project, "0.1.0", corpus, problems=Problems()).path
    assert len(list((release / "default").glob("train-*"))) > 2
    parts = (corpus.articles, corpus.statements, corpus.annotations, corpus.gold)
    shuffled = Corpus(*(random.Random(5).sample(list(part), len(part)) for part in parts))
    assert codes(project, release, shuffled, workers=3) == set()


def test_a_version_after_another_is_rebuilt_with_its_changes(project):
    first = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    frozen = splits.read(first)
    second = export(project, "0.1.1", samples.corpus(24), frozen=frozen, problems=Problems()).path
    assert codes(project, second, samples.corpus(24)) == set()
    first.rename(project.root / "elsewhere")
    assert ("release.previous-missing", "release.json") in codes(project, second, samples.corpus(24))


def test_what_differs_is_named(project):
    release = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    corpus = samples.corpus()
    changed = [dataclasses.replace(corpus.annotations[0], lead_time=99.0), *corpus.annotations[1:]]
    found = codes(project, release, dataclasses.replace(corpus, annotations=changed))
    files = {record for code, record in found if code == "release.not-reproducible"}
    assert {"release.json", "croissant.json"} < files
    assert sum(name.startswith("annotations/") for name in files) == 1
    assert not any(name.startswith(("default/", "statements/", "articles/")) for name in files)


def test_a_file_that_was_added_is_named(project):
    release = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    (release / "notes.txt").write_text("mine")
    assert codes(project, release, samples.corpus()) == {("release.not-reproducible", "notes.txt")}


def test_other_tools_are_told(project):
    release = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    path = release / "release.json"
    text = path.read_text()
    for tool in ("python", "dipdata", "datasets", "pyarrow"):
        path.write_text(text.replace(f'"{tool}": "', f'"{tool}": "0.'))
        assert codes(project, release, samples.corpus()) == {
            ("release.other-tools", "release.json"),
            ("release.not-reproducible", "release.json"),
        }


def test_a_release_of_another_project_is_refused(project):
    release = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    with pytest.raises(CannotRunError, match="a release of small, not of other"):
        codes(dataclasses.replace(project, name="other"), release, samples.corpus())
