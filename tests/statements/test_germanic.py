"""English and German: where subjects, complements and cues stand. One sentence of our own for each mechanism."""

import pytest

from dipdata.statements import segment


def read(text, lang):
    return [
        (*(" … ".join(span.surface for span in spans) for spans in (found.content, found.source, found.cue)),)
        for found in segment(text, lang)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the subject of the cue before the comma
        (
            "Bern bestreitet jede Absprache, räumte aber ein, dass ein Treffen stattfand.",
            [("jede Absprache", "Bern", "bestreitet"), ("ein Treffen stattfand", "Bern", "räumte … ein")],
        ),
        # who is behind an impersonal cue stands after a time
        ("Der Hafen bleibe offen, hieß es am Morgen aus dem Präsidialamt.", [("Der Hafen bleibe offen", "dem Präsidialamt", "hieß es")]),
        # what is condemned, with what it is condemned as
        (
            "Die Opposition verurteilte das Gesetz als „Maulkorb“.",
            [("das Gesetz als „Maulkorb“", "Die Opposition", "verurteilte")],
        ),
        # of whom it is demanded
        ("Kiew forderte von Wien eine klare Zusage.", [("eine klare Zusage", "Kiew", "forderte")]),
        # the noun of the cue inside its bracket
        ("Chile legte beim Gesandten Protest gegen die Sperrung ein.", [("die Sperrung", "Chile", "legte … ein")]),
        # a noun that closes the bracket of its verb
        ("Der Minister stellte weitere Hilfen in Aussicht.", [("weitere Hilfen", "Der Minister", "stellte … in Aussicht")]),
        # who is spoken to is no part of who speaks
        ("Der Zoll falle weg, sagte die Beraterin dem Sender Nordwelle.", [("Der Zoll falle weg", "die Beraterin", "sagte")]),
        # a small word after a noun is no part of the subject
        ("In Genf zeigten sich die Gesandten besorgt über die Lage.", [("besorgt über die Lage", "die Gesandten", "zeigten")]),
        # the subject stands inside the bracket
        ("Keine Seite gebe nach, ließen die Vermittler wissen.", [("Keine Seite gebe nach", "die Vermittler", "ließen … wissen")]),
        # the speaker goes on after a comma
        (
            "Riga gestand ein, dass die Leitung undicht sei, versicherte aber, die Gefahr sei gering.",
            [("die Leitung undicht sei", "Riga", "gestand ein"), ("die Gefahr sei gering", "Riga", "versicherte")],
        ),
        # a pronoun as the object that is called something
        ("Sie nannte ihn ein „Vorbild“.", [("ihn ein „Vorbild“", "Sie", "nannte")]),
        # a quotation that another passes on, with the subject inside the bracket
        (
            "„Wir bleiben standhaft und ruhig“, wurde ein Sprecher der Miliz von der Agentur Nord zitiert.",
            [("„Wir bleiben standhaft und ruhig“", "ein Sprecher der Miliz", "wurde … zitiert")],
        ),
        # announced by nobody in particular
        ("Die Brücke sei gesperrt, wurde in Riga bekannt gegeben.", [("Die Brücke sei gesperrt", "", "wurde … bekannt gegeben")]),
        # of what somebody is accused
        ("Die Marine wird beschuldigt, Fischer verschleppt zu haben.", [("Fischer verschleppt zu haben", "", "wird beschuldigt")]),
        # from where it is known
        ("Das Tor bleibt zu, wie aus einem Vermerk hervorgeht.", [("Das Tor bleibt zu", "einem Vermerk", "hervorgeht")]),
        # a particle that is a word
        ("Das Ministerium ließ offen, ob das Schiff anlegen darf.", [("das Schiff anlegen darf", "Das Ministerium", "ließ offen")]),
        # one's own opinion inside a quotation is no second statement
        (
            "„Ich fürchte, wir kommen zu spät“, sagte die Gesandte.",
            [("„Ich fürchte, wir kommen zu spät“", "die Gesandte", "sagte")],
        ),
    ],
)
def test_german(text, expected):
    assert read(text, "de") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a quotation that another passes on
        (
            "“The pier will reopen,” Ada Moe, the harbour master, was quoted as saying by a local daily.",
            [("“The pier will reopen,”", "Ada Moe, the harbour master", "was quoted")],
        ),
        # a gerund is what was said, to the comma
        ("Oslo denied tapping the lines, as the row grew.", [("tapping the lines", "Oslo", "denied")]),
        # the speaker's next action is no part of an accusation
        (
            "Lima accused Quito of moving markers and called for “an honest survey”.",
            [("moving markers", "Lima", "accused"), ("“an honest survey”", "Lima", "called")],
        ),
        # said of somebody, by nobody in particular
        ("The deal is said to be close.", [("The deal … to be close", "", "is said")]),
        # a gerund after the subject of the sentence
        ("Cairo, insisting that the dam is unsafe, has sent a team.", [("the dam is unsafe", "Cairo", "insisting")]),
        # on condition of anonymity nothing is said
        ("The clerk spoke on condition of anonymity.", []),
        # a time is no agent
        (
            "The envoy said that troops had been promised by the end of May.",
            [("troops had been promised by the end of May", "The envoy", "said")],
        ),
        # who was asked is not the speaker of what follows
        ("Asked about the raid, the clerk said that it was over.", [("it was over", "the clerk", "said")]),
    ],
)
def test_english(text, expected):
    assert read(text, "en") == expected
