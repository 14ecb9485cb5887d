"""The same function over many units of work, in this process or in forked ones; results come in the order of the units."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, TypeVar

from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

U = TypeVar("U")
R = TypeVar("R")

# Records make many small objects and no cycles: with the usual threshold the collector takes half of the time.
GC_THRESHOLD = 200_000


def run(work: Callable[[U, int], R], units: Sequence[U], workers: int) -> list[R]:
    """Return `work(unit, worker)` for each unit. A worker takes the next unit when it has done one; `worker` counts from 0.

    What the units refer to is inherited by forking, not copied, so that it can be large. Where a system cannot fork, or one worker is
    asked for, all is done in this process. Raises CannotRunError where a process dies, and whatever `work` raises.
    """
    if workers < 2 or len(units) < 2 or "fork" not in multiprocessing.get_all_start_methods():
        before = gc.get_threshold()
        gc.set_threshold(GC_THRESHOLD)
        try:
            return [work(unit, 0) for unit in units]
        finally:
            gc.set_threshold(*before)
    context = multiprocessing.get_context("fork")
    open_pipes: dict[Connection, int] = {}
    taken = context.Value("L", 0)
    processes = []
    for worker in range(min(workers, len(units))):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(work, units, worker, taken, theirs), daemon=True)
        process.start()
        theirs.close()
        open_pipes[ours] = worker
        processes.append(process)
    found: dict[int, R] = {}
    try:
        while open_pipes:
            for pipe in wait(list(open_pipes)):
                if not isinstance(pipe, Connection):
                    continue
                try:
                    number, result, failed = pipe.recv()
                except EOFError:
                    del open_pipes[pipe]
                    continue
                if failed is not None:
                    raise failed
                found[number] = result
    finally:
        for process in processes:
            process.terminate() if open_pipes else process.join()
    if len(found) < len(units):
        raise CannotRunError("validate: a worker process died, perhaps for want of memory. Run again with --workers 1.")
    return [found[number] for number in range(len(units))]


def _work(work: Callable[[Any, int], Any], units: Sequence[Any], worker: int, taken: Synchronized[int], pipe: Connection) -> None:
    gc.freeze()
    gc.set_threshold(GC_THRESHOLD)
    try:
        while (number := _next(taken)) < len(units):
            pipe.send((number, work(units[number], worker), None))
    except Exception as error:  # told to the parent, which raises it
        pipe.send((-1, None, error))
    finally:
        pipe.close()


def _next(taken: Synchronized[int]) -> int:
    with taken.get_lock():
        taken.value += 1
        return taken.value - 1
