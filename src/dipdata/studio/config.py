"""The labelling config of Label Studio, made from schema/labels.schema.json: every value, title, hotkey and colour comes from there.

Values are stored under their bare names (`alias`), and shown by their titles. Source of tags and attributes: the Label Studio 1.23
tag reference; what the reference leaves open was tried in a browser.
"""

from __future__ import annotations

import html
from xml.etree import ElementTree as ET

from dipdata.schemas import Contract, Label

# One class for each direction, set in the task's header: Label Studio has no tag whose direction follows the task's data, and
# `unicode-bidi: plaintext` alone would lay out a paragraph that begins with a Latin name from left to right.
STYLE = """
.dipdata { font-size: 16px }
.dipdata [class*="richtext"] { line-height: 1.8; font-size: 17px }
.dipdata:has(.dipdata-rtl) [class*="richtext"] { direction: rtl; text-align: right }
.dipdata:has(.dipdata-ltr) [class*="richtext"] { direction: ltr; text-align: left }
""".strip()


def labelling_config(contract: Contract) -> str:
    """Return the labelling config as XML.

    Region labels in `span` on the text, a stance for each target region, and sentiment and validity for the whole. Sentiment is
    required unless the statement is said not to be one; a stance is required for every target there is, since Label Studio (1.23,
    `mixins/Required.js`) asks for answers by region whether they are visible or not.
    """
    root = ET.Element("View", className="dipdata")
    ET.SubElement(root, "Style").text = STYLE
    ET.SubElement(root, "HyperText", name="header", value="$header", inline="true")
    relations = ET.SubElement(root, "Relations")
    for label in contract.labels("relation"):
        ET.SubElement(relations, "Relation", value=label.value)
    regions = ET.SubElement(root, "Labels", name="span", toName="text", showInline="true")
    for label in contract.labels("region"):
        ET.SubElement(regions, "Label", _value(label))
    ET.SubElement(root, "Text", name="text", value="$text", granularity="word")
    answers = ET.SubElement(root, "View", visibleWhen="choice-unselected", whenTagName="validity", whenChoiceValue="not_a_statement")
    target = next(label for label in contract.labels("region") if label.value == "target")
    stance = ET.SubElement(answers, "View", visibleWhen="region-selected", whenTagName="span", whenLabelValue=target.value)
    _choices(contract, stance, "stance", required=True, perRegion="true", whenTagName="span", whenLabelValue=target.value)
    _choices(contract, answers, "sentiment", required=True)
    _choices(contract, root, "validity", required=False)
    # Optional and long: a list to open, out of the way of those who do not label it.
    _choices(contract, root, "act", required=False, layout="select")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def instruction(contract: Contract) -> str:
    """Return what annotators are told of each value, as HTML: title, hotkey and definition."""
    parts = []
    for name in ("region", "stance", "sentiment", "validity", "act"):
        definition = contract.definition(name)
        rows = "".join(
            f"<li><b>{html.escape(label.title)}</b> [{label.hotkey or '–'}]: {html.escape(label.description)}</li>"
            for label in contract.labels(name)
        )
        parts.append(f"<h4>{html.escape(definition['title'])}</h4><p>{html.escape(definition['description'])}</p><ul>{rows}</ul>")
    return "".join(parts)


def _choices(contract: Contract, parent: ET.Element, name: str, *, required: bool, **more: str) -> None:
    definition = contract.definition(name)
    title = str(definition["title"])
    ET.SubElement(parent, "Header", size="6", value=title)
    attributes = {"name": name, "toName": "text", "choice": "single-radio"} | more
    if "layout" not in more:
        attributes["showInline"] = "true"
    if required:
        attributes |= {"required": "true", "requiredMessage": f"{title}: {definition['description']}"}
    choices = ET.SubElement(parent, "Choices", attributes)
    for label in contract.labels(name):
        ET.SubElement(choices, "Choice", _value(label) | {"hint": label.description})


def _value(label: Label) -> dict[str, str]:
    attributes = {"value": label.title, "alias": label.value}
    if label.color is not None:
        attributes["background"] = label.color
    if label.hotkey is not None:
        attributes["hotkey"] = label.hotkey
    return attributes
