"""The verbs as functions: each joins stages, which are pure, with the files of a project. The command line is a skin over these."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata import inputs
from dipdata import project as projects
from dipdata.floors import Floors
from dipdata.inputs import Progress, quiet
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Article, Corpus, Statement

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from dipdata.annotations.agreement import Agreement
    from dipdata.annotations.lines import Lines
    from dipdata.interchange.project import Imported
    from dipdata.release.diff import Difference
    from dipdata.release.export import Release
    from dipdata.release.hydrate import Hydrated
    from dipdata.release.publish import Plan
    from dipdata.statements.crf import Card
    from dipdata.statements.evaluation import Evaluation
    from dipdata.stored import Records
    from dipdata.studio.loading import LoadResult
    from dipdata.studio.progress import Progress as Campaigner
    from dipdata.studio.pulling import PullResult
    from dipdata.studio.sync import PushResult

TEMPLATE = Path(__file__).parent / "template"


def load_project(folder: Path | None = None) -> Project:
    """Return the project at `folder`, or the one that the current folder is in. Raises CannotRunError where there is none."""
    return projects.load(folder)


def init(folder: Path) -> list[str]:
    """Make a new dataset project; return the files made, below `folder`. Raises CannotRunError where the folder is not empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotRunError(f"{folder}: exists and is not an empty folder. Name a new one.")
    from dipdata.schemas import packaged

    made = []
    for base, below in ((TEMPLATE, Path()), (packaged(), Path("schema"))):
        for path in sorted(path for path in base.rglob("*") if path.is_file()):
            name = below / path.relative_to(base)
            # Hidden names would be left out of a wheel.
            name = Path(f".{name}") if name.parts[0] in ("gitignore", "github", "pre-commit-config.yaml") else name
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with projects.atomic(folder / name) as file:
                file.write(path.read_bytes())
            made.append(name.as_posix())
    return sorted(made)


def ingest(project: Project, paths: Sequence[Path] = (), *, problems: Problems, progress: Progress = quiet) -> int:
    """Read raw/ (or only `paths`) into build/articles/; return how many articles. What is refused becomes a problem."""
    from dipdata.articles.ingest import ingest as run

    return run(project, paths, problems=problems, progress=progress)


def segment_project(
    project: Project, *, scope: str = "speech", model: Path | None = None, problems: Problems, progress: Progress = quiet
) -> int:
    """Write the statements of the project's articles to build/statements/; return how many.

    With a `model` that `train` wrote the sequence engine finds them, else the rules do.
    """
    from dipdata import tables

    articles = inputs.load_articles(project, problems)
    statements = list(
        inputs.segmented(project, articles, engine=inputs.find_engine(scope, model, problems), problems=problems, progress=progress)
    )
    features = project.contract.features("statements")
    fields = features.__class__({key: features[key] for key in Statement.__slots__})
    folder = project.build / "statements"
    source = {article.id: article.source for article in articles}
    by_source: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.article_id in source:
            by_source.setdefault(source[statement.article_id], []).append(statement)
        else:
            problems.add(
                "segment.article-missing",
                statement.id,
                f"is annotated, and its article {statement.article_id} is not there",
                "Restore the raw file, or remove the statement and its annotations.",
            )
    for name, part in sorted(by_source.items()):
        tables.write_records(folder / f"{name}.parquet", part, fields)
    for stale in set(folder.glob("*.parquet")) - {folder / f"{name}.parquet" for name in by_source}:
        stale.unlink()
    return sum(map(len, by_source.values()))


