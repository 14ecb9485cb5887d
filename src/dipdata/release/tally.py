"""What the card tells of a release's rows, counted part by part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dipdata.annotations.agreement import Units, units
from dipdata.records import Annotation
from dipdata.release.rows import Labels

Row = Mapping[str, Any]
NONE = "not decided"


@dataclass(slots=True)
class Tally:
    """Counts of one part of a release, or of several: `add` joins them, in any order."""

    # Rows and bytes in memory by config and split.
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)
    bytes: Counter[tuple[str, str]] = field(default_factory=Counter)
    # By label list, value and split.
    values: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    # Statements by language, and by how many annotators answered.
    languages: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)
    # Annotations by annotator and status; whole seconds of work by annotator.
    annotators: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: Counter[tuple[str, int]] = field(default_factory=Counter)
    guidelines: Counter[str] = field(default_factory=Counter)
    # Units of agreement by label.
    units: dict[str, Units] = field(default_factory=lambda: defaultdict(Counter))
    # Dates of the newest annotation and of the oldest.
    newest: str = ""
    oldest: str = ""

    def add(self, other: Tally) -> None:
        """Join the counts of another part to these."""
        for name in ("rows", "bytes", "values", "languages", "answers", "annotators", "seconds", "guidelines"):
            getattr(self, name).update(getattr(other, name))
        for label, found in other.units.items():
            self.units[label].update(found)
        self.newest = max(self.newest, other.newest)
        self.oldest = min(filter(None, (self.oldest, other.oldest)), default="")

    def count(self, split: str, rows: Mapping[str, Iterable[Row]]) -> None:
        """Count the label values, languages and answers of rows of `default` and `statements`."""
        for row in rows["default"]:
            self.values["stance", row["stance"] or NONE, split] += 1
        for row in rows["statements"]:
            for label in ("form", "validity", "sentiment", "act"):
                self.values[label, row[label] or NONE, split] += 1
            self.languages[row["lang"]] += 1
            self.answers[row["annotators"]] += 1

    def ask(self, annotations: Iterable[Annotation], labels: Labels) -> None:
        """Count who annotated, how long, and how far annotators agree. All annotations of a statement must come at once."""
        annotations = list(annotations)
        for annotation in annotations:
            self.annotators[annotation.annotator, annotation.status] += 1
            if annotation.lead_time is not None and annotation.status == "submitted":
                self.seconds[annotation.annotator, round(annotation.lead_time)] += 1
            self.guidelines[annotation.guideline] += 1
            day = annotation.updated[:10]
            self.newest = max(self.newest, day)
            self.oldest = min(filter(None, (self.oldest, day)))
        for label, found in units(annotations, labels).items():
            self.units[label].update(found)
