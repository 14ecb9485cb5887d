"""What a check is: a stable code with severity, meaning and remedy. docs/checks.md is made from these."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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


def table(head: Sequence[str], body: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def document(page: str, checks: Iterable[Check], fixtures: Mapping[str, str], floors: Iterable[tuple[str, object, str]]) -> str:
    """Return docs/checks.md with its tables made anew; `fixtures` gives the link to the fixture of each code."""
    rows = [
        [f"`{check.code}`", check.severity, check.what, check.remedy.format(name="…"), f"[fixture]({fixtures[check.code]})"]
        for check in checks
    ]
    blocks = {
        "checks": table(["Code", "Severity", "What is wrong", "How to mend it", "Fixture"], rows),
        "floors": table(["Key", "Without it", "Meaning"], [[f"`{key}`", f"`{json.dumps(value)}`", text] for key, value, text in floors]),
    }
    for name, block in blocks.items():
        begin, end = f"<!-- dipdata:begin {name} -->\n", f"<!-- dipdata:end {name} -->"
        page = page[: page.index(begin) + len(begin)] + block + "\n" + page[page.index(end) :]
    return page
