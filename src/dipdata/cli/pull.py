"""dipdata pull."""

from __future__ import annotations

import dataclasses

from dipdata.cli.common import AsJson, ProjectDir, finish, progress
from dipdata.problems import Problems


def pull(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Bring annotations from Label Studio into annotations/, one file an annotator.

    Example: dipdata pull
    """
    from dipdata import verbs

    problems = Problems()
    with progress("pull") as bar:
        done = verbs.pull(verbs.load_project(project), problems=problems, progress=bar)
    say = (
        f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.refused} refused, {done.missing} missing on the server"
    )
    finish("pull", dataclasses.asdict(done), problems, as_json=as_json, say=say)
