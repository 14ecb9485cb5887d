import json

import pytest

import samples
from dipdata.problems import Problems
from dipdata.release import tabular
from dipdata.release.export import Options, export

mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed: pip install -e '.[dev]'")


@pytest.fixture
def release(project):
    return export(project, "0.1.0", samples.corpus(6), problems=Problems()).path


def plain(value, name):
    """A record as mlcroissant gives it, with the prefixes of field ids and the bytes of texts taken away."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, list):
        return [plain(item, name) for item in value]
    if isinstance(value, dict):
        return {key.removeprefix(f"{name}/"): plain(item, key) for key, item in value.items()}
    return value


def codes(value, feature):
    """A row with class names as codes."""
    if isinstance(feature, dict):
        return {key: codes(value[key], of) for key, of in feature.items()}
    if hasattr(feature, "feature"):
        return [codes(item, feature.feature) for item in value]
    return feature.str2int(value) if hasattr(feature, "str2int") and value is not None else value


@pytest.mark.parametrize("mode", ["full", "quotes", "none"])
def test_records_are_the_rows_of_the_tables(project, mode):
    release = export(project, "0.1.0", samples.corpus(6), options=Options(mode), problems=Problems()).path
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    assert dataset.metadata.issues.errors == set() and dataset.metadata.issues.warnings == set()
    entries = json.loads((release / "release.json").read_text())["files"]
    tables = [entry for entry in entries if entry["config"]]
    assert len(tables) == 12
    for entry in tables:
        name = f"{entry['config']}/{entry['split']}"
        features = project.contract.features(entry["config"])
        rows = [codes(row, features) for row in tabular.read_file(release / entry["path"])]
        assert [plain(record, name) for record in dataset.records(name)] == rows


def test_class_codes_have_their_names(project, release):
    dataset = mlcroissant.Dataset(jsonld=str(release / "croissant.json"))
    found = [plain(record, "labels/stance") for record in dataset.records("labels/stance")]
    assert [record["name"] for record in found] == list(project.contract.values("stance"))


def test_every_column_is_described(release):
    values = json.loads((release / "croissant.json").read_text())
    sets = [one for one in values["recordSet"] if not one["@id"].startswith("labels/")]
    bare = {field["@id"].split("/", 2)[2] for one in sets for field in one["field"] if not field.get("description")}
    assert len(sets) == 12 and bare == set()


def test_the_rai_vocabulary_is_understood(release):
    metadata = mlcroissant.Dataset(jsonld=str(release / "croissant.json")).metadata
    assert "2 annotators" in str(metadata.annotator_demographics)
    assert "Label Studio" in str(metadata.data_annotation_platform)
    assert metadata.cite_as.startswith("@misc{small-0.1.0")


def test_a_changed_table_is_noticed(release):
    path = next((release / "articles").iterdir())
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(Exception, match=r"operation Download"):
        for entry in ("articles/train", "articles/validation", "articles/test"):
            list(mlcroissant.Dataset(jsonld=str(release / "croissant.json")).records(entry))
