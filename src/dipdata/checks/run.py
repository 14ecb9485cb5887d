"""Records of any kind and number through the checks of a record: in files or in memory, on one core or several, in flat memory.

Articles come first, then statements, annotations and gold, since each names records of the kind before it. A kind is cut into units
(bytes of a JSONL file, batches of a Parquet file, slices of a list); what the checks of whole datasets need is summed over units.
"""

from __future__ import annotations

import dataclasses
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import columns, jsonl, tables
from dipdata.checks import agreement, batches, hygiene, labels, lines, offsets, parquet, places, pool, references, schema
from dipdata.checks.agreement import Answers
from dipdata.checks.labels import Annotator
from dipdata.checks.sieve import Sieve
from dipdata.checks.texts import UNKNOWN, Index, Spool, Texts, key_of, keys_of
from dipdata.duplicates import Sketch, sketch
from dipdata.floors import Floors
from dipdata.problems import Problem, Problems
from dipdata.records import Annotation, Article, Gold, Statement, to_dict
from dipdata.schemas import Contract

if TYPE_CHECKING:
    import pyarrow as pa

    from dipdata.checks.sieve import Mask

KINDS: dict[str, type] = {"article": Article, "statement": Statement, "annotation": Annotation, "gold": Gold}
SLICE = 2000  # records in memory in a unit
HEAVY = 24 * 2**20  # bytes of files from which starting processes pays


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one kind: in a JSONL or Parquet file, or in memory. `name` is the file as problems show it, `stem` the annotator
    whom it is named by, and `sorted` says that it should be."""

    kind: str
    name: str | None = None
    path: Path | None = None
    records: Sequence[Any] = ()
    stem: str | None = None
    sorted: bool = False

    def units(self) -> list[Unit]:
        """Return the units to check this part in."""
        if self.path is None:
            return [Unit(self, n, n + SLICE) for n in range(0, len(self.records), SLICE)]
        if self.path.suffix == ".parquet":
            return [Unit(self, n, n + 1) for n in range(parquet.groups(self.path))]
        return [Unit(self, start, end) for start, end in lines.ranges(self.path)]

    @property
    def columnar(self) -> bool:
        """Whether its lines can be read as columns."""
        return self.path is not None and self.path.suffix != ".parquet" and self.kind != "article"

    @property
    def weight(self) -> int:
        """About the bytes of JSON that the part stands for."""
        if self.path is None:
            return 1500 * len(self.records)
        try:
            return self.path.stat().st_size * (8 if self.path.suffix == ".parquet" else 1)
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a part: from `start` to `end` bytes of a JSONL file, records of a list, or row groups of a Parquet file."""

    part: Part
    start: int
    end: int


@dataclass(slots=True)
class Result:
    """What a unit gave. Lines of its problems count from its first line."""

    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    keys: array[int] = field(default_factory=lambda: array("Q"))
    values: array[int] = field(default_factory=lambda: array("Q"))
    places: list[tuple[int, int] | None] = field(default_factory=list)
    sketches: list[Sketch | None] = field(default_factory=list)
    worker: int = 0
    order: tuple[str, str, bool] | None = None
    annotators: dict[str, Annotator] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=lambda: {label: Answers() for label in agreement.LABELS})


