"""diff: what changed between two releases, breaking or not, and the version that it demands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import columns
from dipdata.annotations.agreement import Units, agreement_of
from dipdata.columns import NONE as NO_ANSWER
from dipdata.problems import CannotRunError
from dipdata.release import manifest, tabular
from dipdata.release.pairs import ABSENT, LEFT, Pairs, Side, match
from dipdata.release.rows import VOTED
from dipdata.release.tally import NONE, units
from dipdata.schemas import CONFIGS, Contract

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[np.int64]

RECORDS = {"articles": "article", "statements": "statement", "annotations": "annotation"}
# Characters of a statement that tell which it is.
TOLD = 60
# The columns of `annotations` that agreement is computed from.
ASKED = ("statement_id", "status", "validity", "sentiment", "targets")
# How much text a mode leaves; less of it breaks what was built on the version before.
TEXT = {"none": 0, "quotes": 1, "partial": 1, "full": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """One change, in words, and whether it breaks what was built on the old version."""

    what: str
    breaking: bool


@dataclass(slots=True)
class Changed:
    """Ids of records added, removed and changed; how many stayed the same; in how many of those changed each field did."""

    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    fields: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Difference:
    """What changed from one release to another."""

    old: str
    new: str
    # Of the schema, the splits, the text mode, the licence and the guideline.
    contract: list[Change] = field(default_factory=list)
    # By config: articles, statements, annotations.
    records: dict[str, Changed] = field(default_factory=dict)
    # Of statements added, removed and changed: the article, and how the content begins where the release has its words.
    told: dict[str, str] = field(default_factory=dict)
    # Articles whose split changed: id, old split, new split.
    moved: list[tuple[str, str, str]] = field(default_factory=list)
    # Adjudicated labels of statements in both: label, old value, new value -> how often.
    labels: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    # Label -> alpha in the old and in the new version; None where it is not defined.
    agreement: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    # Label -> value -> share in the old and in the new version.
    shares: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    @property
    def level(self) -> str:
        """`major` where something breaks, `minor` where data or schema changed otherwise, else `patch`."""
        if self.breaking:
            return "major"
        return "minor" if self.contract or any(c.added or c.removed or c.changed for c in self.records.values()) else "patch"

    @property
    def breaking(self) -> list[str]:
        """What breaks, in words."""
        found = [change.what for change in self.contract if change.breaking]
        if self.moved:
            found.append(f"{_times(len(self.moved), 'article')} moved to another split")
        articles = self.records["articles"]
        if articles.removed:
            found.append(f"{_times(len(articles.removed), 'article')} removed")
        if articles.changed:
            found.append(f"the text of {_times(len(articles.changed), 'article')} changed")
        return found

    @property
    def demanded(self) -> str:
        """The lowest version that may stand on the new release by semantic versioning; below 1.0.0 the second number counts breaks."""
        major, minor, patch = parse(self.old)
        level = self.level
        if major == 0:
            level = {"major": "minor"}.get(level, "patch")
        return {"major": f"{major + 1}.0.0", "minor": f"{major}.{minor + 1}.0", "patch": f"{major}.{minor}.{patch + 1}"}[level]

    @property
    def enough(self) -> bool:
        """Whether the new release's version is as high as what changed demands."""
        return parse(self.new) >= parse(self.demanded)


