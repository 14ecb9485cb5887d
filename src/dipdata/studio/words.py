"""What the annotator's view says besides the labels, in every language that it is offered in."""

from __future__ import annotations

from dataclasses import dataclass

from dipdata.problems import CannotRunError

RTL = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. `keys` explains the keys that are no value's own; `missing` follows a required answer."""

    whole: str
    guidelines: str
    keys: str
    missing: str


LANGUAGES = {
    "en": Words(
        "Whole article",
        "Guidelines",
        "1–9 region · Ctrl+Enter submit · Ctrl+Space skip",
        "Not a statement? Press {key}, then Ctrl+Space.",
    ),
    "fr": Words(
        "Article entier",
        "Consignes",
        "1–9 passage · Ctrl+Entrée valider · Ctrl+Espace passer",
        "Pas une déclaration ? Touche {key}, puis Ctrl+Espace.",
    ),
    "es": Words(
        "Artículo completo",
        "Instrucciones",
        "1–9 pasaje · Ctrl+Intro enviar · Ctrl+Espacio saltar",
        "¿No es una declaración? Pulse {key} y después Ctrl+Espacio.",
    ),
    "ru": Words(
        "Вся статья",
        "Инструкция",
        "1–9 фрагмент · Ctrl+Enter отправить · Ctrl+пробел пропустить",
        "Не высказывание? Нажмите {key}, затем Ctrl+пробел.",
    ),
    "ar": Words(
        "المقال كاملًا",
        "الإرشادات",
        "1–9 المقطع · Ctrl+Enter إرسال · Ctrl+Space تخطٍّ",
        "ليس تصريحًا؟ اضغط {key} ثم Ctrl+Space.",
    ),
}


def check(language: str | None) -> None:
    """Raise CannotRunError where annotators cannot be told the labels in this language; None leaves it open."""
    if language is not None and language not in LANGUAGES:
        raise CannotRunError(f"language {language!r}: the labels are told in {', '.join(LANGUAGES)}. Choose one of them.")


def words(lang: str) -> Words:
    """Return the words of a language, or the English ones where it is not offered."""
    return LANGUAGES.get(lang, LANGUAGES["en"])


def direction(lang: str) -> str:
    """Return `rtl` for a language written from right to left, else `ltr`."""
    return "rtl" if lang in RTL else "ltr"
