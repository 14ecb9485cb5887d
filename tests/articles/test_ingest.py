import json
import os
import shutil
from pathlib import Path

import pytest

from dipdata import project as projects
from dipdata.articles.ingest import ingest, load_articles, read_articles
from dipdata.problems import CannotRunError, Problems
from dipdata.records import text_sha256, to_dict

ROOT = Path(__file__).parents[2]
SOURCE = 'publisher = "The Test Wire"\nlicence = "CC-BY-4.0"\n'
FRENCH = "Le ministère norvégien a annoncé mercredi qu'il fermerait ses ports aux chalutiers islandais. « Nous avons attendu », a-t-il dit."
ENGLISH = "The ministry said on Wednesday that it would close its ports to Icelandic trawlers. It gave no further reason for the measure."
PAGE = """<!DOCTYPE html><html lang="en-IE"><head><meta charset="{charset}"><title>Ports - Le Test</title>
<meta property="og:title" content="La Norvège ferme ses ports"><link rel="canonical" href="https://test.example/ports">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head><body><nav>Accueil</nav>
<article><h1>La Norvège ferme ses ports</h1><figure><img src="x.jpg"><figcaption>A trawler. "We wait," a sailor said.</figcaption></figure>
<p>{body}</p><p>{body} It was November 10, 2011.</p></article></body></html>"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "dipdata.toml").write_text('name = "test"\nlicence = "CC-BY-4.0"\n')
    (tmp_path / "raw" / "wire").mkdir(parents=True)
    (tmp_path / "raw" / "wire" / "source.toml").write_text(SOURCE)
    (tmp_path / "raw" / "wire" / "good.txt").write_text(f"Ports fermés\n\n{FRENCH}", encoding="utf-8")
    return projects.load(tmp_path)


def put(project, name, data, folder="wire"):
    path = project.raw / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def run(project, *paths):
    problems = Problems()
    ingest(project, paths, problems=problems)
    return {article.id: article for article in read_articles(project)}, list(problems)


def test_a_text_becomes_an_article_with_frozen_text_and_zones(project):
    put(project, "source.toml", SOURCE + '[files."good.txt"]\ndate = "2026-03-04"\nurl = "https://test.example/a"\n')
    articles, problems = run(project)
    assert problems == []
    article = articles["wire/good"]
    assert (article.outlet, article.lang, article.title, article.date) == ("The Test Wire", "fr", "Ports fermés", "2026-03-04")
    assert (article.path, article.format, article.encoding) == ("raw/wire/good.txt", "text", "utf-8 (detected)")
    assert article.sha256 == text_sha256(article.text)
    assert [(zone.kind, article.text[zone.start : zone.end]) for zone in article.zones] == [("headline", "Ports fermés")]
    assert list(project.contract.findings("article", to_dict(article))) == []


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_page_gives_its_text_title_date_address_and_language(project, charset):
    data = PAGE.format(charset=charset, body=ENGLISH).encode(charset)
    put(project, "page.html", data)
    articles, problems = run(project)
    article = articles["wire/page"]
    assert problems == []
    assert article.text.startswith("La Norvège ferme ses ports\n\nThe ministry said")
    assert "sailor" not in article.text and "Accueil" not in article.text
    assert (article.title, article.date, article.url) == ("La Norvège ferme ses ports", "2026-03-04", "https://test.example/ports")
    assert article.lang == "en" and article.encoding.endswith("(declared)")


def test_jsonl_gives_an_article_a_line_and_refuses_only_bad_lines(project):
    lines = [
        json.dumps({"id": "one", "text": FRENCH + " Un.", "lang": "fr", "date": "2026-03-04T10:00:00Z"}),
        "{not json",
        "[1, 2]",
        json.dumps({"id": "two", "text": ""}),
        json.dumps({"text": ENGLISH}),
        json.dumps({"id": "three", "text": 3}),
        '{"id": "four", "text": "' + ENGLISH + ' Lone \\ud83d half."}',
        "[" * 100_000,
        '{"id": "nan", "text": NaN}',
        "",
        json.dumps({"id": 7, "text": ENGLISH + " Seven.\u0000"}),
    ]
    put(project, "feed.jsonl", "\n".join(lines))
    articles, problems = run(project)
    assert set(articles) == {"wire/good", "wire/one", "wire/feed-00005", "wire/four", "wire/7"}
    assert articles["wire/one"].date == "2026-03-04"
    assert "\ufffd half" in articles["wire/four"].text
    assert [(problem.code, problem.line) for problem in problems] == [
        ("ingest.bad-json", 2),
        ("ingest.bad-json", 3),
        ("ingest.empty", 4),
        ("ingest.bad-record", 6),
        ("ingest.bad-json", 8),
        ("ingest.bad-json", 9),
    ]
    assert str(problems[0]).startswith("raw/wire/feed.jsonl:2: not JSON (")


BAD = {
    "empty.txt": (b"", "ingest.empty"),
    "blank.txt": (b" \n\n\t", "ingest.empty"),
    "invisible.txt": ("\u00ad\ufeff ".encode(), "ingest.empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "ingest.binary"),
    "noise.txt": (b"qsdkjh zzkjh fkjhaz qskjd qsdlkj azlkej 12 34", "ingest.language-unknown"),
    "noise.html": (b"<html><body><script>var a = 1;</script><div id='app'></div></body></html>", "ingest.empty"),
    "liar.txt": (b"\xef\xbb\xbf\xff\xfe\xfa", "ingest.encoding"),
    "report.pdf": (b"%PDF-1.7", "ingest.unknown-format"),
}


def test_each_bad_file_gives_one_problem_with_a_remedy_and_all_else_goes_through(project):
    for name, (data, _) in BAD.items():
        put(project, name, data)
    (project.raw / "wire" / "folder.txt").mkdir()
    (project.raw / "wire" / "loop.txt").symlink_to("loop.txt")
    os.mkfifo(project.raw / "wire" / "pipe.txt")
    (project.raw / "wire" / "around").symlink_to(project.raw, target_is_directory=True)
    (project.raw / "nameless").mkdir()
    put(project, "stray.txt", ENGLISH, folder=".")
    put(project, "source.toml", "publisher = 3\nlicense = 'x'", folder="misspelt")
    put(project, "source.toml", "publisher = ", folder="broken")
    put(project, "last.txt", ENGLISH)
    articles, problems = run(project)
    assert set(articles) == {"wire/good", "wire/last"}
    assert {problem.record: problem.code for problem in problems} == {
        **{f"raw/wire/{name}": code for name, (_, code) in BAD.items()},
        "raw/wire/folder.txt": "ingest.not-a-file",
        "raw/wire/around": "ingest.not-a-file",
        "raw/wire/loop.txt": "ingest.unreadable",
        "raw/wire/pipe.txt": "ingest.unreadable",
        "raw/nameless": "ingest.no-source-toml",
        "raw/stray.txt": "ingest.no-source-toml",
        "raw/misspelt/source.toml": "ingest.bad-source-toml",
        "raw/broken/source.toml": "ingest.bad-source-toml",
    }
    assert all(problem.message and problem.remedy[0].isupper() and problem.remedy.endswith(".") for problem in problems)
    rejects = [json.loads(line) for line in (project.build / "rejects.jsonl").read_text().splitlines()]
    assert [reject["code"] for reject in rejects] == [problem.code for problem in problems]
    assert not list(project.build.rglob(".*"))


def test_the_same_text_or_the_same_id_twice_is_refused_with_the_name_of_the_first(project):
    put(project, "twin.txt", f"Ports fermés\r\n\r\n\r\n{FRENCH}  ".encode("utf-16"))
    put(project, "good.htm", PAGE.format(charset="utf-8", body=ENGLISH))
    articles, problems = run(project)
    assert articles["wire/good"].format == "html"
    assert [(problem.code, problem.record) for problem in problems] == [("ingest.id-taken", "raw/wire/good.txt")]
    (project.raw / "wire" / "good.htm").unlink()
    _, problems = run(project)
    assert str(problems[0]).startswith("raw/wire/twin.txt: the same text as wire/good (ingest.duplicate). Delete one of them")


def test_skipped_files_are_left_out_and_what_is_not_there_is_said(project):
    put(project, "empty.txt", b"")
    put(project, "source.toml", SOURCE + 'skip = ["empty.txt", "gone.txt"]\n')
    articles, problems = run(project)
    assert set(articles) == {"wire/good"}
    assert [(problem.code, problem.severity) for problem in problems] == [("ingest.no-such-file", "warning")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run the tests as another user")
def test_an_unreadable_file(project):
    put(project, "secret.txt", ENGLISH).chmod(0)
    articles, problems = run(project)
    assert set(articles) == {"wire/good"} and [problem.code for problem in problems] == ["ingest.unreadable"]


def test_the_declared_language_wins_and_a_mismatch_is_a_warning(project):
    put(project, "source.toml", SOURCE + 'lang = "de"\n')
    put(project, "good.txt", FRENCH * 3)
    articles, problems = run(project)
    assert articles["wire/good"].lang == "de"
    assert [(problem.code, problem.severity) for problem in problems] == [("ingest.language-mismatch", "warning")]


def test_an_encoding_that_does_not_fit_is_a_warning(project):
    put(project, "source.toml", SOURCE + 'encoding = "latin-1"\n')
    articles, problems = run(project)
    assert articles["wire/good"].encoding == "utf-8 (declared as latin-1)"
    assert [(problem.code, problem.severity) for problem in problems] == [("ingest.encoding-declared", "warning")]


def test_names_become_ids(project):
    put(project, "Où va l'accord ?.txt", ENGLISH + " One.")
    put(project, "вода.txt", ENGLISH + " Two.")
    put(project, "deep/down.txt", ENGLISH + " Three.")
    put(project, "x" * 240 + ".txt", ENGLISH + " Four.")
    articles, problems = run(project)
    assert problems == []
    assert len(articles) == 5 and {"wire/O-va-l-accord", "wire/deep/down"} <= set(articles)
    assert all(len(identity) <= 200 for identity in articles)


def test_the_same_raw_files_give_the_same_bytes(project):
    put(project, "feed.jsonl", json.dumps({"id": "one", "text": ENGLISH}))
    run(project)
    first = {path: path.read_bytes() for path in project.build.rglob("*") if path.is_file()}
    shutil.rmtree(project.build)
    run(project)
    assert {path: path.read_bytes() for path in project.build.rglob("*") if path.is_file()} == first


def test_sources_that_are_gone_leave_nothing_and_paths_touch_their_source_alone(project):
    put(project, "source.toml", SOURCE, folder="other")
    put(project, "a.txt", ENGLISH, folder="other")
    put(project, "empty.txt", b"", folder="other")
    articles, _ = run(project)
    assert set(articles) == {"wire/good", "other/a"}
    put(project, "good.txt", FRENCH + " Neuf.")
    put(project, "twin.txt", ENGLISH)
    articles, problems = run(project, project.raw / "wire" / "good.txt")
    assert articles["wire/good"].text.endswith("Neuf.") and "other/a" in articles
    assert [problem.code for problem in problems] == ["ingest.duplicate"]
    assert (project.build / "rejects.jsonl").read_text().count("\n") == 2
    shutil.rmtree(project.raw / "other")
    articles, _ = run(project)
    assert set(articles) == {"wire/good", "wire/twin"}
    assert not (project.build / "articles" / "other.parquet").exists()


def test_load_articles_is_the_same_with_build_without_it_and_when_raw_has_changed(project):
    put(project, "empty.txt", b"")
    before, after, changed = Problems(), Problems(), Problems()
    in_memory = load_articles(project, before)
    run(project)
    assert load_articles(project, after) == in_memory
    assert list(before) == list(after) and before.errors == 1
    put(project, "good.txt", ENGLISH)
    assert [article.text for article in load_articles(project, changed)] == [ENGLISH]
    shutil.rmtree(project.raw)
    assert load_articles(project, Problems()) == in_memory


def test_what_cannot_run(project, tmp_path):
    with pytest.raises(CannotRunError, match="not a source folder"):
        run(project, tmp_path)
    with pytest.raises(CannotRunError, match="not a source folder"):
        run(project, project.raw / "nowhere")
    shutil.rmtree(project.raw)
    with pytest.raises(CannotRunError, match="no such folder"):
        run(project)


def test_the_projects_own_articles_go_through_without_a_problem(tmp_path):
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    shutil.copy(ROOT / "dipdata.toml", tmp_path)
    articles, problems = run(projects.load(tmp_path))
    assert problems == []
    assert len(articles) >= 24
    for article in articles.values():
        assert article.zones[0].kind == "headline"
        assert article.title and article.date and article.url
