import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.articles.encoding import USED_FOR, declared_in_page, decode
from dipdata.articles.refusal import RefusalError

FRENCH = (
    "Le ministère norvégien a annoncé à ses hôtes islandais que l'été serait très chargé, où qu'ils aillent. « Ça ira », a-t-il dit. " * 3
)
TEXTS = {
    "cp1252": FRENCH,
    "iso8859_15": FRENCH.replace("hôtes", "cœurs"),
    "mac_roman": FRENCH,
    "cp1250": "Ministerstvo zahraničí v úterý oznámilo, že příští týden předloží norské vládě žádost. „Bude to těžké,“ řekl mluvčí. " * 3,
    "cp1251": "Министерство объявило в среду, что закроет порты для исландских траулеров. «Это временно», — сказал представитель. " * 3,
    "koi8_r": "Министерство объявило в среду, что закроет порты для исландских траулеров. Это временно, сказал представитель. " * 3,
    "cp866": "Министерство объявило в среду, что закроет порты для исландских траулеров. Это временно, сказал представитель. " * 3,
    "cp1256": "أعلنت الوزارة يوم الأربعاء أنها ستغلق موانئها أمام سفن الصيد الأيسلندية، وقال المتحدث إن القرار مؤقت. " * 3,
    "iso8859_6": "أعلنت الوزارة يوم الأربعاء أنها ستغلق موانئها أمام سفن الصيد الأيسلندية، وقال المتحدث إن القرار مؤقت. " * 3,
}
SPANISH = "El ministro español añadió que la misión volvería mañana; según él, «nadie dudó» de la decisión tomada en Perú. " * 3
PORTUGUESE = "O ministro não aceitou a decisão: «Não é uma solução», declarou, em São Tomé, à comissão das Nações. " * 3


@pytest.mark.parametrize("name", TEXTS)
def test_older_encodings_are_told_from_the_text(name):
    text, how = decode(TEXTS[name].encode(name))
    assert text == TEXTS[name] or name == "iso8859_15"
    assert how.endswith("(detected)")
    assert how.split()[0] in USED_FOR


@pytest.mark.parametrize("text", [SPANISH, PORTUGUESE])
def test_the_languages_that_charset_normalizer_takes_for_central_european(text):
    assert decode(text.encode("cp1252")) == (text, "cp1252 (detected)")


# The mark of UTF-16 and a null character are the mark of UTF-32.
@given(st.text(min_size=1).filter(lambda text: text[0] not in "\ufeff\0"), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_a_byte_order_mark_is_believed(text, name):
    data = text.encode("utf-8-sig" if name == "utf-8" else name, "replace")
    read, how = decode(data, "latin-1")
    assert read == text.encode("utf-8", "replace").decode()
    assert how.startswith(name) and how.endswith("(byte order mark)")


@given(st.text(min_size=1).filter(lambda text: "\0" not in text and "\ufeff" not in text))
def test_declared_utf_8_comes_back(text):
    data = text.encode("utf-8", "replace")
    if not data.startswith((b"%PDF-", b"PK\x03\x04", b"GIF8", b"Rar!")):
        assert decode(data, "UTF-8") == (data.decode(), "utf-8 (declared)")


@given(st.binary(max_size=300))
def test_any_bytes_give_a_text_or_a_refusal(data):
    try:
        text, how = decode(data)
    except RefusalError as refusal:
        assert refusal.code in {"ingest.binary", "ingest.encoding"}
    else:
        assert isinstance(text, str) and "(" in how


def test_latin_1_with_windows_quotes_is_windows_1252():
    assert decode("“été”".encode("cp1252"), "iso-8859-1") == ("“été”", "cp1252 (declared as iso-8859-1)")
    assert decode("été".encode("latin-1"), "latin-1") == ("été", "iso8859-1 (declared)")


@pytest.mark.parametrize("declared", ["ascii", "latin-1", "utf-16", "no-such-encoding", "hex"])
def test_a_declaration_that_does_not_fit_gives_way_to_utf_8(declared):
    for text in (FRENCH, FRENCH + "x"):
        assert decode(text.encode(), declared) == (text, f"utf-8 (declared as {declared})")


def test_utf_16_without_a_mark():
    assert decode(FRENCH.encode("utf-16-le")) == (FRENCH, "utf-16-le (detected)")
    assert decode(FRENCH.encode("utf-16-be")) == (FRENCH, "utf-16-be (detected)")


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0", b"%PDF-1.7\nplain enough", bytes(range(256)) * 4, b"text\0with\0nul", b"\1\2\3\4abc"]
)
def test_binaries_are_refused(data):
    with pytest.raises(RefusalError) as caught:
        decode(data)
    assert caught.value.code == "ingest.binary"


def test_a_mark_that_lies_is_refused():
    with pytest.raises(RefusalError, match="byte order mark says so"):
        decode(b"\xef\xbb\xbf\xff\xfe\xfd")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b'<meta charset="ISO-8859-1">', "iso-8859-1"),
        (b"<META http-equiv=Content-Type content='text/html; charset=windows-1251'>", "windows-1251"),
        (b'<?xml version="1.0" encoding="koi8-r"?>', "koi8-r"),
        (b"<p>charset=utf-8</p>", None),
    ],
)
def test_what_a_page_declares(page, name):
    assert declared_in_page(page) == name
