import json
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
import pytest

from dipdata import project as projects
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.studio import accounts, install, loading, pulling, server, sync


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in (accounts.URL, accounts.TOKEN):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "dipdata.toml").write_text('name = "servers"\nlicence = "CC-BY-4.0"\n')
    return projects.load(tmp_path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((server.HOST, 0))
        return int(probe.getsockname()[1])


def state(project: Project, **changes: object) -> server.Server:
    values = {"url": f"http://{server.HOST}:{free_port()}", "version": install.VERSION, "email": server.EMAIL}
    known = server.Server(**(values | {"password": "secret-word", "token": "secret-token", "pid": None, "started": None} | changes))
    server.save(project, known)
    return known


def environment(folder: Path, script: str) -> Path:
    """A stand-in for an installed Label Studio: a shell script as its command."""
    program = install.program(folder)
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (folder / install.MARKER).write_text("")
    return folder


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """A stand-in for another server: it gives one answer to everything."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((server.HOST, 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://{server.HOST}:{http.server_port}"
        http.shutdown()


def test_nothing_was_started(project: Project) -> None:
    assert server.status(project) is None
    assert server.down(project) is False
    for verb in (sync.push, loading.load):
        with pytest.raises(CannotRunError, match="dipdata studio up"):
            verb(project, [], *([[]] if verb is loading.load else []), problems=Problems())
    with pytest.raises(CannotRunError, match="dipdata studio up"):
        pulling.pull(project, problems=Problems())
    assert not project.annotations.exists()


def test_the_server_has_stopped(project: Project) -> None:
    known = state(project)
    with pytest.raises(CannotRunError, match="no Label Studio answers") as refusal:
        accounts.connect(project)
    assert known.url in str(refusal.value)
    assert "dipdata studio up" in str(refusal.value)


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (200, b'{"release": "1.19.0"}', "Label Studio 1.19.0 runs there"),
        (200, b'{"release": "2.0.0rc1"}', "Label Studio 2.0.0rc1 runs there"),
        (200, b"<html>hello</html>", "not an answer of Label Studio"),
        (200, b'{"version": 3}', "no Label Studio"),
        (404, b"", "no Label Studio"),
        (500, b"oops", "no Label Studio"),
    ],
)
def test_what_answers_is_something_else(project: Project, status: int, body: bytes, says: str) -> None:
    with answering(status, body) as url:
        state(project, url=url)
        with pytest.raises(CannotRunError, match=says) as refusal:
            accounts.connect(project)
    assert "secret" not in str(refusal.value)


def test_an_address_without_a_token(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(accounts.URL, "http://127.0.0.1:1")
    with pytest.raises(CannotRunError, match=accounts.TOKEN):
        accounts.connect(project)


@pytest.mark.parametrize("url", ["http://[", "not an address", "ftp://127.0.0.1", "http://127.0.0.1:99999"])
def test_an_address_that_is_none(project: Project, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(accounts.URL, url)
    monkeypatch.setenv(accounts.TOKEN, "x")
    with pytest.raises(CannotRunError, match="address"):
        accounts.connect(project)


def test_a_taken_port_is_refused_before_anything_is_made(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"{port}: the port is taken"):
            server.up(project, port=port)
    assert not project.private.exists()


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_is_none(project: Project, port: int) -> None:
    with pytest.raises(CannotRunError, match="port"):
        server.up(project, port=port)


def test_a_stale_pid_of_another_program_is_left_alone(project: Project) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        state(project, pid=other.pid, started=1.0)
        known = server.status(project)
        assert known is not None
        assert not known.running
        assert server.down(project) is False
        assert other.poll() is None
        other.communicate(b"\n")
    assert server.status(project).pid is None


def test_down_ends_its_own_process(project: Project) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as own:
        state(project, pid=own.pid, started=server._started(own.pid))
        assert server.status(project).running
        assert server.down(project) is True
        assert own.poll() is not None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"url": "x"}', b"\xff"])
def test_an_unreadable_state_file(project: Project, content: bytes) -> None:
    project.private.mkdir()
    (project.private / server.STATE).write_bytes(content)
    for verb in (server.status, server.up, server.down, accounts.connect):
        with pytest.raises(CannotRunError, match=server.STATE):
            verb(project)


def test_data_whose_sign_in_is_lost(project: Project) -> None:
    data = project.private / server.DATA
    data.mkdir(parents=True)
    (data / "label_studio.sqlite3").write_bytes(b"")
    with pytest.raises(CannotRunError, match="Restore that file"):
        server.up(project)


def test_a_server_that_stops_while_starting(project: Project, tmp_path: Path) -> None:
    script = environment(tmp_path / "venv", "echo database is locked; exit 3")
    with pytest.raises(CannotRunError, match=r"stopped while starting \(database is locked\)"):
        server.up(project, environment=script)
    known = server.status(project)
    assert (known.pid, known.running) == (None, False)
    assert known.password not in (project.private / server.LOG).read_text()


def test_the_server_gets_a_clean_environment(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PASSWORD", "LABEL_STUDIO_HOST", "HTTPS_PROXY", "PYTHONPATH"):
        monkeypatch.setenv(name, "from-outside")
    with pytest.raises(CannotRunError, match="stopped"):
        server.up(project, environment=environment(tmp_path / "venv", "env; exit 1"))
    given = dict(line.split("=", 1) for line in (project.private / server.LOG).read_text().splitlines())
    assert "from-outside" not in given.values()
    assert (given["COLLECT_ANALYTICS"], given["LATEST_VERSION_CHECK"], given["SENTRY_DSN"]) == ("false", "false", "")
    assert given["LABEL_STUDIO_BASE_DATA_DIR"] == str(project.private / server.DATA)


def test_what_was_interrupted_counts_as_not_installed(tmp_path: Path) -> None:
    folder = environment(tmp_path / "venv", "")
    assert install.is_complete(folder)
    (folder / install.MARKER).unlink()
    assert not install.is_complete(folder)
    (folder / install.MARKER).touch()
    install.program(folder).unlink()
    assert not install.is_complete(folder)


def test_an_installation_without_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    folder = tmp_path / "half"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "label-studio").touch()  # what an interrupted installation left
    with pytest.raises(CannotRunError, match=r"installing Label Studio failed .*No matching distribution"):
        list(install.install(folder))
    assert not install.is_complete(folder)
    assert not install.program(folder).exists()


@pytest.mark.studio
def test_up_twice_is_one_server(studio_server: Project) -> None:
    first = server.status(studio_server)
    assert server.up(studio_server) == first
    assert first.running
    assert server.is_up(first.url)
    for options in ({"local_models": False}, {"port": free_port()}):
        with pytest.raises(CannotRunError, match="runs already, with other options"):
            server.up(studio_server, **options)


@pytest.mark.studio
def test_down_and_up_keep_address_accounts_and_data(studio_server: Project) -> None:
    before = server.status(studio_server)
    account = accounts.add_annotator(studio_server, "lasting")
    assert server.down(studio_server) is True
    assert not server.is_up(before.url)
    with pytest.raises(CannotRunError, match="no Label Studio answers"):
        accounts.connect(studio_server)
    after = server.up(studio_server)
    assert (after.url, after.token) == (before.url, before.token)
    assert after.pid != before.pid
    assert accounts.add_annotator(studio_server, "lasting") == account


@pytest.mark.studio
def test_what_is_private_is_readable_by_the_user_alone(studio_server: Project) -> None:
    assert studio_server.private.stat().st_mode & 0o777 == 0o700
    path = studio_server.private / server.STATE
    assert path.stat().st_mode & 0o777 == 0o600
    known = json.loads(path.read_text())
    log = (studio_server.private / server.LOG).read_text()
    assert known["password"] not in log
    assert known["token"] not in log
    # Nor do they stand on the command line, where every user of the machine could read them.
    command = " ".join(psutil.Process(known["pid"]).cmdline())
    assert known["password"] not in command
    assert known["token"] not in command


def test_the_state_never_shows_its_secrets(project: Project) -> None:
    known = state(project)
    assert "secret" not in repr(known)
