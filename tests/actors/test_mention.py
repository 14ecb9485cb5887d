import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.actors.mention import read


@pytest.mark.parametrize(
    ("lang", "source", "name", "kind", "country"),
    [
        ("fr", "Le ministre colombien de la Défense Rogelio Manrique Cuervo", "Rogelio Manrique Cuervo", "person", "CO"),
        ("fr", "la ministre norvégienne des Affaires étrangères, Ingrid Solvang Moe", "Ingrid Solvang Moe", "person", "NO"),
        ("fr", "le ministère norvégien de la Pêche", "ministère norvégien de la Pêche", "organisation", "NO"),
        ("fr", "l'ambassade d'Autriche à Bucarest", "ambassade d'Autriche à Bucarest", "organisation", "AT"),
        ("fr", "un diplomate européen en poste à Bakou", "diplomate européen en poste à Bakou", "person", None),
        ("fr", "Le Kremlin", "Kremlin", "state", "RU"),
        ("fr", "L’Éthiopie", "Éthiopie", "state", "ET"),
        ("fr", "La Commission européenne", "Commission européenne", "organisation", None),
        ("fr", "Les Colombiens", "Colombiens", "group", "CO"),
        ("fr", "le gouvernement du président Baraka", "gouvernement du président Baraka", "state", None),
        ("en", "Canadian Foreign Minister Maeve Tranchemontagne", "Maeve Tranchemontagne", "person", "CA"),
        ("en", "the fisheries ministry in Reykjavik", "fisheries ministry in Reykjavik", "organisation", "IS"),
        ("en", "Greenland's government", "Greenland's government", "state", "GL"),
        ("en", "a State Department official", "State Department official", "person", "US"),
        ("en", "The United Nations General Assembly on Thursday", "United Nations General Assembly", "organisation", None),
        ("en", "Sierra Leone, speaking for the African group", "Sierra Leone", "state", "SL"),
        ("en", "India’s delegate, Revathi Chandrakumaran", "Revathi Chandrakumaran", "person", "IN"),
        ("de", "der rumänische Verkehrsminister Sorin Vâlcineanu", "Sorin Vâlcineanu", "person", "RO"),
        ("de", "Ein Sprecher der EU-Kommission", "Sprecher der EU-Kommission", "person", None),
        ("de", "der Sprecher, der nicht genannt werden will", "Sprecher", "person", None),
        ("de", "Das Außenministerium in Wien", "Außenministerium in Wien", "organisation", "AT"),
        ("es", "El ministro marroquí, Youssef Benchekri", "Youssef Benchekri", "person", "MA"),
        ("pt", "A primeira-ministra letã", "primeira-ministra letã", "person", "LV"),
        ("ru", "министр водных ресурсов Казахстана Ерболат Сагындыкулы Жанабек", "Ерболат Сагындыкулы Жанабек", "person", "KZ"),
        ("cs", "Ministr zahraničí norské vlády Erik Haugland", "Erik Haugland", "person", "NO"),
        ("ar", "وزير النقل الأردني غيث القسوري", "غيث القسوري", "person", "JO"),
        ("ar", "وزارة الري الجزائرية", "وزارة الري الجزائرية", "organisation", "DZ"),
    ],
)
def test_name_kind_and_country(lang, source, name, kind, country):
    reading = read(source, lang)
    assert (reading.name, reading.kind, reading.country) == (name, kind, country)


@pytest.mark.parametrize(("lang", "source"), [("fr", "on"), ("en", "they"), ("en", "its mission"), ("fr", ""), ("en", "—")])
def test_what_names_no_one(lang, source):
    assert read(source, lang) is None


@pytest.mark.parametrize(
    ("lang", "source", "feminine"), [("fr", "-t-elle", True), ("fr", "il", False), ("en", "she", True), ("de", "er", False)]
)
def test_pronouns(lang, source, feminine):
    reading = read(source, lang)
    assert reading.pronoun and reading.feminine is feminine


@given(st.text(max_size=60), st.sampled_from(["fr", "en", "de", "ar", "ru", "xx"]))
def test_any_mention_is_read_without_a_fault(text, lang):
    reading = read(text, lang)
    assert reading is None or reading.kind in {"person", "state", "organisation", "group", "unknown"}
