import json
import shutil

import jsonschema
import pytest
import referencing
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
from dipdata import records, tables
from dipdata.problems import CannotRunError
from dipdata.schemas import CONFIGS, Contract, packaged

CONTRACT = Contract(packaged())
REGISTRY = referencing.Registry().with_resources(
    (url, referencing.Resource.from_contents(document)) for url, document in CONTRACT.documents.items()
)


def reference(name):
    """The validator that is the reference: `jsonschema`. Formats are off in both; patterns say what they would."""
    return jsonschema.Draft202012Validator(CONTRACT.document(name), registry=REGISTRY)


@pytest.mark.parametrize("url", CONTRACT.documents)
def test_each_schema_is_one(url):
    jsonschema.Draft202012Validator.check_schema(CONTRACT.documents[url])


@pytest.mark.parametrize("name", CONTRACT.label_lists())
def test_each_value_has_title_and_description(name):
    for label in CONTRACT.labels(name):
        assert label.title and label.description.endswith(".")


@pytest.mark.parametrize("config", CONFIGS)
def test_features_survive_in_the_arrow_schema(config):
    assert tables.features_of(CONTRACT.arrow(config)) == CONTRACT.features(config)


def test_class_codes_are_stored_as_bytes():
    schema = CONTRACT.arrow("statements")
    assert str(schema.field("sentiment").type) == "int8"
    assert str(schema.field("stances").type.value_type.field("stance").type) == "int8"
    assert "int64" not in str(schema.remove_metadata())


RECORDS = [
    (type(record).__name__.lower(), records.to_dict(record))
    for record in (getattr(samples.corpus(1), part)[0] for part in ("articles", "statements", "annotations", "gold"))
]
HASH = "0123456789abcdef" * 4
RECORDS += [
    (
        "source",
        {
            "publisher": "Example Wire",
            "kind": "agency",
            "country": "CH",
            "lang": "en",
            "licence": "CC-BY-4.0",
            "url": "https://wire.example/about",
            "invented": True,
            "encoding": "utf-8",
            "skip": ["draft-*.txt"],
            "files": {"2026-01-15-ferry.txt": {"date": "2026-01-15", "title": "The ferry"}},
        },
    ),
    (
        "release",
        {
            "name": "small",
            "version": "1.2.0",
            "title": "Small",
            "licence": "CC-BY-4.0",
            "date": "2026-03-01",
            "text_mode": "full",
            "languages": ["fr", "ar"],
            "seed": 0,
            "splits": {"train": 0.7, "validation": 0.15, "test": 0.15},
            "hold_out": "lang=fr",
            "guideline": "1.0.0",
            "scheme": "1.0.0",
            "schema_sha256": HASH,
            "sources": {"commit": None, "articles_sha256": HASH, "statements_sha256": HASH, "annotations_sha256": HASH},
            "previous": {"version": "1.1.0", "sha256": HASH},
            "tools": {"dipdata": "0.1.0", "datasets": "4.0.0", "pyarrow": "21.0.0"},
            "files": [{"path": "default/train-0.parquet", "bytes": 9, "sha256": HASH, "config": "default", "split": "train", "rows": 3}],
        },
    ),
]
TEXTS = ["2026-02-01\n", "2026-13-01", "fr\n", "s-" + "0" * 16 + "\n", "٣", "http://x\n", "http://é.example", "1.0.0", "DE"]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.text(max_size=4),
    st.sampled_from(TEXTS),
    st.just([]),
    st.just({}),
    st.floats(allow_nan=False),
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_both_validators_judge_alike(data):
    name, record = data.draw(st.sampled_from(RECORDS))
    record = json.loads(json.dumps(record))
    place = record
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        deeper = place[key]
        if isinstance(deeper, dict | list) and deeper and data.draw(st.booleans()):
            place = deeper
            continue
        break
    match data.draw(st.sampled_from(["junk", "drop", "add", "keep"])):
        case "junk":
            place[key] = data.draw(JUNK)
        case "drop":
            del place[key]
        case "add" if isinstance(place, dict):
            place[data.draw(st.text(min_size=1, max_size=3))] = data.draw(JUNK)
    assert CONTRACT.is_valid(name, record) == reference(name).is_valid(record)


VALUES = (
    None,
    True,
    0,
    -1,
    1.5,
    12.0,
    2**63,
    "",
    "x",
    "x\n",
    "\u0661",
    "none",
    "FR",
    "2026-13-01",
    "1.0.0\n",
    [],
    [[]],
    [{}],
    {},
    {"start": 0},
)


def mutations(name, record):
    """Yield the record with each key at each depth dropped, doubled under another name, or given each value in turn."""

    def places(value, path=()):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (*path, key)
            if isinstance(value[key], dict | list):
                yield from places(value[key], (*path, key))

    yield record
    for path in places(record):
        for value in (*VALUES, ...):
            copy = json.loads(json.dumps(record))
            place = copy
            for key in path[:-1]:
                place = place[key]
            if value is ...:
                del place[path[-1]]
            else:
                place[path[-1]] = value
            yield copy


@pytest.mark.parametrize(("name", "record"), RECORDS, ids=[name for name, _ in RECORDS])
def test_both_validators_judge_every_mutation_alike(name, record):
    whole = reference(name)
    assert CONTRACT.is_valid(name, record)
    tried = {json.dumps(each, sort_keys=True): each for each in mutations(name, record)}
    assert len(tried) > 100
    valid = {key for key, each in tried.items() if CONTRACT.is_valid(name, each)}
    assert 0 < len(valid) < len(tried)
    assert valid == {key for key, each in tried.items() if whole.is_valid(each)}


def test_a_finding_has_a_pointer():
    name, record = RECORDS[2]
    broken = record | {"targets": [record["targets"][0] | {"stance": "favour"}]}
    assert [finding.pointer for finding in CONTRACT.findings(name, broken)] == ["/targets/0/stance"]


def test_a_missing_or_broken_schema_is_named(tmp_path):
    folder = shutil.copytree(packaged(), tmp_path / "schema")
    (folder / "gold.schema.json").write_text("{")
    with pytest.raises(CannotRunError, match=r"gold\.schema\.json: not a JSON Schema"):
        Contract(folder)
    (folder / "gold.schema.json").unlink()
    with pytest.raises(CannotRunError, match=r"no gold\.schema\.json"):
        Contract(folder)
