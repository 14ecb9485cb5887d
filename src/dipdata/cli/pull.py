"""dipdata pull."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, emit, finish, progress, show
from dipdata.problems import CannotRunError, Problems

if TYPE_CHECKING:
    from dipdata.studio.pulling import PullResult


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

    def once() -> tuple[PullResult, Problems]:
        problems = Problems()
        with progress("pull") as bar:
            return verbs.pull(verbs.load_project(project), whole=whole, problems=problems, progress=bar), problems

    if not watch:
        done, problems = once()
        finish("pull", dataclasses.asdict(done), problems, as_json=as_json, say=_say(done))
        return
    try:
        done, problems = once()
        while True:
            if done.new or done.changed or len(problems):
                if as_json:
                    emit({"verb": "pull", **dataclasses.asdict(done), "problems": [dataclasses.asdict(problem) for problem in problems]})
                else:
                    show(problems)
                    typer.echo(f"{time.strftime('%H:%M:%S')} {_say(done)}")
            time.sleep(every)
            done, problems = _patiently(once, every)
    except KeyboardInterrupt:
        return


def _patiently(once: Callable[[], tuple[PullResult, Problems]], every: float) -> tuple[PullResult, Problems]:
    """Pull until it can be done: a campaign goes on when its server is started anew. The first of equal refusals is told."""
    told = ""
    while True:
        try:
            return once()
        except CannotRunError as error:
            if str(error) != told:
                told = str(error)
                typer.secho(told, err=True, fg="red")
            time.sleep(every)


def _say(done: PullResult) -> str:
    return (
        f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged, {done.refused} refused, {done.missing} missing on the server"
    )
