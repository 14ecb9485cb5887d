"""The `[checks]` table of dipdata.toml -> Floors: what `validate` measures against, and how strict it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


def _floor(default: Any, meaning: str) -> Any:
    return (
        field(default_factory=dict, metadata={"meaning": meaning})
        if default == {}
        else field(default=default, metadata={"meaning": meaning})
    )


@dataclass(frozen=True, slots=True)
class Floors:
    """Thresholds of the checks. Keys in dipdata.toml are the names of the fields with hyphens."""

    near_duplicate: float = _floor(0.8, "Jaccard similarity of word shingles from which two articles are one, and stay in one split.")
    wire_copy: float = _floor(
        0.5, "Share of the shorter article found in the longer from which they share a wire copy, and stay in one split."
    )
    split_drift: float = _floor(0.1, "How far the share of articles in a split may be from the share that [splits] gives it.")
    label_drift: float = _floor(0.2, "Total variation distance, from 0 to 1, that the labels of a split may have from the labels of all.")
    label_rows: int = _floor(100, "Labels that a split must hold before its balance is judged.")
    agreement: Mapping[str, float] = _floor({}, "Krippendorff's alpha that each label must reach; a label without an entry is not judged.")
    agreement_units: int = _floor(50, "Units with two answers or more that it takes to judge alpha.")
    reading_speed: float = _floor(
        50.0,
        "Code points a second above which an answer counts as not read. Three times the mean of 17 languages, 987 characters a minute "
        "(Trauzettel-Klosinski and Dietz, Standardized assessment of reading performance, 2012).",
    )
    fast_share: float = _floor(0.2, "Share of an annotator's answers that may be faster than that.")
    constant_answers: int = _floor(30, "Answers after which an annotator who has given one value alone is flagged.")
    fail_on: str = _floor("error", "The severity from which validate exits with 1: `error` or `warning`.")
    select: tuple[str, ...] = _floor((), "Codes, or families such as `offsets`, to report; all where it is empty.")
    ignore: tuple[str, ...] = _floor((), "Codes or families not to report.")


def parse(values: Mapping[str, Any]) -> Floors:
    """Return the floors of a `[checks]` table. Raises ValueError on an unknown key or a value out of place, in one sentence."""
    known = {each.name.replace("_", "-"): each.name for each in fields(Floors)}
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key not in known:
            raise ValueError(f"unknown key {key!r} under [checks]; known keys are {', '.join(sorted(known))}")
        found[known[key]] = _value(key, value)
    return Floors(**found)


def described() -> list[tuple[str, Any, str]]:
    """Return key, value without an entry in dipdata.toml, and meaning of each floor."""
    return [(each.name.replace("_", "-"), getattr(Floors(), each.name), each.metadata["meaning"]) for each in fields(Floors)]


def _value(key: str, value: Any) -> Any:
    if key == "agreement":
        if not isinstance(value, dict) or not all(_number(floor) and -1 <= floor <= 1 for floor in value.values()):
            raise ValueError("[checks.agreement] must give a number from -1 to 1 for each label")
        return {str(label): float(floor) for label, floor in value.items()}
    if key in ("select", "ignore"):
        if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
            raise ValueError(f"[checks] {key} must be a list of codes")
        return tuple(value)
    if key == "fail-on":
        if value not in ("error", "warning"):
            raise ValueError("[checks] fail-on must be 'error' or 'warning'")
        return value
    if not _number(value) or value < 0:
        raise ValueError(f"[checks] {key} must be a number, not below 0")
    return value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