def parse(version: str) -> tuple[int, int, int]:
    """Return a semantic version as numbers, for comparing."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def diff(old: Path, new: Path) -> Difference:
    """Return what changed from release `old` to release `new`. Raises CannotRunError where one is no release or is broken.

    Texts are left out of the comparison: with the hash of its article and its offsets the same, a span reads the same.
    """
    return compare(old, manifest.read(old), new, manifest.read(new))


def compare(old: Path, was: Mapping[str, Any], new: Path, now: Mapping[str, Any]) -> Difference:
    """Return what changed between two folders with these manifests; see `diff`."""
    if was.get("name") != now.get("name"):
        raise CannotRunError(f"{old} and {new}: two datasets, {was.get('name')} and {now.get('name')}. Name two releases of one.")
    contracts = Contract(old / "schema"), Contract(new / "schema")
    found = Difference(was["version"], now["version"])
    found.contract = [*_contract_changes(*contracts), *_manifest_changes(was, now)]
    for config in RECORDS:
        pairs = match(Side(old, was), Side(new, now), config)
        found.records[config] = _records(pairs)
        if config == "articles":
            found.moved = _moved(pairs)
        elif config == "statements":
            found.told = _told(pairs, found.records[config])
            found.shares, found.labels = _labels(pairs)
    a, b = _agreement(old, was), _agreement(new, now)
    found.agreement = {label: (a.get(label), b.get(label)) for label in dict.fromkeys([*a, *b])}
    return found


def _contract_changes(old: Contract, new: Contract) -> Iterator[Change]:
    for config in CONFIGS:
        yield from _feature_changes(config, old.features(config), new.features(config))
    for name in old.label_lists():
        if name not in new.label_lists():
            continue
        was, now = ({label.value: label for label in contract.labels(name)} for contract in (old, new))
        for value in was.keys() & now.keys():
            if (was[value].title, was[value].description) != (now[value].title, now[value].description):
                yield Change(f"the definition of {name}={value} changed", breaking=False)


def _feature_changes(where: str, old: Any, new: Any) -> Iterator[Change]:
    """Yield what changed from one feature to another: an added column or a class appended breaks nothing, all else does."""
    from datasets import ClassLabel, List

    if isinstance(old, dict) and isinstance(new, dict):
        for key in old:
            if key not in new:
                yield Change(f"column {where}.{key} removed", breaking=True)
            else:
                yield from _feature_changes(f"{where}.{key}", old[key], new[key])
        for key in new:
            if key not in old:
                yield Change(f"column {where}.{key} added", breaking=False)
    elif isinstance(old, List) and isinstance(new, List):
        yield from _feature_changes(where, old.feature, new.feature)
    elif isinstance(old, ClassLabel) and isinstance(new, ClassLabel):
        if new.names[: len(old.names)] == old.names:
            for name in new.names[len(old.names) :]:
                yield Change(f"class {name} appended to {where}", breaking=False)
        else:
            yield Change(f"classes of {where} changed: {', '.join(old.names)} became {', '.join(new.names)}", breaking=True)
    elif old != new:
        yield Change(f"type of {where} changed", breaking=True)


def _manifest_changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Change]:
    for config in CONFIGS:
        a, b = ({entry["split"] for entry in values["files"] if entry["config"] == config} for values in (was, now))
        for split in sorted(a - b):
            yield Change(f"split {config}/{split} removed", breaking=True)
        for split in sorted(b - a):
            yield Change(f"split {config}/{split} added", breaking=False)
    if was["text_mode"] != now["text_mode"]:
        less = TEXT[now["text_mode"]] < TEXT[was["text_mode"]]
        yield Change(f"text mode {was['text_mode']} became {now['text_mode']}", breaking=less)
    if was["hold_out"] != now["hold_out"]:
        yield Change(f"held out for test was {was['hold_out'] or 'nothing'}, is {now['hold_out'] or 'nothing'}", breaking=True)
    for key in ("licence", "guideline"):
        if was[key] != now[key]:
            yield Change(f"{key} {was[key]} became {now[key]}", breaking=False)


def _records(pairs: Pairs) -> Changed:
    """Compare the records of a config by id, and those in both column by column."""
    import numpy as np

    both = pairs.both
    old, new = (_compared(pairs.config, side.names(pairs.config)) for side in (pairs.old, pairs.new))
    changed = np.full(int(both.sum()), old.keys() != new.keys())
    found = Changed()
    for name, told in sorted((old | new).items()):
        differ = pairs.differ(name)
        changed |= differ
        if differ.any():
            found.fields[told] = int(differ.sum())
    found.added = _sorted(pairs.new_ids, ~both)
    found.removed = _sorted(pairs.old_ids, pairs.removed)
    found.changed = _sorted(pairs.new_ids.filter(both), changed)
    found.same = len(changed) - len(found.changed)
    return found


def _sorted(ids: pa.Array, which: Mask) -> list[str]:
    return sorted(ids.filter(which).to_pylist())


def _compared(config: str, names: Iterable[str]) -> dict[str, str]:
    """Return the columns that are compared, and how the difference calls each."""
    if config == "articles":
        # Everything else told of an article may be mended without harm to what refers to its text.
        return {"sha256": "text"}
    # What follows from other fields or from other records is no change of this one.
    left = {"text", "text_start", "text_end", "text_sha256", "annotators"}
    return {name: name for name in names if name not in left and not name.endswith("_votes")}


def _moved(pairs: Pairs) -> list[tuple[str, str, str]]:
    """Return the articles in both whose split changed, in the order of the new release: id, old split, new split."""
    old, new = (
        [split for split, batch in tabular.read_columns(side.folder, side.manifest, pairs.config, ["id"]) for _ in range(batch.num_rows)]
        for side in (pairs.old, pairs.new)
    )
    ids, places = pairs.new_ids.to_pylist(), pairs.places.tolist()
    return [(key, old[place], split) for key, place, split in zip(ids, places, new, strict=True) if place != ABSENT and old[place] != split]


def _told(pairs: Pairs, found: Changed) -> dict[str, str]:
    told = {}
    for side, ids in ((pairs.new, found.added + found.changed), (pairs.old, found.removed)):
        for row in tabular.read_some(side.folder, side.manifest, pairs.config, ids, ("id", "article_id", "content")):
            words = " ".join((row["content"][0]["surface"] or "").split()) if row["content"] else ""
            article = row["article_id"]
            told[row["id"]] = f"{article}: {words[:TOLD]}{'…' * (len(words) > TOLD)}" if words else article
    return told


def _labels(pairs: Pairs) -> tuple[dict[str, dict[str, tuple[float, float]]], Counter[tuple[str, str, str]]]:
    """Return the share of each adjudicated value in both releases, and how often a label of a statement in both changed, by label,
    old value and new value."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    shares: dict[str, dict[str, tuple[float, float]]] = {}
    changes: Counter[tuple[str, str, str]] = Counter()
    rows = pairs.numbers
    in_both = np.zeros(len(rows[0]) + len(rows[1]), dtype=bool)
    in_both[pairs.places[pairs.both]] = True
    for label in VOTED:
        given, things, of = _given(pairs, label, rows)
        names = sorted({name for values in given for name in values.unique().drop_null().to_pylist()})
        size = max(int(side.max(initial=-1)) for side in things) + 1
        was, now = np.full(size, NO_ANSWER), np.full(size, NO_ANSWER)
        compared = np.zeros(size, dtype=bool)
        for found, values, thing, row in zip((was, now), given, things, of, strict=True):
            codes = pc.fill_null(pc.index_in(values, pa.array(names, values.type)), NO_ANSWER).to_numpy()
            asked = codes != NO_ANSWER
            found[thing[asked]] = codes[asked]
            compared[thing] = in_both[row]
        counts = [np.bincount(found[found != NO_ANSWER], minlength=len(names)).tolist() for found in (was, now)]
        if names:
            shares[label] = {
                name: (_share(a, sum(counts[0])), _share(b, sum(counts[1]))) for name, a, b in zip(names, *counts, strict=True)
            }
        named = [*names, NONE]  # NO_ANSWER, -1, is the last
        changed = compared & (was != now)
        changes.update((label, named[a], named[b]) for a, b in zip(was[changed].tolist(), now[changed].tolist(), strict=True))
    return shares, changes


