import dataclasses
import json
import shutil

import pytest

import samples
from dipdata import project as projects
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus
from dipdata.release import changes, splits
from dipdata.release.diff import diff
from dipdata.release.export import Options, export
from dipdata.schemas import packaged

CHANGE = dataclasses.replace


def release(project, version, corpus, **options):
    return export(project, version, corpus, options=Options(**options), problems=Problems()).path


def schema(project, change):
    """The project with a schema/ of its own, changed."""
    folder = project.root / "schema"
    if not folder.exists():
        shutil.copytree(packaged(), folder)
    for name in ("labels", "tables"):
        path = folder / f"{name}.schema.json"
        document = json.loads(path.read_text())
        change(name, document)
        path.write_text(json.dumps(document))
    return projects.load(project.root)


def gold_changed(corpus):
    first = corpus.gold[0]
    targets = tuple(CHANGE(target, stance="against") for target in first.targets)
    return CHANGE(corpus, gold=[CHANGE(first, sentiment="negative", targets=targets), *corpus.gold[1:]])


def test_records_added_removed_and_changed_are_named(project):
    corpus = samples.corpus(24)
    old = release(project, "1.0.0", samples.corpus(20))
    lost = corpus.annotations[3]
    changed = gold_changed(CHANGE(corpus, annotations=[a for a in corpus.annotations if a is not lost]))
    new = release(project, "1.1.0", changed)
    found = diff(old, new)
    assert found.records["articles"].added == [f"wire/article-{n}" for n in range(20, 24)]
    assert len(found.records["statements"].added) == 4
    assert found.records["statements"].changed == [corpus.statements[0].id]
    assert found.records["annotations"].removed == [lost.id]
    assert dict(found.labels) == {("sentiment", "positive", "negative"): 1, ("stance", "favor", "against"): 1}
    assert found.shares["stance"]["against"] == (0, 1 / 24)
    assert found.moved == [] and found.breaking == []
    assert (found.level, found.demanded, found.enough) == ("minor", "1.1.0", True)


def test_what_changed_in_a_record_is_named(project):
    corpus = samples.corpus(20)
    old = release(project, "1.0.0", corpus)
    one, two, *others = corpus.statements
    moved = [CHANGE(one, chain=("Agence",), confidence=0.5), CHANGE(two, confidence=0.5), *others]
    found = diff(old, release(project, "1.1.0", CHANGE(corpus, statements=moved)))
    assert found.records["statements"].fields == {"confidence": 2, "chain": 1}
    assert "statements: 0 added, 0 removed, 2 changed (confidence 2, chain 1), 18 the same" in changes.text(found)
    assert "| statements | 0 | 0 | 2 (confidence 2, chain 1) | 18 |" in changes.markdown(found)
    assert changes.to_json(found)["records"]["statements"]["fields"] == {"chain": 1, "confidence": 2}


def test_agreement_before_and_after(project):
    corpus = samples.corpus(20)
    varied = [CHANGE(a, sentiment="negative") if n % 8 < 2 else a for n, a in enumerate(corpus.annotations)]
    apart = [CHANGE(a, sentiment="negative") if n % 8 < 3 else a for n, a in enumerate(corpus.annotations)]
    old = release(project, "0.1.0", CHANGE(corpus, annotations=varied))
    new = release(project, "0.1.1", CHANGE(corpus, annotations=apart))
    was, now = diff(old, new).agreement["sentiment"]
    assert was == 1 and 0 < now < 1


def test_nothing_changed_is_a_patch(project):
    old = release(project, "0.1.0", samples.corpus())
    (project.root / "DATASET_CARD.md").write_text("# Another card\n")
    found = diff(old, release(project, "0.1.1", samples.corpus()))
    assert (found.level, found.demanded, found.contract) == ("patch", "0.1.1", [])


@pytest.mark.parametrize(
    ("version", "change", "what"),
    [
        ("1.0.1", lambda c: samples.corpus(21), "data or schema changed. Give 1.1.0 or higher"),
        ("1.9.0", lambda c: CHANGE(c, articles=c.articles[1:], statements=c.statements[1:]), "1 article removed. Give 2.0.0"),
        ("0.9.0", lambda c: c, "too low, 1.0.0 is there already"),
    ],
)
def test_a_version_that_is_too_low_is_refused(project, version, change, what):
    release(project, "1.0.0", samples.corpus())
    with pytest.raises(CannotRunError, match=what):
        release(project, version, change(samples.corpus()))
    assert [path.name for path in project.dist.iterdir()] == ["small-1.0.0"]


def test_below_1_a_break_demands_the_second_number(project):
    corpus = samples.corpus()
    release(project, "0.1.0", corpus)
    fewer = CHANGE(corpus, articles=corpus.articles[1:], statements=corpus.statements[1:])
    with pytest.raises(CannotRunError, match=r"Give 0\.2\.0 or higher"):
        release(project, "0.1.1", fewer)
    release(project, "0.2.0", fewer)


