"""The ML backend: alone, and asked by the real server."""

import json
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from dipdata import verbs
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.statements import segment
from dipdata.studio import accounts, sync
from dipdata.studio.backend import predictions
from dipdata.studio.client import prediction_faults
from dipdata.studio.config import labelling_config
from dipdata.studio.tasks import to_result
from gold import marked
from studio.examples import example

TEXT = "“The bridge is open,” the ministry of transport said on Monday. “Nobody waits any more,” the ministry added."


@contextmanager
def running(model=None):
    backend = verbs.backend(port=0, model=model)
    threading.Thread(target=backend.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{backend.server_port}"
    backend.shutdown()
    backend.server_close()


def ask(url: str, body: bytes | None = None):
    with urllib.request.urlopen(urllib.request.Request(url, data=body)) as answer:
        return json.load(answer)


def test_every_statement_of_a_text_is_found_and_fits_the_config(studio_free_project) -> None:
    (prediction,) = predictions([{"data": {"text": TEXT, "lang": "en"}}], segment)
    labels = [item["value"]["labels"][0] for item in prediction["result"] if item["type"] == "labels"]
    assert labels.count("content") == 2
    ids = [item["id"] for item in prediction["result"] if "id" in item]
    assert len(ids) == len(set(ids))
    for item in prediction["result"]:
        if item["type"] == "labels":
            assert TEXT[item["value"]["start"] : item["value"]["end"]] == item["value"]["text"]
        else:
            assert {item["from_id"], item["to_id"]} <= set(ids)
    assert list(prediction_faults(labelling_config(studio_free_project.contract), [prediction])) == [None]


@pytest.fixture
def studio_free_project(tmp_path):
    (tmp_path / "dipdata.toml").write_text('name = "backend"\nlicence = "CC-BY-4.0"\n')
    return verbs.load_project(tmp_path)


@pytest.mark.parametrize("data", [None, 3, {"text": 7}, {"text": ""}, {"text": "x", "lang": 3}, {"text": "Ingen språk här.", "lang": "sv"}])
def test_a_task_without_a_text_gets_an_empty_prediction(data) -> None:
    assert [each["result"] for each in predictions([{"data": data}, data], segment)] == [[], []]


def test_the_protocol_answers_and_refuses() -> None:
    with running() as url:
        assert ask(f"{url}/health")["status"] == "UP"
        assert ask(f"{url}/versions")["versions"] == ["dipdata"]
        assert ask(f"{url}/setup", b'{"project": "1.2", "schema": "<View/>"}') == {"model_version": "dipdata"}
        answer = ask(f"{url}/predict", json.dumps({"tasks": [{"data": {"text": TEXT}}]}).encode())
        assert len(answer["results"]) == 1
        assert ask(f"{url}/predict", b'{"tasks": 3}')["results"] == []
        for page, body in (("predict", b"no json"), ("predict", b"[]"), ("elsewhere", b"{}")):
            with pytest.raises(urllib.error.HTTPError) as refusal:
                ask(f"{url}/{page}", body)
            assert refusal.value.code in (400, 404)
        with pytest.raises(CannotRunError, match="--port"):
            verbs.backend(port=int(url.rpartition(":")[2]))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of English, trained on the gold that is in tests/."""
    folder = tmp_path_factory.mktemp("trained")
    gold, model = folder / "gold.jsonl", folder / "en.model"
    documents = [document | {"id": f"{document['id']}-{turn}"} for turn in range(2) for document in marked.load("en")]
    gold.write_text("".join(json.dumps(document) + "\n" for document in documents))
    verbs.train([gold], model, lang="en", problems=Problems())
    return model


@pytest.mark.studio
@pytest.mark.parametrize("engine", ["rules", "crf"])
def test_the_server_asks_for_predictions_on_tasks_imported_by_hand(studio_server: Project, engine: str, request) -> None:
    project = replace(studio_server, name=f"backend-{engine}", studio_project=f"backend-{engine}")
    pushed = example("fr")
    sync.push(project, [pushed], problems=Problems())
    client = accounts.connect(project)
    number = client.find_project(project.studio_project).number
    given = {"data": {"text": TEXT, "lang": "en", "header": ""}}
    client.import_tasks(number, [given])
    task = max(each for each, _ in client.tasks(number))
    with running(request.getfixturevalue("trained") if engine == "crf" else None) as url:
        (expected,) = ask(f"{url}/predict", json.dumps({"tasks": [given]}).encode())["results"]
        made = client._request("POST", "/api/ml/", json={"project": number, "url": url, "title": "segmenter"})
        assert made["state"] == "CO"
        client._request(
            "POST", f"/api/dm/actions?id=retrieve_tasks_predictions&project={number}", json={"selectedItems": {"all": True, "excluded": []}}
        )
    # When nobody answers any more, what was pushed is still shown with its regions.
    (shown,) = client._request("GET", f"/api/projects/{number}/next")["predictions"]
    assert shown["result"] == to_result(pushed[1])
    (prediction,) = client.predictions(task)
    assert prediction["result"] == expected["result"]
    assert prediction["score"] == pytest.approx(expected["score"])
    contents = [item for item in prediction["result"] if item["type"] == "labels" and item["value"]["labels"] == ["content"]]
    assert len(contents) == 2


def test_a_trained_engine_answers_for_its_language_and_the_rules_for_others(trained: Path) -> None:
    french = "« Le pont est ouvert », a déclaré lundi le ministère des Transports."
    with running(trained) as url:
        tasks = [{"data": {"text": TEXT, "lang": "en"}}, {"data": {"text": french, "lang": "fr"}}, {"data": {"text": TEXT}}]
        english, other, identified = ask(f"{url}/predict", json.dumps({"tasks": tasks}).encode())["results"]
    assert english["result"]
    assert (english["result"], english["score"]) == (identified["result"], identified["score"])
    assert english["score"] != min(statement.confidence for statement in segment(TEXT, "en"))
    assert other["result"] == next(predictions([tasks[1]], segment))["result"]
    with pytest.raises(CannotRunError, match="cannot be read"):
        verbs.backend(port=0, model=trained / "none")
