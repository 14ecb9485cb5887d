"""The card: what each generated block tells of the records, and that nobody edits one unnoticed."""

import dataclasses
import json
import re

import pytest

import samples
from dipdata import checks
from dipdata.problems import CannotRunError, Problems
from dipdata.release import card, manifest
from dipdata.release.export import Options, export
from dipdata.release.splits import read

CHANGE = dataclasses.replace


def made(project, version="0.1.0", corpus=None, **options):
    path = export(project, version, corpus or samples.corpus(), problems=Problems(), **options).path
    front, text = card.split_front_matter((path / "README.md").read_text(encoding="utf-8"))
    return path, front, {found[1]: found[2] for found in card.BLOCK.finditer(text)}


def test_each_block_is_filled_and_tells_the_figures(project):
    corpus = samples.corpus()
    seconds = [CHANGE(a, lead_time=float(10 + n // 2)) for n, a in enumerate(corpus.annotations)]
    _, _, blocks = made(project, corpus=CHANGE(corpus, annotations=seconds))
    assert set(blocks) == set(card.BLOCKS) and all(content.strip() for content in blocks.values())
    assert re.search(r"\| `statements` \|( \d+ \|){3} 20 \|", blocks["numbers"])
    assert "seed 7" in blocks["splits"] and "train 70%" in blocks["splits"]
    assert "| 3 | `none` |" in blocks["labels"]
    assert (
        "| `text` | string | The sentences that content, source and cue stand in. Null in a release without texts. |" in blocks["columns"]
    )
    assert re.search(r"\| `stances` \| list of \{start, end, surface, stance, votes\} \|", blocks["columns"])
    assert re.search(r"\| `favor` \|( \d+ \|){3} 20 \| 100.0% \|", blocks["distributions"])
    assert "2 annotators" in blocks["agreement"] and "| `stance` | 20 | 20 |" in blocks["agreement"]
    assert all(f"| `{who}` | 20 | 0 | 0 | 19 |" in blocks["annotators"] for who in samples.ANNOTATORS)
    assert "Languages with fewer than 30 articles" in blocks["limits"] and "0 of 20 statements have no annotation" in blocks["limits"]
    assert blocks["changes"] == "The first version.\n"
    assert "@misc{small-0.1.0," in blocks["citation"]


def test_the_datasheet_has_the_sections_of_its_source(project):
    _, _, blocks = made(project)
    sections = re.findall(r"^### (.*)$", blocks["datasheet"], re.MULTILINE)
    assert sections == ["Motivation", "Composition", "Collection", "Preprocessing", "Uses", "Distribution", "Maintenance"]
    assert "20 statements in 20 articles from 2026-03-01 to 2026-03-20" in blocks["datasheet"]
    assert "CC-BY-4.0: 20 articles." in blocks["datasheet"]


@pytest.mark.parametrize("mode", ["full", "quotes", "none"])
def test_validate_counts_the_blocks_anew(project, mode):
    path, _, _ = made(project, options=Options(mode))
    problems = Problems()
    checks.check_release(path, problems, load=False)
    assert [str(problem) for problem in problems] == []


def test_the_head_gives_what_the_hub_reads(project):
    _, front, _ = made(project)
    assert (front["license"], front["language"], front["size_categories"]) == ("cc-by-4.0", ["fr"], ["n<1K"])
    assert [config["config_name"] for config in front["configs"]] == ["default", "statements", "annotations", "articles"]
    names = front["dataset_info"][0]["features"]
    stance = next(feature for feature in names if feature["name"] == "stance")
    assert stance["dtype"]["class_label"]["names"] == {"0": "favor", "1": "against", "2": "neutral", "3": "none"}


def test_the_changes_are_those_since_the_last_version(project):
    path, _, _ = made(project)
    _, _, blocks = made(project, "0.1.1", samples.corpus(23), frozen=read(path))
    assert blocks["changes"].startswith("Since 0.1.0:") and "| articles | 3 | 0 | 0 | 20 |" in blocks["changes"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda text: text.replace("<!-- dipdata:end limits -->", ""),
            r"DATASET_CARD.md:[0-9]+: <!-- dipdata:begin limits --> stands alone",
        ),
        (lambda text: text.replace("<!-- dipdata:begin text -->", ""), r":6: <!-- dipdata:end text --> stands alone"),
        (lambda text: text.replace("dipdata:end text", "dipdata: end text"), r":5: <!-- dipdata:begin text --> stands alone"),
        (lambda text: "---\nlicense: mit\n---\n" + text, "begins with YAML of its own"),
        (lambda text: text.replace("limits -->", "limit -->"), "no block 'limit' is made"),
    ],
)
def test_a_template_that_gives_no_card_is_refused_before_anything_is_read(project, change, said):
    template = project.root / "DATASET_CARD.md"
    template.write_text(change(template.read_text()))
    with pytest.raises(CannotRunError, match=said):
        export(project, "0.1.0", samples.corpus(), check=lambda *_: pytest.fail("the records were read"), problems=Problems())


def test_a_block_that_is_missing_is_told(project):
    template = project.root / "DATASET_CARD.md"
    template.write_text(re.sub(r"<!-- dipdata:(begin|end) limits -->\n", "", template.read_text()))
    problems = Problems()
    export(project, "0.1.0", samples.corpus(), problems=problems)
    assert [(p.code, p.severity) for p in problems] == [("release.card-block-missing", "warning")]
    assert "'limits'" in next(iter(problems)).message


def test_a_card_by_another_version_of_the_toolkit_may_word_it_otherwise(project, monkeypatch):
    monkeypatch.setattr("dipdata.release.blocks.text", lambda mode: "Once it was said so.")
    path, _, _ = made(project)
    monkeypatch.undo()
    for version, codes in (("0.0.1", set()), (manifest.tools()["dipdata"], {"release.card-stale"})):
        values = json.loads((path / "release.json").read_text())
        values["tools"]["dipdata"] = version
        (path / "release.json").write_text(json.dumps(values))
        problems = Problems()
        checks.check_release(path, problems, load=False)
        assert set(problems.counts()) == codes


def test_validate_finds_half_a_block_in_a_release(project):
    path, _, _ = made(project)
    text = (path / "README.md").read_text()
    (path / "README.md").write_text(re.sub(r"<!-- dipdata:end limits [0-9a-f]+ -->\n", "", text))
    problems = Problems()
    checks.check_release(path, problems, load=False)
    assert any(p.code == "release.card-stale" and "dipdata:begin limits" in p.record for p in problems)


def test_catalogues_are_told_what_the_card_says_first_and_where_it_is(project):
    template = project.root / "DATASET_CARD.md"
    template.write_text(
        template.read_text().replace("# Card\n", "# Card\n\nWho said **what**,\nto `whom`.\n\nInvented.\n\n## Use\n\nNo.\n")
    )
    (project.root / "CITATION.cff").write_text(
        "authors:\n- family-names: Example\n  given-names: Ada\nrepository-code: https://code.example/small\n"
    )
    path, _, blocks = made(project)
    told = json.loads((path / "croissant.json").read_text())
    assert told["description"] == "Who said what, to whom.\n\nInvented."
    assert told["url"] == "https://code.example/small" and "url = {https://code.example/small}" in blocks["citation"]
    assert [creator["name"] for creator in told["creator"]] == ["Ada Example"]


def test_a_licence_of_its_own_and_a_title_with_marks(project):
    other = CHANGE(project, licence="LicenseRef-Wire-Only", title="Costs & {shares}: 5 % \\ #1")
    path, front, blocks = made(other)
    assert (front["license"], front["license_name"]) == ("other", "wire-only")
    assert json.loads((path / "croissant.json").read_text())["license"] == "LicenseRef-Wire-Only"
    assert r"title = {{Costs \& shares: 5 \% \textbackslash  \#1}}" in blocks["citation"]
    problems = Problems()
    checks.check_release(path, problems, load=False)
    assert [str(problem) for problem in problems] == []
    (path / "README.md").write_text((path / "README.md").read_text().replace("license_name: wire-only", "license_name: free"))
    checks.check_release(path, problems, load=False)
    assert "release.licence" in problems.counts()


def test_a_block_edited_by_hand_is_refused(project):
    path, _, blocks = made(project)
    text = (path / "README.md").read_text()
    template = project.root / "DATASET_CARD.md"
    template.write_text(card.split_front_matter(text)[1].replace(blocks["limits"], blocks["limits"] + "- And more.\n"))
    with pytest.raises(CannotRunError, match="the block 'limits' is generated and was edited by hand"):
        export(project, "0.1.1", samples.corpus(), problems=Problems())
