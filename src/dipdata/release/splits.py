"""Articles -> splits. A cluster of near-duplicates goes to one split as a whole, and an article keeps the split it was published in."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import orjson

from dipdata.duplicates import Sketch, clusters, sketch
from dipdata.problems import CannotRunError, Problems
from dipdata.project import atomic
from dipdata.records import Article

FILE = "splits.jsonl"
# Articles alike to this degree (Jaccard similarity of word shingles) never stand in two splits.
NEAR = 0.8
KEYS = {"lang": "a language code", "outlet": "the name of an outlet", "since": "a date"}


@dataclass(frozen=True, slots=True)
class HoldOut:
    """What the test split is made of, instead of a share of everything: a language, an outlet, or all from a date on."""

    key: str
    value: str

    def __str__(self) -> str:
        return f"{self.key}={self.value}"

    def holds(self, article: Article) -> bool:
        """Tell whether an article is held out. One without a date is not held out by date."""
        if self.key == "since":
            return article.date is not None and article.date >= self.value
        return bool(getattr(article, self.key) == self.value)


def hold_out(text: str) -> HoldOut:
    """Return the hold-out that `KEY=VALUE` names. Raises CannotRunError where the key is none or the date is no date."""
    key, _, value = text.partition("=")
    if key not in KEYS or not value or (key == "since" and not _is_date(value)):
        forms = ", ".join(f"{name}= and {what}" for name, what in KEYS.items())
        raise CannotRunError(f"--hold-out {text}: not understood. Give {forms}.")
    return HoldOut(key, value)


def _is_date(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def assign(
    articles: Sequence[Article],
    shares: Mapping[str, float],
    seed: int,
    *,
    labels: Mapping[str, Mapping[str, int]] | None = None,
    sketches: Mapping[str, Sketch | None] | None = None,
    frozen: Mapping[str, str] | None = None,
    held: HoldOut | None = None,
    problems: Problems,
) -> dict[str, str]:
    """Return the split of each article by id, seeded and stratified over language, outlet and labels, in the given shares.

    Clusters of near-duplicates are placed whole, the largest first and in a seeded order that neither file order nor ids change: each
    goes to the split that is furthest behind its shares of what the cluster has. `labels` counts the label values of an article's
    statements, `sketches` gives those that are made already. An article in `frozen` stays in its split, and draws its near-duplicates
    there; where two such splits pull, the article goes to the first of them and is reported (`release.split-leak`). What `held` holds
    out is the test split, near-duplicates included.

    Raises CannotRunError where a frozen article would move, since `shares` has its split no longer or `held` holds it out or
    does not, where `held` holds out nothing, or `shares` has no test split.
    """
    frozen, labels = frozen or {}, labels or {}
    for article in articles:
        if frozen.get(article.id, next(iter(shares))) not in shares:
            raise CannotRunError(
                f"{article.id}: was published in the split {frozen[article.id]!r}, which dipdata.toml has no longer, and would move. "
                "Articles never change split: give the split back under [splits], or release under another name."
            )
    if held and "test" not in shares:
        raise CannotRunError(f"--hold-out {held}: the project has no test split. Add one under [splits] in dipdata.toml.")
    traits = {article.id: _traits(article, labels.get(article.id, {})) for article in articles}
    units = _units(articles, traits, seed, sketches or {})
    have: dict[str, Counter[str]] = {split: Counter() for split in shares}
    splits: dict[str, str] = {}

    def place(members: Iterable[Article], split: str) -> None:
        for article in members:
            splits[article.id] = split
            have[split].update(traits[article.id])

    free: list[list[Article]] = []
    for unit in units:
        at = {frozen[article.id] for article in unit if frozen.get(article.id) in shares}
        if held and any(map(held.holds, unit)):
            for article in unit:
                if frozen.get(article.id, "test") != "test":
                    raise CannotRunError(
                        f"--hold-out {held}: {article.id} was published in {frozen[article.id]} and would move. "
                        "Articles never change split; release under another name."
                    )
            place(unit, "test")
        elif at:
            if held and "test" in at:
                raise CannotRunError(
                    f"--hold-out {held}: {unit[0].id} was published in test and is not held out. "
                    "Articles never change split: hold out what was held out before, or release under another name."
                )
            draw = next(split for split in shares if split in at)
            for article in unit:
                place([article], frozen.get(article.id, draw))
            if len(at) > 1:
                problems.add(
                    "release.split-leak",
                    unit[0].id,
                    f"{len(unit)} near-duplicates stand in {', '.join(sorted(at))}, as they were published",
                    "Leave the new copy out with `skip` in its source.toml, or release under another name.",
                    severity="warning",
                )
        else:
            free.append(unit)
    if held and "test" not in splits.values():
        raise CannotRunError(f"--hold-out {held}: no article is held out. Name a value that the articles have.")
    open_shares = {split: share for split, share in shares.items() if not (held and split == "test")}
    scale = sum(open_shares.values())
    if not open_shares and free:
        raise CannotRunError(f"--hold-out {held}: no split is left for the other articles. Add one under [splits] in dipdata.toml.")
    usual = _usual(traits.values())
    seen: Counter[str] = sum((have[split] for split in open_shares), Counter())
    for unit in free:
        brings: Counter[str] = sum((traits[article.id] for article in unit), Counter())
        seen.update(brings)

        def lack(split: str, brings: Counter[str] = brings) -> float:
            """How far the split is behind its share of each trait, counted in articles with a usual amount of it."""
            share = open_shares[split] / scale
            return sum(count * (share * seen[trait] - have[split][trait]) / usual[trait] ** 2 for trait, count in brings.items() if count)

        place(unit, max(open_shares, key=lack))
    return splits


def read(folder: Path) -> dict[str, str]:
    """Return the splits that were frozen in `folder`, by article id; {} without the file. Raises CannotRunError where it is broken."""
    path = folder / FILE
    found = {}
    try:
        for line in path.read_bytes().splitlines():
            values = orjson.loads(line)
            found[str(values["article_id"])] = str(values["split"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise CannotRunError(
            f"{path}: cannot be read ({error}). Restore it from the last commit: it keeps articles in their splits."
        ) from error
    return found


def write(folder: Path, splits: Mapping[str, str]) -> None:
    """Freeze splits in `folder`, one article a line, those that are frozen already as they are."""
    content = b"".join(
        orjson.dumps({"article_id": key, "split": split}, option=orjson.OPT_APPEND_NEWLINE)
        for key, split in sorted((dict(splits) | read(folder)).items())
    )
    path = folder / FILE
    if not path.is_file() or path.read_bytes() != content:
        with atomic(path) as file:
            file.write(content)


def _traits(article: Article, labels: Mapping[str, int]) -> Counter[str]:
    return Counter({"articles": 1, f"lang={article.lang}": 1, f"outlet={article.outlet}": 1, **labels})


def _usual(traits: Iterable[Counter[str]]) -> dict[str, float]:
    """Return how much of each trait an article has that has any."""
    totals: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for counts in traits:
        totals.update(counts)
        times.update(trait for trait, count in counts.items() if count)
    return {trait: total / times[trait] for trait, total in totals.items() if total}


def _units(
    articles: Sequence[Article], traits: Mapping[str, Counter[str]], seed: int, sketches: Mapping[str, Sketch | None]
) -> list[list[Article]]:
    """Return clusters of near-duplicates and single articles, the largest first, in a seeded order."""
    ordered = sorted(articles, key=lambda a: a.id)
    cluster_of: dict[int, int] = {}
    made = [sketches[article.id] if article.id in sketches else sketch(article.text) for article in ordered]
    for members in clusters([article.text for article in ordered], NEAR, sketches=made):
        cluster_of |= dict.fromkeys(members, min(members))
    units: dict[int, list[Article]] = defaultdict(list)
    for index, article in enumerate(ordered):
        units[cluster_of.get(index, index)].append(article)

    def key(unit: list[Article]) -> tuple[int, bytes]:
        return -sum(traits[article.id].total() for article in unit), min(
            hashlib.sha256(f"{seed};{article.sha256}".encode()).digest() for article in unit
        )

    return sorted(units.values(), key=key)
