"""The annotation store: JSONL files under annotations/, sorted by statement, one record a line, so that git diffs read well.

- `p-<12 hex>.jsonl`: the annotations of one annotator, named by pseudonym
- `gold.jsonl`: the adjudicated labels
- `statements.jsonl`: the statements that annotations speak of, as they were pushed. Statement ids depend on the segmentation, so a
  later, better segmentation would orphan every label if the statements were not frozen beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from dipdata.problems import Problems
from dipdata.project import atomic
from dipdata.records import Annotation, Gold, Record, Statement, from_dict, to_dict
from dipdata.schemas import Contract

GOLD = "gold.jsonl"
STATEMENTS = "statements.jsonl"
ANNOTATORS = "p-*.jsonl"


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


def write_gold(folder: Path, gold: Iterable[Gold]) -> Path:
    """Write the whole of gold.jsonl and return its path."""
    return _write(folder / GOLD, sorted(gold, key=lambda record: record.statement_id))


def write_statements(folder: Path, statements: Iterable[Statement]) -> Path:
    """Write the whole of statements.jsonl and return its path."""
    return _write(folder / STATEMENTS, sorted(statements, key=lambda record: record.id))


def _write(path: Path, records: Iterable[Record]) -> Path:
    import orjson

    content = b"".join(orjson.dumps(to_dict(record), option=orjson.OPT_APPEND_NEWLINE) for record in records)
    # An unchanged file keeps its modification time, so that tools which watch it do not wake for nothing.
    if not path.is_file() or path.read_bytes() != content:
        with atomic(path) as file:
            file.write(content)
    return path


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
