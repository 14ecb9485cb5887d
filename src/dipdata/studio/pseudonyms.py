"""Annotators' pseudonyms: a keyed hash of the account's e-mail address, so that no address enters the dataset.

Without the key nobody can tell by trying addresses whose pseudonym it is; with the same key the same account always gets the same
pseudonym. The key stays out of git, in .dipdata/pseudonym.key or the environment.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets

from dipdata.problems import CannotRunError
from dipdata.project import Project, atomic

FILE = "pseudonym.key"
VARIABLE = "DIPDATA_PSEUDONYM_KEY"
SHORTEST = 16


def pseudonym(key: bytes, account: str) -> str:
    """Return `p-` and the first 12 hexadecimal digits of HMAC-SHA-256 over the e-mail address, upper and lower case alike."""
    return "p-" + hmac.new(key, account.strip().casefold().encode(), hashlib.sha256).hexdigest()[:12]


def pseudonym_key(project: Project) -> bytes:
    """Return the project's key: that of the environment variable, else of the file, which is made when it is missing.

    Raises CannotRunError on a key that is too short or a file that cannot be read.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        if len(given) < SHORTEST:
            raise CannotRunError(f"{VARIABLE}: shorter than {SHORTEST} characters. Give a longer one, or unset it to use the file.")
        return given.encode()
    path = project.private / FILE
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        text = secrets.token_hex(32)
        project.private.mkdir(parents=True, exist_ok=True)
        project.private.chmod(0o700)
        with atomic(path, private=True) as file:
            file.write(text.encode() + b"\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{path}: the pseudonym key cannot be read ({error}). Restore it; a new one gives new pseudonyms.") from error
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise CannotRunError(f"{path}: not 64 hexadecimal digits. Restore the key; a new one gives new pseudonyms.")
    return text.encode()
