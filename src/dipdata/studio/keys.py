"""The keys of Label Studio's own actions: a digit for each region, and the same keys on every system.

Label Studio 1.23 has no key for a single region, but an action may have several keys, and a key several actions, which run in the
order that `stores/AppStore.js` adds them in. So the digit n takes the selection back, and then goes on by n regions. On a Mac it
binds other keys than the ones that our guidelines name; here both work.
"""

from __future__ import annotations

Keys = dict[str, dict[str, str]]

MOST = 9
# An account's own keys may have 50 characters an action (`users/serializers.py`), which is enough for so many digits.
MOST_OF_ACCOUNT = 6
# The part of Label Studio's settings that an action stands in.
SECTIONS = {"region": "regions", "annotation": "annotation"}


def keymap(most: int = MOST) -> Keys:
    """Return the keys of a server's labelling screen by action, with digits for the first `most` regions."""
    digits = [str(number) for number in range(1, most + 1)]
    return {
        "region:unselect": {"key": ",".join(["u", *digits])},
        "region:cycle": {"key": ",".join(["alt+.", *(digit for digit in digits for _ in range(int(digit)))])},
        "annotation:submit": {"key": "ctrl+enter,command+enter"},
        "annotation:skip": {"key": "ctrl+space,alt+enter"},
    }


def account_keys() -> Keys:
    """Return the same keys as the settings of one account, for a server that was started without them."""
    return {f"{SECTIONS[action.partition(':')[0]]}:{action}": keys for action, keys in keymap(MOST_OF_ACCOUNT).items()}
