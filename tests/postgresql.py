"""A PostgreSQL of one's own, for tests and benchmarks: Debian's programs, a temporary folder, any free port of this machine."""

import functools
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, or None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    return found[-1].resolve().parent if found[-1].name == "initdb" else None


@contextmanager
def started(folder: Path) -> Iterator[str]:
    """Start one with its data in `folder` and give its address; by a user without rights where this one is root, which it refuses."""
    where = programs()
    assert where is not None
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
    run = functools.partial(subprocess.run, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
    how = ["-U", "dipdata", "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
    run([where / "initdb", "-D", data, *how], check=True)
    settings = f"-p {port} -k {folder} -h 127.0.0.1 -F -c max_connections=200"
    run([where / "pg_ctl", "-D", data, "-o", settings, "-l", folder / "log", "-w", "start"], check=True)
    try:
        yield f"postgresql://dipdata:p%40ss%2Fword@127.0.0.1:{port}/postgres"
    finally:
        # Its folder is thrown away: a stop that takes long on a loaded machine is no failure.
        run([where / "pg_ctl", "-D", data, "-m", "immediate", "-W", "stop"], check=False)
