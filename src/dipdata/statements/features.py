"""Text -> tokens with the features that the sequence engine sees: words, their classes, quotation marks, and what the rules found."""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dipdata.records import Statement
from dipdata.spans import pairs
from dipdata.statements import quotes, sequence
from dipdata.statements.grammar import Pack
from dipdata.statements.sequence import Pair

# A paragraph with more tokens is cut: the time and the memory of the sequence model stay bounded.
LONGEST = 3000
# Tokens to either side that a cue word is looked for in.
REACH = 40


@dataclass(slots=True)
class Paragraph:
    """A paragraph of running text: its number, and the code points where its tokens start and end."""

    number: int
    starts: list[int]
    ends: list[int]


def paragraphs(text: str, pack: Pack, blocks: Iterable[Pair]) -> Iterator[Paragraph]:
    """Yield the paragraphs of `blocks` (stretches between zones) that hold a token, at most LONGEST tokens each."""
    number = 0
    for low, high in blocks:
        at = low
        while at < high:
            stop = text.find("\n", at, high)
            stop = high if stop < 0 else stop
            starts, ends = [], []
            for match in pack.token.finditer(text, at, stop):
                starts.append(match.start())
                ends.append(match.end())
            for first in range(0, len(starts), LONGEST):
                yield Paragraph(number, starts[first : first + LONGEST], ends[first : first + LONGEST])
                number += 1
            at = stop + 1


class Extractor:
    """Makes the features of paragraphs of one language. What depends on a word alone is made once a word and kept."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._known: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str]] = {}

    def features(self, text: str, paragraph: Paragraph, found: Sequence[Statement]) -> list[list[str]]:
        """Return a list of features for each token; `found` are the statements that the rules see in the paragraph."""
        starts, ends = paragraph.starts, paragraph.ends
        words = [self._word(text[start:end]) for start, end in zip(starts, ends, strict=True)]
        classes = [word[1] for word in words]
        rules = self._rules(starts, ends, found)
        names = self._names(starts, ends, found)
        marks = self._marks(text, starts, ends)
        before, after = self._cues(words)
        count = len(words)
        edge = ("^", "^", (), ("-1^",), ("+1^",), "")
        out = []
        for k in range(count):
            previous = words[k - 1] if k else edge
            following = words[k + 1] if k + 1 < count else edge
            two_before = classes[k - 2] if k > 1 else "^"
            two_after = classes[k + 2] if k + 2 < count else "^"
            rule = rules[k]
            rule_before = rules[k - 1] if k else "^"
            rule_after = rules[k + 1] if k + 1 < count else "^"
            own, c, mark = words[k][0], classes[k], marks[k]
            out.append(
                [
                    *words[k][2],
                    *previous[3],
                    *following[4],
                    f"f{words[k - 2][0] if k > 1 else '^'}",
                    f"h{words[k + 2][0] if k + 2 < count else '^'}",
                    f"i{previous[0]}|{own}",
                    f"j{own}|{following[0]}",
                    f"c{two_before}{previous[1]}{c}",
                    f"d{previous[1]}{c}{following[1]}",
                    f"e{c}{following[1]}{two_after}",
                    f"m{mark}",
                    f"n{mark}{c}{following[1]}",
                    f"r{rule}",
                    f"s{rule_before}|{rule}",
                    f"t{rule}|{rule_after}",
                    f"u{rule}|{own}",
                    f"v{rule}|{mark}",
                    f"z{rule}|{names[k]}",
                    f"o{rule_before}|{rule}|{names[k]}|{c}",
                    f"b{before[k]}",
                    f"a{after[k]}",
                    f"x{before[k]}|{after[k]}|{mark}",
                    f"y{rule}|{before[k]}|{after[k]}",
                ]
            )
        if out:
            out[0].append("first")
            out[-1].append("last")
        return out

    def _word(self, word: str) -> tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
        known = self._known.get(word)
        if known is None:
            form = "0" if word[:1].isdigit() else word.lower().replace("’", "'").encode("utf-8", "replace").decode()  # lone surrogates
            if word[:1].isalnum():
                letter = self._pack.letter(form)
            else:
                letter = word[:1] if word[:1] in ",;:-–—().!?" else "'" if len(word) == 1 and word in "\"“”„«»‘’'" else "o"
            shape = "X" if word.isupper() and len(word) > 1 else "x" if word[:1].isupper() else ""
            cue = ""
            for reading in self._pack.cues.get(form, ()):
                cue = f"{reading.kind}{reading.scope[0]}{reading.frames & 31}"
                break
            own = (f"w{form}", f"q{form[-3:]}", f"p{form[:4]}", f"k{letter}{shape}", f"l{cue}{letter}")
            known = (form, letter + shape, own, (f"-1{form}", f"-1k{cue}{letter}"), (f"+1{form}", f"+1k{cue}{letter}"), cue)
            if len(self._known) < 200_000 and len(word) < 40:
                self._known[word] = known
        return known

    @staticmethod
    def _rules(starts: Sequence[int], ends: Sequence[int], found: Sequence[Statement]) -> list[str]:
        """What the rules hold each token to be."""
        return sequence.encode(starts, ends, ({role: pairs(getattr(one, role)) for role in ("content", "source", "cue")} for one in found))

    @staticmethod
    def _names(starts: Sequence[int], ends: Sequence[int], found: Sequence[Statement]) -> list[str]:
        """The rule that put each token into a statement, so that the model can learn how far to trust it."""
        names = [""] * len(starts)
        for one in found:
            for span in (*one.content, *one.source, *one.cue):
                first, stop = bisect_right(ends, span.start), bisect_left(starts, span.end)
                names[first:stop] = [name or one.rule for name in names[first:stop]]
        return names

    @staticmethod
    def _marks(text: str, starts: Sequence[int], ends: Sequence[int]) -> list[str]:
        """Where each token stands to quotations: `o` outside, `<` first inside, `i` inside, `>` last, `a` just after, `b` just before."""
        marks = ["o"] * len(starts)
        for quote in quotes.find_quotes(text, starts[0], ends[-1]):
            first, stop = bisect_left(starts, quote.start), bisect_left(starts, quote.end)
            if first >= stop:
                continue
            short = "s" if stop - first < 7 else ""
            marks[first:stop] = [f"i{short}"] * (stop - first)
            marks[first], marks[stop - 1] = f"<{short}", f">{short}"
            if first and marks[first - 1] == "o":
                marks[first - 1] = "b"
            if stop < len(marks):
                marks[stop] = "a"
        return marks

    @staticmethod
    def _cues(words: Sequence[tuple[str, str, tuple[str, ...], tuple[str, ...], tuple[str, ...], str]]) -> tuple[list[str], list[str]]:
        """The nearest cue word before and after each token in its sentence, with what lies between told by a comma or not."""
        sides = []
        for order in (range(len(words)), range(len(words) - 1, -1, -1)):
            side = [""] * len(words)
            cue, away, comma = "", 0, ""
            for k in order:
                side[k] = f"{cue}{comma}{min(away, 3) if away < 4 else 9}" if cue else ""
                away += 1
                if words[k][5]:
                    cue, away, comma = words[k][0], 0, ""
                elif words[k][1] in (".", "?", "!") or away > REACH:
                    cue = ""
                elif words[k][1] == ",":
                    comma = ","
            sides.append(side)
        return sides[0], sides[1]


def template() -> str:
    """Return a hash of this module: a model fits the features it was trained with, and no others."""
    return hashlib.sha256(b"".join(Path(__file__).with_name(name).read_bytes() for name in ("features.py", "sequence.py"))).hexdigest()[:16]
