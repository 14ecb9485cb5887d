"""Run an engine on the texts of gold, and tell how well it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dipdata.records import Statement
from dipdata.statements.benchform import to_bench
from dipdata.statements.errors import KINDS, Error, errors
from dipdata.statements.scoring import Measure, Scores, compare, tally

Segmenter = Callable[[str, str | None], list[Statement]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores and errors of a prediction."""

    scores: Scores
    errors: Sequence[Error]

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, rounded to four places, and the errors as plain JSON values."""
        return {
            "documents": self.scores.documents,
            **{name: _figures(measure) for name, measure in self.scores.measures.items()},
            "form": round(self.scores.form, 4),
            "by_form": {form: _figures(measure) for form, measure in self.scores.by_form.items()},
            "errors": [{key: getattr(error, key) for key in Error.__slots__} for error in self.errors],
        }


def evaluate(gold: Iterable[Mapping[str, Any]], predicted: Iterable[Mapping[str, Any]]) -> Evaluation:
    """Return scores and errors of predicted documents against gold, both in the bench form.

    Raises CannotRunError where they cannot be compared; see `scoring.score`.
    """
    compared = list(compare(gold, predicted))
    return Evaluation(tally(compared), list(errors(compared)))


def predict(documents: Iterable[Mapping[str, Any]], segmenter: Segmenter) -> Iterator[dict[str, Any]]:
    """Yield documents with the statements that `segmenter(text, lang)` finds in them; each unit also names its rule and confidence."""
    for document in documents:
        lang = document.get("lang")
        statements = segmenter(document["text"], lang)
        found = to_bench((document["id"], lang or (statements[0].lang if statements else "und"), document["text"]), statements)
        for unit, statement in zip(found["statements"], statements, strict=True):
            unit |= {"rule": statement.rule, "confidence": statement.confidence}
        yield found


def table(scores: Scores) -> str:
    """Return the scores as a table of text: a row a measure, then a row a form."""
    gold, predicted = scores.measures["rx"].gold, scores.measures["rx"].predicted
    lines = [f"{scores.documents} documents, {gold} statements in gold, {predicted} predicted", "", "               P      R     F1"]
    lines += [_row(name, measure) for name, measure in scores.measures.items()]
    lines += ["", "rx by form     P      R     F1   gold predicted"]
    lines += [f"{_row(form, measure)} {measure.gold:6} {measure.predicted:9}" for form, measure in scores.by_form.items()]
    return "\n".join([*lines, "", f"form right in {scores.form:.3f} of the rx pairs"])


def listing(found: Sequence[Error], shown: int) -> str:
    """Return how many errors there are of each kind, and the first `shown` of them with their sentences."""
    count = {kind: sum(error.kind == kind for error in found) for kind in KINDS}
    head = "errors: " + ", ".join(f"{number} {kind}" for kind, number in count.items())
    rest = [f"and {len(found) - shown} more; --errors {len(found)} shows all"] if 0 < shown < len(found) else []
    legend = ["[content] {source} <cue>", ""] if shown and found else []
    return "\n".join([head, *legend, *(str(error) for error in found[:shown]), *rest])


def _row(name: str, measure: Measure) -> str:
    return f"{name:<10} {measure.precision:.3f}  {measure.recall:.3f}  {measure.f1:.3f}"


def _figures(measure: Measure) -> dict[str, Any]:
    return {
        "P": round(measure.precision, 4),
        "R": round(measure.recall, 4),
        "F1": round(measure.f1, 4),
        "gold": measure.gold,
        "predicted": measure.predicted,
    }
