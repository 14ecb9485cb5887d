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
TAGS = re.compile(
    r"</?(?:p|div|span|br|a|li|ul|img|strong|em|h[1-6])(?:\s[^<>]{0,200})?/?>|&(?:nbsp|amp|lt|gt|quot|#\d{2,6}|#x[0-9a-fA-F]{2,6});"
)
PAGE = re.compile(
    r"accept (?:all )?cookies|subscribe to our newsletter|all rights reserved|sign up for our|share on (?:facebook|twitter|x)\b"
    r"|(?:accepter|gérer) les cookies|abonnez-vous"
    r"|inscrivez-vous à (?:la|notre) newsletter|tous droits réservés|partager sur facebook|réservé aux abonnés"
    r"|alle rechte vorbehalten|newsletter abonnieren|todos los derechos reservados|suscríbete a|compartir en facebook"
    r"|tutti i diritti riservati|iscriviti alla newsletter|todos os direitos reservados|všechna práva vyhrazena"
    r"|все права защищены|подпишитесь на|جميع الحقوق محفوظة",
    re.IGNORECASE,
)
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
    zones = [(zone["start"], zone["end"]) for zone in values["zones"]]
    for found in PAGE.finditer(values["text"]):
        if not any(start <= found.start() < end for start, end in zones):
            yield BOILERPLATE.at(who, f"running text holds {show(found[0])} at {found.start()}", pointer="/text")
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
    if misread := MISREAD.search(text):
        yield MOJIBAKE.at(
            who, f"looks misread at {misread.start()}: {show(text[max(0, misread.start() - 5) : misread.end() + 5])}", pointer=pointer
        )
    if ("<" in text or "&" in text) and (tag := TAGS.search(text)):
        yield MARKUP.at(who, f"holds {show(tag[0])} at {tag.start()}", pointer=pointer)


def _personal(who: str, text: str) -> Iterator[Problem]:
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
