"""The Croissant file: it loads, describes the files and columns that are there, and its RAI keys are real."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dipdata.checks import lines
from dipdata.checks.catalogue import error
from dipdata.explain import nearest, show
from dipdata.problems import Problem
from dipdata.schemas import CONFIGS, Contract

FILE = "croissant.json"
AGAIN = "Export the release again."
BROKEN = error("release.croissant", "The Croissant file is no JSON, or `mlcroissant` cannot load it or read its records.", AGAIN)
FILES = error("release.croissant-files", "The Croissant file describes other files, hashes or columns than the release has.", AGAIN)
CLAIMS = error("release.croissant-claims", "The Croissant file states another name, version or licence than the manifest.", AGAIN)
RAI = error(
    "release.croissant-rai",
    "A key of the Croissant file is not in the RAI vocabulary, or says nothing.",
    "Use a key of the vocabulary and say what is true.",
)

PREFIXES = ("rai:", "http://mlcommons.org/croissant/RAI/")
# The properties of the Croissant RAI vocabulary 1.0, https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html, and the two
# that `mlcroissant` spells otherwise.
VOCABULARY = (
    "dataCollection",
    "dataCollectionType",
    "dataCollectionMissingData",
    "dataCollectionRawData",
    "dataCollectionTimeframe",
    "dataCollectionTimeFrame",
    "dataImputationProtocol",
    "dataPreprocessingProtocol",
    "dataManipulationProtocol",
    "dataDataManipulationProtocol",
    "dataAnnotationProtocol",
    "dataAnnotationPlatform",
    "dataAnnotationAnalysis",
    "annotationsPerItem",
    "annotatorDemographics",
    "machineAnnotationTools",
    "dataBiases",
    "dataUseCases",
    "dataLimitations",
    "dataSocialImpact",
    "personalSensitiveInformation",
    "dataReleaseMaintenancePlan",
)
READ = 20_000  # rows of a table up to which its records are read: `mlcroissant` reads whole tables into memory


def check(folder: Path, manifest: dict[str, Any], contract: Contract, *, load: bool) -> Iterator[Problem]:
    """Yield what is wrong with a release's Croissant file; `load` asks for the proof that `mlcroissant` reads it."""
    path = folder / FILE
    if not path.exists():  # reported as a missing file where the manifest lists it
        return
    try:
        values, problems = lines.parse(path.read_bytes())
    except OSError as failed:
        yield BROKEN.at(FILE, f"cannot be read ({failed.strerror})", file=FILE)
        return
    if problems or not isinstance(values, dict):
        yield BROKEN.at(FILE, problems[0].message if problems else "is no JSON object", file=FILE)
        return
    yield from _claims(values, manifest)
    context = values.get("@context")
    if isinstance(context, dict) and context.get("rai", PREFIXES[1]) != PREFIXES[1]:
        yield RAI.at(FILE, f"takes rai: for {show(context['rai'])}, not for {PREFIXES[1]}", pointer="/@context/rai", file=FILE)
    yield from _rai(values, "")
    sound = True
    for problem in _files(values, manifest, contract):
        sound = False
        yield problem
    if load and sound:
        yield from _loading(path, values, manifest)


def _claims(values: dict[str, Any], manifest: dict[str, Any]) -> Iterator[Problem]:
    for key, true in (("name", manifest["name"]), ("version", manifest["version"])):
        if values.get(key) != true:
            yield CLAIMS.at(FILE, f"states the {key} {values.get(key)!r} where the manifest has {true!r}", pointer=f"/{key}", file=FILE)
    if manifest["licence"].lower() not in str(values.get("license", "")).lower():
        message = f"states the licence {values.get('license')!r} where the manifest has {manifest['licence']!r}"
        yield CLAIMS.at(FILE, message, pointer="/license", file=FILE)


