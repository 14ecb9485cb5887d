"""Statement -> Label Studio task, and Label Studio annotation -> Annotation. Pure functions.

Label Studio neither validates annotations nor checks offsets, so every span is checked against the text on each crossing. It counts
code points as dipdata does, and the task carries the article's whole text, so offsets are the same on both sides.
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import html
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dipdata import spans
from dipdata.records import (
    Annotation,
    Article,
    Span,
    StanceTarget,
    Statement,
    annotation_id,
    from_dict,
    statement_id,
    text_sha256,
    to_dict,
)
from dipdata.schemas import Contract
from dipdata.studio.config import NOT_A_STATEMENT
from dipdata.studio.words import direction, words

MODEL = "dipdata"
# Targets come first: Alt+. steps through the regions in this order, and only targets ask for an answer.
REGIONS = ("target", "content", "source", "cue")
# What is answered of the statement as a whole.
WHOLE = ("sentiment", "validity", "act")
# What PostgreSQL or JSON cannot hold.
UNSENDABLE = re.compile("[\0\ud800-\udfff]")
# Kinds of zones that tell nothing of a statement beside them.
BESIDE_TEXT = frozenset({"credit", "published", "teaser", "boilerplate"})
RELATIONS = {"said_by": "source", "cued_by": "cue", "about": "target"}
Json = dict[str, Any]


class RefusedError(ValueError):
    """A record that may not cross: `code` names the fault, the message says what is wrong, `remedy` what to do."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code = code
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Task:
    """A task read back from Label Studio: its number there, and the statement and text that it was made from."""

    number: int
    statement: Statement
    text: str
    guideline: str
    scheme: str


def to_task(article: Article, statement: Statement, *, guideline: str, scheme: str, lang: str = "en") -> Json:
    """Return the task for a statement: data to show, the statement as it is in `meta`, and its regions as a prediction.

    The fingerprint tells by its first half whether the statement, by its second whether what is shown around it has changed.
    `lang` is the annotator's language, for what stands above the text.

    Raises RefusedError where a span does not stand in the article's text, or the text is not the one that the statement was made on.
    """
    if article.sha256 != statement.article_sha256 or text_sha256(article.text) != article.sha256:
        raise RefusedError("push.text-changed", f"its article {article.id} has another text now", "Segment the article again.")
    if UNSENDABLE.search(article.text):
        raise RefusedError("push.text", f"the text of {article.id} has NUL characters or lone surrogates", "Clean the article.")
    _check_spans(article.text, statement, "push.span")
    top, values = header(article, statement, lang), to_dict(statement)
    return {
        "data": {
            "statement_id": statement.id,
            "article_id": article.id,
            "content": " … ".join(span.surface for span in statement.content),
            "text": article.text,
            "header": top,
            "lang": statement.lang,
            "direction": direction(statement.lang),
            "guideline": guideline,
            "scheme": scheme,
            "fingerprint": f"{_digest(values)}-{_digest([top, guideline, scheme])}",
        },
        "meta": {"statement": values},
        "predictions": [{"model_version": MODEL, "score": statement.confidence, "result": to_result(statement)}],
    }


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def header(article: Article, statement: Statement, lang: str = "en") -> str:
    """Return the HTML above the text: speakers, date, outlet and language of the article, told in the annotator's language `lang`.

    Its class tells the config's style the direction. A long article is shown by the paragraphs around the statement, with the whole of it
    behind one click: its other lines are hidden by style alone, so that offsets stay those of the whole text.
    """
    date, language = _localized(article.date, statement.lang, lang)
    parts = [*(speaker.name for speaker in statement.speakers), date, article.outlet, language]
    top = " · ".join(f"<bdi>{html.escape(part)}</bdi>" for part in parts if part)
    way = direction(statement.lang)
    first, last, total = context(article, statement)
    whole = ""
    if first > 1 or last < total:
        closed = ".dipdata:not(:has(.dipdata-whole[open])) .lsf-htx-richtext "
        hidden = ",".join(f"{closed}{tag}:nth-of-type({which})" for tag, which in _others(first, last))
        whole = f'<style>{hidden}{{display:none}}</style><details class="dipdata-whole"><summary>{words(lang).whole}</summary></details>'
    return f'<div class="dipdata-{way}" dir="{way}"><p>{top}</p>{whole}</div>'


