"""The annotation store: JSONL files under annotations/, sorted by statement, one record a line, so that git diffs read well.

- `p-<12 hex>.jsonl`: the annotations of one annotator, named by pseudonym
- `gold.jsonl`: the adjudicated labels
- `versions/p-<12 hex>.jsonl`: the annotations of that annotator that were replaced by later ones, oldest first
- `statements.jsonl`: the statements that annotations speak of, as they were pushed. Statement ids depend on the segmentation, so a
  later, better segmentation would orphan every label if the statements were not frozen beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from dipdata.problems import Problems
from dipdata.project import atomic
from dipdata.records import Annotation, Gold, Record, Statement, from_dict
from dipdata.schemas import Contract

GOLD = "gold.jsonl"
STATEMENTS = "statements.jsonl"
ANNOTATORS = "p-*.jsonl"
VERSIONS = "versions"


def read_annotations(folder: Path, contract: Contract, problems: Problems) -> list[Annotation]:
    """Return the annotations of every annotator's file in `folder`, by annotator and then by statement; [] without a folder.

    A line that is not a valid record, stands in another annotator's file, or repeats a statement becomes a problem with file and
    line, and the rest is read.
    """
    return [record for path in sorted(folder.glob(ANNOTATORS)) for record in read_annotator(path, contract, problems)]


def read_annotator(path: Path, contract: Contract, problems: Problems) -> list[Annotation]:
    """Return the annotations of one annotator's file, sorted by statement; problems as `read_annotations` says."""

    def right_file(record: Annotation) -> str | None:
        return None if record.annotator == path.stem else f"annotator {record.annotator} stands in the file of {path.stem}"

    return _read(path, "annotation", Annotation, lambda record: record.statement_id, contract, problems, right_file)


def read_gold(folder: Path, contract: Contract, problems: Problems) -> list[Gold]:
    """Return the gold of gold.jsonl in `folder`, sorted by statement; [] without the file. Bad lines become problems."""
    return _read(folder / GOLD, "gold", Gold, lambda record: record.statement_id, contract, problems)


def read_statements(folder: Path, contract: Contract, problems: Problems) -> list[Statement]:
    """Return the frozen statements of statements.jsonl in `folder`, sorted by id; [] without the file. Bad lines become problems."""
    return _read(folder / STATEMENTS, "statement", Statement, lambda record: record.id, contract, problems)


def write_annotations(folder: Path, annotations: Iterable[Annotation]) -> list[Path]:
    """Write one file for each annotator in `annotations` and return their paths; files of other annotators stay as they are.

    The records given are the whole of that annotator's file: merge with what `read_annotations` returns first.
    """
    paths = []
    for annotator, records in groupby(sorted(annotations, key=lambda a: (a.annotator, a.statement_id)), lambda a: a.annotator):
        path = folder / f"{annotator}.jsonl"
        _write(path, records)
        paths.append(path)
    return paths


def write_versions(folder: Path, replaced: Iterable[Annotation]) -> None:
    """Add annotations that later ones have replaced to their annotators' files under versions/, each once."""
    for annotator, records in groupby(sorted(replaced, key=lambda a: a.annotator), lambda a: a.annotator):
        path = folder / VERSIONS / f"{annotator}.jsonl"
        known = _versions(path)
        known.update({_line(record): (record.statement_id, record.updated) for record in records})
        lines = sorted(known.items(), key=lambda item: (*item[1], item[0]))
        _write_bytes(path, b"".join(line for line, _ in lines))


def rename_values(folder: Path, renames: Mapping[tuple[str, str], str]) -> int:
    """Give renamed label values, keyed by (closed list, former value), their new names in every annotator's file and in gold.

    Return how many files changed. Unreadable lines stay as they are.
    """
    import orjson

    changed = 0
    for path in [*sorted(folder.glob(ANNOTATORS)), folder / GOLD]:
        lines = path.read_bytes().split(b"\n") if path.is_file() else []
        new = []
        for line in lines:
            try:
                values = orjson.loads(line)
                before = orjson.dumps(values)
                for name in ("validity", "sentiment", "act"):
                    if (name, values.get(name)) in renames:
                        values[name] = renames[name, values[name]]
                for target in values.get("targets", []):
                    if ("stance", target.get("stance")) in renames:
                        target["stance"] = renames["stance", target["stance"]]
                after = orjson.dumps(values)
                new.append(after if after != before else line)
            except (orjson.JSONDecodeError, AttributeError, TypeError):
                new.append(line)
        if new != lines:
            changed += 1
            _write_bytes(path, b"\n".join(new))
    return changed


def write_gold(folder: Path, gold: Iterable[Gold]) -> Path:
    """Write the whole of gold.jsonl and return its path."""
    return _write(folder / GOLD, sorted(gold, key=lambda record: record.statement_id))


def write_statements(folder: Path, statements: Iterable[Statement]) -> Path:
    """Write the whole of statements.jsonl and return its path."""
    return _write(folder / STATEMENTS, sorted(statements, key=lambda record: record.id))


def _versions(path: Path) -> dict[bytes, tuple[str, str]]:
    """Return the lines of a file of versions with what they are sorted by; a line that is none stays, at the beginning."""
    import orjson

    known = {}
    for line in path.read_bytes().splitlines(keepends=True) if path.is_file() else []:
        try:
            values = orjson.loads(line)
            known[line] = (str(values["statement_id"]), str(values["updated"]))
        except (orjson.JSONDecodeError, KeyError, TypeError):
            known[line] = ("", "")
    return known


def _line(record: Record) -> bytes:
    import orjson

    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def _write(path: Path, records: Iterable[Record]) -> Path:
    _write_bytes(path, b"".join(_line(record) for record in records))
    return path


def _write_bytes(path: Path, content: bytes) -> None:
    # An unchanged file keeps its modification time, so that tools which watch it do not wake for nothing.
    if not path.is_file() or path.read_bytes() != content:
        with atomic(path) as file:
            file.write(content)


def _read(
    path: Path,
    name: str,
    kind: type[Record],
    key: Callable[[Record], str],
    contract: Contract,
    problems: Problems,
    wrong: Callable[[Record], str | None] = lambda _record: None,
) -> list[Record]:
    records: dict[str, Record] = {}
    for line, values in _lines(path, problems):
        who = str(values.get("id") or values.get("statement_id") or name) if isinstance(values, dict) else name
        findings = list(contract.findings(name, values))
        for finding in findings:
            problems.add(
                "store.invalid",
                who,
                finding.message,
                f"Correct the value; schema/{name}.schema.json says what is allowed.",
                pointer=finding.pointer or None,
                file=str(path),
                line=line,
            )
        if findings:
            continue
        record = from_dict(kind, values)
        fault = wrong(record)
        if fault is None and key(record) in records:
            fault = f"a second record for {key(record)}"
        if fault is not None:
            problems.add("store.misplaced", who, fault, "Keep one record a statement and annotator.", file=str(path), line=line)
            continue
        records[key(record)] = record
    return [records[each] for each in sorted(records)]


def _lines(path: Path, problems: Problems) -> Iterator[tuple[int, Any]]:
    """Yield line number and JSON value of each line that has any."""
    import orjson

    if not path.is_file():
        return
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            yield number, orjson.loads(line)
        except orjson.JSONDecodeError as error:
            problems.add(
                "store.not-json",
                path.name,
                f"not JSON ({error})",
                "Restore the line from the last commit; the other lines were read.",
                file=str(path),
                line=number,
            )
