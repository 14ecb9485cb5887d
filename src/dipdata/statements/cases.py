"""Case endings and the noun phrases they bound, for languages whose nouns are declined. Positions are tokens unless said otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dipdata.statements.grammar import Pack
    from dipdata.statements.tokens import Sentence

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, LOCATIVE = 1, 2, 4, 8, 16, 32
ANY = 63
_LETTERS = {"n": NOMINATIVE, "g": GENITIVE, "d": DATIVE, "a": ACCUSATIVE, "i": INSTRUMENTAL, "l": LOCATIVE, "*": ANY}
_MEMORY = 100_000  # words kept with their cases
_LONGEST = 40  # tokens of a noun phrase
_DEEPEST = 6  # genitives that hang on one another


@dataclass(slots=True)
class Cases:
    """What the ending of a word tells of its case; `disagree` pairs endings of verbs with those of nouns that are no subject of theirs."""

    words: tuple[tuple[re.Pattern[str], int], ...]
    names: tuple[tuple[re.Pattern[str], int], ...]
    known: dict[str, int]
    disagree: tuple[tuple[re.Pattern[str], re.Pattern[str], bool], ...]
    plural: re.Pattern[str]
    memory: tuple[dict[str, int], dict[str, int]] = field(default_factory=lambda: ({}, {}))
    adjectives: dict[str, bool] = field(default_factory=dict)
    agreements: dict[tuple[str, str, bool], bool] = field(default_factory=dict)

    def of(self, form: str, name: bool) -> int:
        """Return the cases, as bits, that a lower-case form may stand in."""
        memory = self.memory[name]
        found = memory.get(form)
        if found is None:
            found = self.known.get(form, 0)
            if not found:
                found = next((mask for ending, mask in (self.names if name else self.words) if ending.search(form)), ANY)
            if len(memory) < _MEMORY:
                memory[form] = found
        return found

    def agrees(self, verb: str, noun: str, title: bool) -> bool:
        """Tell whether a noun may be the subject of a finite form, by gender and number (*министр заявила*: not so for titles)."""
        key = (verb, noun, title)
        found = self.agreements.get(key)
        if found is None:
            found = not any(one.search(verb) and other.search(noun) for one, other, spared in self.disagree if not (spared and title))
            if len(self.agreements) < _MEMORY:
                self.agreements[key] = found
        return found

    def adjective(self, form: str, pack: Pack) -> bool:
        """Tell whether a word has the ending of an adjective."""
        found = self.adjectives.get(form)
        if found is None:
            found = pack.letter(form) == "j"
            if len(self.adjectives) < _MEMORY:
                self.adjectives[form] = found
        return found


def compile_cases(values: dict[str, Any]) -> Cases | None:
    """Return the Cases of the `[cases]` table of a pack, or None without one. Raises KeyError for a letter that is no case."""
    if not values:
        return None

    def mask(letters: str) -> int:
        return sum({_LETTERS[letter] for letter in letters})

    def endings(key: str) -> tuple[tuple[re.Pattern[str], int], ...]:
        return tuple((re.compile(f"(?:{ending})$"), mask(letters)) for ending, letters in values.get(key, ()))

    return Cases(
        words=endings("words"),
        names=endings("names"),
        known={word: mask(letters) for letters, words in values.get("known", {}).items() for word in words.split()},
        disagree=tuple(
            (re.compile(f"(?:{verb})$"), re.compile(f"(?:{noun})$"), bool(but)) for verb, noun, *but in values.get("disagree", ())
        ),
        plural=re.compile(f"(?:{values['plural']})$"),
    )


class Chunk(NamedTuple):
    """A phrase `[first, stop)` of a clause. `kind`: `N` nominal, `P` prepositional, `V` finite verb, `i` infinitive, `A` anything else.

    `mask` are the cases of a nominal phrase; `head` is the token of its head, of a prepositional phrase that of its preposition.
    """

    kind: str
    first: int
    stop: int
    mask: int = 0
    head: int = -1


def chunks(sentence: Sentence, pack: Pack, first: int, stop: int) -> list[Chunk]:
    """Return the phrases of tokens `[first, stop)` in order."""
    tags = sentence.tags
    found: list[Chunk] = []
    k = first
    while k < stop:
        tag = tags[k]
        if tag in "PE":
            end, mask, _ = nominal(sentence, pack, k + 1, stop, 0, ANY - NOMINATIVE)
            if end == k + 1 and end < stop and tags[end] in "TS":
                end += 1
            found.append(Chunk("P", k, end, mask, k))
            k = end
        elif tag == "D" and sentence.forms[k] in pack.lists.get("anaphors", ()) and tags[k + 1 : k + 2] == "U":
            found.append(Chunk("A", k, k + 1))  # `Oznámil to Světový potravinový program`
            k += 1
        elif tag in "DjwtUSM#q" or (tag == "V" and _is_noun(sentence, pack, k)):
            end, mask, head = nominal(sentence, pack, k, stop)
            if end == k:
                found.append(Chunk("A", k, k + 1))
                end = k + 1
            elif end < stop and tags[end] == "T" and tags[head] in "Dj":
                found.append(Chunk("A", k, end + 1))  # `этой весной`
                end += 1
            else:
                found.append(Chunk("N", k, end, mask, head))
            k = end
        elif tag in "VXZv":
            found.append(Chunk("V", k, k + 1))
            k += 1
        else:
            found.append(Chunk("i" if tag in "iY" else "A", k, k + 1))
            k += 1
    return found


def _is_noun(sentence: Sentence, pack: Pack, k: int) -> bool:
    return sentence.forms[k] in pack.homographs and k > 0 and sentence.tags[k - 1] in "DjP#"


def cases_of(sentence: Sentence, pack: Pack, k: int) -> int:
    """Return the cases of token `k`. A capital letter at the start of a sentence may make a name or not."""
    assert pack.cases is not None
    form = sentence.forms[k]
    if sentence.tags[k] != "U":
        return pack.cases.of(form, False)
    if len(form) > 1 and sentence.text[sentence.starts[k] + 1].isupper():
        return ANY  # an acronym
    first = k == 0 or sentence.tags[k - 1] in ".:-"
    if pack.cases.adjective(form, pack):
        return pack.cases.of(form, False) | (pack.cases.of(form, True) if sentence.tags[k + 1 : k + 2] not in tuple("wtMjU") else 0)
    return pack.cases.of(form, True) | (pack.cases.of(form, False) if first else 0)


def _is_adjective(sentence: Sentence, pack: Pack, k: int, stop: int, mask: int) -> bool:
    """Tell whether a capitalised word is an adjective before its noun (`Белый дом`, `Evropská komise`)."""
    assert pack.cases is not None
    if k + 1 >= stop or sentence.tags[k + 1] not in "wtMjU" or (k and sentence.tags[k - 1] == "U"):
        return False
    if not pack.cases.adjective(sentence.forms[k], pack):
        return False
    return bool(mask & cases_of(sentence, pack, k) & cases_of(sentence, pack, k + 1))


def nominal(sentence: Sentence, pack: Pack, i: int, stop: int, depth: int = 0, mask: int = ANY) -> tuple[int, int, int]:
    """Return where the noun phrase at `i` ends, the cases it may stand in, and its head; `(i, 0, i)` where none begins."""
    tags = sentence.tags
    stop = min(stop, i + _LONGEST)
    if i < stop and tags[i] == "S":
        return i + 1, cases_of(sentence, pack, i), i
    k, counted = i, False
    while k < stop:
        tag = tags[k]
        if tag == "#":
            counted, mask = True, mask & (NOMINATIVE | ACCUSATIVE | GENITIVE)
        elif tag in "Dj":
            narrower = mask & cases_of(sentence, pack, k)
            if not narrower and not counted:
                break
            mask = narrower or mask
            counted = counted or sentence.forms[k] in pack.lists.get("counting", ())
        elif tag == "U" and _is_adjective(sentence, pack, k, stop, mask):
            mask &= cases_of(sentence, pack, k)
        elif not (k > i and k + 1 < stop and tags[k + 1] == "j" and (tag == "A" or (tag in "C," and tags[k - 1] == "j" and tag != ","))):
            break
        k += 1
    head = k
    if k < stop and (tags[k] in "wtMUq" or (tags[k] == "V" and k > i and tags[k - 1] in "DjP#")):
        if tags[k] != "q":
            own = cases_of(sentence, pack, k)
            if not counted and not mask & own:
                if k == i:
                    return i, 0, i
                head = k - 1  # a determiner or adjective alone: the word after it begins another phrase
            else:
                mask, k = (mask if counted else mask & own), k + 1
        else:
            k += 1
    elif k == i:
        return i, 0, i
    else:
        head = k - 1
    if mask == DATIVE and k < stop and cases_of(sentence, pack, k) & NOMINATIVE and tags[k] in "wM":
        return k, mask, head  # `slíbila obětem [odškodnění]`
    return _hangers(sentence, pack, i, k, stop, mask, depth), mask, head


def _hangers(sentence: Sentence, pack: Pack, i: int, k: int, stop: int, mask: int, depth: int) -> int:
    """Return where the genitives, names, titles, brackets and conjuncts that hang on a noun phrase `[i, k)` end."""
    tags, forms = sentence.tags, sentence.forms
    attached = pack.lists.get("attached", frozenset())
    media = pack.lists.get("media", frozenset())
    while k < stop:
        tag = tags[k]
        if tag == "U" and not _is_adjective(sentence, pack, k, stop, ANY):
            own = cases_of(sentence, pack, k)
            if not own & (mask | GENITIVE):
                break
            if not (own & GENITIVE or mask & NOMINATIVE) and own & NOMINATIVE and tags[k + 1 : k + 2] in ("V", "v", "X", "Z", "f", "A"):
                break  # `V dopise ministru [Irák žádá]`: the subject
        elif tag == "q":
            pass
        elif tag == "(":
            close = tags.find(")", k, min(stop, k + 16))
            if close < 0:
                break
            k = close
        elif tag == "#":
            if tags[k + 1 : k + 2] in tuple("wjt"):
                break
        elif tag == "j" and _takes_phrase(sentence, pack, k, stop, mask):
            k = nominal(sentence, pack, k + 1 + (tags[k + 1] == "P"), stop, depth + 1)[0] - 1 if depth < _DEEPEST else k
        elif tag in "DjwtMU":
            if depth == _DEEPEST or (tags[k - 1] == "q" and k - 1 > i):
                break  # nothing hangs on the name of a noun (`газета «Монд» [слова министра]`)
            end, own, head = nominal(sentence, pack, k, stop, depth + 1, ANY - NOMINATIVE if tag == "w" and not mask & NOMINATIVE else ANY)
            title = end > k and tags[end - 1] == "U" and (tags[head] == "t" or tags[end - 2] in "UwtM") and tags[k] in "wtj"
            shared = own & mask & (NOMINATIVE if mask & NOMINATIVE else ANY - ACCUSATIVE - GENITIVE)
            if tag == "t" and cases_of(sentence, pack, k) & NOMINATIVE and not mask & (NOMINATIVE | GENITIVE):
                break  # `novinářům mluvčí [řekla]`
            if tag in "tw" and own & NOMINATIVE and tags[k - 1] == "U" and forms[k - 1] in media and k - 1 == i:
                break  # `sdělil ČTK [mluvčí]`
            if end > k and ((own & GENITIVE and not _is_name(sentence, pack, k - 1)) or (title and shared)):
                k = end - 1
            else:
                break
        elif tag == "C":
            end, own, _ = nominal(sentence, pack, k + 1, stop, depth + 1) if depth < _DEEPEST else (k + 1, 0, k)
            if end == k + 1 or not own & mask or _another_clause(sentence, pack, end):
                break
            k = end - 1
        elif tag == "P":
            end, _, _ = nominal(sentence, pack, k + 1, stop, depth + 1) if depth < _DEEPEST else (k + 1, 0, k)
            if end == k + 1:
                break
            name = end - 1
            while name > k and tags[name - 1] == "U":
                name -= 1
            named = tags[end - 1] == "U" and end - name > 1 and set("tw") & set(tags[i:k]) and tags[k - 1] != "T" and "t" in tags[i:k]
            if (
                not named
                and not _resides(sentence, pack, i, k)
                and not (forms[k] in attached and tags[k - 1] in "wtUMDSq" and _of_office(sentence, pack, k))
            ):
                break
            k = end - 1
        else:
            break
        k += 1
    return k


def _takes_phrase(sentence: Sentence, pack: Pack, k: int, stop: int, mask: int) -> bool:
    """Tell whether an adjective after its noun, with no comma between, has a phrase of its own (`činitelé obeznámení s věcí`)."""
    if pack.traits["commas-around-sources"] or k + 1 >= stop or (sentence.tags[k - 1] not in "wtM" and k > 1):
        return False
    if sentence.tags[k + 1] != "P":
        return sentence.forms[k] in pack.lists.get("governing", ()) and sentence.tags[k + 1] in "wjDM"
    return bool(mask & cases_of(sentence, pack, k)) and k + 2 < stop and sentence.tags[k + 2] in "DjwtMU#q"


def _resides(sentence: Sentence, pack: Pack, i: int, k: int) -> bool:
    """Tell whether a phrase of place goes on with a noun of those who are known by it (`посольство в Дели`, `zdroj v delegaci`)."""
    lists = pack.lists
    if sentence.forms[k] not in lists.get("impersonal-places", ()) or sentence.tags[k + 1] in "TS":
        return False
    if sentence.forms[k + 1] in lists.get("no-places", ()):
        return False
    stems = tuple(lists.get("residing", ("\n",)))
    if sentence.tags[k + 1] != "U" and not sentence.forms[k + 1].startswith(tuple(lists.get("bodies", ()))):
        return False
    assert pack.cases is not None
    heads = (n for n in range(i, k) if sentence.tags[n] in "wtMU" and not pack.cases.adjective(sentence.forms[n], pack))
    noun = next(heads, i)
    return sentence.forms[noun].startswith(stems)


def _of_office(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a preposition that goes on with a noun before offices and names alone has one after it (`посол при ООН`)."""
    if sentence.forms[k] not in pack.lists.get("narrow", ()) or sentence.tags[k + 1 : k + 2] == "U":
        return True
    return not pack.lists.get("offices", frozenset()).isdisjoint(sentence.forms[k + 1 : k + 4])


def _is_name(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a capitalised word is a name, on which no genitive hangs, rather than a body (`Министерство обороны`)."""
    if sentence.tags[k] != "U" or (k == 0 and not sentence.text[sentence.starts[0] : sentence.ends[0]].isupper()):
        return False
    return not sentence.forms[k].startswith(tuple(pack.lists.get("bodies", ())))


def _another_clause(sentence: Sentence, pack: Pack, end: int) -> bool:
    """Tell whether a conjunct that ends at `end` is the subject of a verb of its own: a finite form that is no plural follows."""
    assert pack.cases is not None
    return end < len(sentence.tags) and sentence.tags[end] in "VvXZ" and not pack.cases.plural.search(sentence.forms[end])
