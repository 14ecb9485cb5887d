import json

import pytest

import samples
from dipdata import verbs
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Span
from dipdata.statements import evaluation, scoring
from dipdata.statements.corrections import corrected
from gold import marked


def written(path, documents):
    path.write_text("".join(json.dumps(document, ensure_ascii=False) + "\n" for document in documents), encoding="utf-8")
    return path


def test_the_engine_is_run_on_the_texts_of_gold(tmp_path):
    gold = list(marked.load("fr"))[:3]
    found = verbs.evaluate([written(tmp_path / "gold.jsonl", gold)], problems=Problems())
    assert found.scores.measures["rx"].gold == sum(not unit["optional"] for one in gold for unit in one["statements"])
    assert found.scores.f1("rx") > 0.7
    assert all(error.rule for error in found.errors if error.kind == "spurious")


def test_predictions_are_scored_as_they_are(tmp_path):
    gold = list(marked.load("en"))[:2]
    path = written(tmp_path / "gold.jsonl", gold)
    found = verbs.evaluate([path], predictions=path, problems=Problems())
    assert found.scores.f1("rel") == 1 and not found.errors
    assert found.to_dict()["exact"]["F1"] == 1.0


def test_only_documents_of_a_language(tmp_path):
    both = [next(marked.load("fr")), next(marked.load("de"))]
    path = written(tmp_path / "gold.jsonl", both)
    assert verbs.evaluate([path], predictions=path, lang="de", problems=Problems()).scores.documents == 1


@pytest.mark.parametrize(("content", "message"), [("{]\n", "gold.jsonl:1: no document"), ("", "no gold to evaluate on")])
def test_gold_that_cannot_be_read_is_refused(tmp_path, content, message):
    (tmp_path / "gold.jsonl").write_text(content)
    with pytest.raises(CannotRunError, match=message):
        verbs.evaluate([tmp_path / "gold.jsonl"], problems=Problems())


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CannotRunError, match="cannot be read"):
        verbs.evaluate([tmp_path / "none.jsonl"], problems=Problems())


def test_the_table_has_a_row_a_measure_and_a_row_a_form():
    gold = [next(marked.load("fr"))]
    shown = evaluation.table(scoring.score(gold, gold))
    rows = {line.split()[0]: line.split()[1:4] for line in shown.splitlines() if line[:1].isalpha() and "." in line}
    assert set(scoring.MEASURES) <= set(rows) and {"direct", "mixed", "indirect"} <= set(rows)
    assert rows["exact"] == ["1.000", "1.000", "1.000"]


def test_the_listing_says_how_many_more_there_are():
    gold = list(marked.load("fr"))[:4]
    found = evaluation.evaluate(gold, [])
    assert "and" in evaluation.listing(found.errors, 1).splitlines()[-1]
    assert evaluation.listing(found.errors, 0).count("\n") == 0


def moved(of, end):
    return (Span(of.content[0].start, end, ""),)


def test_corrections_are_what_most_annotators_say():
    article = samples.article()
    one = samples.statement(article)
    wide = moved(one, one.content[0].end + 1)
    said = [samples.annotation(one, f"p-{n}", content=wide if n else one.content) for n in range(3)]
    (document,) = corrected([article], [one], said, problems=Problems())
    assert document["statements"] == [
        {
            "content": [[wide[0].start, wide[0].end]],
            "source": [[one.source[0].start, one.source[0].end]],
            "cue": [[one.cue[0].start, one.cue[0].end]],
            "optional": False,
        }
    ]


@pytest.mark.parametrize(
    ("validities", "expected"),
    [
        (("not_a_statement",), []),
        (("valid", "not_a_statement"), [True]),
        (("wrong_boundaries",), [True]),
        (("valid", "valid", "not_a_statement"), [False]),
    ],
)
def test_what_is_no_statement_goes_and_what_is_doubtful_is_optional(validities, expected):
    article = samples.article()
    one = samples.statement(article)
    said = [samples.annotation(one, f"p-{n}", validity=validity) for n, validity in enumerate(validities)]
    (document,) = corrected([article], [one], said, problems=Problems())
    assert [unit["optional"] for unit in document["statements"]] == expected


def test_drafts_do_not_count():
    article = samples.article()
    one = samples.statement(article)
    assert not list(corrected([article], [one], [samples.annotation(one, status="draft")], problems=Problems()))


def test_an_article_annotated_in_part_is_left_out_and_named():
    article = samples.article()
    one = samples.statement(article)
    other = samples.statement(article, id="s-other")
    problems = Problems()
    assert not list(corrected([article], [one, other], [samples.annotation(one)], problems=problems))
    assert [(problem.code, problem.record, problem.severity) for problem in problems] == [("train.partly-annotated", article.id, "warning")]
