"""Problems for readers: people (text), programs (json), pull requests (github), code scanning (sarif) and test reports (junit)."""

from __future__ import annotations

import dataclasses
import hashlib
import json as standard_json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol
from urllib.parse import quote

from dipdata.problems import Problem

# After this many problems of a code, text counts the others instead of listing them.
SHOWN = 10
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
# Characters that XML 1.0 cannot hold.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Rule(Protocol):
    """What a report tells of a check, found or not."""

    @property
    def code(self) -> str:
        """Its stable code."""

    @property
    def severity(self) -> str:
        """`error` or `warning`."""

    @property
    def what(self) -> str:
        """What it finds, as a sentence."""

    @property
    def remedy(self) -> str:
        """How to mend it, as a sentence."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one run of a verb found. `path` is what was looked at; files of the problems stand below it, as seen from `base`."""

    verb: str
    path: str
    problems: Sequence[Problem]
    base: str = "."
    version: str = "0.0.0"
    rules: Sequence[Rule] = ()
    known: int = 0
    """Problems of the baseline, which are not listed."""

    def count(self, severity: str) -> int:
        """How many problems have a severity."""
        return sum(problem.severity == severity for problem in self.problems)

    def file(self, problem: Problem) -> str | None:
        """The file of a problem as seen from where the verb ran."""
        return (PurePosixPath(self.base) / problem.file).as_posix() if problem.file else None


def chosen(problems: Iterable[Problem], select: Sequence[str], ignore: Sequence[str]) -> list[Problem]:
    """Return the problems of the selected codes or families (all where none is), without those to ignore."""
    return [p for p in problems if (not select or _matches(p.code, select)) and not _matches(p.code, ignore)]


def fails(problems: Iterable[Problem], fail_on: str) -> bool:
    """Tell whether a run with these problems fails: on any error, or with `warning` on any problem."""
    return any(fail_on == "warning" or problem.severity == "error" for problem in problems)


def fingerprint(problem: Problem) -> str:
    """Return what names a problem over time: code, record and pointer, but neither line nor message, which move."""
    return "|".join((problem.code, problem.record, problem.pointer or ""))


def baseline(problems: Iterable[Problem]) -> dict[str, int]:
    """Return how often each problem is there, by fingerprint: the content of a baseline file."""
    return dict(sorted(Counter(map(fingerprint, problems)).items()))


def beyond(problems: Iterable[Problem], old: Mapping[str, int]) -> tuple[list[Problem], int]:
    """Return the problems that a baseline does not hold, and how many it holds."""
    left = Counter(old)
    new, known = [], 0
    for problem in problems:
        key = fingerprint(problem)
        if left[key] > 0:
            left[key] -= 1
            known += 1
        else:
            new.append(problem)
    return new, known


