"""The dataset card: prose of the project with generated blocks, and the YAML front matter that `load_dataset` reads."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dipdata.problems import CannotRunError
from dipdata.records import Article
from dipdata.release import blocks
from dipdata.release.splits import HoldOut
from dipdata.release.tally import Tally
from dipdata.schemas import CONFIGS, Contract

# A generated block; its end carries a digest of what it holds, so that an edit by hand shows.
BLOCK = re.compile(r"<!-- dipdata:begin ([a-z]+) -->\n(.*?)<!-- dipdata:end \1(?: ([0-9a-f]{12}))? -->", re.DOTALL)

MARKER = re.compile(r"<!--\s*dipdata:[^\n]*?-->")

# How SPDX names a licence that is not on its list.
OWN_LICENCE = "licenseref-"
# Size categories as the Hugging Face hub names them.
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the generated blocks tell: of the release, and of the rows in it."""

    name: str
    title: str
    version: str
    licence: str
    date: str
    mode: str
    articles: Sequence[Article]
    tally: Tally
    # Paths of the tables by config and split.
    files: Mapping[tuple[str, str], Sequence[str]]
    shares: Mapping[str, float]
    seed: int
    held: HoldOut | None
    authors: Sequence[str]
    # Where the dataset can be seen, None where CITATION.cff does not tell.
    url: str | None
    # What the card says of it first.
    lead: str
    changes: str
    contract: Contract


BLOCKS: dict[str, Callable[[Facts], str]] = {
    "text": lambda facts: blocks.text(facts.mode),
    "numbers": lambda facts: blocks.numbers(facts.articles, facts.tally),
    "splits": lambda facts: blocks.splits(facts.shares, facts.seed, facts.held),
    "columns": lambda facts: blocks.columns(facts.contract),
    "labels": lambda facts: blocks.labels(facts.contract),
    "distributions": lambda facts: blocks.distributions(facts.contract, facts.tally),
    "agreement": lambda facts: blocks.agreement(facts.tally),
    "annotators": lambda facts: blocks.annotators(facts.tally),
    "limits": lambda facts: blocks.limits(facts.articles, facts.tally),
    "datasheet": lambda facts: blocks.datasheet(facts.articles, facts.tally, facts.licence, facts.date),
    "citation": lambda facts: blocks.citation(facts.name, facts.title, facts.version, facts.date, facts.authors, facts.url),
    "changes": lambda facts: facts.changes,
}


def refuse(template: str) -> None:
    """Raise CannotRunError where a card cannot be made of a template.

    It asks for a block that nobody makes, a block was edited by hand, a marker stands without the other of its block, or it begins
    with YAML of its own.
    """
    if template.startswith("---\n"):
        raise CannotRunError("DATASET_CARD.md: begins with YAML of its own, which export writes. Take it out.")
    for name in edited_blocks(template):
        raise CannotRunError(
            f"DATASET_CARD.md: the block {name!r} is generated and was edited by hand. Put your words outside the block and empty it."
        )
    for marker, line in loose_markers(template):
        raise CannotRunError(f"DATASET_CARD.md:{line}: {marker} stands alone. Write the begin and the end of a block, each on a line.")
    for found in BLOCK.finditer(template):
        if found[1] not in BLOCKS:
            raise CannotRunError(f"DATASET_CARD.md: no block {found[1]!r} is made. Use one of {', '.join(sorted(BLOCKS))}.")


def render(template: str, facts: Facts) -> str:
    """Return the card with every generated block made anew; prose stays as it is. Raises CannotRunError as `refuse` says."""
    refuse(template)
    return BLOCK.sub(lambda found: _block(found[1], BLOCKS[found[1]](facts)), template)


def edited_blocks(text: str) -> list[str]:
    """Return the names of the generated blocks of a card, or of its template, that do not hold what was generated."""
    return [found[1] for found in BLOCK.finditer(text) if found[2].strip() and found[3] != _digest(found[2])]


