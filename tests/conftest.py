"""Fixtures that several folders share: what a machine may lack, and the one embedded Label Studio of a test run."""

import functools
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from dipdata import project as projects
from dipdata.problems import CannotRunError
from dipdata.project import Project

settings.register_profile("default", deadline=None)
settings.load_profile("default")


def require(name: str, reason: str) -> None:
    """Skip for `reason`, which names the remedy; fail instead where DIPDATA_REQUIRE lists `name`."""
    if name in os.environ.get("DIPDATA_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def studio_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose embedded Label Studio runs; tests make projects of their own on it by other titles."""
    from dipdata.studio import server

    root = tmp_path_factory.mktemp("studio")
    (root / "dipdata.toml").write_text('name = "studio-tests"\nlicence = "CC-BY-4.0"\n')
    project = projects.load(root)
    try:
        server.up(project, local_models=True)
    except CannotRunError as error:
        require("studio", f"{error} To install it: dipdata studio up")
    yield project
    server.down(project)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL started for this run in a temporary folder, by a user without rights: it refuses root."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    if found[-1].name != "initdb":
        require("studio", "no PostgreSQL. To install it: apt-get install postgresql")
    programs = found[-1].resolve().parent
    folder = tmp_path_factory.mktemp("postgres")
    user: dict[str, object] = {}
    if os.getuid() == 0:
        owner = pwd.getpwnam("nobody")
        user = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        for parent in folder.parents:  # it must reach its folder
            if parent.stat().st_uid == os.getuid() and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    secret = folder / "password"
    secret.write_text("p@ss/word\n")
    secret.chmod(0o644)
    data = folder / "data"
    run = functools.partial(subprocess.run, check=True, capture_output=True, cwd=folder, **user)
    run([programs / "initdb", "-D", data, "-U", "dipdata", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"])
    settings = f"-p {port} -k {folder} -h 127.0.0.1 -F -c max_connections=200"
    subprocess.run(
        [programs / "pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **user,
    )
    yield f"postgresql://dipdata:p%40ss%2Fword@127.0.0.1:{port}/postgres"
    # Its folder is thrown away: a stop that takes long on a loaded machine is no failure of a test.
    subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-W", "stop"], check=False, capture_output=True, cwd=folder, **user)


@pytest.fixture(scope="session")
def chromium() -> tuple[Path, Path]:
    """The paths of Chromium and its driver."""
    found = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in found:
        require("browser", "no Chromium or no driver. To install them: apt-get install chromium chromium-driver")
    return Path(found[0] or ""), Path(found[1] or "")
