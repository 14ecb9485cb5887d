"""Corpora that other tools made: brat in the form that PolNeAR has, and UIMA CAS as INCEpTION writes it. Texts are our own."""

import io
import zipfile

import pytest

from dipdata import verbs
from dipdata.annotations import store
from dipdata.interchange import brat, uima
from dipdata.problems import Problems

TEXT = "Harbour talks\n\nThe ministry said 😀 that the port “will open”, adding that “nobody objects”.\n\nRead the rest here.\n"


def at(surface, of=TEXT):
    start = of.index(surface)
    return f"{start} {start + len(surface)}"


ANN = "\n".join(
    [
        f"T1\tSource {at('The ministry')}\tThe ministry",
        f"T2\tCue {at('said')}\tsaid",
        f"T3\tContent {at('that the port')};{at('“will open”')}\tthat the port “will open”",
        f"T4\tAttribution {at('said')}\tsaid",
        "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
        f"T5\tCue {at('adding')}\tadding",
        f"T6\tContent {at('that “nobody objects”')}\tthat “nobody objects”",
        f"T7\tAttribution {at('adding')}\tadding",
        "E2\tAttribution:T7 Content:T6 Cue:T5 Source:T1",
        f"T8\tDiscard {at('Read the rest here.')}\tRead the rest here.",
        "",
    ]
)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    verbs.init(folder)
    return verbs.load_project(folder)


def statements(project):
    return store.read_statements(project.annotations, project.contract, Problems())


def surfaces(statement):
    return tuple([span.surface for span in part] for part in (statement.content, statement.source, statement.cue))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_attributions_in_the_form_of_polnear(project, tmp_path, ends):
    corpus = tmp_path / "corpus"
    for folder in ("text", "attributions"):
        (corpus / folder).mkdir(parents=True)
    (corpus / "attributions" / "harbour_4b22.ann").write_text(ANN)
    (corpus / "text" / "harbour.txt").write_text(TEXT.replace("\n", ends), newline="")
    problems = Problems()
    done = verbs.import_from(project, "brat", corpus, source="harbour", lang="en", licence="CC0-1.0", problems=problems)
    assert (done.articles, done.statements) == (1, 2)
    assert [(p.code, p.severity) for p in problems] == [("import.no-place", "warning")]
    kept = project.raw / "harbour" / ".original" / "attributions" / "harbour_4b22.ann"
    assert kept.read_text() == ANN
    found = sorted(statements(project), key=lambda statement: statement.content)
    assert [surfaces(statement) for statement in found] == [
        (["that the port", "“will open”"], ["The ministry"], ["said"]),
        (["that “nobody objects”"], ["The ministry"], ["adding"]),
    ]
    assert [(s.form, s.rule, s.lang) for s in found] == [("mixed", "imported:brat", "en"), ("mixed", "imported:brat", "en")]
    problems = Problems()
    verbs.validate(project.root, problems=problems)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []


def test_who_marked_what_is_kept_where_several_annotators_did(project, tmp_path):
    (tmp_path / "harbour.txt").write_text(TEXT)
    bare = "".join(f"{line}\n" for line in ANN.splitlines() if "Discard" not in line)
    files = {f"harbour_{who}.ann": bare for who in ("4b22", "4e07")}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    problems = Problems()
    done = verbs.import_from(project, "brat", tmp_path, source="harbour", lang="en", problems=problems)
    assert done.statements == 2
    assert [(p.code, p.record) for p in problems] == [("import.no-place", name) for name in files]
    assert {path.name: path.read_text() for path in (project.raw / "harbour" / ".original").iterdir()} == files


def test_an_ann_whose_offsets_do_not_fit_is_refused(project, tmp_path):
    (tmp_path / "a.txt").write_text("X" + TEXT)
    (tmp_path / "a.ann").write_text(ANN)
    problems = Problems()
    verbs.import_from(project, "brat", tmp_path / "a.ann", problems=problems)
    assert {p.code for p in problems} == {"import.not-brat"} and "T1 reads 'The ministry'" in next(iter(problems)).message
    assert statements(project) == []


