"""Languages with cases: endings tell who speaks, to whom, and what is said; the order of words does not."""

import pytest

from dipdata.statements import packs, segment
from dipdata.statements.cases import DATIVE, GENITIVE, NOMINATIVE
from dipdata.statements.packs import compile_pack

CASES = [
    # a fronted object, and the subject after the verb
    ("ru", "Решение правительства раскритиковала оппозиция.", "Решение правительства", "оппозиция", "раскритиковала"),
    ("cs", "Útok odsoudily Francie, Německo a Itálie.", "Útok", "Francie, Německo a Itálie", "odsoudily"),
    ("cs", "Ministerstvo vnitra zadržení tří osob potvrdilo.", "zadržení tří osob", "Ministerstvo vnitra", "potvrdilo"),
    # an addressee in the dative before the subject
    ("ru", "«Переговоры идут», — сказала журналистам посол Анна Берг.", "«Переговоры идут»", "посол Анна Берг", "сказала"),
    ("cs", "„Čekáme,“ řekl stanici CNN mluvčí vlády.", "„Čekáme,“", "mluvčí vlády", "řekl"),
    ("cs", "Vláda slíbila obětem odškodnění.", "odškodnění", "Vláda", "slíbila"),
    # the place speaks
    ("ru", "В Брюсселе не исключили, что квоты вернутся.", "квоты вернутся", "Брюсселе", "не исключили"),
    ("cs", "V Paříži soudí, že kompromis je možný.", "kompromis je možný", "Paříži", "soudí"),
    ("ru", "В докладе, изданном в мае, говорится, что спрос упал.", "спрос упал", "докладе", "говорится"),
    # asides between subject and verb
    ("ru", "Выступая в парламенте, премьер пообещал не повышать налоги.", "не повышать налоги", "премьер", "пообещал"),
    ("ru", "Политик, пригрозивший «ответом», созвал совет.", "«ответом»", "Политик", "пригрозивший"),
    ("cs", "Ministr, který dohodu označil za chybu, odešel.", "dohodu … za chybu", "Ministr", "označil"),
    # attributing phrases, with commas and without
    ("ru", "Решение суда, по мнению эксперта, ничего не изменит.", "Решение суда … ничего не изменит", "эксперта", "по мнению"),
    ("cs", "Útok podle vyšetřovatelů zorganizovala skupina pašeráků.", "Útok … zorganizovala skupina pašeráků", "vyšetřovatelů", "podle"),
    ("cs", "Podle zprávy se počet uprchlíků zdvojnásobil.", "se počet uprchlíků zdvojnásobil", "zprávy", "Podle"),
    # clitics, negation by a prefix, a clause before its cue, hearsay
    ("cs", "Novináři se ministra zeptali, kdy začne stahování vojsk.", "kdy začne stahování vojsk", "Novináři", "se … zeptali"),
    ("cs", "Že by pilot hranici překročil, netvrdí.", "pilot hranici překročil", "", "netvrdí"),
    ("cs", "Dopis prý ležel na sekretariátu dva týdny.", "Dopis … ležel na sekretariátu dva týdny", "", "prý"),
    ("ru", "Говорят, письмо пролежало в секретариате две недели.", "письмо пролежало в секретариате две недели", "", "Говорят"),
    # nouns with their speaker, refusals, cues of several words
    ("ru", "Требование Софии отозвать атташе осталось без ответа.", "отозвать атташе", "Софии", "Требование"),
    ("cs", "Požadavek Osla na stažení přidělence zůstal bez odpovědi.", "stažení přidělence", "Osla", "Požadavek"),
    ("ru", "Министр отказался назвать сумму активов.", "сумму активов", "Министр", "отказался назвать"),
    ("cs", "Vicepremiér se nechal slyšet, že restart nepřijde.", "restart nepřijde", "Vicepremiér", "se nechal slyšet"),
    ("ru", "Посол выразил надежду, что спор будет решён.", "надежду, что спор будет решён", "Посол", "выразил"),
]


