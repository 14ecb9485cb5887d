"""What checks must look up: articles by id, statements by id. Texts stand in a temporary file and ids in arrays, so that memory
stays flat: about 16 bytes an id, whatever the length of the articles."""

from __future__ import annotations

import os
import sys
import tempfile
from array import array
from bisect import bisect_left
from hashlib import blake2b
from typing import IO, TYPE_CHECKING, Any

import orjson

from dipdata.columns import hexadecimal
from dipdata.duplicates import Sketch
from dipdata.forms import quoted_stretches

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

JOINING = "\u0300"  # the first character that joins the one before it, but for the line feed after a carriage return
HELD = 256 * 2**20  # bytes of texts that a process keeps
UNKNOWN = 2**64 - 1  # value of a record that is there and too broken to be used


IDENTIFIER = r"\A[as]-[0-9a-f]{16}\z"


def key_of(name: str) -> int:
    """Return the 64 bits that stand for an id: exact for ids of statements and annotations, a hash for those of articles."""
    if name[1:2] == "-" and len(name) == 18:
        try:
            return int(name[2:], 16)
        except ValueError:
            pass
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def keys_of(names: pa.StringArray) -> npt.NDArray[np.uint64]:
    """Return `key_of` each of an array of ids without nulls: of one that comes often, once."""
    import numpy as np
    import pyarrow.compute as pc

    if pc.all(pc.match_substring_regex(names, IDENTIFIER), min_count=0).as_py():
        return hexadecimal(pc.utf8_slice_codeunits(names, 2))
    encoded = names.dictionary_encode()
    keys = np.fromiter(map(key_of, encoded.dictionary.to_pylist()), np.uint64, len(encoded.dictionary))
    found: npt.NDArray[np.uint64] = keys[encoded.indices.to_numpy()]
    return found


class Known:
    """An article as the checks of spans need it."""

    __slots__ = ("_breaks", "file", "id", "sha256", "stretches", "text", "zones")

    def __init__(self, key: str, sha256: str, text: str, zones: list[list[Any]], stretches: list[list[int]], file: str | None) -> None:
        self.id, self.sha256, self.text, self.zones, self.file = key, sha256, text, zones, file
        # The stretches of the text inside quotation marks.
        self.stretches = [(start, end) for start, end in stretches]
        self._breaks: frozenset[int] | None = None

    def cuts_grapheme(self, at: int) -> bool:
        """Tell whether a span that starts or ends at code point `at` cuts a character that readers see as one (UAX #29)."""
        text = self.text
        if not 0 < at < len(text) or text[at] < JOINING:
            return False
        if self._breaks is None:
            self._breaks = _inside(text)
        return at in self._breaks


def _inside(text: str) -> frozenset[int]:
    import regex

    # Most texts have nothing that joins the character before it.
    if not regex.search(r"[\p{M}\p{RI}\p{Emoji_Modifier}\u200c\u200d\u1100-\u11ff\uac00-\ud7ff]", text):
        return frozenset()
    return frozenset(n for match in regex.finditer(r"\X", text) for n in range(match.start() + 1, match.end()))


class Index:
    """Ids and a number for each. Fill it, `seal` it, then look up."""

    def __init__(self) -> None:
        self.keys, self.values = array("Q"), array("Q")

    def extend(self, keys: array[int], values: array[int]) -> None:
        """Add ids by key with their numbers."""
        self.keys.extend(keys)
        self.values.extend(values)

    def seal(self) -> list[tuple[int, int]]:
        """Sort, and return `(key, times)` of each id that more than one usable record has."""
        import numpy as np

        keys, values = np.frombuffer(self.keys, dtype=np.uint64), np.frombuffer(self.values, dtype=np.uint64)
        if not len(keys):
            return []
        order = np.lexsort((values, keys))  # a usable record comes before an unusable one
        keys, values = keys[order], values[order]
        usable, counts = np.unique(keys[values != UNKNOWN], return_counts=True)
        self.keys, self.values = array("Q", keys.tobytes()), array("Q", values.tobytes())
        return [(int(key), int(times)) for key, times in zip(usable[counts > 1], counts[counts > 1], strict=True)]

    def get(self, key: int) -> int | None:
        """Return the number of an id, `UNKNOWN` where its record is unusable, None where there is no record."""
        at = bisect_left(self.keys, key)
        return self.values[at] if at < len(self.keys) and self.keys[at] == key else None

    def find(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        """Return the number of each id, `UNKNOWN` where there is no record as well."""
        import numpy as np

        known, values = np.frombuffer(self.keys, dtype=np.uint64), np.frombuffer(self.values, dtype=np.uint64)
        if not len(known):
            return np.full(len(keys), UNKNOWN, dtype=np.uint64)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[at] == keys, values[at], np.uint64(UNKNOWN))


class Spool:
    """Articles written by one process, in a file without a name, read by any that was forked later."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the run
        self._size = 0

    def write(self, values: dict[str, Any], file: str | None) -> tuple[int, int]:
        """Write an article; return where it stands, as offset and length in bytes."""
        zones = [[zone["kind"], zone["start"], zone["end"]] for zone in values["zones"]]
        # Found once here: an article is read back for each of its statements where these do not come together.
        stretches = quoted_stretches(values["text"])
        record = orjson.dumps([values["id"], values["sha256"], values["text"], zones, stretches, file])
        offset = self._size
        self._file.write(record)
        self._size += len(record)
        return offset, len(record)

    def flush(self) -> None:
        """Make what was written readable."""
        self._file.flush()

    def read(self, offset: int, length: int) -> list[Any]:
        """Return the fields of `Known` that stand there."""
        found: list[Any] = orjson.loads(os.pread(self._file.fileno(), length, offset))
        return found


class Texts:
    """Articles by number or id. What was read is held in memory, up to `HELD`: statements come in an order of their own ids."""

    def __init__(self, spools: list[Spool]) -> None:
        self.spools = spools
        self.index = Index()
        self._spool, self._offsets, self._lengths = array("B"), array("Q"), array("I")
        self.sketches: list[Sketch | None] = []
        self._held: dict[int, Known] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._offsets)

    def add(self, keys: array[int], spool: int, places: list[tuple[int, int] | None], sketches: list[Sketch | None]) -> None:
        """Add articles by key, with their places in a spool, None for one that cannot be used, and the sketches of those that can."""
        self.sketches.extend(sketches)
        values = array("Q")
        for place in places:
            if place is None:
                values.append(UNKNOWN)
                continue
            values.append(len(self._offsets))
            self._spool.append(spool)
            self._offsets.append(place[0])
            self._lengths.append(place[1])
        self.index.extend(keys, values)

    def number(self, number: int) -> Known:
        """Return an article."""
        found = self._held.get(number)
        if found is None:
            found = Known(*self.spools[self._spool[number]].read(self._offsets[number], self._lengths[number]))
            self._size += sys.getsizeof(found.text)
            if self._size > HELD:
                self._held.clear()
                self._size = sys.getsizeof(found.text)
            self._held[number] = found
        return found

    def text(self, number: int) -> str:
        """Return the text of an article without keeping it."""
        found: str = self.spools[self._spool[number]].read(self._offsets[number], self._lengths[number])[2]
        return found