def segment_documents(
    what: Project | Sequence[Path], *, scope: str = "speech", model: Path | None = None, lang: str | None = None, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield documents with their statements in the bench form, for a project's articles or for files.

    A file is raw text or HTML, or JSONL with `id`, `lang` and `text` a line, whose text is taken as it is. `-` is such JSONL, or
    plain text, on standard input.
    """
    from dipdata.actors import enrich
    from dipdata.statements.benchform import to_bench

    engine = inputs.find_engine(scope, model, problems)
    articles = inputs.load_articles(what, problems) if isinstance(what, Project) else inputs.read_files(what, lang, problems)
    for article in articles:
        yield to_bench(article, enrich((article, statement) for statement in engine(article)))


def evaluate(
    what: Project | Sequence[Path],
    *,
    predictions: Path | None = None,
    scope: str = "speech",
    model: Path | None = None,
    lang: str | None = None,
    problems: Problems,
) -> Evaluation:
    """Return scores and errors against gold files in the bench form, or against the project's annotated articles.

    `predictions` is a file in the bench form; without it an engine is run on the texts of gold: that of `model`, else the rules. Only
    documents in `lang` count where that is given. Raises CannotRunError where a file cannot be read or compared, or there is no gold.
    """
    from dipdata.statements import segment
    from dipdata.statements.benchform import read_bench
    from dipdata.statements.evaluation import evaluate as run
    from dipdata.statements.evaluation import predict

    gold = [document for document in inputs.read_gold(what, problems) if lang is None or document.get("lang", lang) == lang]
    if not gold:
        raise CannotRunError("no gold to evaluate on. Name a file in the form of `dipdata segment --to jsonl`, or annotate and pull.")
    if predictions is not None:
        found = list(read_bench(inputs.read_lines(predictions), str(predictions)))
        known = {document["id"] for document in gold}
        if lang is not None:
            found = [document for document in found if document["id"] in known]
    elif model is not None:
        from dipdata.statements import crf

        found = list(predict(gold, crf.load(model).segment))
    else:
        found = list(predict(gold, lambda text, code: segment(text, code or lang, scope=scope)))
    return run(gold, found)


def train(
    what: Project | Sequence[Path],
    out: Path,
    *,
    lang: str,
    scope: str = "speech",
    licence: str = "not stated",
    measure: Sequence[Path] = (),
    problems: Problems,
) -> Card:
    """Train the sequence engine on gold files in the bench form, or on the project's annotated articles; write the model to `out`.

    F1 is measured on the files of `measure`, or on every tenth document, which then is not learnt from. Raises CannotRunError where
    a file cannot be read, or gold is too little to learn from.
    """
    from dipdata.statements import crf

    card, parameters = crf.train(
        inputs.read_gold(what, problems), lang, scope=scope, licence=licence, measure=inputs.read_gold(measure, problems)
    )
    crf.save(out, card, parameters)
    return card


def push(
    project: Project,
    *,
    annotators: Sequence[str] = (),
    overlap: int = 2,
    language: str | None = None,
    order: str = "text",
    pool: bool = True,
    problems: Problems,
    progress: Progress = quiet,
) -> PushResult:
    """Send the project's statements to Label Studio; see `dipdata.studio.sync.push`."""
    from dipdata.studio import sync

    articles = inputs.load_articles(project, problems)
    pairs = inputs.pairs(articles, inputs.load_statements(project, articles, problems))
    return sync.push(
        project,
        pairs,
        annotators=annotators,
        overlap=overlap,
        language=language,
        order=order,
        pool=pool,
        problems=problems,
        progress=progress,
    )


def pull(project: Project, *, into: Path | None = None, whole: bool = False, problems: Problems, progress: Progress = quiet) -> PullResult:
    """Merge Label Studio's annotations into annotations/ or `into`; see `dipdata.studio.pulling.pull`."""
    from dipdata.studio.pulling import pull as run

    return run(project, into=into, whole=whole, problems=problems, progress=progress)


def restore(
    project: Project, *, blind: bool | None = None, language: str | None = None, problems: Problems, progress: Progress = quiet
) -> tuple[PushResult, LoadResult]:
    """Rebuild a lost Label Studio project from annotations/; see `dipdata.studio.loading.restore`."""
    from dipdata.annotations import store
    from dipdata.studio.loading import restore as run

    annotations, _ = inputs.load_annotations(project, problems)
    frozen = store.read_statements(project.annotations, project.contract, problems)
    pairs = inputs.pairs(inputs.load_articles(project, problems), frozen)
    return run(project, pairs, annotations, blind=blind, language=language, problems=problems, progress=progress)


def status(project: Project, *, problems: Problems) -> list[Campaigner]:
    """Return how far each annotator is; see `dipdata.studio.progress.campaign`."""
    from dipdata.studio.progress import campaign

    return campaign(project, problems=problems)


def backend(*, host: str = "127.0.0.1", port: int = 9090, model: Path | None = None) -> ThreadingHTTPServer:
    """Return a bound server of Label Studio's ML-backend protocol, which segments texts; see `dipdata.studio.backend`.

    With a `model` that `train` wrote the sequence engine finds the statements of texts in its language, else the rules do.
    """
    from dipdata.statements import segment
    from dipdata.studio.backend import serve

    if model is None:
        return serve(segment, host=host, port=port)
    import threading

    from dipdata.articles.language import identify
    from dipdata.statements import crf

    trained = crf.load(model)
    alone = threading.Lock()  # a tagger tags one text at a time

    def find(text: str, lang: str | None) -> list[Statement]:
        if (lang or identify(text)) != trained.card.lang:
            return segment(text, lang)
        with alone:
            return trained.segment(text)

    return serve(find, host=host, port=port)


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


def validate(
    path: Path | None = None, *, problems: Problems, previous: Path | None = None, workers: int | None = None
) -> tuple[str, Floors]:
    """Add the problems of a project, a release or a folder of records to `problems`; return what was looked at, and by which floors.

    The floors are those of the project that the folder is, or stands in. `previous` is the release before a release, else the newest
    older one beside it. `workers` is the number of processes, else that of cores.
    """
    from dipdata import checks

    around = _project_around(path)
    floors = around.floors if around else Floors()
    if path and checks.is_release(path):
        checks.check_release(path, problems, floors=floors, before=previous, workers=workers)
        return str(path), floors
    if path and not (path / projects.FILE).is_file() and checks.is_records(path):
        checks.check_records(path, problems, floors=floors, workers=workers)
        return str(path), floors
    project = load_project(path)
    # What the store cannot read is found again, and told in full, by the checks, which read the files themselves.
    unread = Problems()
    articles = inputs.load_articles(project, problems)
    annotations, gold = inputs.load_annotations(project, unread)
    statements = _fresh(project, inputs.load_statements(project, articles, unread))
    problems.extend(problem for problem in unread if not problem.code.startswith("store."))
    checks.check_project(project, articles, statements, annotations, gold, problems, workers=workers)
    return str(project.root), project.floors


def fix(path: Path | None = None) -> str:
    """Mend what is safe in a project or a release, and return the diff; see `dipdata.checks.fix`."""
    from dipdata import checks
    from dipdata.checks import fix as fixes

    if path and checks.is_release(path):
        root, found = path, fixes.release(path)
    else:
        project = load_project(path)
        root, found = project.root, fixes.project(project)
    told = []
    for file, old, new in found:
        with projects.atomic(file) as out:
            out.write(new)
        told.append(fixes.diff(file.relative_to(root).as_posix(), old, new))
    return "".join(told)


def _project_around(path: Path | None) -> Project | None:
    start = (path or Path.cwd()).resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / projects.FILE).is_file()), None)
    return load_project(root) if root else None


