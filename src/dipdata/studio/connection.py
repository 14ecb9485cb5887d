"""Connections to a Label Studio, and what does not go through its API: signing up, and JSON that comes in pieces."""

from __future__ import annotations

import json
import os
import re
import urllib.parse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    import httpx

TIMEOUT = 300.0
CA = "DIPDATA_STUDIO_CA"
# The comma before a task, as Label Studio 1.23 writes exports: within a string the quotes would have backslashes.
BEGIN = re.compile(rb',(?= \{"id": [0-9]{1,20}, "annotations": )')
LONGEST_BEGIN = 60
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
    """Return what is said where no server answers, or one whose certificate this machine does not trust."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return CannotRunError(f"{url}: its certificate is not one that this machine trusts. Name a file with its authority in {CA}.")
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


def parse(content: bytes) -> Any:
    """Return what a JSON text says. Raises ValueError where it is none.

    What orjson does not take may still be JSON as Label Studio writes it: with half of a surrogate pair, or NaN.
    """
    import orjson

    try:
        return orjson.loads(content)
    except ValueError:
        return json.loads(content)


def items(chunks: Iterable[bytes]) -> Iterator[Json]:
    """Yield the tasks of an export, a JSON array that comes in pieces of any size.

    What has come is cut where its last task begins, and parsed at once, which is quicker than task by task. What is no JSON
    so was not to be cut there, and waits for more. Raises ValueError where the whole is no array, or ends too early.
    """
    text = opening = b""
    for chunk in chunks:
        searched = max(len(text) - LONGEST_BEGIN, 0)
        text += chunk
        last = max((found.start() for found in BEGIN.finditer(text, searched)), default=0)
        if not last:
            continue
        try:
            whole = parse(opening + text[:last] + b"]")
        except ValueError:
            continue
        text, opening = text[last + 1 :], b"["
        yield from whole
    rest = parse(opening + text)
    if not isinstance(rest, list):
        raise ValueError("not a JSON array")
    yield from rest


def _form_error(page: str) -> str:
    found = re.search(r'class="[^"]*error[^"]*"[^>]*>(?:\s*<li>)?\s*([^<]+?)\s*<', page)
    return f" ({found.group(1)})" if found else ""
