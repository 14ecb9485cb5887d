"""Records written in another tool's form, and read from one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dipdata import inputs
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Article
from dipdata.verbs.checks import validate_records

if TYPE_CHECKING:
    from dipdata.interchange.project import Imported


def export_to(project: Project, form: str, out: Path | None = None, *, problems: Problems) -> tuple[Path, int]:
    """Write the project's records into a new folder in another tool's form; return the folder and the number of files.

    `form` is one of `dipdata.interchange.folder.WRITTEN`; the folder is `out`, else dist/NAME-FORM. Raises CannotRunError where the folder
    exists or the records have errors.
    """
    from dipdata.interchange import folder

    out = out or project.dist / f"{project.name}-{form}"
    if out.exists():
        raise CannotRunError(f"{out}: exists. Name a new folder with --out, or remove it.")
    corpus = validate_records(project, problems=problems)
    problems.refuse("not exported")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.", ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / out.name
        made.mkdir()
        files = folder.write(form, corpus, made, project.contract, project.guideline)
        made.rename(out)
    return out, files


def import_from(
    project: Project,
    form: str,
    path: Path,
    *,
    source: str | None = None,
    publisher: str | None = None,
    licence: str | None = None,
    lang: str | None = None,
    problems: Problems,
) -> Imported:
    """Add the texts and records of a file or folder in another tool's form to a project; see `dipdata.interchange.project.run`.

    `source` is the folder below raw/ for texts that do not name one, else the name of `path`.
    """
    from dipdata.articles.build import article_id, ingest_files
    from dipdata.articles.readers import Document
    from dipdata.articles.sources import raw_files
    from dipdata.interchange import folder
    from dipdata.interchange import project as imports
    from dipdata.studio.pseudonyms import pseudonym, pseudonym_key

    def who(account: str) -> str:
        return account if re.fullmatch(r"p-[0-9a-f]{12}", account) else pseudonym(pseudonym_key(project), account)

    def ingested(sources: Sequence[str]) -> list[Article]:
        files = raw_files(project, [project.raw / name for name in sources], problems)
        return list(ingest_files(files, contract=project.contract, problems=problems))

    def name(source: str, key: str) -> str:
        return article_id(source, key, Document("", "jsonl", "", key=key, line=1))

    found = folder.read(form, path, project.contract, who, problems)
    source = source or re.sub(r"[^a-z0-9]+", "-", path.resolve().stem.lower()).strip("-") or form
    about = imports.About(source, publisher or source, licence or "unknown", lang)
    present = inputs.load_articles(project, Problems()) if any(project.raw.glob("*/*")) else []
    return imports.run(project, found, about, form, present, ingested, name, problems)
