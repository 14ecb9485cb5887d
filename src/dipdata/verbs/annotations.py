"""How far annotators agree, and the gold that is made of what they said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dipdata import inputs
from dipdata.problems import Problems
from dipdata.project import Project

if TYPE_CHECKING:
    from dipdata.annotations.agreement import Agreement


def agree(project: Project, *, problems: Problems) -> list[Agreement]:
    """Return the agreement of the project's annotators on each label."""
    from dipdata.annotations.agreement import agreement

    annotations, _ = inputs.load_annotations(project, problems)
    return agreement(annotations, {label: project.contract.values(label) for label in ("validity", "sentiment", "stance")})


def adjudicate(project: Project, *, folder: Path | None = None, problems: Problems) -> tuple[int, int]:
    """Write gold.jsonl from the annotations; return how many statements have gold, and how many annotated ones have none."""
    from dipdata.annotations import store
    from dipdata.annotations.adjudication import adjudicate as run

    annotations, gold = inputs.load_annotations(project, problems, folder)
    made = list(run(annotations, gold))
    store.write_gold(folder or project.annotations, made)
    submitted = {annotation.statement_id for annotation in annotations if annotation.status == "submitted"}
    return len(made), len(submitted - {record.statement_id for record in made})
