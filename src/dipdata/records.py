"""The records that stages hand to each other: Article, Statement, Annotation, Gold.

Each mirrors its schema in `schema/`, field by field, in the same order. Every span counts Unicode code points of `Article.text`.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch `[start, end)` of an article's text, with its surface."""

    start: int
    end: int
    surface: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of an article that is not running text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One document, cleaned, with its text frozen by `sha256`."""

    id: str
    source: str
    outlet: str
    lang: str
    title: str | None
    date: str | None
    url: str | None
    licence: str
    path: str
    format: str
    encoding: str
    text: str
    sha256: str
    zones: tuple[Zone, ...]


@dataclass(frozen=True, slots=True)
class Speaker:
    """The resolved entity behind a source; `country` is the state it speaks for (ISO 3166-1 alpha-2)."""

    name: str
    kind: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One attribution relation: content, source and cue in an article."""

    id: str
    article_id: str
    article_sha256: str
    lang: str
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    form: str
    scope: str
    speakers: tuple[Speaker, ...]
    chain: tuple[str, ...]
    addressees: tuple[str, ...]
    targets: tuple[Span, ...]
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class StanceTarget:
    """A target span and the stance towards it; None while not answered or not decided."""

    start: int
    end: int
    surface: str
    stance: str | None


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one annotator said of one statement. `lead_time` is in seconds; times are RFC 3339 in UTC."""

    id: str
    statement_id: str
    annotator: str
    status: str
    validity: str | None
    sentiment: str | None
    targets: tuple[StanceTarget, ...]
    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    lead_time: float | None
    guideline: str
    scheme: str
    created: str
    updated: str
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Gold:
    """The adjudicated label of one statement, with the rule or person that made it."""

    statement_id: str
    validity: str
    sentiment: str | None
    targets: tuple[StanceTarget, ...]
    by: str
    annotations: tuple[str, ...]
    guideline: str
    act: str | None = None


@dataclass(frozen=True, slots=True)
class Corpus:
    """All records of a project, as verbs hand them to release and checks."""

    articles: Sequence[Article]
    statements: Sequence[Statement]
    annotations: Sequence[Annotation]
    gold: Sequence[Gold]


Record = TypeVar("Record", Article, Statement, Annotation, Gold)


def to_dict(record: Any) -> dict[str, Any]:
    """Return the record as plain JSON values: tuples become lists, nested records dicts."""
    dump: Callable[[Any], dict[str, Any]] = _dumper(type(record))  # type: ignore[arg-type]
    return dump(record)


def from_dict(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """Return the record of `kind` that plain JSON `values` stand for; validate the values first.

    Raises TypeError on a missing or unknown key.
    """
    build: Callable[[Any], Record] = _builder(kind)  # type: ignore[arg-type]
    return build(values)


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def statement_id(article_sha256: str, content: Pairs) -> str:
    """Return the id of the statement with these content spans; the same text and spans give the same id for ever."""
    key = article_sha256 + ";" + ",".join(f"{start}-{end}" for start, end in content)
    return "s-" + hashlib.sha256(key.encode()).hexdigest()[:16]


def annotation_id(statement: str, annotator: str) -> str:
    """Return the id of an annotator's annotation of a statement."""
    return "a-" + hashlib.sha256(f"{statement};{annotator}".encode()).hexdigest()[:16]


def _as_is(value: Any) -> Any:
    return value


@functools.cache
def _dumper(kind: Any) -> Callable[[Any], dict[str, Any]]:
    """Return what turns a record of `kind` into plain values; looked up once a type, as `_builder`."""
    names: tuple[str, ...] = kind.__slots__
    values_of = attrgetter(*names)
    deep: list[tuple[str, Callable[[Any], list[Any]]]] = []
    for name, hint in get_type_hints(kind).items():
        if get_origin(hint) is tuple:
            item = get_args(hint)[0]
            deep.append((name, _lister(_dumper(item)) if hasattr(item, "__slots__") else list))

    if not deep:
        return lambda record: dict(zip(names, values_of(record), strict=True))

    def dump(record: Any) -> dict[str, Any]:
        values = dict(zip(names, values_of(record), strict=True))
        for name, build in deep:
            values[name] = build(values[name])
        return values

    return dump


def _lister(dump: Callable[[Any], dict[str, Any]]) -> Callable[[Any], list[Any]]:
    return lambda items: [dump(item) for item in items]


@functools.cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """Return what turns a plain value into one of `kind`. Looked up once a type, since a large dataset has millions of spans."""
    if get_origin(kind) is tuple:
        item = _builder(get_args(kind)[0])
        return tuple if item is _as_is else lambda values: tuple([item(value) for value in values])
    if isinstance(kind, UnionType):
        arm = _builder(next(arm for arm in get_args(kind) if arm is not NoneType))
        return arm if arm is _as_is else lambda value: None if value is None else arm(value)
    if not dataclasses.is_dataclass(kind):
        return _as_is
    hints = get_type_hints(kind)
    deep = [(name, build) for name in getattr(kind, "__slots__") if (build := _builder(hints[name])) is not _as_is]  # noqa: B009

    def record(values: Mapping[str, Any]) -> Any:
        if deep:
            values = dict(values)
            for name, build in deep:
                if name in values:
                    values[name] = build(values[name])
        return kind(**values)  # type: ignore[operator]

    return record
