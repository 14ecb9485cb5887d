"""Language packs: what they expand to, and what is refused."""

import pytest

from dipdata.statements import grammar, packs

SMALL = {
    "name": "Testish",
    "words": {"determiner": "the", "preposition": "in in_front_of"},
    "paradigms": {"er": {"infinitive": "er", "finite": "e ent", "participle": "é", "gerund": "ant"}},
    "forms": {"be": {"infinitive": "be", "finite": "is"}},
    "verbs": [{"frames": "clause noun", "words": "parler ab|parler be_clear"}, {"frames": "infinitive", "words": "parler"}],
    "prepositions": [{"words": "according_to"}],
}


def test_paradigms_forms_and_particles_are_expanded():
    pack = packs.compile_pack(SMALL, "xx")
    assert {form for form in ("parle", "parlent", "parlé", "parlant", "is", "abparlé") if form in pack.cues} == {
        "parle",
        "parlent",
        "parlé",
        "parlant",
        "is",
        "abparlé",
    }
    assert pack.lexicon["parle"] == "V"
    assert pack.phrases["according"] == {"to": ((("to",), "according to"),)}


def test_frames_of_one_lemma_are_joined():
    (reading, _) = sorted(packs.compile_pack(SMALL, "xx").cues["parle"], key=lambda cue: cue.particle or "")
    assert reading.frames & grammar.NOUN
    assert reading.frames & grammar.INFINITIVE


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"words": {"verbish": "a"}}, "verbish"),
        ({"verbs": [{"frames": "claws", "words": "parler"}]}, "claws"),
        ({"verbs": [{"frames": "clause", "words": "zzz"}]}, "zzz"),
        ({"traits": {"tonal": True}}, "tonal"),
    ],
)
def test_what_the_engine_does_not_know_is_refused_by_name(change, wrong):
    with pytest.raises(ValueError, match=wrong):
        packs.compile_pack(SMALL | change, "xx")


def test_no_pack_for_odd_codes():
    assert packs.get("../fr") is None
    assert packs.get(None) is None
    assert packs.get("") is None
