"""Where problems are: those of units in their files, those of no place by the id that they name, and files that are not sorted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dipdata.checks import lines, references
from dipdata.problems import Problem

if TYPE_CHECKING:
    from dipdata.checks.run import Part, Result, Unit


def located(problems: Iterable[Problem], parts: Sequence[Part]) -> Iterator[Problem]:
    """Yield problems, those without a place with the file and line of the first record that bears their id, if a file does."""
    found = list(problems)
    wanted = {problem.record: problem for problem in found if problem.file is None}
    places: dict[str, tuple[str, int]] = {}
    for part in parts if wanted else ():
        if part.path is None or part.path.suffix == ".parquet":
            continue
        for line, _, values, _ in lines.read(part.path):
            key = (values.get("id") or values.get("statement_id")) if isinstance(values, dict) else None
            if key in wanted:
                places.setdefault(str(key), (str(part.name), line))
    for problem in found:
        if problem.file is None and problem.record in places:
            file, line = places[problem.record]
            yield dataclasses.replace(problem, file=file, line=line)
        else:
            yield problem


def in_files(units: Sequence[Unit], results: Sequence[Result]) -> Iterator[Problem]:
    """Yield the problems of the units with lines counted from the start of each file."""
    before, part = 0, None
    for unit, result in zip(units, results, strict=True):
        if unit.part is not part:
            before, part = 0, unit.part
        for problem in result.problems:
            yield dataclasses.replace(problem, line=problem.line + before) if problem.line else problem
        before += result.lines


def unsorted(units: Sequence[Unit], results: Sequence[Result]) -> Iterator[Problem]:
    """Yield the files whose units are not sorted by statement, in themselves or one after the other."""
    last: dict[str, str] = {}
    told = set()
    for unit, result in zip(units, results, strict=True):
        name = unit.part.name or ""
        if result.order is None or name in told:
            continue
        first, final, ordered = result.order
        if not ordered or first < last.get(name, ""):
            told.add(name)
            yield references.UNSORTED.at(name, "is not sorted by statement", file=name)
        last[name] = final
