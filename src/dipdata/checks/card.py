"""The card: its YAML, which `datasets` reads before the tables, says what manifest and tables say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from dipdata.checks import figures, release
from dipdata.checks.agreement import Answers
from dipdata.checks.catalogue import error
from dipdata.explain import show
from dipdata.problems import Problem
from dipdata.release import card as cards
from dipdata.release.manifest import tools
from dipdata.release.splits import hold_out
from dipdata.schemas import CONFIGS, Contract

NAME = "README.md"
AGAIN = "Export the release again."
YAML = error("release.card-yaml", "The card has no YAML at its head that `datasets` can read.", AGAIN)
SPLITS = error("release.card-splits", "The card's YAML promises other configs, splits or numbers of rows than the manifest.", AGAIN)
CLASSES = error(
    "release.card-classes", "The card's YAML gives other columns or class names than schema/: it overrides the tables silently.", AGAIN
)
CLAIMS = error("release.card-claims", "The card's YAML states other languages, another size or another version than the manifest.", AGAIN)
STALE = error(
    "release.card-stale",
    "A generated block of the card was edited by hand, or tells other figures than the tables.",
    "Run `dipdata validate --fix`, and write your own words outside the blocks.",
)
LICENCE = error(
    "release.licence", "No licence is stated, or card and manifest state different ones.", "Set licence in dipdata.toml and export again."
)


def check(folder: Path, manifest: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    """Yield what the YAML of a release's card says wrongly."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failed:
        yield YAML.at(NAME, f"cannot be read ({failed})", file=NAME)
        return
    values = front_matter(text)
    if not isinstance(values, dict):
        yield YAML.at(NAME, values, file=NAME, line=1)
        return
    licence = {key: str(values[key]).lower() for key in ("license", "license_name") if values.get(key)}
    if "license" not in licence:
        yield LICENCE.at(NAME, "states no licence", pointer="/license", file=NAME)
    elif licence != cards.licence(manifest["licence"]):
        yield LICENCE.at(
            NAME,
            f"states the licence {' '.join(licence.values())} where the manifest has {manifest['licence']}",
            pointer="/license",
            file=NAME,
        )
    for key, told, true in (
        ("language", values.get("language"), manifest["languages"]),
        ("version", values.get("version", manifest["version"]), manifest["version"]),
        ("size_categories", values.get("size_categories", _sizes(manifest)), _sizes(manifest)),
    ):
        if told != true:
            yield CLAIMS.at(NAME, f"states {key} {told} where the manifest has {true}", pointer=f"/{key}", file=NAME)
    yield from _configs(values, manifest, contract)


def blocks(
    folder: Path, manifest: dict[str, Any], entries: Sequence[Mapping[str, Any]], answers: Mapping[str, Answers], contract: Contract
) -> Iterator[Problem]:
    """Yield the generated blocks of a release's card that are not what its tables and its manifest give."""
    import pyarrow as pa

    try:
        text = (folder / NAME).read_text(encoding="utf-8")
        # Another version of dipdata may have put the same figures into other words.
        same = manifest["tools"].get("dipdata") == tools()["dipdata"]
        made = recounted(folder, manifest, entries, answers, contract) if same else {}
    except (OSError, ValueError, pa.ArrowException):  # reported where card and tables are read
        return
    yield from loose(text, NAME)
    edited = set(cards.edited_blocks(text))
    for found in cards.BLOCK.finditer(text):
        name, line = found[1], text.count("\n", 0, found.start()) + 1
        if name in edited:
            yield STALE.at(name, "was edited by hand", file=NAME, line=line)
        elif name in made and found[2].strip() != made[name].strip():
            yield STALE.at(name, f"tells other figures than the tables: {_difference(found[2], made[name])}", file=NAME, line=line)


