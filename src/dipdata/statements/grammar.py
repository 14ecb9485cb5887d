"""What a language pack holds: word classes, the frames and forms of cues, the traits of a language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dipdata.statements.cases import Cases
from dipdata.statements.clitics import Clitics

# One letter a word class: a sentence becomes a string of these letters, on which rules run at the speed of string methods.
CLASSES = {
    "determiner": "D",
    "genitive": "G",
    "preposition": "P",
    "conjunction": "C",
    "complementiser": "K",
    "relative": "R",
    "subordinator": "B",
    "interrogative": "W",
    "pronoun": "S",
    "clitic": "F",
    "reflexive": "f",
    "auxiliary": "X",
    "passive": "Z",
    "nonfinite": "Y",
    "negation": "N",
    "adverb": "A",
    "time": "T",
    "infinitive-marker": "I",
    "infinitive": "i",
    "verb": "v",
    "title": "t",
    "noun": "w",
    "adjective": "j",
    "particle": "p",
    "name": "U",
}

FRAMES = {
    name: 1 << number
    for number, name in enumerate(
        (
            "clause",
            "zero",
            "quote",
            "noun",
            "infinitive",
            "object-infinitive",
            "attribute",
            "adjective",
            "preposition",
            "accusation",
            "paren",
        )
    )
}
CLAUSE, ZERO, QUOTE, NOUN, INFINITIVE, OBJECT_INFINITIVE, ATTRIBUTE, ADJECTIVE, PREPOSITION, ACCUSATION, PAREN = FRAMES.values()

KINDS = {
    "finite": 1,
    "participle": 2,
    "gerund": 4,
    "infinitive": 8,
    "noun": 16,
    "preposition": 32,
    "postposition": 64,
    "active": 128,
    "hearsay": 256,
}
FINITE, PARTICIPLE, GERUND, INFINITIVE_FORM, NOUN_CUE, PRE, POST, ACTIVE, HEARSAY = KINDS.values()

TRAITS = {
    "verb-second": False,  # the subject may follow the finite verb, participles and particles close the clause (German)
    "comma-complementiser": False,  # a comma always stands before the complementiser (German, Russian, Czech)
    "zero-after-comma": False,  # a clause without complementiser may follow cue and comma (German)
    "pro-drop": False,  # a finite verb needs no subject (Spanish, Portuguese, Czech, Arabic)
    "noun-capitals": False,  # common nouns are capitalised (German)
    "verb-first": False,  # the subject usually follows the verb (Arabic)
    "free-subjunctive": False,  # a clause in the reporting mood continues the statement before it (German)
    "commas-around-sources": False,  # commas stand around an attributing phrase (Russian `, по словам X,`), so that its end is known
    "case": True,  # the script has capital letters
}


@dataclass(frozen=True, slots=True)
class Cue:
    """One reading of a cue form: what the lexeme admits, and what the form is."""

    lemma: str
    kind: int
    frames: int
    scope: str
    prepositions: frozenset[str] = frozenset()
    tail: tuple[str, ...] = ()
    particle: str | None = None
    reflexive: bool = False
    closing: bool = False
    opening: bool = False
    heads: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Pack:
    """All that is specific to one language. `lexicon` maps a lower-case form to its class letter, `cues` to its readings."""

    code: str
    name: str
    traits: dict[str, bool]
    token: re.Pattern[str]
    lexicon: dict[str, str]
    cues: dict[str, tuple[Cue, ...]]
    phrases: dict[str, dict[str, tuple[tuple[tuple[str, ...], str], ...]]]
    triggers: frozenset[str]
    openers: frozenset[str]
    moods: frozenset[str]
    future: re.Pattern[str] | None
    suffixes: tuple[tuple[re.Pattern[str], str], ...]
    abbreviations: frozenset[str]
    enclitics: frozenset[str]
    homographs: frozenset[str]
    homonyms: dict[str, frozenset[str]]
    quotes: str
    lists: dict[str, frozenset[str]]
    words: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    clitics: Clitics | None = None
    cases: Cases | None = None

    def letter(self, form: str) -> str:
        """Return the class letter of a lower-case form: from the lexicon, by its ending, or `w` for a word we do not know."""
        found = self.lexicon.get(form)
        if found is None:
            found = next((letter for ending, letter in self.suffixes if ending.search(form)), "w")
        return found
