"""What goes wrong while a release is made: the release before stays whole, and nothing half-made stands beside it."""

import dataclasses
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import samples
from dipdata import verbs
from dipdata.annotations import store
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus
from dipdata.release import splits
from dipdata.release.export import export

CHANGE = dataclasses.replace


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def first(project):
    return export(project, "0.1.0", samples.corpus(), problems=Problems()).path


def test_a_full_disk_at_each_write(project, first, monkeypatch):
    before = contents(first)
    fsync, left = os.fsync, []

    def full(handle):
        if not left:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left.pop()
        fsync(handle)

    monkeypatch.setattr("dipdata.project.os.fsync", full)
    for writes in range(13):  # twelve tables and splits.jsonl
        left[:] = [None] * writes
        with pytest.raises(CannotRunError, match=r"not written \(No space left on device\)[.] Make room"):
            export(project, "0.2.0", samples.corpus(24), problems=Problems())
        assert contents(first) == before and [path.name for path in project.dist.iterdir()] == [first.name]
    monkeypatch.undo()
    export(project, "0.2.0", samples.corpus(24), problems=Problems())


SCRIPT = textwrap.dedent(
    """
    import os, resource, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[1])
    import samples
    from dipdata import project as projects
    from dipdata.problems import CannotRunError, Problems
    from dipdata.release.export import export

    project, mode, at = projects.load(Path(sys.argv[2])), sys.argv[3], int(sys.argv[4])
    calls = 0
    if mode == "limit":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (at, at))

    def counted(name):
        real = getattr(os, name)

        def call(*arguments, **options):
            global calls
            calls += 1
            if mode == "kill" and calls == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        return call

    for name in ("open", "fsync", "replace", "rename", "mkdir", "chmod", "unlink", "rmdir", "scandir", "stat"):
        setattr(os, name, counted(name))
    try:
        release = export(project, "0.2.0", samples.corpus(24), problems=Problems())
    except CannotRunError as error:
        sys.exit(str(error))
    print(calls)
    """
)


