"""Score statements against gold, both in the bench form: one dict a document, spans as pairs of code points of its `text`.

Only letters and digits count, so that edge punctuation and quotation marks never matter. The measures:

- `exact`: the same content, a leading complementiser aside; `strict`: with it
- `rx`: pairs of a one-to-one assignment of greatest content IoU, each at least .5; ties are broken by source, then cue
- `char`: letters and digits covered by any content
- `source`, `cue`: IoU of at least .5 within an rx pair, against all that gold and prediction have
- `rel`: rx pairs whose sources agree (or both are absent) and whose cues overlap (or both are absent)
- `form`: share of rx pairs with the same form; `by_form`: recall by the form of gold, precision by the form predicted

Gold units marked `optional` neither reward nor punish: they and what is paired with them are set aside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from dipdata import forms
from dipdata.problems import CannotRunError

Ranges = tuple[tuple[int, int], ...]

MATCH = 0.5
MEASURES = ("exact", "strict", "rx", "char", "source", "cue", "rel")
FORMS = ("direct", "mixed", "indirect")
# Words that may open a content clause. Corpora differ on whether they belong to it (PolNeAR: yes, our guidelines: no), so that `exact`
# leaves them out on both sides.
COMPLEMENTISERS = sorted(
    ["that", "if", "whether", "que", "qu'", "qu’", "si", "dass", "daß", "ob", "che", "что", "будто", "що", "že", "że", "أن", "إن"],
    key=len,
    reverse=True,
)


@dataclass(frozen=True, slots=True)
class Measure:
    """Counts behind a precision and a recall: `right` of `predicted` units match, `found` of `gold` units are matched."""

    right: int
    predicted: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 0 where nothing is predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of gold that is found; 0 where gold is empty."""
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """What a scoring run found. `measures` has each of MEASURES; `by_form` the forms that occur; `form` is an accuracy."""

    documents: int
    measures: Mapping[str, Measure]
    form: float
    by_form: Mapping[str, Measure]

    def f1(self, measure: str) -> float:
        """Return the F1 of one of MEASURES."""
        return self.measures[measure].f1


