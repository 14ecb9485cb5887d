"""The dataset card: prose of the project with generated blocks, and the YAML front matter that `load_dataset` reads."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dipdata.annotations.agreement import Agreement
from dipdata.problems import CannotRunError
from dipdata.records import Article
from dipdata.schemas import CONFIGS, Contract

if TYPE_CHECKING:
    import pyarrow as pa

BEGIN, END = "<!-- dipdata:begin {} -->", "<!-- dipdata:end {} -->"
BLOCK = re.compile(r"(<!-- dipdata:begin ([a-z]+) -->\n).*?(<!-- dipdata:end \2 -->)", re.DOTALL)
LABEL_LISTS = ("stance", "sentiment", "validity", "form", "act")

# Size categories as the Hugging Face hub names them.
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What the generated blocks tell: the tables by config and split, and what they were made from."""

    name: str
    title: str
    version: str
    licence: str
    tables: Mapping[str, Mapping[str, pa.Table]]
    articles: Sequence[Article]
    agreement: Sequence[Agreement]
    annotators: int


def render(template: str, facts: Facts, contract: Contract) -> str:
    """Return the card with every generated block made anew; prose stays as it is.

    Raises CannotRunError where the template asks for a block that nobody makes.
    """
    blocks = {"numbers": numbers(facts), "labels": labels(contract), "agreement": agreement(facts.agreement, facts.annotators)}

    def fill(found: re.Match[str]) -> str:
        if found[2] not in blocks:
            raise CannotRunError(f"DATASET_CARD.md: no block {found[2]!r} is made. Use one of {', '.join(sorted(blocks))}.")
        return f"{found[1]}{blocks[found[2]]}\n{found[3]}"

    return BLOCK.sub(fill, template)


def front_matter(facts: Facts, contract: Contract) -> str:
    """Return the YAML front matter, fences included: configs, features and splits as `datasets` reads them, licence, languages, size."""
    import yaml

    rows = sum(table.num_rows for table in facts.tables["statements"].values())
    configs, infos = [], []
    for config in CONFIGS:
        splits = facts.tables[config]
        if not splits:
            continue
        configs.append(
            {"config_name": config, "data_files": [{"split": split, "path": shard(config, split)} for split in splits]}
            | ({"default": True} if config == "default" else {})
        )
        infos.append(
            {
                "config_name": config,
                "features": contract.features(config)._to_yaml_list(),
                "splits": [{"name": split, "num_bytes": table.nbytes, "num_examples": table.num_rows} for split, table in splits.items()],
            }
        )
    values: dict[str, Any] = {
        "pretty_name": facts.title,
        "version": facts.version,
        "license": facts.licence.lower(),
        "language": sorted({article.lang for article in facts.articles}),
        "size_categories": [next((name for limit, name in SIZES if rows < limit), "n>10M")],
        "task_categories": ["text-classification", "token-classification"],
        "tags": ["diplomacy", "attribution", "quotation", "stance", "sentiment"],
        "configs": configs,
        "dataset_info": infos,
    }
    text: str = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{text}---\n"


def shard(config: str, split: str) -> str:
    """Return the path of a table's file below the release's folder, in the form that `datasets` writes."""
    return f"{config}/{split}-00000-of-00001.parquet"


def numbers(facts: Facts) -> str:
    """Return the tables of rows by config and split, and of articles by language and outlet."""
    splits = list(dict.fromkeys(split for tables in facts.tables.values() for split in tables))
    body = []
    for config in CONFIGS:
        counts = [facts.tables[config][split].num_rows if split in facts.tables[config] else 0 for split in splits]
        body.append([f"`{config}`", *counts, sum(counts)])
    languages = Counter(article.lang for article in facts.articles)
    outlets = Counter((article.outlet, article.lang) for article in facts.articles)
    return "\n\n".join(
        [
            table(["Config", *splits, "all"], body),
            table(["Language", "Articles"], [[f"`{lang}`", count] for lang, count in sorted(languages.items())]),
            table(["Outlet", "Language", "Articles"], [[outlet, f"`{lang}`", count] for (outlet, lang), count in sorted(outlets.items())]),
        ]
    )


def labels(contract: Contract) -> str:
    """Return a table for each closed list that annotators or readers meet."""
    parts = []
    for name in LABEL_LISTS:
        definition = contract.definition(name)
        body = [[code, f"`{label.value}`", label.title, label.description] for code, label in enumerate(contract.labels(name))]
        parts.append(
            f"**{definition['title']}** (`{name}`). {definition['description']}\n\n" + table(["Code", "Value", "Title", "Meaning"], body)
        )
    return "\n\n".join(parts)


def agreement(found: Sequence[Agreement], annotators: int) -> str:
    """Return the agreement table, or a sentence where there is nothing to compare."""
    if not any(label.units for label in found):
        return "No statement has been annotated twice."
    body = [
        [f"`{label.label}`", label.units, label.equal, "not defined" if label.alpha is None else f"{label.alpha:.3f}"] for label in found
    ]
    note = f"{annotators} annotators. Krippendorff's alpha: ordinal for sentiment, nominal for the others; stance by target span."
    return note + "\n\n" + table(["Label", "Units with two or more answers", "All equal", "Alpha"], body)


def table(head: Sequence[object], body: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
