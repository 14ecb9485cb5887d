"""What verbs start from: a project's records as its files hold them, and files that somebody names."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dipdata import project as projects
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project
from dipdata.records import Annotation, Article, Corpus, Gold, Statement

Progress = Callable[[int, int | None], None]
Engine = Callable[[Article], Iterable[Statement]]


def quiet(done: int, total: int | None) -> None:
    """Show no progress."""


def load_corpus(project: Project, problems: Problems, folder: Path | None = None) -> Corpus:
    """Return all records of a project, with the annotations of `folder` or of annotations/.

    Statements come from build/ where `segment` has run on these articles, and are made in memory where it has not.
    """
    articles = load_articles(project, problems)
    annotations, gold = load_annotations(project, problems, folder)
    return Corpus(articles, load_statements(project, articles, problems, folder), annotations, gold)


def load_articles(project: Project, problems: Problems) -> list[Article]:
    """Return the articles of build/ where they are up to date with raw/, else those of raw/."""
    from dipdata.articles.ingest import load_articles as run

    return run(project, problems)


def load_annotations(project: Project, problems: Problems, folder: Path | None = None) -> tuple[list[Annotation], list[Gold]]:
    """Return annotations and gold; a line that is no record becomes a problem."""
    from dipdata.annotations import store

    where = folder or project.annotations
    return store.read_annotations(where, project.contract, problems), store.read_gold(where, project.contract, problems)


def load_statements(project: Project, articles: Sequence[Article], problems: Problems, folder: Path | None = None) -> list[Statement]:
    """Return the statements of build/ where they fit the articles, else segment the articles; frozen ones of `folder` take precedence."""
    from dipdata import tables
    from dipdata.annotations import store
    from dipdata.statements.frozen import keep

    paths = sorted((project.build / "statements").glob("*.parquet"))
    if not paths:
        engine = find_engine("speech", None, problems)
        return list(segmented(project, articles, engine=engine, problems=problems, progress=quiet, folder=folder))
    hashes = {article.id: article.sha256 for article in articles}
    built = [statement for path in paths for statement in tables.read_records(path, Statement)]
    fitting = [statement for statement in built if hashes.get(statement.article_id) == statement.article_sha256]
    return list(keep(store.read_statements(folder or project.annotations, project.contract, problems), fitting))


def find_engine(scope: str, model: Path | None, problems: Problems) -> Engine:
    """Return what finds an article's statements. A model leaves articles in other languages to the rules, with a warning each."""
    from dipdata.statements import segment_articles

    def rules(article: Article) -> Iterable[Statement]:
        return segment_articles([article], scope=scope, problems=problems)

    if model is None:
        return rules
    from dipdata.statements import crf

    trained = crf.load(model)

    def sequence(article: Article) -> Iterable[Statement]:
        if article.lang == trained.card.lang:
            return trained.segment_article(article)
        problems.add(
            "segment.model-language",
            article.id,
            f"in {article.lang!r}, and the model is for {trained.card.lang!r}: the rules were used",
            f"Train a model for {article.lang!r}, or segment without --model.",
            severity="warning",
            file=article.path,
        )
        return rules(article)

    return sequence


def segmented(
    project: Project, articles: Sequence[Article], *, engine: Engine, problems: Problems, progress: Progress, folder: Path | None = None
) -> Iterator[Statement]:
    """Yield the statements that `engine` finds in articles, with their speakers and targets, beside those frozen in `folder`."""
    from dipdata.actors import enrich
    from dipdata.annotations import store
    from dipdata.statements.frozen import keep

    def pairs() -> Iterator[tuple[Article, Statement]]:
        for done, article in enumerate(articles, start=1):
            yield from ((article, statement) for statement in engine(article))
            progress(done, len(articles))

    yield from keep(store.read_statements(folder or project.annotations, project.contract, problems), enrich(pairs()))


def read_gold(what: Project | Sequence[Path], problems: Problems) -> Iterator[dict[str, Any]]:
    """Yield gold in the bench form: the lines of files, or the articles of a project that are annotated throughout."""
    from dipdata.annotations import store
    from dipdata.statements.benchform import read_bench
    from dipdata.statements.corrections import corrected

    if isinstance(what, Project):
        statements = store.read_statements(what.annotations, what.contract, problems)
        annotations, _ = load_annotations(what, problems)
        yield from corrected(load_articles(what, problems), statements, annotations, problems=problems)
    else:
        for path in what:
            yield from read_bench(read_lines(path), str(path))


def read_lines(path: Path) -> list[bytes]:
    """Return the lines of a file. Raises CannotRunError where it cannot be read."""
    try:
        return path.read_bytes().splitlines()
    except OSError as error:
        raise CannotRunError(f"{path}: cannot be read ({error.strerror}). Name a file that is there and may be read.") from error


def read_files(paths: Sequence[Path], lang: str | None, problems: Problems) -> Iterable[Article]:
    """Yield the articles of files, `-` being standard input; what cannot be read becomes a problem. `lang` is that of plain texts."""
    from dipdata.articles.loose import read_documents

    for path in paths:
        if str(path) == "-":
            yield from read_documents(Path("-"), sys.stdin.buffer.read(), lang=lang, problems=problems)
        else:
            try:
                yield from read_documents(path, path.read_bytes(), lang=lang, problems=problems)
            except OSError as error:
                problems.add(
                    "ingest.unreadable", str(path), f"cannot be read ({error.strerror})", "Name a file that is there and may be read."
                )


def copies(path: Path, problems: Problems) -> Iterator[Article]:
    """Yield the articles that a project, a folder or a file holds; what cannot be read becomes a warning."""
    from dipdata.articles.cleaning import clean
    from dipdata.articles.readers import FORMATS

    if not path.exists():
        raise CannotRunError(f"{path}: not there. Name a project, a folder of raw files, or a JSONL with id, text and url a line.")
    found = Problems()
    if (path / projects.FILE).is_file():
        yield from load_articles(projects.load(path), found)
    else:
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in FORMATS and file.is_file()) if path.is_dir() else [path]
        for article in read_files(files, "und", found):
            yield article
            # The text of JSONL is read as it is; that of a release was cleaned.
            yield dataclasses.replace(article, text=clean(article.text))
    problems.extend(dataclasses.replace(problem, severity="warning") for problem in found)


def pairs(articles: Iterable[Article], statements: Iterable[Statement]) -> list[tuple[Article, Statement]]:
    """Return statements with their articles; one whose article is not there is left out."""
    by_id = {article.id: article for article in articles}
    return [(by_id[statement.article_id], statement) for statement in statements if statement.article_id in by_id]
