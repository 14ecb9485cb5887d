import copy
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.records import Annotation, StanceTarget, Zone, annotation_id, statement_id, text_sha256
from dipdata.schemas import Contract, packaged
from dipdata.spans import cut
from dipdata.studio.tasks import RefusedError, context, read_annotation, read_task, to_result, to_task, utc
from studio.examples import example, find

CONTRACT = Contract(packaged())
WHO = "p-00000000000a"
# Letters of both directions, an emoji beyond the basic plane, a combining mark, line ends: all that could shift an offset.
TEXTS = st.text(alphabet="aé ب😀\u0301\r\n«»\u200f", min_size=1, max_size=60)


@st.composite
def spans_of(draw: st.DrawFn, text: str, least: int = 0) -> list[tuple[int, int]]:
    starts = draw(st.lists(st.integers(0, len(text) - 1), min_size=least, max_size=3, unique=True))
    return sorted({(start, draw(st.integers(start + 1, len(text)))) for start in starts})


@st.composite
def annotated(draw: st.DrawFn):
    article, statement = example("fr")
    text = draw(TEXTS)
    article = replace(article, text=text, sha256=text_sha256(text))
    content = draw(spans_of(text, least=1))
    statement = replace(
        statement,
        id=statement_id(article.sha256, content),
        article_sha256=article.sha256,
        content=cut(text, content),
        **{name: cut(text, draw(spans_of(text))) for name in ("source", "cue", "targets")},
    )
    status = draw(st.sampled_from(CONTRACT.values("status")))
    optional = st.none() if status != "submitted" else st.nothing()
    # Whoever says that there is no statement may skip the other questions, and has answered.
    validities = [value for value in CONTRACT.values("validity") if status != "skipped" or value != "not_a_statement"]
    annotation = Annotation(
        id=annotation_id(statement.id, WHO),
        statement_id=statement.id,
        annotator=WHO,
        status=status,
        validity=draw(st.sampled_from(validities) | optional),
        sentiment=draw(st.sampled_from(CONTRACT.values("sentiment")) | st.none()),
        targets=tuple(
            StanceTarget(start, end, text[start:end], draw(st.sampled_from(CONTRACT.values("stance")) | st.none()))
            for start, end in draw(spans_of(text))
        ),
        content=cut(text, draw(spans_of(text))),
        source=cut(text, draw(spans_of(text))),
        cue=cut(text, draw(spans_of(text))),
        lead_time=draw(st.none() | st.floats(0, 1e6)),
        guideline="1.2.0",
        scheme="1.0.0",
        created="2026-05-01T09:00:00.123456Z",
        updated="2026-05-01T09:01:00Z",
        act=draw(st.none() | st.sampled_from(CONTRACT.values("act"))),
    )
    return article, statement, annotation


def exported(article, statement, result, **more):
    """The task and annotation as Label Studio exports them, by the fields that are read."""
    task = to_task(article, statement, guideline="1.2.0", scheme="1.0.0")
    values = {
        "result": result,
        "was_cancelled": False,
        "lead_time": 1.5,
        "created_at": "2026-05-01T09:00:00.123456Z",
        "updated_at": "2026-05-01T09:01:00Z",
    }
    return task | {"id": 7}, values | more


def back(article, statement, result, **more):
    task, values = exported(article, statement, result, **more)
    return read_annotation(read_task(task, CONTRACT), values, WHO, draft=False, contract=CONTRACT)


@given(annotated())
def test_whatever_crosses_comes_back_the_same(case) -> None:
    article, statement, annotation = case
    task, values = exported(
        article, statement, to_result(annotation), lead_time=annotation.lead_time, was_cancelled=annotation.status == "skipped"
    )
    read = read_task(task, CONTRACT)
    assert (read.statement, read.text, read.number) == (statement, article.text, 7)
    assert read_annotation(read, values, WHO, draft=annotation.status == "draft", contract=CONTRACT) == annotation


@given(annotated())
def test_an_accepted_prediction_gives_the_statement_back(case) -> None:
    article, statement, _ = case
    task = to_task(article, statement, guideline="1.2.0", scheme="1.0.0")
    annotation = back(article, statement, task["predictions"][0]["result"])
    assert (annotation.content, annotation.source, annotation.cue) == (statement.content, statement.source, statement.cue)
    assert annotation.targets == tuple(StanceTarget(t.start, t.end, t.surface, None) for t in statement.targets)
    assert (annotation.status, annotation.validity, annotation.sentiment) == ("submitted", "valid", None)


