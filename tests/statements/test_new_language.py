"""A ninth language from one file. Copy this test for a new language: a pack, and a sentence for each thing the pack should bring."""

import shutil

import pytest

from dipdata.statements import packs, segment

LANG = "it"
PACK = """
name = "Italian"

[traits]
pro-drop = true

[tokens]
elisions = "l d un dell all nell sull quell c"

[words]
determiner = "il lo la i gli le un una uno questo questa"
genitive = "di del dello della dei degli delle"
preposition = "a in con su per tra al alla nel nella sul sulla dopo durante"
conjunction = "e o ma"
complementiser = "che"
pronoun = "lui lei egli ella loro"
auxiliary = "ha hanno aveva avevano può possono"
passive = "è sono era erano"
negation = "non"
time = "lunedì martedì mercoledì giovedì venerdì sabato domenica ieri"
title = "ministro ministra presidente portavoce"
verb = "resta restano comincia riprende"

[suffixes]
infinitive = "are|ere|ire"
verb = "erà|eranno|irà|iranno"

[lists]
infinitive-prepositions = "di a"
addressee = "a al alla"

[paradigms]
are = { infinitive = "are", finite = "a ano ava avano ò arono erà eranno", participle = "ato ata", gerund = "ando" }
ire = { infinitive = "ire", finite = "isce iscono iva ivano ì irono", participle = "ito ita", gerund = "endo" }

[forms]
dire = { infinitive = "dire", finite = "dice dicono disse dissero dirà", participle = "detto", gerund = "dicendo" }

[[verbs]]
frames = "clause quote infinitive"
words = "dire dichiarare affermare avvertire"

[[verbs]]
frames = "noun"
words = "condannare"

[[prepositions]]
words = "secondo"
"""


@pytest.fixture(autouse=True)
def italian(tmp_path, monkeypatch):
    folder = tmp_path / "languages"
    shutil.copytree(packs.FOLDER, folder)
    (folder / f"{LANG}.toml").write_text(PACK, encoding="utf-8")
    monkeypatch.setattr(packs, "FOLDER", folder)
    packs.get.cache_clear()
    yield
    packs.get.cache_clear()


def test_the_file_is_all_it_takes():
    assert LANG in packs.codes()


@pytest.mark.parametrize(
    ("text", "content", "source", "cue"),
    [
        # a clause with complementiser
        (
            "Il ministro ha dichiarato giovedì che la frontiera resta chiusa.",
            ["la frontiera resta chiusa"],
            ["Il ministro"],
            ["ha dichiarato"],
        ),
        # a quotation before an inverted subject
        ("«Non cederemo mai», ha detto la portavoce.", ["«Non cederemo mai»"], ["la portavoce"], ["ha detto"]),
        # an attributing preposition
        ("Secondo il governo, il dialogo riprende lunedì.", ["il dialogo riprende lunedì"], ["il governo"], ["Secondo"]),
        # a noun phrase
        ("Il presidente ha condannato l'attacco.", ["l'attacco"], ["Il presidente"], ["ha condannato"]),
    ],
)
def test_what_the_pack_brings(text, content, source, cue):
    (found,) = segment(text, LANG)
    assert [[span.surface for span in spans] for spans in (found.content, found.source, found.cue)] == [content, source, cue]


def test_what_is_no_statement():
    assert segment("Il presidente ha visitato la capitale lunedì.", LANG) == []
