"""hydrate: the texts that a release withholds, put back from the user's own copies of the articles, each proved by its hash."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dipdata import tables
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Article, text_sha256
from dipdata.release import blocks, card, croissant, manifest, modes, tabular
from dipdata.release.rows import SEPARATOR, context
from dipdata.schemas import CONFIGS, Contract

Row = dict[str, Any]
README = "README.md"
# Where a sentence can begin in a copy: after a space or at the start.
BEGINNING = re.compile(r"(?<!\S)\S")


@dataclass(frozen=True, slots=True)
class Hydrated:
    """What was put back: articles found whole, statements found in them or elsewhere in a changed copy, of how many."""

    path: Path
    articles: int
    articles_found: int
    statements: int
    statements_found: int
    statements_moved: int

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, so that the release equals the one with full texts byte for byte."""
        return self.articles_found == self.articles and self.statements_found - self.statements_moved == self.statements


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement's words are: in which text, and what to add to the release's offsets to find them there.

    `whole` tells that the text is the article's own; otherwise only `[start, end)`, the statement's sentences, is proved.
    """

    text: str
    shift: int
    whole: bool
    start: int
    end: int
    content: tuple[tuple[int, int], ...]
    targets: tuple[tuple[int, int], ...]

    def surface(self, start: int, end: int) -> str | None:
        """Return the words at `[start, end)` of the release, None where they are not proved."""
        if not self.whole and not self.start <= start < end <= self.end:
            return None
        return self.text[start + self.shift : end + self.shift]


@dataclass(slots=True)
class Copies:
    """The user's copies: by the hash of their text, and by what may tell which article a changed copy is of."""

    by_hash: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)

    def add(self, copy: Article) -> None:
        """Remember a copy."""
        self.by_hash[text_sha256(copy.text)] = copy.text
        for name in filter(None, (copy.url, copy.id, copy.id.rpartition("/")[2])):
            self.by_name.setdefault(name, copy.text)

    def of(self, article: Row) -> tuple[str | None, bool]:
        """Return the text for a row of `articles`, and whether it is proved to be the whole of it; (None, False) for none."""
        if article["sha256"] in self.by_hash:
            return self.by_hash[article["sha256"]], True
        for name in (article["url"], article["id"], article["id"].rpartition("/")[2]):
            if name in self.by_name:
                return self.by_name[name], False
        return None, False


def hydrate(
    release: Path,
    copies: Iterable[Article],
    out: Path,
    *,
    problems: Problems,
    progress: Callable[[int, int | None], None] = lambda done, total: None,
) -> Hydrated:
    """Write `release` with its texts to the new folder `out`.

    An article is found by the SHA-256 of its text. Where the copy was changed, which its address or id tells, each statement is looked
    for by the hash of its sentences wherever they now stand; its words are put back, the offsets stay those of the release, and the
    text of the article stays null. What is not found stays null and is reported (`hydrate.article-missing`,
    `hydrate.statement-missing`). When nothing is missing the result equals the release with full texts byte for byte.

    Raises CannotRunError where `release` is none or is full already, `out` exists, or no article is found at all.
    """
    values = manifest.read(release)
    if values["text_mode"] == "full":
        raise CannotRunError(f"{release}: holds its texts already. Nothing is to be put back.")
    if out.exists():
        raise CannotRunError(f"{out}: exists. Name a new folder with --out.")
    known = Copies()
    for copy in copies:
        known.add(copy)
    articles = {row["id"]: row for _, row in tabular.read(release, values, "articles")}
    texts = {key: known.of(row) for key, row in articles.items()}
    places = dict(_places(release, values, texts))
    found = Hydrated(
        out,
        len(articles),
        sum(whole for _, whole in texts.values()),
        sum(entry["rows"] for entry in values["files"] if entry["config"] == "statements"),
        len(places),
        sum(not place.whole for place in places.values()),
    )
    if not found.articles_found and not found.statements_found:
        raise CannotRunError(
            f"{release}: none of its {len(articles)} articles is among the copies. Name the folder or JSONL that holds them."
        )
    _report(release, values, texts, places, problems)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch) / out.name
        sizes = _write(release, values, folder, texts, places, progress)
        _finish(release, values, folder, sizes, complete=found.complete)
        folder.rename(out)
    return found


def _places(release: Path, values: Mapping[str, Any], texts: Mapping[str, tuple[str | None, bool]]) -> Iterator[tuple[str, Place]]:
    """Yield by statement where its words are, for the statements that are found."""
    shifts: dict[str, int] = {}
    for _, row in tabular.read(release, values, "statements"):
        text, whole = texts[row["article_id"]]
        if text is None:
            continue
        start, end = row["text_start"], row["text_end"]
        shift = 0 if whole else _shift(text, row, shifts.get(row["article_id"], 0))
        if shift is None:
            continue
        shifts[row["article_id"]] = shift
        targets = row["targets"] if row["validity"] is None else row["stances"]
        yield row["id"], Place(text, shift, whole, start, end, _pairs(row["content"]), _pairs(targets))


