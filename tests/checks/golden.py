"""Writes the golden fixtures: for each check the smallest broken input, beside the exact output that it gives.

`python tests/checks/golden.py` makes `golden/` anew; look at the diff before you commit it. A fixture is a folder named by its code:
records in JSONL (with the floors to judge by in `checks.toml`), the files of a project, or `break.txt` with the name of a break of
`breaks.py`, since a release is no small thing.
"""

import copy
import dataclasses
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"
Records = dict[str, list[dict[str, Any]]]
PAGE = Path(__file__).parents[2] / "docs" / "checks.md"
ANNOTATOR = "p-000000000000"
# What is too large, or cannot happen with the schemas and libraries of today: the test makes it.
MADE = dict.fromkeys(("schema.line-too-long", "schema.invalid", "release.load-streaming"), "../tests/checks/test_rare.py")


def base(size: int = 1) -> Records:
    """Return a good set of records: articles with one statement each, two annotations of each."""
    import good

    from dipdata.records import to_dict

    corpus = good.corpus(20, size, "fr", errors=0)
    return {part: [to_dict(record) for record in getattr(corpus, part)] for part in ("articles", "statements", "annotations")}


def changes() -> Iterator[tuple[str, Callable[[Records], Any]]]:
    """Yield code and change for each check that one record shows."""

    def article(**values: Any) -> Callable[[Records], Any]:
        return lambda records: records["articles"][0].update(values)

    def text(more: str) -> Callable[[Records], Any]:
        def change(records: Records) -> None:
            from dipdata.records import text_sha256

            of = records["articles"][0]
            of["text"] += more
            of["sha256"] = text_sha256(of["text"])
            records["statements"].clear()
            records["annotations"].clear()

        return change

    def statement(**values: Any) -> Callable[[Records], Any]:
        return lambda records: records["statements"][0].update(values)

    def annotation(**values: Any) -> Callable[[Records], Any]:
        return lambda records: records["annotations"][0].update(values)

    def span(part: str, **moved: Any) -> Callable[[Records], Any]:
        return lambda records: records["statements"][0][part][0].update(moved)

    def gold(**values: Any) -> Callable[[Records], Any]:
        def change(records: Records) -> None:
            first = records["annotations"][0]
            made = {
                "statement_id": first["statement_id"],
                "validity": "valid",
                "sentiment": first["sentiment"],
                "targets": first["targets"],
                "by": "rule:majority",
                "annotations": sorted(each["id"] for each in records["annotations"]),
                "guideline": "1.0.0",
            }
            records["gold"] = [made | values]

        return change

    yield "schema.missing-key", lambda records: records["annotations"][0].pop("scheme")
    yield "schema.unknown-key", annotation(comment="unsure")
    yield "schema.type", annotation(lead_time="short")
    yield "schema.label", annotation(sentiment="very-negativ")
    yield "schema.format", annotation(created="yesterday")
    yield "schema.range", statement(confidence=1.5)
    yield "offsets.not-an-integer", lambda records: span("cue", start=float(records["statements"][0]["cue"][0]["start"]))(records)
    yield "offsets.empty-span", span("cue", start=500)
    yield "offsets.out-of-range", span("cue", end=5000)
    yield "offsets.surface-mismatch", lambda records: span("cue", start=records["statements"][0]["cue"][0]["start"] - 1)(records)
    yield "offsets.order", lambda records: statement(source=records["statements"][0]["source"] * 2)(records)

    def emoji(records: Records) -> None:
        from dipdata.records import text_sha256

        of, made = records["articles"][0], records["statements"][0]
        of["text"] += " 👍🏽"
        of["sha256"] = made["article_sha256"] = text_sha256(of["text"])
        made["targets"] = [{"start": len(of["text"]) - 2, "end": len(of["text"]) - 1, "surface": "👍"}]
        rename(records)

    yield "offsets.grapheme", emoji

    def space(records: Records) -> None:
        cue = records["statements"][0]["cue"][0]
        cue["start"], cue["surface"] = cue["start"] - 1, " " + cue["surface"]

    yield "offsets.whitespace", space

    def marks_alone(records: Records) -> None:
        made = records["statements"][0]
        first = made["content"][0]
        made["content"] = [{"start": first["start"], "end": first["start"] + 1, "surface": "«"}]
        rename(records)

    yield "offsets.content-empty", marks_alone
    yield "offsets.form", statement(form="indirect")

    def credit(records: Records) -> None:
        of = records["articles"][0]
        of["zones"] = [{"kind": "credit", "start": 0, "end": len(of["text"])}]

    yield "offsets.in-zone", credit
    yield "offsets.hash", lambda records: article(text=records["articles"][0]["text"] + "!")(records)
    yield "offsets.text-changed", statement(article_sha256="0" * 64)
    yield "offsets.zone", article(zones=[{"kind": "headline", "start": 5, "end": 5}])
    yield "references.duplicate-id", lambda records: records["articles"].append(records["articles"][0])
    yield "references.statement-id", lambda records: rename(records, "s-0123456789abcdef")
    yield "references.annotation-id", annotation(id="a-0123456789abcdef")
    yield "references.article-missing", lambda records: records["articles"].clear()
    yield "references.statement-missing", lambda records: records["statements"].clear()
    yield "references.annotation-missing", gold(annotations=["a-0123456789abcdef"], by=ANNOTATOR)
    yield "references.target-region", gold(targets=[{"start": 0, "end": 4, "surface": "quai", "stance": "none"}])
    yield "references.target-twice", lambda records: statement(targets=records["statements"][0]["targets"] * 2)(records)
    yield "references.chain-cycle", statement(chain=["Agence", "Ministère", "Agence"])
    yield "references.email", annotation(annotator="jane.doe@wire.example")
    yield "references.token", statement(rule="made with token: " + "0123456789" * 4)
    yield "labels.answer-missing", annotation(sentiment=None)
    yield "labels.scheme-unknown", annotation(scheme="9.0.0")
    yield "labels.contradiction", contradict
    yield "labels.rejected-answered", annotation(validity="not_a_statement")
    yield "labels.gold-stale", gold(sentiment="very_positive")
    yield "labels.time-order", annotation(updated="2020-01-01T00:00:00Z")
    yield "hygiene.control-character", text(" \x07")
    yield "hygiene.invisible", text(" qu\u200bai")
    yield "hygiene.bidi-control", text(" \u202eiauq")
    yield "hygiene.not-normal", text(" e\u0301te\u0301")
    yield "hygiene.mojibake", text(" dÃ©jÃ\u00a0")
    yield "hygiene.markup", text(" <br> et &amp;")
    yield "hygiene.boilerplate", text("\n\nTous droits réservés.")
    yield "hygiene.private-data", text(" Tél. +33 1 55 55 55 55 01.")


