import json
from pathlib import Path

import pytest

from dipdata.articles.loose import read_documents
from dipdata.problems import Problems

TEXT = "Le ministère a annoncé mercredi qu'il fermerait ses ports aux chalutiers islandais, à compter du mois de mars."


def read(name, data, **options):
    problems = Problems()
    return list(read_documents(Path(name), data.encode() if isinstance(data, str) else data, problems=problems, **options)), list(problems)


def test_text_is_cleaned_and_its_language_identified():
    (article,), problems = read("page.txt", TEXT + "\r\n\r\n\r\nFin  ")
    assert (article.id, article.lang, article.text) == ("page", "fr", TEXT + "\n\nFin")
    assert problems == []


def test_the_text_and_id_of_jsonl_are_taken_as_they_are():
    line = json.dumps({"id": "polnear/a b", "lang": "en", "text": "Titre\r\n" + TEXT + "  "})
    (article,), _ = read("bench.jsonl", line, lang="de")
    assert (article.id, article.lang, article.text) == ("polnear/a b", "en", "Titre\r\n" + TEXT + "  ")


@pytest.mark.parametrize(
    ("data", "format_"),
    [(TEXT, "text"), (json.dumps({"text": TEXT}), "jsonl"), (f"<!DOCTYPE html><html><body><p>{TEXT * 3}</p></body></html>", "html")],
)
def test_a_pipe_is_known_by_its_first_bytes(data, format_):
    (article,), _ = read("-", data)
    assert article.format == format_


@pytest.mark.parametrize(("data", "code"), [("", "ingest.empty"), (b"\0\1\2", "ingest.binary"), ("12 34", "ingest.language-unknown")])
def test_what_is_refused_is_said(data, code):
    articles, problems = read("x.txt", data)
    assert articles == [] and [problem.code for problem in problems] == [code]
    assert read("x.txt", "12 34", lang="fr")[1] == []
