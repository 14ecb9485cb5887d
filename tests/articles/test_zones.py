import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dipdata.articles.zones import find_zones

SHARED = Path(os.environ.get("DIPDATA_SHARED", Path(__file__).parents[3] / "shared"))
RAW = Path(__file__).parents[2] / "raw"

PAGE = """\
Oslo et Reykjavik reprennent langue

Publication: 04/03/2026 - 17:42 Mis à jour: 04/03/2026 - 19:05
NORWAY ICELAND
Delegates said the talks were "frank". ATTENTION EDITORS - NO RESALES. | Some Agency / Reuters
Imprimer

OSLO, 4 mars (Agence) - Les deux pays ont repris mardi les négociations sur le maquereau, a annoncé le ministère norvégien de la Pêche.

Une "table" et trois chaises

« Nous avons tout notre temps », a déclaré le ministre islandais de la Pêche à la fin de la première journée.

Lire aussi :
Bergen : « on attend », dit un pêcheur
Un tunnel pour Sandoy
Tous droits réservés.
"""


def zones(text, lang="fr", **options):
    return [(zone.kind, text[zone.start : zone.end]) for zone in find_zones(text, lang, **options)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_page_with_all_its_furniture(newline):
    text = PAGE.replace("\n", newline)
    assert zones(text) == [
        ("headline", "Oslo et Reykjavik reprennent langue"),
        ("published", "Publication: 04/03/2026 - 17:42 Mis à jour: 04/03/2026 - 19:05"),
        ("caption", "NORWAY ICELAND"),
        ("caption", 'Delegates said the talks were "frank". ATTENTION EDITORS - NO RESALES.'),
        ("credit", "Some Agency / Reuters"),
        ("boilerplate", "Imprimer"),
        ("dateline", "OSLO, 4 mars (Agence) -"),
        ("headline", 'Une "table" et trois chaises'),
        ("teaser", f"Lire aussi :{newline}Bergen : « on attend », dit un pêcheur{newline}Un tunnel pour Sandoy"),
        ("boilerplate", "Tous droits réservés."),
    ]


BODY = "sagte der Sprecher, und so ging es den ganzen Abend weiter, bis die Delegationen den Saal verließen."


@pytest.mark.parametrize(
    ("lang", "dateline"),
    [
        ("en", "LONDON (Reuters) -"),
        ("en", "TRENTON, N.J. (AP) —"),
        ("en", "SEOUL, South Korea —"),
        ("en", "Washington (CNN)"),
        ("fr", "ROUMANIE - BULGARIE -"),
        ("fr", "Paris, le 4 mars 2026 (AFP) –"),
        ("de", "HELSINKI/TALLINN -"),
        ("de", "Berlin (dpa) -"),
        ("es", "MADRID, 3 Mar. (EUROPA PRESS) -"),
        ("es", "Madrid, 3 mar (EFE).-"),
        ("ru", "ТАШКЕНТ, 8 апреля («Каспийская хроника») —"),
        ("ru", "МОСКВА, 5 мая. /ТАСС/."),
        ("ru", "КАЗАНЬ, 3 авг – РИА Новости."),
        ("cs", "Praha 5. května (ČTK) -"),
        ("pt", "Lisboa, 03 mar 2026 (Lusa) -"),
        ("ar", "عمان (رويترز) -"),
    ],
)
def test_datelines(lang, dateline):
    assert zones(f"{dateline} {BODY}", lang) == [("dateline", dateline)]


def test_a_bare_place_in_arabic_only_counts_below_a_heading():
    body = "طرابلس - علّقت ليبيا، الثلاثاء، مشاركتها في الاتفاق الثلاثي لإدارة المياه الجوفية في حوض غدامس من دون إخطار."
    assert zones(body, "ar") == []
    assert ("dateline", "طرابلس -") in zones("ليبيا تعلّق مشاركتها في الاتفاق\n\n" + body, "ar")


@pytest.mark.parametrize(
    "text",
    [
        f"Ein Satz allein, {BODY}",
        "« Le pont tient », a dit le ministre\nIl a ajouté que les travaux dureraient encore",
        f"{BODY}\nKurz gesagt:\n{BODY}",
        f"{BODY}\n– Und die Brücke?\n{BODY}",
        f"{BODY}\n„Wir warten“\n{BODY}",
        f"Schalke 04 - {BODY}",
        f"{BODY}\nIn April, a Reuters/Ipsos poll found that most voters wanted the bridge.\n{BODY}",
        f"{BODY}\nSee also how the minister answered when he was asked about the bridge.\n{BODY}",
        f"{BODY}\nThe photo was published on 4 March 2026, the spokesman said, and nobody objected to it at the time.\n{BODY}",
        f"{BODY}\nLa semaine dernière, le ministre avait dévoilé les détails du\nprojet, qui a été rejeté par les députés mardi soir.",
    ],
)
def test_running_text_is_left_alone(text):
    assert zones(text, "de") == []


def test_a_pointer_in_the_middle_ends_where_the_text_goes_on():
    prose = "Les deux pays ont repris mardi les négociations, a annoncé le ministère, qui n'a rien dit de plus."
    text = f"{prose}\n\nÀ lire aussi\nBergen attend\n\n{prose}\n\nLire aussi : Sandoy attend\n\n{prose}"
    assert zones(text) == [("teaser", "À lire aussi\nBergen attend"), ("teaser", "Lire aussi : Sandoy attend")]


def test_a_known_title_is_the_headline_even_with_a_full_stop():
    text = f"The bridge is closed.\n\n{BODY}"
    assert zones(text, "en") == []
    assert zones(text, "en", title="The bridge  is closed.") == [("headline", "The bridge is closed.")]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [*PAGE.split("\n"), "PARIS (AFP) - ", "© X", "(", "Foto: A/dpa", "Publié le 3 mai 2026", "»", "|", "\ufeff", BODY]
            ),
            st.text(max_size=40),
        ),
        max_size=25,
    ),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\u2028"]),
    st.sampled_from(["fr", "ar", "xx"]),
)
@example(["0\f©00"], "\n", "fr")
def test_zones_are_sorted_disjoint_inside_and_not_padded(lines, newline, lang):
    text = newline.join(lines)
    end = 0
    for zone in find_zones(text, lang):
        assert end <= zone.start < zone.end <= len(text)
        assert text[zone.start : zone.end].strip() == text[zone.start : zone.end]
        end = zone.end


def test_the_real_page():
    folder = SHARED / "raw" / "seed"
    if not folder.is_dir():
        pytest.skip("the real page is not here: ../shared/raw/seed is missing")
    text = next(folder.glob("*.txt")).read_bytes().decode()
    found = zones(text)
    kinds = ["headline", "published", "caption", "caption", "credit", "boilerplate", "dateline", "headline", "teaser"]
    assert [kind for kind, _ in found] == kinds
    assert found[2][1] == "PUTIN"
    assert found[7][1] == 'Appel au retour d\'un "dialogue russo-américain"'
    assert found[8][1] == "LIRE AUSSI:"


def test_no_gold_statement_of_running_text_lies_in_a_zone():
    path = SHARED / "bench" / "fr-wire.dev.jsonl"
    if not path.is_file():
        pytest.skip("the development gold is not here: ../shared/bench is missing")
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        marked = find_zones(document["text"], document["lang"])
        assert marked
        for unit in document["statements"]:
            for start, end in unit["content"]:
                assert unit["optional"] or not any(zone.start < end and start < zone.end for zone in marked), document["text"][start:end]
