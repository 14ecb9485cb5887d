"""A long run on random text: 100,000 inputs, none of which may crash the segmenter or give an unsound span."""

import random
import unicodedata

import pytest

from dipdata.statements import packs, segment

PIECES = [
    *" .,;:!?…\n\r\t'’\"«»“”„‘‹›()[]-–—0123456789",
    *(
        "a dit que",
        "selon",
        "said",
        "according to",
        ", so",
        "sagte",
        "dass",
        "dijo que",
        "сказал, что",
        "по словам",
        "řekl, že",
        "قال إن",
        "وفقا ل",
    ),
    *(
        "X",
        "Le ministre",
        "Trump",
        "Берлин",
        "الرئيس",
        "il",
        "-t-il",
        "he",
        "sei",
        "habe",
        "U.S.",
        "M.",
        "a-t-il dit",
        "``",
        "''",
        "👍🏽",
        "e\u0301",
        "\u200f",
    ),
]


@pytest.mark.fuzz
@pytest.mark.parametrize("seed", range(100))
def test_random_text(seed):
    draw = random.Random(seed)
    codes = [*packs.codes(), "zz"]
    for _ in range(1000):
        words = [draw.choice(PIECES) if draw.random() < 0.8 else _any(draw) for _ in range(draw.randrange(60))]
        text = draw.choice(["", " "]).join(words)
        for statement in segment(text, draw.choice(codes), scope=draw.choice(["speech", "all"])):
            for span in (*statement.content, *statement.source, *statement.cue):
                assert text[span.start : span.end] == span.surface != ""


def _any(draw):
    while True:
        char = chr(draw.randrange(0x11000))
        if unicodedata.category(char) != "Cs":
            return char
