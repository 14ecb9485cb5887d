"""The command line: one thin file a verb."""

from __future__ import annotations

import typer

from dipdata.cli import adjudicate, agree, common, export, ingest, init, segment, validate

app = typer.Typer(
    help="Diplomatic statements: from news articles to a labelled, citable dataset.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command("init")(init.init)
app.command("ingest")(ingest.ingest)
app.command("segment")(segment.segment)
app.command("agree")(agree.agree)
app.command("adjudicate")(adjudicate.adjudicate)
app.command("validate")(validate.validate)
app.command("export")(export.export)


def main() -> None:
    """Entry point of the `dipdata` command."""
    common.run(app)
