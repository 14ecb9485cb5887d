"""Measures `dipdata export` and writes benchmarks/release.md: python benchmarks/release.py [--statements N].

Data is made with a seed in a scratch folder. What is compared is measured in turns in the same run, the best of each taken, since
other work on the machine only adds time.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import corpus
import orjson

from dipdata import tables
from dipdata.records import Annotation, Article, Gold, Statement, to_dict
from dipdata.schemas import Contract, packaged

PAGE = Path(__file__).with_name("release.md")
ANNOTATOR = "p-00000000000a"
CARD = Path(__file__).parents[1] / "DATASET_CARD.md"


def make(root: Path, articles: int, *, more: int = 0) -> None:
    """Write a project of so many articles, twenty statements each, one annotation and gold of every statement; build/ is up to date.

    `more` adds articles to the newest dates of each source.
    """
    contract = Contract(packaged())
    (root / "annotations").mkdir(parents=True)
    (root / "dipdata.toml").write_text('name = "bench"\nlicence = "CC-BY-4.0"\nseed = 1\n')
    shutil.copy(CARD, root)
    found: list[bytes] = []
    labels: list[tuple[str, bytes, bytes]] = []
    by_source: dict[str, tuple[list[Article], list[Statement]]] = {}
    for article, statements in corpus.articles(articles + more):
        kept = by_source.setdefault(article.source, ([], []))
        kept[0].append(article)
        kept[1].extend(statements)
        for statement in statements:
            answer = corpus.annotation(statement, ANNOTATOR)
            found.append(_line(statement))
            labels.append((statement.id, _line(answer), _line(corpus.gold(statement, answer))))
    features = contract.features("statements")
    fields = features.__class__({key: features[key] for key in Statement.__slots__})
    for source, (mine, statements) in by_source.items():
        tables.write_records(root / "build" / "articles" / f"{source}.parquet", mine, contract.features("articles"))
        tables.write_records(root / "build" / "statements" / f"{source}.parquet", statements, fields)
    # In the order of ids, as the store keeps them: far from the order of articles.
    labels.sort()
    (root / "annotations" / "statements.jsonl").write_bytes(b"".join(sorted(found)))
    (root / "annotations" / f"{ANNOTATOR}.jsonl").write_bytes(b"".join(answer for _, answer, _ in labels))
    (root / "annotations" / "gold.jsonl").write_bytes(b"".join(gold for _, _, gold in labels))


def _line(record: Statement | Annotation | Gold) -> bytes:
    return orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE)


def export(root: Path, version: str, workers: int = 2) -> tuple[float, float, str]:
    """Return wall seconds and peak resident MB (of the process tree, sampled) of an export in a process of its own, and its output."""
    import psutil

    code = "from dipdata.cli import main\nif __name__ == '__main__': main()"
    script = root / "run.py"
    script.write_text(code)
    start = time.perf_counter()
    arguments = [sys.executable, str(script), "export", "--version", version, "--workers", str(workers), "--json", "--project", str(root)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        peak, of = 0.0, psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, sum(map(_memory, _tree(of))))
            time.sleep(0.2)
        out, problems = process.communicate()
    if process.returncode:
        raise SystemExit(f"export failed: {problems[-2000:]}")
    return time.perf_counter() - start, peak / 1e6, out


def _tree(process: object) -> Iterator[object]:
    import psutil

    try:
        yield from [process, *process.children(recursive=True)]  # type: ignore[attr-defined]
    except psutil.Error:
        return


def _memory(process: object) -> int:
    """Proportional set size: pages that forked processes share are counted once."""
    import psutil

    try:
        return int(process.memory_full_info().pss)  # type: ignore[attr-defined]
    except psutil.Error:
        return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--statements", type=int, default=1_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "a"
        start = time.perf_counter()
        make(root, options.statements // corpus.PER_ARTICLE)
        print("made in", time.perf_counter() - start, flush=True)
        print(export(root, "0.1.0"))
