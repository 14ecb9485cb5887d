"""The labelling config of Label Studio, made from schema/labels.schema.json: every value, title, hotkey and colour comes from there.

Values are stored under their bare names (`alias`), and shown by their titles. Source of tags and attributes: the Label Studio 1.23
tag reference; what the reference leaves open was tried in a browser.
"""

from __future__ import annotations

import html
from xml.etree import ElementTree as ET

from dipdata.schemas import Contract, Label
from dipdata.studio.words import direction, words

# Set by the key of this value, an answer needs nothing else: see `tasks.read_annotation`.
NOT_A_STATEMENT = "not_a_statement"

# One class for each direction, set in the task's header: Label Studio has no tag whose direction follows the task's data, and
# `unicode-bidi: plaintext` alone would lay out a paragraph that begins with a Latin name from left to right. The handles on the edges
# of a selected region are `area` elements, which browsers hide: shown, they let a wrong boundary be dragged to its place. Arrows and
# names of relations are drawn over the words, and tell nothing that the colours do not.
STYLE = """
.dipdata { font-size: 16px }
.dipdata [class*="richtext"] { line-height: 1.8; font-size: 17px }
.dipdata:has(.dipdata-rtl) [class*="richtext"] { direction: rtl; text-align: right }
.dipdata:has(.dipdata-ltr) [class*="richtext"] { direction: ltr; text-align: left }
.dipdata .htx-highlight area { display: inline-block }
.dipdata-told-rtl { direction: rtl; text-align: right }
.dipdata-told-rtl .lsf-label__hotkey, .dipdata-told-rtl .ant-collapse-header-text { margin-right: 12px }
.relations-overlay { display: none }
.dipdata-keys { font-size: 13px; opacity: 0.8 }
.dipdata-guidelines { max-width: 60em; unicode-bidi: plaintext; text-align: start }
.dipdata-guidelines ul { padding-inline-start: 24px }
.dipdata summary { cursor: pointer; font-size: 14px; opacity: 0.8 }
""".strip()


def labelling_config(contract: Contract, *, lang: str = "en", guidelines: str | None = None) -> str:
    """Return the labelling config as XML, in the annotator's language; the values that it stores are the same in each.

    Region labels in `span` on the text, a stance for each target region, and sentiment and validity for the whole. Sentiment is
    required unless the statement is said not to be one; a stance is required for every target there is, since Label Studio (1.23,
    `mixins/Required.js`) asks for answers by region whether they are visible or not.
    `guidelines` is the page to fold into the task, in Markdown.
    """
    told = words(lang)
    root = ET.Element("View", className=f"dipdata dipdata-told-{direction(lang)}")
    ET.SubElement(root, "Style").text = STYLE
    ET.SubElement(root, "Markdown", value=told.keys, className="dipdata-keys")
    if guidelines:
        # In the task itself and not at an address, so that they are one click away on any server, and as they were when it was made.
        panel = ET.SubElement(ET.SubElement(root, "Collapse", bordered="true"), "Panel", value=told.guidelines, open="false")
        ET.SubElement(ET.SubElement(panel, "View"), "Markdown", value=guidelines, className="dipdata-guidelines")
    ET.SubElement(root, "HyperText", name="header", value="$header", inline="true")
    relations = ET.SubElement(root, "Relations")
    for label in contract.labels("relation"):
        ET.SubElement(relations, "Relation", value=label.value)
    regions = ET.SubElement(root, "Labels", name="span", toName="text", showInline="true")
    for label in contract.labels("region", lang):
        ET.SubElement(regions, "Label", _value(label))
    ET.SubElement(root, "Text", name="text", value="$text", granularity="word")
    answers = ET.SubElement(root, "View", visibleWhen="choice-unselected", whenTagName="validity", whenChoiceValue=NOT_A_STATEMENT)
    target = next(label for label in contract.labels("region", lang) if label.value == "target")
    stance = ET.SubElement(answers, "View", visibleWhen="region-selected", whenTagName="span", whenLabelValue=target.value)
    _choices(contract, stance, "stance", lang, required=True, perRegion="true", whenTagName="span", whenLabelValue=target.value)
    _choices(contract, answers, "sentiment", lang, required=True)
    _choices(contract, root, "validity", lang, required=False)
    # Optional and long: a list to open, out of the way of those who do not label it.
    _choices(contract, root, "act", lang, required=False, layout="select")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def instruction(contract: Contract, lang: str = "en") -> str:
    """Return what annotators are told of each value, as HTML in their language: title, hotkey and definition."""
    parts = [f"<p>{html.escape(words(lang).keys)}</p>"]
    for name in ("region", "stance", "sentiment", "validity", "act"):
        title, description = contract.told(name, lang)
        rows = "".join(
            f"<li><b>{html.escape(label.title)}</b> [{label.hotkey or '–'}]: {html.escape(label.description)}</li>"
            for label in contract.labels(name, lang)
        )
        parts.append(f"<br><h4><b>{html.escape(title)}</b></h4><p>{html.escape(description)}</p><ul>{rows}</ul>")
    way = direction(lang)
    return f'<div dir="{way}" lang="{lang}">{"".join(parts)}</div>'


def _choices(contract: Contract, parent: ET.Element, name: str, lang: str, *, required: bool, **more: str) -> None:
    title, description = contract.told(name, lang)
    ET.SubElement(parent, "Header", size="6", value=title)
    attributes = {"name": name, "toName": "text", "choice": "single-radio"} | more
    if "layout" not in more:
        attributes["showInline"] = "true"
    if required:
        key = next((label.hotkey for label in contract.labels("validity") if label.value == NOT_A_STATEMENT), None)
        otherwise = f" {words(lang).missing.format(key=key.upper())}" if key else ""
        attributes |= {"required": "true", "requiredMessage": f"{title}: {description}{otherwise}"}
    choices = ET.SubElement(parent, "Choices", attributes)
    for label in contract.labels(name, lang):
        ET.SubElement(choices, "Choice", _value(label) | {"hint": label.description})


def _value(label: Label) -> dict[str, str]:
    attributes = {"value": label.title, "alias": label.value}
    if label.color is not None:
        attributes["background"] = label.color
    if label.hotkey is not None:
        attributes["hotkey"] = label.hotkey
    return attributes
