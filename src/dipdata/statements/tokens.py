"""Text -> sentences -> tokens with a class letter each. Quotations stand in a sentence as one token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dipdata.statements import clitics, governed, homonyms
from dipdata.statements.clitics import Piece
from dipdata.statements.grammar import POST, PRE, Pack
from dipdata.statements.quotes import Quote

_STOP = re.compile(r"[.!?…؟。]+|\n+")
_AFTER = re.compile(r"[\"”»’')\]›“]*")
_WORDS = re.compile(r"[^\W\d_]+")
_PUNCT = {
    ",": ",",
    "،": ",",
    ";": ";",
    "؛": ";",
    ":": ":",
    "-": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "(": "(",
    ")": ")",
    "[": "(",
    "]": ")",
    ".": ".",
    "!": ".",
    "?": ".",
    "…": ".",
    "؟": ".",
}
_MEMORY = 200_000  # words kept with their class, a pack
LONGEST = 2000  # code points
_SHORT_QUOTE = 3  # words: a quotation up to this length is read as a word of the sentence around it

Range = tuple[int, int]  # tokens [first, stop)


@dataclass(slots=True)
class Sentence:
    """A sentence `[start, end)`: token starts, ends and lower-case forms, and `tags`, one class letter a token (see `grammar.CLASSES`).

    Beside the classes: `U` capitalised word, `#` number, `Q` quotation, `q` short quotation, `V` cue verb, `E` cue preposition,
    `M` cue noun, `H` inverted pronoun, and the punctuation marks themselves.
    """

    text: str
    start: int
    end: int
    starts: list[int]
    ends: list[int]
    forms: list[str]
    tags: str
    paragraph: int
    depth: int


def split(text: str, start: int, end: int, quotes: Sequence[Quote], pack: Pack) -> Iterator[tuple[int, int, int]]:
    """Yield `(start, end, paragraph number)` of each sentence of `text[start:end]`; a stop inside a quotation ends none."""
    at = start
    paragraph = 0
    number, count = 0, len(quotes)
    skip = -1
    for match in _STOP.finditer(text, start, end):
        i, j = match.span()
        if i < skip:
            continue
        while number < count and quotes[number].end < i + 1:
            number += 1
        if text[i] == "\n" and not (number < count and quotes[number].start < i < quotes[number].end):
            if text[at:i].strip():
                yield at, i, paragraph
            at, paragraph = j, paragraph + 1
            continue
        if number < count and quotes[number].start < i < quotes[number].end:
            quote = quotes[number]
            tail = quote.end - (len(quote.opener) if quote.closed else 0)
            if j < tail and text[j:tail].strip():
                continue
            j = quote.end  # the stop closes the quotation: the sentence ends too where a new one visibly begins
        else:
            j = min(_AFTER.match(text, j).end(), end)  # type: ignore[union-attr]
            if number < count and quotes[number].start < j:
                j = max(i + 1, quotes[number].start)
        if j < end and not text[j].isspace():
            continue
        following = _next(text, j, end)
        if following and following.islower():
            continue
        if following and following in ",;:–—-)" and text[i] != "\n":
            continue
        if text[i] == "." and match.end() - i == 1 and _abbreviated(text, at, i, pack):
            continue
        if text[at:j].strip():
            yield at, j, paragraph
        at = skip = j
    if text[at:end].strip():
        yield at, end, paragraph


def pieces(text: str, start: int, end: int, quotes: Sequence[Quote]) -> Iterator[tuple[int, int]]:
    """Yield `[start, end)` in pieces of `LONGEST` code points or a little more, cut at white space, never inside a quotation.

    No sentence is that long; reading one costs the square of its tokens, so that the limit keeps the time linear on any text.
    """
    number, count = 0, len(quotes)
    while end - start > LONGEST:
        cut = max(text.rfind(" ", start + 1, start + LONGEST), start + 1)
        if cut == start + 1:
            cut = start + LONGEST
        while number < count and quotes[number].end <= cut:
            number += 1
        if number < count and quotes[number].start < cut:
            cut = min(quotes[number].end, end)
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _next(text: str, at: int, end: int) -> str:
    while at < end and text[at] in " \t\r\u00a0\u202f\u2009":
        at += 1
    return text[at] if at < end else ""


def _abbreviated(text: str, start: int, stop: int, pack: Pack) -> bool:
    low = max(start, stop - 24)
    at = stop
    while at > low and (text[at - 1].isalnum() or text[at - 1] == "."):
        at -= 1
    word = text[at:stop]
    if not word:
        return False
    if len(word) == 1 and word.isupper() and word.isascii():
        return True
    if len(word) == 1 and word.isalpha() and word.isupper():
        return True
    if word.isdigit() and len(word) <= 2 and pack.traits["noun-capitals"]:
        return True
    form = word.lower()
    if form in pack.abbreviations:
        return True
    if "." in word and max(map(len, word.split("."))) == 1:  # U.S., G.K.: they end a sentence where a function word follows
        after = _WORDS.match(text, min(len(text), stop + 1 + len(text[stop + 1 : stop + 3]) - len(text[stop + 1 : stop + 3].lstrip())))
        return after is None or pack.lexicon.get(after[0].lower(), "U") in "UVtTv"
    return False


def interesting(text: str, start: int, end: int, pack: Pack) -> bool:
    """Tell whether a sentence holds a word that may begin a cue; far cheaper than reading it."""
    if pack.clitics is not None:
        return any(map(pack.clitics.trigger, clitics.WORD.findall(text, start, end)))
    words = _WORDS.findall(text[start:end].lower())
    return not pack.triggers.isdisjoint(words) or not pack.openers.isdisjoint(words[:2])


def read(text: str, start: int, end: int, quotes: Sequence[Quote], pack: Pack, paragraph: int = 0, depth: int = 0) -> Sentence:
    """Return the tokens of a sentence. `quotes` are those inside `[start, end)`, in order."""
    starts: list[int] = []
    ends: list[int] = []
    forms: list[str] = []
    tags: list[str] = []
    at = start
    for quote in quotes:
        _words(text, at, quote.start, pack, starts, ends, forms, tags)
        starts.append(quote.start)
        ends.append(quote.end)
        forms.append("")
        tags.append("q" if _short(text, quote) else "Q")
        at = quote.end
    _words(text, at, end, pack, starts, ends, forms, tags)
    if pack.phrases:
        _join_phrases(starts, ends, forms, tags, pack)
    if pack.clitics is not None:
        governed.rejoin(starts, ends, forms, tags, pack)
        governed.cut(starts, ends, forms, tags, pack)
    if "".join(tags).strip(".,") == "q":
        tags[tags.index("q")] = "Q"  # a short quotation that is a sentence of its own
    homonyms.settle(text, starts, forms, tags, pack)
    return Sentence(text, start, end, starts, ends, forms, "".join(tags), paragraph, depth)


def _short(text: str, quote: Quote) -> bool:
    inner = text[quote.inner[0] : quote.inner[1]].strip()
    return len(inner) < 60 and inner.count(" ") < _SHORT_QUOTE and not inner.endswith((",", ".", "!", "?", "…"))


def _words(text: str, start: int, end: int, pack: Pack, starts: list[int], ends: list[int], forms: list[str], tags: list[str]) -> None:
    if pack.clitics is not None:
        _glued(text, start, end, pack, starts, ends, forms, tags)
        return
    known = pack.words
    low = len(starts)
    spans = [match.span() for match in pack.token.finditer(text, start, end)]
    found = [known.get(text[i:j]) or _learn(text[i:j], pack) for i, j in spans]
    starts += [i for i, _ in spans]
    ends += [j for _, j in spans]
    forms += [form for form, _, _ in found]
    tags += [tag for _, tag, _ in found]
    if not low and spans and text[spans[0][0]].isupper():  # a capital letter says nothing about the first word
        tags[0] = pack.lexicon.get(forms[0], "U")
    for k in range(len(found) - 1, -1, -1):
        if found[k][2]:
            _stop(text, end, low + k, starts, ends, forms, tags)


def _glued(text: str, start: int, end: int, pack: Pack, starts: list[int], ends: list[int], forms: list[str], tags: list[str]) -> None:
    """Read words of a language that writes particles together with them: each part is a token."""
    assert pack.clitics is not None
    memory = pack.clitics.memory
    low = len(starts)
    stops = []
    for match in pack.token.finditer(text, start, end):
        at = match.start()
        word = match[0]
        for first, stop, form, letter in memory.get(word) or _pieces(word, pack):
            if letter == ".":
                stops.append(len(starts))
            starts.append(at + first)
            ends.append(at + stop)
            forms.append(form)
            tags.append(letter)
    for k in (k for k in reversed(stops) if forms[k] == "."):
        abbreviated = k > low and ends[k - 1] == starts[k] and text[starts[k - 1] : ends[k - 1]] in pack.abbreviations
        _stop(text, end, k - abbreviated, starts, ends, forms, tags)


def _pieces(word: str, pack: Pack) -> tuple[Piece, ...]:
    assert pack.clitics is not None
    if word[0].isalpha():
        return pack.clitics.pieces(word)
    form, letter, _ = _classify(word, pack)
    return pack.clitics.keep(word, ((0, len(word), form, letter),))


def _stop(text: str, end: int, k: int, starts: list[int], ends: list[int], forms: list[str], tags: list[str]) -> None:
    """Settle a full stop that may belong to an abbreviation, an ordinal or an address: it ends nothing."""
    after = ends[k]
    if after >= end:
        return
    if forms[k] == ".":
        if not text[after].isspace() or (k and tags[k - 1] == "#"):
            tags[k] = "o"
    elif text[after] == "." and k + 1 < len(forms) and forms[k + 1] == ".":
        ends[k] += 1
        del starts[k + 1], ends[k + 1], forms[k + 1], tags[k + 1]


def _learn(word: str, pack: Pack) -> tuple[str, str, bool]:
    found = _classify(word, pack)
    if len(pack.words) < _MEMORY and len(word) < 40:
        pack.words[word] = found
    return found


def _classify(word: str, pack: Pack) -> tuple[str, str, bool]:
    """Return a token's lower-case form, its class letter inside a sentence, and whether a stop after it needs a look."""
    head = word[0]
    if not (head.isalnum() or head == "_" or len(word) > 1):
        return head, _PUNCT.get(head, "o"), head == "."
    form = word.lower().replace("’", "'")
    if form in pack.enclitics:
        tag = pack.lexicon.get(form, "H")
    elif head.isdigit():
        tag = "#" if word == word.lower() else "U"
    elif head in "-.–":
        tag = "-" if head != "." else "."
    elif head.isupper() or ("-" in word and any(part[:1].isupper() for part in word.split("-"))):  # `аль-Хинаи`
        tag = pack.lexicon.get(form, "U")
        if tag in ("VvAXZ" if pack.traits["noun-capitals"] else "VXZvAjwiYMpW"):
            tag = "U"
    else:
        tag = pack.letter(form)
    return form, tag, form in pack.abbreviations or (len(word) == 1 and head.isupper())


def _join_phrases(starts: list[int], ends: list[int], forms: list[str], tags: list[str], pack: Pack) -> None:
    """Make one token of each phrase of the pack (`according to`), where it stands."""
    phrases = pack.phrases
    joined, taken = 0, -1  # tokens that are gone; the last token, as first counted, of the phrase before
    for k in [k for k in range(len(forms) - 1) if forms[k] in phrases and forms[k + 1] in phrases[forms[k]]]:
        if k <= taken:
            continue
        i = k - joined
        for rest, key in phrases[forms[i]][forms[i + 1]]:
            stop = i + 1 + len(rest)
            if tuple(forms[i + 1 : stop]) == rest:
                if len(key) == 1:
                    forms[i] = " ".join((forms[i], *rest))
                    tags[i] = key
                else:
                    forms[i] = key
                    tags[i] = "E" if pack.cues[key][0].kind & (PRE | POST) else "M"
                ends[i] = ends[stop - 1]
                del starts[i + 1 : stop], ends[i + 1 : stop], forms[i + 1 : stop], tags[i + 1 : stop]
                joined, taken = joined + len(rest), k + len(rest)
                break