def text(report: Report, *, color: bool = False) -> str:
    """Return the problems grouped by code, errors first, the first ten of a code in full and the others counted."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    for problem in report.problems:
        groups.setdefault((problem.severity, problem.code), []).append(problem)
    paint = _paint if color else (lambda words, _: words)
    parts = []
    for (severity, code), found in sorted(groups.items(), key=lambda item: (item[0][0] != "error", -len(item[1]), item[0][1])):
        head = paint(f"{code} ({severity}, {len(found)})", "31;1" if severity == "error" else "33;1")
        same = len({problem.remedy for problem in found}) == 1
        body = [f"  {_line(problem)}" + ("" if same else f" {problem.remedy}") for problem in found[:SHOWN]]
        if len(found) > SHOWN:
            body.append(f"  and {len(found) - SHOWN} more")
        if same:
            body.append(paint(f"  -> {found[0].remedy}", "2"))
        parts.append("\n".join([head, *body]))
    errors, warnings = report.count("error"), report.count("warning")
    old = f", {report.known} known from the baseline" if report.known else ""
    parts.append(f"{report.path}: {_number(errors, 'error')}, {_number(warnings, 'warning')}{old}")
    return "\n\n".join(parts) + "\n"


def json(report: Report) -> str:
    """Return one JSON object: path, counts, and every problem with all its fields."""
    values = {
        "verb": report.verb,
        "path": report.path,
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "known": report.known,
        "counts": dict(sorted(Counter(problem.code for problem in report.problems).items())),
        "problems": [dataclasses.asdict(problem) for problem in report.problems],
    }
    return _dumps(values)


def github(report: Report) -> str:
    """Return workflow commands that put each problem on its line of a pull request, and the count."""

    def command(problem: Problem) -> str:
        place = {"file": report.file(problem), "line": problem.line, "title": f"{problem.code} {problem.record}"}
        properties = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value is not None)
        return f"::{problem.severity} {properties}::{_data(_line(problem) + ' ' + problem.remedy)}"

    tail = f"{report.path}: {_number(report.count('error'), 'error')}, {_number(report.count('warning'), 'warning')}"
    return "\n".join([*map(command, report.problems), tail]) + "\n"


def sarif(report: Report) -> str:
    """Return a SARIF 2.1.0 log with a rule for each check and a result for each problem."""
    rules = _rules(report)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "dipdata", "version": report.version, "semanticVersion": report.version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The folder that dipdata ran in."}}},
        "results": [_result(report, problem, numbers[problem.code]) for problem in report.problems],
    }
    return _dumps({"$schema": SARIF, "version": "2.1.0", "runs": [run]})


def junit(report: Report, *, fail_on: str = "error") -> str:
    """Return a JUnit report: a suite for each family, a test case for each check, failed where it found problems that fail the run."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    found: dict[str, list[Problem]] = {rule.code: [] for rule in report.rules}
    for problem in report.problems:
        found.setdefault(problem.code, []).append(problem)
    families: dict[str, list[str]] = {}
    for code in found:
        families.setdefault(code.partition(".")[0], []).append(code)
    failing = {code for code, problems in found.items() if fails(problems, fail_on)}
    root = Element("testsuites", name=f"dipdata {report.verb}", tests=str(len(found)), failures=str(len(failing)))
    for family, codes in families.items():
        suite = SubElement(root, "testsuite", name=family, tests=str(len(codes)), failures=str(len(failing & set(codes))))
        for code in codes:
            case = SubElement(suite, "testcase", classname=f"dipdata.{family}", name=code)
            if not found[code]:
                continue
            lines = NOT_XML.sub("\ufffd", "\n".join(map(str, found[code])))
            if code in failing:
                failure = SubElement(case, "failure", type=found[code][0].severity, message=_number(len(found[code]), "problem"))
                failure.text = lines
            else:
                SubElement(case, "system-out").text = lines
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


FORMATS: dict[str, Callable[[Report], str]] = {"text": text, "json": json, "github": github, "sarif": sarif, "junit": junit}


def _dumps(values: Any) -> str:
    import orjson

    try:
        return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE).decode()
    except TypeError:  # a lone surrogate, as in a file name that is not UTF-8
        written = standard_json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
        return written.decode() + "\n"


def _matches(code: str, wanted: Sequence[str]) -> bool:
    return any(code == each or code.startswith(each + ".") for each in wanted)


def _line(problem: Problem) -> str:
    """Return place and message of a problem, without its code and remedy."""
    place = problem.record
    if problem.file:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        place = where if problem.record in (problem.file, "line") else f"{where}: {problem.record}"
    return f"{place}{' ' + problem.pointer if problem.pointer else ''}: {problem.message}."


def _number(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _paint(words: str, style: str) -> str:
    return f"\033[{style}m{words}\033[0m"


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")


def _rules(report: Report) -> list[dict[str, Any]]:
    known = {rule.code: rule for rule in report.rules}
    others = {problem.code: problem for problem in report.problems if problem.code not in known}
    return [*(_rule(r.code, r.severity, r.what, r.remedy) for r in known.values()), *_unlisted(others.values())]


def _unlisted(problems: Iterable[Problem]) -> Iterator[dict[str, Any]]:
    """Yield rules for problems of other verbs, such as those of reading raw/."""
    for problem in problems:
        yield _rule(problem.code, problem.severity, problem.code, problem.remedy)


def _rule(code: str, severity: str, what: str, remedy: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": what},
        "help": {"text": remedy},
        "defaultConfiguration": {"level": severity},
    }


def _result(report: Report, problem: Problem, number: int) -> dict[str, Any]:
    location: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": problem.record + (problem.pointer or ""), "kind": "object"}]}
    if file := report.file(problem):
        location["physicalLocation"] = {"artifactLocation": {"uri": quote(file, errors="replace"), "uriBaseId": "ROOT"}}
        if problem.line:
            location["physicalLocation"]["region"] = {"startLine": problem.line}
    return {
        "ruleId": problem.code,
        "ruleIndex": number,
        "level": problem.severity,
        "message": {"text": f"{_line(problem)} {problem.remedy}"},
        "locations": [location],
        "partialFingerprints": {"dipdata/v1": hashlib.sha256(fingerprint(problem).encode("utf-8", "replace")).hexdigest()},
    }
