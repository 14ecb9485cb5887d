"""The client's own reading of what a server sends."""

import json

import pytest

from dipdata.studio.connection import items

VALUES = [[], [{}], [{"a": 'x]é,["', "b": [1, {"c": "🌉"}]}, {"id": 7}] * 3]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_an_array_that_comes_in_pieces(value: list, size: int) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1), f" \n{json.dumps(value)}\n"):
        assert list(items(text[at : at + size] for at in range(0, len(text), size))) == value


@pytest.mark.parametrize("text", ["", " ", "{}", "null", "[{}", "[{},", "[{} {", '[{"a": 1'])
def test_what_is_no_whole_array_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(items([text]))
