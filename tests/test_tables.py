import subprocess
import sys

import pytest

from dipdata import records, tables
from dipdata.problems import CannotRunError
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())


def annotation(**changes):
    values = {
        "id": "a-" + "0" * 16,
        "statement_id": "s-" + "0" * 16,
        "annotator": "p-" + "0" * 12,
        "status": "submitted",
        "validity": "valid",
        "sentiment": None,
        "targets": [{"start": 3, "end": 5, "surface": "x😀", "stance": "against"}],
        "content": [{"start": 0, "end": 5, "surface": "abcx😀"}],
        "source": [],
        "cue": [],
        "lead_time": 3.5,
        "guideline": "1.0.0",
        "scheme": "1.0.0",
        "created": "2026-01-01T00:00:00Z",
        "updated": "2026-01-01T00:00:00Z",
    }
    return records.from_dict(records.Annotation, values | changes)


def test_records_come_back_as_written(tmp_path):
    written = [annotation(), annotation(id="a-" + "1" * 16, status="draft", validity=None, targets=[])]
    path = tmp_path / "deep" / "annotations.parquet"
    tables.write_records(path, written, CONTRACT.features("annotations"))
    assert list(tables.read_records(path, records.Annotation)) == written


def test_reading_imports_neither_datasets_nor_pandas(tmp_path):
    path = tmp_path / "annotations.parquet"
    tables.write_records(path, [annotation()], CONTRACT.features("annotations"))
    code = (
        "import pathlib, sys\n"
        "from dipdata import records, tables\n"
        f"(record,) = tables.read_records(pathlib.Path({str(path)!r}), records.Annotation)\n"
        "print(record.targets[0].stance, sorted({'datasets', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=1) == ["against", "[]\n"]


def test_the_same_records_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        tables.write_records(tmp_path / name, [annotation()], CONTRACT.features("annotations"))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_label_outside_the_list_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="'favour' is not one of \\['favor'"):
        tables.write_records(
            tmp_path / "x",
            [annotation(targets=[{"start": 0, "end": 1, "surface": "a", "stance": "favour"}])],
            CONTRACT.features("annotations"),
        )
    assert list(tmp_path.iterdir()) == []


def test_a_truncated_file_is_named(tmp_path):
    path = tmp_path / "annotations.parquet"
    tables.write_records(path, [annotation()], CONTRACT.features("annotations"))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CannotRunError, match=r"annotations[.]parquet: cannot be read as annotation records"):
        list(tables.read_records(path, records.Annotation))
