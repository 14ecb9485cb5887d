"""Connections to a Label Studio, and what does not go through its API: signing up, and JSON that comes in pieces."""

from __future__ import annotations

import json
import os
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    import httpx

TIMEOUT = 300.0
CA = "DIPDATA_STUDIO_CA"
# What stands between the items of a JSON array.
BETWEEN = ", \t\r\n"
Json = dict[str, Any]


class TakenError(CannotRunError):
    """An account that the server does not make, mostly since there is one of that address."""


def connection(url: str, **more: Any) -> httpx.Client:
    """Return an HTTP client for a server: through the environment's proxy (HTTPS_PROXY, NO_PROXY) unless it is this machine, and with the
    certificates of the file that DIPDATA_STUDIO_CA or SSL_CERT_FILE names besides the usual ones.

    Raises CannotRunError where that file holds no certificates.
    """
    import ssl

    import httpx

    verify: ssl.SSLContext | bool = True
    authority = os.environ.get(CA) or os.environ.get("SSL_CERT_FILE")
    if authority and url.startswith("https:"):
        verify = ssl.create_default_context()
        try:
            verify.load_verify_locations(authority)
        except (OSError, ssl.SSLError):
            raise CannotRunError(f"{authority}: holds no certificates. Correct {CA}; it names a file in PEM form.") from None
    return httpx.Client(timeout=TIMEOUT, trust_env=not is_loopback(url), verify=verify, **more)


def is_loopback(url: str) -> bool:
    """Tell whether an address is this machine's own, where no proxy is asked."""
    return urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def silence(url: str, doing: str, error: Exception) -> CannotRunError:
    """Return what is said where no server answers."""
    return CannotRunError(
        f"{url}: no Label Studio answers there ({type(error).__name__} while trying to {doing}). "
        "Start it with `dipdata studio up`, or correct the address."
    )


def sign_in(url: str, email: str, password: str) -> str | None:
    """Return a new personal access token of an account that is there, or None where the server knows no such account and password.

    The account's older token is revoked, since Label Studio 1.23 gives each account one and shows it once.
    Raises CannotRunError where the server does not answer as expected.
    """
    return _token(url, "/user/login/", email, password)[0]


def sign_up(url: str, invitation: str, email: str, password: str) -> str:
    """Make an account by an invitation, without a browser, and return its personal access token.

    Raises TakenError where the server refuses, with its reason, and CannotRunError where it does not answer as expected.
    """
    token, said = _token(url, f"/user/signup/?token={urllib.parse.quote(invitation)}", email, password)
    if token is None:
        raise TakenError(f"{email}: Label Studio made no account{_form_error(said)}. Choose another name.")
    return token


def _token(url: str, page: str, email: str, password: str) -> tuple[str | None, str]:
    """Fill in a form that signs somebody in; return a new personal access token, or None, and what the server said.

    Source of the steps: the forms of Label Studio 1.23, then `/api/token/` in the new session.
    """
    import httpx

    try:
        with connection(url, base_url=url) as http:
            http.get(page).raise_for_status()
            headers = {"X-CSRFToken": http.cookies.get("csrftoken") or "", "Referer": url}
            reply = http.post(page, data={"email": email, "password": password}, headers=headers)
            if reply.status_code != httpx.codes.FOUND:
                return None, reply.text
            headers["X-CSRFToken"] = http.cookies.get("csrftoken") or ""
            for old in http.get("/api/token/").raise_for_status().json():
                http.post("/api/token/blacklist/", json={"refresh": old["token"]}, headers=headers).raise_for_status()
            made = http.post("/api/token/", headers=headers)
            made.raise_for_status()
            return str(made.json()["token"]), reply.text
    except httpx.TransportError as error:
        raise silence(url, f"sign {email} in", error) from None
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        raise CannotRunError(
            f"{url}: not an answer of Label Studio while trying to sign {email} in ({type(error).__name__}). Correct the address."
        ) from None


def items(chunks: Iterable[str]) -> Iterator[Json]:
    """Yield the objects of a JSON array that comes in pieces. Raises ValueError where it is none, or ends too early."""
    decoder = json.JSONDecoder()
    coming = iter(chunks)
    text, at, opened = "", 0, False
    while True:
        while at < len(text) and text[at] in BETWEEN:
            at += 1
        if opened and text.startswith("]", at):
            return
        if not opened and at < len(text):
            if text[at] != "[":
                raise ValueError("not a JSON array")
            at, opened = at + 1, True
            continue
        try:
            item, at = decoder.raw_decode(text, at)
        except ValueError:
            more = next(coming, None)
            if more is None:
                raise
            text, at = text[at:] + more, 0
            continue
        yield item


def _form_error(page: str) -> str:
    import re

    found = re.search(r'class="[^"]*error[^"]*"[^>]*>(?:\s*<li>)?\s*([^<]+?)\s*<', page)
    return f" ({found.group(1)})" if found else ""
