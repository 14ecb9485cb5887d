"""Problem: one finding, with the record it concerns, what is wrong and the remedy; Problems collects them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `record` names a file or an id; `pointer` is a JSON pointer into the record; `line` counts from 1."""

    code: str
    record: str
    message: str
    remedy: str
    severity: str = "error"
    pointer: str | None = None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = self.record
        if self.file and self.file != self.record:
            place = f"{self.file}:{self.line}: {place}" if self.line else f"{self.file}: {place}"
        elif self.line:
            place = f"{place}:{self.line}"
        at = f" at {self.pointer}" if self.pointer else ""
        return f"{place}: {self.message}{at} ({self.code}). {self.remedy}"


class Problems:
    """The problems of a run, in the order found. Adding is safe from several threads."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._lock = threading.Lock()

    def add(
        self,
        code: str,
        record: str,
        message: str,
        remedy: str,
        *,
        severity: str = "error",
        pointer: str | None = None,
        file: str | None = None,
        line: int | None = None,
    ) -> None:
        """Record one finding; `severity` is `error` or `warning`."""
        with self._lock:
            self._found.append(Problem(code, record, message, remedy, severity, pointer, file, line))

    def extend(self, found: Iterable[Problem]) -> None:
        """Record findings made elsewhere."""
        for problem in found:
            with self._lock:
                self._found.append(problem)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(problem.severity == "error" for problem in self._found)

    def refuse(self, what: str) -> None:
        """Raise CannotRunError, which begins with `what`, where there are errors: with the first of them and how many there are."""
        if self.errors:
            first = next(problem for problem in self if problem.severity == "error")
            many = f"{self.errors} errors, the first: " if self.errors > 1 else ""
            raise CannotRunError(f"{what}: {many}{first} `dipdata validate` lists all.")

    def counts(self) -> dict[str, int]:
        """Return how often each code was found, by code."""
        return dict(sorted(Counter(problem.code for problem in self._found).items()))


class CannotRunError(Exception):
    """A verb could not run (usage, missing file, no server). Its message names the record, what is wrong and the remedy; exit code 2."""
