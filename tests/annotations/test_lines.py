"""The index of annotations/: which lines are of which article, whoever wrote them."""

import orjson
import pyarrow as pa
import pytest

import samples
from dipdata.annotations import lines, store
from dipdata.annotations.lines import STRAY, Lines
from dipdata.records import Annotation, Gold, Statement, to_dict

CORPUS = samples.corpus(6)
IDS = sorted(article.id for article in CORPUS.articles)


def other(line):
    """Return a line as another program might write it."""
    return orjson.dumps(dict(reversed(orjson.loads(line).items()))).replace(b'":', b'": ')


def spoil(path, places):
    """Write some lines otherwise, and put lines that are no records between them."""
    written = path.read_bytes().splitlines()
    made = [other(line) if n in places else line for n, line in enumerate(written)]
    path.write_bytes(b"\n".join([b"", b"{", made[0], b'{"id":"s-1"}', *made[1:]]))


@pytest.fixture(params=[(), (1, 3)], ids=["as dipdata writes", "otherwise"])
def folder(request, tmp_path):
    store.write_statements(tmp_path, CORPUS.statements)
    store.write_annotations(tmp_path, CORPUS.annotations)
    store.write_gold(tmp_path, CORPUS.gold)
    if request.param:
        for path in tmp_path.glob("*.jsonl"):
            spoil(path, request.param)
    return tmp_path


@pytest.mark.parametrize("block", [40, 900, lines.BLOCK])
def test_each_record_is_found_by_its_article(folder, monkeypatch, block):
    monkeypatch.setattr(lines, "BLOCK", block)
    index = Lines(folder, IDS)
    index.answers()
    for number, key in enumerate(IDS):
        mine = [s for s in CORPUS.statements if s.article_id == key]
        assert list(lines.read(lines.extract(index.statements, [number]), Statement)) == mine
        for file in index.annotations:
            of = [a for a in CORPUS.annotations if a.statement_id == mine[0].id and a.annotator == file.path.stem]
            assert list(lines.read(lines.extract(file, [number]), Annotation)) == of
        gold = [g for g in CORPUS.gold if g.statement_id == mine[0].id]
        assert list(lines.read(lines.extract(index.gold, [number]), Gold)) == gold
        assert lines.normal(lines.extract(index.gold, [number]), Gold) == [orjson.dumps(to_dict(g)) for g in gold]
        assert index.labels[number] == {"statements": 1, "sentiment=positive": 1, "stance=favor": 1}


def test_what_is_of_no_article_is_stray(folder):
    index = Lines(folder, IDS[1:])
    index.answers()
    assert [file.articles.tolist() for file in (index.statements, *index.annotations, index.gold)] == [[STRAY, 0, 1, 2, 3, 4]] * 4


def test_frozen_statements_are_known_by_their_ids(folder):
    index = Lines(folder, IDS)
    ids = [CORPUS.statements[2].id, "s-0000000000000000", "s-x", CORPUS.statements[0].id]
    assert index.frozen(pa.array(ids)).tolist() == [True, False, False, True]
    assert index.frozen(pa.array([], pa.string())).tolist() == []


def test_statements_that_are_not_frozen_have_answers_too(tmp_path):
    store.write_annotations(tmp_path, CORPUS.annotations)
    index = Lines(tmp_path, IDS)
    index.answers([(CORPUS.statements[4].id, 4)])
    assert [file.articles.tolist() for file in index.annotations] == [[STRAY] * 5 + [4]] * 2
    assert index.statements is None and index.gold is None
