"""Statements sent to Label Studio, and annotations that come back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dipdata import inputs
from dipdata.inputs import Progress, quiet
from dipdata.problems import Problems
from dipdata.project import Project
from dipdata.records import Statement

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

    from dipdata.studio.loading import LoadResult
    from dipdata.studio.progress import Progress as Campaigner
    from dipdata.studio.pulling import PullResult
    from dipdata.studio.sync import PushResult


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
