"""A server that somebody else runs: HTTPS, a proxy, tokens of both kinds, and secrets that never show."""

import logging
import traceback
from dataclasses import replace
from pathlib import Path

import pytest

from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, client, connection, pulling, server, sync
from dipdata.studio.keys import account_keys
from studio.examples import example
from studio.relay import certificate, relay

pytestmark = pytest.mark.studio
PAIRS = [example("fr"), example("ar")]


@pytest.fixture
def project(studio_server: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project that knows nothing of the embedded server but its address and token, from the environment."""
    known = server.status(studio_server)
    for name in (connection.CA, "SSL_CERT_FILE", accounts.TOKEN_FILE, "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(accounts.URL, known.url)
    monkeypatch.setenv(accounts.TOKEN, known.token)
    return replace(studio_server, root=tmp_path, name=f"foreign-{tmp_path.name}"[:40], studio_project=f"foreign-{tmp_path.name}"[-40:])


def test_https_with_a_certificate_of_its_own(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tls = certificate(tmp_path)
    with relay(server_url(), tls=tls) as url:
        monkeypatch.setenv(accounts.URL, url)
        with pytest.raises(CannotRunError, match=connection.CA):
            sync.push(project, PAIRS, problems=Problems())
        with pytest.raises(CannotRunError, match=connection.CA):
            connection.sign_in(url, "somebody@dipdata.invalid", "a-password")
        monkeypatch.setenv(connection.CA, str(tmp_path / "none.pem"))
        with pytest.raises(CannotRunError, match="holds no certificates"):
            sync.push(project, PAIRS, problems=Problems())
        monkeypatch.setenv(connection.CA, str(tls))
        assert sync.push(project, PAIRS, problems=Problems()).pushed == 2
        account = accounts.add_annotator(project, "over-tls")
        assert client.Client(url, account.token).email() == account.email
        assert pulling.pull(project, into=tmp_path / "store", problems=Problems()).new == 0


def test_through_a_proxy(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    with relay(server_url(), seen=seen) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv(accounts.URL, "http://studio.example:8080")
        assert sync.push(project, PAIRS, problems=Problems()).pushed == 2
        assert pulling.pull(project, into=tmp_path / "store", problems=Problems()).new == 0
    assert seen
    assert all(path.startswith("http://studio.example:8080/") for path in seen)


def test_both_kinds_of_token_from_the_environment_and_a_file(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    personal = accounts.add_annotator(project, "personal").token
    legacy = accounts.os.environ[accounts.TOKEN]
    assert personal.count(".") == 2
    assert len(legacy) == 40
    path = tmp_path / "token"
    for number, token in enumerate((personal, legacy)):
        each = replace(project, studio_project=f"{project.studio_project}-{number}")
        monkeypatch.setenv(accounts.TOKEN, token)
        assert sync.push(each, PAIRS, problems=Problems()).pushed == 2
        monkeypatch.delenv(accounts.TOKEN)
        path.write_text(f"{token}\n")
        monkeypatch.setenv(accounts.TOKEN_FILE, str(path))
        assert sync.push(each, PAIRS, problems=Problems()).present == 2
    monkeypatch.setenv(accounts.TOKEN_FILE, str(tmp_path / "gone"))
    with pytest.raises(CannotRunError, match=accounts.TOKEN_FILE):
        accounts.connect(project)
    monkeypatch.delenv(accounts.TOKEN_FILE)
    with pytest.raises(CannotRunError, match=accounts.TOKEN):
        accounts.connect(project)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: legacy)
    assert accounts.connect(project).email()


def test_accounts_there_get_the_keys_unless_they_have_their_own(project: Project) -> None:
    account = accounts.add_annotator(project, "keys")
    by = client.Client(server_url(), account.token)
    asked = "/api/current-user/hotkeys/"
    assert by._request("GET", asked) == {"custom_hotkeys": account_keys()}
    own = {"annotation:annotation:submit": {"key": "enter"}}
    by._request("PATCH", asked, json={"custom_hotkeys": own})
    assert accounts.add_annotator(project, "keys") == account
    assert by._request("GET", asked) == {"custom_hotkeys": own}


@pytest.mark.parametrize("token", ["no such", "tökén", "a\nb", "eyJhbGciOiJIUzI1NiJ9.eyJ4IjoxfQ.c2VjcmV0", "f00dfacef00dfacef00dface"])
def test_a_wrong_token_never_shows(project: Project, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, token: str) -> None:
    monkeypatch.setenv(accounts.TOKEN, token)
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CannotRunError) as refusal:
        sync.push(project, PAIRS, problems=Problems())
    told = "".join(traceback.format_exception(refusal.value)) + repr(refusal.value.__cause__) + caplog.text
    assert token not in told


def test_no_secret_stands_in_what_is_sent_or_logged(project: Project, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    caplog.set_level(logging.DEBUG)
    account = accounts.add_annotator(project, "quiet")
    sync.push(project, PAIRS, annotators=["quiet"], overlap=1, problems=Problems())
    pulling.pull(project, into=tmp_path / "store", problems=Problems())
    known = accounts.connect(project)
    held = repr(
        [(found, list(known.snapshot(found.number))) for found in known.projects() if found.title.startswith(project.studio_project[:20])]
    )
    for secret in (account.password, account.token, accounts.os.environ[accounts.TOKEN]):
        assert secret not in caplog.text
        assert secret not in held


def server_url() -> str:
    return accounts.os.environ[accounts.URL]
