"""Measures `dipdata export` and writes benchmarks/release.md: python benchmarks/release.py [--statements N].

Data is made with a seed in a scratch folder. What is compared is measured in turns in the same run, the best of each taken, since
other work on the machine only adds time.
"""

from __future__ import annotations

import argparse
import gc
import heapq
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import Any

import corpus
import orjson

from dipdata import tables
from dipdata.records import Annotation, Article, Gold, Statement, to_dict
from dipdata.release import blocks
from dipdata.schemas import Contract, packaged

PAGE = Path(__file__).with_name("release.md")
ANNOTATOR = "p-00000000000a"
TURNS = 2
FILES = ("statements.jsonl", f"{ANNOTATOR}.jsonl", "gold.jsonl")
# The statement that a line is of: the store sorts by it.
STATEMENT = re.compile(rb'"(?:statement_)?id":"(s-[0-9a-f]{16})"')
CARD = Path(__file__).parents[1] / "DATASET_CARD.md"


def make(root: Path, articles: int) -> None:
    """Write a project of so many articles, twenty statements each, one annotation and gold of every statement; build/ is up to date."""
    (root / "annotations").mkdir(parents=True)
    (root / "dipdata.toml").write_text('name = "bench"\nlicence = "CC-BY-4.0"\nseed = 1\n')
    shutil.copy(CARD, root)
    add(root, range(corpus.SOURCES), articles // corpus.SOURCES)


def add(root: Path, sources: Iterable[int], count: int, after: int = 0) -> None:
    """Add to a project so many articles of each of these sources, newer than the `after` that each has there."""
    with ProcessPoolExecutor(2) as pool:
        parts = list(pool.map(_source, repeat(root), sources, repeat(count), repeat(after)))
    for name in FILES:
        path = root / "annotations" / name
        pieces = [part / name for part in parts] + ([path.rename(root / name)] if path.exists() else [])
        with ExitStack() as stack, path.open("wb") as merged:
            merged.writelines(heapq.merge(*(stack.enter_context(piece.open("rb")) for piece in pieces), key=_statement))
        for piece in pieces:
            piece.unlink()


def _source(root: Path, number: int, count: int, after: int) -> Path:
    """Write the tables of one source in build/, and the lines for annotations/ into a folder of their own; return the folder."""
    contract = Contract(packaged())
    name = f"{number:02}-{after:07}"
    folder = root / name
    folder.mkdir()
    mine: list[Article] = []
    lines: list[tuple[str, bytes, bytes, bytes]] = []
    statements: list[Statement] = []
    for article, found in corpus.articles(count, first=number + after * corpus.SOURCES, step=corpus.SOURCES):
        mine.append(article)
        statements += found
        for statement in found:
            answer = corpus.annotation(statement, ANNOTATOR)
            lines.append((statement.id, _line(statement), _line(answer), _line(corpus.gold(statement, answer))))
    features = contract.features("statements")
    fields = features.__class__({key: features[key] for key in Statement.__slots__})
    tables.write_records(root / "build" / "articles" / f"{name}.parquet", mine, contract.features("articles"))
    tables.write_records(root / "build" / "statements" / f"{name}.parquet", statements, fields)
    # In the order of ids, as the store keeps them: far from the order of articles.
    lines.sort()
    for place, file in enumerate(FILES, start=1):
        (folder / file).write_bytes(b"".join(line[place] for line in lines))
    return folder


def _statement(line: bytes) -> bytes:
    found = STATEMENT.search(line)
    assert found is not None
    return found[1]


def _line(record: Statement | Annotation | Gold) -> bytes:
    return orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE)


