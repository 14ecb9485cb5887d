"""dipdata push."""

from __future__ import annotations

import dataclasses

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def push(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Send the project's statements to Label Studio as tasks; those that are there already stay as they are.

    Example: dipdata push
    """
    from dipdata import verbs

    problems = Problems()
    with progress("push") as bar:
        done = verbs.push(verbs.load_project(project), problems=problems, progress=bar)
    say = f"{done.pushed} pushed, {done.present} there already, {done.refused} refused: {done.url}"
    finish("push", dataclasses.asdict(done), problems, as_json=as_json, say=say)