def contradict(records: Records) -> None:
    record = records["annotations"][0]
    record["sentiment"] = "very_positive"
    record["targets"][0]["stance"] = "against"


def rename(records: Records, name: str | None = None) -> None:
    """Give a changed statement the id that belongs to it, and leave out its annotations."""
    from dipdata.records import statement_id

    made = records["statements"][0]
    made["id"] = name or statement_id(made["article_sha256"], [(span["start"], span["end"]) for span in made["content"]])
    records["annotations"].clear()


def many(change: Callable[[dict[str, Any], int], None], size: int = 12) -> Records:
    records = base(size)
    for n, record in enumerate(records["annotations"]):
        change(record, n)
    return records


def sets() -> Iterator[tuple[str, str, Records]]:
    """Yield code, floors and records for each check of an annotator or a label as a whole."""

    def constant(record: dict[str, Any], n: int) -> None:
        if record["annotator"] == ANNOTATOR:
            record["sentiment"] = "neutral"

    def fast(record: dict[str, Any], n: int) -> None:
        if record["annotator"] == ANNOTATOR:
            record["lead_time"] = 0.3

    def never_none(record: dict[str, Any], n: int) -> None:
        own = record["annotator"] == ANNOTATOR
        record["targets"][0]["stance"] = "neutral" if own or n % 4 == 1 else "none"
        record["sentiment"] = "positive" if n % 3 else "negative"

    def disagree(record: dict[str, Any], n: int) -> None:
        record["sentiment"] = ["positive", "negative", "neutral"][n % 3]

    yield "labels.constant", "constant-answers = 10\n", many(constant)
    yield "labels.too-fast", "constant-answers = 10\n", many(fast)
    three = many(never_none, 16)
    third = [copy.deepcopy(record) for record in three["annotations"] if record["annotator"] != ANNOTATOR]
    for n, record in enumerate(third):
        record["annotator"] = "p-00000000000c"
        record["targets"][0]["stance"] = "neutral" if n % 2 else "none"
        set_id(record)
    three["annotations"] += third
    yield "labels.none-neutral", "constant-answers = 10\n", three
    yield "agreement.alpha-low", "agreement-units = 10\n\n[agreement]\nsentiment = 0.667\n", many(disagree)
    yield "agreement.overlap", "[agreement]\nsentiment = 0.667\n", base(2)


