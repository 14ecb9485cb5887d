"""Words written together: proclitics and pronouns that languages like Arabic write without a mark, cut off as tokens of their own.

`وبأنها` reads as `و` + `ب` + `أن` + `ها`. A cut needs a rest that the pack knows, so that `وزير` stays whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_MARKS = re.compile(r"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]")
WORD = re.compile(r"[\w\u064b-\u065f\u0670]+")
_MEMORY = 200_000  # words kept with their pieces, a pack
_LONGEST = 40  # code points of a word that is cut and remembered
_NOMINAL = "wtiMj"
_PURPOSE = 3  # letters that a verb after a conjunction of purpose has more than
_SHORTEST = 2  # letters of what a clitic may be cut from

Piece = tuple[int, int, str, str]
Known = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Clitics:
    """What `[tokens]` says of words written together; `lexicon` maps plain forms to class letters, `guess` knows other forms.

    - `bound` are endings and what they become before a pronoun (`ة`, `ت`);
    - `article` is written together with its noun (`ال`), and loses its first letter after the proclitics in `contracting` (`لل`);
    - `hosts` are the class letters of words that pronouns are cut from. Nouns keep theirs (`قوله`) and are known by the form without
      it, as are the `nominal` forms, which are verbs where they have no pronoun (`رفض`, `رفضه`);
    - words in `whole` are never cut. From a word that nothing knows a proclitic is cut where the rest is like `certain`, or where it
      is one of the `contracting`, which few words begin with; one in `guessing` where the rest has the form of a verb;
    - `names` are the proclitics that an unknown word may begin with as part of a name (see `governed`);
    - a word that begins with a letter in `unguessed`, as it is written, is no verbal noun for its form alone (`أولاف`).
    """

    lexicon: dict[str, str]
    guess: Callable[[str], str]
    letters: Mapping[int, str]
    proclitics: dict[str, str]
    enclitics: tuple[str, ...]
    article: str
    contracting: frozenset[str]
    bound: tuple[tuple[str, str], ...]
    hosts: str
    whole: frozenset[str]
    nominal: frozenset[str]
    certain: re.Pattern[str] | None
    guessing: frozenset[str]
    unguessed: frozenset[str]
    triggers: frozenset[str]
    memory: dict[str, tuple[Piece, ...]] = field(default_factory=dict)
    cues: dict[str, bool] = field(default_factory=dict)
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = frozenset(self.proclitics) - self.guessing

    def plain(self, word: str) -> str:
        """Return a word without vowel marks, and with the letters that are written alike made one."""
        return _MARKS.sub("", word.lower()).translate(self.letters)

    def pieces(self, word: str) -> tuple[Piece, ...]:
        """Return the tokens of a word: `(start, end, form, class letter)`, offsets in the word."""
        return self.memory.get(word) or self.keep(word, tuple(self._pieces(word)))

    def keep(self, word: str, pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
        """Remember the tokens of a word, and return them."""
        if len(self.memory) < _MEMORY and len(word) < _LONGEST:
            self.memory[word] = pieces
        return pieces

    def forms(self, word: str) -> tuple[str, ...]:
        """Return the forms of the tokens of a word."""
        return tuple(form for _, _, form, _ in self.pieces(word)) if word[0].isalpha() else (word,)

    def trigger(self, word: str) -> bool:
        """Tell whether a word holds a form that may begin a cue."""
        found = self.cues.get(word)
        if found is None:
            found = any(form in self.triggers for _, _, form, _ in self.pieces(word))
            if len(self.cues) < _MEMORY and len(word) < _LONGEST:
                self.cues[word] = found
        return found

    def _pieces(self, word: str) -> list[Piece]:
        at = [k for k, char in enumerate(word) if not _MARKS.match(char)]
        form = self.plain(word)
        if len(form) > _LONGEST or len(form) != len(at):  # no word; or letters that lower case makes two
            return [(0, len(word), form, self.guess(form))]
        cut = self._cut(form) or ((form, self.guess(form)),)
        pieces: list[Piece] = []
        taken = 0
        for number, (part, letter) in enumerate(cut):
            start = at[taken] if number else 0
            taken += len(part) - (number > 0 and self._contracted(cut[number - 1][0], part, form, taken))
            stop = len(word) if number == len(cut) - 1 else at[taken]
            plain = letter == "i" and word[start] in self.unguessed and part not in self.lexicon
            pieces.append((start, stop, part, "w" if plain else letter))
        return pieces

    def _is_noun(self, bare: str) -> bool:
        """Tell whether what follows the article may be a noun: a word of some length, or one that we know (`بالرد`)."""
        return len(bare) > _SHORTEST or bare in self.lexicon

    def _contracted(self, before: str, part: str, form: str, taken: int) -> int:
        return int(before in self.contracting and part.startswith(self.article) and not form.startswith(self.article, taken))

    def _cut(self, form: str, *, inner: bool = False) -> Known | None:
        """Return the parts of a form with their class letters, or None where it cannot be cut into what the pack knows.

        An `inner` form stands after a proclitic that is cut off already.
        """
        letter = self.lexicon.get(form)
        if letter is not None:
            return ((form, letter),)
        bare = form.removeprefix(self.article)
        if bare != form and (letter := self.lexicon.get(bare, "")) and letter in "iwM":
            return ((form, letter),)
        if form in self.whole:
            return ((form, self.guess(form)),)
        for ending in self.enclitics:
            stem = form[: -len(ending)]
            if not form.endswith(ending) or len(stem) < _SHORTEST:
                continue
            letter = self.lexicon.get(stem)
            if stem in self.nominal:
                return ((form, "i"),)
            for bare, bound in self.bound:
                other = self.lexicon.get(stem[: -len(bound)] + bare) if stem.endswith(bound) else None
                if letter is None or (other is not None and other in _NOMINAL):  # `سيطرتهم`: the noun rather than the verb
                    letter = other or letter
            if letter is not None and letter in self.hosts:
                return ((stem, letter), (ending, "F"))
            if letter is not None and letter in _NOMINAL:
                return ((form, letter),)
        for proclitic, own in self.proclitics.items():
            rest = form[len(proclitic) :]
            if not form.startswith(proclitic) or not rest:
                continue
            if own == "P" and rest in self.enclitics:
                return ((proclitic, own), (rest, "F"))
            if len(rest) < _SHORTEST:
                continue
            if proclitic in self.contracting and rest.startswith(self.article[1:]) and len(rest) > _SHORTEST + 1:
                whole = self.article[0] + rest
                return ((proclitic, own), (whole, self.lexicon.get(whole) or self.guess(whole)))
            parts = self._cut(rest, inner=True)
            if parts is None and rest.startswith(self.article) and self._is_noun(rest[len(self.article) :]):
                parts = ((rest, self.guess(rest)),)
            likely = not inner and proclitic in self.contracting and len(rest) > _SHORTEST
            if parts is None and own == "P" and (likely or (self.certain and self.certain.search(rest))):
                parts = ((rest, self.guess(rest)),)
            if parts is None and (guessed := self.guess(rest)) in "iv" and (guessed == "i" or proclitic in self.guessing):
                parts = ((rest, guessed),)
            if parts is not None and proclitic in self.contracting and parts[0][1] == "V" and len(rest) > _PURPOSE:
                return ((proclitic, "B"), *parts)  # `ليؤكد`
            if parts is not None and not (own == "P" and parts[0][1] in "VvCXNBW"):
                return ((proclitic, own), *parts)
        return None
