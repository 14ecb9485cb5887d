import pytest

from dipdata import project as projects
from dipdata.release import parts
from dipdata.release.card import BLOCKS

BLOCK = "## {0}\n\n<!-- dipdata:begin {0} -->\n<!-- dipdata:end {0} -->\n"


@pytest.fixture
def project(tmp_path):
    """A small project with a card that holds every generated block."""
    (tmp_path / "dipdata.toml").write_text('name = "small"\nlicence = "CC-BY-4.0"\nseed = 7\n')
    (tmp_path / "DATASET_CARD.md").write_text("# Card\n\n" + "".join(BLOCK.format(name) for name in BLOCKS))
    return projects.load(tmp_path)


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_OFFLINE", "1")


@pytest.fixture
def small_parts(monkeypatch):
    """Parts, row groups and shards so small that a small corpus has many."""
    monkeypatch.setattr(parts, "PART", (150, 600))
    monkeypatch.setattr(parts, "PART_ODDS", 2)
    monkeypatch.setattr(parts, "GROUP", (300, 900))
    monkeypatch.setattr(parts, "SHARD", (400, 1500))
    monkeypatch.setattr(parts, "GROUP_ODDS", 2)
    monkeypatch.setattr(parts, "SHARD_ODDS", 3)
