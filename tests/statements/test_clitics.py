"""Words written together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.statements import packs

CLITICS = packs.get("ar").clitics


def parts(word):
    return [word[first:stop] for first, stop, _, _ in CLITICS.pieces(word)]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("وقال", ["و", "قال"]),
        ("وبأنها", ["و", "ب", "أن", "ها"]),
        ("للجيش", ["ل", "لجيش"]),
        ("لكنها", ["لكن", "ها"]),
        ("عليه", ["علي", "ه"]),
        ("له", ["ل", "ه"]),
        ("سألته", ["سألت", "ه"]),
        ("بـ", ["بـ"]),
        ("بالقول", ["ب", "القول"]),
        ("فأكّدت", ["ف", "أكّدت"]),
        ("وزير", ["وزير"]),
        ("بيان", ["بيان"]),
        ("بوتين", ["بوتين"]),
        ("رفضه", ["رفضه"]),
        ("بالنسبة", ["بالنسبة"]),
    ],
)
def test_words_are_cut_into_what_the_pack_knows(word, expected):
    assert parts(word) == expected


def test_a_contracted_article_is_read_in_full():
    assert [form for _, _, form, _ in CLITICS.pieces("للجيش")] == ["ل", "الجيش"]


def test_letters_written_alike_and_vowel_marks_make_no_difference():
    assert CLITICS.pieces("أعلن")[0][2:] == CLITICS.pieces("اعلن")[0][2:] == CLITICS.pieces("أَعْلَنَ")[0][2:]


@given(st.text(alphabet="ابتلوفكهانيمسدرعصّـأإآى", min_size=1, max_size=14).filter(lambda word: word[0].isalpha()))
def test_pieces_cover_the_word_in_order(word):
    assert "".join(parts(word)) == word


def test_a_run_of_letters_that_is_no_word_is_not_cut():
    assert parts("و" * 5000) == ["و" * 5000]
