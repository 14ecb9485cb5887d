import dataclasses
import json

import pytest

import samples
from dipdata import inputs, verbs
from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus, Gold, Speaker, StanceTarget, statement_id, text_sha256, to_dict
from dipdata.spans import cut

CHANGE = dataclasses.replace
TEXT = (
    "Réunion 👩‍👩‍👧 sur l'eau\n\n« L'accord\ntient », a dit le ministère, « et la Suède le sait ».\n\nPersonne n'a répondu. "
    "Selon la Norvège, l'eau monte.\n"
)


def corpus():
    """Two articles, with what is hard: discontinuous content over a line end, no cue, two targets, all statuses, gold by a person."""
    first = samples.article(1, text=TEXT.strip(), sha256=text_sha256(TEXT.strip()), title="Réunion")
    text = first.text
    parts = samples.find(text, "« L'accord\ntient »", "« et la Suède le sait »")
    one = CHANGE(
        samples.statement(samples.article()),
        id=statement_id(first.sha256, parts),
        article_id=first.id,
        article_sha256=first.sha256,
        content=cut(text, parts),
        source=cut(text, samples.find(text, "le ministère")),
        cue=cut(text, samples.find(text, "a dit")),
        targets=cut(text, samples.find(text, "L'accord", "la Suède")),
        speakers=(Speaker("ministère", "organisation", None), Speaker("Norvège", "state", "NO")),
        chain=("Agence", "porte-parole"),
        addressees=("la presse",),
        form="mixed",
    )
    bare = samples.find(text, "l'eau monte")
    two = CHANGE(
        one, id=statement_id(first.sha256, bare), content=cut(text, bare), source=(), cue=(), targets=(), form="indirect", speakers=()
    )
    three = samples.statement(samples.article(2))
    a, b = samples.ANNOTATORS
    moved = cut(text, samples.find(text, "L'accord\ntient"))
    annotations = [
        samples.annotation(
            one,
            a,
            targets=tuple(StanceTarget(*t, s) for t, s in zip(map(dataclasses.astuple, one.targets), ("favor", "none"), strict=True)),
        ),
        samples.annotation(one, b, content=moved, act="deny", sentiment="neutral", lead_time=None),
        samples.annotation(two, a, status="skipped", validity=None, sentiment=None, content=(), source=(), cue=()),
        samples.annotation(two, b, status="draft", validity=None, sentiment=None),
        samples.annotation(three, a, validity="not_a_statement", sentiment=None, targets=()),
    ]
    gold = [
        Gold(one.id, "valid", "positive", annotations[0].targets, a, (), "1.0.0", act="deny"),
        Gold(three.id, "not_a_statement", None, (), "rule:majority", (annotations[4].id,), "1.0.0"),
    ]
    return Corpus([first, samples.article(2)], [one, two, three], annotations, gold)


def project(folder, found=None):
    folder.mkdir()
    (folder / "dipdata.toml").write_text('name = "small"\nlicence = "CC-BY-4.0"\n[splits]\ntrain = 1.0\n')
    (folder / "raw").mkdir()
    if found:
        lines = "".join(
            json.dumps({k: getattr(a, k) for k in ("text", "lang", "title", "date", "url")} | {"id": a.id[5:]}) + "\n"
            for a in found.articles
        )
        (folder / "raw" / "wire").mkdir()
        (folder / "raw" / "wire" / "articles.jsonl").write_text(lines)
        (folder / "raw" / "wire" / "source.toml").write_text('publisher = "The Test Wire"\nlicence = "CC-BY-4.0"\n')
        store.write_statements(folder / "annotations", found.statements)
        store.write_annotations(folder / "annotations", found.annotations)
        store.write_gold(folder / "annotations", found.gold)
    return verbs.load_project(folder)


def stored(project):
    problems = Problems()
    annotations, gold = inputs.load_annotations(project, problems)
    statements = store.read_statements(project.annotations, project.contract, problems)
    assert list(problems) == []
    return {
        (type(record).__name__, getattr(record, "id", None) or record.statement_id): to_dict(record)
        for record in (*statements, *annotations, *gold)
    }


def articles(project):
    keys = ("id", "source", "outlet", "lang", "title", "date", "url", "licence", "text", "sha256")
    return [{key: getattr(article, key) for key in keys} for article in inputs.load_articles(project, Problems())]


@pytest.mark.parametrize("form", ["jsonl", "brat", "label-studio"])
def test_what_goes_out_comes_back(form, tmp_path):
    before = project(tmp_path / "before", corpus())
    folder = tmp_path / "out"
    written, files = verbs.export_to(before, form, folder, problems=Problems())
    assert (written, files) == (folder, len([path for path in folder.rglob("*") if path.is_file()]))
    after = project(tmp_path / "after")
    problems = Problems()
    done = verbs.import_from(after, form, folder, problems=problems)
    assert [str(problem) for problem in problems] == []
    fresh = {s.id for s in inputs.load_statements(before, inputs.load_articles(before, Problems()), Problems())} - {
        s.id for s in corpus().statements
    }
    found = {key: values for key, values in stored(after).items() if key[1] not in fresh}
    wanted = stored(before)
    if form == "label-studio":  # gold by a rule is made anew by `adjudicate`
        wanted = {key: values for key, values in wanted.items() if values.get("by") != "rule:majority"}
        assert sum("by" in values for values in wanted.values()) == 1
    if form == "brat":
        assert any(values.get("content") == [] for values in wanted.values())
    assert found == wanted
    assert articles(after) == articles(before)
    assert done.articles == 2 and done.present == 0
    again = verbs.import_from(after, form, folder, problems=Problems())
    assert (again.articles, again.statements, again.annotations, again.gold) == (0, 0, 0, 0)
    assert again.present == len(stored(after))


