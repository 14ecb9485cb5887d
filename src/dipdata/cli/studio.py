"""dipdata studio: an embedded Label Studio on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from dipdata.cli.common import AsJson, ProjectDir, finish, status
from dipdata.problems import CannotRunError, Problems

app = typer.Typer(help="An embedded Label Studio on this machine.", no_args_is_help=True)


@app.command()
def up(
    port: Annotated[int | None, typer.Option(help="Port on the loopback interface; else that of the last time, or any free one.")] = None,
    database: Annotated[
        str | None,
        typer.Option(
            envvar="DIPDATA_STUDIO_DATABASE",
            help="PostgreSQL for three or more annotators: postgresql://USER:PASSWORD@HOST:PORT/NAME; else SQLite.",
            show_envvar=True,
        ),
    ] = None,
    local_models: Annotated[
        bool | None, typer.Option("--local-models/--no-local-models", help="Let it ask `dipdata backend` on this machine.")
    ] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Install Label Studio if it is missing, and start it.

    Example: dipdata studio up
    """
    from dipdata import verbs
    from dipdata.studio import server

    of = verbs.load_project(project)
    with status("Label Studio") as tell:
        running = server.up(of, port=port, database=database, local_models=local_models, progress=tell)
    secrets = of.private / server.STATE
    say = f"Label Studio {running.version} at {running.url}\nSign in as {running.email}; the password is in {secrets}"
    finish("studio up", {"url": running.url, "email": running.email, "secrets": str(secrets)}, Problems(), as_json=as_json, say=say)


@app.command()
def down(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Stop the Label Studio that was started for this project; its data stays.

    Example: dipdata studio down
    """
    from dipdata import verbs
    from dipdata.studio import server

    stopped = server.down(verbs.load_project(project))
    finish("studio down", {"stopped": stopped}, Problems(), as_json=as_json, say="stopped" if stopped else "none was running")


@app.command("status")
def show_status(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Tell whether Label Studio runs, and where. Exit code 2 when it does not.

    Example: dipdata studio status
    """
    from dipdata import verbs
    from dipdata.studio import server

    of = verbs.load_project(project)
    known = server.status(of)
    if known is None or not known.running:
        raise CannotRunError(f"{of.root}: Label Studio is not running. Start it with `dipdata studio up`.")
    say = f"Label Studio {known.version} at {known.url}\nSign in as {known.email}; the password is in {of.private / server.STATE}"
    finish("studio status", {"url": known.url, "version": known.version, "email": known.email}, Problems(), as_json=as_json, say=say)


@app.command("add-annotator")
def add_annotator(
    name: Annotated[str, typer.Argument(help="A plain name or an e-mail address.")],
    language: Annotated[
        str | None, typer.Option(help="Language of labels and guidelines in their own project: en, fr, es, ru or ar.")
    ] = None,
    project: ProjectDir = None,
    as_json: AsJson = False,
) -> None:
    """Make an account that works at once; its password and token go to a file that only you can read.

    Example: dipdata studio add-annotator ada
    """
    from dipdata import verbs
    from dipdata.studio import accounts, pseudonyms

    of = verbs.load_project(project)
    account = accounts.add_annotator(of, name, language=language)
    pseudonym = pseudonyms.pseudonym(pseudonyms.pseudonym_key(of), account.email)
    secrets = of.private / accounts.FILE
    say = f"{account.email} is {pseudonym} in annotations/; the password is in {secrets}"
    finish(
        "studio add-annotator",
        {"email": account.email, "pseudonym": pseudonym, "secrets": str(secrets)},
        Problems(),
        as_json=as_json,
        say=say,
    )
