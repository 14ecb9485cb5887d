"""Every file of a project and of a release replaced by something broken: problems or one clear sentence, never a traceback."""

import shutil
from pathlib import Path

import good
import pytest
from test_breaks import released

from dipdata import checks, verbs
from dipdata.checks import lines
from dipdata.problems import CannotRunError, Problems

BAD = {
    "empty": lambda raw: b"",
    "cut short": lambda raw: raw[: len(raw) // 2],
    "zeros": lambda raw: b"\x00" * len(raw),
    "not utf-8": lambda raw: raw[:50] + b"\xff\xfe\xc3" + raw[50:],
    "utf-16": lambda raw: raw.decode("utf-8", "replace").encode("utf-16"),
    "deep": lambda raw: b"[" * 50_000,
    "deep mapping": lambda raw: b"---\n" + b"{a: " * 5_000 + b"\n---\n",
    "null": lambda raw: b"null",
    "list": lambda raw: b"[1, 2]",
    "many names": lambda raw: b"---\na: &a [1,1,1]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n---\n",
    "directory": None,
}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    return released(tmp_path_factory.mktemp("bad") / "project", good.corpus(40, 12))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad") / "project"
    verbs.init(folder)
    corpus = good.corpus(41, 4)
    from dipdata.annotations import store

    store.write_statements(folder / "annotations", corpus.statements)
    store.write_annotations(folder / "annotations", corpus.annotations)
    store.write_gold(folder / "annotations", corpus.gold)
    return folder


def spoil(path: Path, how: str) -> None:
    raw = path.read_bytes()
    path.unlink()
    if BAD[how] is None:
        path.mkdir()
    else:
        path.write_bytes(BAD[how](raw))


def told(folder: Path, *, load: bool = True) -> int:
    """Return how many problems there are; one where it cannot run."""
    problems = Problems()
    try:
        if load:
            verbs.validate(folder, problems=problems, workers=1)
        else:
            checks.check_release(folder, problems, workers=1, load=False)
    except CannotRunError as error:
        assert "\n" not in str(error)
        return 1
    for problem in problems:
        assert "Traceback" not in problem.message
    return len(problems)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
@pytest.mark.parametrize("how", BAD)
def test_a_release_with_any_file_spoilt(release, tmp_path, how):
    seen = set()
    for name in names(release):
        kind = (Path(name).parent.name, Path(name).suffix)
        if kind in seen and how != "directory":  # one of a kind says it for all
            continue
        seen.add(kind)
        folder = shutil.copytree(release, tmp_path / "release")
        spoil(folder / name, how)
        # `datasets` takes a second to load what is left: two ways of breaking say how it fails.
        assert told(folder, load=how in ("cut short", "directory") and "default" in kind), f"{name}, {how}"
        shutil.rmtree(folder)


@pytest.mark.parametrize("how", BAD)
def test_a_project_with_any_file_spoilt(project, tmp_path, how):
    for name in names(project):
        folder = shutil.copytree(project, tmp_path / "project")
        spoil(folder / name, how)
        told(folder)
        shutil.rmtree(folder)


@pytest.mark.slow
def test_a_line_of_one_gigabyte(tmp_path):
    path = tmp_path / "gold.jsonl"
    with path.open("wb") as file:
        file.truncate(2**30)
        file.seek(0, 2)
        file.write(b"\n{}\n")
    found = [(line, [p.code for p in problems]) for line, _, _, problems in lines.read(path)]
    assert found == [(1, ["schema.line-too-long"]), (2, [])]
