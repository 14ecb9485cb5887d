"""The generated blocks of the card, each a pure function from what was counted to Markdown."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dipdata.annotations.agreement import agreement_of
from dipdata.records import Article
from dipdata.release.splits import HoldOut
from dipdata.release.tally import NONE, Tally
from dipdata.schemas import CONFIGS, Contract

LABEL_LISTS = ("stance", "sentiment", "validity", "form", "act")
# Articles of a language below which its figures say little.
FEW = 30

TEXTS = {
    "full": "This release holds the texts: every article whole, and each statement with its sentences and paragraphs.",
    "quotes": "This release holds each statement with its sentences, and no article as a whole: `text` of `articles`, `context` of "
    "`default`, and surfaces outside the sentences are null. `dipdata hydrate` puts them back from your own copies of the articles.",
    "none": "This release is stand-off: ids, offsets, hashes and addresses. Of the words of the articles it holds the titles and the names "
    "of speakers, of addressees and of those who passed a statement on, and no others. `dipdata hydrate` puts the texts back from your own "
    "copies of the articles and proves each by its hash.",
    "partial": "This is a release whose texts were put back from copies of some of its articles; what was not found is null.",
}


def text(mode: str) -> str:
    """Return what texts the release holds."""
    return TEXTS[mode]


def numbers(articles: Sequence[Article], tally: Tally) -> str:
    """Return the tables of rows by config and split, and of articles by language and outlet."""
    names = list(dict.fromkeys(split for _, split in tally.rows))
    body = []
    for config in CONFIGS:
        counts = [tally.rows[config, split] for split in names]
        body.append([f"`{config}`", *counts, sum(counts)])
    languages = Counter(article.lang for article in articles)
    outlets = Counter((article.outlet, article.lang) for article in articles)
    return "\n\n".join(
        [
            table(["Config", *names, "all"], body),
            table(
                ["Language", "Articles", "Statements"],
                [[f"`{lang}`", count, tally.languages[lang]] for lang, count in sorted(languages.items())],
            ),
            table(["Outlet", "Language", "Articles"], [[outlet, f"`{lang}`", count] for (outlet, lang), count in sorted(outlets.items())]),
        ]
    )


def splits(shares: Mapping[str, float], seed: int, held: HoldOut | None) -> str:
    """Return how articles came into their splits."""
    wanted = ", ".join(f"{split} {share:.0%}" for split, share in shares.items())
    held_out = f" The test split is what was held out: `{held}`; the shares hold for the others." if held else ""
    return (
        f"Wanted shares: {wanted}; seed {seed}.{held_out} An article is in one split as a whole, and so is a cluster of near-duplicates. "
        "Splits are stratified over language, outlet and labels. An article never changes its split from one version to the next."
    )


def columns(contract: Contract) -> str:
    """Return a table for each config: its columns with type and meaning."""
    parts = []
    for config in CONFIGS:
        meanings = contract.meanings(config)
        body = [[f"`{name}`", _kind(feature), meanings[name]] for name, feature in contract.features(config).items()]
        parts.append(f"**`{config}`**. {contract.columns(config)['description']}\n\n" + table(["Column", "Type", "Meaning"], body))
    return "\n\n".join(parts)


def _kind(feature: Any) -> str:
    """Return the type of a column in words."""
    from datasets import ClassLabel, List

    if isinstance(feature, ClassLabel):
        return "class"
    if isinstance(feature, List):
        return f"list of {_kind(feature.feature)}"
    if isinstance(feature, dict):
        return f"{{{', '.join(feature)}}}"
    return str(feature.dtype)


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


def distributions(contract: Contract, tally: Tally) -> str:
    """Return how often each label value occurs in each split: stance by statement and target, the others by statement."""
    names = list(dict.fromkeys(split for _, split in tally.rows))
    parts = []
    for name in LABEL_LISTS:
        body: list[list[object]] = []
        whole = sum(count for (label, _, _), count in tally.values.items() if label == name)
        if not any(tally.values[name, value, split] for value in contract.values(name) for split in names):
            parts.append(f"`{name}`: {NONE} for any of {whole} rows.")
            continue
        for value in [*contract.values(name), NONE]:
            counts = [tally.values[name, value, split] for split in names]
            if sum(counts) or value != NONE:
                share = f"{sum(counts) / whole:.1%}" if whole else ""
                body.append([NONE if value == NONE else f"`{value}`", *counts, sum(counts), share])
        parts.append(table([f"`{name}`", *names, "all", "share"], body))
    return "\n\n".join(parts)


def agreement(tally: Tally) -> str:
    """Return the agreement table, or a sentence where there is nothing to compare."""
    found = agreement_of(tally.units)
    if not any(label.units for label in found):
        return "No statement has been annotated twice."
    body = [
        [f"`{label.label}`", label.units, label.equal, "not defined" if label.alpha is None else f"{label.alpha:.3f}"] for label in found
    ]
    people = len({annotator for annotator, _ in tally.annotators})
    note = f"{people} annotators. Krippendorff's alpha: ordinal for sentiment, nominal for the others; stance by target span."
    return note + "\n\n" + table(["Label", "Units with two or more answers", "All equal", "Alpha"], body)


def annotators(tally: Tally) -> str:
    """Return who annotated: a line a pseudonym, and what the release does not know of them."""
    people = sorted({annotator for annotator, _ in tally.annotators})
    if not people:
        return "Nobody has annotated these statements."
    seconds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (annotator, second), times in sorted(tally.seconds.items()):
        seconds[annotator].append((second, times))
    body = []
    for annotator in people:
        counts = [tally.annotators[annotator, status] for status in ("submitted", "skipped", "draft")]
        body.append([f"`{annotator}`", *counts, _median(seconds[annotator])])
    when = f"Annotated from {tally.oldest} to {tally.newest}"
    rules = ", ".join(f"{version} ({count})" for version, count in sorted(tally.guidelines.items()))
    return f"{when}, by guideline {rules}. Pseudonyms are keyed hashes; the records tell nothing else of the annotators.\n\n" + table(
        ["Annotator", "Submitted", "Skipped", "Drafts", "Median seconds"], body
    )


def limits(articles: Sequence[Article], tally: Tally) -> str:
    """Return the limits that the figures show."""
    statements = sum(tally.answers.values())
    alone, unread = tally.answers[1], tally.answers[0]
    undecided = sum(count for (label, value, _), count in tally.values.items() if label == "stance" and value == NONE)
    pairs = sum(count for (label, _, _), count in tally.values.items() if label == "stance")
    languages = Counter(article.lang for article in articles)
    few = [f"`{lang}` ({count})" for lang, count in sorted(languages.items()) if count < FEW]
    lines = [
        f"{unread} of {statements} statements have no annotation, {alone} have a single one: their labels rest on one view.",
        f"{undecided} of {pairs} pairs of statement and target have no adjudicated stance.",
    ]
    if few:
        lines.append(f"Languages with fewer than {FEW} articles, whose figures say little: {', '.join(few)}.")
    undated = sum(article.date is None for article in articles)
    if undated:
        lines.append(f"{undated} articles have no date.")
    return "\n".join(f"- {line}" for line in lines)


def datasheet(articles: Sequence[Article], tally: Tally, licence: str, date: str) -> str:
    """Return answers to the questions of a datasheet, as far as records and figures answer them.

    Sections and questions are those of Gebru et al., Datasheets for Datasets, 2021, shortened; what only its makers know is prose of
    the card.
    """
    statements = sum(tally.answers.values())
    dates = sorted(article.date for article in articles if article.date)
    span = f"from {dates[0]} to {dates[-1]}" if dates else "of unknown date"
    licences = Counter(article.licence for article in articles)
    sources = "; ".join(f"{name}: {count} articles" for name, count in sorted(licences.items()))
    people = len({annotator for annotator, _ in tally.annotators})
    annotated = f"{people} annotators, from {tally.oldest} to {tally.newest}; see Annotators." if people else "Nobody has annotated it yet."
    sections: dict[str, list[tuple[str, str]]] = {
        "Motivation": [
            ("For what purpose?", "To train and measure the finding of attributions, and of stance and tone towards their targets."),
            ("Who made it?", "The authors named in the citation."),
        ],
        "Composition": [
            ("What do the instances represent?", "Attribution relations in news articles: a content, its source and its cue, with labels."),
            ("How many are there?", f"{statements} statements in {len(articles)} articles {span}."),
            (
                "Is it a sample?",
                "Of its articles every statement that was found is here; how the articles were chosen, the card says above.",
            ),
            ("Is there a label with each?", f"{statements - tally.answers[0]} statements have at least one annotation; see Distributions."),
            (
                "Is any information missing?",
                "What a release withholds, and labels that nobody has decided, are null. Speakers and countries, and the targets of "
                "statements without gold, are proposals of rules, null where these find none.",
            ),
            ("Are relationships between instances explicit?", "Yes: `article_id` and `statement_id` join the four configs."),
            ("Are there recommended splits?", "Yes, by article and near-duplicate cluster; see Splits."),
            ("Are there errors or noise?", "See Limits, and `confidence` and `rule` of each statement."),
            ("Could it identify people?", "Public speakers are named as the articles name them. Annotators appear under pseudonyms."),
        ],
        "Collection": [
            (
                "How was it acquired?",
                f"From {len({article.outlet for article in articles})} outlets; `articles` has the address and licence of each text.",
            ),
            ("Who took part, and when?", annotated),
        ],
        "Preprocessing": [
            ("Was it cleaned?", "Layout and zones that are no running text were marked; each text is frozen by its SHA-256."),
            (
                "Is the raw data kept?",
                "In `raw/` of the project, where the sources allow it; the manifest gives hashes, and the commit where all was committed.",
            ),
        ],
        "Uses": [
            ("What tasks is it for?", "Attribution extraction, stance and sentiment classification, the study of disagreement."),
            (
                "What is it not for?",
                "Judging a person or a state by what is counted here: neither articles nor speakers are a fair sample.",
            ),
        ],
        "Distribution": [
            ("Under what licence are the source texts?", f"{sources}."),
            ("Under what licence is the dataset?", f"{licence}."),
        ],
        "Maintenance": [
            (
                "Will it be updated?",
                f"Versions follow semantic versioning and never change once released. This one holds records up to {date}.",
            ),
            ("Do older versions stay?", "Each is a tag of its own; `dipdata diff` tells what changed."),
        ],
    }
    return "\n\n".join(
        f"### {title}\n\n" + "\n\n".join(f"**{question}** {answer}" for question, answer in answers) for title, answers in sections.items()
    )


def citation(name: str, title: str, version: str, date: str, authors: Sequence[str], url: str | None) -> str:
    """Return a BibTeX entry for this version."""
    who = " and ".join(f"{{{_tex(author)}}}" for author in authors)
    fields = {"title": f"{{{_tex(title)}}}", "author": who, "year": date[:4], "version": version}
    if url:
        fields["url"] = url
    lines = ",\n".join(f"  {key} = {{{value}}}" for key, value in fields.items())
    return f"```bibtex\n@misc{{{name}-{version},\n{lines}\n}}\n```"


def _tex(text: str) -> str:
    """Return plain text as LaTeX reads it; braces, which BibTeX counts, are left out."""
    return re.sub(r"[&%$#_]", r"\\\g<0>", re.sub(r"[{}]", "", text).replace("\\", "\\textbackslash "))


def table(head: Sequence[object], body: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *body]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _median(counted: Sequence[tuple[int, int]]) -> int | str:
    """Return the lower median of sorted values with their counts, or an empty string."""
    half = (sum(times for _, times in counted) + 1) // 2
    for value, times in counted:
        half -= times
        if half <= 0:
            return value
    return ""
