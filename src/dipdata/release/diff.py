"""diff: what changed between two releases, breaking or not, and the version that it demands."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from dipdata.annotations.agreement import Units, agreement_of, units
from dipdata.problems import CannotRunError
from dipdata.records import Annotation, from_dict
from dipdata.release import manifest, modes, tabular
from dipdata.release.rows import VOTED
from dipdata.release.tally import NONE
from dipdata.schemas import CONFIGS, Contract

Row = dict[str, Any]
RECORDS = {"articles": "article", "statements": "statement", "annotations": "annotation"}
# Characters of a statement that tell which it is.
TOLD = 60
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
        found.records[config] = _records(old, was, new, now, config, found)
    for label, values in _distributions(old, was, new, now, found.labels).items():
        found.shares[label] = values
    a, b = (_agreement(*of) for of in ((old, was, contracts[0]), (new, now, contracts[1])))
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


def _records(old: Path, was: Mapping[str, Any], new: Path, now: Mapping[str, Any], config: str, difference: Difference) -> Changed:
    """Compare the records of a config by id and a digest of all but their texts."""
    before = {row["id"]: (_digest(config, row), split) for split, row in tabular.read(old, was, config)}
    found = Changed()
    for split, row in tabular.read(new, now, config):
        key = row["id"]
        told = _told(row) if config == "statements" else None
        digest, place = before.pop(key, (None, split))
        if digest is None:
            found.added.append(key)
        elif digest != _digest(config, row):
            found.changed.append(key)
        else:
            found.same += 1
            told = None
        if told:
            difference.told[key] = told
        if config == "articles" and place != split:
            difference.moved.append((key, place, split))
    found.removed = sorted(before)
    if config == "statements":
        difference.told |= {row["id"]: _told(row) for row in tabular.read_some(old, was, config, before)}
    found.added.sort()
    found.changed.sort()
    earlier = {row["id"]: _compared(config, row) for row in tabular.read_some(old, was, config, found.changed)}
    for row in tabular.read_some(new, now, config, found.changed):
        values, others = _compared(config, row), earlier[row["id"]]
        found.fields.update(key for key in values.keys() | others.keys() if values.get(key) != others.get(key))
    return found


def _told(row: Row) -> str:
    words = " ".join((row["content"][0]["surface"] or "").split())
    return f"{row['article_id']}: {words[:TOLD]}{'…' * (len(words) > TOLD)}" if words else str(row["article_id"])


def _digest(config: str, row: Row) -> bytes:
    return hashlib.sha256(orjson.dumps(_compared(config, row))).digest()[:12]


def _compared(config: str, row: Row) -> Row:
    """Return what is compared of a row."""
    if config == "articles":
        # Everything else told of an article may be mended without harm to what refers to its text.
        return {"text": row["sha256"]}
    for span in modes.spans(row, config):
        span["surface"] = None
    # What follows from other fields or from other records is no change of this one.
    left = {"text", "text_start", "text_end", "text_sha256", "annotators"}
    bare = {key: value for key, value in row.items() if key not in left and not key.endswith("_votes")}
    for target in bare.get("stances", ()):
        target.pop("votes", None)
    return bare


def _distributions(
    old: Path, was: Mapping[str, Any], new: Path, now: Mapping[str, Any], changes: Counter[tuple[str, str, str]]
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return the share of each adjudicated value in both releases, and count into `changes` where a statement's label changed."""
    counts: list[dict[str, Counter[str]]] = [defaultdict(Counter), defaultdict(Counter)]
    before: dict[str, dict[tuple[str, int, int], str]] = {}
    for side, (folder, values) in enumerate(((old, was), (new, now))):
        for _, row in tabular.read(folder, values, "statements"):
            labels = _labels(row)
            for (label, _, _), value in labels.items():
                counts[side][label][value] += 1
            if side == 0:
                before[row["id"]] = labels
                continue
            earlier = before.get(row["id"])
            if earlier is None:
                continue
            for key in earlier.keys() | labels.keys():
                a, b = earlier.get(key, NONE), labels.get(key, NONE)
                if a != b:
                    changes[key[0], a, b] += 1
    found = {}
    for label in VOTED:
        sums = [sum(side[label].values()) for side in counts]
        names = sorted(counts[0][label].keys() | counts[1][label].keys())
        if names:
            found[label] = {name: (_share(counts[0][label][name], sums[0]), _share(counts[1][label][name], sums[1])) for name in names}
    return found


def _labels(row: Row) -> dict[tuple[str, int, int], str]:
    """Return the adjudicated labels of a row of `statements`, by label and, for stance, target."""
    found = {(label, 0, 0): row[label] for label in ("validity", "sentiment", "act") if row[label] is not None}
    found |= {("stance", t["start"], t["end"]): t["stance"] for t in row["stances"] if t["stance"] is not None}
    return found


def _agreement(folder: Path, values: Mapping[str, Any], contract: Contract) -> dict[str, float | None]:
    codes = {label: contract.values(label) for label in VOTED}
    found: dict[str, Units] = defaultdict(Counter)
    rows = (row for _, row in tabular.read(folder, values, "annotations"))
    for _, group in groupby(rows, lambda row: row["statement_id"]):
        for row_units in [units([_annotation(row) for row in group], codes)]:
            for label, counted in row_units.items():
                found[label].update(counted)
    return {label.label: label.alpha for label in agreement_of(found)}


def _annotation(row: Row) -> Annotation:
    return from_dict(Annotation, {key: row[key] for key in Annotation.__slots__ if key in row})


def _share(count: int, of: int) -> float:
    return count / of if of else 0.0


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
