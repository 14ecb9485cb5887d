import json
import shutil
import subprocess

import orjson
import pytest

import samples
from dipdata import project as projects
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus
from dipdata.release.export import export
from dipdata.release.manifest import sha256
from dipdata.schemas import CONFIGS, packaged

# Nobody's: a machine may have no name for commits.
IDENTITY = ("-c", "user.name=test", "-c", "user.email=test@example.invalid")
BLOCK = "<!-- dipdata:begin {0} -->\n<!-- dipdata:end {0} -->\n"


@pytest.mark.parametrize("streaming", [False, True])
def test_every_config_and_split_loads_with_true_label_names(project, tmp_path, streaming):
    from datasets import load_dataset

    release = export(project, "0.1.0", samples.corpus(), problems=Problems())
    for config in CONFIGS:
        found = load_dataset(str(release.path), config, streaming=streaming, cache_dir=str(tmp_path / f"cache-{streaming}"))
        assert set(found) == {"train", "validation", "test"}
        for split, dataset in found.items():
            assert dataset.features == project.contract.features(config)
            assert len(list(dataset)) == release.rows[config][split] > 0
    row = next(iter(load_dataset(str(release.path), "default", split="train", cache_dir=str(tmp_path / "cache-row"))))
    features = project.contract.features("default")
    assert features["stance"].int2str(row["stance"]) == "favor"
    assert features["sentiment"].int2str(row["sentiment"]) == "positive"
    assert row["target"] == "la Suède" and row["country"] == "NO" and row["content"].startswith("«") and row["text"].startswith("Le minist")


def test_the_manifest_is_valid_and_gives_the_hash_of_each_file(project):
    release = export(project, "0.1.0", samples.corpus(), problems=Problems())
    manifest = orjson.loads((release.path / "release.json").read_bytes())
    assert list(project.contract.findings("release", manifest)) == []
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    there = {p.relative_to(release.path).as_posix(): sha256(p) for p in release.path.rglob("*") if p.is_file() and p.name != "release.json"}
    assert listed == there


def test_the_order_of_records_does_not_matter(project, tmp_path):
    a = export(project, "0.1.0", samples.corpus(), problems=Problems())
    kept = tmp_path / "kept"
    shutil.move(a.path, kept)
    corpus = samples.corpus()
    turned = Corpus(*(list(reversed(getattr(corpus, part))) for part in ("articles", "statements", "annotations", "gold")))
    b = export(project, "0.1.0", turned, problems=Problems())
    for path in kept.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (b.path / path.relative_to(kept)).read_bytes(), path.name


def test_a_release_that_exists_stays_as_it_is(project):
    first = export(project, "0.1.0", samples.corpus(), problems=Problems())
    before = {p: p.read_bytes() for p in first.path.rglob("*") if p.is_file()}
    assert export(project, "0.1.0", samples.corpus(), problems=Problems()).unchanged
    with pytest.raises(CannotRunError, match="releases are immutable"):
        export(project, "0.1.0", samples.corpus(8), problems=Problems())
    assert {p: p.read_bytes() for p in first.path.rglob("*") if p.is_file()} == before
    assert [p.name for p in project.dist.iterdir()] == ["small-0.1.0"]


@pytest.mark.parametrize("version", ["1", "v0.1.0", "0.1.0-rc1", "01.0.0", "../x"])
def test_a_version_that_is_none_is_refused(project, version):
    with pytest.raises(CannotRunError, match="not a semantic version"):
        export(project, version, samples.corpus(), problems=Problems())


def test_a_failure_leaves_nothing(project):
    (project.root / "DATASET_CARD.md").write_text(BLOCK.format("unheardof"))
    with pytest.raises(CannotRunError, match="no block 'unheardof' is made"):
        export(project, "0.1.0", samples.corpus(), problems=Problems())
    assert list(project.dist.iterdir()) == []


def test_a_split_without_rows_is_left_out_and_reported(project, tmp_path):
    from datasets import load_dataset

    corpus = samples.corpus(20)
    only = Corpus(corpus.articles, corpus.statements, [], [])
    problems = Problems()
    release = export(project, "0.1.0", only, problems=problems)
    assert {p.record for p in problems} == {"annotations/train", "annotations/validation", "annotations/test"}
    assert {p.severity for p in problems} == {"warning"}
    assert set(load_dataset(str(release.path), cache_dir=str(tmp_path / "cache"))) == {"train", "validation", "test"}


def test_what_is_not_committed_is_told(project):
    def git(*arguments):
        return subprocess.run(["git", *IDENTITY, *arguments], cwd=project.root, check=True, capture_output=True, text=True).stdout

    def exported():
        problems = Problems()
        release = export(project, "0.1.0", samples.corpus(), problems=problems)
        commit = json.loads((release.path / "release.json").read_text())["sources"]["commit"]
        return commit, [(p.code, p.severity, p.remedy) for p in problems], release

    git("init", "-q")
    (project.root / ".gitignore").write_text("dist/\n")
    git("add", "dipdata.toml", ".gitignore")
    git("commit", "-qm", "All but the card")
    told = [("release.uncommitted", "warning", "Commit, delete this release and export again.")]
    assert exported()[:2] == (None, told)
    git("add", ".")
    git("commit", "-qm", "The card")
    commit, found, release = exported()
    assert (commit, found, release.unchanged) == (None, told, True)
    shutil.rmtree(release.path)
    head = git("rev-parse", "HEAD").strip()
    assert exported()[:2] == (head, [])
    (project.root / "annotations").mkdir()
    (project.root / "annotations" / "splits.jsonl").write_text("")
    assert exported()[:2] == (head, [])


def test_a_project_outside_git_names_no_commit_without_a_word(project, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(project.root.parent))
    problems = Problems()
    release = export(project, "0.1.0", samples.corpus(), problems=problems)
    assert json.loads((release.path / "release.json").read_text())["sources"]["commit"] is None and not list(problems)


def test_an_enum_value_arrives_in_features_arrow_and_card(project):
    shutil.copytree(packaged(), project.root / "schema")
    path = project.root / "schema" / "labels.schema.json"
    labels = json.loads(path.read_text())
    stance = labels["$defs"]["stance"]["oneOf"]
    stance[0] = stance[0] | {"const": "endorses", "title": "Endorses | wholly"}
    path.write_text(json.dumps(labels))
    changed = projects.load(project.root)
    assert changed.contract.features("default")["stance"].names[0] == "endorses"
    assert b'"endorses"' in changed.contract.arrow("statements").metadata[b"huggingface"]
    corpus = samples.corpus()
    release = export(changed, "0.1.0", Corpus(corpus.articles, corpus.statements, [], []), problems=Problems())
    card = (release.path / "README.md").read_text()
    assert "| 0 | `endorses` | Endorses \\| wholly |" in card
    assert "'0': endorses" in card
