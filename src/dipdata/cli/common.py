"""What the verbs' commands share: options, progress on stderr, results on stdout, exit codes."""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from dipdata.problems import CannotRunError, Problem, Problems
from dipdata.project import FULL

ProjectDir = Annotated[
    Path | None, typer.Option("--project", metavar="DIR", help="The dataset project; else the one that this folder is in.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON on stdout.")]

# After this many problems of a code, text output counts the others instead of listing them.
SHOWN = 10

Progress = Callable[[int, int | None], None]


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Show a bar on stderr while the block runs; the callable takes how much is done and of how much (None: not known)."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
        bars.update(task, completed=bars.tasks[0].completed or 1, total=bars.tasks[0].completed or 1)


@contextmanager
def status(what: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner on stderr while the block runs; the callable says what it is at."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(what) as spinner:
        said = ""

        def tell(step: str) -> None:
            nonlocal said
            spinner.update(f"{what}: {step}")
            if step != said and not console.is_terminal:
                console.print(f"{what}: {step}", markup=False, highlight=False)
            said = step

        yield tell


def finish(verb: str, result: dict[str, Any], problems: Problems, *, as_json: bool, say: str) -> None:
    """Print the result and the problems, and exit: 1 where a problem is an error, else return.

    With `as_json` one JSON object goes to stdout; else `say` does, and the problems go to stderr.
    """
    if as_json:
        emit({"verb": verb, **result, "problems": [dataclasses.asdict(problem) for problem in problems]})
    else:
        show(problems)
        typer.echo(say)
    if problems.errors:
        raise typer.Exit(1)


def emit(value: Any) -> None:
    """Print one JSON value on a line of stdout."""
    import orjson

    sys.stdout.buffer.write(orjson.dumps(value, default=str, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.buffer.flush()


def show(problems: Problems) -> None:
    """Print problems on stderr: the first of each code in full, the others counted."""
    listed: dict[str, int] = {}
    for problem in problems:
        listed[problem.code] = listed.get(problem.code, 0) + 1
        if listed[problem.code] <= SHOWN:
            typer.secho(_line(problem), err=True, fg="red" if problem.severity == "error" else "yellow")
    for code, times in listed.items():
        if times > SHOWN:
            typer.secho(f"and {times - SHOWN} more {code}", err=True)


def _line(problem: Problem) -> str:
    return f"{problem.severity}: {problem}"


def run(app: typer.Typer) -> None:
    """Run the command line: exit code 2 and one sentence where a verb cannot run."""
    try:
        app()
    except CannotRunError as error:
        typer.secho(str(error), err=True, fg="red")
        sys.exit(2)
    except BrokenPipeError:  # the reader of stdout has left, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        if error.errno not in FULL:
            raise
        # What is written for good says so itself (`project.atomic`): this was a temporary file.
        where = error.filename or tempfile.gettempdir()
        typer.secho(f"{where}: {error.strerror}. Make room there, or name a folder that has room by TMPDIR.", err=True, fg="red")
        sys.exit(2)
