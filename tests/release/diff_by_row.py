"""Two releases compared row by row: what the columns of `release.diff` must come to."""

import hashlib
from collections import Counter, defaultdict
from itertools import groupby

import orjson

from dipdata.annotations.agreement import agreement_of, units
from dipdata.records import Annotation, from_dict
from dipdata.release import modes, tabular
from dipdata.release.diff import RECORDS, TOLD, Changed, Difference
from dipdata.release.rows import VOTED
from dipdata.release.tally import NONE


def compare(old, was, new, now, contracts):
    """Return a difference with all but what contract and manifest tell."""
    found = Difference("0.1.0", "0.1.1")
    for config in RECORDS:
        found.records[config] = _records(old, was, new, now, config, found)
    found.shares = _shares(old, was, new, now, found.labels)
    a, b = (_agreement(*of) for of in ((old, was, contracts[0]), (new, now, contracts[1])))
    found.agreement = {label: (a.get(label), b.get(label)) for label in dict.fromkeys([*a, *b])}
    return found


def _records(old, was, new, now, config, difference):
    before = {row["id"]: (row, split) for split, row in tabular.read(old, was, config)}
    found = Changed()
    for split, row in tabular.read(new, now, config):
        key = row["id"]
        told = _told(row) if config == "statements" else None
        earlier, place = before.pop(key, (None, split))
        if earlier is None:
            found.added.append(key)
        elif _digest(config, earlier) != _digest(config, row):
            found.changed.append(key)
            values, others = _compared(config, row), _compared(config, earlier)
            found.fields.update(name for name in values.keys() | others.keys() if values.get(name) != others.get(name))
        else:
            found.same += 1
            told = None
        if told:
            difference.told[key] = told
        if config == "articles" and place != split:
            difference.moved.append((key, place, split))
    found.removed = sorted(before)
    if config == "statements":
        difference.told |= {key: _told(row) for key, (row, _) in before.items()}
    found.added.sort()
    found.changed.sort()
    return found


def _told(row):
    words = " ".join((row["content"][0]["surface"] or "").split())
    return f"{row['article_id']}: {words[:TOLD]}{'…' * (len(words) > TOLD)}" if words else str(row["article_id"])


def _digest(config, row):
    return hashlib.sha256(orjson.dumps(_compared(config, row))).digest()


def _compared(config, row):
    if config == "articles":
        return {"text": row["sha256"]}
    for span in modes.spans(row, config):
        span["surface"] = None
    left = {"text", "text_start", "text_end", "text_sha256", "annotators"}
    bare = {key: value for key, value in row.items() if key not in left and not key.endswith("_votes")}
    for target in bare.get("stances", ()):
        target.pop("votes", None)
    return bare


def _shares(old, was, new, now, changes):
    counts = [defaultdict(Counter), defaultdict(Counter)]
    before = {}
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
            found[label] = {
                name: tuple(side[label][name] / of if of else 0.0 for side, of in zip(counts, sums, strict=True)) for name in names
            }
    return found


def _labels(row):
    found = {(label, 0, 0): row[label] for label in ("validity", "sentiment", "act") if row[label] is not None}
    return found | {("stance", t["start"], t["end"]): t["stance"] for t in row["stances"] if t["stance"] is not None}


def _agreement(folder, values, contract):
    codes = {label: contract.values(label) for label in VOTED}
    found = defaultdict(Counter)
    rows = (row for _, row in tabular.read(folder, values, "annotations"))
    for _, group in groupby(rows, lambda row: row["statement_id"]):
        answers = [from_dict(Annotation, {key: row[key] for key in Annotation.__slots__ if key in row}) for row in group]
        for label, counted in units(answers, codes).items():
            found[label].update(counted)
    return {label.label: label.alpha for label in agreement_of(found)}