def export(root: Path, version: str, *, sampled: bool, workers: int = 2) -> tuple[float, float]:
    """Return wall seconds of an export in a process of its own and, where they are `sampled`, the peak MB of the tree of processes.

    To sample takes time from what is sampled: the kernel walks a gigabyte of pages.
    """
    import psutil

    code = "from dipdata.cli import main\nif __name__ == '__main__': main()"
    script = root / "run.py"
    script.write_text(code)
    start = time.perf_counter()
    arguments = [sys.executable, str(script), "export", "--version", version, "--workers", str(workers), "--json", "--project", str(root)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        peak, of = 0.0, psutil.Process(process.pid)
        while sampled and process.poll() is None:
            peak = max(peak, sum(map(_memory, _tree(of))))
            time.sleep(0.2)
        _, problems = process.communicate()
    if process.returncode:
        raise SystemExit(f"export failed: {problems[-2000:]}")
    return time.perf_counter() - start, peak / 1e6


def _tree(process: object) -> Iterator[object]:
    import psutil

    try:
        yield from [process, *process.children(recursive=True)]  # type: ignore[attr-defined]
    except psutil.Error:
        return


def _memory(process: object) -> int:
    """Proportional set size: pages that forked processes share are counted once."""
    try:
        # Not by psutil, which reads every mapping and takes a tenth of a core with that.
        told = Path(f"/proc/{process.pid}/smaps_rollup").read_text()  # type: ignore[attr-defined]
        return int(re.search(r"^Pss:\s+(\d+) kB", told, re.MULTILINE)[1]) * 1024  # type: ignore[index]
    except (OSError, TypeError):  # it has ended
        return 0


def best(turns: int, **calls: Callable[[], object]) -> dict[str, float]:
    """Return the best wall seconds of each call, made in turns."""
    found: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            gc.collect()
            start = time.perf_counter()
            call()
            found[name].append(time.perf_counter() - start)
    return {name: min(seconds) for name, seconds in found.items()}


def writing(release: Path, scratch: Path) -> list[list[str]]:
    """Return what writing and loading each config of a release costs, beside pyarrow's defaults and beside `datasets`."""
    import datasets
    import pyarrow as pa
    import pyarrow.parquet as pq

    datasets.disable_progress_bars()
    lines = []
    contract = Contract(packaged())
    for config in ("statements", "default", "annotations"):
        files = sorted((release / config).glob("*.parquet"))
        groups = sum(pq.ParquetFile(path).num_row_groups for path in files)
        found = pa.concat_tables([pq.read_table(path) for path in files]).combine_chunks()
        wide = datasets.Dataset(found.cast(contract.features(config).arrow_schema))
        step = -(-found.num_rows // groups)
        paths = {name: scratch / f"{name}.parquet" for name in ("bare", "datasets", "first", "second")}

        def ours(path: Path, start: int, end: int, found: Any = found, step: int = step) -> None:
            """As export does: in as many row groups."""
            with tables.writing(path, found.schema) as append:
                for at in range(start, end, step):
                    append(found.slice(at, min(step, end - at)))

        def two(found: Any = found, paths: dict[str, Path] = paths, write: Callable[[Path, int, int], None] = ours) -> None:
            """Half of the rows in each of two shards, at once: pyarrow leaves the interpreter free, as processes do."""
            half = found.num_rows // 2
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(write, (paths["first"], paths["second"]), (0, half), (half, found.num_rows)))

        seconds = best(
            TURNS,
            bare=lambda found=found, path=paths["bare"]: pq.write_table(found, path),
            datasets=lambda wide=wide, path=paths["datasets"]: wide.to_parquet(path),
            two=two,
            one=lambda write=ours, path=paths["first"], rows=found.num_rows: write(path, 0, rows),
        )
        theirs = scratch / "theirs"
        theirs.mkdir()
        for split in ("train", "validation", "test"):
            mine = [path for path in files if path.name.startswith(f"{split}-")]
            part = pa.concat_tables([pq.read_table(path) for path in mine]).cast(contract.features(config).arrow_schema)
            datasets.Dataset(part).to_parquet(theirs / f"{split}.parquet")
        sizes = {name: sum(path.stat().st_size for path in of) for name, of in (("ours", files), ("datasets", theirs.iterdir()))}
        loaded = best(
            TURNS,
            datasets=lambda folder=theirs: _load(folder, None, scratch),
            ours=lambda config=config: _load(release, config, scratch),
        )
        lines.append(
            [
                f"`{config}`",
                f"{found.num_rows:,}",
                f"{seconds['bare']:.2f} s",
                f"{seconds['two'] / seconds['bare']:.2f}",
                f"{seconds['one'] / seconds['bare']:.2f}",
                f"{seconds['datasets'] / seconds['bare']:.2f}",
                f"{sizes['ours'] / 1e6:.1f} MB",
                f"{sizes['ours'] / sizes['datasets']:.2f}",
                f"{loaded['datasets']:.1f} s",
                f"{loaded['ours'] / loaded['datasets']:.2f}",
            ]
        )
        shutil.rmtree(theirs)
        del found, wide
    return lines


def _load(folder: Path, config: str | None, scratch: Path) -> None:
    """Load a folder into a fresh cache."""
    import datasets

    cache = scratch / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    datasets.load_dataset(str(folder), config, cache_dir=str(cache))


def sent(release: Path, store: Path) -> tuple[float, float]:
    """Send a release's tables with the hub's own client to a store in a folder; return how much was there already: the share of
    bytes and of chunks.
    """
    import hf_xet

    commit = hf_xet.XetSession().new_upload_commit(endpoint=f"local://{store}")
    for path in sorted(release.rglob("*.parquet")):
        commit.start_upload_file(str(path))
    found = commit.wait_to_finish().dedup_metrics
    return found.deduped_bytes / found.total_bytes, found.deduped_chunks / found.total_chunks


def comparing(old: Path, new: Path) -> tuple[dict[str, float], float]:
    """Return the best seconds of comparing two releases and of a bare read of the tables that are compared, and the peak MB of a
    process that does nothing but compare.
    """
    import pyarrow.parquet as pq

    from dipdata.release.diff import RECORDS, diff

    def bare() -> None:
        for config in RECORDS:
            for release in (old, new):
                for path in sorted((release / config).glob("*.parquet")):
                    pq.read_table(path)

    seconds = best(TURNS, bare=bare, ours=lambda: diff(old, new))
    code = "import pathlib, sys; from dipdata.release.diff import diff; diff(*map(pathlib.Path, sys.argv[1:]))"
    code += "; print(pathlib.Path('/proc/self/status').read_text())"
    told = subprocess.run([sys.executable, "-c", code, str(old), str(new)], capture_output=True, text=True, check=True).stdout
    # Not by `getrusage`, whose peak is at least that of the process which started this one.
    return seconds, int(re.search(r"^VmHWM:\s+(\d+) kB", told, re.MULTILINE)[1]) * 1024 / 1e6  # type: ignore[index]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--spread", action="store_true", help="Add the new articles to every source instead of one.")
    options = parser.parse_args()
    articles = options.statements // corpus.PER_ARTICLE
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        print("a project", file=sys.stderr)
        root = scratch / "project"
        make(root, articles)
        annotations = sum((root / "annotations" / name).stat().st_size for name in FILES)
        print("its release", file=sys.stderr)
        seconds, _ = export(root, "0.1.0", sampled=False)
        release = root / "dist" / "bench-0.1.0"
        size = sum(path.stat().st_size for path in release.rglob("*") if path.is_file())
        print(f"exported in {seconds:.0f} s; its tables", file=sys.stderr)
        lines = writing(release, scratch)
        print("one per cent more", file=sys.stderr)
        store = scratch / "store"
        store.mkdir()
        sent(release, store)
        release.rename(scratch / "old")
        sources = range(corpus.SOURCES) if options.spread else [corpus.SOURCES // 2]
        add(root, sources, articles // 100 // len(sources), after=articles // corpus.SOURCES)
        slowed, peak = export(root, "0.1.1", sampled=True)
        shared, count = sent(root / "dist" / "bench-0.1.1", store)
        print("what changed", file=sys.stderr)
        compared, held = comparing(scratch / "old", root / "dist" / "bench-0.1.1")
        times = compared["ours"] / compared["bare"]
    where = "the newest of every source" if options.spread else "the newest of one source"
    told = f"python benchmarks/release.py{' --spread' if options.spread else ''} --statements {options.statements}"
    head = ["Config", "Rows", "bare `write_table`", "two shards at once", "one file", "`Dataset.to_parquet`", "files"]
    head += ["of those of `datasets`", "`load_dataset` of those", "ours"]
    PAGE.write_text(
        f"""# Releases

Made by `{told}` on {platform.processor() or platform.machine()}, {os.cpu_count()} cores,
Python {platform.python_version()}, pyarrow {version("pyarrow")}, datasets {version("datasets")}. Ratios compare what was measured
in turns in one run.

## Writing and loading the tables of a release

{blocks.table(head, lines)}

Times of writing are multiples of the bare write of the same table in memory, which is pyarrow's with its defaults (snappy,
one thread). Ours are with zstd 3, content-defined chunks, page index and checksums, in the row groups of the release: as
export writes them, on both cores, and on one. Wanted for `statements`: at most 1.50 of the bare write, at most 0.75 of the
size, at most 1.00 of the time to load.

## From `annotations/` to a finished release

{options.statements:,} statements in {articles:,} articles, an annotation and gold of each, {annotations / 1e6:,.0f} MB of JSONL:
{seconds:.0f} s with two processes, a release of {size / 1e6:,.0f} MB. It includes the check of every record. The next version, one per cent
larger, was sampled five times a second and took {slowed:.0f} s so: {peak:,.0f} MB at most in all processes (proportional set size).
Wanted: 90 s and 2,000 MB.

## The next version

With one per cent more articles, {where}, the release shares {shared:.1%} of its bytes and
{count:.1%} of its chunks with the one before, as the hub's own client (hf_xet {version("hf_xet")}) finds when it sends both to a
store in a folder. Wanted: 90 %.

## Comparing two releases

To compare these two, as `dipdata diff` and every export after the first do, takes {compared["ours"]:.1f} s, {times:.2f} times a bare
`pyarrow.parquet.read_table` of the tables that are compared, and {held:,.0f} MB at most. Wanted: 60 s and 2,000 MB.
""",
        encoding="utf-8",
    )
    print(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
