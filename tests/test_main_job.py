"""The main job on a real page: raw -> Label Studio -> annotations -> release -> load_dataset."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from dipdata import checks, inputs, verbs
from dipdata import project as projects
from dipdata.annotations import store
from dipdata.problems import Problems
from dipdata.records import Annotation, StanceTarget, annotation_id
from dipdata.release.manifest import sha256
from dipdata.schemas import CONFIGS, packaged
from dipdata.studio import accounts, loading
from dipdata.studio.pseudonyms import pseudonym, pseudonym_key

SHARED = Path(os.environ.get("DIPDATA_SHARED", Path(__file__).parents[2] / "shared"))
SOURCE = """publisher = "A French news site"
licence = "the publisher's; for tests only"
lang = "fr"
"""
STANCES = ("favor", "against", "neutral", "none")


@pytest.fixture
def page() -> Path:
    pages = sorted((SHARED / "raw" / "seed").glob("*.txt"))
    if not pages:
        pytest.skip(f"{SHARED}/raw/seed is not here: the page may not be copied into the project. Set DIPDATA_SHARED to its folder.")
    return pages[0]


@pytest.fixture
def project(page, tmp_path):
    folder = tmp_path / "raw" / "site"
    folder.mkdir(parents=True)
    shutil.copy(page, folder)
    (folder / "source.toml").write_text(SOURCE)
    (tmp_path / "dipdata.toml").write_text('name = "page"\nlicence = "none"\n[splits]\ntrain = 1.0\n[studio]\nproject = "page"\n')
    shutil.copy(packaged().parent / "DATASET_CARD.md", tmp_path)
    return projects.load(tmp_path)


def test_the_pages_zones_give_no_statements(project):
    problems = Problems()
    assert verbs.ingest(project, problems=problems) == 1
    assert verbs.segment_project(project, problems=problems) >= 8
    assert list(problems) == []
    corpus = inputs.load_corpus(project, problems)
    text = corpus.articles[0].text
    outside = ("Russian President Vladimir Putin attends", "ATTENTION EDITORS", "Publication:", "Imprimer", "LIRE AUSSI", "Appel au retour")
    spans = [span for s in corpus.statements for span in (*s.content, *s.source, *s.cue)]
    for words in outside:
        start = text.index(words)
        assert not [span for span in spans if span.start < start + len(words) and start < span.end], words


@pytest.mark.studio
def test_from_the_page_to_a_loaded_release(project, studio_server, tmp_path, monkeypatch):
    from datasets import load_dataset

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    problems = Problems()
    verbs.ingest(project, problems=problems)
    count = verbs.segment_project(project, problems=problems)
    # The shared server's state and accounts; everything else is this project's.
    shutil.copytree(studio_server.private, project.private, dirs_exist_ok=True, ignore=shutil.ignore_patterns("studio"))
    project = replace(project, studio_project=f"page {tmp_path.name}")
    assert verbs.push(project, problems=problems).pushed == count
    assert verbs.push(project, problems=problems).pushed == 0

    account = accounts.add_annotator(project, "page-annotator")
    who = pseudonym(pseudonym_key(project), account.email)
    statements = inputs.load_corpus(project, problems).statements
    labels = [answer(statement, who, n) for n, statement in enumerate(statements)]
    loading.load(project, labels, [account], problems=problems)
    pulled = verbs.pull(project, problems=problems)
    assert (pulled.new, pulled.refused) == (count, 0)
    again = {path: path.read_bytes() for path in project.annotations.iterdir()}
    assert verbs.pull(project, problems=problems).new == 0
    assert verbs.pull(project, whole=True, problems=problems).unchanged == count
    assert {path: path.read_bytes() for path in project.annotations.iterdir()} == again

    found = {a.statement_id: a for a in store.read_annotations(project.annotations, project.contract, problems)}
    assert {key: (a.sentiment, a.targets, a.content) for key, a in found.items()} == {
        a.statement_id: (a.sentiment, a.targets, a.content) for a in labels
    }
    text = inputs.load_articles(project, problems)[0].text
    assert all(text[span.start : span.end] == span.surface for a in found.values() for span in (*a.content, *a.source, *a.cue, *a.targets))

    assert verbs.adjudicate(project, problems=problems) == (count, 0)
    release = verbs.export(project, "0.1.0", problems=problems)
    assert problems.errors == 0
    manifest = orjson.loads((release.path / "release.json").read_bytes())
    assert all(sha256(release.path / entry["path"]) == entry["sha256"] for entry in manifest["files"])
    proof = Problems()
    checks.check_release(release.path, proof)
    assert [problem for problem in proof if problem.severity == "error"] == []
    for config in CONFIGS:
        rows = list(load_dataset(str(release.path), config, split="train", cache_dir=str(tmp_path / "cache")))
        assert rows == list(load_dataset(str(release.path), config, split="train", streaming=True))
        assert len(rows) == release.rows[config]["train"]
    stances = load_dataset(str(release.path), "default", split="train", cache_dir=str(tmp_path / "cache"))
    names = stances.features["stance"].names
    expected = sorted(target.stance for a in labels for target in a.targets)
    assert sorted(names[row["stance"]] for row in stances if row["stance"] is not None) == expected


def answer(statement, who: str, n: int) -> Annotation:
    targets = statement.targets or statement.content[:1]
    return Annotation(
        id=annotation_id(statement.id, who),
        statement_id=statement.id,
        annotator=who,
        status="submitted",
        validity="valid",
        sentiment=("positive", "negative")[n % 2],
        targets=tuple(StanceTarget(t.start, t.end, t.surface, STANCES[(n + k) % 4]) for k, t in enumerate(targets)),
        content=statement.content,
        source=statement.source,
        cue=statement.cue,
        act=None,
        lead_time=10.0 + n,
        guideline="1.0.0",
        scheme="1.0.0",
        created="2026-05-01T09:00:00Z",
        updated="2026-05-01T09:01:00Z",
    )
