"""dipdata init."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, finish
from dipdata.problems import Problems


def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")], as_json: AsJson = False) -> None:
    """Make a new dataset project that passes `validate` as it is.

    Example: dipdata init my-dataset
    """
    from dipdata import verbs

    made = verbs.init(folder)
    finish(
        "init",
        {"folder": str(folder), "files": made},
        Problems(),
        as_json=as_json,
        say=f"{folder}: a new project. Next: cd {folder} && dipdata validate",
    )