def rename(name, document):
    if name == "labels":
        document["$defs"]["stance"]["oneOf"][2]["const"] = "balanced"


def append(name, document):
    if name == "labels":
        arms = document["$defs"]["stance"]["oneOf"]
        arms.append(arms[0] | {"const": "mixed"})


def define(name, document):
    if name == "labels":
        document["$defs"]["stance"]["oneOf"][2]["description"] = "Something else."


def drop(name, document):
    if name == "tables":
        del document["$defs"]["default"]["properties"]["country"]


def add(name, document):
    if name == "tables":
        document["$defs"]["default"]["properties"]["url"] = {"type": "string", "description": "Address."}


@pytest.mark.parametrize(
    ("change", "what", "breaking"),
    [
        (rename, "classes of default.stance changed: favor, against, neutral, none became favor, against, balanced, none", True),
        (append, "class mixed appended to default.stance", False),
        (define, "the definition of stance=neutral changed", False),
        (drop, "column default.country removed", True),
        (add, "column default.url added", False),
    ],
)
def test_changes_of_the_schema_are_told_breaking_or_not(project, change, what, breaking):
    old = release(project, "1.0.0", samples.corpus())
    changed = shutil.copytree(old, project.root / "changed")
    for path in (changed / "schema").iterdir():
        document = json.loads(path.read_text())
        change(path.name.removesuffix(".schema.json"), document)
        path.write_text(json.dumps(document))
    found = diff(old, changed)
    assert (what, breaking) in {(c.what, c.breaking) for c in found.contract}
    assert found.level == ("major" if breaking else "minor")


def test_another_hold_out_breaks(project):
    first = export(project, "0.1.0", samples.corpus(), options=Options(held=splits.hold_out("since=2026-03-15")), problems=Problems()).path
    with pytest.raises(CannotRunError, match=r"held out for test was since=2026-03-15, is nothing[.] Give 0[.]2[.]0"):
        export(project, "0.1.1", samples.corpus(24), frozen=splits.read(first), problems=Problems())


def test_texts_taken_away_break_and_texts_given_do_not(project):
    full = release(project, "0.1.0", samples.corpus()).rename(project.root / "full")
    bare = release(project, "0.1.0", samples.corpus(), mode="none")
    assert diff(full, bare).breaking == ["text mode full became none"]
    assert diff(bare, full).breaking == []


def test_the_card_tells_what_changed_whatever_the_texts(project):
    release(project, "0.1.0", samples.corpus(20))
    cards = []
    for mode in ("full", "none"):
        path = release(project, "0.2.0", samples.corpus(21), mode=mode)
        card = (path / "README.md").read_text()
        cards.append(card[card.index("begin changes") : card.index("end changes")])
        shutil.rmtree(path)
    assert cards[0] == cards[1]
    assert "Since 0.1.0:" in cards[0] and "| articles | 1 | 0 | 0 | 20 |" in cards[0]


def test_the_three_forms_agree(project):
    old = release(project, "0.1.0", samples.corpus(20))
    found = diff(old, release(project, "0.1.1", gold_changed(samples.corpus(21))))
    values = json.loads(json.dumps(changes.to_json(found)))
    assert values["records"]["articles"]["added"] == ["wire/article-20"]
    assert "articles: 1 added, 0 removed, 0 changed, 20 the same" in changes.text(found)
    assert "label stance: favor became against once" in changes.text(found)
    added = found.records["statements"].added[0]
    assert f"+ {added} wire/article-20: «" in changes.text(found) and "below 1.0.0 demands 0.1.1" in changes.text(found)
    markdown = changes.markdown(found)
    assert markdown.startswith("## 0.1.1 since 0.1.0\n") and "| `stance` | favor | against | 1 |" in markdown


def test_two_datasets_are_not_compared(project, tmp_path):
    old = release(project, "0.1.0", samples.corpus())
    other = shutil.copytree(old, tmp_path / "other")
    path = other / "release.json"
    path.write_text(path.read_text().replace('"name": "small"', '"name": "large"'))
    with pytest.raises(CannotRunError, match="two datasets, small and large"):
        diff(old, other)


def test_an_article_keeps_its_split_in_the_next_version(project):
    from dipdata.release import splits

    old = release(project, "0.1.0", samples.corpus(20))
    frozen = splits.read(old)
    new = export(project, "0.2.0", samples.corpus(40), frozen=frozen, problems=Problems()).path
    assert diff(old, new).moved == []
    assert {key: splits.read(new)[key] for key in frozen} == frozen


def test_statements_alone_are_enough_to_compare(project):
    corpus = samples.corpus()
    bare = Corpus(corpus.articles, corpus.statements, [], [])
    old = release(project, "0.1.0", bare)
    found = diff(old, release(project, "0.1.1", corpus))
    assert len(found.records["annotations"].added) == 40
    assert found.agreement["stance"] == (None, None)