def context(article: Article, statement: Statement) -> tuple[int, int, int]:
    """Return first and last line, counted from 1, of the paragraphs around a statement, and the number of lines there are.

    They are the paragraphs that its spans stand in, and the one before and after, unless that is no text but a label or a pointer. Lines
    are those that Label Studio 1.23 makes (`RichText/view.jsx`): divided at each line feed and each carriage return.
    """
    lines = re.split("[\n\r]", article.text)
    offsets = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    marked = [*statement.content, *statement.source, *statement.cue, *statement.targets]
    first = bisect.bisect_right(offsets, min(span.start for span in marked)) - 1
    last = bisect.bisect_right(offsets, max(span.end for span in marked) - 1) - 1
    filled = [number for number, line in enumerate(lines) if line.strip()]
    before = next((number for number in reversed(filled) if number < first), 0)
    after = next((number for number in filled if number > last), len(lines) - 1)

    def beside(number: int) -> bool:
        line = lines[number]
        start, end = offsets[number] + len(line) - len(line.lstrip()), offsets[number] + len(line.rstrip())
        return any(zone.kind in BESIDE_TEXT and zone.start <= start < end <= zone.end for zone in article.zones)

    return (first if beside(before) else before) + 1, (last if beside(after) else after) + 1, len(lines)


