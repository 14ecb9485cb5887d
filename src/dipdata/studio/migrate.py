"""A changed label scheme: no stored answer may lose its meaning, and a renamed value migrates.

A value's former names stand in schema/labels.schema.json under `x-was`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from dipdata.problems import CannotRunError
from dipdata.schemas import Contract
from dipdata.studio.client import Client, Found
from dipdata.studio.tasks import WHOLE

# The controls of the config and the closed lists that they ask for.
LISTS = {"span": "region", "stance": "stance"} | {name: name for name in WHOLE}
Json = dict[str, Any]
Renames = Mapping[tuple[str, str], str]


def renames(contract: Contract) -> dict[tuple[str, str], str]:
    """Return (list, former value) -> value for everything that the scheme has renamed."""
    return {
        (name, str(old)): str(value["const"])
        for name in LISTS.values()
        for value in contract.definition(name)["oneOf"]
        for old in value.get("x-was", [])
    }


def used(exported: list[Json]) -> Counter[tuple[str, str]]:
    """Return how often each (list, value) stands in the annotations and drafts of an export."""
    return Counter(
        (LISTS[item["from_name"]], str(value)) for _, _, result in _results(exported) for item in result for value in _values(item)
    )


def carry(client: Client, found: Found, config: str, contract: Contract) -> int:
    """Replace a project's config; return how many annotations and drafts were migrated to renamed values.

    Raises CannotRunError, and changes nothing, where a value in use is neither in the new scheme nor renamed.
    """
    exported = list(client.snapshot(found.number))
    known = renames(contract)
    asked = used(exported)
    for (name, value), times in sorted(asked.items()):
        if value not in contract.values(name) and (name, value) not in known:
            raise CannotRunError(
                f"schema/labels.schema.json: {name} has no value {value!r} any more, and {times} answers in the project {found.title!r} "
                "have it. Keep the value, or list it under x-was of the one that takes its place."
            )
    old = {key: new for key, new in known.items() if asked[key]}
    if old:
        # The server refuses a config without a value in use: both names stand in it while the answers migrate.
        client.update_project(found.number, label_config=_with_old(config, old))
    migrated = 0
    for kind, number, result in _results(exported):
        changed = [_renamed(item, old) for item in result]
        if changed != result:
            client.set_result(kind, number, changed)
            migrated += 1
    client.update_project(found.number, label_config=config)
    return migrated


def _results(exported: list[Json]) -> Iterator[tuple[str, int, list[Json]]]:
    for task in exported:
        for kind in ("annotations", "drafts"):
            for each in task.get(kind) or []:
                if isinstance(each, dict) and isinstance(each.get("result"), list):
                    yield kind, int(each["id"]), each["result"]


def _values(item: Json) -> list[Any]:
    if not isinstance(item, dict) or item.get("from_name") not in LISTS or item.get("type") not in ("labels", "choices"):
        return []
    values = (item.get("value") or {}).get(item["type"])
    return values if isinstance(values, list) else []


def _renamed(item: Json, old: Renames) -> Json:
    values = _values(item)
    new = [old.get((LISTS[item["from_name"]], value), value) for value in values] if values else values
    return item if new == values else item | {"value": item["value"] | {item["type"]: new}}


def _with_old(config: str, old: Renames) -> str:
    root = ET.fromstring(config)  # noqa: S314  made by dipdata itself
    controls = {name: control for control, name in LISTS.items()}
    for (name, value), _ in sorted(old.items()):
        control = root.find(f".//*[@name='{controls[name]}']")
        assert control is not None
        ET.SubElement(control, "Label" if name == "region" else "Choice", value=value, alias=value)
    return ET.tostring(root, encoding="unicode")
