"""Publishing with the client's own chunk store: what it sends of a release, and of the next version of it.

`hf_xet` takes a folder for its server, so that its real chunking and deduplication run here, without a network.
"""

import dataclasses
import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

import samples
from dipdata.problems import Problems
from dipdata.records import Corpus, text_sha256
from dipdata.release import splits
from dipdata.release.export import export

hf_xet = pytest.importorskip("hf_xet", reason="hf_xet is not installed: pip install hf_xet")
SPEC = importlib.util.spec_from_file_location("hub", Path(__file__).with_name("hub.py"))
hub_module = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(hub_module)
REPO = "owner/small"
WORDS = [f"{random.Random(n).getrandbits(40):x}" for n in range(50_000)]


@pytest.fixture
def hub(tmp_path):
    (tmp_path / "store").mkdir()
    server = hub_module.Hub(tmp_path / "store")
    yield server
    server.close()


def publish(release, hub, home):
    """Publish as one does, in a process of its own: the client reads its settings when it is loaded."""
    env = os.environ | {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "HF_TOKEN": "hf_test", "HF_HOME": str(home)}
    env.pop("HF_HUB_DISABLE_XET", None)
    command = [sys.executable, "-m", "dipdata", "publish", str(release), "--repo", REPO, "--no-dry-run", "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def stored(hub):
    return sum(path.stat().st_size for path in hub.store.rglob("xorbs/xorbs/*") if path.is_file())


def back(release, hub, target):
    """The release's tables as the store gives them back, by path."""
    files = sorted(release.rglob("*.parquet"))
    infos = hf_xet.hash_files([str(path) for path in files])
    names = [path.relative_to(release).as_posix() for path in files]
    group = hf_xet.XetSession().new_file_download_group(endpoint=f"local://{hub.store}")
    for name, info in zip(names, infos, strict=True):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        group.start_download_file(hf_xet.XetFileInfo(info.hash, info.file_size), str(target / name))
    group.wait_to_finish()
    return {name: (target / name).read_bytes() for name in names}


def long_articles(numbers):
    """Articles with a statement each and 16,000 letters that hardly compress: a chunk of the store is small beside a column of them."""
    found = []
    for n in numbers:
        article = samples.article(n, id=f"wire/article-{n:04}")
        text = article.text + " ".join(random.Random(n).choices(WORDS, k=2000))
        found.append(dataclasses.replace(article, text=text, sha256=text_sha256(text)))
    return Corpus(found, [samples.statement(article) for article in found], [], [])


@pytest.mark.slow
def test_only_changed_chunks_travel(project, hub, tmp_path):
    old = range(0, 1000)
    first = export(project, "0.1.0", long_articles(old), problems=Problems()).path
    publish(first, hub, tmp_path / "home")
    assert not [call for call in hub.calls if call.startswith("PUT /lfs/")]
    before = stored(hub)
    new = range(1000, 1010)
    second = export(project, "0.1.1", long_articles([*old, *new]), frozen=splits.read(first), problems=Problems()).path
    tables = {path.relative_to(second).as_posix(): path.read_bytes() for path in sorted(second.rglob("*.parquet"))}
    told = publish(second, hub, tmp_path / "home")
    changed = sum(size for name, size in told["add"].items() if name in tables)
    sent = stored(hub) - before
    assert set(hub.repos[REPO]["tags"]) == {"v0.1.0", "v0.1.1"}
    assert 0 < sent < changed / 4
    assert back(second, hub, tmp_path / "back") == tables
