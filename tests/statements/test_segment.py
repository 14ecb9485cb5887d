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
    ("fr", "La ministre, qui promet de partir, a salué « un progrès ».", ["partir"], ["La ministre"], ["promet"]),
    ("fr", "Le gouvernement a accusé Oslo d'avoir menti.", ["avoir menti"], ["Le gouvernement"], ["a accusé"]),
    ("fr", "Le maire réclame des excuses publiques.", ["des excuses publiques"], ["Le maire"], ["réclame"]),
    ("fr", "« Nous partons », soupire la ministre.", ["« Nous partons »"], ["la ministre"], ["soupire"]),
    ("fr", "Les autorités ont démenti avoir fermé le port.", ["avoir fermé le port"], ["Les autorités"], ["ont démenti"]),
    ("fr", "Le maire a demandé à la région d'en payer la moitié.", ["en payer la moitié"], ["Le maire"], ["a demandé"]),
    ("fr", "Selon l'agence, qui cite un témoin, le port est fermé.", ["le port est fermé"], ["l'agence"], ["Selon"]),
    ("en", "The list, he said, “is no bluff at all”.", ["The list", "“is no bluff at all”"], ["he"], ["said"]),
    ("en", "The mayor, Ann Lee, told reporters that it was over.", ["it was over"], ["The mayor, Ann Lee"], ["told"]),
    ("en", "Norway vowed to close the port.", ["close the port"], ["Norway"], ["vowed"]),
    (
        "en",
        "The envoy demanded written guarantees that it would end.",
        ["written guarantees that it would end"],
        ["The envoy"],
        ["demanded"],
    ),
    ("de", "Der Minister sagte, das Land werde zahlen.", ["das Land werde zahlen"], ["Der Minister"], ["sagte"]),
    ("de", "Am Montag teilte die Ministerin mit, dass sie geht.", ["sie geht"], ["die Ministerin"], ["teilte", "mit"]),
    ("de", "Das Amt hat gestern erklärt, der Hafen sei zu.", ["der Hafen sei zu"], ["Das Amt"], ["hat", "erklärt"]),
    ("de", "„Wir gehen jetzt nach Hause“, so der Minister.", ["„Wir gehen jetzt nach Hause“"], ["der Minister"], ["so"]),
    ("de", "Der Hafen bleibt zu, wie die Ministerin mitteilte.", ["Der Hafen bleibt zu"], ["die Ministerin"], ["mitteilte"]),
    ("de", "Nach einer Studie der Bank sinkt der Umsatz.", ["sinkt der Umsatz"], ["einer Studie der Bank"], ["Nach"]),
    ("en", "The minister said the port would close.", ["the port would close"], ["The minister"], ["said"]),
    ("en", "“It is over,” she sighed.", ["“It is over,”"], ["she"], ["sighed"]),
    ("en", "Norway gave assurances that the port would close.", ["the port would close"], ["Norway"], ["gave assurances"]),
    ("en", "“We will close it,” the minister said.", ["“We will close it,”"], ["the minister"], ["said"]),
    ("en", "According to the mayor, the port will close.", ["the port will close"], ["the mayor"], ["According to"]),
]


@pytest.mark.parametrize(("lang", "text", "content", "source", "cue"), CASES)
def test_one_statement(lang, text, content, source, cue):
    statement = segment(text, lang)[0]
    assert [span.surface for span in statement.content] == content
    assert [span.surface for span in statement.source] == source
    assert [span.surface for span in statement.cue] == cue


def test_joint_and_coordinated_clauses_are_one_unit():
    (statement,) = segment("Le ministre a déclaré que le port fermerait et que la route rouvrirait.", "fr")
    assert [span.surface for span in statement.content] == ["le port fermerait et que la route rouvrirait"]


def test_dependent_cues_share_the_subject_of_the_main_one():
    first, second = segment("La ministre a dit que le port fermerait, ajoutant que la route rouvrirait.", "fr")
    assert [span.surface for span in first.content] == ["le port fermerait"]
    assert [span.surface for span in second.content] == ["la route rouvrirait"]
    assert first.source == second.source


def test_the_reporting_mood_goes_on_with_the_speaker():
    _, second = segment("Der Minister sagte, das Land werde zahlen. Das sei selbstverständlich.", "de")
    assert (second.rule, second.source[0].surface, second.cue) == ("reported-mood", "Der Minister", ())


def test_an_anaphor_takes_the_sentence_before():
    (statement,) = segment("Die Grenze bleibt zu. Das teilte die Ministerin mit.", "de")
    assert [span.surface for span in statement.content] == ["Die Grenze bleibt zu"]


def test_a_speech_of_two_paragraphs_is_one_unit():
    (statement,) = segment("“We are here to stay for long.\n\n“We are not leaving now,” the mayor said.", "en")
    assert [span.surface for span in statement.content] == ["“We are here to stay for long.\n\n“We are not leaving now,”"]


def test_nested_statements_name_the_outlet_that_passes_them_on():
    outer, inner = sorted(
        segment("Le ministre a déclaré que le port fermerait, selon l'agence Borealis.", "fr"),
        key=lambda s: -s.content[0].end + s.content[0].start,
    )
    assert outer.chain == ()
    assert inner.chain == ("l'agence Borealis",)


def test_addressees():
    (statement,) = segment("La ministre a dit à la presse norvégienne que le port fermerait.", "fr")
    assert statement.addressees == ("la presse norvégienne",)


def test_thoughts_are_left_out_unless_asked_for():
    text = "Norway believes that the port will close."
    assert segment(text, "en") == []
    assert [statement.scope for statement in segment(text, "en", scope="all")] == ["thought"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "Cela ne veut pas dire que le port fermera."),
        ("fr", "La demande de la ministre reste sans réponse."),
        ("en", "The Secretary of State met the envoy."),
        ("en", "The claims of the two states differ."),
        ("fr", "Selon toute vraisemblance, le port fermera."),
    ],
)
def test_no_statement(lang, text):
    assert segment(text, lang) == []


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