def set_id(record: dict[str, Any]) -> None:
    from dipdata.records import annotation_id

    record["id"] = annotation_id(record["statement_id"], record["annotator"])


def lines() -> Iterator[tuple[str, bytes]]:
    """Yield code and the bytes of an annotations.jsonl whose second line cannot be used."""
    good_line = line(base()["annotations"][0])
    yield "schema.not-json", good_line + b'{"id": \n'
    yield "schema.not-utf8", good_line.replace("déclaré".encode(), b"d\xe9clar\xe9")
    yield "schema.byte-order-mark", b"\xef\xbb\xbf" + good_line
    yield "schema.not-finite", good_line + b'{"lead_time":NaN}\n'
    yield "schema.too-deep", good_line + b"[" * 1100 + b"]" * 1100 + b"\n"
    yield "schema.duplicate-key", good_line.replace(b'"sentiment"', b'"sentiment":"positive","sentiment"', 1)


BREAKS = {
    "splits.article-leak": "article_in_two_splits",
    "splits.record-stray": "statements_in_the_wrong_split",
    "splits.near-duplicate": "article_with_one_word_changed_in_another_split",
    "splits.wire-copy": "wire_copy_inside_a_longer_article_of_another_split",
    "splits.proportion": "most_articles_taken_from_training",
    "splits.label-balance": "stances_of_one_split_all_against",
    "labels.guideline-unknown": "guideline_of_the_future",
    "labels.scheme-merged": "none_taken_from_the_scheme",
    "release.manifest": "manifest_without_licence",
    "release.schema": "schema_edited",
    "release.file-foreign": "notes_left_behind",
    "release.file-missing": "table_removed",
    "release.file-changed": "one_bit_of_a_table_flipped",
    "release.file-path": "file_outside_the_folder",
    "release.table-broken": "table_that_is_text",
    "release.table-schema": "column_dropped",
    "release.class-names": "class_names_swapped_in_a_table",
    "release.table-rows": "one_row_too_few_in_the_manifest",
    "release.split-empty": "split_without_rows",
    "release.name": "config_of_another_name",
    "release.card-yaml": "card_whose_yaml_breaks_off",
    "release.card-splits": "card_that_promises_more_rows",
    "release.card-classes": "class_names_swapped_in_the_card",
    "release.card-claims": "card_with_other_languages",
    "release.licence": "card_without_licence",
    "release.card-stale": "annotation_removed_after_the_card_was_made",
    "release.row-text": "text_of_a_row_retyped",
    "release.row-votes": "votes_counted_twice",
    "release.row-labels": "two_stances_swapped",
    "release.version-too-low": "article_gone_in_a_patch",
    "release.previous": "release_before_edited",
    "hygiene.text-mode": "texts_in_a_release_without_texts",
    "release.croissant": "croissant_of_no_type",
    "release.croissant-files": "croissant_with_a_column_that_is_not_there",
    "release.croissant-claims": "croissant_of_another_version",
    "release.croissant-rai": "croissant_with_an_invented_key",
    "release.load": "card_that_names_a_file_which_is_not_there",
}
PROJECT = 'name = "small"\nlicence = "CC-BY-4.0"\n'
PROJECTS = {
    "schema.not-toml": {"raw/wire/source.toml": 'publisher = "The Wire\nlang = "en"\n'},
    "references.pseudonym": {"annotations/jane.jsonl": ""},
    "splits.frozen": {
        "annotations/splits.jsonl": '{"article_id":"wire/1","split":"train"}\n{"article_id":"wire/2","split":"dev"}\n'
        '{"article_id":"wire/1","split":"test"}\n',
    },
}


