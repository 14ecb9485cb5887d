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


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        # phrases between the verb and its inverted subject; posts, names of outlets, conjoined speakers
        (
            "La vía está abierta, aseguró en charla con Radio Sur la encargada del puerto.",
            "es",
            ("La vía está abierta", "la encargada del puerto", "aseguró"),
        ),
        (
            "«El puente cede», contó al diario El Faro el alcalde de Loja.",
            "es",
            ("«El puente cede»", "el alcalde de Loja", "contó"),
        ),
        (
            "« Le pont cède », a dit lundi l'émissaire pour le Caucase.",
            "fr",
            ("« Le pont cède »", "l'émissaire pour le Caucase", "a dit"),
        ),
        (
            "« Le pont cède », a dit l'amiral Robert Vey, cité par Radio Sud.",
            "fr",
            ("« Le pont cède »", "l'amiral Robert Vey", "a dit"),
        ),
        (
            "Os ministros do Peru, Ana Reis, e do Chile, Rui Pena, anunciaram uma trégua.",
            "pt",
            ("uma trégua", "Os ministros do Peru, Ana Reis, e do Chile, Rui Pena", "anunciaram"),
        ),
        (
            "A enviada moldava, Ana Popa: «Falta pouco, muito pouco mesmo.»",
            "pt",
            ("«Falta pouco, muito pouco mesmo.»", "A enviada moldava, Ana Popa", ""),
        ),
        ("Garante a Cruz Vermelha que o porto reabriu.", "pt", ("o porto reabriu", "a Cruz Vermelha", "Garante")),
        ("O porto reabriu, confirmou-se na nota da capitania.", "pt", ("O porto reabriu", "nota da capitania", "confirmou-se")),
        ("D'après elle, le port a rouvert.", "fr", ("le port a rouvert", "elle", "D'après")),
        # where the complement stands
        ("El plan, precisó, será votado el lunes.", "es", ("El plan | será votado el lunes", "", "precisó")),
        ("O cônsul admitiu, porém: “O prazo acabou.”", "pt", ("“O prazo acabou.”", "O cônsul", "admitiu")),
        ("El cónsul indicó, sin citar fuentes, que el puerto reabrió.", "es", ("el puerto reabrió", "El cónsul", "indicó")),
        ("Lima llamó a las partes a la calma.", "es", ("la calma", "Lima", "llamó")),
        ("Lima tildó ayer de «farsa» el recuento.", "es", ("«farsa» el recuento", "Lima", "tildó")),
        ("Lima dio por cerrada la disputa.", "es", ("cerrada la disputa", "Lima", "dio por")),
        # where it ends
        ("Lima lamentó la subida de los últimos meses.", "es", ("la subida de los últimos meses", "Lima", "lamentó")),
        ("Berne a affirmé que le col était fermé, ce que Rome dément.", "fr", ("le col était fermé", "Berne", "a affirmé")),
        (
            "Berne a affirmé que le col était fermé, mais un guide a assuré qu'il était ouvert.",
            "fr",
            ("le col était fermé", "Berne", "a affirmé"),
        ),
        ("Berne n'exclut pas une trêve avant l'été.", "fr", ("une trêve avant l'été", "Berne", "n'exclut pas")),
        ("Berne a appelé à la retenue dans un discours.", "fr", ("la retenue", "Berne", "a appelé")),
        ("Les tarifs, a averti Oslo, doubleraient lundi.", "fr", ("Les tarifs | doubleraient lundi", "Oslo", "a averti")),
        ("Rome « ne cédera jamais » ses îles, a dit son ministre.", "fr", ("Rome « ne cédera jamais » ses îles", "son ministre", "a dit")),
        ("La ministre a dressé un sombre bilan : « Tout est à refaire ici. »", "fr", ("« Tout est à refaire ici. »", "La ministre", "")),
        ("Lima rechazó el plan por considerar que es caro.", "es", ("es caro", "Lima", "considerar")),
        ("Lima rechazó el plan, que tachó de farsa.", "es", ("farsa", "Lima", "tachó")),
        ("Se desconoce su paradero, denunció su familia.", "es", ("Se desconoce su paradero", "su familia", "denunció")),
        ("O cônsul recusou-se a confirmar a venda dos navios.", "pt", ("a venda dos navios", "O cônsul", "recusou-se a confirmar")),
        ("La prensa informa de decenas de heridos.", "es", ("decenas de heridos", "La prensa", "informa")),
        ("El ministro llamó «cobarde» al juez.", "es", ("«cobarde»", "El ministro", "llamó")),
        ("Lima dijo que el río baja limpio, algo que Quito niega.", "es", ("el río baja limpio", "Lima", "dijo")),
        ("Berne s'est engagée à ce que le col reste ouvert.", "fr", ("le col reste ouvert", "Berne", "s'est engagée")),
        ("— O prazo acabou — disse o cônsul, Rui Pena, em Praia.", "pt", ("O prazo acabou", "o cônsul, Rui Pena", "disse")),
        ("—El plazo acabó —dijo un asesor—. Nadie respondió.", "es", ("El plazo acabó", "un asesor", "dijo")),
        ("O cônsul deixou claro que o prazo acabou.", "pt", ("o prazo acabou", "O cônsul", "deixou claro")),
        ("Lima repudió lo que llamó «farsa».", "es", ("lo que llamó «farsa»", "Lima", "repudió")),
        ("Berne a dénoncé ce qu'elle a appelé une « farce ».", "fr", ("ce qu'elle a appelé une « farce »", "Berne", "a dénoncé")),
        ("Le maire a dit sa « tristesse ».", "fr", ("« tristesse »", "Le maire", "a dit")),
        ("O cônsul, Rui Pena, agradeceu a Portugal o envio de tendas.", "pt", ("o envio de tendas", "O cônsul, Rui Pena", "agradeceu")),
        ("Berne a nié, lors d'un entretien, l'existence du plan.", "fr", ("l'existence du plan", "Berne", "a nié")),
        ("De acordo com a chancelaria, o porto reabriu.", "pt", ("o porto reabriu", "a chancelaria", "De acordo com")),
        ("Lima exigió garantías a Quito.", "es", ("garantías", "Lima", "exigió")),
        ("Lima exigió ayuda a Quito.", "es", ("ayuda a Quito", "Lima", "exigió")),
        ("Berne a affirmé que le col était fermé, une thèse qualifiée de « fable » par Rome.", "fr", ("« fable »", "Rome", "qualifiée")),
        ("Rome s'est vu notifier que le col fermait.", "fr", ("le col fermait", "", "s'est vu notifier")),
        ("Rome, elle, soutient que le col est ouvert.", "fr", ("le col est ouvert", "Rome", "soutient")),
        ("Des guides affirment que le col est ouvert.", "fr", ("le col est ouvert", "Des guides", "affirment")),
        ("Il s'agit, selon Rome, d'« une fable ».", "fr", ("Il s'agit | d'« une fable »", "Rome", "selon")),
        ("Le maire s'est borné à répondre qu'il l'ignorait.", "fr", ("il l'ignorait", "Le maire", "s'est borné à répondre")),
        ("O cônsul disse nesta sexta-feira (3), em Praia, que o prazo acabou.", "pt", ("o prazo acabou", "O cônsul", "disse")),
        ("Para a oposição, o prazo acabou.", "pt", ("o prazo acabou", "a oposição", "Para")),
        ("Berne s'est refusée à dire si le col était fermé.", "fr", ("le col était fermé", "Berne", "s'est refusée à dire")),
    ],
)
def test_places_of_sources_and_ends_of_contents(text, lang, expected):
    assert expected in units(text, lang)


def test_second_clause_of_a_coordination_is_not_that_of_the_verb_inside_the_first():
    found = units("Lima dijo que Quito no reconoce el fallo y que lo recurrirá.", "es")
    assert found[0] == ("Quito no reconoce el fallo y que lo recurrirá", "Lima", "dijo")
    assert not any(content == "lo recurrirá" for content, _, _ in found)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Alger a rappelé son ambassadeur à Madrid.", "fr"),
        ("Une source a demandé l'anonymat.", "fr"),
        ("O cônsul recusou-se a comentar o caso.", "pt"),
        ("O cônsul lançou o livro «Memórias de um porto» em Lima.", "pt"),
        ("La crue menace le sud de Berne.", "fr"),
        ("Ni Lima ni Quito comentaron la noticia.", "es"),
        ("Lima llamó a consultas a su embajador.", "es"),
        ("El tren se adelantó dos horas.", "es"),
        ("O cônsul falava bem e viajava de noite.", "pt"),
    ],
)
def test_what_is_done_is_not_said(text, lang):
    assert units(text, lang) == []
