"""The command line: one thin file a verb."""

from __future__ import annotations

import typer

from dipdata.cli import (
    adjudicate,
    agree,
    backend,
    common,
    demo,
    diff,
    evaluate,
    export,
    hydrate,
    import_,
    ingest,
    init,
    publish,
    pull,
    push,
    restore,
    segment,
    status,
    studio,
    train,
    validate,
)

app = typer.Typer(
    help="Diplomatic statements: from news articles to a labelled, citable dataset.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command("init")(init.init)
app.command("ingest")(ingest.ingest)
app.command("segment")(segment.segment)
app.add_typer(studio.app, name="studio")
app.command("push")(push.push)
app.command("pull")(pull.pull)
app.command("restore")(restore.restore)
app.command("status")(status.status)
app.command("backend")(backend.backend)
app.command("agree")(agree.agree)
app.command("adjudicate")(adjudicate.adjudicate)
app.command("validate")(validate.validate)
app.command("train")(train.train)
app.command("evaluate")(evaluate.evaluate)
app.command("export")(export.export)
app.command("hydrate")(hydrate.hydrate)
app.command("import")(import_.import_)
app.command("diff")(diff.diff)
app.command("publish")(publish.publish)
app.command("demo")(demo.demo)


def main() -> None:
    """Entry point of the `dipdata` command."""
    common.run(app)
