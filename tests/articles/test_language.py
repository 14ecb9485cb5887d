import pytest

from dipdata.articles.language import identify

TEXTS = {
    "fr": "Le ministère norvégien a annoncé mercredi qu'il fermerait ses ports aux chalutiers islandais.",
    "en": "The ministry said on Wednesday that it would close its ports to Icelandic trawlers.",
    "de": "Das Ministerium teilte am Mittwoch mit, es werde seine Häfen für isländische Trawler schließen.",
    "es": "El ministerio anunció el miércoles que cerrará sus puertos a los pesqueros islandeses.",
    "ru": "Министерство объявило в среду, что закроет порты для исландских траулеров.",
    "ar": "أعلنت الوزارة يوم الأربعاء أنها ستغلق موانئها أمام سفن الصيد الأيسلندية.",
    "cs": "Ministerstvo ve středu oznámilo, že uzavře své přístavy islandským trawlerům, řekl mluvčí.",
    "pt": "O ministério anunciou na quarta-feira que vai fechar os seus portos aos barcos de pesca islandeses.",
}


@pytest.mark.parametrize("lang", TEXTS)
def test_the_eight_languages(lang):
    assert identify(TEXTS[lang]) == lang
    assert identify(TEXTS[lang] * 2_000) == lang


@pytest.mark.parametrize(
    "text", ["", "12 34 56", "😀😀😀 !!!", "qsdkjh zzkjh fkjhaz qskjd qsdlkj azlkej", "blorf zint kra mop tulig fremsa dolut"]
)
def test_what_is_no_language(text):
    assert identify(text) is None
