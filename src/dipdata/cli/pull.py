"""dipdata pull."""

from __future__ import annotations

import dataclasses
import time
from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, progress, show
from dipdata.problems import Problems


def pull(
    whole: Annotated[bool, typer.Option("--whole", help="Read everything, not only what has changed since the last pull.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Pull again and again until you press Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between two pulls of --watch.", min=1)] = 30,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Bring annotations from Label Studio into annotations/, one file an annotator.

    Example: dipdata pull --watch
    """
    from dipdata import verbs

    while True:
        problems = Problems()
        with progress("pull") as bar:
            done = verbs.pull(verbs.load_project(project), whole=whole, problems=problems, progress=bar)
        say = (
            f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.refused} refused, "
            f"{done.missing} missing on the server"
        )
        if not watch:
            finish("pull", dataclasses.asdict(done), problems, as_json=as_json, say=say)
            return
        if done.new or done.changed or len(problems):
            if as_json:
                from dipdata.cli.common import emit

                emit({"verb": "pull", **dataclasses.asdict(done), "problems": [dataclasses.asdict(problem) for problem in problems]})
            else:
                show(problems)
                typer.echo(f"{time.strftime('%H:%M:%S')} {say}")
        try:
            time.sleep(every)
        except KeyboardInterrupt:
            return
