"""dipdata: a dataset of diplomatic statements and the toolkit that makes it.

The verbs and records are imported when they are first used, so that `import dipdata` and `dipdata --help` stay quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dipdata.inputs import load_corpus
    from dipdata.problems import CannotRunError, Problem, Problems
    from dipdata.project import Project
    from dipdata.records import Annotation, Article, Corpus, Gold, Span, Speaker, StanceTarget, Statement, Zone
    from dipdata.statements import segment
    from dipdata.verbs import (
        adjudicate,
        agree,
        evaluate,
        export,
        ingest,
        init,
        load_project,
        pull,
        push,
        restore,
        segment_project,
        status,
        train,
        validate,
    )

_FROM = {
    "inputs": ("load_corpus",),
    "problems": ("CannotRunError", "Problem", "Problems"),
    "project": ("Project",),
    "records": ("Annotation", "Article", "Corpus", "Gold", "Span", "Speaker", "StanceTarget", "Statement", "Zone"),
    "statements": ("segment",),
    "verbs": (
        "adjudicate",
        "agree",
        "evaluate",
        "export",
        "ingest",
        "init",
        "load_project",
        "pull",
        "push",
        "restore",
        "segment_project",
        "status",
        "train",
        "validate",
    ),
}
_MODULE = {name: module for module, names in _FROM.items() for name in names}

__all__ = [
    "Annotation",
    "Article",
    "CannotRunError",
    "Corpus",
    "Gold",
    "Problem",
    "Problems",
    "Project",
    "Span",
    "Speaker",
    "StanceTarget",
    "Statement",
    "Zone",
    "adjudicate",
    "agree",
    "evaluate",
    "export",
    "ingest",
    "init",
    "load_corpus",
    "load_project",
    "pull",
    "push",
    "restore",
    "segment",
    "segment_project",
    "status",
    "train",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE:
        raise AttributeError(f"module 'dipdata' has no attribute {name!r}")
    return getattr(importlib.import_module(f"dipdata.{_MODULE[name]}"), name)
