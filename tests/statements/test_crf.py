import dataclasses
import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import samples
from dipdata import verbs
from dipdata.problems import CannotRunError, Problems
from dipdata.statements import crf, features, packs, scoring, segment
from gold import marked


@pytest.fixture(scope="module")
def gold():
    """Our French gold, its paragraphs as documents of their own, so that there are enough to learn from."""
    out = []
    for document in marked.load("fr"):
        text, at = document["text"], 0
        for number, paragraph in enumerate(text.split("\n")):
            end = at + len(paragraph)
            units = [
                {role: [[start - at, stop - at] for start, stop in one[role]] for role in ("content", "source", "cue")}
                | {"optional": one["optional"]}
                for one in document["statements"]
                if all(at <= start and stop <= end for role in ("content", "source", "cue") for start, stop in one[role])
            ]
            if units:
                out.append({"id": f"{document['id']}-{number}", "lang": "fr", "text": paragraph, "statements": units})
            at = end + 1
    return out


@pytest.fixture(scope="module")
def trained(gold):
    return crf.train(gold, "fr", licence="CC-BY-4.0")


@pytest.fixture(scope="module")
def path(trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "fr.model"
    crf.save(path, *trained)
    return path


def test_a_model_learns_what_gold_says(gold, path):
    model = crf.load(path)
    predicted = [{"id": one["id"], "statements": units(model.segment(one["text"], "fr"))} for one in gold]
    assert scoring.score(gold, predicted).f1("rx") > 0.75


def units(statements):
    return [{role: [[span.start, span.end] for span in getattr(one, role)] for role in ("content", "source", "cue")} for one in statements]


def test_it_overrules_the_rules(gold):
    """Taught that nothing is a statement but after one strange verb, the model finds what no rule knows, and nothing else."""
    text = "Le comité blatère que les travaux de la ligne {n} avancent bien. Le ministère a déclaré que le pont numéro {n} serait fermé."
    documents = []
    for n in range(60):
        of = text.format(n=n)
        start, end = of.index("les travaux"), of.index(". Le")
        unit = {"content": [[start, end]], "source": [[0, 9]], "cue": [[10, 17]]}
        documents.append({"id": str(n), "lang": "fr", "text": of, "statements": [unit]})
    model = crf.Model(*crf.train(documents, "fr", licence="x"))
    of = text.format(n=99)
    assert [one.cue[0].surface for one in segment(of, "fr")] == ["a déclaré"]
    (found,) = model.segment(of, "fr")
    assert [span.surface for span in (*found.source, *found.cue)] == ["Le comité", "blatère"]
    assert found.content[0].surface == "les travaux de la ligne 99 avancent bien"
    assert found.rule == "crf" and 0.5 < found.confidence <= 1


def test_the_same_gold_gives_the_same_bytes(gold, trained):
    assert crf.train(gold, "fr", licence="CC-BY-4.0") == trained


def test_the_card_says_what_the_model_is(gold, trained):
    card, parameters = trained
    assert (card.lang, card.licence, card.documents + card.measured_on) == ("fr", "CC-BY-4.0", len(gold))
    assert set(card.f1) == {"exact", "rx", "rel"} and all(0 < value <= 1 for value in card.f1.values())
    assert card.parameters == hashlib.sha256(parameters).hexdigest()
    changed = [gold[0] | {"statements": []}, *gold[1:]]
    assert crf.train(changed, "fr", licence="CC-BY-4.0")[0].data != card.data


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda head, body: (head | {"format": "dipdata-crf-0"}, body), "format 'dipdata-crf-0'"),
        (lambda head, body: (head | {"features": "other"}, body), "other features"),
        (lambda head, body: (head | {"lang": "xx"}, body), "no language pack"),
        (lambda head, body: (head, body[:-9]), "damaged"),
        (lambda head, body: ({"format": crf.FORMAT}, body), "not a model"),
        (lambda head, body: ([1], body), "not a model"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(path, tmp_path, change, message):
    head, _, body = path.read_bytes().partition(b"\n")
    head, body = change(json.loads(head), body)
    other = tmp_path / "other.model"
    other.write_bytes(json.dumps(head).encode() + b"\n" + body)
    with pytest.raises(CannotRunError, match=message):
        crf.load(other)


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 500, b"{}\n", b'"format"\n'])
def test_what_is_no_model_is_refused(tmp_path, content):
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(CannotRunError, match="not a model"):
        crf.load(tmp_path / "other")


