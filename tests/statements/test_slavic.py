"""Mechanisms that case languages need: addressees without a preposition, adverbials behind the subject, places that speak."""

import pytest

from dipdata.statements import segment


def one(text, lang):
    (unit,) = segment(text, lang)
    return tuple(" … ".join(span.surface for span in getattr(unit, part)) for part in ("content", "source", "cue"))


@pytest.mark.parametrize(
    ("lang", "text", "content", "source", "cue"),
    [
        ("ru", "По его словам, переговоры пройдут в марте.", "переговоры пройдут в марте", "его", "По … словам"),
        ("ru", "«Мы готовы, — сказал посол. — Но время уходит».", "«Мы готовы … Но время уходит»", "посол", "сказал"),
        ("ru", "В МИД сообщили, что визит перенесён.", "визит перенесён", "МИД", "сообщили"),
        ("ru", "Как сообщили в министерстве, визит перенесён на май.", "визит перенесён на май", "министерстве", "сообщили"),
        (
            "ru",
            "Посол Кубы в Мехико Эрнесто Вильяфанья заявил, что спор решён.",
            "спор решён",
            "Посол Кубы в Мехико Эрнесто Вильяфанья",
            "заявил",
        ),
        ("cs", "Brázdil agentuře Reuters řekl, že hranice zůstane zavřená.", "hranice zůstane zavřená", "Brázdil", "řekl"),
        ("cs", "Prezidenti při schůzce varovali, že smlouva končí.", "smlouva končí", "Prezidenti", "varovali"),
        ("cs", "Podle jeho slov jednání začnou v úterý.", "jednání začnou v úterý", "jeho", "Podle … slov"),
        ("fr", "Comme le rapporte la Gazette, le pont rouvrira lundi.", "le pont rouvrira lundi", "la Gazette", "rapporte"),
    ],
)
def test_content_source_and_cue(lang, text, content, source, cue):
    assert one(text, lang) == (content, source, cue)


def test_a_cue_after_a_conjunction_has_the_subject_before_it():
    units = segment("Le président a appelé son homologue suédois et lui a affirmé que le traité tenait.", "fr")
    assert [(u.content[0].surface, u.source[0].surface) for u in units if u.cue[0].surface == "a affirmé"] == [
        ("le traité tenait", "Le président")
    ]


@pytest.mark.parametrize(
    ("lang", "text", "content", "source", "cue"),
    [
        ("ru", "Мост закроют, передаёт Reuters со ссылкой на мэра.", "Мост закроют", "мэра", "со ссылкой на"),
        ("ru", "По словам двух врачей, знакомых с отчётом, вода чиста.", "вода чиста", "двух врачей, знакомых с отчётом", "По словам"),
        ("ru", "Посольство Чили в Осло сообщило, что визы отменены.", "визы отменены", "Посольство Чили в Осло", "сообщило"),
        ("ru", "Паром не придёт, сообщили в министерстве транспорта.", "Паром не придёт", "министерстве транспорта", "сообщили"),
        ("ru", "В Осло назвали эти слухи выдумкой.", "эти слухи выдумкой", "Осло", "назвали"),
        ("ru", "Парламент потребовал от мэра отставки судьи.", "отставки судьи", "Парламент", "потребовал"),
        ("ru", "Канада пригрозила Чили ответными пошлинами.", "ответными пошлинами", "Канада", "пригрозила"),
        ("ru", "Как стало известно от рыбаков, порт закрыт.", "порт закрыт", "рыбаков", "стало известно"),
        ("ru", "Вопреки заверениям мэра о том, что мост цел, его закрыли.", "мост цел", "мэра", "заверениям"),
        ("ru", "Порт, мол, достроят, однако краны не привезли.", "Порт … достроят", "", "мол"),
        ("cs", "Most uzavřou, sdělil ČTK mluvčí radnice Jan Dub.", "Most uzavřou", "mluvčí radnice Jan Dub", "sdělil"),
        ("cs", "Podle lékařů obeznámených s nálezem voda není pitná.", "voda není pitná", "lékařů obeznámených s nálezem", "Podle"),
        ("cs", "Z radnice zaznělo, že most se otevře.", "most se otevře", "radnice", "zaznělo"),
        ("cs", "Most se prý otevře, tvrdí starosta Jan Dub.", "Most se prý otevře", "starosta Jan Dub", "tvrdí"),
        ("cs", "Spolek uvalil pokuty, oznámilo ministerstvo dopravy.", "Spolek uvalil pokuty", "ministerstvo dopravy", "oznámilo"),
        ("cs", "Slovy starosty Jana Duba jde o omyl.", "jde o omyl", "starosty Jana Duba", "Slovy"),
    ],
)
def test_sources_of_news(lang, text, content, source, cue):
    assert one(text, lang) == (content, source, cue)


def test_a_medium_that_cites_is_the_chain():
    (unit,) = segment("Мост закроют, передаёт Reuters со ссылкой на мэра.", "ru")
    assert unit.chain == ("Reuters",)


def test_a_word_for_the_clause_before_is_what_is_denied():
    units = segment("Malta obvinila Kypr z nečinnosti, Kypr to popírá.", "cs")
    assert [(u.content[0].surface, u.source[0].surface) for u in units] == [("nečinnosti", "Malta"), ("to", "Kypr")]


def test_a_question_before_the_answer_ends_with_its_clause():
    units = segment("Na dotaz rybářů, zda přístav zůstane otevřený, starosta Dub odpověděl: „Ano, zůstane.“", "cs")
    assert [(u.content[0].surface, u.source[0].surface) for u in units] == [
        ("zda přístav zůstane otevřený", "rybářů"),
        ("„Ano, zůstane.“", "starosta Dub"),
    ]


def test_the_speaker_of_a_clause_after_a_semicolon():
    units = segment("Starosta řekl, že most drží; dodal, že opravy začnou v květnu.", "cs")
    assert [u.source[0].surface for u in units] == ["Starosta", "Starosta"]


@pytest.mark.parametrize(
    ("lang", "text", "source"),
    [
        ("ru", "Греция, Кипр и Египет осудили обстрел.", "Греция, Кипр и Египет"),
        ("ru", "В ответ Москва заявила, что порт открыт.", "Москва"),
        ("ru", "Общество рыбаков (ОРБ) сообщило, что порт открыт.", "Общество рыбаков (ОРБ)"),
        ("ru", "Агентство Bloomberg со ссылкой на моряков сообщило, что порт открыт.", "моряков"),
        ("ru", "Тбилиси отвергает обвинения.", "Тбилиси"),
        ("ru", "Генсек Лиги арабских портов Фуад Наср призвал к миру.", "Генсек Лиги арабских портов Фуад Наср"),
        ("cs", "Na ministerstvu potvrdili, že most drží.", "ministerstvu"),
        ("cs", "V dopise radnici Ukrajina žádá odklad.", "Ukrajina"),
        ("cs", "Zdroj blízký radnici řekl, že most drží.", "Zdroj blízký radnici"),
    ],
)
def test_who_speaks(lang, text, source):
    assert one(text, lang)[1] == source


def test_a_denial_after_a_conjunction_ends_what_was_said():
    units = segment("Рыбаки утверждают, что порт закрыт, однако мэр это отрицает.", "ru")
    assert [(u.content[0].surface, u.source[0].surface) for u in units] == [("порт закрыт", "Рыбаки"), ("это", "мэр")]


def test_an_act_inside_a_content_that_names_nobody_is_no_statement():
    assert [u.content[0].surface for u in segment("Malta a Kypr oznámily, že uznají Palestinu.", "cs")] == ["uznají Palestinu"]