def line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write(folder: Path, records: Records) -> None:
    for part, found in records.items():
        if found:
            (folder / f"{part}.jsonl").write_bytes(b"".join(map(line, found)))


def make() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)

    def fixture(code: str) -> Path:
        (FOLDER / code).mkdir(parents=True)
        return FOLDER / code

    for code, change in changes():
        records = copy.deepcopy(base())
        change(records)
        write(fixture(code), records)
    for code, floors, records in sets():
        folder = fixture(code)
        write(folder, records)
        (folder / "checks.toml").write_text(floors)
    for code, raw in lines():
        folder = fixture(code)
        write(folder, base() | {"annotations": []})
        (folder / "annotations.jsonl").write_bytes(raw)
    (fixture("schema.unreadable") / "annotations.jsonl").mkdir()
    (FOLDER / "schema.unreadable" / "annotations.jsonl" / "why.txt").write_text("A directory for a file.\n")
    for code, annotator in (("references.misplaced", "p-0000000000ff"), ("references.unsorted", ANNOTATOR)):
        records = base(3)
        folder = fixture(code)
        mine = [record for record in records["annotations"] if record["annotator"] == ANNOTATOR]
        write(folder, records | {"annotations": []})
        ordered = sorted(mine, key=lambda record: record["statement_id"], reverse=code == "references.unsorted")
        (folder / f"{annotator}.jsonl").write_bytes(b"".join(map(line, ordered)))
    for code, files in PROJECTS.items():
        folder = fixture(code)
        for name, content in ({"dipdata.toml": PROJECT} | files).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    for code, name in BREAKS.items():
        (fixture(code) / "break.txt").write_text(name + "\n")
    for folder in sorted(FOLDER.iterdir()):
        (folder / "output.txt").write_text(output(folder), encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return docs/checks.md as the code has it."""
    from dipdata import checks, floors
    from dipdata.checks.catalogue import document

    links = {check.code: f"../tests/checks/golden/{check.code}" for check in checks.all_checks()} | MADE
    return document(PAGE.read_text(encoding="utf-8"), checks.all_checks(), links, floors.described())


def output(folder: Path, release: Path | None = None) -> str:
    """Return what `validate` says of a fixture, as text; a fixture that is a break is applied to a copy of `release`."""
    from dipdata import checks, reports
    from dipdata import project as projects
    from dipdata.checks import folders
    from dipdata.floors import Floors, parse
    from dipdata.problems import Problems

    problems = Problems()
    if (folder / "break.txt").is_file():
        problems = _broken((folder / "break.txt").read_text().strip(), release)
    elif (folder / "dipdata.toml").is_file():
        problems.extend(folders.project_files(projects.load(folder)))
    else:
        floors = folder / "checks.toml"
        checks.check_records(folder, problems, floors=parse(tomllib.loads(floors.read_text())) if floors.is_file() else Floors(), workers=1)
    # What libraries say is theirs, and changes with them.
    told = [dataclasses.replace(problem, message=re.sub("` fails: .*", "` fails: …", problem.message)) for problem in problems]
    return reports.text(reports.Report("validate", folder.name, told))


def _broken(name: str, release: Path | None) -> Any:
    import tempfile

    import breaks
    import test_breaks

    from dipdata import checks
    from dipdata.problems import Problems

    problems = Problems()
    code, apply, sealed = breaks.BREAKS[name]
    with tempfile.TemporaryDirectory() as scratch:
        whole = release or test_breaks.released(Path(scratch) / "project", test_breaks.broken_corpus())
        folder = Path(shutil.copytree(whole, Path(scratch) / "release"))
        apply(folder)
        if sealed:
            breaks.seal(folder)
        checks.check_release(folder, problems, floors=test_breaks.FLOORS, workers=1, load=code in test_breaks.LOADED)
        found = [problem for problem in problems if problem.code == code]
    return found


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]
    make()