def test_texts_that_ingest_refuses_are_not_counted(project, tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(TEXT)
        (tmp_path / f"{name}.ann").write_text(ANN)
    problems = Problems()
    done = verbs.import_from(project, "brat", tmp_path, source="harbour", lang="en", problems=problems)
    assert (done.articles, done.statements) == (1, 2)
    assert {p.code for p in problems if p.severity == "error"} == {"ingest.duplicate", "import.not-ingested"}


def test_what_an_ann_says_comes_out_again():
    document = brat.read("harbour", TEXT, ANN)
    assert document.lost == ["T8: Discard outside every attribution"]
    assert [unit.content for unit in document.units] == [((35, 48), (49, 60)), ((69, 90),)]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\x0b", "\x0c", "\x1e"])
def test_a_line_ends_at_a_line_feed_alone(mark):
    text = f"He said it was{mark}over."
    document = brat.read("x", text, f"T1\tContent 8 19\tit was{mark}over\r\nT2\tAttribution 3 7\tsaid\r\nE1\tAttribution:T2 Content:T1\r\n")
    assert document.lost == [] and [unit.content for unit in document.units] == [((8, 19),)]


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("R1\tCoref Arg1:T1 Arg2:T2", "R1\tCoref Arg1:T1 Arg2:T2"),
        ("A1\tNested E1", "E1: attribute Nested true"),
        ("A1\tTense T1 past", "T1: attribute Tense past"),
        ("#1\tAnnotatorNotes T3\tcut?", "note on T3: cut?"),
        ("#1\tAnnotatorNotes E1\tunsure", "E1: note unsure"),
        ("*\tEquiv T1 T2", "*\tEquiv T1 T2"),
        ("E3\tAttribution:T4 Cue:T2", "E3: Attribution without content"),
        ("E3\tBelief:T4 Content:T3", "E3: type Belief"),
    ],
)
def test_what_has_no_place_is_told(line, lost):
    found = brat.read("x", TEXT, f"{ANN}{line}\n").lost
    assert lost in found


def test_an_ann_of_another_text_is_refused():
    with pytest.raises(ValueError, match="T1 at 0-900 is empty or outside the text"):
        brat.read("x", TEXT, "T1\tSource 0 900\tThe ministry\n")


def cas(relations):
    """A CAS with custom layers as INCEpTION makes them, with links by relations or by slots."""
    import cassis

    types = cassis.TypeSystem()
    span = types.create_type("webanno.custom.Attribution", supertypeName="uima.tcas.Annotation")
    types.create_feature(span, "role", "uima.cas.String")
    types.create_feature(span, "stance", "uima.cas.String")
    types.create_feature(span, "certainty", "uima.cas.Integer")
    if relations:
        link = types.create_type("webanno.custom.Belongs", supertypeName="uima.tcas.Annotation")
        types.create_feature(link, "Governor", span)
        types.create_feature(link, "Dependent", span)
    else:
        slot = types.create_type("webanno.custom.PartLink", supertypeName="uima.cas.TOP")
        types.create_feature(slot, "role", "uima.cas.String")
        types.create_feature(slot, "target", span)
        event = types.create_type("webanno.custom.Event", supertypeName="uima.tcas.Annotation")
        types.create_feature(event, "parts", "uima.cas.FSArray", elementType=slot)
    note = types.create_type("webanno.custom.Remark", supertypeName="uima.tcas.Annotation")
    types.create_feature(note, "value", "uima.cas.String")
    found = cassis.Cas(typesystem=types)
    found.sofa_string, found.sofa_mime = TEXT, "text/plain"

    def mark(surface, role, **more):
        start = TEXT.index(surface)
        one = span(begin=start, end=start + len(surface), role=role, **more)
        found.add(one)
        return one

    source = mark("The ministry", "Source")
    first = [mark("that the port", "Content"), mark("“will open”", "Content"), mark("the port", "Target", stance="favor")]
    second = [mark("that “nobody objects”", "Content")]
    for cue, parts in ((mark("said", "Cue", certainty=3), first), (mark("adding", "Cue"), second)):
        if relations:
            for part in [*parts, source]:
                found.add(link(begin=part.begin, end=part.end, Governor=cue, Dependent=part))
        else:
            array = types.get_type("uima.cas.FSArray")
            parts_of = array(elements=[slot(role="part", target=part) for part in [cue, *parts, source]])
            found.add(event(begin=cue.begin, end=cue.end, parts=parts_of))
    found.add(note(begin=0, end=7, value="check"))
    return found.to_xmi().encode(), types.to_xml().encode()


