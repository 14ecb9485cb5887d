"""croissant.json: the release told in the Croissant 1.0 vocabulary with its RAI extension, for loaders and catalogues.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec.html and croissant-rai-spec.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from dipdata.release import blocks
from dipdata.release.card import BLOCKS, Facts, licence
from dipdata.schemas import CONFIGS, Contract

FILE = "croissant.json"
PARQUET = "application/x-parquet"
CONFORMS = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]

# The context of the specification, so that nothing has to be fetched.
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
KEYS = {"statements": "id", "annotations": "id", "articles": "id"}


def document(facts: Facts, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the Croissant description of a release; `entries` are its manifest's, of the tables at least.

    One record set for each table file's config and split, with the columns as fields and nested spans as sub-fields; one for each
    closed list, giving the names of its class codes. The records are those of the tables, class codes as integers.
    """
    tables = [entry for entry in entries if entry["config"] in CONFIGS]
    used = sorted({name for config in CONFIGS for name in facts.contract.class_lists(config)})
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.name,
        "description": facts.lead or f"{facts.title}. Statements with their sources, cues, targets, stance and sentiment.",
        "conformsTo": CONFORMS,
        "license": facts.licence if "license_name" in licence(facts.licence) else f"https://spdx.org/licenses/{facts.licence}.html",
        **({"url": facts.url} if facts.url else {}),
        "version": facts.version,
        "datePublished": facts.date,
        "inLanguage": sorted({article.lang for article in facts.articles}),
        "keywords": ["diplomacy", "attribution", "quotation", "stance", "sentiment"],
        "creator": [{"@type": "sc:Organization", "name": author} for author in facts.authors],
        "citeAs": BLOCKS["citation"](facts).split("\n", 1)[1].rsplit("\n", 1)[0],
        **_rai(facts),
        "distribution": [_file(entry) for entry in tables],
        "recordSet": [*(_labels(facts.contract, name) for name in used), *_record_sets(facts.contract, tables)],
    }


