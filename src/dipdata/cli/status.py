"""dipdata status."""

from __future__ import annotations

import dataclasses

from dipdata.cli.common import AsJson, ProjectDir, finish
from dipdata.problems import Problems

COLUMNS = ("annotator", "assigned", "done", "skipped", "drafts", "median s", "agreement")


def status(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Show how far each annotator is: assigned, done, skipped, drafts, median seconds and agreement so far.

    Example: dipdata status
    """
    from dipdata import verbs

    problems = Problems()
    rows = verbs.status(verbs.load_project(project), problems=problems)
    table = [COLUMNS]
    for row in rows:
        name = f"{row.annotator} {row.account or ''}".strip()
        seconds = "–" if row.median_seconds is None else f"{row.median_seconds:.1f}"
        agreement = "–" if row.agreement is None else f"{row.agreement:.2f}"
        table.append((name, str(row.assigned), str(row.submitted), str(row.skipped), str(row.drafts), seconds, agreement))
    widths = [max(len(line[column]) for line in table) for column in range(len(COLUMNS))]
    say = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table)
    finish("status", {"annotators": [dataclasses.asdict(row) for row in rows]}, problems, as_json=as_json, say=say)
