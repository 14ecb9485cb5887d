"""References: ids are unique and derived as they should be, what a record names is there, and nobody can be named by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dipdata.checks.catalogue import error, warning
from dipdata.explain import show
from dipdata.problems import Problem
from dipdata.records import annotation_id, statement_id

DUPLICATE = error("references.duplicate-id", "Two records of a kind have the same id.", "Keep one of them.")
STATEMENT_ID = error(
    "references.statement-id",
    "The id of a statement is not made from its article and content.",
    "Run `dipdata segment` again; an id is never written by hand.",
)
ANNOTATION_ID = error(
    "references.annotation-id",
    "The id of an annotation is not made from its statement and annotator.",
    "Pull the annotation again; an id is never written by hand.",
)
ARTICLE = error(
    "references.article-missing",
    "The article of a statement is not there.",
    "Restore the raw file, or remove the statement and its annotations.",
)
STATEMENT = error(
    "references.statement-missing",
    "The statement of an annotation or of gold is not there.",
    "Restore annotations/statements.jsonl, or remove the record.",
)
ANNOTATION = error(
    "references.annotation-missing",
    "Gold rests on an annotation that is not there, or is of another statement.",
    "Run `dipdata adjudicate`.",
)
TARGET = error("references.target-region", "A gold target is in no annotation that the gold rests on.", "Run `dipdata adjudicate`.")
TARGET_TWICE = error("references.target-twice", "A record has the same target region twice.", "Keep one, with its stance.")
CHAIN = error(
    "references.chain-cycle",
    "A chain comes back to somebody it has passed.",
    "Name each outlet, agency or spokesperson once, outermost first.",
)
MISPLACED = error(
    "references.misplaced", "An annotation stands in the file of another annotator.", "Move the line to the file of its annotator."
)
PSEUDONYM = error(
    "references.pseudonym",
    "A file of annotations is not named by a pseudonym.",
    "Pull again: dipdata names files by a keyed hash, never by account.",
)
EMAIL = error(
    "references.email",
    "An e-mail address stands in a record, a card or a file name.",
    "Replace it by a pseudonym or a link, in the history too.",
)
TOKEN = error(
    "references.token", "An access token or key stands in a record or a card.", "Revoke it now, then remove it, from the history too."
)
UNSORTED = warning(
    "references.unsorted",
    "A file of annotations is not sorted, so that diffs show moves instead of changes.",
    "Run `dipdata validate --fix`.",
)

ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[A-Za-z]{2,24}")
# Forms in which services print their keys: JSON web tokens (Label Studio), Hugging Face, GitHub, GitLab, OpenAI, Slack, AWS, PEM.
# Written so that RE2, Arrow's engine, finds no less by it.
SECRET = re.compile(
    r"eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.|\bhf_[A-Za-z0-9]{30,}|\bgh[pousr]_[A-Za-z0-9]{36,}|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bsk-[A-Za-z0-9_-]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAKIA[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b[Tt]oken[ =:]+[0-9a-f]{40}\b"
)
# One of these stands in whatever the two expressions find.
SIGNS = ("@", "eyJ", "hf_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "sk-", "xox", "AKIA", "PRIVATE KEY", "oken")
# Words of the source itself, where an address may be printed; `hygiene` looks into these.
QUOTED = {"surface", "text", "context"}


def statement(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the names in a statement."""
    who = values["id"]
    pairs = [(span["start"], span["end"]) for span in values["content"]]
    wanted = statement_id(values["article_sha256"], pairs)
    if who != wanted:
        yield STATEMENT_ID.at(who, f"article and content make the id {wanted}", pointer="/id")
    if chain := values["chain"]:
        passed: set[str] = set()
        for n, name in enumerate(chain):
            if name.casefold() in passed:
                yield CHAIN.at(who, f"the chain passes {name!r} twice", pointer=f"/chain/{n}")
            passed.add(name.casefold())
    yield from twice(who, values["targets"])


def annotation(values: Mapping[str, Any], stem: str | None) -> Iterator[Problem]:
    """Yield what is wrong with the names in an annotation; `stem` is the pseudonym that its file is named by, if any."""
    who = values["id"]
    wanted = annotation_id(values["statement_id"], values["annotator"])
    if who != wanted:
        yield ANNOTATION_ID.at(who, f"statement and annotator make the id {wanted}", pointer="/id")
    if stem is not None and values["annotator"] != stem:
        yield MISPLACED.at(who, f"is by {values['annotator']} and stands in the file of {stem}", pointer="/annotator")
    yield from twice(who, values["targets"])


def twice(who: str, targets: list[Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield a problem for each target whose region another target of the record has."""
    regions = [(target["start"], target["end"]) for target in targets]
    if len(set(regions)) < len(regions):
        for n, region in enumerate(regions):
            if region in regions[:n]:
                message = f"target {region[0]}-{region[1]} ({show(targets[n]['surface'])}) is there twice"
                yield TARGET_TWICE.at(who, message, pointer=f"/targets/{n}")


def may_hide(values: Mapping[str, Any]) -> bool:
    """Tell whether a valid statement may hold an address or a token: its other values are the source's words, or bound by a pattern."""
    names = [speaker["name"] for speaker in values["speakers"]]
    words = "\n".join((values["rule"], *values["chain"], *values["addressees"], *names))
    return any(sign in words for sign in SIGNS)


def private(who: str, value: Any, pointer: str = "") -> Iterator[Problem]:
    """Yield a problem for each e-mail address and token in the strings of a record but for words of the source."""
    if isinstance(value, str):
        yield from secrets(who, value, pointer or None)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in QUOTED:
                yield from private(who, item, f"{pointer}/{key}")
    elif isinstance(value, list):
        for n, item in enumerate(value):
            yield from private(who, item, f"{pointer}/{n}")


def secrets(who: str, text: str, pointer: str | None = None, *, file: str | None = None, line: int | None = None) -> Iterator[Problem]:
    """Yield a problem for each e-mail address and token in a string. The message never repeats what was found in full."""
    for found in ADDRESS.finditer(text) if "@" in text else ():
        yield EMAIL.at(who, f"holds the e-mail address {found[0][0]}…@{found[0].rpartition('@')[2]}", pointer=pointer, file=file, line=line)
    for found in SECRET.finditer(text):
        yield TOKEN.at(who, f"holds what looks like a secret: {found[0][:6]}…", pointer=pointer, file=file, line=line)
