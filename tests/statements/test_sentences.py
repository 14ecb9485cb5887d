"""Isolated news sentences in every language that has a pack; those in `unseen/` are measured by the benchmark and not looked at."""

import tomllib
from pathlib import Path

import pytest

from dipdata.statements import packs, scoring, segment
from dipdata.statements.benchform import to_bench
from gold import marked

FOLDER = Path(__file__).parents[1] / "sentences"
FLOORS = tomllib.loads((FOLDER / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.txt")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_most_sentences_hold_statements_and_some_hold_none(path):
    found = list(marked.sentences(path))
    assert len(found) in (36, 72)
    assert 6 * sum(not document["statements"] for document in found) == len(found)
    assert {document["lang"] for document in found} == {path.stem}


@pytest.mark.parametrize("lang", packs.codes())
def test_f1_holds_its_floors(lang):
    gold = list(marked.sentences(FOLDER / "known" / f"{lang}.txt"))
    found = scoring.score(gold, [to_bench((d["id"], lang, d["text"]), segment(d["text"], lang)) for d in gold])
    for measure, floor in FLOORS[lang].items():
        assert found.f1(measure) >= floor, f"{lang}: {measure} F1 fell to {found.f1(measure):.3f}, below its floor {floor}"