def test_targets_come_first_and_relations_go_out_from_the_content() -> None:
    result = to_result(example("fr")[1])
    regions = [item["value"]["labels"][0] for item in result if item["type"] == "labels"]
    assert regions == ["target", "target", "content", "source", "cue"]
    relations = {(item["from_id"], item["labels"][0], item["to_id"]) for item in result if item["type"] == "relation"}
    assert relations == {
        ("content-0", "said_by", "source-0"),
        ("content-0", "cued_by", "cue-0"),
        ("content-0", "about", "target-0"),
        ("content-0", "about", "target-1"),
    }


def test_a_skip_that_says_there_is_no_statement_is_an_answer() -> None:
    article, statement = example("fr")
    no = {"id": "v", "from_name": "validity", "to_name": "text", "type": "choices", "value": {"choices": ["not_a_statement"]}}
    annotation = back(article, statement, [*to_result(statement), no], was_cancelled=True)
    assert (annotation.status, annotation.validity) == ("submitted", "not_a_statement")
    assert back(article, statement, to_result(statement), was_cancelled=True).status == "skipped"


@given(st.text(alphabet="ab\n\r", min_size=1, max_size=40), st.data())
def test_the_context_holds_every_span_and_a_filled_line_around(text: str, data: st.DataObject) -> None:
    article, statement = example("fr")
    marked = cut(text, data.draw(spans_of(text, least=1)))
    first, last, total = context(replace(article, text=text), replace(statement, content=marked, source=(), cue=(), targets=()))
    lines = re.split("[\n\r]", text)
    assert (total, 1 <= first <= last <= total) == (len(lines), True)
    start = sum(len(line) + 1 for line in lines[: first - 1])
    end = sum(len(line) + 1 for line in lines[:last])
    assert start <= marked[0].start
    assert max(span.end for span in marked) <= end
    assert first == 1 or lines[first - 1]
    assert last == total or lines[last - 1]


def test_the_context_leaves_out_labels_and_pointers() -> None:
    article, statement = example("fr")
    text = article.text.replace("\n\n«", "\n\n Partager \n\n«") + "\nLire aussi : le bac\n"
    names = ("content", "source", "cue", "targets")
    marked = {name: cut(text, find(text, *(span.surface for span in getattr(statement, name)))) for name in names}
    zones = tuple(Zone(kind, *find(text, line)[0]) for kind, line in (("boilerplate", "Partager"), ("teaser", "Lire aussi : le bac")))
    assert context(replace(article, text=text), replace(statement, **marked)) == (5, 9, 10)
    assert context(replace(article, text=text, zones=zones), replace(statement, **marked)) == (7, 7, 10)


