"""Isolated news sentences in every language that has a pack; those in `unseen/` are measured by the benchmark and not looked at."""

import tomllib
from pathlib import Path

import pytest

from dipdata.statements import packs, scoring, segment
from dipdata.statements.benchform import to_bench
from gold import marked

FOLDER = Path(__file__).parents[1] / "sentences"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", packs.codes())
@pytest.mark.parametrize("which", ["known", "unseen"])
def test_most_sentences_hold_statements_and_some_hold_none(which, lang):
    found = list(marked.sentences(FOLDER / which / f"{lang}.txt"))
    assert len(found) == 36
    assert sum(not document["statements"] for document in found) == 6
    assert {document["lang"] for document in found} == {lang}


@pytest.mark.parametrize("lang", packs.codes())
def test_f1_holds_its_floors(lang):
    gold = list(marked.sentences(FOLDER / "known" / f"{lang}.txt"))
    found = scoring.score(gold, [to_bench((d["id"], lang, d["text"]), segment(d["text"], lang)) for d in gold])
    for measure, floor in FLOORS[lang].items():
        assert found.f1(measure) >= floor, f"{lang}: {measure} F1 fell to {found.f1(measure):.3f}, below its floor {floor}"