def _given(pairs: Pairs, label: str, rows: tuple[Numbers, Numbers]) -> tuple[list[pa.Array], list[Numbers], list[Numbers]]:
    """Return the adjudicated values of a label in both releases, and for each value a number of the thing that it is given to, a
    statement or a target, and the number of the statement, which `rows` gives by row: the same number for the same in both."""
    import pyarrow as pa

    if label != "stance":
        return [values.cast(pa.large_string()) for values in pairs.columns(label)], [*rows], [*rows]
    kind = pa.list_(pa.struct({"start": pa.int32(), "end": pa.int32(), "stance": pa.string()}))
    old, new = (columns.spans(column if pa.types.is_list(column.type) else column.cast(kind)) for column in pairs.columns("stances"))
    of = [rows[0][old.rows], rows[1][new.rows]]
    return [side.items.field("stance").cast(pa.large_string()) for side in (old, new)], [*columns.regions(old, of[0], new, of[1])], of


def _agreement(folder: Path, values: Mapping[str, Any]) -> dict[str, float | None]:
    found: dict[str, Units] = {}
    for _, batch in tabular.read_columns(folder, values, "annotations", ASKED, LEFT):
        with tabular.readable(folder):
            for label, counted in units(batch).items():
                found.setdefault(label, Counter()).update(counted)
    return {label.label: label.alpha for label in agreement_of(found)}


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
