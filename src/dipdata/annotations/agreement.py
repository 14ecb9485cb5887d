"""Agreement between annotators: Krippendorff's alpha over a coincidence matrix, and what it is computed from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dipdata.records import Annotation

Distance = Callable[[int, int, Sequence[float]], float]


def nominal(a: int, b: int, _totals: Sequence[float]) -> float:
    """Return 0 for equal values, 1 for others."""
    return float(a != b)


def ordinal(a: int, b: int, totals: Sequence[float]) -> float:
    """Return the squared rank distance (Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section D)."""
    low, high = min(a, b), max(a, b)
    return (sum(totals[low : high + 1]) - (totals[low] + totals[high]) / 2) ** 2


def alpha(units: Iterable[Sequence[int]] | Mapping[tuple[int, ...], int], distance: Distance = nominal) -> float | None:
    """Return Krippendorff's alpha for units of values (class codes from 0), one value an annotator; a mapping gives each unit's times.

    Units with one value say nothing of agreement and are left out. None where no unit has two, or where only one value occurs at
    all, since chance agreement is then undefined. Source: Krippendorff, Content Analysis, 4th edition, chapter 12.
    """
    coincidences: dict[tuple[int, int], float] = defaultdict(float)
    for values, times in units.items() if isinstance(units, Mapping) else ((values, 1) for values in units):
        if len(values) < 2:
            continue
        counts = Counter(values)
        for a, n_a in counts.items():
            for b, n_b in counts.items():
                coincidences[a, b] += times * n_a * (n_b - (a == b)) / (len(values) - 1)
    if not coincidences:
        return None
    totals = [0.0] * (max(max(pair) for pair in coincidences) + 1)
    for (a, _), n in coincidences.items():
        totals[a] += n
    pairable = sum(totals)
    observed = sum(n * distance(a, b, totals) for (a, b), n in coincidences.items())
    expected = sum(totals[a] * totals[b] * distance(a, b, totals) for a in range(len(totals)) for b in range(len(totals)))
    return 1 - (pairable - 1) * observed / expected if expected else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on one label: how many units had at least two answers, how many of those agreed wholly, and alpha."""

    label: str
    units: int
    equal: int
    alpha: float | None


# Units by their values (class codes), sorted: alpha depends on nothing else.
Units = Counter[tuple[int, ...]]


def agreement(annotations: Iterable[Annotation], codes: Mapping[str, Sequence[str]]) -> list[Agreement]:
    """Return the agreement on validity, sentiment (ordinal) and stance (by target span) of submitted annotations.

    `codes` gives the values of `validity`, `sentiment` and `stance` in class-code order.
    """
    return agreement_of(units(annotations, codes))


def units(annotations: Iterable[Annotation], codes: Mapping[str, Sequence[str]]) -> dict[str, Units]:
    """Return the units of each label, for `agreement_of`: those of two sets of annotations add up where no statement is in both."""
    answers: dict[str, dict[object, list[int]]] = {label: defaultdict(list) for label in ("validity", "sentiment", "stance")}
    for annotation in annotations:
        if annotation.status != "submitted":
            continue
        for label in ("validity", "sentiment"):
            value = getattr(annotation, label)
            if value is not None:
                answers[label][annotation.statement_id].append(codes[label].index(value))
        for target in annotation.targets:
            if target.stance is not None:
                answers["stance"][annotation.statement_id, target.start, target.end].append(codes["stance"].index(target.stance))
    return {label: Counter(tuple(sorted(values)) for values in found.values()) for label, found in answers.items()}


def agreement_of(found: Mapping[str, Units]) -> list[Agreement]:
    """Return the agreement on each label of `units`."""
    return [_agreement(label, counts) for label, counts in found.items()]


def _agreement(label: str, counts: Units) -> Agreement:
    paired = {values: times for values, times in counts.items() if len(values) > 1}
    equal = sum(times for values, times in paired.items() if len(set(values)) == 1)
    return Agreement(label, sum(paired.values()), equal, alpha(paired, ordinal if label == "sentiment" else nominal))
