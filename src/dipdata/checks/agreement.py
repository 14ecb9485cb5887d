"""Agreement: Krippendorff's alpha of each label reaches its floor, on enough units to say so."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dipdata.annotations.agreement import alpha, nominal, ordinal
from dipdata.checks.catalogue import error, warning
from dipdata.floors import Floors
from dipdata.problems import Problem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

LOW = error(
    "agreement.alpha-low",
    "Annotators agree less on a label than its floor in dipdata.toml asks.",
    "Discuss the statements they disagree on, sharpen the guideline, and label a sample anew.",
)
OVERLAP = warning(
    "agreement.overlap",
    "Too few statements have two answers to judge the agreement on a label.",
    "Give more statements to two annotators, or lower agreement-units in dipdata.toml.",
)

LABELS = ("validity", "sentiment", "stance")
MASK = 2**64 - 1


class Answers:
    """The answers on one label: the unit of each, as 64 bits, and its class code."""

    def __init__(self) -> None:
        self.units, self.codes = array("Q"), array("B")

    def add(self, unit: int, code: int) -> None:
        """Add an answer."""
        self.units.append(unit)
        self.codes.append(code)

    def add_all(self, units: npt.NDArray[np.uint64], codes: npt.NDArray[np.integer]) -> None:
        """Add answers as arrays of the same length."""
        self.units.frombytes(units.tobytes())
        self.codes.frombytes(codes.astype("uint8").tobytes())

    def extend(self, other: Answers) -> None:
        """Add the answers counted elsewhere."""
        self.units.extend(other.units)
        self.codes.extend(other.codes)

    def paired(self) -> Iterator[Sequence[int]]:
        """Yield the codes of each unit that has two answers or more."""
        import numpy as np

        units, codes = np.frombuffer(self.units, dtype=np.uint64), np.frombuffer(self.codes, dtype=np.uint8)
        order = np.argsort(units, kind="stable")
        units, codes = units[order], codes[order]
        starts = np.flatnonzero(np.concatenate(([True], units[1:] != units[:-1], [True]))) if len(units) else np.array([0])
        values = codes.tolist()
        for start, end in pairwise(starts.tolist()):
            if end - start > 1:
                yield values[start:end]


def region(statement: Any, start: Any, end: Any) -> Any:
    """Return 64 bits that stand for a region of a statement with that key; of integers, or of arrays of unsigned ones."""
    return (statement + (start << 32) + end) & MASK


def check(answers: dict[str, Answers], floors: Floors) -> Iterator[Problem]:
    """Yield the labels whose agreement is below its floor, or cannot be judged."""
    for label, floor in floors.agreement.items():
        if label not in answers:
            yield OVERLAP.at(label, f"agreement is not measured on {label!r}; it is on {', '.join(LABELS)}")
            continue
        units = list(answers[label].paired())
        if len(units) < floors.agreement_units:
            if answers[label].units:
                yield OVERLAP.at(label, f"{len(units)} units have two answers or more; it takes {floors.agreement_units}")
            continue
        found = alpha(units, ordinal if label == "sentiment" else nominal)
        # One value throughout: alpha is not defined, and nobody disagrees.
        if found is not None and found < floor:
            yield LOW.at(label, f"alpha is {found:.3f} over {len(units)} units; its floor is {floor:g}")
