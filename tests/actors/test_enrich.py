import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from dipdata.actors import enrich
from dipdata.records import Speaker, text_sha256
from dipdata.schemas import Contract, packaged
from dipdata.spans import cut, mismatch
from samples import article, statement

TEXT = """\
La ministre norvégienne Ingrid Solvang Moe a dit que la Suède et l'Union africaine attendraient. Elle a dit que Stockholm paierait.

Mme Solvang Moe a dénoncé la mesure. Le ministère suédois a répondu que Ingrid Solvang Moe se trompait.

Lena Sandvik, cheffe de la police, attend. M. Sandvik aussi. Selon la cheffe de la police, Mme Sandvik se tait.

Le ministère a aussi averti la Norvège que la Suède, Oslo, Paris, Berlin et Rome suivraient. Il a conclu que tout irait bien."""

PAGE = article(text=TEXT, sha256=text_sha256(TEXT))


def made(source, content, nth=0, **changes):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(source, start + 1)
    begin = TEXT.index(content)
    values = {
        "content": cut(TEXT, [(begin, begin + len(content))]),
        "source": cut(TEXT, [(start, start + len(source))]),
        "speakers": (),
        "targets": (),
        "addressees": (),
    }
    return dataclasses.replace(statement(PAGE_0), **(values | changes))


PAGE_0 = article()


def run(*statements):
    return list(enrich((PAGE, item) for item in statements))


def surfaces(item):
    return [span.surface for span in item.targets]


def test_a_named_speaker_and_what_is_said_of_others():
    (item,) = run(made("La ministre norvégienne Ingrid Solvang Moe", "la Suède et l'Union africaine attendraient"))
    assert item.speakers == (Speaker("Ingrid Solvang Moe", "person", "NO"),)
    assert surfaces(item) == ["Suède", "Union africaine"]
    assert all(mismatch(TEXT, span) is None for span in item.targets)


def test_short_forms_and_pronouns_are_understood_by_what_stands_before():
    full = made("La ministre norvégienne Ingrid Solvang Moe", "la Suède et l'Union africaine attendraient")
    items = run(full, made("Elle", "Stockholm paierait"), made("Mme Solvang Moe", "la mesure"))
    assert [item.speakers for item in items] == [(Speaker("Ingrid Solvang Moe", "person", "NO"),)] * 3
    assert surfaces(items[1]) == ["Stockholm"]
    assert surfaces(items[2]) == ["la mesure"]


def test_a_pronoun_without_a_person_in_its_paragraph_names_no_one():
    assert run(made("Il", "tout irait bien"))[0].speakers == ()
    full = made("La ministre norvégienne Ingrid Solvang Moe", "la Suède et l'Union africaine attendraient")
    assert run(full, made("Il", "tout irait bien"))[1].speakers == ()


def test_a_name_or_title_is_completed_by_the_rest_of_the_article():
    (short,) = run(made("Mme Sandvik", "se tait"))
    assert short.speakers == (Speaker("Lena Sandvik", "person", None),)
    text = "Le ministre de la Pêche Arne Dahl attend. Le ministre de la Pêche a dit que l'accord tenait."
    page = article(text=text, sha256=text_sha256(text))
    start = text.index("Le ministre de la Pêche a")
    said = dataclasses.replace(
        short, speakers=(), content=cut(text, [(start + 33, len(text) - 1)]), source=cut(text, [(start, start + 23)]), targets=()
    )
    assert next(enrich([(page, said)])).speakers == (Speaker("Arne Dahl", "person", None),)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["le ministre", "M. Dahl", "Arne Dahl", "Dahl", "il", "Oslo", "le", "\xa0", "É", "Rome, ", " et "]),
        min_size=1,
        max_size=6,
    )
)
def test_any_run_of_sources_is_resolved_without_a_fault(sources):
    text = " ".join(sources) + " x"
    page = article(text=text, sha256=text_sha256(text))
    start, items = 0, []
    for source in sources:
        start = text.index(source, start)
        spans = cut(text, [(start, start + len(source))])
        items.append(dataclasses.replace(statement(PAGE_0), content=spans, source=spans, speakers=(), targets=()))
    for item in enrich((page, item) for item in items):
        assert all(speaker.name.strip() for speaker in item.speakers)


def test_persons_are_targets_and_a_bare_ministry_is_the_one_before():
    full = made("La ministre norvégienne Ingrid Solvang Moe", "la Suède et l'Union africaine attendraient")
    answer = made("Le ministère suédois", "Ingrid Solvang Moe se trompait")
    again = made("Le ministère", "tout irait bien", nth=1)
    items = run(full, answer, again)
    assert surfaces(items[1]) == ["Ingrid Solvang Moe"]
    assert items[1].speakers == items[2].speakers == (Speaker("ministère suédois", "organisation", "SE"),)


def test_at_most_three_targets_in_text_order_each_actor_once_never_the_speakers_state():
    (item,) = run(made("Le ministère suédois", "la Suède, Oslo, Paris, Berlin et Rome suivraient"))
    assert surfaces(item) == ["Oslo", "Paris", "Berlin"]


def test_an_addressee_in_the_sentence_is_the_target_where_the_content_names_none():
    (item,) = run(made("Le ministère suédois", "tout irait bien", addressees=("Il",)))
    assert surfaces(item) == ["Il"]


def test_what_the_segmenter_knows_is_kept_and_completed():
    target = cut(TEXT, [(3, 11)])
    (item,) = run(made("Elle", "Stockholm paierait", speakers=(Speaker("Norvège", "unknown", None),), targets=target))
    assert item.speakers == (Speaker("Norvège", "state", "NO"),)
    assert item.targets == target


def test_the_result_is_valid():
    contract = Contract(packaged())
    from dipdata.records import to_dict

    item = run(made("La ministre norvégienne Ingrid Solvang Moe", "la Suède et l'Union africaine attendraient"))[0]
    assert list(contract.findings("statement", to_dict(item))) == []
