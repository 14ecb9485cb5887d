import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dipdata.duplicates import clusters, links, measure, shingles, sketch

WORDS = [f"mot{n}" for n in range(900)]


def text(seed, size=200):
    return " ".join(random.Random(seed).choices(WORDS, k=size))


def edited(original, edits, seed=0):
    words, rng = original.split(), random.Random(seed)
    for place in rng.sample(range(len(words)), edits):
        words[place] = "autre"
    return " ".join(words)


def test_texts_without_common_words_stay_apart():
    assert clusters([text(n) for n in range(50)]) == []


def test_near_duplicates_meet_and_others_do_not():
    texts = [text(0), text(1), edited(text(0), 2), edited(text(1), 60)]
    assert clusters(texts, 0.8) == [{0, 2}]


def test_a_copy_inside_a_longer_text_is_found():
    wire = text(0, 150)
    (link,) = links([text(1), text(2) + " " + wire + " " + text(3), wire])
    assert (link.a, link.b) == (1, 2)
    assert link.similarity < 0.5 < link.contained


def test_with_sketches_only_what_may_be_alike_is_read():
    class Read(list):
        def __getitem__(self, index):
            read.append(index)
            return super().__getitem__(index)

    read: list[int] = []
    texts = [text(0), text(1), edited(text(0), 2), text(2), text(1), ""]
    found = links(Read(texts), sketches=[sketch(each) for each in texts])
    assert found == links(texts)
    assert sorted(read) == [0, 2]


def test_a_short_quotation_is_no_copy():
    quotation = text(0, 30)
    assert clusters([text(1) + " " + quotation, text(2) + " " + quotation]) == []


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["…", "…"], ["one"], ["one two", "three four"]])
def test_nothing_to_find(texts):
    assert links(texts) == []


def test_case_and_punctuation_do_not_matter():
    assert clusters(["The ferry, he said, sails at dawn.", "the FERRY he said sails at dawn"]) == [{0, 1}]


def test_scripts_without_spaces():
    speech = "外務省の報道官は記者会見で、海峡の安全について両国が協議を続けると述べた。"
    assert clusters([speech, speech.replace("両国", "三国"), "港の工事は来年の春に始まる予定である。"], 0.6) == [{0, 1}]


def test_many_copies_of_one_text_make_one_cluster():
    texts = [edited(text(0), 1, seed) for seed in range(120)] + [text(1)]
    assert clusters(texts) == [set(range(120))]


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_does_not_matter(rng):
    texts = [edited(text(n % 6), n // 6, n) for n in range(24)] + [text(7, 100) + " " + text(0)[: 40 * rng.randrange(2, 25)]]
    order = list(range(len(texts)))
    rng.shuffle(order)
    back = {frozenset(order[index] for index in cluster) for cluster in clusters([texts[n] for n in order])}
    assert back == {frozenset(cluster) for cluster in clusters(texts)}


@given(st.lists(st.text(max_size=60), max_size=6))
def test_links_are_a_forest_over_any_texts(texts):
    found = links(texts)
    assert len(found) == sum(len(cluster) - 1 for cluster in clusters(texts))
    assert all(0 <= link.a < link.b < len(texts) for link in found)


def test_similarity_is_jaccard_over_runs_of_five_words():
    a, b = sorted(set(shingles("a b c d e f"))), sorted(set(shingles("a b c d e g")))
    assert measure(a, b) == (1 / 3, 1 / 2)