def test_another_language_is_refused(path):
    with pytest.raises(CannotRunError, match="the model is for 'fr', the text in 'de'"):
        crf.load(path).segment("Er sagte, er komme.", "de")


def test_too_little_gold_is_refused(gold):
    with pytest.raises(CannotRunError, match="only 5 documents"):
        crf.train(gold[:5], "fr", licence="x")


@pytest.mark.parametrize("text", ["", "\n\n", "....", "« « « »", "a" * 5000, "\u0301\ud800 «x»", "Il a dit :\n\n« Oui. »\n"])
def test_odd_texts_do_no_harm(path, text):
    for one in crf.load(path).segment(text, "fr"):
        assert all(text[span.start : span.end] == span.surface for span in (*one.content, *one.source, *one.cue))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["« ", " »", '"', "a dit", " que ", "Le ministre ", "selon ", ", ", ". ", "\n", "il", "x", "\u0301", "😀"]))
)
def test_any_text_gives_sound_spans_twice_the_same(path, pieces):
    text = "".join(pieces)
    model = crf.load(path)
    found = model.segment(text, "fr")
    assert model.segment(text, "fr") == found
    assert len({one.id for one in found}) == len(found)
    for one in found:
        assert 0 <= one.confidence <= 1 and any(map(str.isalnum, "".join(span.surface for span in one.content)))
        assert all(text[span.start : span.end] == span.surface != "" for span in (*one.content, *one.source, *one.cue))


def test_optional_units_teach_nothing(gold):
    doubtful = [one | {"statements": [unit | {"optional": True} for unit in one["statements"]]} for one in gold[:40]]
    with pytest.raises(CannotRunError, match="nothing to learn from"):
        crf.train(doubtful, "fr", licence="x")


def test_train_then_segment_files_and_a_project(gold, tmp_path, monkeypatch):
    source, model = tmp_path / "gold.jsonl", tmp_path / "fr.model"
    source.write_text("".join(json.dumps(one) + "\n" for one in gold))
    card = verbs.train([source], model, lang="fr", problems=Problems())
    assert card == crf.load(model).card
    found = verbs.evaluate([source], model=model, problems=Problems())
    assert found.scores.f1("rx") > 0.75
    documents = [{"id": "a", "lang": "fr", "text": gold[0]["text"]}, {"id": "b", "lang": "en", "text": 'The envoy said: "No."'}]
    source.write_text("".join(json.dumps(one) + "\n" for one in documents))
    problems = Problems()
    first, second = verbs.segment_documents([source], model=model, problems=problems)
    assert len(first["statements"]) == len(crf.load(model).segment(gold[0]["text"]))
    assert second["statements"]
    assert [(problem.code, problem.record, problem.severity) for problem in problems] == [("segment.model-language", "b", "warning")]


def test_features_of_a_paragraph_are_bounded_by_its_tokens():
    pack = packs.get("fr")
    text = "mot " * 7000
    parts = list(features.paragraphs(text, pack, [(0, len(text))]))
    assert [len(part.starts) for part in parts] == [3000, 3000, 1000]
    assert [part.number for part in parts] == [0, 1, 2]
    assert len(features.Extractor(pack).features(text, parts[2], [])) == 1000


def test_an_article_keeps_its_zones_and_its_ids(path):
    article = samples.article()
    (found,) = crf.load(path).segment_article(article)
    assert (found.article_id, found.article_sha256) == (article.id, article.sha256)
    assert dataclasses.replace(found, confidence=0.0).form == "direct"