def loose_markers(text: str) -> Iterator[tuple[str, int]]:
    """Yield the markers of a card, or of its template, that belong to no whole block, with their lines."""
    rest = BLOCK.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in MARKER.finditer(rest):
        yield found[0], rest.count("\n", 0, found.start()) + 1


def missing_blocks(text: str) -> list[str]:
    """Return the names of the blocks that a card, or its template, does not have."""
    there = {found[1] for found in BLOCK.finditer(text)}
    return [name for name in BLOCKS if name not in there]


def lead(template: str) -> str:
    """Return what the template says under its title, before any other heading or block, as plain text; may be empty."""
    text = re.split(r"^(?:#{2,}\s|<!--)", template, maxsplit=1, flags=re.MULTILINE)[0]
    paragraphs = re.split(r"\n\s*\n", re.sub(r"^#\s.*$", "", text, flags=re.MULTILINE))
    plain = (re.sub(r"\*\*|__|`", "", " ".join(paragraph.split())) for paragraph in paragraphs)
    return "\n\n".join(filter(None, plain))


def replace_block(text: str, name: str, content: str) -> str:
    """Return a card with one generated block made anew."""
    return BLOCK.sub(lambda found: _block(name, content) if found[1] == name else found[0], text)


def _block(name: str, content: str) -> str:
    content = content.rstrip("\n") + "\n"
    return f"<!-- dipdata:begin {name} -->\n{content}<!-- dipdata:end {name} {_digest(content)} -->"


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def front_matter(facts: Facts) -> str:
    """Return the YAML front matter, fences included: configs, features and splits as `datasets` reads them, licence, languages, size."""
    tally = facts.tally
    rows = sum(count for (config, _), count in tally.rows.items() if config == "statements")
    configs, infos = [], []
    for config in CONFIGS:
        splits = [split for split in facts.shares if tally.rows[config, split]]
        if not splits:
            continue
        configs.append(
            {"config_name": config, "data_files": [{"split": split, "path": _one_or_all(facts.files[config, split])} for split in splits]}
            | ({"default": True} if config == "default" else {})
        )
        infos.append(
            {
                "config_name": config,
                "features": facts.contract.features(config)._to_yaml_list(),
                "splits": [
                    {"name": split, "num_bytes": tally.bytes[config, split], "num_examples": tally.rows[config, split]} for split in splits
                ],
            }
        )
    languages = sorted({article.lang for article in facts.articles})
    return dump_front_matter(
        {
            "pretty_name": facts.title,
            "version": facts.version,
            **licence(facts.licence),
            "language": languages,
            "multilinguality": ["multilingual" if len(languages) > 1 else "monolingual"],
            "size_categories": [next((name for limit, name in SIZES if rows < limit), "n>10M")],
            "task_categories": ["text-classification", "token-classification"],
            "tags": ["diplomacy", "attribution", "quotation", "stance", "sentiment"],
            "configs": configs,
            "dataset_info": infos,
        }
    )


def licence(name: str) -> dict[str, str]:
    """Return a licence as the hub wants it: an SPDX identifier in small letters, or `other` with its name for an SPDX `LicenseRef-`."""
    own = name.lower().removeprefix(OWN_LICENCE)
    return {"license": own} if own == name.lower() else {"license": "other", "license_name": own}


def _one_or_all(paths: Sequence[str]) -> str | list[str]:
    return paths[0] if len(paths) == 1 else list(paths)


def dump_front_matter(values: dict[str, Any]) -> str:
    """Return front matter as text, fences included."""
    import yaml

    text: str = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{text}---\n"


def split_front_matter(card: str) -> tuple[dict[str, Any], str]:
    """Return the front matter of a card and what follows it. Raises ValueError where there is none that can be read."""
    import yaml

    found = re.match(r"---\n(.*?)^---\n", card, re.DOTALL | re.MULTILINE)
    try:
        values = yaml.safe_load(found[1]) if found else None
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    if found is None or not isinstance(values, dict):
        raise ValueError("no YAML front matter")
    return values, card[found.end() :]
