import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.actors.gazetteer import gazetteer

LANGUAGES = ["fr", "en", "de", "es", "ru", "cs", "ar", "pt"]


def found(lang, text):
    return [(text[mention.start : mention.end], mention.entity.key) for mention in gazetteer(lang).mentions(text)]


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "L’Éthiopie et les Etats-Unis", [("Éthiopie", "ET"), ("Etats-Unis", "US")]),
        ("fr", "le Quai d'Orsay, N’Djamena et l'ONU", [("Quai d'Orsay", "FR"), ("N’Djamena", "TD"), ("ONU", "org:UN")]),
        ("fr", "la Guinée équatoriale puis la Guinée", [("Guinée équatoriale", "GQ"), ("Guinée", "GN")]),
        ("en", "the U.S. and South Korea", [("U.S.", "US"), ("South Korea", "KR")]),
        ("en", "Michael Jordan flew to Jordan", [("Jordan", "JO")]),
        ("en", "the turkey went south", []),
        ("fr", "France 2 et l'Agence France-Presse", []),
        ("de", "Norwegens Regierung und das Weiße Haus", [("Norwegens", "NO"), ("Weiße Haus", "US")]),
        ("es", "EE.UU. y Perú", [("EE.UU.", "US"), ("Perú", "PE")]),
        ("pt", "os EUA e São Tomé e Príncipe", [("EUA", "US"), ("São Tomé e Príncipe", "ST")]),
        ("ru", "в Астане, из Казахстана, Соединённых Штатов", [("Астане", "KZ"), ("Казахстана", "KZ"), ("Соединённых Штатов", "US")]),
        ("ru", "Саудовской Аравией и Кремлём", [("Саудовской Аравией", "SA")]),
        ("cs", "v Norsku, Francii a Spojených států", [("Norsku", "NO"), ("Francii", "FR"), ("Spojených států", "US")]),
        ("ar", "قالت بغداد ومصر وبالجزائر", [("بغداد", "IQ"), ("مصر", "EG"), ("الجزائر", "DZ")]),
        ("ar", "جامعة الدول العربية", [("جامعة الدول العربية", "org:LAS")]),
    ],
)
def test_names(lang, text, expected):
    assert found(lang, text) == expected


@pytest.mark.parametrize(
    ("lang", "word", "code"),
    [
        ("fr", "norvégiennes", "NO"),
        ("fr", "norvégiste", None),
        ("en", "Icelanders", "IS"),
        ("de", "rumänischer", "RO"),
        ("es", "españolas", "ES"),
        ("ru", "российскому", "RU"),
        ("cs", "norského", "NO"),
        ("ar", "النرويجية", "NO"),
        ("pt", "alemã", "DE"),
        ("xx", "norvégien", None),
    ],
)
def test_nationality(lang, word, code):
    assert gazetteer(lang).nationality(word) == code


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_knows_the_states_capitals_and_union(lang):
    names = gazetteer(lang)._names
    keys = {(entity.key, entity.role) for entries in names.values() for _, _, entity in entries}
    assert {"NO", "US", "RU", "KZ", "BR", "TD"} <= {key for key, role in keys if role == "name"}
    assert {"FR", "RU", "CN", "US", "TR", "NG"} <= {key for key, role in keys if role == "capital"}
    assert {"org:UN", "org:EU", "org:NATO", "org:IAEA"} <= {key for key, _ in keys}
    assert ("US", "seat") in keys


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES, "xx", ""]))
def test_any_text_gives_mentions_inside_it_in_order(text, lang):
    end = 0
    for mention in gazetteer(lang).mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


def test_a_mention_never_cuts_a_letter_from_its_marks() -> None:
    text = "الموقف ثابت ومصرّ على رأيه"  # `insistent`, not `and Egypt`
    assert not list(gazetteer("ar").mentions(text))
