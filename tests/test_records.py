import pytest

import samples
from dipdata import records
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())


@pytest.mark.parametrize("part", ["articles", "statements", "annotations", "gold"])
def test_records_mirror_their_schemas(part):
    record = getattr(samples.corpus(1), part)[0]
    name = type(record).__name__.lower()
    assert list(record.__slots__) == list(CONTRACT.document(name)["properties"])
    assert list(CONTRACT.findings(name, records.to_dict(record))) == []


@pytest.mark.parametrize("part", ["articles", "statements", "annotations", "gold"])
def test_records_come_back_from_plain_values(part):
    record = getattr(samples.corpus(1), part)[0]
    assert records.from_dict(type(record), records.to_dict(record)) == record


def test_an_unknown_key_is_refused():
    values = records.to_dict(samples.corpus(1).gold[0])
    with pytest.raises(TypeError, match="colour"):
        records.from_dict(records.Gold, values | {"colour": "red"})


def test_ids_depend_on_what_they_name():
    assert records.statement_id("a" * 64, [(0, 5)]) == records.statement_id("a" * 64, ((0, 5),))
    assert len({records.statement_id("a" * 64, p) for p in ([(0, 5)], [(0, 6)], [(0, 5), (7, 9)])}) == 3
    assert records.annotation_id("s-1", "p-1") != records.annotation_id("s-1", "p-2")
