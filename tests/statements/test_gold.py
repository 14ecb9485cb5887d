"""The default engine on the project's own gold: F1 may rise, and may not fall unnoticed."""

import tomllib
from pathlib import Path

import pytest

from dipdata.statements import packs, scoring, segment
from dipdata.statements.benchform import to_bench
from gold import marked

FLOORS = tomllib.loads((Path(__file__).parents[1] / "gold" / "floors.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("lang", packs.codes())
def test_every_pack_has_floors(lang):
    assert set(FLOORS.get(lang, ())) == {"exact", "rx", "rel"}, f"set the floors of {lang} in tests/gold/floors.toml"


@pytest.mark.parametrize("lang", sorted(FLOORS))
def test_f1_holds_its_floors(lang):
    gold = list(marked.load(lang))
    predicted = [to_bench((d["id"], lang, d["text"]), segment(d["text"], lang)) for d in gold]
    found = scoring.score(gold, predicted)
    for measure, floor in FLOORS[lang].items():
        assert found.f1(measure) >= floor, f"{lang}: {measure} F1 fell to {found.f1(measure):.3f}, below its floor {floor}"