@pytest.mark.parametrize("relations", [True, False])
def test_a_cas_of_inception(relations, project, tmp_path):
    pytest.importorskip("cassis", reason="dkpro-cassis is not installed: pip install -e '.[interchange]'")
    xmi, types = cas(relations)
    document = uima.read("harbour", xmi, types)
    assert document.text == TEXT
    with zipfile.ZipFile(tmp_path / "harbour.zip", "w") as archive:
        archive.writestr("harbour.xmi", xmi)
        archive.writestr("TypeSystem.xml", types)
    problems = Problems()
    done = verbs.import_from(project, "uima", tmp_path / "harbour.zip", lang="en", problems=problems)
    assert (done.articles, done.statements) == (1, 2)
    assert {p.code for p in problems} == {"import.no-place"}
    assert "Remark" in next(iter(problems)).message and "certainty 3" in next(iter(problems)).message
    found = sorted(statements(project), key=lambda statement: statement.content)
    assert [surfaces(statement) for statement in found] == [
        (["that the port", "“will open”"], ["The ministry"], ["said"]),
        (["that “nobody objects”"], ["The ministry"], ["adding"]),
    ]
    assert [[span.surface for span in statement.targets] for statement in found] == [["the port"], []]


def archive(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, held in files.items():
            made.writestr(name, held)
    return content.getvalue()


@pytest.mark.parametrize("unpacked", [False, True])
@pytest.mark.parametrize("curated", [False, True])
def test_a_project_as_inception_exports_it(project, tmp_path, curated, unpacked):
    cassis = pytest.importorskip("cassis", reason="dkpro-cassis is not installed: pip install -e '.[interchange]'")
    xmi, types = cas(relations=True)
    bare = cassis.load_cas_from_xmi(io.BytesIO(xmi), cassis.load_typesystem(io.BytesIO(types)))
    for one in [*bare.select("webanno.custom.Attribution"), *bare.select("webanno.custom.Belongs"), *bare.select("webanno.custom.Remark")]:
        if one.begin == TEXT.index("adding") or one.begin >= TEXT.index("that “nobody"):
            bare.remove(one)
    less = bare.to_xmi().encode()
    views = {
        "annotation/harbour.txt/INITIAL_CAS.zip": ("INITIAL_CAS.xmi", cassis.Cas(sofa_string=TEXT).to_xmi().encode()),
        "annotation/harbour.txt/ada.zip": ("ada.xmi", xmi),
        "annotation/harbour.txt/bo.zip": ("bo.xmi", less),
    }
    if curated:
        views["curation/harbour.txt/CURATION_USER.zip"] = ("CURATION_USER.xmi", less)
    inner = {name: archive(**{file: content, "TypeSystem.xml": types}) for name, (file, content) in views.items()}
    if unpacked:
        for name, content in inner.items():
            (tmp_path / "talks" / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "talks" / name).write_bytes(content)
    else:
        (tmp_path / "talks.zip").write_bytes(archive(**inner, **{"exportedproject.json": "{}", "source/harbour.txt": TEXT}))
    problems = Problems()
    done = verbs.import_from(project, "uima", tmp_path / ("talks" if unpacked else "talks.zip"), lang="en", problems=problems)
    assert (done.articles, done.statements) == (1, 1 if curated else 2)
    (article,) = {statement.article_id for statement in statements(project)}
    assert article == "talks/harbour"
    kept = {path.name for path in (project.raw / "talks" / ".original").iterdir()}
    assert kept == {f"harbour.{n}.xmi" for n in range(1, 4 if curated else 3)}
    assert {p.code for p in problems} == {"import.no-place"} and "annotators and curators marked what" in next(iter(problems)).message


def test_a_broken_cas_is_named(project, tmp_path):
    pytest.importorskip("cassis", reason="dkpro-cassis is not installed: pip install -e '.[interchange]'")
    (tmp_path / "a.xmi").write_text("<xmi")
    (tmp_path / "TypeSystem.xml").write_text("<types")
    (tmp_path / "b.zip").write_text("no archive")
    problems = Problems()
    verbs.import_from(project, "uima", tmp_path, problems=problems)
    assert {(p.code, p.record.rpartition("/")[2]) for p in problems} == {("import.not-uima", "a"), ("import.not-uima", "b.zip")}
