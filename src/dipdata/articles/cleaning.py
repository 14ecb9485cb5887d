"""Cleaning: what is done to a text before it is frozen. It changes how words are encoded and spaced, never the words.

- Unicode NFC, so that one letter is one code point where Unicode has one;
- line ends become `\\n`; no spaces at the end of a line; at most one empty line between two lines; none at either end;
- control characters, soft hyphens and byte order marks go: nobody sees them, and they would break every search and every span;
- marks of direction stay: they are part of how Arabic is set; `validate` names them.
- half a surrogate pair, which no encoding can hold, becomes U+FFFD.
"""

from __future__ import annotations

import re
import unicodedata

NEWLINE = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\ufeff]")
LONE = re.compile(r"[\ud800-\udfff]")
END_OF_LINE = re.compile(r"(?<![^\S\n])[^\S\n]+(?=\n|\Z)")
EMPTY_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return the cleaned text; cleaning it again changes nothing."""
    text = NEWLINE.sub("\n", text)
    text = INVISIBLE.sub("", text)
    text = LONE.sub("\ufffd", text)
    text = unicodedata.normalize("NFC", text)
    text = END_OF_LINE.sub("", text)
    return EMPTY_LINES.sub("\n\n", text).strip()


def clean_line(text: str) -> str:
    """Return a title or other short text cleaned and on one line."""
    return " ".join(clean(text).split())
