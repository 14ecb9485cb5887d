"""The verbs as functions: each joins stages, which are pure, with the files of a project. The command line is a skin over these.

Each module has the name of the package whose stages it joins; `projects` makes and finds a project, and reads its raw files.
"""

from dipdata.verbs.annotations import adjudicate, agree
from dipdata.verbs.checks import fix, validate, validate_records
from dipdata.verbs.interchange import export_to, import_from
from dipdata.verbs.projects import ingest, init, load_project
from dipdata.verbs.release import archive, check_export, diff, export, hydrate, publish
from dipdata.verbs.statements import evaluate, segment_documents, segment_project, train
from dipdata.verbs.studio import backend, pull, push, restore, status

__all__ = [
    "adjudicate",
    "agree",
    "archive",
    "backend",
    "check_export",
    "diff",
    "evaluate",
    "export",
    "export_to",
    "fix",
    "hydrate",
    "import_from",
    "ingest",
    "init",
    "load_project",
    "publish",
    "pull",
    "push",
    "restore",
    "segment_documents",
    "segment_project",
    "status",
    "train",
    "validate",
    "validate_records",
]
