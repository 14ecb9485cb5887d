"""The code of docs/guides/researchers.md runs, in its order, on a release of this repository's own dataset."""

import re
import shutil
from pathlib import Path

import pytest

from dipdata import verbs
from dipdata.problems import Problems

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guides" / "researchers.md"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A copy of this repository's dataset with a release in dist/, as the working folder."""
    for name in ("raw", "annotations", "schema"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("dipdata.toml", "DATASET_CARD.md", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    verbs.export(verbs.load_project(tmp_path), "0.1.0", problems=Problems())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", str(tmp_path / "cache"))
    return tmp_path


def test_the_code_of_the_guide_runs(home, capsys):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed: pip install -e '.[dev]'")
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 8
    names: dict[str, object] = {"__name__": "guide"}
    for number, block in enumerate(blocks, start=1):
        exec(compile(block, f"{GUIDE.name}, block {number}", "exec"), names)
    told = capsys.readouterr().out
    assert "'favor', 'against', 'neutral', 'none'" in told
    assert len(re.findall(r"macro F1 0\.\d\d|macro F1 1\.00", told)) == 4
    print(told)