def _others(first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yield tag and position of the lines, and of the breaks between them, that are not `first` to `last`."""
    for tag, end in ((".lsf-richtext__line", last + 1), ("br", last)):
        if first > 1:
            yield tag, f"-n+{first - 1}"
        yield tag, f"n+{end}"


@functools.lru_cache(maxsize=4096)
def _localized(date: str | None, code: str, lang: str) -> tuple[str | None, str]:
    """Return a date (ISO 8601) and the name of a language, written out in the language `lang`."""
    import babel
    import babel.dates

    try:
        locale = babel.Locale(lang)
        name = locale.languages.get(code, code)
        return (babel.dates.format_date(datetime.fromisoformat(date).date(), "long", locale) if date else None), name
    except (ValueError, babel.UnknownLocaleError):
        return date, code


def to_result(record: Statement | Annotation) -> list[Json]:
    """Return a record as Label Studio's list of results: regions with targets first, relations, and an annotation's answers."""
    by_kind: dict[str, Iterable[Span | StanceTarget]] = {
        "target": record.targets,
        "content": record.content,
        "source": record.source,
        "cue": record.cue,
    }
    regions: list[Json] = []
    answers: list[Json] = []
    for kind in REGIONS:
        for number, span in enumerate(by_kind[kind]):
            place = {"start": span.start, "end": span.end, "text": span.surface}
            item = {"id": f"{kind}-{number}", "to_name": "text"}
            regions.append(item | {"from_name": "span", "type": "labels", "value": place | {"labels": [kind]}})
            if isinstance(span, StanceTarget) and span.stance is not None:
                answers.append(item | _choice("stance", span.stance, place))
    relations = [
        {"type": "relation", "from_id": "content-0", "to_id": region["id"], "direction": "right", "labels": [name]}
        for name, kind in RELATIONS.items()
        for region in regions
        if record.content and region["value"]["labels"] == [kind]
    ]
    if isinstance(record, Annotation):
        for name in WHOLE:
            value = getattr(record, name)
            if value is not None:
                answers.append({"id": name, "to_name": "text"} | _choice(name, value, {}))
    return regions + answers + relations


def _choice(name: str, value: str, place: Json) -> Json:
    return {"from_name": name, "type": "choices", "value": place | {"choices": [value]}}


def read_task(task: Mapping[str, Any], contract: Contract) -> Task:
    """Return the statement and text of an exported task.

    Raises RefusedError where dipdata did not make the task, or its text or statement was changed on the server.
    """
    data, meta = task.get("data") or {}, task.get("meta") or {}
    number = int(task.get("id") or 0)
    values = meta.get("statement") if isinstance(meta, dict) else None
    text = data.get("text")
    if not isinstance(values, dict) or not isinstance(text, str):
        raise RefusedError("pull.foreign-task", f"task {number} was not made by dipdata", "Delete it, or move it to another project.")
    push_again = "Delete the task and push its statement again."
    for finding in contract.findings("statement", values):
        raise RefusedError("pull.task-changed", f"task {number}: {finding.message} at {finding.pointer}", push_again)
    statement = from_dict(Statement, values)
    changed = text_sha256(text) != statement.article_sha256
    if changed or statement_id(statement.article_sha256, spans.pairs(statement.content)) != statement.id:
        raise RefusedError("pull.task-changed", f"task {number}: its text or statement was changed on the server", push_again)
    _check_spans(text, statement, "pull.task-changed")
    return Task(number, statement, text, str(data.get("guideline")), str(data.get("scheme")))


def read_annotation(task: Task, values: Mapping[str, Any], annotator: str, *, draft: bool, contract: Contract) -> Annotation:
    """Return what an annotator left on a task, from an exported annotation or draft; `annotator` is the pseudonym.

    Spans come in text order. Lead time is in seconds, times are in UTC.
    Raises RefusedError on a span that does not stand in the text, an unknown label, or two stances on one target.
    """
    found = _Answers(task, contract)
    for item in values.get("result") or []:
        found.take(item)
    validity = found.choices.get("validity")
    # Label Studio asks for the stance of every target before it submits, but not before it skips. So whoever says that there is no
    # statement skips the rest of the questions; that is an answer, not a skip.
    skipped = bool(values.get("was_cancelled")) and validity != NOT_A_STATEMENT
    status = "draft" if draft else "skipped" if skipped else "submitted"
    if validity is None and status == "submitted":
        validity = contract.definition("validity")["x-default"]
    lead = values.get("lead_time")
    statement = task.statement
    annotation = Annotation(
        id=annotation_id(statement.id, annotator),
        statement_id=statement.id,
        annotator=annotator,
        status=status,
        validity=validity,
        sentiment=found.choices.get("sentiment"),
        targets=found.targets(),
        content=found.of("content"),
        source=found.of("source"),
        cue=found.of("cue"),
        lead_time=None if lead is None else float(lead),
        guideline=task.guideline,
        scheme=task.scheme,
        created=utc(values["created_at"]),
        updated=utc(values["updated_at"]),
        act=found.choices.get("act"),
    )
    for finding in contract.findings("annotation", to_dict(annotation)):
        raise RefusedError("pull.invalid", f"task {task.number}: {finding.message} at {finding.pointer}", "Correct it in Label Studio.")
    return annotation


def utc(time: str) -> str:
    """Return an RFC 3339 time in UTC with a Z. Raises ValueError where it is none."""
    return datetime.fromisoformat(time).astimezone(UTC).isoformat().replace("+00:00", "Z")


class _Answers:
    """The results of one annotation, sorted out by kind as they are taken."""

    def __init__(self, task: Task, contract: Contract) -> None:
        self._task = task
        self._contract = contract
        self._regions: dict[str, tuple[str, Span]] = {}
        self._stances: dict[str, str] = {}
        self.choices: dict[str, str] = {}

    def take(self, item: Any) -> None:
        kind = item.get("type") if isinstance(item, dict) else None
        name = item.get("from_name") if kind in ("labels", "choices") else None
        if kind == "relation":
            return
        value = item.get("value") if name else None
        if not isinstance(value, dict):
            raise self._unknown(f"a result of type {kind!r}")
        if name == "span" and kind == "labels":
            label = self._one(value.get("labels"), "region")
            self._regions[str(item.get("id"))] = (label, self._span(value))
        elif name == "stance" and kind == "choices":
            self._stances[str(item.get("id"))] = self._one(value.get("choices"), "stance")
        elif name in WHOLE and kind == "choices":
            self.choices[name] = self._one(value.get("choices"), name)
        else:
            raise self._unknown(f"a result of {name!r}")

    def of(self, kind: str) -> tuple[Span, ...]:
        return tuple(sorted({span for label, span in self._regions.values() if label == kind}))

    def targets(self) -> tuple[StanceTarget, ...]:
        stances: dict[Span, str | None] = {}
        for region, (label, span) in self._regions.items():
            if label != "target":
                continue
            stance = self._stances.get(region)
            known = stances.get(span)
            if known is not None and stance is not None and known != stance:
                raise RefusedError(
                    "pull.two-stances",
                    f"task {self._task.number}: target {span.start}-{span.end} has both {known!r} and {stance!r}",
                    "Ask the annotator to delete one of the two regions.",
                )
            stances[span] = known or stance
        return tuple(StanceTarget(span.start, span.end, span.surface, stances[span]) for span in sorted(stances))

    def _span(self, value: Mapping[str, Any]) -> Span:
        start, end, surface = value.get("start"), value.get("end"), value.get("text")
        if type(start) is not int or type(end) is not int or not isinstance(surface, str):
            raise RefusedError("pull.span", f"task {self._task.number}: a region without start, end and text", "Mark the region again.")
        span = Span(start, end, surface)
        wrong = spans.mismatch(self._task.text, span)
        if wrong:
            raise RefusedError("pull.span", f"task {self._task.number}: {wrong}", "Ask the annotator to mark the region again.")
        return span

    def _one(self, values: Any, name: str) -> str:
        if not isinstance(values, list) or len(values) != 1 or values[0] not in self._contract.values(name):
            raise self._unknown(f"{name} {values!r}")
        return str(values[0])

    def _unknown(self, what: str) -> RefusedError:
        return RefusedError(
            "pull.unknown-label",
            f"task {self._task.number}: {what} is not in schema/labels.schema.json",
            "Correct it in Label Studio, or add the value to the schema.",
        )


def _check_spans(text: str, statement: Statement, code: str) -> None:
    for name in ("content", "source", "cue", "targets"):
        for span in getattr(statement, name):
            wrong = spans.mismatch(text, span)
            if wrong:
                raise RefusedError(code, f"{name}: {wrong}", "Segment the article again and push anew.")
