"""What the card tells of a release's rows, counted part by part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dipdata.annotations.agreement import Units
from dipdata.columns import NONE as NO_ANSWER
from dipdata.columns import code, codes, spans
from dipdata.tables import described

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[Any]

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

    def count(self, split: str, made: Mapping[str, pa.Table]) -> None:
        """Count the label values, languages and answers of tables of `default` and `statements`."""
        for config, labels in (("default", ("stance",)), ("statements", ("form", "validity", "sentiment", "act"))):
            features = described(made[config].schema)
            for label in labels:
                for value, times in counts(made[config][label]).items():
                    self.values[label, NONE if value is None else features[label].names[value], split] += times
        self.languages.update(counts(made["statements"]["lang"]))
        self.answers.update(counts(made["statements"]["annotators"]))

    def ask(self, annotations: pa.RecordBatch) -> None:
        """Count who annotated, how long, and how far annotators agree. All annotations of a statement must come at once."""
        import numpy as np
        import pyarrow.compute as pc

        if not annotations.num_rows:
            return
        features = described(annotations.schema)
        statuses = features["status"].names
        who, status = annotations.column("annotator").to_pylist(), codes(annotations.column("status"))
        self.annotators.update(zip(who, (statuses[given] for given in status.tolist()), strict=True))
        submitted = status == code(features["status"], "submitted")
        times = annotations.column("lead_time").to_numpy(zero_copy_only=False).astype(float)
        timed = np.flatnonzero(submitted & ~np.isnan(times))
        self.seconds.update(zip((who[n] for n in timed.tolist()), np.rint(times[timed]).astype(int).tolist(), strict=True))
        self.guidelines.update(counts(annotations.column("guideline")))
        days = pc.min_max(annotations.column("updated")).as_py()
        self.newest = max(self.newest, days["max"][:10])
        self.oldest = min(filter(None, (self.oldest, days["min"][:10])))
        for label, found in units(annotations).items():
            self.units[label].update(found)


def units(annotations: pa.RecordBatch) -> dict[str, Units]:
    """Return the units of agreement on validity, sentiment and stance, as `annotations.agreement.units` does for records.

    The batch has at least the columns that are read here, and the features of its schema. All annotations of a statement must come
    at once.
    """
    import numpy as np

    statuses = described(annotations.schema)["status"]
    submitted = codes(annotations.column("status")) == code(statuses, "submitted")
    statements = annotations.column("statement_id").dictionary_encode().indices.to_numpy().astype(np.int64)
    found = {}
    for label in ("validity", "sentiment"):
        given = codes(annotations.column(label))
        asked = submitted & (given != NO_ANSWER)
        found[label] = _units(statements[asked], given[asked])
    targets = spans(annotations.column("targets"))
    given = codes(targets.items.field("stance"))
    asked = submitted[targets.rows] & (given != NO_ANSWER)
    _, places = np.unique(statements[targets.rows] << 32 | targets.starts, return_inverse=True)
    found["stance"] = _units((places << 32 | targets.ends)[asked], given[asked])
    return found


def counts(column: pa.Array | pa.ChunkedArray) -> dict[Any, int]:
    """Return how often each value of a column comes, null as None."""
    found = column.value_counts()
    return dict(zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True))


def _units(keys: Numbers, given: Numbers) -> Units:
    """Return units of agreement from answers: the key of what each is on, and its class code."""
    import numpy as np

    order = np.lexsort((given, keys))
    keys, given = keys[order], given[order]
    ends = np.flatnonzero(np.concatenate((keys[1:] != keys[:-1], [True]))) + 1 if len(keys) else keys
    sizes = np.diff(ends, prepend=0)
    values = given.tolist()
    found: Units = Counter((value,) for value in given[ends[sizes == 1] - 1].tolist())
    found.update(tuple(values[end - size : end]) for end, size in zip(ends[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True))
    return found
