"""The tables of a release: shards written one by one, in this process or several, the same bytes either way."""

from __future__ import annotations

import dataclasses
import gc
import pickle
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from dipdata import tables
from dipdata.jsonl import Jsonl
from dipdata.problems import CannotRunError, Problem, Problems
from dipdata.release.manifest import Digest
from dipdata.release.parts import Part, Source, shards
from dipdata.release.rows import Batches, batches, config_tables
from dipdata.release.tally import Tally
from dipdata.schemas import CONFIGS

if TYPE_CHECKING:
    import pyarrow as pa

# Records make many small objects and no cycles: with the usual threshold the collector takes a third of the time.
GC_THRESHOLD = 200_000
Check = Callable[[Batches, Problems], None]


@dataclass(frozen=True, slots=True)
class Shard:
    """One shard to write: its split, its place among the shards of the split, and its row groups, each in parts."""

    split: str
    number: int
    groups: Sequence[Sequence[Part]]

    @property
    def parts(self) -> int:
        """The number of its parts."""
        return sum(map(len, self.groups))


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that waits in a file for the process that makes it: many parts in memory or in a pipe would take what the process needs."""

    path: Path
    start: int

    def load(self) -> Jsonl:
        """Return the records."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            part: Part = pickle.load(file)  # noqa: S301  written by this run
        return part.load()


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
    schemas: Mapping[str, pa.Schema]
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
        Shard(split, number, [[source.part(ids) for ids in parts] for parts in groups])
        for split in names
        for number, groups in enumerate(shards((key, sizes[key]) for key in sorted(sizes) if splits[key] == split))
    ]
    whole = Written()
    total = sum(shard.parts for shard in todo)
    done = 0

    def step(parts: int) -> None:
        nonlocal done
        done += parts
        progress(done, total)

    made = _run(job, todo, workers, step)
    del todo  # of which only what is not written yet is held
    for part in made:
        whole.files |= part.files
        whole.tally.add(part.tally)
        whole.statements.join(part.statements)
        whole.annotations.join(part.annotations)
        whole.problems.extend(part.problems)
    whole.files = _number(job.folder, whole.files)
    return whole


def write_shard(job: Job, shard: Shard, step: Callable[[int], None] = lambda parts: None) -> Written:
    """Write the files of one shard, a part at a time so that memory does not grow with it; `step` hears of each."""
    before = gc.get_threshold()
    gc.set_threshold(GC_THRESHOLD)
    try:
        return _write_shard(job, shard, step)
    finally:
        gc.set_threshold(*before)


def _write_shard(job: Job, shard: Shard, step: Callable[[int], None]) -> Written:
    found = Written()
    problems = Problems()
    with ExitStack() as stack:
        append: dict[str, Callable[[Any], None]] = {}
        for group in shard.groups:
            made: dict[str, list[pa.Table]] = {config: [] for config in CONFIGS}
            for part in group:
                for config, table in _make(job, shard.split, part, found, problems).items():
                    made[config].append(table)
                step(1)
            if problems.errors:  # nothing will come of this release: only look for more
                continue
            for config in CONFIGS:
                _append(job, shard, config, made.pop(config), found, append, stack)
            _give_back()
    found.problems = list(problems)
    return found


def _make(job: Job, split: str, part: Part, found: Written, problems: Problems) -> dict[str, pa.Table]:
    """Return the tables of a part, {} where it has errors; what they hold is counted in `found`."""
    records = _load(job, part, found)
    if job.check:
        job.check(records, problems)
    if problems.errors:
        return {}
    made = config_tables(records, job.schemas, job.mode)
    found.tally.count(split, made)
    found.tally.ask(records.annotations)
    return made


def _load(job: Job, part: Part, found: Written) -> Batches:
    loaded = part.load()
    found.statements.update(loaded.statements)
    found.annotations.update(loaded.annotations)
    return batches(loaded, job.schemas)


def _append(
    job: Job,
    shard: Shard,
    config: str,
    made: list[pa.Table],
    found: Written,
    append: dict[str, Callable[[Any], None]],
    stack: ExitStack,
) -> None:
    """Write tables as one row group of a config's file; without rows there is none."""

    table = tables.joined(made)
    if not table.num_rows:
        return
    name = f"{config}/{shard.split}-{shard.number:05}.parquet"
    if config not in append:
        append[config] = stack.enter_context(tables.writing(job.folder / name, table.schema))
    append[config](table)
    found.tally.rows[config, shard.split] += table.num_rows
    found.tally.bytes[config, shard.split] += table.nbytes
    found.files[name] = config, shard.split, found.files.get(name, ("", "", 0))[2] + table.num_rows


def _run(job: Job, todo: Sequence[Shard], workers: int, step: Callable[[int], None]) -> Iterator[Written]:
    """Yield what each shard gave, in their order; `step` hears how many parts are done."""
    if workers < 2 or len(todo) < 2:
        for shard in todo:
            yield write_shard(job, shard, step)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # Not forked: threads of pyarrow may hold locks.
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.NamedTemporaryFile(dir=job.folder.parent) as file,
        ProcessPoolExecutor(min(workers, len(todo)), mp_context=context) as pool,
    ):
        kept = [dataclasses.replace(shard, groups=[[_keep(part, file) for part in group] for group in shard.groups]) for shard in todo]
        file.flush()
        todo = kept
        _give_back()
        # The longest first, so that none is left over when the others are done.
        began = {n: pool.submit(write_shard, job, todo[n]) for n in sorted(range(len(todo)), key=lambda n: -todo[n].parts)}
        try:
            for n, shard in enumerate(todo):
                yield began.pop(n).result()
                step(shard.parts)
        except BrokenProcessPool as error:
            raise CannotRunError("a worker process of export died, perhaps for want of memory. Run again with --workers 1.") from error


def _give_back() -> None:
    """Give the memory that nothing uses any more back to the system: other processes want it."""
    import ctypes

    import pyarrow as pa

    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError):  # of glibc alone
        ctypes.CDLL(None).malloc_trim(0)


def _keep(part: Part, file: IO[bytes]) -> Kept:
    start = file.tell()
    pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)
    return Kept(Path(file.name), start)


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
