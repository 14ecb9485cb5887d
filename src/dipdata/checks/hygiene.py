"""Hygiene: texts that mislead readers and models, or should not be there at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from dipdata.checks.catalogue import error, warning
from dipdata.explain import show
from dipdata.problems import Problem

AGAIN = "Correct the raw file and ingest the article again."
CONTROL = error("hygiene.control-character", "A text holds a control character.", AGAIN)
INVISIBLE = warning(
    "hygiene.invisible", "A text holds an invisible character: a zero-width space, a soft hyphen, a byte order mark.", AGAIN
)
BIDI = warning(
    "hygiene.bidi-control",
    "A text holds a character that turns the direction of what follows.",
    "Remove it: the direction comes from the letters. " + AGAIN,
)
NFC = error(
    "hygiene.not-normal",
    "A text is not in Unicode normal form C, so that equal words compare as different.",
    "Run `dipdata validate --fix`, or ingest the article again.",
)
MOJIBAKE = warning(
    "hygiene.mojibake",
    "A text was read in the wrong encoding: `Ã©` for `é`.",
    "Give the encoding in source.toml and ingest the article again.",
)
MARKUP = warning("hygiene.markup", "Tags or character references of HTML stand in a text.", AGAIN)
BOILERPLATE = warning(
    "hygiene.boilerplate",
    "Words of the page, not of the article, stand in running text.",
    "Mark them as a zone: add the words to the source, and ingest the article again.",
)
PRIVATE = warning(
    "hygiene.private-data",
    "A text holds an e-mail address, a telephone number, a card or an account number.",
    "Remove it from the raw file if it is a private person's.",
)

# One look for all that is rare; what was found is told apart afterwards.
RARE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc\U000e0000-\U000e007f]"
)
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TAG_FLAGS = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")  # flags of regions are spelled with invisible tags
MISREAD = re.compile("[ÃÐÑ][\u0080-\u00bf]|â€[™œ\u009d“”¦]|Â[«»°\u00a0]|Ã[©¨ª®´»§¢¼¶¤]|\ufffd")
MISREAD_FIRST = ("Ã", "Ð", "Ñ", "â€", "Â", "\ufffd")  # quicker to look for than the expression
TAGS = re.compile(
    r"</?(?:p|div|span|br|a|li|ul|img|strong|em|h[1-6])(?:\s[^<>]{0,200})?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{2,6}|#x[0-9a-fA-F]{2,6});"
)
# In small letters. Looked for one by one: some ten times as fast as one expression that ignores case.
PAGE = (
    "accept cookies",
    "accept all cookies",
    "subscribe to our newsletter",
    "all rights reserved",
    "sign up for our",
    "share on facebook",
    "share on twitter",
    "accepter les cookies",
    "gérer les cookies",
    "abonnez-vous",
    "inscrivez-vous à notre newsletter",
    "inscrivez-vous à la newsletter",
    "tous droits réservés",
    "partager sur facebook",
    "réservé aux abonnés",
    "alle rechte vorbehalten",
    "newsletter abonnieren",
    "todos los derechos reservados",
    "suscríbete a",
    "compartir en facebook",
    "tutti i diritti riservati",
    "iscriviti alla newsletter",
    "todos os direitos reservados",
    "všechna práva vyhrazena",
    "все права защищены",
    "подпишитесь на",
    "جميع الحقوق محفوظة",
)
DIGITS = re.compile("[0-9][0-9 -]{10}")  # every number of a card or an account holds such a run
PERSONAL = re.compile(
    r"(?P<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24})"
    r"|(?P<telephone>\+\d{1,3}[ .\u00a0-]?(?:\(0\))?(?:\d[ .\u00a0-]?){7,12}\d)\b"
    r"|\b(?P<account>[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?)\b"
    r"|\b(?P<card>(?:\d[ -]?){12,15}\d)\b"
)


def article(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the text and the title of an article."""
    who = values["id"]
    yield from _text(who, values["text"], "/text")
    if values["title"]:
        yield from _text(who, values["title"], "/title")
    low = values["text"].lower()
    for words in PAGE:
        if words in low and not any(zone["start"] <= low.index(words) < zone["end"] for zone in values["zones"]):
            yield BOILERPLATE.at(who, f"running text holds {words!r} at {low.index(words)}", pointer="/text")
            break
    yield from _personal(who, values["text"])


def _text(who: str, text: str, pointer: str) -> Iterator[Problem]:
    if RARE.search(text):
        plain = TAG_FLAGS.sub("", text)
        seen = set()
        for found in RARE.finditer(plain):
            char = found[0]
            check = BIDI if DIRECTION.match(char) else CONTROL if unicodedata.category(char) == "Cc" else INVISIBLE
            if char in seen:
                continue
            seen.add(char)
            name = unicodedata.name(char, "control character")
            yield check.at(who, f"holds U+{ord(char):04X} ({name.lower()}), first at {text.index(char)}", pointer=pointer)
    if not unicodedata.is_normalized("NFC", text):
        at = next((n for n, (a, b) in enumerate(zip(text, unicodedata.normalize("NFC", text), strict=False)) if a != b), len(text))
        yield NFC.at(who, f"is not in normal form C, first at {at}", pointer=pointer)
    if any(first in text for first in MISREAD_FIRST) and (misread := MISREAD.search(text)):
        yield MOJIBAKE.at(
            who, f"looks misread at {misread.start()}: {show(text[max(0, misread.start() - 5) : misread.end() + 5])}", pointer=pointer
        )
    if ("<" in text or "&" in text) and (tag := TAGS.search(text)):
        yield MARKUP.at(who, f"holds {show(tag[0])} at {tag.start()}", pointer=pointer)


def _personal(who: str, text: str) -> Iterator[Problem]:
    if "@" not in text and "+" not in text and not DIGITS.search(text):
        return
    for found in PERSONAL.finditer(text):
        kind = found.lastgroup or ""
        if kind == "card" and not _luhn(found[0]):
            continue
        if kind == "account" and not _iban(found[0]):
            continue
        what = "an e-mail address" if kind == "email" else f"a {kind} number"
        yield PRIVATE.at(who, f"holds what looks like {what} at {found.start()}", pointer="/text")


def _luhn(text: str) -> bool:
    """Tell whether digits end in the check digit of payment cards (ISO/IEC 7812-1)."""
    digits = [int(char) for char in reversed(text) if char.isdigit()]
    return sum(digit if n % 2 == 0 else sum(divmod(2 * digit, 10)) for n, digit in enumerate(digits)) % 10 == 0 and any(digits)


def _iban(text: str) -> bool:
    """Tell whether an account number has the check digits of ISO 13616."""
    plain = text.replace(" ", "")
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
