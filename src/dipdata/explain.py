"""What a violation of a schema means, in words: the allowed values in full, and near misses by name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any


def explain(error: Any, describe: Any = lambda path: None, keys: Sequence[str] = ()) -> tuple[str, str]:
    """Return the class of an error of `jsonschema-rs` and what is wrong, in words.

    The class is one of `missing-key`, `unknown-key`, `type`, `label`, `format`, `range` and, for what the schemas do not use,
    `invalid`; it is the last part of the code that `validate` reports.

    `describe` gives the description of the schema at a `schema_path`, or None; `keys` are those that an object could still have.
    """
    kind, value = error.kind, error.instance
    match kind.name:
        case "required":
            return "missing-key", f"has no {kind.property!r}"
        case "unevaluatedProperties" | "additionalProperties":
            names = ", ".join(_meant(name, keys) for name in kind.unexpected)
            return "unknown-key", f"has the unknown {'keys' if len(kind.unexpected) > 1 else 'key'} {names}"
        case "type":
            is_a = "is null" if value is None else f"{show(value)} is {_type(value)}"
            return "type", f"{is_a}, not {_article(' or '.join(kind.types))}"
        case "oneOf" | "anyOf":
            return _arms(error, value, describe)
        case "const":
            return "label", f"{show(value)} is not {kind.expected_value!r}"
        case "pattern" | "format":
            says = describe(error.schema_path)
            return "format", f"{show(value)} is not of the right form" + (f" ({says.rstrip('.')})" if says else "")
        case "minLength" | "minItems" | "minProperties" if kind.limit == 1:
            return "range", "is empty"
        case "minLength" | "maxLength" | "minItems" | "maxItems":
            bound = "least" if kind.name.startswith("min") else "most"
            return "range", f"has a length of {len(value)}; at {bound} {kind.limit} is allowed"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            side = "below the least" if kind.name.endswith("inimum") else "above the greatest"
            return "range", f"{show(value)} is {side} allowed value {kind.limit:g}"
        case "uniqueItems":
            return "range", "holds an item twice"
        case _:
            return "invalid", show(error.message, 200).strip("'\"")


def show(value: Any, limit: int = 60) -> str:
    """Return a value for a message: a string bare when it is plain, anything long cut short."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def nearest(value: Any, allowed: list[str]) -> str | None:
    """Return the allowed value that a wrong one was probably meant to be: `favour` gives `favor`, `Very Negative` `very_negative`."""
    if not isinstance(value, str):
        return None
    plain = value.strip().lower().replace(" ", "_").replace("-", "_")
    found = difflib.get_close_matches(plain, allowed, n=1, cutoff=0.75)
    return found[0] if found else None


def _meant(name: str, keys: Sequence[str]) -> str:
    """Return an unknown key with the one that it was probably meant to be."""
    meant = nearest(name, list(keys))
    return f"{name!r} (did you mean {meant}?)" if meant else repr(name)


def _arms(error: Any, value: Any, describe: Any) -> tuple[str, str]:
    """Explain a value that fits no arm: a closed list, or one real form beside null."""
    allowed: list[str] = []
    others = []

    def gather(errors: Any) -> None:
        for arm in errors:
            for inner in arm:
                if inner.kind.name in ("oneOf", "anyOf"):
                    gather(inner.kind.context)
                elif inner.kind.name == "const":
                    if inner.kind.expected_value not in allowed:
                        allowed.append(inner.kind.expected_value)
                elif not (inner.kind.name == "type" and list(inner.kind.types) == ["null"]):
                    others.append(inner)

    if hasattr(error.kind, "context"):
        gather(error.kind.context)
    if allowed and (isinstance(value, str) or not others):
        meant = nearest(value, allowed)
        hint = f" is not allowed (did you mean {meant}?)" if meant else " is not allowed"
        return "label", f"{show(value)}{hint}; allowed are {', '.join(allowed)}"
    if len(others) == 1:
        return explain(others[0], describe)
    return "invalid", f"{show(value)} fits none of the allowed forms"


def _type(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _article(name: str) -> str:
    return ("an " if name[0] in "aeiou" else "a ") + name
