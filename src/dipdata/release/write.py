"""The tables of a release: shards written one by one, in this process or several, the same bytes either way."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dipdata import tables
from dipdata.problems import CannotRunError, Problem, Problems
from dipdata.release.manifest import Digest
from dipdata.release.parts import Part, Source, shards
from dipdata.release.rows import Batches, batches, config_tables
from dipdata.release.tally import Tally
from dipdata.schemas import Contract

# Records make many small objects and no cycles: with the usual threshold the collector takes a third of the time.
GC_THRESHOLD = 200_000
Check = Callable[[Batches, Problems], None]


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard to write: its split, its place among the shards of the split, and its row groups."""

    split: str
    number: int
    groups: list[Part]


@dataclass(slots=True)
class Written:
    """What is written: rows of each file by path below the folder, counts, hashes of the records, problems."""

    files: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    statements: Digest = field(default_factory=Digest)
    annotations: Digest = field(default_factory=Digest)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Job:
    """What every shard has in common."""

    folder: Path
    schema: Path
    mode: str
    check: Check | None


def write(
    job: Job, source: Source, splits: Mapping[str, str], names: Sequence[str], *, workers: int, progress: Callable[[int, int | None], None]
) -> Written:
    """Write the Parquet files of all configs and splits and return what they hold.

    `splits` gives the split of each article, `names` the splits in order. Raises CannotRunError where a worker process dies.
    """
    sizes = {article.id: len(article.text) for article in source.articles}
    todo = [
        Shard(split, number, [source.part(ids) for ids in groups])
        for split in names
        for number, groups in enumerate(shards((key, sizes[key]) for key in sorted(sizes) if splits[key] == split))
    ]
    whole = Written()
    total = sum(len(shard.groups) for shard in todo)
    done = 0

    def step(groups: int) -> None:
        nonlocal done
        done += groups
        progress(done, total)

    for part in _run(job, todo, workers, step):
        whole.files |= part.files
        whole.tally.add(part.tally)
        whole.statements.join(part.statements)
        whole.annotations.join(part.annotations)
        whole.problems.extend(part.problems)
    whole.files = _number(job.folder, whole.files)
    return whole


def write_shard(job: Job, shard: Shard, step: Callable[[int], None] = lambda groups: None) -> Written:
    """Write the files of one shard, a row group at a time so that memory does not grow with it; `step` hears of each."""
    before = gc.get_threshold()
    gc.set_threshold(GC_THRESHOLD)
    try:
        return _write_shard(job, shard, step)
    finally:
        gc.set_threshold(*before)


def _write_shard(job: Job, shard: Shard, step: Callable[[int], None]) -> Written:
    contract = _contract(job.schema)
    found = Written()
    problems = Problems()
    with ExitStack() as stack:
        append: dict[str, Callable[[Any], None]] = {}
        for part in shard.groups:
            loaded = part.load()
            records = batches(loaded, contract)
            if job.check:
                job.check(records, problems)
            if problems.errors:  # nothing will come of this release: only look for more
                continue
            found.statements.update(loaded.statements)
            found.annotations.update(loaded.annotations)
            made = config_tables(records, contract, job.mode)
            found.tally.count(shard.split, made)
            found.tally.ask(records.annotations)
            for config, table in made.items():
                if not table.num_rows:
                    continue
                name = f"{config}/{shard.split}-{shard.number:05}.parquet"
                if config not in append:
                    append[config] = stack.enter_context(tables.writing(job.folder / name, contract.arrow(config)))
                append[config](table)
                found.tally.rows[config, shard.split] += table.num_rows
                found.tally.bytes[config, shard.split] += table.nbytes
                found.files[name] = config, shard.split, found.files.get(name, ("", "", 0))[2] + table.num_rows
            step(1)
    found.problems = list(problems)
    return found


def _run(job: Job, todo: Sequence[Shard], workers: int, step: Callable[[int], None]) -> Iterator[Written]:
    """Yield what each shard gave, in their order; `step` hears how many row groups are done."""
    if workers < 2 or len(todo) < 2:
        for shard in todo:
            yield write_shard(job, shard, step)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    import pyarrow as pa

    pa.default_memory_pool().release_unused()  # what reading the project has left: the processes want it
    # Not forked: threads of pyarrow may hold locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=context) as pool:
        try:
            for shard, part in zip(todo, pool.map(write_shard, [job] * len(todo), todo), strict=True):
                step(len(shard.groups))
                yield part
        except BrokenProcessPool as error:
            raise CannotRunError("a worker process of export died, perhaps for want of memory. Run again with --workers 1.") from error


_CONTRACTS: dict[Path, Contract] = {}


def _contract(folder: Path) -> Contract:
    return _CONTRACTS.get(folder) or _CONTRACTS.setdefault(folder, Contract(folder))


def _number(folder: Path, files: Mapping[str, tuple[str, str, int]]) -> dict[str, tuple[str, str, int]]:
    """Name the files as `datasets` does, `SPLIT-00000-of-00001.parquet`: only now is it known how many of them have rows."""
    groups: dict[tuple[str, str], list[str]] = {}
    for name, (config, split, _) in sorted(files.items()):
        groups.setdefault((config, split), []).append(name)
    named = {}
    for (config, split), names in groups.items():
        for number, name in enumerate(names):
            new = f"{config}/{split}-{number:05}-of-{len(names):05}.parquet"
            (folder / name).rename(folder / new)
            named[new] = files[name]
    return named
