"""An enum value of the schema arrives everywhere: Label Studio, `datasets`, Arrow and the card are made from it."""

import json
import shutil

import pytest

from dipdata.release import blocks
from dipdata.schemas import Contract, packaged
from dipdata.studio.config import labelling_config


@pytest.mark.parametrize("name", ["stance", "sentiment", "validity"])
def test_a_changed_value_arrives_in_all_four(tmp_path, name):
    folder = shutil.copytree(packaged(), tmp_path / "schema")
    path = folder / "labels.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    first = document["$defs"][name]["oneOf"][0]
    first |= {"const": "changed_value", "title": "Changed title", "description": "A changed meaning."}
    path.write_text(json.dumps(document), encoding="utf-8")
    contract = Contract(folder)

    assert 'value="Changed title" alias="changed_value"' in labelling_config(contract)
    config = "default" if name != "validity" else "statements"
    assert contract.features(config)[name].names[0] == "changed_value"
    assert b'"changed_value"' in contract.arrow(config).metadata[b"huggingface"]
    assert "| 0 | `changed_value` | Changed title | A changed meaning. |" in blocks.labels(contract)
