from pathlib import Path

import pytest

from dipdata.annotations import store
from dipdata.problems import Problems
from dipdata.schemas import Contract, packaged
from samples import ANNOTATORS, annotation, article, corpus, statement

CONTRACT = Contract(packaged())


def read_all(folder: Path) -> tuple[list[object], Problems]:
    problems = Problems()
    readers = (store.read_annotations, store.read_gold, store.read_statements)
    return [reader(folder, CONTRACT, problems) for reader in readers], problems


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    whole = corpus(5)
    paths = store.write_annotations(tmp_path, reversed(whole.annotations))
    store.write_gold(tmp_path, reversed(whole.gold))
    store.write_statements(tmp_path, reversed(whole.statements))
    assert [path.stem for path in paths] == list(ANNOTATORS)
    (annotations, gold, statements), problems = read_all(tmp_path)
    assert not list(problems)
    assert annotations == sorted(whole.annotations, key=lambda a: (a.annotator, a.statement_id))
    assert gold == sorted(whole.gold, key=lambda g: g.statement_id)
    assert statements == sorted(whole.statements, key=lambda s: s.id)


def test_same_records_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    whole = corpus(5)
    for name, records in (("a", whole.annotations), ("b", whole.annotations[::-1])):
        store.write_annotations(tmp_path / name, records)
    for annotator in ANNOTATORS:
        content = (tmp_path / "a" / f"{annotator}.jsonl").read_bytes()
        assert content == (tmp_path / "b" / f"{annotator}.jsonl").read_bytes()
        assert content.endswith(b"}\n")
        assert content.count(b"\n") == 5
        assert "Le ministère norvégien".encode() in content


def test_writing_one_annotator_leaves_the_other_alone(tmp_path: Path) -> None:
    whole = corpus(3)
    store.write_annotations(tmp_path, whole.annotations)
    other = (tmp_path / f"{ANNOTATORS[1]}.jsonl").read_bytes()
    store.write_annotations(tmp_path, [a for a in whole.annotations[:1] if a.annotator == ANNOTATORS[0]])
    assert (tmp_path / f"{ANNOTATORS[1]}.jsonl").read_bytes() == other


def test_no_folder_is_an_empty_store(tmp_path: Path) -> None:
    found, problems = read_all(tmp_path / "none")
    assert found == [[], [], []]
    assert not list(problems)


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        (b'{"id": ', "store.not-json", "not JSON"),
        (b"\xff\xfe", "store.not-json", "not JSON"),
        (b"[1]", "store.invalid", "object"),
        (b'{"id": "a-0123456789abcdef"}', "store.invalid", "has no 'statement_id'"),
        (b"null", "store.invalid", "object"),
    ],
)
def test_a_broken_line_is_a_problem_and_the_rest_is_read(tmp_path: Path, line: bytes, code: str, says: str) -> None:
    whole = corpus(3)
    (path, _) = store.write_annotations(tmp_path, whole.annotations)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([lines[0], line, *lines[1:]]))
    (annotations, _, _), problems = read_all(tmp_path)
    assert len(annotations) == 6
    assert {(p.code, p.file, p.line) for p in problems} == {(code, str(path), 2)}
    assert any(says in p.message for p in problems)


def test_a_wrong_label_names_record_and_pointer(tmp_path: Path) -> None:
    of = statement(article())
    store.write_annotations(tmp_path, [annotation(of, sentiment="furious")])
    (annotations, _, _), problems = read_all(tmp_path)
    assert annotations == []
    assert {(p.record, p.pointer) for p in problems} == {(annotation(of).id, "/sentiment")}


def test_another_annotators_record_and_a_second_record_are_refused(tmp_path: Path) -> None:
    whole = corpus(2)
    first, second = store.write_annotations(tmp_path, whole.annotations)
    stray = second.read_bytes().split(b"\n")[0]
    own = first.read_bytes()
    first.write_bytes(own + own.split(b"\n")[0] + b"\n" + stray + b"\n")
    (annotations, _, _), problems = read_all(tmp_path)
    assert len(annotations) == 4
    assert [(p.code, p.line) for p in problems] == [("store.misplaced", 3), ("store.misplaced", 4)]