@pytest.mark.parametrize(("lang", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_the_task_says_its_direction(lang: str, direction: str) -> None:
    data = to_task(*example(lang), guideline="1.2.0", scheme="1.0.0")["data"]
    assert data["direction"] == direction
    assert f'class="dipdata-{direction}" dir="{direction}"' in data["header"]


def test_the_header_escapes_what_it_shows() -> None:
    article, statement = example("fr")
    data = to_task(replace(article, outlet="<b>&"), statement, guideline="1.2.0", scheme="1.0.0")["data"]
    assert "<bdi>&lt;b&gt;&amp;</bdi>" in data["header"]


def wrong_surface(article, statement):
    return article, replace(statement, cue=(replace(statement.cue[0], surface="a dit"),))


def beyond_the_text(article, statement):
    return article, replace(statement, source=(replace(statement.source[0], end=9999),))


def other_text(article, statement):
    return replace(article, text=article.text + "!", sha256=text_sha256(article.text + "!")), statement


def false_hash(article, statement):
    return replace(article, text=article.text + "!"), statement


def lone_surrogate(article, statement):
    text = article.text + "\ud83d"
    sha256 = text_sha256(text)
    return replace(article, text=text, sha256=sha256), replace(statement, article_sha256=sha256)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (wrong_surface, "push.span"),
        (beyond_the_text, "push.span"),
        (other_text, "push.text-changed"),
        (false_hash, "push.text-changed"),
        (lone_surrogate, "push.text"),
    ],
)
def test_what_does_not_fit_is_not_pushed(spoil, code: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        to_task(*spoil(*example("fr")), guideline="1.2.0", scheme="1.0.0")
    assert refusal.value.code == code


def change(number: int, **value: object):
    def spoil(result):
        result[number]["value"] |= value

    return spoil


def rename(result):
    result[0]["from_name"] = "mood"


def append(*items: object):
    return lambda result: result.extend(items)


CHOICE = {"from_name": "stance", "to_name": "text", "type": "choices"}


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (change(0, start=0), "pull.span"),
        (change(0, text="x"), "pull.span"),
        (change(0, start=900, end=2), "pull.span"),
        (change(0, start=-3, end=1), "pull.span"),
        (change(0, start="1"), "pull.span"),
        (change(0, start=True), "pull.span"),
        (change(0, labels=["goal"]), "pull.unknown-label"),
        (change(0, labels=[]), "pull.unknown-label"),
        (change(0, labels=["target", "cue"]), "pull.unknown-label"),
        (change(0, labels=None), "pull.unknown-label"),
        (rename, "pull.unknown-label"),
        (append({"from_name": "comment", "type": "textarea", "value": {"text": ["?"]}}), "pull.unknown-label"),
        (append({"from_name": "sentiment", "type": "choices", "value": {"choices": ["angry"]}}), "pull.unknown-label"),
        (append("not an object"), "pull.unknown-label"),
        (append({"type": "labels"}), "pull.unknown-label"),
    ],
)
def test_what_does_not_fit_is_not_pulled(spoil, code: str) -> None:
    article, statement = example("fr")
    result = copy.deepcopy(to_result(statement))
    spoil(result)
    with pytest.raises(RefusedError) as refusal:
        back(article, statement, result)
    assert refusal.value.code == code
    assert "task 7" in str(refusal.value)


def test_two_stances_on_one_target_are_refused_and_one_is_merged() -> None:
    article, statement = example("fr")
    result = to_result(statement)
    twin = copy.deepcopy(result[0]) | {"id": "twin"}
    favor = CHOICE | {"id": "target-0", "value": {"choices": ["favor"]}}
    against = CHOICE | {"id": "twin", "value": {"choices": ["against"]}}
    assert back(article, statement, [*result, twin, favor]).targets[0].stance == "favor"
    with pytest.raises(RefusedError, match="both 'favor' and 'against'"):
        back(article, statement, [*result, twin, favor, against])


def foreign(task):
    task["meta"] = {}


def other_task_text(task):
    task["data"]["text"] += "."


def other_id(task):
    task["meta"]["statement"]["id"] = "s-0123456789abcdef"


def no_longer_valid(task):
    task["meta"]["statement"]["scope"] = "rumour"


def other_span(task):
    task["meta"]["statement"]["cue"][0]["surface"] = "a dit"


def no_data(task):
    task["data"] = None


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (foreign, "pull.foreign-task"),
        (no_data, "pull.foreign-task"),
        (other_task_text, "pull.task-changed"),
        (other_id, "pull.task-changed"),
        (no_longer_valid, "pull.task-changed"),
        (other_span, "pull.task-changed"),
    ],
)
def test_a_task_that_is_not_as_pushed_is_refused(spoil, code: str) -> None:
    task, _ = exported(*example("fr"), [])
    task = copy.deepcopy(task)
    spoil(task)
    with pytest.raises(RefusedError) as refusal:
        read_task(task, CONTRACT)
    assert refusal.value.code == code


def test_negative_lead_time_is_refused() -> None:
    with pytest.raises(RefusedError, match="lead_time"):
        back(*example("fr"), [], lead_time=-1)


@pytest.mark.parametrize(
    ("given_time", "in_utc"),
    [("2026-05-01T11:00:00+02:00", "2026-05-01T09:00:00Z"), ("2026-05-01T09:00:00.5Z", "2026-05-01T09:00:00.500000Z")],
)
def test_times_are_put_in_utc(given_time: str, in_utc: str) -> None:
    assert utc(given_time) == in_utc
