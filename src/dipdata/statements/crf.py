"""The sequence engine: a linear-chain CRF over words and what the rules found, trained on gold or on annotators' corrections.

A model is one file: a line of JSON that says what the model is (see `Card`), then the parameters as python-crfsuite writes them.
"""

from __future__ import annotations

import hashlib
import json
import math
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from dipdata import forms
from dipdata.articles.zones import find_zones
from dipdata.problems import CannotRunError, Problems
from dipdata.project import atomic
from dipdata.records import Article, Statement, Zone, statement_id, text_sha256
from dipdata.spans import cut, overlap, pairs
from dipdata.statements import features, packs, sequence
from dipdata.statements.evaluation import predict
from dipdata.statements.scoring import MATCH, Scores, merged, score
from dipdata.statements.segmenter import running_text, segment, segment_articles

FORMAT = "dipdata-crf-1"
# Chosen in November 2026 by F1 on PolNeAR dev, of a dozen settings: with c1 .05 the model learns words by heart and loses .03 rx there.
PARAMETERS = {"c1": 1.0, "c2": 0.3, "max_iterations": 100, "feature.minfreq": 3}
HELD_OUT = 10  # every tenth document, where no other gold is given to measure on
FEWEST = 20  # documents; fewer teach a model nothing that the rules do not know
LONGEST_CARD = 65536  # bytes


@dataclass(frozen=True, slots=True)
class Card:
    """What a model is. `f1` maps exact, rx and rel to F1 on `measured_on` documents that it did not learn from.

    `data` and `parameters` are the SHA-256 of the gold and of what follows the card; `features` the hash of the features' code. `edges`
    says whether the rules' boundaries are taken where both engines find the same statement: what is better on the documents measured on.
    """

    format: str
    lang: str
    scope: str
    licence: str
    data: str
    documents: int
    statements: int
    measured_on: int
    f1: dict[str, float]
    edges: bool
    features: str
    parameters: str
    dipdata: str


class Model:
    """A trained model, ready to segment."""

    def __init__(self, card: Card, parameters: bytes) -> None:
        import pycrfsuite

        self.card = card
        self._parameters = parameters  # the tagger reads them in place
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(parameters)
        self._pack = packs.get(card.lang) or packs.bare(card.lang)
        self._extractor = features.Extractor(self._pack)

    def segment(self, text: str, lang: str | None = None) -> list[Statement]:
        """Return the statements of a text in text order, as `statements.segment` does; headlines and captions are left out.

        `rule` is `crf`, and `confidence` the geometric mean of the chance of each label that the statement hangs on.
        Raises CannotRunError where `lang` is not the model's.
        """
        self._check(lang)
        found = segment(text, self.card.lang, scope=self.card.scope)
        return self._statements(text, "text", text_sha256(text), find_zones(text, self.card.lang), found)

    def segment_article(self, article: Article) -> list[Statement]:
        """Return the statements of an article in text order. Raises CannotRunError where its language is not the model's."""
        self._check(article.lang)
        found = list(segment_articles([article], scope=self.card.scope, problems=Problems()))
        return self._statements(article.text, article.id, article.sha256, article.zones, found)

    def _check(self, lang: str | None) -> None:
        if lang not in (None, self.card.lang):
            raise CannotRunError(f"the model is for {self.card.lang!r}, the text in {lang!r}. Use a model for {lang!r}, or the rules.")

    def _statements(self, text: str, identity: str, sha256: str, zones: Sequence[Zone], found: Sequence[Statement]) -> list[Statement]:
        import pycrfsuite

        starts: list[int] = []
        ends: list[int] = []
        labels: list[str] = []
        numbers: list[int] = []
        chances: list[float] = []
        for paragraph, near in _with_statements(features.paragraphs(text, self._pack, running_text(text, zones)), found):
            own = self._tagger.tag(pycrfsuite.ItemSequence(self._extractor.features(text, paragraph, near)))
            chances += [1.0 if label == "O" else self._tagger.marginal(label, k) for k, label in enumerate(own)]
            starts += paragraph.starts
            ends += paragraph.ends
            labels += own
            numbers += [paragraph.number] * len(own)
        return self._build(_Labelled(text, identity, sha256, starts, ends, labels, numbers, chances), found)

    def _build(self, given: _Labelled, found: Sequence[Statement]) -> list[Statement]:
        """Return the statements that labels spell, with what the rules know of the same statement where the labels lack it."""
        text = given.text
        stretches = forms.quoted_stretches(text)
        rules = _Rules(found)
        joined = sequence.join(given.labels, given.numbers)
        read = [sequence.spans(text, given.starts, given.ends, unit.content) for unit in joined]
        covered = merged(pair for content in read for pair in content)
        out: dict[str, Statement] = {}
        for unit, written in zip(joined, read, strict=True):
            cue = sequence.spans(text, given.starts, given.ends, unit.cue)
            content, same = written, rules.of_content(written) if written else rules.of_cue(cue)
            if same is not None and (self.card.edges if written else not _touches(covered, pairs(same.content))):
                content = list(pairs(same.content))
            if not any(character.isalnum() for start, end in content for character in text[start:end]):
                continue
            own = unit.source or (unit.shared if same is None or not same.source else None)
            source = sequence.spans(text, given.starts, given.ends, [own]) if own else list(pairs(same.source)) if same else []
            chances = [max(given.chances[k], 1e-6) for k in unit.tokens()]
            identity = statement_id(given.sha256, content)
            out.setdefault(
                identity,
                Statement(
                    id=identity,
                    article_id=given.identity,
                    article_sha256=given.sha256,
                    lang=self.card.lang,
                    content=cut(text, content),
                    source=cut(text, source),
                    cue=cut(text, cue or (pairs(same.cue) if same else ())),
                    form=forms.form_of(text, stretches, content),
                    scope=same.scope if same else "speech",
                    speakers=same.speakers if same else (),
                    chain=same.chain if same else (),
                    addressees=same.addressees if same else (),
                    targets=(),
                    rule="crf",
                    confidence=round(math.prod(chances) ** (1 / len(chances)), 2),
                ),
            )
        return sorted(out.values(), key=lambda one: pairs(one.content))