class Run:
    """One validation of the records of a dataset. `guideline` is the version in force, None for any; `withheld` says that texts
    are left out of articles and spans, so that what needs them is not checked; `sketched` asks for a sketch of each article."""

    def __init__(
        self,
        contract: Contract,
        floors: Floors,
        *,
        guideline: str | None = None,
        workers: int = 1,
        withheld: bool = False,
        sketched: bool = False,
    ) -> None:
        self.contract, self.floors, self.guideline = contract, floors, guideline
        self.workers = workers
        self.withheld, self.sketched = withheld, sketched
        self.spools = [Spool() for _ in range(workers)]
        self.texts = Texts(self.spools)
        self.statements, self.annotations, self.gold = Index(), Index(), Index()
        self.annotators: dict[str, Annotator] = {}
        self.answers = {label: Answers() for label in agreement.LABELS}
        self.codes = {label: {value: code for code, value in enumerate(contract.values(label))} for label in agreement.LABELS}
        self.scheme = contract.version
        self._sieves: dict[str, Sieve] = {}
        self._schemas: dict[str, pa.Schema] = {}

    def check(self, parts: Sequence[Part], problems: Problems) -> None:
        """Check all parts and add what is wrong; afterwards `texts` and the indices hold what was read."""
        workers = self.processes(parts)
        for kind in KINDS:
            self.contract.is_valid(kind, None)  # compiled once, before processes are forked
            if any(part.kind == kind and part.columnar for part in parts):
                self._schemas[kind] = self.contract.record_arrow(kind)  # which imports datasets
        for kind in KINDS:
            mine = [part for part in parts if part.kind == kind]
            units = [unit for part in mine for unit in part.units()]
            results = pool.run(self.unit, units, workers)
            found = list(places.in_files(units, results))
            found.extend(places.unsorted(units, results))
            found.extend(self._gather(kind, results, mine))
            problems.extend(places.located(found, mine))
        problems.extend(labels.scheme(self.contract.values("stance")))
        problems.extend(labels.annotators(self.annotators, self.floors))
        problems.extend(agreement.check(self.answers, self.floors))

    def processes(self, parts: Sequence[Part]) -> int:
        """Return how many processes are worth starting for these parts."""
        return self.workers if sum(part.weight for part in parts) >= HEAVY else 1

    def unit(self, unit: Unit, worker: int) -> Result:
        """Check one unit."""
        result, part = Result(worker=worker), unit.part
        names: dict[int, str] = {}
        passed = self._passed(unit, names, result)
        for line, values, problems, file in self._values(unit, passed, result):
            place = file or part.name
            for problem in problems:
                result.problems.append(dataclasses.replace(problem, file=problem.file or place, line=line))
            if values is lines.NOTHING:
                continue
            if line and part.sorted:
                key = values.get("id" if part.kind == "statement" else "statement_id") if isinstance(values, dict) else None
                if isinstance(key, str):
                    names[line] = key
            for problem in self.record(part, values, file, result):
                result.problems.append(dataclasses.replace(problem, file=place, line=line))
        if names and result.order is None:
            found = [name for _, name in sorted(names.items())]
            result.order = (found[0], found[-1], found == sorted(found))
        if part.kind == "article":
            self.spools[worker].flush()
        return result

    def record(self, part: Part, values: Any, file: str | None, result: Result) -> Iterator[Problem]:
        """Yield what is wrong with one record, and note in `result` what later checks need of it."""
        name = part.kind
        if self.withheld:
            values = _filled(values)
        if not self.contract.is_valid(name, values):
            yield from schema.check(name, values, self.contract)
            if isinstance(values, dict):
                yield from references.private(str(values.get("id") or values.get("statement_id") or name), values)
                key = values.get("statement_id" if name == "gold" else "id")
                if isinstance(key, str) and key:
                    self._note(result, name, key_of(key), UNKNOWN)
            return
        if name == "statement":
            yield from self._statement(values, result)
        elif name == "annotation":
            yield from self._annotation(values, part.stem, result)
        elif name == "article":
            yield from schema.dates(values, "date")
            if not self.withheld:
                yield from offsets.article(values)
                yield from hygiene.article(values)
            yield from references.private(values["id"], values)
            result.keys.append(key_of(values["id"]))
            result.places.append(self.spools[result.worker].write(values, file))
            if self.sketched:
                result.sketches.append(sketch(values["text"]))
        else:
            yield from self._gold(values, result)

    def _statement(self, values: dict[str, Any], result: Result) -> Iterator[Problem]:
        number = self.texts.index.get(key_of(values["article_id"]))
        self._note(result, "statement", key_of(values["id"]), UNKNOWN if number is None else number)
        yield from references.statement(values)
        if references.may_hide(values):
            yield from references.private(values["id"], values)
        if number is None:
            yield references.ARTICLE.at(values["id"], f"its article {values['article_id']} is not there", pointer="/article_id")
        elif number != UNKNOWN and not self.withheld:
            yield from offsets.statement(values, self.texts.number(number))

    def _annotation(self, values: dict[str, Any], stem: str | None, result: Result) -> Iterator[Problem]:
        statement = key_of(values["statement_id"])
        self._note(result, "annotation", key_of(values["id"]), statement)
        yield from schema.dates(values, "created", "updated")
        yield from references.annotation(values, stem)
        yield from labels.annotation(values, self.scheme, self.guideline)
        article = self.statements.get(statement)
        if article is None:
            yield references.STATEMENT.at(values["id"], f"its statement {values['statement_id']} is not there", pointer="/statement_id")
        elif article != UNKNOWN and not self.withheld:
            yield from offsets.annotation(values, self.texts.number(article))
        if values["status"] == "submitted":
            labels.count(values, result.annotators, self.floors)
            for label in ("validity", "sentiment"):
                if values[label] is not None:
                    result.answers[label].add(statement, self.codes[label][values[label]])
            for target in values["targets"]:
                if target["stance"] is not None:
                    unit = agreement.region(statement, target["start"], target["end"])
                    result.answers["stance"].add(unit, self.codes["stance"][target["stance"]])

    def _gold(self, values: dict[str, Any], result: Result) -> Iterator[Problem]:
        who, statement = values["statement_id"], key_of(values["statement_id"])
        self._note(result, "gold", statement, statement)
        yield from references.twice(who, values["targets"])
        yield from labels.contradictions(who, values["sentiment"], values["targets"])
        if values["validity"] == "not_a_statement" and (values["sentiment"] is not None or values["targets"]):
            yield labels.REJECTED.at(who, "is gold for no statement and has labels", pointer="/sentiment")
        article = self.statements.get(statement)
        if article is None:
            yield references.STATEMENT.at(who, "is gold of a statement that is not there", pointer="/statement_id")
        elif article != UNKNOWN:
            yield from offsets.gold(values, self.texts.number(article))
        for n, key in enumerate(values["annotations"]):
            of = self.annotations.get(key_of(key))
            if of is None or of not in (statement, UNKNOWN):
                why = "is not there" if of is None else "is of another statement"
                yield references.ANNOTATION.at(who, f"rests on annotation {key}, which {why}", pointer=f"/annotations/{n}")

    @staticmethod
    def _note(result: Result, kind: str, key: int, value: int) -> None:
        result.keys.append(key)
        if kind == "article":
            result.places.append(None)
        else:
            result.values.append(value)

    def _passed(self, unit: Unit, names: dict[int, str], result: Result) -> set[int]:
        """Return the lines of a unit, numbered from 1, that columns show to be sound; note in `result` what later checks need of them,
        and in `names`, or wholly in its `order`, what the lines of a sorted file are sorted by."""
        import numpy as np
        import pyarrow.compute as pc

        part = unit.part
        if part.path is None or not part.columnar or self.withheld:
            return set()
        found = lines.block(part.path, unit.start, unit.end)
        numbers = np.flatnonzero(jsonl.plain(found, KINDS[part.kind]))
        schema = self._schemas[part.kind]
        try:
            batch = jsonl.batch([found[number] for number in numbers.tolist()], schema)
            suspect = self._held(part, batch, tables.described(schema), result)
        except ValueError:  # a value of another type, a class without a name, bytes that are not UTF-8
            return set()
        passed = (numbers[~suspect] + 1).tolist()
        result.lines = len(found)
        if part.sorted and len(numbers):
            keys = batch.column("id" if part.kind == "statement" else "statement_id")
            if len(numbers) == len(found):
                ordered = not pc.any(pc.less(keys[1:], keys[:-1])).as_py()
                result.order = (keys[0].as_py(), keys[-1].as_py(), ordered)
            else:
                names.update((number + 1, key) for number, key in zip(numbers.tolist(), keys.to_pylist(), strict=True))
        return set(passed)

    def _values(self, unit: Unit, passed: set[int], result: Result) -> Iterator[tuple[int | None, Any, list[Problem], str | None]]:
        """Yield line, value, problems and file of each record of a unit but for the lines that have `passed`."""
        part = unit.part
        if part.path is None:
            for record in part.records[unit.start : unit.end]:
                values = record if isinstance(record, dict) else to_dict(record)
                yield None, values, [], values["path"] if part.kind == "article" else None
        elif part.path.suffix == ".parquet":
            try:
                keys = KINDS[part.kind].__slots__  # type: ignore[attr-defined]
                for batch, features in parquet.batches(part.path, keys, unit.start):
                    held = self._held(part, batch, features, result)
                    for row in columns.rows(batch.filter(held) if held.any() else batch[:0], features):
                        yield None, row, [], None
            except (OSError, ValueError, LookupError) as failed:  # ArrowInvalid is a ValueError
                why = str(failed).splitlines()[0] if str(failed) else type(failed).__name__
                yield None, lines.NOTHING, [lines.TABLE.at(part.name or part.path.name, f"cannot be read ({why})")], None
        elif not passed or len(passed) < result.lines:
            for line, _, value, problems in lines.read(part.path, unit.start, unit.end, unless=passed):
                result.lines = max(line, result.lines)
                yield line, value, problems, None

    def _held(self, part: Part, batch: pa.RecordBatch, features: Any, result: Result) -> Mask:
        """Return True for each row of a batch that must go through `record`; note in `result` what later checks need of the others."""
        import numpy as np

        suspects = {"statement": self._statements, "annotation": self._annotations, "gold": self._golds}.get(part.kind)
        if suspects is None:
            return np.ones(batch.num_rows, dtype=bool)
        suspect = self._sieve(part.kind, features).held(batch)
        passed = batch.filter(~suspect) if suspect.any() else batch
        if passed.num_rows:
            suspect[~suspect] = suspects(part, passed, features, result)
        return suspect

    def _statements(self, _part: Part, batch: pa.RecordBatch, features: Any, result: Result) -> Mask:
        numbers = self.texts.index.find(keys_of(batch.column("article_id")))
        found = batches.statement_suspects(batch, features, numbers, None if self.withheld else self.texts)
        result.keys.frombytes(keys_of(batch.column("id"))[~found].tobytes())
        result.values.frombytes(numbers[~found].tobytes())
        return found

    def _annotations(self, part: Part, batch: pa.RecordBatch, features: Any, result: Result) -> Mask:
        statements = keys_of(batch.column("statement_id"))
        numbers, texts = self.statements.find(statements), None if self.withheld else self.texts
        found = batches.annotation_suspects(batch, features, numbers, texts, scheme=self.scheme, guideline=self.guideline, stem=part.stem)
        sound, statements = batch.filter(~found), statements[~found]
        result.keys.frombytes(keys_of(sound.column("id")).tobytes())
        result.values.frombytes(statements.tobytes())
        batches.count(sound, features, result.annotators, self.floors)
        for label, units, codes in batches.answers(sound, features, statements):
            result.answers[label].add_all(units, codes)
        return found

    def _golds(self, _part: Part, batch: pa.RecordBatch, features: Any, result: Result) -> Mask:
        statements = keys_of(batch.column("statement_id"))
        found = batches.gold_suspects(
            batch, features, self.statements.find(statements), self.texts, statements, rests_on=self.annotations.find
        )
        result.keys.frombytes(statements[~found].tobytes())
        result.values.frombytes(statements[~found].tobytes())
        return found

    def _sieve(self, kind: str, features: Any) -> Sieve:
        if kind not in self._sieves:
            try:
                schema = self.contract.whole(kind)
            except (KeyError, RecursionError):  # a reference to nothing, or to what it stands in: every row is looked at
                schema = {"$ref": kind}
            absent = frozenset(("text", "surface") if self.withheld else ())
            secret = f"@|{references.SECRET.pattern}"
            self._sieves[kind] = Sieve(schema, features, absent=absent, secret=secret, quoted=frozenset(references.QUOTED))
        return self._sieves[kind]

    def _gather(self, kind: str, results: Sequence[Result], parts: Sequence[Part]) -> Iterator[Problem]:
        index = {"article": self.texts.index, "statement": self.statements, "annotation": self.annotations, "gold": self.gold}[kind]
        for result in results:
            if kind == "article":
                self.texts.add(result.keys, result.worker, result.places, result.sketches)
            else:
                index.extend(result.keys, result.values)
            for name, one in result.annotators.items():
                self.annotators.setdefault(name, Annotator()).add(one)
            for label, answers in result.answers.items():
                self.answers[label].extend(answers)
        for key, times in index.seal():
            who = self._name(kind, key)
            yield references.DUPLICATE.at(who, f"{times} {'gold record' if kind == 'gold' else kind}s have this id", pointer="/id")

    def _name(self, kind: str, key: int) -> str:
        if kind == "article":
            number = self.texts.index.get(key)
            return self.texts.number(number).id if number is not None and number != UNKNOWN else f"{key:016x}"
        return f"{'a' if kind == 'annotation' else 's'}-{key:016x}"


def _filled(values: Any) -> Any:
    """Return a record with a stand-in for each text that is withheld, which the schema of whole records asks for."""
    if isinstance(values, dict):
        return {key: labels.WITHHELD if value is None and key in ("text", "surface") else _filled(value) for key, value in values.items()}
    return [_filled(value) for value in values] if isinstance(values, list) else values