def _shift(text: str, row: Row, guess: int) -> int | None:
    """Return how far a statement's sentences were moved in a changed copy, None where they are not in it; `guess` is tried first."""
    start: int = row["text_start"]
    length = row["text_end"] - start
    for at in (start + guess, *(match.start() for match in BEGINNING.finditer(text))):
        if 0 <= at <= len(text) - length and text_sha256(text[at : at + length]) == row["text_sha256"]:
            return at - start
    return None


def _report(
    release: Path,
    values: Mapping[str, Any],
    texts: Mapping[str, tuple[str | None, bool]],
    places: Mapping[str, Place],
    problems: Problems,
) -> None:
    for key, (text, _) in texts.items():
        if text is None:
            problems.add(
                "hydrate.article-missing", key, "is not among the copies", "Add a copy: its address is in `articles`.", severity="warning"
            )
    for _, row in tabular.read(release, values, "statements"):
        if row["id"] not in places and texts[row["article_id"]][0] is not None:
            problems.add(
                "hydrate.statement-missing",
                row["id"],
                f"its words are not in the copy of {row['article_id']}, which was changed",
                "Find the article as it was on the date in `articles`.",
                severity="warning",
            )


def _write(
    release: Path,
    values: Mapping[str, Any],
    folder: Path,
    texts: Mapping[str, tuple[str | None, bool]],
    places: Mapping[str, Place],
    progress: Callable[[int, int | None], None],
) -> dict[tuple[str, str], int]:
    """Write every file anew; return the bytes in memory of each config and split."""
    contract = Contract(release / "schema")
    sizes: dict[tuple[str, str], int] = {}
    for done, entry in enumerate(values["files"], start=1):
        source, path = release / entry["path"], folder / entry["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        config = entry["config"]
        if config is None:
            path.write_bytes(source.read_bytes())
            continue
        schema = contract.arrow(config)
        with tables.writing(path, schema) as append:
            for group in tabular.row_groups(source):
                made = []
                for rows in group:
                    _fill(config, rows, texts, places)
                    made.append(tables.to_table(rows, schema))
                table = tables.joined(made)
                append(table)
                sizes[config, entry["split"]] = sizes.get((config, entry["split"]), 0) + table.nbytes
        progress(done, len(values["files"]))
    return sizes


def _fill(config: str, rows: Iterable[Row], texts: Mapping[str, tuple[str | None, bool]], places: Mapping[str, Place]) -> None:
    """Put the words into the rows of one row group of a config."""
    last, number = "", 0
    for row in rows:
        if config == "articles":
            text, whole = texts[row["id"]]
            row["text"] = text if whole else None
            continue
        key = row["id" if config == "statements" else "statement_id"]
        last, number = key, number + 1 if key == last else 0
        place = places.get(key)
        if place is None:
            continue
        if config == "default":
            _fill_default(row, place, number)
            continue
        if config == "statements":
            row["text"] = row["text"] or place.surface(place.start, place.end)
        for span in modes.spans(row, config):
            span["surface"] = span["surface"] or place.surface(span["start"], span["end"])


def _fill_default(row: Row, place: Place, number: int) -> None:
    """Put the words into a row of `default` that is of the statement's target with that number."""
    row["text"] = row["text"] or place.surface(place.start, place.end)
    row["content"] = row["content"] or SEPARATOR.join(filter(None, (place.surface(*pair) for pair in place.content)))
    row["context"] = context(place.text, place.start, place.end) if place.whole else None
    if place.targets:
        row["target"] = row["target"] or place.surface(*place.targets[number])


def _finish(release: Path, values: Mapping[str, Any], folder: Path, sizes: Mapping[tuple[str, str], int], *, complete: bool) -> None:
    """Make card, Croissant and manifest say what the new files hold."""
    front, text = card.split_front_matter((release / README).read_text(encoding="utf-8"))
    for info in front["dataset_info"]:
        for split in info["splits"]:
            split["num_bytes"] = sizes[info["config_name"], split["name"]]
    mode = "full" if complete else "partial"
    text = card.replace_block(text, "text", blocks.text(mode))
    (folder / README).write_text(card.dump_front_matter(front) + text, encoding="utf-8", newline="\n")
    listed = {entry["path"]: (entry["config"], entry["split"], entry["rows"]) for entry in values["files"] if entry["config"] in CONFIGS}
    croissant.refresh(folder, manifest.file_entries(folder, listed))
    manifest.write(folder, {**values, "text_mode": mode, "files": manifest.file_entries(folder, listed)})


def _pairs(spans: Iterable[Row]) -> tuple[tuple[int, int], ...]:
    return tuple((span["start"], span["end"]) for span in spans)