def run(project, mode, at):
    command = [sys.executable, "-c", SCRIPT, str(Path(samples.__file__).parent), str(project.root), mode, str(at)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_file_that_grows_past_its_limit(project, first):
    before = contents(first)
    done = run(project, "limit", 3000)
    assert done.returncode == 1 and "not written (File too large)" in done.stderr, done.stderr
    assert contents(first) == before and [path.name for path in project.dist.iterdir()] == [first.name]


@pytest.mark.slow
def test_a_kill_at_any_of_its_calls(project, first, tmp_path):
    before = contents(first)
    calls = int(run(project, "count", 0).stdout)
    whole = contents(project.dist / "small-0.2.0")
    shutil.rmtree(project.dist / "small-0.2.0")
    assert calls > 100
    for at in [*sorted(random.Random(20260301).sample(range(1, calls), 19)), calls]:
        done = run(project, "kill", at)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert contents(first) == before
        made = project.dist / "small-0.2.0"
        if made.exists():
            assert contents(made) == whole
            shutil.rmtree(made)
    done = run(project, "count", 0)
    assert done.returncode == 0 and contents(project.dist / "small-0.2.0") == whole
    assert {path.name for path in project.dist.iterdir()} == {"small-0.1.0", "small-0.2.0"}


def test_a_release_that_was_being_replaced_comes_back(project, first):
    """A kill between the two renames of a replacement leaves the old release in the scratch folder."""
    before = contents(first)
    for version in ("0.1.0", "0.2.0"):
        scratch = project.dist / ".small-0.1.0.abc"
        scratch.mkdir()
        first.rename(scratch / "replaced")
        others = [project.dist / name for name in (".small-brat.abc", ".other-0.1.0.abc")]  # of `export --to`, of another project
        for other in others:
            other.mkdir(exist_ok=True)
        export(project, version, samples.corpus(), problems=Problems())
        assert contents(first) == before and all(other.is_dir() for other in others)
        assert {path.name for path in project.dist.glob("*-0*")} == {first.name, f"small-{version}", others[1].name}


def test_foreign_files_are_never_removed(project, first):
    (first / "notes.txt").write_text("mine")
    for replace in (False, True):
        with pytest.raises(CannotRunError, match=r"small-0[.]1[.]0/notes[.]txt: not a file of this release[.] Move it away"):
            export(project, "0.1.0", samples.corpus(), replace=replace, problems=Problems())
    assert (first / "notes.txt").read_text() == "mine"
    other = project.dist / "small-0.3.0"
    other.mkdir()
    (other / "thesis.tex").write_text("mine")
    with pytest.raises(CannotRunError, match=r"exists and is no release[.] Move it away"):
        export(project, "0.3.0", samples.corpus(), replace=True, problems=Problems())
    assert (other / "thesis.tex").read_text() == "mine"


@pytest.mark.parametrize("broken", ["{", "[]", '{"files": []}', '{"files": [], "name": "small"}'])
def test_a_release_before_it_that_is_broken(project, first, broken):
    (first / "release.json").write_text(broken)
    with pytest.raises(CannotRunError, match=r"small-0[.]1[.]0/release[.]json: broken .*Restore the release"):
        export(project, "0.2.0", samples.corpus(), problems=Problems())
    assert [path.name for path in project.dist.iterdir()] == [first.name]


def test_a_file_where_releases_should_stand(project):
    project.dist.write_text("mine")
    with pytest.raises(CannotRunError, match=r"dist: is a file, .*Move it away"):
        export(project, "0.1.0", samples.corpus(), problems=Problems())


def test_a_split_of_another_name(project):
    other = dataclasses.replace(project, splits={"train": 0.8, "dev": 0.2})
    with pytest.raises(CannotRunError, match=r"no split is named 'dev'[.] Use train, validation, test"):
        export(other, "0.1.0", samples.corpus(), problems=Problems())


def test_two_exports_at_once(project, first):
    import fcntl

    handle = os.open(project.dist, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with pytest.raises(CannotRunError, match="another export is at work here"):
        export(project, "0.2.0", samples.corpus(), problems=Problems())
    os.close(handle)


@pytest.mark.parametrize("config", ["default", "statements", "articles"])
def test_a_split_that_would_be_empty(project, config):
    corpus = samples.corpus(3)
    if config != "articles":
        corpus = Corpus(corpus.articles, corpus.statements[:1], [], [])
    else:
        corpus = Corpus(corpus.articles[:2], corpus.statements[:2], [], [])
    with pytest.raises(CannotRunError, match="would have no rows, and `datasets` loads no empty split"):
        export(project, "0.1.0", corpus, problems=Problems())
    assert list(project.dist.iterdir()) == []


def whole(project):
    """The project with its records in files, as `verbs.export` reads them."""
    corpus = samples.corpus()
    folder = project.root / "raw" / "wire"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text('publisher = "The Test Wire"\nlicence = "CC-BY-4.0"\n')
    for article in corpus.articles:
        (folder / f"{article.id[5:]}.txt").write_text(article.text)
    (folder / "source.toml").write_text(
        'publisher = "The Test Wire"\nlicence = "CC-BY-4.0"\nlang = "fr"\n'
        + "".join(f'[files."{a.id[5:]}.txt"]\ndate = "{a.date}"\nurl = "{a.url}"\n' for a in corpus.articles)
    )
    store.write_statements(project.annotations, corpus.statements)
    store.write_annotations(project.annotations, corpus.annotations)
    store.write_gold(project.annotations, corpus.gold)
    return verbs.export(project, "0.1.0", problems=Problems()).path


def test_an_article_that_vanished(project):
    first = whole(project)
    before = contents(first)
    (project.raw / "wire" / "article-03.txt").unlink()
    text = (project.raw / "wire" / "source.toml").read_text()
    (project.raw / "wire" / "source.toml").write_text(
        text.replace('[files."article-03.txt"]\ndate = "2026-03-04"\nurl = "https://wire.example/3"\n', "")
    )
    with pytest.raises(CannotRunError, match=r"not exported: .*its article wire/article-03 is not there .*Restore"):
        verbs.export(project, "0.2.0", problems=Problems())
    assert contents(first) == before


def test_a_label_outside_the_scheme(project):
    first = whole(project)
    before = contents(first)
    path = project.annotations / "gold.jsonl"
    path.write_text(path.read_text().replace('"sentiment":"positive"', '"sentiment":"cheerful"', 1))
    with pytest.raises(CannotRunError, match=r"not exported: .*cheerful.*schema[.]label"):
        verbs.export(project, "0.2.0", problems=Problems())
    assert contents(first) == before


def test_the_splits_of_a_release_are_frozen_in_the_sources(project):
    first = whole(project)
    assert splits.read(project.annotations) == splits.read(first) != {}
    assert verbs.export(project, "0.1.0", problems=Problems()).unchanged
    problems = Problems()
    verbs.check_export(project, first, problems=problems)
    assert [str(problem) for problem in problems] == []