def _fresh(project: Project, statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements that are not frozen in annotations/."""
    from dipdata.annotations import store

    frozen = {statement.id for statement in store.read_statements(project.annotations, project.contract, Problems())}
    return [statement for statement in statements if statement.id not in frozen]


def validate_records(project: Project, *, folder: Path | None = None, problems: Problems) -> Corpus:
    """Add the problems of a project's records, with the annotations of `folder` or annotations/; return the records."""
    from dipdata import checks

    corpus = inputs.load_corpus(project, problems, folder)
    checks.check_corpus(corpus, project.contract, problems, floors=project.floors, guideline=project.guideline)
    return corpus


def export(
    project: Project,
    version: str,
    *,
    folder: Path | None = None,
    mode: str = "full",
    hold_out: str | None = None,
    replace: bool = False,
    workers: int = 1,
    problems: Problems,
    progress: Progress = quiet,
) -> Release:
    """Write a release to dist/ and freeze its splits in annotations/ or `folder`; see `dipdata.release.export.export`.

    `mode` is a text mode, `hold_out` reads `lang=ru`. Large datasets are checked and written by `workers` processes. Raises
    CannotRunError where the records have errors.
    """
    from dipdata import checks
    from dipdata.release import splits
    from dipdata.release.export import Options
    from dipdata.release.export import export as run

    where = folder or project.annotations
    records = _sound_records(project, where, problems, workers)
    release = run(
        project,
        version,
        records,
        options=Options(mode, splits.hold_out(hold_out) if hold_out else None, workers),
        frozen=splits.read(where),
        check=checks.check_gold,
        replace=replace,
        problems=problems,
        progress=progress,
    )
    splits.write(where, splits.read(release.path))
    return release


def check_export(project: Project, release: Path, *, workers: int = 1, problems: Problems, progress: Progress = quiet) -> None:
    """Build a release anew and add what differs to `problems`; see `dipdata.release.rebuild.check`."""
    from dipdata.release import rebuild, splits

    records = _sound_records(project, project.annotations, problems, workers)
    frozen = splits.read(project.annotations)
    rebuild.check(project, release, records, frozen=frozen, workers=workers, problems=problems, progress=progress)


def diff(old: Path, new: Path) -> Difference:
    """Return what changed from one release to another; see `dipdata.release.diff`."""
    from dipdata.release.diff import diff as run

    return run(old, new)


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


def hydrate(release: Path, copies: Path, out: Path | None = None, *, problems: Problems, progress: Progress = quiet) -> Hydrated:
    """Put texts back into a release from a project, a folder of raw files, or a JSONL; see `dipdata.release.hydrate.hydrate`.

    `out` is the new folder, else the release's name with `-hydrated` beside it.
    """
    from dipdata.release.hydrate import hydrate as run

    out = out or release.resolve().with_name(release.resolve().name + "-hydrated")
    return run(release, inputs.copies(copies, problems), out, problems=problems, progress=progress)


def publish(release: Path, repo: str, *, revision: str = "main", dry_run: bool = True, private: bool = False) -> tuple[Plan, str | None]:
    """Publish a release on the Hugging Face hub; return what there was to do, and the commit where it was done.

    See `dipdata.release.publish`.
    """
    from dipdata.release import publish as hub

    what = hub.plan(release, repo, revision)
    return what, None if dry_run or what.tagged else hub.publish(release, what, private=private)


def archive(release: Path, target: Path) -> Path:
    """Write a release as an archive for Zenodo; see `dipdata.release.publish.archive`."""
    from dipdata.release import publish as hub

    return hub.archive(release, target)


def _sound_records(project: Project, folder: Path, problems: Problems, workers: int) -> Records:
    """Return the records of a project, to be read part by part. Raises CannotRunError where they have errors."""
    from dipdata import checks, tables
    from dipdata.stored import Records

    articles = inputs.load_articles(project, problems)
    hashes = {article.id: article.sha256 for article in articles}
    built = sorted((project.build / "statements").glob("*.parquet"))

    def fresh(frozen: Lines) -> Iterator[Statement]:
        if not built:
            yield from inputs.segmented(
                project, articles, engine=inputs.find_engine("speech", None, problems), problems=problems, progress=quiet, folder=folder
            )
        for path in built:
            for statement in tables.read_records(path, Statement, unless=frozen.frozen):
                if hashes.get(statement.article_id) == statement.article_sha256:
                    yield statement

    records = Records(articles, folder, fresh)
    records.sketches = checks.check_files(project, articles, records.fresh, folder, problems, workers=workers)
    problems.refuse("not exported")
    return records
