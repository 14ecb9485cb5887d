"""dipdata adjudicate."""

from __future__ import annotations

from dipdata.cli.common import AsJson, ProjectDir, finish
from dipdata.problems import Problems


def adjudicate(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Make gold from annotations by majority; records made by a person stay: annotations/gold.jsonl.

    Example: dipdata adjudicate
    """
    from dipdata import verbs

    problems = Problems()
    count, undecided = verbs.adjudicate(verbs.load_project(project), problems=problems)
    say = f"{count} statements in annotations/gold.jsonl, {undecided} annotated statements without a majority on validity"
    finish("adjudicate", {"gold": count, "undecided": undecided}, problems, as_json=as_json, say=say)