@pytest.mark.parametrize(("lang", "text", "content", "source", "cue"), CASES)
def test_who_says_what(lang, text, content, source, cue):
    (unit,) = segment(text, lang)
    assert tuple(" … ".join(span.surface for span in getattr(unit, part)) for part in ("content", "source", "cue")) == (
        content,
        source,
        cue,
    )


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("ru", "Стороны подписали протокол и обменялись картами."),
        ("ru", "Само название договора — «О вечном мире» — говорит о многом."),
        ("ru", "Представитель ведомства отказался от комментариев."),
        ("cs", "Mluvčí odmítl zprávy o návštěvě komentovat."),
        ("cs", "Jeho slova mluví sama za sebe."),
        ("cs", "Takzvaný „plynový klub“ se sešel popáté."),
    ],
)
def test_nothing_is_said(lang, text):
    assert segment(text, lang) == []


def test_who_passes_it_on_and_to_whom():
    (unit,) = segment("«Мы услышали друг друга», — приводит слова министра транспорта агентство «Восход».", "ru")
    assert [span.surface for span in unit.source] == ["министра транспорта"]
    assert unit.chain == ("агентство «Восход»",)
    (unit,) = segment("Посол сообщил журналистам, что визит отменён.", "ru")
    assert unit.addressees == ("журналистам",)


def test_a_coordinated_cue_has_the_same_speaker_and_cuts_the_content():
    units = segment("Президент напомнил, что договор истекает, и предложил продлить его.", "ru")
    assert [(u.content[0].surface, u.source[0].surface) for u in units] == [
        ("договор истекает", "Президент"),
        ("продлить его", "Президент"),
    ]


def test_endings_tell_cases_and_agreement():
    cases = packs.get("ru").cases
    assert cases.of("журналистам", False) == DATIVE
    assert cases.of("заявление", False) & NOMINATIVE
    assert not cases.of("журналистов", False) & NOMINATIVE
    assert cases.of("министерства", False) & GENITIVE
    assert cases.of("баку", True) & NOMINATIVE  # named as a word that is not declined
    assert not cases.agrees("обещал", "деньги", title=False)
    assert cases.agrees("заявила", "министр", title=True)


def test_a_pack_declines_negates_and_chooses():
    pack = compile_pack(
        {
            "name": "Test",
            "tokens": {"negative": "ne"},
            "declensions": {"active": "ov ova"},
            "paradigms": {"at": {"finite": "al", "active": "ajic"}},
            "verbs": [{"words": "volat", "frames": "clause"}],
            "prepositions": [{"words": "po_[jeho|jejich]_slovech"}],
        },
        "xx",
    )
    assert {"volal", "nevolal", "volajicov", "volajicova", "nevolajicova"} <= pack.cues.keys()
    assert {"po jeho slovech", "po jejich slovech"} <= pack.cues.keys()


@pytest.mark.parametrize(
    ("lang", "text", "content", "source"),
    [
        ("ru", "Министр был обвинён оппозицией в получении взятки.", "получении взятки", "оппозицией"),
        ("ru", "Соглашение было названо премьером «историческим».", "Соглашение … «историческим»", "премьером"),
        ("cs", "Ministr byl opozicí obviněn z přijetí úplatku.", "přijetí úplatku", "opozicí"),
        ("cs", "Dohoda byla premiérem označena za „historickou“.", "Dohoda … za „historickou“", "premiérem"),
        ("cs", "Plán byl kritizován ekology.", "Plán", "ekology"),
    ],
)
def test_the_agent_of_a_passive(lang, text, content, source):
    (unit,) = segment(text, lang)
    assert (" … ".join(span.surface for span in unit.content), unit.source[0].surface) == (content, source)


def test_the_main_clause_goes_on_after_a_comma_and_a_conjunction():
    (unit,) = segment("Slovenská prezidentka řekla, že zákon nepodepíše, a vrátila ho parlamentu.", "cs")
    assert unit.content[0].surface == "zákon nepodepíše"
