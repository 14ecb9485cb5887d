"""Bytes -> text: by byte order mark, as declared, as UTF-8, or as the older encoding in which the text is in a language that uses it."""

from __future__ import annotations

import codecs
import re
import unicodedata

from dipdata.articles import language
from dipdata.articles.refusal import RefusalError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)

USED_FOR = {
    "cp1252": "fr en de es pt it nl sv da no nn fi is ca eu ga gl",
    "mac_roman": "fr en de es pt it",
    "cp1250": "cs pl sk hu sl hr ro bs sq",
    "iso8859_2": "cs pl sk hu sl hr ro bs",
    "cp1251": "ru bg uk be sr mk",
    "koi8_r": "ru",
    "cp866": "ru be",
    "iso8859_5": "ru bg be mk sr",
    "cp1256": "ar fa ur",
    "iso8859_6": "ar",
}
"""The older encodings of news text, each with the languages it was made for."""

ODD = frozenset({"Cc", "So", "Sm", "Sk", "Lm", "No"})
"""Unicode categories that news text has little of and wrongly decoded text much."""

CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
)
META = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{2,40})", re.I
)


def decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of `data`, and the encoding with how it was chosen: `utf-8 (byte order mark)`, `cp1252 (detected)`.

    `declared` is what a source.toml or the page says. It gives way to a byte order mark, to what is UTF-8 beyond doubt, and where the bytes
    do not fit it (`utf-8 (declared as latin-1)`). Raises RefusalError (ingest.binary, ingest.encoding) for what is binary or in no
    encoding.
    """
    for mark, codec, name in MARKS:
        if data.startswith(mark):
            return _strict(data, codec, f"{name} (byte order mark)")
    if data.startswith(MAGIC):
        raise _binary()
    if declared is not None:
        found = _as_declared(data, declared)
        if found:
            return found
    if b"\0" in data:
        return _without_mark(data)
    if len(CONTROLS.findall(data[:65536])) > len(data[:65536]) // 50:
        raise _binary()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text, name = _detected(data)
        return text, f"{name} (detected)" if declared is None else f"{name} (declared as {declared})"
    return text, "utf-8 (detected)" if declared is None else f"utf-8 (declared as {declared})"


def declared_in_page(data: bytes) -> str | None:
    """Return the encoding that an HTML page declares in its first 4096 bytes."""
    match = META.search(data[:4096])
    return (match[1] or match[2]).decode("ascii").lower() if match else None


def _as_declared(data: bytes, declared: str) -> tuple[str, str] | None:
    try:
        name = codecs.lookup(declared).name
        wide = name.startswith(("utf-16", "utf-32"))
        if (b"\0" in data) is not wide or (name != "utf-8" and _is_utf_8(data)):
            return None
        if name == "iso8859-1" and re.search(rb"[\x80-\x9f]", data):
            # What calls itself Latin-1 and has these bytes is Windows-1252: https://encoding.spec.whatwg.org/#names-and-labels
            return data.decode("cp1252"), f"cp1252 (declared as {declared})"
        return data.decode(name), f"{name} (declared)"
    except (LookupError, UnicodeError, ValueError, TypeError):
        return None


def _is_utf_8(data: bytes) -> bool:
    """Tell whether the bytes have letters beyond ASCII and are UTF-8, which text in another encoding is not by chance."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _strict(data: bytes, codec: str, how: str) -> tuple[str, str]:
    try:
        return data.decode(codec), how
    except UnicodeDecodeError as error:
        raise RefusalError(
            "ingest.encoding",
            f"not valid {codec.removesuffix('-sig')} at byte {error.start}, though its byte order mark says so",
            "Save the file again as UTF-8, or list it in source.toml under skip.",
        ) from error


def _without_mark(data: bytes) -> tuple[str, str]:
    """Return the text of UTF-16 without a byte order mark: the zero bytes of its spaces and line ends are all on one side."""
    first, second = data[0::2].count(0), data[1::2].count(0)
    name = "utf-16-le" if second > first else "utf-16-be"
    if len(data) % 2 == 0 and min(first, second) * 50 < max(first, second) > len(data) // 100:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            raise _binary() from None
        if language.identify(text):
            return text, f"{name} (detected)"
    raise _binary()


def _detected(data: bytes) -> tuple[str, str]:
    """Return the text as the encoding reads it in which it is best in a language that the encoding was made for.

    On news in eight languages this errs a tenth as often as charset-normalizer, which takes Spanish and Portuguese for cp1250; that one
    is asked where no older European or Arabic encoding fits.
    """
    best: tuple[float, str, str] | None = None
    sample = data[:60_000]
    for name, languages in USED_FOR.items():
        text = sample.decode(name, "replace")
        if "\ufffd" in text:
            continue
        high = [char for char in text if char > "\x7f"]
        odd = sum(unicodedata.category(char) in ODD for char in high) / max(len(high), 1)
        code, probability = language.rate(text)
        if code in languages.split() and odd < 0.5 and (best is None or probability - odd > best[0]):
            best = (probability - odd, name, code)
    if best:
        return data.decode(best[1], "replace"), best[1]
    from charset_normalizer import from_bytes

    match = from_bytes(sample).best()
    if match is None or not language.identify(str(match)):
        raise RefusalError(
            "ingest.encoding",
            "in no encoding that could be told from the text",
            "Save it as UTF-8, or name its encoding in source.toml: encoding = '...'.",
        )
    return data.decode(match.encoding, "replace"), match.encoding


def _binary() -> RefusalError:
    return RefusalError(
        "ingest.binary", "not a text but a binary file", "Save the article as text or HTML, or list the file in source.toml under skip."
    )
