"""Labels: answers are whole, known, and of somebody who read what was asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dipdata.checks.catalogue import error, warning
from dipdata.floors import Floors
from dipdata.problems import Problem

ANSWER = error(
    "labels.answer-missing",
    "A submitted answer lacks validity, sentiment or the stance of a target.",
    "Open the task again and answer all questions, or save it as a draft.",
)
SCHEME = error(
    "labels.scheme-unknown",
    "An answer was given with a label scheme that this project does not have.",
    "Restore schema/ to that version, or correct the record.",
)
GUIDELINE = error(
    "labels.guideline-unknown",
    "An answer was given by guidelines newer than the project's, or of another major version.",
    "Set guideline in dipdata.toml to the version in use, or label the statement anew.",
)
MERGED = error(
    "labels.scheme-merged",
    "The list of stances lacks `neutral` or `none`: they are different answers.",
    "Keep both values in schema/labels.schema.json.",
)
NEUTRAL = warning(
    "labels.none-neutral",
    "An annotator uses only one of `none` and `neutral` where others use both.",
    "Show the annotator the definitions of both, and label a sample anew.",
)
CONTRADICTION = warning(
    "labels.contradiction", "Two answers of a record contradict each other.", "Open the task again and correct one of them."
)
REJECTED = warning(
    "labels.rejected-answered", "What is rejected or skipped has labels all the same.", "Remove the labels, or accept the statement."
)
GOLD = error("labels.gold-stale", "Gold made by a rule is not what the annotations give by that rule.", "Run `dipdata adjudicate`.")
CONSTANT = warning("labels.constant", "An annotator has always given the same value.", "Look at a sample of the answers before they count.")
FAST = warning(
    "labels.too-fast", "An annotator has often answered faster than anyone reads.", "Look at a sample of the answers before they count."
)
TIME = error("labels.time-order", "An answer was updated before it was created.", "Pull the annotation again.")
# Stands, while a release is checked, for words that it withholds.
WITHHELD = "?"


@dataclass(slots=True)
class Annotator:
    """What one annotator's answers tell of the annotator."""

    submitted: int = 0
    fast: int = 0
    sentiment: Counter[str] = field(default_factory=Counter)
    stance: Counter[str] = field(default_factory=Counter)

    def add(self, other: Annotator) -> None:
        """Add the answers counted elsewhere."""
        self.submitted += other.submitted
        self.fast += other.fast
        self.sentiment.update(other.sentiment)
        self.stance.update(other.stance)


def annotation(values: Mapping[str, Any], scheme: str, guideline: str | None) -> Iterator[Problem]:
    """Yield what is wrong with the answers of an annotation. `scheme` and `guideline` are the project's versions."""
    who, status, validity, sentiment = values["id"], values["status"], values["validity"], values["sentiment"]
    targets = values["targets"]
    if values["scheme"] != scheme and not known(values["scheme"], scheme):
        yield SCHEME.at(who, f"was made with label scheme {values['scheme']}; the project has {scheme}", pointer="/scheme")
    if guideline is not None and values["guideline"] != guideline and not known(values["guideline"], guideline):
        yield GUIDELINE.at(who, f"was made by guideline {values['guideline']}; the project has {guideline}", pointer="/guideline")
    if values["updated"] < values["created"] and values["updated"][:19] < values["created"][:19]:
        yield TIME.at(who, f"was updated at {values['updated']}, before it was created", pointer="/updated")
    if status == "submitted":
        if validity is None:
            yield ANSWER.at(who, "is submitted without validity", pointer="/validity")
        elif validity != "not_a_statement":
            if sentiment is None:
                yield ANSWER.at(who, "is submitted without sentiment", pointer="/sentiment")
            for n, target in enumerate(targets):
                if target["stance"] is None:
                    yield ANSWER.at(who, "is submitted without a stance on a target", pointer=f"/targets/{n}/stance")
    rejected = "rejected" if validity == "not_a_statement" else "skipped" if status == "skipped" else None
    if rejected and (sentiment is not None or any(target["stance"] is not None for target in targets)):
        yield REJECTED.at(who, f"is {rejected} and has labels", pointer="/sentiment" if sentiment is not None else "/targets")
    elif targets:
        yield from contradictions(who, sentiment, targets)


def contradictions(who: str, sentiment: str | None, targets: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem where labels of a record cannot both be meant. Targets whose words a release withholds are not compared."""
    stances = {target["stance"] for target in targets}
    if len(targets) > 1 and {"favor", "against"} <= stances:
        by_surface: dict[str, str] = {}
        for n, target in enumerate(targets):
            if target["surface"] == WITHHELD:
                continue
            first = by_surface.setdefault(target["surface"].casefold(), target["stance"])
            if {first, target["stance"]} == {"favor", "against"}:
                yield CONTRADICTION.at(who, f"is both for and against {target['surface']!r}", pointer=f"/targets/{n}/stance")
    if (sentiment == "very_positive" and stances == {"against"}) or (sentiment == "very_negative" and stances == {"favor"}):
        yield CONTRADICTION.at(who, f"is {sentiment} in tone and {next(iter(stances))} every target", pointer="/sentiment")


def count(values: Mapping[str, Any], annotators: dict[str, Annotator], floors: Floors) -> None:
    """Count a submitted answer for its annotator."""
    who = annotators.setdefault(values["annotator"], Annotator())
    who.submitted += 1
    if values["sentiment"] is not None:
        who.sentiment[values["sentiment"]] += 1
    for target in values["targets"]:
        if target["stance"] is not None:
            who.stance[target["stance"]] += 1
    lead = values["lead_time"]
    if lead is not None and lead * floors.reading_speed < sum(span["end"] - span["start"] for span in values["content"]):
        who.fast += 1


def annotators(found: Mapping[str, Annotator], floors: Floors) -> Iterator[Problem]:
    """Yield what the answers of each annotator, taken together, give reason to look at."""
    both = sum((one.stance for one in found.values()), Counter())
    for name, one in sorted(found.items()):
        for label, answers in (("sentiment", one.sentiment), ("stance", one.stance)):
            others: Counter[str] = sum((getattr(other, label) for key, other in found.items() if key != name), Counter())
            if len(answers) == 1 and answers.total() >= floors.constant_answers and len(others) != 1:
                value = next(iter(answers))
                yield CONSTANT.at(name, f"has given {label} {value} all of {answers.total()} times", pointer=f"/{label}")
        if one.submitted >= floors.constant_answers and one.fast > floors.fast_share * one.submitted:
            yield FAST.at(
                name,
                f"{one.fast} of {one.submitted} answers came faster than {floors.reading_speed:g} code points a second",
                pointer="/lead_time",
            )
        used = [value for value in ("none", "neutral") if one.stance[value]]
        if (
            len(used) == 1
            and one.stance[used[0]] >= floors.constant_answers
            and all(both[value] > one.stance[value] for value in ("none", "neutral"))
        ):
            never = "neutral" if used == ["none"] else "none"
            yield NEUTRAL.at(name, f"has given {used[0]} {one.stance[used[0]]} times and never {never}", pointer="/targets")


def scheme(stances: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem where the scheme cannot tell `none` from `neutral`."""
    for value in ("neutral", "none"):
        if value not in stances:
            yield MERGED.at("labels.schema.json", f"stance has no value {value!r}", pointer="/$defs/stance/oneOf")


def known(version: str, project: str) -> bool:
    """Tell whether a version is one that the project has had: of the same major version and not newer."""
    try:
        ours, theirs = [tuple(map(int, each.split("."))) for each in (project, version)]
    except ValueError:
        return False
    return theirs[0] == ours[0] and theirs <= ours