def loose(text: str, file: str) -> Iterator[Problem]:
    """Yield the markers of a card, or of its template, that belong to no whole block: what stood there is not generated any more."""
    for marker, line in cards.loose_markers(text):
        yield STALE.at(show(marker), "stands without the other marker of its block", file=file, line=line)


def recounted(
    folder: Path, manifest: dict[str, Any], entries: Sequence[Mapping[str, Any]], answers: Mapping[str, Answers], contract: Contract
) -> dict[str, str]:
    """Return the blocks of a card that its tables and manifest give, made anew; authors and changes are not in them.

    Raises OSError or ArrowException where a table cannot be read.
    """
    # In the order of the splits, in which export has counted.
    order = list(manifest["splits"])
    entries = sorted(entries, key=lambda entry: order.index(entry["split"]) if entry["split"] in order else len(order))
    facts = cards.Facts(
        name=manifest["name"],
        title=manifest["title"],
        version=manifest["version"],
        licence=manifest["licence"],
        date=manifest["date"],
        mode=manifest["text_mode"],
        articles=figures.articles(folder, entries),
        tally=figures.tally(folder, entries, answers),
        files={},
        shares=manifest["splits"],
        seed=manifest["seed"],
        held=hold_out(manifest["hold_out"]) if manifest["hold_out"] else None,
        authors=(),
        url=None,
        lead="",
        changes="",
        contract=contract,
    )
    return {name: make(facts) for name, make in cards.BLOCKS.items() if name not in ("citation", "changes")}


def _difference(old: str, new: str) -> str:
    """Return the first line that differs, as it is and as it should be."""
    pairs = zip_longest(old.strip().splitlines(), new.strip().splitlines(), fillvalue="")
    return next((f"{show(a, 80)} should be {show(b, 80)}" for a, b in pairs if a != b), "white space")


def _sizes(manifest: dict[str, Any]) -> list[str]:
    rows = sum(entry["rows"] or 0 for entry in manifest["files"] if entry["config"] == "statements")
    return [next((name for limit, name in cards.SIZES if rows < limit), "n>10M")]


def front_matter(text: str) -> dict[str, Any] | str:
    """Return the YAML at the head of a card, or what is wrong with it, in words."""
    import yaml

    parts = text.split("---\n", 2)
    if len(parts) < 3 or parts[0].strip():
        return "has no YAML between two lines of --- at its head"
    try:
        values = yaml.safe_load(parts[1])
    except (yaml.YAMLError, RecursionError, ValueError) as failed:
        return f"has YAML that cannot be read ({' '.join(str(failed).split())[:200]})"
    return values if isinstance(values, dict) else "has YAML that is no mapping"


def _configs(values: dict[str, Any], manifest: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    from datasets import Features

    try:
        listed = {one["config_name"]: {each["split"] for each in one["data_files"]} for one in values["configs"]}
        infos = values["dataset_info"]
        infos = {one["config_name"]: one for one in (infos if isinstance(infos, list) else [infos])}
        counts = {name: {each["name"]: each["num_examples"] for each in one["splits"]} for name, one in infos.items()}
        features = {name: Features._from_yaml_list(one["features"]) for name, one in infos.items()}
    except (KeyError, TypeError, ValueError, AttributeError) as failed:
        yield YAML.at(NAME, f"has configs or dataset_info that cannot be read ({failed!r})", pointer="/dataset_info", file=NAME)
        return
    for name, rows in release.promised(manifest).items():
        if listed.get(name) != set(rows):
            yield SPLITS.at(name, f"lists the splits {sorted(listed.get(name, set()))}, not {sorted(rows)}", file=NAME)
        elif counts.get(name) != rows:
            yield SPLITS.at(name, f"promises {counts.get(name)} rows, not {rows}", pointer="/dataset_info", file=NAME)
    for name, found in features.items():
        if name in CONFIGS and found != contract.features(name):
            yield CLASSES.at(name, "has other columns or class names than schema/", pointer="/dataset_info", file=NAME)
