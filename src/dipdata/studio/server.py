"""The embedded Label Studio of a project: start, stop and status of one server process on the loopback interface."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dipdata.problems import CannotRunError
from dipdata.project import Project, atomic
from dipdata.studio import install
from dipdata.studio.keys import keymap

if TYPE_CHECKING:
    import psutil

STATE = "studio.json"
DATA = "studio"
LOG = "studio.log"
EMAIL = "coordinator@dipdata.invalid"
HOST = "127.0.0.1"
# SQLite's first start applies some 300 migrations: 65 s on two idle cores, so several minutes on a loaded machine are no fault.
PATIENCE = 600.0
# Addresses that Label Studio 1.23 asks on nobody's behalf (`core/utils/io.py`), without this machine's own.
BANNED = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
    *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
    *("::/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "ff00::/8"),
)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Server:
    """What .dipdata/studio.json holds: the address, how to sign in, and the process if it was started here.

    `started` is the process's start time in seconds since the epoch, by which a pid that now belongs to another program is known.
    `database` is the address of a PostgreSQL, its password included, or None for SQLite in .dipdata/studio.
    With `local_models` the server may ask a `dipdata backend` on this machine.
    """

    url: str
    version: str
    email: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    pid: int | None
    started: float | None
    database: str | None = field(default=None, repr=False)
    local_models: bool = False

    @property
    def running(self) -> bool:
        """Whether the process that was started is still there."""
        return _process(self) is not None


def status(project: Project) -> Server | None:
    """Return the project's server as last started, or None when it never was. Raises CannotRunError on an unreadable state file."""
    path = project.private / STATE
    try:
        return Server(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        raise CannotRunError(
            f"{path}: not readable as the state of a server ({error}). Restore it, or delete it and move {project.private / DATA} away."
        ) from error


def up(
    project: Project,
    *,
    port: int | None = None,
    database: str | None = None,
    local_models: bool | None = None,
    progress: Progress | None = None,
    environment: Path | None = None,
) -> Server:
    """Start the project's Label Studio, or return the one that runs; installs it first when it is missing.

    It listens on `port` (default: that of the last time when free, else any free one) of the loopback interface, keeps its data in
    .dipdata/studio and its sign-in in .dipdata/studio.json, readable by the user alone. `progress` is told each step;
    `environment` is the virtual environment to use instead of the shared one.
    `database` is a PostgreSQL's address, postgresql://USER:PASSWORD@HOST:PORT/NAME, kept for later starts; without it SQLite, which suits
    one or two annotators at a time. `local_models` lets it ask models on this machine, as `dipdata backend` is, from the next start on:
    Label Studio refuses this machine's addresses otherwise, so that nobody who signs in reaches its other services. None keeps what
    was said before.
    Raises CannotRunError where it runs with other options, the port is taken, the database's address is none or another than at the first
    start, the installation fails or the server does not answer.
    """
    tell = progress or (lambda _line: None)
    known = status(project)
    if database is not None:
        postgres_environment(database)
    if known is not None and database is not None and database != known.database:
        raise CannotRunError(
            f"{project.private / STATE}: this Label Studio keeps its data in {_kept(known)}, not in the database given. "
            "Leave --database out; to move to another one see docs/guides/coordinators.md."
        )
    if known is not None and known.running:
        if local_models not in (None, known.local_models) or port not in (None, _port_of(known)):
            raise CannotRunError(f"{known.url}: runs already, with other options. Stop it with `dipdata studio down`, then start it anew.")
        _wait(project, known, tell)
        return known
    _port(port, known)  # a taken port is said at once, not after minutes of installing
    data = project.private / DATA
    if known is None and database is None and (data / "label_studio.sqlite3").exists():
        raise CannotRunError(
            f"{data}: holds the data of a Label Studio whose sign-in file {project.private / STATE} is gone. "
            "Restore that file, or move the folder away."
        )
    folder = environment or install.home()
    if not install.is_complete(folder):
        for line in install.install(folder):
            tell(line)
    server = known or Server(
        "", install.VERSION, EMAIL, secrets.token_urlsafe(18), secrets.token_hex(20), None, None, database, bool(local_models)
    )
    chosen = _port(port, known)
    if local_models is not None:
        server = replace(server, local_models=local_models)
    server = replace(server, url=f"http://{HOST}:{chosen}", version=install.VERSION)
    data.mkdir(parents=True, exist_ok=True)
    project.private.chmod(0o700)
    save(project, server)  # before the start: a server whose password was never written down could not be used again
    with (project.private / LOG).open("wb") as log:
        process = subprocess.Popen(
            [str(install.program(folder)), "start", "--no-browser", "--internal-host", HOST, "--port", str(chosen)],
            env=_environment(server, data),
            cwd=data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = replace(server, pid=process.pid, started=_started(process.pid))
    save(project, server)
    try:
        _wait(project, server, tell, process)
    except BaseException:
        process.terminate()
        save(project, replace(server, pid=None, started=None))
        raise
    return server


def down(project: Project) -> bool:
    """Stop the process that `up` started and tell whether there was one; the data and the sign-in stay.

    A pid that has gone, or that now belongs to another program, is forgotten and nothing is stopped.
    """
    import psutil

    server = status(project)
    if server is None:
        return False
    process = _process(server)
    if process is not None:
        process.terminate()
        try:
            process.wait(timeout=30)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(timeout=30)
    save(project, replace(server, pid=None, started=None))
    return process is not None


def save(project: Project, server: Server) -> None:
    """Write the state file, readable by the user alone."""
    with atomic(project.private / STATE, private=True) as file:
        file.write(json.dumps(asdict(server), indent=2).encode() + b"\n")


def is_up(url: str) -> bool:
    """Tell whether a Label Studio answers at `url`."""
    import httpx

    try:
        return httpx.get(f"{url}/health", timeout=5, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def postgres_environment(url: str) -> dict[str, str]:
    """Return Label Studio's settings for a PostgreSQL's address. Raises CannotRunError where it is none, without repeating it."""
    try:
        parts = urllib.parse.urlsplit(url)
        name, host, port = parts.path.strip("/"), parts.hostname, parts.port or 5432
    except ValueError:
        name, host, port = "", None, 0
        parts = urllib.parse.urlsplit("")
    if parts.scheme not in ("postgresql", "postgres") or not name or not host or not parts.username:
        raise CannotRunError("--database: not the address of a PostgreSQL. Write it as postgresql://USER:PASSWORD@HOST:PORT/NAME.")
    return {
        "DJANGO_DB": "default",
        "POSTGRE_HOST": host,
        "POSTGRE_PORT": str(port),
        "POSTGRE_NAME": name,
        "POSTGRE_USER": urllib.parse.unquote(parts.username),
        "POSTGRE_PASSWORD": urllib.parse.unquote(parts.password or ""),
    }


def _kept(server: Server) -> str:
    if server.database is None:
        return "SQLite"
    parts = urllib.parse.urlsplit(server.database)
    return f"the PostgreSQL {parts.hostname}:{parts.port or 5432}{parts.path}"


def _wait(project: Project, server: Server, tell: Progress, process: subprocess.Popen[bytes] | None = None) -> None:
    log = project.private / LOG
    deadline = time.monotonic() + PATIENCE
    while not is_up(server.url):
        gone = process.poll() is not None if process else not server.running
        if gone or time.monotonic() > deadline:
            what = "Label Studio stopped while starting" if gone else f"Label Studio did not answer within {PATIENCE:.0f} s"
            raise CannotRunError(f"{server.url}: {what}{_last_words(log)}. Read {log}, then run `dipdata studio up` again.")
        tell(f"waiting for Label Studio at {server.url}")
        time.sleep(0.5)


def _last_words(log: Path) -> str:
    lines = (
        [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()] if log.is_file() else []
    )
    return f" ({lines[-1][:200]})" if lines else ""


def _port(wanted: int | None, known: Server | None) -> int:
    last = _port_of(known) if known and known.url else None
    for port in (wanted,) if wanted is not None else (last, 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise CannotRunError(
        f"{HOST}:{wanted}: the port is taken by another program. Name another with --port, or leave it out for a free one."
    )


def _port_of(server: Server) -> int:
    return int(server.url.rpartition(":")[2])


def _environment(server: Server, data: Path) -> dict[str, str]:
    # Label Studio reads its settings from the environment, even under bare names such as HOST or PASSWORD: it gets a clean one.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ") if name in os.environ}
    settings = kept | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_USERNAME": server.email,
        "LABEL_STUDIO_PASSWORD": server.password,
        "LABEL_STUDIO_USER_TOKEN": server.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "EDITOR_KEYMAP": json.dumps(keymap()),
        "PYTHONUNBUFFERED": "1",
    }
    if server.database:
        settings |= postgres_environment(server.database)
    if server.local_models:
        settings |= {
            "ML_BLOCK_LOCAL_IP": "false",
            "USE_DEFAULT_BANNED_SUBNETS": "false",
            "USER_ADDITIONAL_BANNED_SUBNETS": ",".join(BANNED),
        }
    return settings


def _process(server: Server) -> psutil.Process | None:
    """Return the psutil process that was started, or None when it is gone, a zombie, or its pid now belongs to another program."""
    import psutil

    if server.pid is None or server.started is None:
        return None
    try:
        process = psutil.Process(server.pid)
        same = abs(process.create_time() - server.started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return None
    return process if same else None


def _started(pid: int) -> float | None:
    import psutil

    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
