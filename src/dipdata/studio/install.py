"""The embedded Label Studio's own virtual environment: made once for each version, shared by all projects of a user.

Label Studio pins libraries that dipdata needs newer and weighs 1 GB, so it never shares dipdata's environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from dipdata.problems import CannotRunError

VERSION = "1.23.2"
MARKER = ".complete"


def home(version: str = VERSION) -> Path:
    """Return the folder of the virtual environment of that version of Label Studio."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("dipdata")) / "studio" / f"label-studio-{version}"


def is_complete(folder: Path) -> bool:
    """Tell whether the environment was installed to its end and its command is still there."""
    return (folder / MARKER).is_file() and program(folder).is_file()


def program(folder: Path) -> Path:
    """Return the path of the label-studio command of an environment."""
    return folder / "bin" / "label-studio"


def install(folder: Path, version: str = VERSION) -> Iterator[str]:
    """Make the environment in `folder` and yield pip's progress line by line; nothing to do when it is complete.

    A virtual environment cannot be moved into place once made (its scripts name their interpreter), so a marker file, written last,
    tells a whole one from one that was interrupted; an interrupted one is made anew. Two processes that install at once wait for each
    other. Raises CannotRunError where Python or pip fails, with pip's last words.
    """
    import filelock

    folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder.with_name(folder.name + ".lock")):
        if is_complete(folder):
            return
        yield f"making a virtual environment in {folder}"
        yield from _run([sys.executable, "-m", "venv", "--clear", str(folder)], folder)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
        yield from _run([*pip, f"label-studio=={version}"], folder)
        if not program(folder).is_file():
            raise CannotRunError(f"{folder}: pip installed no label-studio command. Delete the folder and run `dipdata studio up` again.")
        (folder / MARKER).write_text(f"label-studio {version}\n", encoding="utf-8")


def _run(command: list[str], folder: Path) -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")}
    last: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, errors="replace", env=environment
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                last = [*last[-4:], line.strip()]
                yield line.strip()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        words = "; ".join(line for line in last if line)
        raise CannotRunError(
            f"{folder}: installing Label Studio failed ({words}). "
            "Check the network and the free disk space (1 GB), then run `dipdata studio up` again."
        )
