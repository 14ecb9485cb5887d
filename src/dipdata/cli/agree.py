"""dipdata agree."""

from __future__ import annotations

import dataclasses

from dipdata.cli.common import AsJson, ProjectDir, finish
from dipdata.problems import Problems


def agree(project: ProjectDir = None, as_json: AsJson = False) -> None:
    """Show how far annotators agree: Krippendorff's alpha for validity, sentiment and stance.

    Example: dipdata agree
    """
    from dipdata import verbs

    problems = Problems()
    found = verbs.agree(verbs.load_project(project), problems=problems)
    lines = []
    for label in found:
        alpha = "not defined" if label.alpha is None else f"{label.alpha:.3f}"
        lines.append(f"{label.label:<10} {label.equal} of {label.units} equal, alpha {alpha}")
    finish("agree", {"labels": [dataclasses.asdict(label) for label in found]}, problems, as_json=as_json, say="\n".join(lines))
