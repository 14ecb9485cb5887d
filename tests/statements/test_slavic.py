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
