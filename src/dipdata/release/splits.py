"""Articles -> splits. A whole article goes to one split, since its statements share words and speakers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from dipdata.records import Article


def assign(articles: Iterable[Article], shares: Mapping[str, float], seed: int) -> dict[str, str]:
    """Return the split of each article by id, seeded, stratified over language and outlet, in the given shares.

    Each article goes to the split that is furthest behind its share; articles come in an order of language, outlet and a seeded
    hash of the text, so that neither file order nor ids matter. With fewer articles than splits the last splits stay without.
    """
    order = sorted(articles, key=lambda a: (a.lang, a.outlet, hashlib.sha256(f"{seed};{a.sha256}".encode()).digest()))
    given = dict.fromkeys(shares, 0)
    splits: dict[str, str] = {}
    for count, article in enumerate(order, start=1):
        split = max(shares, key=lambda name: shares[name] * count - given[name])
        given[split] += 1
        splits[article.id] = split
    return splits
