"""A Difference in words: as text, as Markdown for release notes, as JSON, and in short for the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dipdata.release.blocks import table
from dipdata.release.diff import RECORDS, Changed, Difference

# Ids that text and Markdown list before they count.
SHOWN = 10


def to_json(found: Difference) -> dict[str, Any]:
    """Return the whole difference as plain values."""
    return {
        "old": found.old,
        "new": found.new,
        "level": found.level,
        "demanded": found.demanded,
        "enough": found.enough,
        "breaking": found.breaking,
        "contract": [{"what": change.what, "breaking": change.breaking} for change in found.contract],
        "records": {
            config: {
                "added": part.added,
                "removed": part.removed,
                "changed": part.changed,
                "fields": dict(sorted(part.fields.items())),
                "same": part.same,
            }
            for config, part in found.records.items()
        },
        "moved": [{"article_id": key, "old": old, "new": new} for key, old, new in found.moved],
        "labels": [{"label": label, "old": old, "new": new, "times": times} for (label, old, new), times in sorted(found.labels.items())],
        "agreement": {label: {"old": old, "new": new} for label, (old, new) in found.agreement.items()},
        "shares": {
            label: {value: {"old": old, "new": new} for value, (old, new) in values.items()} for label, values in found.shares.items()
        },
    }


def markdown(found: Difference) -> str:
    """Return release notes."""
    return f"## {found.new} since {found.old}\n\nThis is a {_level(found)}.\n\n" + "\n\n".join(_sections(found)) + "\n"


def summary(found: Difference) -> str:
    """Return what the card tells of the changes: the same whatever texts the two releases hold."""
    shown = [change for change in found.contract if not change.what.startswith("text mode ")]
    bare = replace(found, contract=shown)
    return f"Since {found.old}:\n\n" + "\n\n".join(_sections(bare))


def text(found: Difference) -> str:
    """Return the difference for a terminal."""
    lines = [f"{found.old} -> {found.new}: {_level(found)}"]
    lines += [f"  breaks: {what}" for what in found.breaking]
    lines += [f"  {change.what}" for change in found.contract if not change.breaking]
    for config, part in found.records.items():
        lines.append(
            f"  {config}: {len(part.added)} added, {len(part.removed)} removed, {len(part.changed)} changed{_fields(part)}, "
            f"{part.same} the same"
        )
        for word, ids in (("+", part.added), ("-", part.removed), ("~", part.changed)):
            lines += [f"    {word} {key} {found.told.get(key, '')}".rstrip() for key in ids[:SHOWN]]
            if len(ids) > SHOWN:
                lines.append(f"    {word} and {len(ids) - SHOWN} more")
    lines += [f"  moved: {key} from {old} to {new}" for key, old, new in found.moved]
    lines += [
        f"  label {label}: {old} became {new} {'once' if times == 1 else f'{times} times'}"
        for (label, old, new), times in sorted(found.labels.items())
    ]
    lines += [
        f"  agreement on {label}: {_alpha(old)} -> {_alpha(new)}"
        for label, (old, new) in found.agreement.items()
        if _alpha(old) != _alpha(new)
    ]
    for label, values in found.shares.items():
        moved = ", ".join(f"{value} {old:.1%} -> {new:.1%}" for value, (old, new) in values.items() if f"{old:.3f}" != f"{new:.3f}")
        if moved:
            lines.append(f"  shares of {label}: {moved}")
    return "\n".join(lines)


def _sections(found: Difference) -> Iterator[str]:
    breaking = found.breaking
    if breaking:
        yield "Breaking:\n\n" + "\n".join(f"- {what}" for what in breaking)
    other = [change.what for change in found.contract if not change.breaking]
    if other:
        yield "Also changed:\n\n" + "\n".join(f"- {what}" for what in other)
    yield table(
        ["Records", "added", "removed", "changed", "the same"],
        [
            [noun + "s", len(p.added), len(p.removed), f"{len(p.changed)}{_fields(p)}", p.same]
            for c, noun in RECORDS.items()
            for p in [found.records[c]]
        ],
    )
    if found.labels:
        yield table(["Label", "was", "is", "times"], [[f"`{label}`", a, b, n] for (label, a, b), n in sorted(found.labels.items())])
    if any(old is not None or new is not None for old, new in found.agreement.values()):
        yield table(["Agreement (alpha)", "was", "is"], [[f"`{label}`", _alpha(a), _alpha(b)] for label, (a, b) in found.agreement.items()])
    shifts = [
        [f"`{label}`", f"`{value}`", f"{a:.1%}", f"{b:.1%}"]
        for label, values in found.shares.items()
        for value, (a, b) in values.items()
        if f"{a:.3f}" != f"{b:.3f}"
    ]
    if shifts:
        yield table(["Label", "Value", "share was", "is"], shifts)


def _fields(part: Changed) -> str:
    told = ", ".join(f"{name} {times}" for name, times in sorted(part.fields.items(), key=lambda item: (-item[1], item[0])))
    return f" ({told})" if told and set(part.fields) != {"text"} else ""


def _level(found: Difference) -> str:
    early = " below 1.0.0" if found.old.startswith("0.") else ""
    return f"{found.level} change; semantic versioning{early} demands {found.demanded} or higher"


def _alpha(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"
