"""The whole flow on a project's own articles, step by step, for a newcomer to watch."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from dipdata import inputs, verbs
from dipdata.problems import CannotRunError, Problems
from dipdata.project import Project

VERSION = "0.1.0"

# Demonstration annotations bear pseudonyms made with this key, so that they are the same on every machine. It is public on purpose; a
# project's own key is made once and stays in .dipdata/.
PSEUDONYM_KEY = "public-demonstration-key-of-dipdata"
ANNOTATORS = ("demonstration-annotator-1", "demonstration-annotator-2")

Bar = Callable[[str], AbstractContextManager[inputs.Progress]]
Tell = Callable[[str], AbstractContextManager[Callable[[str], None]]]


def demo(project: Project, *, studio: bool, problems: Problems, bar: Bar, tell: Tell) -> Iterator[str]:
    """Run every stage and yield a line on what each did; annotations go to build/demo/annotations, the release to dist/.

    `bar` and `tell` show progress. Raises CannotRunError where a stage cannot run.
    """
    with bar("ingest"):
        articles = verbs.ingest(project, problems=problems)
    yield f"ingest      {articles} articles of raw/ in build/articles"
    with bar("segment") as progress:
        statements = verbs.segment_project(project, problems=problems, progress=progress)
    yield f"segment     {statements} statements in build/statements"
    scratch = project.build / "demo" / "annotations"
    shutil.rmtree(scratch, ignore_errors=True)
    if project.annotations.is_dir():
        shutil.copytree(project.annotations, scratch)
    yield f"annotations copied to {_short(project, scratch)}"
    address = (yield from _round_trip(project, scratch, problems, bar, tell)) if studio else None
    with bar("adjudicate"):
        gold, undecided = verbs.adjudicate(project, folder=scratch, problems=problems)
    yield f"adjudicate  {gold} statements with gold, {undecided} undecided"
    with bar("validate"):
        verbs.validate_records(project, folder=scratch, problems=problems)
    yield f"validate    {problems.errors} errors, {len(problems) - problems.errors} warnings"
    with bar("export"):
        release = verbs.export(project, VERSION, folder=scratch, replace=True, problems=problems)
    yield f"export      {_short(project, release.path)}" + (" (unchanged)" if release.unchanged else "")
    with bar("load_dataset"):
        lines = list(_look(release.path, project))
    yield from lines
    yield from _where_next(project, release.path, address)


def _round_trip(project: Project, scratch: Path, problems: Problems, bar: Bar, tell: Tell) -> Generator[str, None, str]:
    from dipdata.studio import accounts, loading, server
    from dipdata.studio.pseudonyms import VARIABLE

    os.environ[VARIABLE] = PSEUDONYM_KEY
    with tell("Label Studio") as progress:
        running = server.up(project, progress=progress)
    yield f"studio up   Label Studio {running.version} at {running.url}"
    with bar("push") as progress:
        pushed = verbs.push(project, problems=problems, progress=progress)
    yield f"push        {pushed.pushed} statements pushed, {pushed.present} there already"
    with bar("load annotations") as progress:
        people = [accounts.add_annotator(project, name) for name in ANNOTATORS]
        recorded, _ = inputs.load_annotations(project, problems)
        loaded = loading.load(project, recorded, people, problems=problems, progress=progress)
    yield f"load        {loaded.loaded} recorded annotations put on the server, {loaded.present} there already, by {len(people)} annotators"
    with bar("pull") as progress:
        pulled = verbs.pull(project, into=scratch, problems=problems, progress=progress)
    yield f"pull        {pulled.new} new, {pulled.changed} changed, {pulled.unchanged} unchanged in {_short(project, scratch)}"
    return pushed.url


def _look(release: Path, project: Project) -> Iterator[str]:
    """Load every config as a researcher would, and tell what it holds."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import datasets

    datasets.disable_progress_bars()
    cache = str(project.build / "demo" / "datasets")
    shutil.rmtree(cache, ignore_errors=True)
    for config in datasets.get_dataset_config_names(str(release)):
        found = datasets.load_dataset(str(release), config, cache_dir=cache)
        rows = ", ".join(f"{split} {part.num_rows}" for split, part in found.items())
        yield f"datasets    {config}: {rows}"
        if config == "default":
            names = found["train"].features["stance"]
            example = next((row for row in found["train"] if row["stance"] is not None), None)
            if example:
                stance = names.int2str(example["stance"])
                yield f"            {example['speaker'] or 'somebody'}, {stance} towards {example['target']}: {example['text']}"


def _where_next(project: Project, release: Path, address: str | None) -> Iterator[str]:
    yield ""
    yield f'In Python:    datasets.load_dataset("{_short(project, release)}", "default")'
    if address:
        from dipdata.studio import server

        known = server.status(project)
        if known is None:
            raise CannotRunError(f"{project.private / server.STATE}: vanished. Run `dipdata studio up`.")
        yield f"Label Studio: {address}"
        yield f"Sign in as:   {known.email}; the password is in {_short(project, project.private / server.STATE)}"
        yield "Stop it with: .venv/bin/dipdata studio down"


def _short(project: Project, path: Path) -> str:
    return path.relative_to(project.root).as_posix()
