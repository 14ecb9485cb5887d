import dataclasses

import pytest

import samples
from dipdata import checks
from dipdata.problems import CannotRunError, Problems
from dipdata.records import text_sha256
from dipdata.release import tabular
from dipdata.release.export import Options, export
from dipdata.release.hydrate import hydrate
from dipdata.schemas import CONFIGS

WORDS = ("norvégien", "Suède", "l'accord", "Fin 😀")


@pytest.fixture
def full(project, tmp_path):
    return export(project, "0.1.0", samples.corpus(), problems=Problems()).path.rename(tmp_path / "full")


@pytest.fixture(params=["quotes", "none"])
def bare(request, project, full):
    return export(project, "0.1.0", samples.corpus(), options=Options(request.param), problems=Problems()).path


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def words_in(folder):
    rows = [row for config in CONFIGS for path in (folder / config).glob("*.parquet") for row in tabular.read_file(path)]
    kept = {"title", "speaker", "speakers"}
    found = {text for row in rows for text in strings({key: value for key, value in row.items() if key not in kept})}
    return {word for word in WORDS if any(word in text for text in found)}


def test_each_mode_holds_the_words_it_may(project, full, bare):
    assert words_in(full) == set(WORDS)
    assert words_in(bare) == (set() if bare.joinpath("release.json").read_text().count('"none"') else set(WORDS) - {"Fin 😀"})
    problems = Problems()
    checks.check_release(bare, problems, load=False)
    assert [str(problem) for problem in problems] == []


def test_targets_without_words_are_not_taken_for_one(project):
    corpus = samples.corpus()
    first = corpus.annotations[0]
    (target,) = first.targets
    other = dataclasses.replace(target, start=target.start + 3, surface=target.surface[3:], stance="against")
    both = dataclasses.replace(first, targets=(target, other))
    corpus = dataclasses.replace(corpus, annotations=[both, *corpus.annotations[1:]])
    release = export(project, "0.1.0", corpus, options=Options("none"), problems=Problems()).path
    problems = Problems()
    checks.check_release(release, problems, load=False)
    assert "labels.contradiction" not in problems.counts()


def test_with_every_copy_the_result_is_the_full_release(full, bare, tmp_path):
    problems = Problems()
    found = hydrate(bare, reversed(samples.corpus().articles), tmp_path / "out", problems=problems)
    assert found.complete and list(problems) == []
    assert contents(tmp_path / "out") == contents(full)


def test_what_is_missing_stays_null_and_is_counted(bare, tmp_path):
    problems = Problems()
    found = hydrate(bare, samples.corpus().articles[:15], tmp_path / "out", problems=problems)
    assert (found.articles_found, found.statements_found, found.complete) == (15, 15, False)
    assert {p.code for p in problems} == {"hydrate.article-missing"} and len(problems) == 5
    texts = {row["id"]: row["text"] for path in (found.path / "articles").iterdir() for row in tabular.read_file(path)}
    assert sum(text is None for text in texts.values()) == 5
    problems = Problems()
    checks.check_release(found.path, problems)
    assert [str(problem) for problem in problems] == []


def moved(article):
    text = "Publicité 👩‍👩‍👧\n\n" + article.text.replace("Fin", "Suite et fin")
    return dataclasses.replace(article, text=text, sha256=text_sha256(text))


def test_words_that_moved_are_found_by_their_hash(project, full, tmp_path):
    bare = export(project, "0.1.0", samples.corpus(), options=Options("none"), problems=Problems()).path
    problems = Problems()
    found = hydrate(bare, map(moved, samples.corpus().articles), tmp_path / "out", problems=problems)
    assert (found.articles_found, found.statements_found, found.statements_moved, found.complete) == (0, 20, 20, False)
    for config in ("statements", "annotations"):
        for path in (full / config).iterdir():
            assert list(tabular.read_file(path)) == list(tabular.read_file(found.path / config / path.name))
    row, true = (next(tabular.read_file(folder / "default" / "test-00000-of-00001.parquet")) for folder in (found.path, full))
    assert row == true | {"context": None}


def test_other_words_at_the_same_place_are_not_taken(project, full, tmp_path):
    bare = export(project, "0.1.0", samples.corpus(), options=Options("none"), problems=Problems()).path
    changed = [dataclasses.replace(a, text=a.text.replace("tient", "tenait")) for a in samples.corpus().articles[1:]]
    problems = Problems()
    found = hydrate(bare, [samples.article(0), *changed], tmp_path / "out", problems=problems)
    assert (found.articles_found, found.statements_found) == (1, 1)
    assert {p.code for p in problems} == {"hydrate.statement-missing"} and len(problems) == 19


def test_what_cannot_be_hydrated_is_refused(full, bare, tmp_path):
    with pytest.raises(CannotRunError, match="holds its texts already"):
        hydrate(full, [], tmp_path / "out", problems=Problems())
    with pytest.raises(CannotRunError, match="none of its 20 articles is among"):
        hydrate(bare, [], tmp_path / "out", problems=Problems())
    with pytest.raises(CannotRunError, match=r"no release[.]json can be read"):
        hydrate(tmp_path, [], tmp_path / "out", problems=Problems())
    (tmp_path / "out").mkdir()
    with pytest.raises(CannotRunError, match=r"exists[.] Name a new folder"):
        hydrate(bare, samples.corpus().articles, tmp_path / "out", problems=Problems())
    assert list((tmp_path / "out").iterdir()) == []
