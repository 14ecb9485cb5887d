"""Near-duplicate texts and shared copy, in many texts at once. Pure: no I/O.

Two texts are near-duplicates when the Jaccard similarity of their sets of word shingles reaches a threshold, and share a copy when
a large part of the shorter one's shingles stands in the longer one, as where two papers print the same agency's report. MinHash
(Broder, On the resemblance and containment of documents, 1997) with banding finds candidates of the first kind, shingles sampled by
hash value (Manber, Finding similar files in a large file system, 1994) those of the second; each candidate is then measured exactly.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint32]
    Pairs = npt.NDArray[np.int64]

WORDS = 5  # in a shingle: rare enough that two articles on one event share few, as Broder used for web pages
PERMUTATIONS = 64
RECALL = 0.999  # wanted chance that a pair at the threshold becomes a candidate
SAMPLE = 16  # one shingle in so many is looked at for shared copy
COPY_MIN = 40  # shingles that a text must have before a share of it counts as a copy
POSTING = 48  # texts with one sampled shingle in common up to which all their pairs are looked at; above, neighbours only

# Scripts written without spaces: each letter counts as a word there.
LETTERS = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
UNSPACED = re.compile(f"[{LETTERS}]")
TOKEN = re.compile(r"\w+")
UNSPACED_TOKEN = re.compile(rf"[{LETTERS}]|[^\W{LETTERS}]+")


@dataclass(frozen=True, slots=True)
class Link:
    """Two texts, by index, that belong together: Jaccard similarity of their shingles, and the share of the shorter in the longer."""

    a: int
    b: int
    similarity: float
    contained: float


class Sketch(NamedTuple):
    """What is kept of a text to find its near-duplicates: arrays as bytes, some 600 for an article."""

    digest: bytes
    size: int
    """Number of shingles."""
    signature: bytes
    """MinHash, one number a permutation."""
    sample: bytes
    """The shingles by which shared copy is found."""


def sketch(text: str) -> Sketch | None:
    """Return the sketch of a text, None where it has no word."""
    import numpy as np

    if not TOKEN.search(text):
        return None
    hashes = shingles(text)
    factors, shifts = _permutations()
    sample = np.unique(hashes[hashes % SAMPLE == 0]) if len(hashes) >= COPY_MIN else hashes[:0]
    return Sketch(
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(),
        len(hashes),
        (hashes * factors + shifts).min(axis=1).tobytes(),
        sample.tobytes(),
    )


def clusters(
    texts: Sequence[str], threshold: float = 0.8, copied: float = 0.5, sketches: Sequence[Sketch | None] | None = None
) -> list[set[int]]:
    """Return the clusters of two or more texts that `links` joins, as sets of indices, sorted by their smallest index."""
    forest = _Forest(len(texts))
    for link in links(texts, threshold, copied, sketches):
        forest.join(link.a, link.b)
    members: dict[int, set[int]] = defaultdict(set)
    for index in range(len(texts)):
        members[forest.root(index)].add(index)
    return sorted((cluster for cluster in members.values() if len(cluster) > 1), key=min)


def links(texts: Sequence[str], threshold: float = 0.8, copied: float = 0.5, sketches: Sequence[Sketch | None] | None = None) -> list[Link]:
    """Return links that join each cluster of near-duplicates and shared copies with no link to spare.

    Texts are joined at a similarity of `threshold`, or where the share `copied` of the shorter stands in the longer. The clusters do
    not depend on the order of the texts. Texts without a word are left alone. No text is held, so that `texts` may read each as asked;
    with the `sketches` of all texts, those that may have a near-duplicate are read alone.
    """
    sketches = [sketch(texts[index]) for index in range(len(texts))] if sketches is None else sketches
    first: dict[bytes, int] = {}
    found = []
    for index, made in enumerate(sketches):
        if made is None:
            continue
        if made.digest in first:
            found.append(Link(first[made.digest], index, 1.0, 1.0))
        else:
            first[made.digest] = index
    # Candidates of long posting lists depend on order: an order of the texts' own, so that it is always the same.
    order = [first[digest] for digest in sorted(first)]
    forest = _Forest(len(order))
    signatures, sizes, postings = _arrays([made for index in order if (made := sketches[index]) is not None])
    hashes = functools.lru_cache(maxsize=4096)(lambda position: _distinct(shingles(texts[order[position]])))
    for a, b in _candidates(signatures, sizes, postings, threshold, copied):
        if forest.root(a) == forest.root(b):
            continue
        similarity, contained = measure(hashes(a), hashes(b))
        long_enough = min(len(hashes(a)), len(hashes(b))) >= COPY_MIN
        if similarity >= threshold or (long_enough and contained >= copied):
            forest.join(a, b)
            found.append(Link(min(order[a], order[b]), max(order[a], order[b]), similarity, contained))
    return sorted(found, key=lambda link: (link.a, link.b))


def measure(a: Hashes, b: Hashes) -> tuple[float, float]:
    """Return Jaccard similarity and the share of the smaller set in the larger, of two sorted sets of shingle hashes."""
    import numpy as np

    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common), common / min(len(a), len(b))


def shingles(text: str) -> Hashes:
    """Return a hash of each run of `WORDS` words of a text, in text order; of the whole text where it has fewer words."""
    import numpy as np

    pattern = UNSPACED_TOKEN if UNSPACED.search(text) else TOKEN
    words = np.fromiter(map(_VOCABULARY.__getitem__, pattern.findall(text.lower())), dtype=np.uint64)
    size = max(1, len(words) - WORDS + 1)
    mixed = words[:size].copy()
    for n in range(1, min(WORDS, len(words))):
        mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed += words[n : n + size]
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(32)).astype(np.uint32)


class _Vocabulary(dict[str, int]):
    """Word -> 64-bit hash, the same in every process, unlike `hash`; kept since most words come again."""

    def __missing__(self, word: str) -> int:
        if len(self) > 2_000_000:
            self.clear()
        value = self[word] = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        return value


_VOCABULARY = _Vocabulary()


class _Forest:
    """Union-find with path halving."""

    def __init__(self, size: int) -> None:
        self.parents = list(range(size))

    def root(self, node: int) -> int:
        parents = self.parents
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    def join(self, a: int, b: int) -> None:
        a, b = self.root(a), self.root(b)
        self.parents[max(a, b)] = min(a, b)


@functools.cache
def _permutations() -> tuple[Hashes, Hashes]:
    import numpy as np

    rng = np.random.Generator(np.random.PCG64(20260301))
    factors = rng.integers(0, 2**31, (PERMUTATIONS, 1), dtype=np.uint32) * np.uint32(2) + np.uint32(1)  # odd: a permutation of 32 bits
    return factors, rng.integers(0, 2**32, (PERMUTATIONS, 1), dtype=np.uint32)


def _arrays(sketches: Sequence[Sketch]) -> tuple[Hashes, Pairs, tuple[Hashes, Pairs]]:
    """Return MinHash signatures (one row a text), numbers of shingles, and sampled shingles with the text each is of."""
    import numpy as np

    signatures = np.frombuffer(b"".join(made.signature for made in sketches), dtype=np.uint32).reshape(-1, PERMUTATIONS)
    sizes = np.fromiter((made.size for made in sketches), dtype=np.int64)
    of = np.repeat(np.arange(len(sketches), dtype=np.int64), [len(made.sample) // 4 for made in sketches])
    return signatures, sizes, (np.frombuffer(b"".join(made.sample for made in sketches), dtype=np.uint32), of)


def _candidates(
    signatures: Hashes, sizes: Pairs, postings: tuple[Hashes, Pairs], threshold: float, copied: float
) -> Iterator[tuple[int, int]]:
    import numpy as np

    rows = _rows(threshold)
    for band in range(PERMUTATIONS // rows):
        part = np.ascontiguousarray(signatures[:, band * rows : (band + 1) * rows])
        keys = part.view(np.dtype((np.void, part.itemsize * rows))).ravel()
        yield from _pairs(keys, np.arange(len(keys), dtype=np.int64))
    pairs = np.fromiter((a * len(sizes) + b for a, b in _pairs(*postings)), dtype=np.int64)
    unique, counts = np.unique(pairs, return_counts=True)
    shorter = np.minimum(sizes[unique // max(1, len(sizes))], sizes[unique % max(1, len(sizes))])
    # Half of the sampled shingles that a copy is expected to share: the sample varies.
    for pair in unique[counts >= np.maximum(1, shorter / SAMPLE * copied / 2)]:
        yield int(pair // len(sizes)), int(pair % len(sizes))


def _pairs(keys: Any, of: Pairs) -> Iterator[tuple[int, int]]:
    """Yield pairs of texts with an equal key: all of them in a small group, neighbours in a large one."""
    import numpy as np

    _, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(inverse, kind="stable")
    ends = np.cumsum(counts)
    for group in np.flatnonzero(counts > 1):
        members = of[order[ends[group] - counts[group] : ends[group]]].tolist()
        if len(members) <= POSTING:
            yield from ((a, b) for n, a in enumerate(members) for b in members[n + 1 :])
        else:
            yield from itertools.pairwise(members)


def _rows(threshold: float) -> int:
    """Return the rows of a band: as many as leave a pair at the threshold the wanted chance to meet in one band."""
    return max((r for r in range(1, 17) if 1 - (1 - threshold**r) ** (PERMUTATIONS // r) >= RECALL), default=1)


def _distinct(hashes: Iterable[Any]) -> Hashes:
    import numpy as np

    found: Hashes = np.unique(np.asarray(hashes, dtype=np.uint32))
    return found
