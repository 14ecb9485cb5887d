import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import project as projects
from dipdata.problems import CannotRunError
from dipdata.project import Project
from dipdata.studio.pseudonyms import FILE, VARIABLE, pseudonym, pseudonym_key


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "dipdata.toml").write_text('name = "keys"\nlicence = "CC-BY-4.0"\n')
    return projects.load(tmp_path)


@given(st.binary(min_size=16), st.emails())
def test_a_pseudonym_has_the_form_of_the_schema_and_ignores_case(key: bytes, email: str) -> None:
    assert re.fullmatch(r"p-[0-9a-f]{12}", pseudonym(key, email))
    assert pseudonym(key, email.swapcase()) == pseudonym(key, f" {email} ")


def test_a_known_value_never_changes() -> None:
    # From `printf ada@dipdata.invalid | openssl dgst -sha256 -hmac 0123456789abcdef`.
    assert pseudonym(b"0123456789abcdef", "ada@dipdata.invalid") == "p-1b456d902c73"


def test_accounts_and_keys_give_different_pseudonyms() -> None:
    found = {pseudonym(key, who) for key in (b"a" * 16, b"b" * 16) for who in ("ada@dipdata.invalid", "ben@dipdata.invalid")}
    assert len(found) == 4


def test_the_key_is_made_once_and_private(project: Project) -> None:
    key = pseudonym_key(project)
    assert pseudonym_key(project) == key
    assert (project.private / FILE).stat().st_mode & 0o777 == 0o600
    assert project.private.stat().st_mode & 0o777 == 0o700


def test_the_environment_comes_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a key from the environment")
    assert pseudonym_key(project) == b"a key from the environment"
    assert not (project.private / FILE).exists()
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(CannotRunError, match="longer"):
        pseudonym_key(project)


@pytest.mark.parametrize("content", [b"", b"abc", b"\xff\xfe", b"0" * 63, b"Z" * 64])
def test_a_spoilt_key_is_never_replaced(project: Project, content: bytes) -> None:
    project.private.mkdir()
    (project.private / FILE).write_bytes(content)
    with pytest.raises(CannotRunError, match="Restore"):
        pseudonym_key(project)
    assert (project.private / FILE).read_bytes() == content