def write(folder: Path, values: Mapping[str, Any]) -> None:
    """Write the description into a release folder."""
    (folder / FILE).write_bytes(orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def refresh(folder: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Put the sizes and hashes of `entries` into the description that `folder` has."""
    values = orjson.loads((folder / FILE).read_bytes())
    values["distribution"] = [_file(entry) for entry in entries if entry["config"] in CONFIGS]
    write(folder, values)


def _file(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": entry["path"],
        "name": entry["path"],
        "contentUrl": entry["path"],
        "contentSize": f"{entry['bytes']} B",
        "encodingFormat": PARQUET,
        "sha256": entry["sha256"],
    }


def _record_sets(contract: Contract, tables: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    shards: dict[tuple[str, str], list[str]] = {}
    for entry in tables:
        shards.setdefault((entry["config"], entry["split"]), []).append(entry["path"])
    for (config, split), paths in shards.items():
        for number, path in enumerate(paths):
            name = f"{config}/{split}" if len(paths) == 1 else f"{config}/{split}/{number:05}"
            found: dict[str, Any] = {
                "@type": "cr:RecordSet",
                "@id": name,
                "name": name,
                "description": contract.columns(config)["description"] + f" Split {split}.",
            }
            if config in KEYS:
                found["key"] = {"@id": f"{name}/{KEYS[config]}"}
            found["field"] = list(_fields(name, path, contract.features(config), contract.meanings(config)))
            yield found


def _fields(name: str, path: str, features: Mapping[str, Any], meanings: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for column, feature in features.items():
        field = _field(f"{name}/{column}", feature, {"fileObject": {"@id": path}, "extract": {"column": column}})
        yield field | ({"description": meanings[column]} if meanings[column] else {})


def _field(name: str, feature: Any, source: dict[str, Any]) -> dict[str, Any]:
    """Return the field of a column, or of a part of one that `source` transforms to."""
    from datasets import List

    field: dict[str, Any] = {"@type": "cr:Field", "@id": name, "name": name}
    if isinstance(feature, List):
        return field | {"repeated": True} | _typed(name, feature.feature, source)
    return field | _typed(name, feature, source)


def _typed(name: str, feature: Any, source: dict[str, Any]) -> dict[str, Any]:
    from datasets import ClassLabel, List

    if isinstance(feature, dict):
        return {
            "subField": [
                _field(f"{name}/{part}", of.feature if isinstance(of, List) else of, source | {"transform": {"jsonPath": part}})
                for part, of in feature.items()
            ]
        }
    if isinstance(feature, ClassLabel) or feature.dtype.startswith("int"):
        return {"dataType": "sc:Integer", "source": source}
    return {"dataType": "sc:Float" if feature.dtype.startswith("float") else "sc:Text", "source": source}


def _labels(contract: Contract, name: str) -> dict[str, Any]:
    base = f"labels/{name}"
    return {
        "@type": "cr:RecordSet",
        "@id": base,
        "name": base,
        "description": contract.definition(name).get("description", name),
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{base}/code"},
        "field": [
            {"@type": "cr:Field", "@id": f"{base}/code", "name": f"{base}/code", "dataType": "sc:Integer"},
            {"@type": "cr:Field", "@id": f"{base}/name", "name": f"{base}/name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": f"{base}/meaning", "name": f"{base}/meaning", "dataType": "sc:Text"},
        ],
        "data": [
            {f"{base}/code": code, f"{base}/name": label.value, f"{base}/meaning": label.description}
            for code, label in enumerate(contract.labels(name))
        ],
    }


def _rai(facts: Facts) -> dict[str, Any]:
    tally = facts.tally
    people = len({annotator for annotator, _ in tally.annotators})
    dates = sorted(article.date for article in facts.articles if article.date)
    counts = ", ".join(f"{number} by {times}" for times, number in sorted(tally.answers.items()))
    return {
        "rai:dataCollection": f"{len(facts.articles)} articles, cleaned and frozen by a hash; statements found in them by dipdata.",
        "rai:dataCollectionType": "Document analysis, Software collection",
        "rai:dataPreprocessingProtocol": "Encoding and layout cleaned, of web pages the article alone kept, letters composed (NFC); "
        "headlines, captions and other zones of no running text marked. Near-duplicate articles stand in one split.",
        **({"rai:dataCollectionTimeframe": [dates[0], dates[-1]]} if dates else {}),
        "rai:dataAnnotationProtocol": "Stance towards each target, sentiment of the statement and validity of the unit, by written "
        f"guidelines {', '.join(sorted(tally.guidelines)) or 'of no version yet'}; every annotation is kept beside the adjudicated label.",
        "rai:dataAnnotationPlatform": "Label Studio",
        "rai:dataAnnotationAnalysis": blocks.agreement(tally),
        "rai:annotationsPerItem": f"Statements by how many annotators answered: {counts}." if counts else "None.",
        "rai:annotatorDemographics": f"{people} annotators under pseudonyms; the records tell nothing else of them. See README.md.",
        "rai:machineAnnotationTools": "dipdata: rules that find content, source and cue, and propose speakers and targets",
        "rai:dataLimitations": blocks.limits(facts.articles, tally),
        "rai:dataBiases": "What the sources report and whom they quote decides what is here; rules find some forms of attribution more "
        "surely than others (`rule` and `confidence`); labels are the views of those who annotated.",
        "rai:dataSocialImpact": "Counts of stance and tone must not stand for what a person or a state thinks: neither articles nor "
        "speakers are a fair sample.",
        "rai:dataUseCases": "Training and evaluation of attribution extraction, stance and sentiment classification; disagreement.",
        "rai:personalSensitiveInformation": "Public speakers as named by the articles. No data on annotators.",
        "rai:dataReleaseMaintenancePlan": "Semantic versions; a release never changes, and an article never changes its split.",
    }