def test_gold_of_a_task_that_is_none_is_refused(tmp_path):
    folder = tmp_path / "out"
    verbs.export_to(project(tmp_path / "before", corpus()), "label-studio", folder, problems=Problems())
    path = folder / "tasks.json"
    tasks = json.loads(path.read_text())
    next(task["meta"]["gold"] for task in tasks if "gold" in task["meta"])["validity"] = "fine"
    path.write_text(json.dumps(tasks))
    problems = Problems()
    done = verbs.import_from(project(tmp_path / "after"), "label-studio", folder, problems=problems)
    assert [(p.code, p.pointer) for p in problems] == [("import.invalid", "/validity")] and (done.gold, done.statements) == (0, 3)


def test_the_order_of_statements_is_that_of_the_texts(tmp_path):
    before = project(tmp_path / "before", corpus())
    verbs.export_to(before, "jsonl", tmp_path / "out", problems=Problems())
    lines = [json.loads(line) for line in (tmp_path / "out" / "statements.jsonl").read_text().splitlines()]
    ids = [one["id"] for one in lines]
    assert ids != sorted(ids)
    assert lines == sorted(lines, key=lambda one: (one["article_id"], one["content"][0]["start"], one["id"]))


def test_csv_holds_the_rows_of_default(tmp_path):
    import csv

    before = project(tmp_path / "before", corpus())
    folder, files = verbs.export_to(before, "csv", problems=Problems())
    assert (folder, files) == (before.dist / "small-csv", 1)
    with (folder / "default.csv").open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["statement_id"] == corpus().statements[0].id]
    assert [(row["target"], row["stance"], row["content"]) for row in found] == [
        ("L'accord", "favor", "« L'accord\ntient » … « et la Suède le sait »"),
        ("la Suède", "none", "« L'accord\ntient » … « et la Suède le sait »"),
    ]


def test_conll_marks_each_token(tmp_path):
    before = project(tmp_path / "before", corpus())
    folder, _ = verbs.export_to(before, "conll", tmp_path / "out", problems=Problems())
    lines = (folder / "wire" / "article-01.conll").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    text = corpus().articles[0].text
    assert all(text[int(start) : int(end)] == token for _, token, start, end, *_ in rows)
    marks = {row[1]: row[4] for row in rows}
    assert (marks["dit"], marks["ministère"], marks["Personne"]) == ("I-CUE", "I-SOURCE", "O")
    assert [row[4] for row in rows].count("B-CONTENT") == 2


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    before = project(tmp_path / "before", corpus())
    (tmp_path / "out").mkdir()
    with pytest.raises(CannotRunError, match=r"exists[.] Name a new folder"):
        verbs.export_to(before, "jsonl", tmp_path / "out", problems=Problems())


@pytest.mark.parametrize("form", ["jsonl", "brat", "uima", "label-studio"])
def test_nothing_of_the_form_is_said(form, tmp_path):
    after = project(tmp_path / "after")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CannotRunError, match=f"holds nothing in the form {form}"):
        verbs.import_from(after, form, tmp_path / "empty", problems=Problems())
    with pytest.raises(CannotRunError, match="not there"):
        verbs.import_from(after, form, tmp_path / "none", problems=Problems())


def test_one_bad_line_does_not_lose_the_others(tmp_path):
    before = project(tmp_path / "before", corpus())
    folder, _ = verbs.export_to(before, "jsonl", tmp_path / "out", problems=Problems())
    path = folder / "annotations.jsonl"
    lines = sorted(path.read_text().splitlines(), key=lambda line: '"favor"' not in line)
    path.write_text("\n".join(["{", lines[0].replace('"favor"', '"favour"'), *lines[1:]]) + "\n")
    after = project(tmp_path / "after")
    problems = Problems()
    done = verbs.import_from(after, "jsonl", folder, problems=problems)
    assert {(p.code, p.record) for p in problems} == {("import.not-json", "annotations.jsonl:1"), ("import.invalid", "annotations.jsonl:2")}
    assert done.annotations == 4


def test_other_texts_under_the_same_source_are_refused(tmp_path):
    before = project(tmp_path / "before", corpus())
    folder, _ = verbs.export_to(before, "jsonl", tmp_path / "out", problems=Problems())
    after = project(tmp_path / "after")
    verbs.import_from(after, "jsonl", folder, problems=Problems())
    path = folder / "articles.jsonl"
    path.write_text(path.read_text().replace("article-02", "article-03"))
    with pytest.raises(CannotRunError, match=r"holds other texts[.] Give another --source"):
        verbs.import_from(after, "jsonl", folder, problems=Problems())
