"""Who signs in where: the coordinator's connection, and annotators' accounts made without a browser."""

from __future__ import annotations

import getpass
import json
import os
import re
import secrets
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from dipdata.problems import CannotRunError
from dipdata.project import Project, atomic
from dipdata.studio import server
from dipdata.studio.client import Client, UnknownTokenError
from dipdata.studio.connection import TakenError, sign_in, sign_up
from dipdata.studio.keys import account_keys
from dipdata.studio.words import check

FILE = "annotators.json"
URL = "DIPDATA_STUDIO_URL"
TOKEN = "DIPDATA_STUDIO_TOKEN"  # noqa: S105  the name of a variable
TOKEN_FILE = "DIPDATA_STUDIO_TOKEN_FILE"  # noqa: S105  likewise
DOMAIN = "dipdata.invalid"


@dataclass(frozen=True, slots=True)
class Account:
    """An annotator's account; its secrets are kept out of its printed form."""

    email: str
    password: str = field(repr=False)
    token: str = field(repr=False)
    language: str | None = None


def connect(project: Project) -> Client:
    """Return a connection to the project's server, whose version is checked: that of DIPDATA_STUDIO_URL, else the embedded one.

    Raises CannotRunError without a server or a token for it, or on another version; a wrong token is refused at the first question.
    """
    url = os.environ.get(URL)
    if url:
        token = _given_token(url)
    else:
        embedded = server.status(project)
        if embedded is None:
            raise CannotRunError(
                f"{project.root}: no Label Studio was started here. Start one with `dipdata studio up`, or set {URL} and {TOKEN}."
            )
        url, token = embedded.url, embedded.token
    client = Client(url, token)
    client.check()
    return client


def _given_token(url: str) -> str:
    """Return the token of DIPDATA_STUDIO_TOKEN, of the file that DIPDATA_STUDIO_TOKEN_FILE names, or of whoever sits at the terminal.

    Personal access tokens and legacy tokens alike.
    """
    token, path = os.environ.get(TOKEN), os.environ.get(TOKEN_FILE)
    if not token and path:
        try:
            token = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise CannotRunError(f"{path}: cannot be read. Correct {TOKEN_FILE}; it names a file that holds an access token.") from None
    if not token and sys.stdin.isatty():
        token = getpass.getpass(f"Access token for {url}: ").strip()
    if not token:
        raise CannotRunError(f"{URL} names a server, but {TOKEN} is not set. Set it, or {TOKEN_FILE}, to an access token of your account.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise CannotRunError(f"{URL}: the token given for it is no access token. Copy it anew from your account's page in Label Studio.")
    return token


def add_annotator(project: Project, name: str, *, language: str | None = None) -> Account:
    """Return the annotator's account, made on the server when it is not there yet; safe to repeat.

    `language` is the one in which their own project tells the labels; it stays until another is given.
    `name` is an e-mail address or a plain name. The password and token stay in .dipdata/annotators.json, readable by the user alone.
    Raises CannotRunError on a name that makes no address, a language that the labels are not told in, or where the server refuses.
    """
    check(language)
    email = (name if "@" in name else f"{name}@{DOMAIN}").lower()
    if not re.fullmatch(r"[a-z0-9._+-]+@[a-z0-9-]+([.][a-z0-9-]+)+", email):
        raise CannotRunError(f"{name}: makes no e-mail address. Use letters, digits, dots, hyphens and underscores.")
    client = connect(project)
    known = {account.email: account for account in accounts(project)}
    account = known.get(email)
    chosen = language or (account.language if account else None)
    if account is not None and _works(client.url, account):
        account = replace(account, language=chosen)
    elif account is not None:
        # Made by a run that was interrupted, or on a server put back from a backup, which does not know the token made since.
        token = sign_in(client.url, email, account.password) or sign_up(client.url, client.invitation(), email, account.password)
        account = replace(account, token=token, language=chosen)
    else:
        account = Account(email, secrets.token_urlsafe(12), "", chosen)
        _save(project, known | {email: account})  # first: an account whose password was never written down could not be used again
        try:
            account = replace(account, token=sign_up(client.url, client.invitation(), email, account.password))
        except TakenError:
            _save(project, known)
            raise
    if account != known.get(email):
        _save(project, known | {email: account})
    if os.environ.get(URL):  # the embedded server gives its keys to everybody
        Client(client.url, account.token).set_keys(account_keys())
    return account


def _save(project: Project, known: dict[str, Account]) -> None:
    with atomic(project.private / FILE, private=True) as file:
        file.write(json.dumps([asdict(known[each]) for each in sorted(known)], indent=2).encode() + b"\n")


def accounts(project: Project) -> list[Account]:
    """Return the annotators' accounts made for this project, by address. Raises CannotRunError on an unreadable file."""
    path = project.private / FILE
    try:
        return [Account(**values) for values in json.loads(path.read_bytes())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError):
        raise CannotRunError(f"{path}: not readable as a list of accounts. Restore it, or delete it and add the annotators anew.") from None


def _works(url: str, account: Account) -> bool:
    # A server whose data was thrown away no longer knows the account; its password can be used again.
    if not account.token:
        return False
    try:
        return Client(url, account.token).email() == account.email
    except UnknownTokenError:
        return False