def _touches(covered: Sequence[tuple[int, int]], content: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a span of content overlaps one of the ordered, disjoint spans."""
    for start, end in content:
        at = bisect_left(covered, (end, end)) - 1
        if at >= 0 and covered[at][1] > start:
            return True
    return False


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A text with its tokens (code points), their labels, paragraph numbers and the chance of each label."""

    text: str
    identity: str
    sha256: str
    starts: Sequence[int]
    ends: Sequence[int]
    labels: Sequence[str]
    numbers: Sequence[int]
    chances: Sequence[float]


class _Rules:
    """Finds the rules' statement that is the same as one of the model's."""

    def __init__(self, found: Sequence[Statement]) -> None:
        self._found = sorted(found, key=lambda one: one.content[0].start)
        self._starts = [one.content[0].start for one in self._found]
        self._longest = max((one.content[-1].end - one.content[0].start for one in found), default=0)
        self._cues = sorted((span.start, span.end, number) for number, one in enumerate(self._found) for span in one.cue)

    def of_content(self, content: Sequence[tuple[int, int]]) -> Statement | None:
        """Return the one of most content in common: IoU of at least .5."""
        best, most = None, MATCH
        low, high = content[0][0], content[-1][1]
        for one in self._found[bisect_left(self._starts, low - self._longest) : bisect_left(self._starts, high)]:
            if one.content[-1].end > low and (share := overlap(content, pairs(one.content))) >= most:
                best, most = one, share
        return best

    def of_cue(self, cue: Sequence[tuple[int, int]]) -> Statement | None:
        """Return one whose cue begins inside this cue."""
        for start, end in cue:
            at = bisect_left(self._cues, (start, 0, 0))
            if at < len(self._cues) and self._cues[at][0] < end:
                return self._found[self._cues[at][2]]
        return None


def train(
    gold: Iterable[Mapping[str, Any]],
    lang: str,
    *,
    scope: str = "speech",
    licence: str,
    measure: Iterable[Mapping[str, Any]] = (),
) -> tuple[Card, bytes]:
    """Return the card and the parameters of a model trained on gold documents in the bench form.

    It is measured on the documents of `measure`, or where there are none on every tenth document, from which it then does not learn.
    Documents in other languages are left out. Paragraphs with a unit marked optional teach nothing. The same gold gives the same bytes.

    Raises CannotRunError for a language without a pack, or where fewer than 20 documents are in that language.
    """
    documents = [document for document in gold if document.get("lang", lang) == lang]
    held_out = [document for document in measure if document.get("lang", lang) == lang]
    if packs.get(lang) is None:
        raise CannotRunError(f"no language pack for {lang!r}: the sequence engine builds on it. docs/languages.md shows how to add one.")
    if len(documents) < FEWEST:
        raise CannotRunError(f"only {len(documents)} documents in {lang!r} to learn from, {FEWEST} are needed. Annotate more, and pull.")
    data = hashlib.sha256()
    for document in documents:
        data.update(json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
    if not held_out:
        held_out = documents[HELD_OUT - 1 :: HELD_OUT]
        documents = [document for number, document in enumerate(documents, 1) if number % HELD_OUT]
    parameters = _fit(documents, lang, scope)
    card = Card(
        format=FORMAT,
        lang=lang,
        scope=scope,
        licence=licence,
        data=data.hexdigest(),
        documents=len(documents),
        statements=sum(len(document["statements"]) for document in documents),
        measured_on=len(held_out),
        f1={},
        edges=False,
        features=features.template(),
        parameters=hashlib.sha256(parameters).hexdigest(),
        dipdata=version("dipdata"),
    )
    options = [replace(card, edges=edges) for edges in (False, True)]
    scores = [_measure(Model(option, parameters), held_out) for option in options]
    best = max((0, 1), key=lambda number: scores[number].f1("exact"))
    return replace(options[best], f1={name: round(scores[best].f1(name), 4) for name in ("exact", "rx", "rel")}), parameters


def _fit(documents: Sequence[Mapping[str, Any]], lang: str, scope: str) -> bytes:
    import pycrfsuite

    pack = packs.get(lang) or packs.bare(lang)
    extractor = features.Extractor(pack)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=PARAMETERS, verbose=False)
    taught = False
    for document in documents:
        text = document["text"]
        blocks = running_text(text, find_zones(text, lang))
        doubtful = [pair for unit in document["statements"] if unit.get("optional") for pair in unit["content"]]
        found = segment(text, lang, scope=scope)
        for paragraph, near in _with_statements(features.paragraphs(text, pack, blocks), found):
            first, last = paragraph.starts[0], paragraph.ends[-1]
            if not any(start < last and end > first for start, end in doubtful):
                labels = sequence.encode(paragraph.starts, paragraph.ends, _reaching(document["statements"], first, last))
                taught = taught or any(label != "O" for label in labels)
                trainer.append(pycrfsuite.ItemSequence(extractor.features(text, paragraph, near)), labels)
    if not taught:
        raise CannotRunError(f"nothing to learn from: no statement of the {len(documents)} documents is beyond doubt. Annotate more.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parameters"
        trainer.train(str(path))
        return path.read_bytes()


def _reaching(units: Iterable[Mapping[str, Any]], low: int, high: int) -> list[Mapping[str, Any]]:
    spans = ((unit, [*unit["content"], *(unit.get("source") or ()), *(unit.get("cue") or ())]) for unit in units)
    return [unit for unit, pairs in spans if any(start < high and end > low for start, end in pairs)]


def _measure(model: Model, documents: Sequence[Mapping[str, Any]]) -> Scores:
    return score(documents, predict(documents, model.segment))


def _with_statements(
    paragraphs: Iterable[features.Paragraph], found: Sequence[Statement]
) -> Iterator[tuple[features.Paragraph, list[Statement]]]:
    """Pair paragraphs, in text order, with the statements whose content, source or cue reaches into them."""
    waiting = sorted(found, key=_start)
    open_now: list[Statement] = []
    at = 0
    for paragraph in paragraphs:
        first, last = paragraph.starts[0], paragraph.ends[-1]
        while at < len(waiting) and _start(waiting[at]) < last:
            open_now.append(waiting[at])
            at += 1
        open_now = [one for one in open_now if max(span.end for span in (*one.content, *one.source, *one.cue)) > first]
        yield paragraph, open_now


def _start(one: Statement) -> int:
    return min(span.start for span in (*one.content, *one.source, *one.cue))


def save(path: Path, card: Card, parameters: bytes) -> None:
    """Write a model, atomically."""
    with atomic(path) as file:
        file.write(json.dumps(asdict(card), sort_keys=True, ensure_ascii=False).encode() + b"\n")
        file.write(parameters)


def load(path: Path) -> Model:
    """Return the model of a file.

    Raises CannotRunError where it cannot be read, is no model, or was made for another version of the features.
    """
    try:
        with path.open("rb") as file:
            head = file.readline(LONGEST_CARD)
            parameters = file.read()
    except OSError as error:
        raise CannotRunError(f"{path}: cannot be read ({error.strerror}). Name a model that `dipdata train` wrote.") from error
    try:
        values = json.loads(head)
        if values["format"] != FORMAT:
            raise CannotRunError(f"{path}: a model of format {values['format']!r}, this dipdata reads {FORMAT!r}. Train it anew.")
        card = Card(**{field.name: values[field.name] for field in fields(Card)})
    except (ValueError, KeyError, TypeError) as error:
        raise CannotRunError(f"{path}: not a model of dipdata. Name a file that `dipdata train` wrote.") from error
    if packs.get(card.lang) is None:
        raise CannotRunError(f"{path}: a model for {card.lang!r}, which has no language pack here. Add languages/{card.lang}.toml.")
    if card.features != features.template():
        raise CannotRunError(f"{path}: trained by dipdata {card.dipdata} with other features than this one has. Train it anew.")
    if card.parameters != hashlib.sha256(parameters).hexdigest():  # the tagger does not check, and would crash
        raise CannotRunError(f"{path}: the parameters are damaged. Copy the model again, or train it anew.")
    return Model(card, parameters)
