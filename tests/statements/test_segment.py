"""The segmenter on sentences of our own, and on any text at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dipdata import forms
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Article, Zone, text_sha256
from dipdata.statements import packs, segment, segment_articles

CASES = [
    ("fr", "La ministre a déclaré que le port fermerait lundi.", ["le port fermerait lundi"], ["La ministre"], ["a déclaré"]),
    ("fr", "« Nous fermons le port », a annoncé la ministre.", ["« Nous fermons le port »"], ["la ministre"], ["a annoncé"]),
    ("fr", "« Le port, a-t-il ajouté, fermera lundi. »", ["« Le port", "fermera lundi. »"], ["-t-il"], ["a", "ajouté"]),
    ("fr", "Selon la ministre, le port fermera lundi.", ["le port fermera lundi"], ["la ministre"], ["Selon"]),
    ("fr", "Le port fermera lundi, selon la ministre.", ["Le port fermera lundi"], ["la ministre"], ["selon"]),
    ("fr", "Le maire s'est dit prêt à négocier.", ["prêt à négocier"], ["Le maire"], ["s'est dit"]),
    ("en", "The minister said the port would close.", ["the port would close"], ["The minister"], ["said"]),
    ("en", "“We will close it,” the minister said.", ["“We will close it,”"], ["the minister"], ["said"]),
    ("en", "According to the mayor, the port will close.", ["the port will close"], ["the mayor"], ["According to"]),
]


@pytest.mark.parametrize(("lang", "text", "content", "source", "cue"), CASES)
def test_one_statement(lang, text, content, source, cue):
    (statement,) = segment(text, lang)
    assert [span.surface for span in statement.content] == content
    assert [span.surface for span in statement.source] == source
    assert [span.surface for span in statement.cue] == cue


def test_joint_and_coordinated_clauses_are_one_unit():
    (statement,) = segment("Le ministre a déclaré que le port fermerait et que la route rouvrirait.", "fr")
    assert [span.surface for span in statement.content] == ["le port fermerait et que la route rouvrirait"]


def test_a_title_is_no_statement():
    assert segment("Il a lu « Guerre et Paix » à Oslo.", "fr") == []


@pytest.mark.parametrize("lang", packs.codes())
def test_every_pack_compiles(lang):
    pack = packs.get(lang)
    assert pack is not None
    assert pack.cues


PIECES = [*"ab Aé\n\r\t.,:;!?'’\"«»“”„‘-–()[]0\u0301\u200f👍", " said ", " a dit que ", " selon ", ", dit-il, ", "'' ", "``"]
ALPHABET = st.lists(st.sampled_from(PIECES), max_size=80).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), ALPHABET), st.sampled_from(["fr", "en", "zz"]))
def test_any_text_gives_sound_statements(text, lang):
    statements = segment(text, lang, scope="all")
    assert statements == segment(text, lang, scope="all")
    stretches = forms.quoted_stretches(text)
    for statement in statements:
        assert statement.content
        for span in (*statement.content, *statement.source, *statement.cue):
            assert text[span.start : span.end] == span.surface != ""
        ends = [0]
        for span in statement.content:
            assert span.start >= ends[-1]
            ends.append(span.end)
        assert statement.form == forms.form_of(text, stretches, [(s.start, s.end) for s in statement.content])
    assert len({statement.id for statement in statements}) == len(statements)


def article(text, lang, zones=()):
    return Article("a-1", "s", "o", lang, None, None, None, "CC0", "a.txt", "text", "utf-8", text, text_sha256(text), zones)


def test_zones_hold_no_statements():
    caption = "A photo, the agency said.\n"
    text = caption + "The mayor said the port would close."
    found = list(segment_articles([article(text, "en", (Zone("caption", 0, len(caption)),))], problems=Problems()))
    assert [span.surface for span in found[0].content] == ["the port would close"]
    assert len(found) == 1


def test_a_language_without_pack_is_reported_and_quotations_are_kept():
    problems = Problems()
    found = list(segment_articles([article("“Kaya mo ba itong gawin ngayon?”", "tl")], problems=problems))
    assert problems.counts() == {"segment.language-unsupported": 1}
    assert [statement.rule for statement in found] == ["quotation-alone"]


def test_an_unknown_scope_and_a_missing_language_are_refused():
    with pytest.raises(CannotRunError, match="scope"):
        segment("x", "fr", scope="everything")
    with pytest.raises(CannotRunError, match="language"):
        segment("…")