@dataclass(frozen=True, slots=True)
class Unit:
    """A statement as the scorer sees it: each role as ranges of the text's letters and digits, counted from 0."""

    content: Ranges
    bare: Ranges
    source: Ranges
    cue: Ranges
    form: str | None
    optional: bool
    given: Mapping[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One document: gold and predicted units without those set aside, and the pairs of their indices that match in content."""

    id: str
    text: str
    gold: Sequence[Unit]
    predicted: Sequence[Unit]
    pairs: Sequence[tuple[int, int]]


def score(gold: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]]) -> Scores:
    """Return the scores of predicted documents against gold; a gold document without prediction counts as one without statements.

    Raises CannotRunError where a prediction has no gold document, another text, or a span outside the text.
    """
    return tally(compare(gold, predicted))


def compare(gold: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]]) -> Iterator[Comparison]:
    """Yield the comparison of each gold document; see `score`."""
    expected = _by_id(gold, "gold")
    found = _by_id(predicted, "prediction")
    for name, document in found.items():
        if name not in expected:
            raise CannotRunError(f"{name}: predicted, but not in gold. Predict the documents of the gold file only.")
        if document.get("text") not in (None, expected[name]["text"]):
            raise CannotRunError(f"{name}: the text differs from that of gold. Predict on the text of the gold file.")
    for name, document in expected.items():
        text = document["text"]
        reader = _Reader(name, text)
        gold_units = [reader.unit(unit) for unit in document["statements"]]
        units = [reader.unit(unit) for unit in found.get(name, {}).get("statements", ())]
        if any(unit.optional for unit in gold_units):
            aside = {b for a, b in assign(gold_units, units) if gold_units[a].optional}
            units = [unit for b, unit in enumerate(units) if b not in aside]
            gold_units = [unit for unit in gold_units if not unit.optional]
        yield Comparison(name, text, gold_units, units, assign(gold_units, units))


def tally(comparisons: Iterable[Comparison]) -> Scores:
    """Return the scores over compared documents."""
    documents = 0
    hits: Counter[str] = Counter()
    predicted: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    form_found: Counter[str] = Counter()
    form_right: Counter[str] = Counter()
    form_gold: Counter[str] = Counter()
    form_predicted: Counter[str] = Counter()
    for one in comparisons:
        documents += 1
        for key in ("exact", "strict", "rx", "rel"):
            gold[key] += len(one.gold)
            predicted[key] += len(one.predicted)
        hits["strict"] += _shared([unit.content for unit in one.gold], [unit.content for unit in one.predicted])
        hits["exact"] += _shared([unit.bare for unit in one.gold], [unit.bare for unit in one.predicted])
        covered_gold = merged(pair for unit in one.gold for pair in unit.content)
        covered = merged(pair for unit in one.predicted for pair in unit.content)
        hits["char"] += common(covered_gold, covered)
        gold["char"] += size(covered_gold)
        predicted["char"] += size(covered)
        for side, count, by in ((one.gold, gold, form_gold), (one.predicted, predicted, form_predicted)):
            for unit in side:
                count["source"] += bool(unit.source)
                count["cue"] += bool(unit.cue)
                by[str(unit.form)] += 1
        for a, b in one.pairs:
            mine, theirs = one.gold[a], one.predicted[b]
            hits["rx"] += 1
            hits["source"] += iou(mine.source, theirs.source) >= MATCH
            hits["cue"] += iou(mine.cue, theirs.cue) >= MATCH
            hits["rel"] += same_source(mine, theirs) and same_cue(mine, theirs)
            hits["form"] += mine.form == theirs.form
            form_found[str(mine.form)] += 1
            form_right[str(theirs.form)] += 1
    return Scores(
        documents,
        {key: Measure(hits[key], predicted[key], hits[key], gold[key]) for key in MEASURES},
        hits["form"] / hits["rx"] if hits["rx"] else 0.0,
        {
            form: Measure(form_right[form], form_predicted[form], form_found[form], form_gold[form])
            for form in sorted(form_gold.keys() | form_predicted.keys(), key=lambda form: (*FORMS, form).index(form))
        },
    )


def same_source(gold: Unit, predicted: Unit) -> bool:
    """Tell whether the sources agree: IoU of at least .5, or both absent."""
    return iou(gold.source, predicted.source) >= MATCH or not (gold.source or predicted.source)


def same_cue(gold: Unit, predicted: Unit) -> bool:
    """Tell whether the cues overlap or are both absent."""
    return common(gold.cue, predicted.cue) > 0 or not (gold.cue or predicted.cue)


def assign(gold: Sequence[Unit], predicted: Sequence[Unit]) -> list[tuple[int, int]]:
    """Return the pairs of indices of the assignment of greatest content IoU, each at least .5.

    Only pairs of that IoU gain anything, so that the assignment falls apart into the connected components of the graph they form.
    """
    gains: dict[tuple[int, int], float] = {}
    starts = sorted((unit.content[0][0], b) for b, unit in enumerate(predicted) if unit.content)
    for a, mine in enumerate(gold):
        if not mine.content:
            continue
        upto = bisect_right(starts, (mine.content[-1][1], -1))
        for _, b in starts[:upto]:
            theirs = predicted[b]
            if theirs.content[-1][1] > mine.content[0][0] and (value := iou(mine.content, theirs.content)) >= MATCH:
                gains[a, b] = value + 1e-3 * iou(mine.source, theirs.source) + 1e-4 * iou(mine.cue, theirs.cue)
    return sorted(pair for rows, columns in _components(gains) for pair in _heaviest(rows, columns, gains))


def _components(edges: Iterable[tuple[int, int]]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the rows and the columns of each connected component."""
    by_row: dict[int, list[int]] = {}
    by_column: dict[int, list[int]] = {}
    for a, b in edges:
        by_row.setdefault(a, []).append(b)
        by_column.setdefault(b, []).append(a)
    while by_row:
        row = next(iter(by_row))
        rows, columns, open_rows = [], set(), [row]
        while open_rows:
            row = open_rows.pop()
            if row not in by_row:
                continue
            rows.append(row)
            for column in by_row.pop(row):
                columns.add(column)
                open_rows.extend(by_column[column])
        yield sorted(rows), sorted(columns)


def _heaviest(rows: list[int], columns: list[int], gains: Mapping[tuple[int, int], float]) -> Iterator[tuple[int, int]]:
    """Yield the matching of greatest total gain: shortest augmenting paths with potentials (Jonker and Volgenant 1987)."""
    if len(rows) > len(columns):
        turned = {(b, a): gain for (a, b), gain in gains.items()}
        yield from ((a, b) for b, a in _heaviest(columns, rows, turned))
        return
    width = len(columns)
    row_price, price = [0.0] * (len(rows) + 1), [0.0] * (width + 1)
    owner = [0] * (width + 1)  # the row (from 1) that holds each column (from 1); column 0 stands for the row being placed
    for placing in range(1, len(rows) + 1):
        owner[0], column = placing, 0
        least, before, done = [float("inf")] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        while owner[column]:
            done[column] = True
            row, step, following = owner[column], float("inf"), 0
            for j in range(1, width + 1):
                if done[j]:
                    continue
                cost = -gains.get((rows[row - 1], columns[j - 1]), 0.0) - row_price[row] - price[j]
                if cost < least[j]:
                    least[j], before[j] = cost, column
                if least[j] < step:
                    step, following = least[j], j
            for j in range(width + 1):
                if done[j]:
                    row_price[owner[j]] += step
                    price[j] -= step
                else:
                    least[j] -= step
            column = following
        while column:
            owner[column], column = owner[before[column]], before[column]
    for j in range(1, width + 1):
        if owner[j] and (pair := (rows[owner[j] - 1], columns[j - 1])) in gains:
            yield pair


def merged(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Return pairs in order, with what touches or overlaps made one, so that equal sets of positions give equal ranges."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        elif start < end:
            out.append((start, end))
    return tuple(out)


def size(ranges: Ranges) -> int:
    """Return how many positions the ranges cover."""
    return sum(end - start for start, end in ranges)


def common(a: Ranges, b: Ranges) -> int:
    """Return how many positions two sorted lists of ranges share."""
    total = i = j = 0
    while i < len(a) and j < len(b):
        total += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return total


def iou(a: Ranges, b: Ranges) -> float:
    """Return intersection over union; 0 where either is empty."""
    both = common(a, b)
    return both / (size(a) + size(b) - both) if both else 0.0


def _shared(a: Sequence[Ranges], b: Sequence[Ranges]) -> int:
    return sum((Counter(a) & Counter(b)).values())


def _by_id(documents: Iterable[Mapping[str, Any]], what: str) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        if document["id"] in found:
            raise CannotRunError(f"{document['id']}: two {what} documents with this id. Give each document an id of its own.")
        found[document["id"]] = document
    return found


class _Reader:
    """Turns the units of one document from pairs of code points into ranges of letters and digits."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._before = list(accumulate((character.isalnum() for character in text), initial=0))
        self._stretches = forms.quoted_stretches(text)

    def unit(self, given: Mapping[str, Any]) -> Unit:
        for role in ("content", "source", "cue"):
            self._check(role, given)
        content = sorted((start, end) for start, end in given.get("content") or ())
        ranges = self._ranges(content)
        form = given.get("form") or (forms.form_of(self._text, self._stretches, content) if ranges else None)
        return Unit(
            content=ranges,
            bare=self._ranges(self._without_complementiser(content)),
            source=self._ranges(given.get("source") or ()),
            cue=self._ranges(given.get("cue") or ()),
            form=form,
            optional=bool(given.get("optional")),
            given=given,
        )

    def _check(self, role: str, given: Mapping[str, Any]) -> None:
        try:
            pairs = [(int(start), int(end)) for start, end in given.get(role) or ()]
        except (TypeError, ValueError, AttributeError) as error:
            raise CannotRunError(f"{self._name}: {role} is not a list of [start, end] pairs ({error}). Mend this statement.") from error
        for start, end in pairs:
            if not 0 <= start < end <= len(self._text):
                raise CannotRunError(
                    f"{self._name}: {role} span {start}-{end} is empty or outside the text of {len(self._text)} code points. "
                    "Count code points of the text, and give [start, end)."
                )

    def _ranges(self, pairs: Iterable[Sequence[int]]) -> Ranges:
        return merged((self._before[start], self._before[end]) for start, end in pairs)

    def _without_complementiser(self, content: list[tuple[int, int]]) -> list[tuple[int, int]]:
        if not content:
            return content
        (start, end), *rest = content
        while start < end and not self._text[start].isalnum():
            start += 1
        for word in COMPLEMENTISERS:
            after = start + len(word)
            if after < end and self._text[start:after].lower() == word and (word[-1] in "'’" or not self._text[after].isalnum()):
                return [(after, end), *rest]
        return content
