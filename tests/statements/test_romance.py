"""What Spanish and Portuguese ask of the engine: words of two classes, dropped subjects, pronouns hung on verbs, report clauses."""

import pytest

from dipdata.statements import packs, segment


def units(text, lang):
    def joined(spans):
        return " | ".join(span.surface for span in spans)

    return [(joined(s.content), joined(s.source), joined(s.cue)) for s in segment(text, lang)]


def test_que_is_relative_pronoun_after_a_noun_and_complementiser_after_a_cue():
    found = units("Un enviado que visitó la isla dijo el lunes a la prensa que el puerto sigue cerrado.", "es")
    assert found == [("el puerto sigue cerrado", "Un enviado que visitó la isla", "dijo")]
    found = units("Dijo el ministro de Pesca que el puerto sigue cerrado.", "es")
    assert found == [("el puerto sigue cerrado", "el ministro de Pesca", "Dijo")]
    found = units("El diario publicó la carta que envió Lisboa.", "es")
    assert not any("envió" in content for content, _, _ in found)


def test_subject_is_no_antecedent_of_a_preposition():
    found = units("La empresa envió una nota en la que niega que haya fugas.", "es")
    assert found == [("haya fugas", "", "niega")]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        (
            "Quito pidió calma y advirtió de que habrá controles.",
            "es",
            [("calma", "Quito", "pidió"), ("habrá controles", "Quito", "advirtió")],
        ),
        ("Lima dijo que hablará con Quito y anunciará medidas.", "es", [("hablará con Quito y anunciará medidas", "Lima", "dijo")]),
    ],
)
def test_coordinated_cue_without_subject_unless_it_is_in_the_future_of_what_is_said(text, lang, expected):
    assert units(text, lang)[: len(expected)] == expected


def test_reflexive_written_together_or_with_a_hyphen():
    assert units("El enviado habló a solas, negándose a firmar el acta.", "es")[-1][0::2] == ("firmar el acta", "negándose")
    assert units("O emir comprometeu-se a reabrir o hospital.", "pt") == [("reabrir o hospital", "O emir", "comprometeu-se")]
    assert units("A embaixadora disse-lhe que o prazo acabou.", "pt") == [("o prazo acabou", "A embaixadora", "disse")]


def test_impersonal_reflexive_has_no_source():
    assert units("Se anunció la apertura de dos consulados.", "es") == [("la apertura de dos consulados", "", "Se anunció")]
    assert units("Anunciou-se que o porto reabre em maio.", "pt") == [("o porto reabre em maio", "", "Anunciou-se")]


def test_se_opens_a_question_or_is_reflexive():
    assert units("Um deputado perguntou se o tratado caduca.", "pt") == [("o tratado caduca", "Um deputado", "perguntou")]
    assert units("O general se recusou a depor.", "pt") == [("depor", "O general", "se recusou")]


def test_report_clause_before_and_after_its_content():
    expected = [("dos barcos cruzaron la línea", "la guardia costera", "informó")]
    assert units("Según informó la guardia costera, dos barcos cruzaron la línea.", "es") == expected
    assert [
        (c[0].lower() + c[1:], s, q) for c, s, q in units("Dos barcos cruzaron la línea, según informó la guardia costera.", "es")
    ] == expected


def test_cue_inserted_after_the_subject():
    found = units("Las tarifas, ha advertido Oslo, entrarán en vigor el lunes.", "es")
    assert found == [("Las tarifas | entrarán en vigor el lunes", "Oslo", "ha advertido")]


def test_noun_with_infinitive_and_clause_before_the_main_verb():
    assert units("La promesa de Oslo de retirar los barcos fue un alivio.", "es") == [("retirar los barcos", "Oslo", "promesa")]
    assert units("La afirmación de que el tratado caduca es falsa.", "es") == [("el tratado caduca", "", "afirmación")]


def test_participle_that_asks_has_no_source():
    found = units("Preguntada por si habrá otra cumbre, la ministra respondió que no lo sabe.", "es")
    assert found == [("habrá otra cumbre", "", "Preguntada"), ("no lo sabe", "la ministra", "respondió")]


def test_nobody_says_nothing():
    assert units("Nadie dijo que el puente fuera seguro.", "es") == []


def test_forms_of_a_paradigm_with_fused_reflexives_belong_to_reflexive_groups_alone():
    pack = packs.compile_pack(
        {
            "name": "Test",
            "paradigms": {"ar": {"infinitive": "ar", "gerund": "ando", "reflexive-gerund": "ándose"}},
            "verbs": [{"frames": "clause", "words": "narrar"}, {"frames": "quote", "reflexive": True, "words": "jactar"}],
        },
        "xx",
    )
    assert "narrándose" not in pack.cues
    assert [cue.reflexive for cue in pack.cues["jactándose"]] == [False]
    assert [cue.reflexive for cue in pack.cues["jactando"]] == [True]
