"""The forms of a lemma: from a list of its forms, or by the paradigm with the longest matching ending."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dipdata.statements.grammar import KINDS


class Paradigms:
    """Expands a lemma to its forms: by [forms] when listed there, else by the paradigm with the longest matching ending."""

    def __init__(self, paradigms: dict[str, Any], forms: dict[str, Any], declensions: dict[str, str], negative: str) -> None:
        self._paradigms = sorted(paradigms.items(), key=lambda item: -len(item[0]))
        self._forms = forms
        self._declensions = {kind: endings.split() for kind, endings in declensions.items()}
        self._prefixes = ("", negative) if negative else ("",)

    def forms(self, lemma: str) -> Iterator[tuple[str, int, bool]]:
        """Yield the forms of a lemma, the kind of each, and whether a reflexive is written together with it (*negándose*).

        A form of a kind that is declined comes with each of its endings, and each form with the negative prefix too (*neřekl*).
        """
        seen = set()
        for stem, name in self._plain(lemma):
            kind, fused = KINDS[name.removeprefix("reflexive-")], name.startswith("reflexive-")
            for ending in self._declensions.get(name, ("",)):
                for prefix in self._prefixes:
                    form = prefix + stem + ending
                    if (form, kind) not in seen:
                        seen.add((form, kind))
                        yield form, kind, fused

    def _plain(self, lemma: str) -> Iterator[tuple[str, str]]:
        if lemma in self._forms:
            for name, words in self._forms[lemma].items():
                for word in words.split():
                    yield word, name
            return
        first, *others = lemma.split("~")  # principal parts: templates name them by number
        for ending, endings in self._paradigms:
            if first.endswith(ending):
                stem = first[: len(first) - len(ending)]
                for name, words in endings.items():
                    for word in words.split():
                        if not others:
                            yield stem + ("" if word == "-" else word), name
                        elif not any(digit.isdigit() and int(digit) > len(others) + 1 for digit in word):
                            yield _parts(word, (stem, *others)), name
                return
        raise ValueError(f"no paradigm and no [forms] for the verb {lemma!r}")


def _parts(template: str, parts: tuple[str, ...]) -> str:
    """Return a form from a template that names principal parts by number (`ي2ون` with `أعلن~علن~معلن`: *يعلنون*)."""
    for number, part in enumerate(parts, 1):
        template = template.replace(str(number), part)
    return template
