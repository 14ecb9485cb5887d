"""What a check is: a stable code with severity, meaning and remedy. docs/checks.md is made from these."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from dipdata.problems import Problem


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong: `what` completes "It is wrong that ...", `remedy` tells how to mend it, as a sentence."""

    code: str
    severity: str
    what: str
    remedy: str

    def at(
        self, record: str, message: str, *, pointer: str | None = None, file: str | None = None, line: int | None = None, remedy: str = ""
    ) -> Problem:
        """Return a problem of this check; `remedy` replaces the general one where more is known."""
        return Problem(self.code, record, message, remedy or self.remedy, self.severity, pointer, file, line)


def error(code: str, what: str, remedy: str) -> Check:
    """Return a check that fails a run."""
    return Check(code, "error", what, remedy)


def warning(code: str, what: str, remedy: str) -> Check:
    """Return a check that is reported and fails a run only with `--fail-on warning`."""
    return Check(code, "warning", what, remedy)


def checks_of(module: ModuleType) -> list[Check]:
    """Return the checks that a family's module declares, in its order."""
    return [value for value in vars(module).values() if isinstance(value, Check)]