def _rai(values: Any, pointer: str) -> Iterator[Problem]:
    if isinstance(values, dict):
        for key, value in values.items():
            where = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            name = next((key.removeprefix(prefix) for prefix in PREFIXES if key.startswith(prefix)), None)
            if key == "@context":
                continue
            if name is not None and name not in VOCABULARY:
                meant = nearest(name, [each.lower() for each in VOCABULARY])
                known = next((each for each in VOCABULARY if each.lower() == meant), None)
                yield RAI.at(
                    FILE, f"has the unknown key {key!r}" + (f" (did you mean {known}?)" if known else ""), pointer=where, file=FILE
                )
            elif name is not None and not (value if isinstance(value, list | dict) else str(value).strip()):
                yield RAI.at(FILE, f"says nothing under {key!r}", pointer=where, file=FILE)
            yield from _rai(value, where)
    elif isinstance(values, list):
        for n, value in enumerate(values):
            yield from _rai(value, f"{pointer}/{n}")


def _files(values: dict[str, Any], manifest: dict[str, Any], contract: Contract) -> Iterator[Problem]:
    tables = {entry["path"]: entry for entry in manifest["files"] if entry["config"]}
    columns = {config: set(contract.features(config)) for config in CONFIGS}
    told: dict[str, str] = {}
    for n, one in enumerate(_objects(values.get("distribution"))):
        name = one.get("contentUrl")
        if one.get("@type") != "cr:FileObject" or not isinstance(name, str):
            continue
        told[str(one.get("@id"))] = name
        if name not in tables:
            yield FILES.at(name, "is described and is no table of the release", pointer=f"/distribution/{n}/contentUrl", file=FILE)
        elif one.get("sha256") != tables[name]["sha256"]:
            yield FILES.at(name, "has another SHA-256 than the manifest gives", pointer=f"/distribution/{n}/sha256", file=FILE)
    for name in sorted(set(tables) - set(told.values())):
        yield FILES.at(name, "is a table of the release and not described", pointer="/distribution", file=FILE)
    for n, one in enumerate(_objects(values.get("recordSet"))):
        for k, field in enumerate(_objects(one.get("field"))):
            source = field.get("source")
            of = source.get("fileObject") if isinstance(source, dict) else None
            name = told.get(str(of.get("@id"))) if isinstance(of, dict) else None
            if not isinstance(source, dict) or name not in tables:
                continue
            extract = source.get("extract")
            column = extract.get("column") if isinstance(extract, dict) else None
            if column is not None and column not in columns.get(tables[name]["config"], {column}):
                message = f"{one.get('name')} takes the column {show(column)}, which {name} does not have"
                yield FILES.at(str(one.get("name")), message, pointer=f"/recordSet/{n}/field/{k}", file=FILE)


def _loading(path: Path, values: dict[str, Any], manifest: dict[str, Any]) -> Iterator[Problem]:
    import mlcroissant

    small = {entry["path"] for entry in manifest["files"] if entry["config"] and (entry["rows"] or 0) <= READ}
    level = logging.getLogger("absl").level
    logging.getLogger("absl").setLevel(logging.ERROR)  # recommendations, which are no problems
    try:
        dataset = mlcroissant.Dataset(jsonld=str(path))
        for one in _objects(values.get("recordSet")):
            name = str(one.get("@id") or one.get("name"))
            used = {name for field in _objects(one.get("field")) for name in _used(field)}
            if used <= small:
                next(iter(dataset.records(name)), None)
    except Exception as failed:  # whatever `mlcroissant` raises, a user of it would meet it
        words = " ".join(str(failed).split()).replace(str(path.parent) + "/", "")
        yield BROKEN.at(FILE, f"`mlcroissant` fails: {show(words, 200).strip(chr(39))}", file=FILE)
    finally:
        logging.getLogger("absl").setLevel(level)


def _used(field: dict[str, Any]) -> Iterator[str]:
    source = field.get("source")
    of = source.get("fileObject") if isinstance(source, dict) else None
    if isinstance(of, dict):
        yield str(of.get("@id"))


def _objects(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
