import dataclasses
import importlib
import json
import shutil

import pytest

import samples
from dipdata import checks
from dipdata import project as projects
from dipdata.checks import croissant
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Span, Zone
from dipdata.release.export import export
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())
CHANGE = dataclasses.replace


def found(corpus):
    problems = Problems()
    checks.check_corpus(corpus, CONTRACT, problems)
    return [(p.code, p.record, p.pointer) for p in problems]


def test_a_good_corpus_has_no_problems():
    assert found(samples.corpus()) == []


def corpus_with(part, change, size=3):
    corpus = samples.corpus(size)
    records = list(getattr(corpus, part))
    records[0] = change(records[0])
    return CHANGE(corpus, **{part: records})


@pytest.mark.parametrize(
    ("part", "change", "code", "pointer"),
    [
        ("articles", lambda a: CHANGE(a, lang="FR"), "schema.format", "/lang"),
        ("articles", lambda a: CHANGE(a, date="4 March"), "schema.format", "/date"),
        ("articles", lambda a: CHANGE(a, sha256="0" * 64), "offsets.hash", "/sha256"),
        ("articles", lambda a: CHANGE(a, zones=(Zone("headline", 5, 5),)), "offsets.zone", "/zones/0"),
        ("articles", lambda a: CHANGE(a, id="wire/other"), "references.article-missing", "/article_id"),
        ("statements", lambda s: CHANGE(s, form="quoted"), "schema.label", "/form"),
        ("statements", lambda s: CHANGE(s, confidence=1.5), "schema.range", "/confidence"),
        ("statements", lambda s: CHANGE(s, content=()), "schema.range", "/content"),
        ("statements", lambda s: CHANGE(s, cue=(Span(3, 900, "x"),)), "offsets.out-of-range", "/cue/0"),
        ("statements", lambda s: CHANGE(s, source=s.source + s.source), "offsets.order", "/source/1"),
        ("statements", lambda s: CHANGE(s, article_sha256="0" * 64), "offsets.text-changed", "/article_sha256"),
        ("annotations", lambda a: CHANGE(a, annotator="someone@wire.example"), "schema.format", "/annotator"),
        ("annotations", lambda a: CHANGE(a, statement_id="s-" + "0" * 16), "references.statement-missing", "/statement_id"),
        ("annotations", lambda a: CHANGE(a, targets=(CHANGE(a.targets[0], stance="favour"),)), "schema.label", "/targets/0/stance"),
        (
            "annotations",
            lambda a: CHANGE(a, targets=(CHANGE(a.targets[0], surface="la Norvège"),)),
            "offsets.surface-mismatch",
            "/targets/0",
        ),
        ("gold", lambda g: CHANGE(g, annotations=("a-" + "0" * 16,)), "references.annotation-missing", "/annotations/0"),
    ],
)
def test_each_break_is_found_with_its_place(part, change, code, pointer):
    assert (code, pointer) in {(c, p) for c, _, p in found(corpus_with(part, change))}


def test_duplicates_are_named():
    corpus = samples.corpus(2)
    twice = CHANGE(corpus, annotations=[*corpus.annotations, corpus.annotations[0]])
    assert found(twice) == [("references.duplicate-id", corpus.annotations[0].id, "/id")]


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    root = tmp_path_factory.mktemp("project")
    (root / "dipdata.toml").write_text('name = "small"\nlicence = "CC-BY-4.0"\n')
    shutil.copy(packaged().parent / "DATASET_CARD.md", root)
    return export(projects.load(root), "0.1.0", samples.corpus(), problems=Problems()).path


@pytest.fixture
def broken(release, tmp_path):
    return shutil.copytree(release, tmp_path / "release")


def codes(folder):
    problems = Problems()
    checks.check_release(folder, problems)
    return {p.code for p in problems}


def test_a_good_release_has_no_problems(release):
    assert codes(release) == set()


def test_a_truncated_table(broken):
    path = broken / "default" / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:100])
    assert codes(broken) == {"release.file-changed", "release.table-broken"}


def test_missing_and_foreign_files(broken):
    (broken / "articles" / "test-00000-of-00001.parquet").rename(broken / "notes.txt")
    assert {"release.file-missing", "release.file-foreign"} <= codes(broken)


def test_class_names_in_another_order_in_the_card(broken):
    path = broken / "README.md"
    text = path.read_text()
    path.write_text(text.replace("'0': favor", "'0': x").replace("'1': against", "'1': favor").replace("'0': x", "'0': against"))
    assert {"release.file-changed", "release.class-names"} <= codes(broken)


def test_a_card_that_cannot_be_loaded(broken):
    (broken / "README.md").write_text("---\nconfigs: [\n---\n")
    assert "release.load" in codes(broken)


def test_a_manifest_that_says_other_rows(broken):
    path = broken / "release.json"
    manifest = json.loads(path.read_text())
    next(entry for entry in manifest["files"] if entry["config"] == "default")["rows"] += 1
    path.write_text(json.dumps(manifest))
    assert "release.table-rows" in codes(broken)


def test_the_rai_vocabulary_is_that_of_its_reader():
    constants = importlib.import_module("mlcroissant._src.core.constants")
    known = {str(value).rsplit("/", 1)[-1] for name, value in vars(constants).items() if name.startswith("ML_COMMONS_RAI_")}
    assert len(known) == 20 and known <= set(croissant.VOCABULARY)


@pytest.mark.parametrize("content", ["{", "[]", '{"name": 3}'])
def test_a_manifest_that_is_none(broken, content):
    (broken / "release.json").write_text(content)
    assert "release.manifest" in codes(broken)


def test_no_manifest_cannot_be_checked(tmp_path, release):
    shutil.copytree(release / "schema", tmp_path / "schema")
    with pytest.raises(CannotRunError, match=r"no release[.]json here"):
        checks.check_release(tmp_path, Problems())
