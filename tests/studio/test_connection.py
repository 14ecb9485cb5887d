"""The client's own reading of what a server sends."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.studio import connection
from dipdata.studio.connection import items

BEGIN = b', {"id": 7, "annotations": '
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text() | st.sampled_from(["\ud83c", 'x]é,["', BEGIN.decode()]),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(), inner) | st.builds(lambda value: {"id": 7, "annotations": [value, value]}, inner)
    ),
)
TASKS = st.lists(st.builds(lambda number, value: {"id": number, "annotations": value}, st.integers(0, 10**9), VALUES) | VALUES)


def pieces(text: bytes, size: int) -> list[bytes]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(value=TASKS, size=st.integers(1, 300), ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_an_array_that_comes_in_pieces(value: list, size: int, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode("utf-8", "surrogatepass" if ascii_only else "replace")
    assert list(items(pieces(text, size))) == json.loads(text)
    assert list(items(pieces(b" \n" + text + b"\n", size))) == json.loads(text)


def test_tasks_are_yielded_before_the_last_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    tasks = [{"id": number, "annotations": [{"id": 1, "result": [], "score": float("inf")}], "data": {}} for number in range(50)]
    text = json.dumps(tasks).encode()
    parsed: list[int] = []
    monkeypatch.setattr(connection, "parse", lambda content: parsed.append(len(content)) or json.loads(content))
    assert list(items(pieces(text, 500))) == tasks
    assert max(parsed) < 1000


@pytest.mark.parametrize(
    "text", ["", " ", "{}", "null", "[{}", "[{},", "[{} {", '[{"a": 1', "[{}]]", '{"a": [1, {"id": 7, "annotations": 3}]}']
)
@pytest.mark.parametrize("size", [1, 1000])
def test_what_is_no_whole_array_is_refused(text: str, size: int) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(items(pieces(text.encode(), size)))
