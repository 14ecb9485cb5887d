"""The card: what each generated block tells of the records, and that nobody edits one unnoticed."""

import dataclasses
import re

import pytest

import samples
from dipdata import checks
from dipdata.problems import CannotRunError, Problems
from dipdata.release import card
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


def test_a_block_edited_by_hand_is_refused(project):
    path, _, blocks = made(project)
    text = (path / "README.md").read_text()
    template = project.root / "DATASET_CARD.md"
    template.write_text(card.split_front_matter(text)[1].replace(blocks["limits"], blocks["limits"] + "- And more.\n"))
    with pytest.raises(CannotRunError, match="the block 'limits' is generated and was edited by hand"):
        export(project, "0.1.1", samples.corpus(), problems=Problems())
