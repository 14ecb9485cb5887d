import html
import json
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from dipdata.schemas import Contract, packaged
from dipdata.studio.client import config_fault, prediction_faults
from dipdata.studio.config import instruction, labelling_config
from dipdata.studio.keys import account_keys, keymap
from dipdata.studio.tasks import to_task
from dipdata.studio.words import LANGUAGES
from studio.examples import example

CONTRACT = Contract(packaged())
TAGS = {
    "region": ("span", "Label"),
    "stance": ("stance", "Choice"),
    "sentiment": ("sentiment", "Choice"),
    "validity": ("validity", "Choice"),
    "act": ("act", "Choice"),
}


@pytest.mark.parametrize("name", TAGS)
def test_every_value_has_its_title_hotkey_and_colour(name: str) -> None:
    root = ET.fromstring(labelling_config(CONTRACT))
    control, tag = TAGS[name]
    found = [
        (each.get("alias"), each.get("value"), each.get("hotkey"), each.get("background"))
        for each in root.find(f".//*[@name='{control}']").iter(tag)
    ]
    assert found == [(label.value, label.title, label.hotkey, label.color) for label in CONTRACT.labels(name)]


def test_every_value_has_a_hotkey_of_its_own() -> None:
    # Label Studio gives those without one the next free key: a slip of the finger would answer what nobody asked.
    keys = [each.get("hotkey") for each in ET.fromstring(labelling_config(CONTRACT)).iter() if each.get("hotkey")]
    assert len(keys) == len(set(keys)) == sum(len(CONTRACT.labels(name)) for name in TAGS)
    # And none of them is also an action's: both would run.
    assert not set(keys) & {key for action in keymap().values() for key in action["key"].split(",")}


def test_a_digit_takes_the_selection_back_and_goes_on_as_often_as_it_says() -> None:
    keys = {action: Counter(values["key"].split(",")) for action, values in keymap().items()}
    assert keys["region:cycle"] == Counter({"alt+.": 1} | {str(number): number for number in range(1, 10)})
    assert keys["region:unselect"] == Counter(["u", *map(str, range(1, 10))])
    # In Label Studio's settings of an account there is room for fewer.
    assert {action.partition(":")[2] for action in account_keys()} == set(keys)
    assert all(len(values["key"]) <= 50 for values in account_keys().values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_tells_all_and_stores_the_same(lang: str) -> None:
    config, english = (ET.fromstring(labelling_config(CONTRACT, lang=each)) for each in (lang, "en"))
    keys = [[(each.get("alias"), each.get("hotkey")) for each in root.iter() if each.get("alias")] for root in (config, english)]
    assert keys[0] == keys[1]
    told = instruction(CONTRACT, lang)
    for name in TAGS:
        for label, plain in zip(CONTRACT.labels(name, lang), CONTRACT.labels(name), strict=True):
            assert html.escape(label.title) in told
            assert html.escape(label.description) in told
            assert lang == "en" or label.description != plain.description
    assert config_fault(labelling_config(CONTRACT, lang=lang, guidelines="# Page\n\n- *Yes:* “a” & b")) is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_guidelines_have_an_example_for_and_against_every_value(lang: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "guidelines" / f"{lang}.md").read_text()
    yes, no = {"en": ("Yes", "No"), "fr": ("Oui", "Non"), "es": ("Sí", "No"), "ru": ("Да", "Нет"), "ar": ("نعم", "لا")}[lang]
    for name in TAGS:
        for label in CONTRACT.labels(name, lang):
            part = page.partition(f"\n**{label.title}.**")[2].partition("\n**")[0]
            assert f"- *{yes}:*" in part, label.title
            assert f"- *{no}:*" in part, label.title


def test_relations_come_from_the_schema() -> None:
    root = ET.fromstring(labelling_config(CONTRACT))
    assert [each.get("value") for each in root.iter("Relation")] == list(CONTRACT.values("relation"))


def test_a_changed_schema_changes_config_and_instruction(tmp_path: Path) -> None:
    folder = tmp_path / "schema"
    shutil.copytree(packaged(), folder)
    path = folder / "labels.schema.json"
    labels = json.loads(path.read_text())
    labels["$defs"]["stance"]["oneOf"].append(
        {"const": "wavering", "title": "Wavering <both>", "description": "Changes & turns.", "x-hotkey": "t", "x-color": "#123456"}
    )
    path.write_text(json.dumps(labels))
    changed = Contract(folder)
    choice = ET.fromstring(labelling_config(changed)).find(".//Choice[@alias='wavering']")
    assert choice is not None
    assert dict(choice.attrib) == {
        "alias": "wavering",
        "value": "Wavering <both>",
        "hint": "Changes & turns.",
        "hotkey": "t",
        "background": "#123456",
    }
    assert "<b>Wavering &lt;both&gt;</b> [t]: Changes &amp; turns." in instruction(changed)
    assert config_fault(labelling_config(changed)) is None


def test_label_studio_takes_the_config_and_its_predictions() -> None:
    config = labelling_config(CONTRACT)
    assert config_fault(config) is None
    tasks = [to_task(*example(lang), guideline="1.0.0", scheme="1.0.0") for lang in ("fr", "ar")]
    assert list(prediction_faults(config, [task["predictions"][0] for task in tasks])) == [None, None]


@pytest.mark.parametrize("config", ["<View/>", "<View", "", '<View><Labels name="a" toName="gone"><Label value="x"/></Labels></View>'])
def test_a_config_that_cannot_work_is_found_before_it_is_sent(config: str) -> None:
    assert config_fault(config)


def test_a_prediction_with_an_unknown_label_is_found() -> None:
    prediction = to_task(*example("fr"), guideline="1.0.0", scheme="1.0.0")["predictions"][0]
    prediction["result"][0]["value"]["labels"] = ["goal"]
    (fault,) = prediction_faults(labelling_config(CONTRACT), [prediction])
    assert fault
    assert "goal" in fault
