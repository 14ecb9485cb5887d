"""schema/*.json -> compiled validators, labels, `datasets.Features` and Arrow schemas: the one source of every closed list.

`Contract(folder)` reads a folder of schemas once. Heavy imports (jsonschema-rs, datasets) wait until a method needs them, so that
`dipdata --help` stays quick.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dipdata.explain import explain
from dipdata.problems import CannotRunError

if TYPE_CHECKING:
    import pyarrow as pa
    from datasets import Features

CONFIGS = ("default", "statements", "annotations", "articles")


@dataclass(frozen=True, slots=True)
class Label:
    """One value of a closed list, with what annotators and readers are told of it."""

    value: str
    title: str
    description: str
    hotkey: str | None
    color: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a schema: where in the record, what is wrong, and its class as `explain` has it."""

    pointer: str
    message: str
    kind: str = "invalid"


class Contract:
    """The schemas of one folder. Raises CannotRunError where a file is missing or is no valid JSON Schema."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._documents: dict[str, dict[str, Any]] = {}
        for path in sorted(folder.glob("*.schema.json")):
            try:
                document = json.loads(path.read_bytes())
                self._documents[document["$id"]] = document
            except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
                raise CannotRunError(f"{path}: not a JSON Schema with an $id ({error}). Restore it from the last commit.") from error
        self._by_name = {url.rsplit("/", 1)[-1].removesuffix(".schema.json"): url for url in self._documents}
        missing = {"labels", "article", "statement", "annotation", "gold", "release", "tables"} - set(self._by_name)
        if missing:
            raise CannotRunError(f"{folder}: no {sorted(missing)[0]}.schema.json. Restore it, or copy it from a new `dipdata init`.")

    @property
    def documents(self) -> dict[str, dict[str, Any]]:
        """The schemas by `$id`."""
        return self._documents

    @property
    def version(self) -> str:
        """Version of the label scheme, as `labels.schema.json` states it."""
        return str(self.document("labels")["x-version"])

    @functools.cached_property
    def sha256(self) -> str:
        """SHA-256 over the canonical JSON of every schema."""
        canonical = json.dumps(self._documents, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def document(self, name: str) -> dict[str, Any]:
        """Return the schema of that name: `statement` for `statement.schema.json`."""
        return self._documents[self._by_name[name]]

    def label_lists(self) -> list[str]:
        """Return the names of the closed lists, in the order of the file."""
        return list(self.document("labels")["$defs"])

    def definition(self, name: str) -> dict[str, Any]:
        """Return the schema of a closed list. Raises KeyError for an unknown name."""
        found: dict[str, Any] = self.document("labels")["$defs"][name]
        return found

    def labels(self, name: str, lang: str = "en") -> list[Label]:
        """Return the values of a closed list in class-code order, told in `lang` where there is a translation, else in English.

        Raises KeyError for an unknown name.
        """
        return [
            Label(value["const"], *_told(value, lang), value.get("x-hotkey"), value.get("x-color"))
            for value in self.definition(name)["oneOf"]
        ]

    def told(self, name: str, lang: str = "en") -> tuple[str, str]:
        """Return title and description of a closed list in `lang`, else in English. Raises KeyError for an unknown name."""
        return _told(self.definition(name), lang)

    @functools.cache  # noqa: B019  one Contract lives as long as the run
    def values(self, name: str) -> tuple[str, ...]:
        """Return the bare values of a closed list in class-code order."""
        return tuple(str(value["const"]) for value in self.definition(name)["oneOf"])

    def findings(self, name: str, record: Any) -> Iterator[Finding]:
        """Yield what is wrong with a record by the schema `name`, by `jsonschema-rs`, in dipdata's own words.

        A record that cannot be judged (a lone surrogate, nesting without end) gives one finding of the kind `invalid`.
        """
        try:
            errors = list(self._validator(name).iter_errors(record))
        except (ValueError, RecursionError) as broken:
            yield Finding("", f"cannot be judged ({broken})")
            return
        if not errors:
            return
        lacking: dict[str, list[str]] = {}
        if isinstance(record, dict):
            lacking[""] = [key for key in self.document(name).get("properties", ()) if key not in record]
        for error in errors:
            if error.kind.name == "required":
                lacking.setdefault(_pointer(error), []).append(error.kind.property)
        found = []
        for error in errors:
            pointer = _pointer(error)
            kind, message = explain(error, self._describe, lacking.get(pointer, ()))
            found.append(Finding(pointer, message, kind))
        closed = {finding.pointer for finding in found if finding.kind == "label"}
        # A closed list of strings finds fault twice with what is no string.
        yield from (finding for finding in found if finding.kind != "type" or finding.pointer not in closed)

    def is_valid(self, name: str, record: Any) -> bool:
        """Tell whether a record is valid by the schema `name`; quicker than `findings`."""
        try:
            return bool(self._validator(name).is_valid(record))
        except (ValueError, RecursionError):
            return False

    def whole(self, name: str) -> dict[str, Any]:
        """Return the schema `name` with what its references name in their place; other keywords beside a reference go into `allOf`.

        Raises RecursionError where a schema refers to itself.
        """
        found: dict[str, Any] = self._whole(self._by_name[name], self.document(name))
        return found

    def _whole(self, url: str, schema: Any) -> Any:
        if isinstance(schema, list):
            return [self._whole(url, each) for each in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" not in schema:
            return {key: self._whole(url, value) for key, value in schema.items() if key != "$defs"}
        target = self._whole(*self._resolve(url, {"$ref": schema["$ref"]}))
        beside = {key: self._whole(url, value) for key, value in schema.items() if key not in ("$ref", "title", "description")}
        return target | {"allOf": [beside]} if beside else target

    def _describe(self, path: Sequence[str | int]) -> str | None:
        """Return the description of the shared part that a `schema_path` names: `$defs`, its name, and a keyword."""
        if len(path) > 1 and path[0] == "$defs":
            for document in self._documents.values():
                if isinstance(part := document.get("$defs", {}).get(path[1]), dict):
                    return part.get("description")
        return None

    def features(self, config: str) -> Features:
        """Return the `datasets.Features` of a config: closed lists become ClassLabel, arrays List, objects dicts."""
        from datasets import Features

        url, schema = self._resolve(self._by_name["tables"], {"$ref": f"#/$defs/{config}"})
        return Features({key: self._feature(url, value) for key, value in schema["properties"].items()})

    def record_arrow(self, name: str) -> pa.Schema:
        """Return the Arrow schema of the records of the schema `name`, such as `gold`; see `storage`."""
        from datasets import Features

        url, document = self._by_name[name], self.document(name)
        return storage(Features({key: self._feature(url, value) for key, value in document["properties"].items()}))

    def columns(self, config: str) -> dict[str, Any]:
        """Return the schema of a row of a config, references followed, with the description that the config itself has."""
        url = self._by_name["tables"]
        _, schema = self._resolve(url, {"$ref": f"#/$defs/{config}"})
        return schema | {"description": self.document("tables")["$defs"][config]["description"]}

    def meanings(self, config: str) -> dict[str, str]:
        """Return what each column of a config holds: the descriptions of what its schema refers to, then its own."""
        url, schema = self._resolve(self._by_name["tables"], {"$ref": f"#/$defs/{config}"})
        return {name: " ".join(self._meaning(url, column)) for name, column in schema["properties"].items()}

    def _meaning(self, url: str, schema: dict[str, Any]) -> Iterator[str]:
        if "$ref" in schema:
            yield from self._meaning(*self._resolve(url, {"$ref": schema["$ref"]}))
        for arm in schema.get("oneOf", ()):
            if "const" not in arm:
                yield from self._meaning(url, arm)
        if "description" in schema:
            yield schema["description"]

    def class_lists(self, config: str) -> list[str]:
        """Return the names of the closed lists that columns of a config take their values from, nested ones included."""
        return sorted(set(self._class_lists(self._by_name["tables"], {"$ref": f"#/$defs/{config}"})))

    def _class_lists(self, url: str, schema: dict[str, Any]) -> Iterator[str]:
        target = schema.get("$ref", "")
        if target.startswith("labels.schema.json#/$defs/"):
            yield target.rsplit("/", 1)[-1]
            return
        url, schema = self._resolve(url, schema)
        for part in (*schema.get("properties", {}).values(), *schema.get("oneOf", ()), *filter(None, [schema.get("items")])):
            yield from self._class_lists(url, part)

    def arrow(self, config: str) -> pa.Schema:
        """Return the Arrow schema that a config's files have; see `storage`."""
        return storage(self.features(config))

    @functools.cache  # noqa: B019  one Contract lives as long as the run
    def _validator(self, name: str) -> Any:
        import jsonschema_rs

        registry = jsonschema_rs.Registry(list(self._documents.items()))
        return jsonschema_rs.Draft202012Validator(self.document(name), registry=registry, validate_formats=False)

    def _resolve(self, url: str, schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Follow `$ref`; return the file that the schema stands in, since its own references are relative to that."""
        while "$ref" in schema:
            target, _, pointer = schema["$ref"].partition("#")
            url = url.rsplit("/", 1)[0] + "/" + target if target else url
            schema = self._documents[url]
            for part in pointer.split("/")[1:]:
                schema = schema[part]
        return url, schema

    def _feature(self, url: str, schema: dict[str, Any]) -> Any:
        from datasets import ClassLabel, List, Value

        url, schema = self._resolve(url, schema)
        arms = schema.get("oneOf", [])
        if arms and all("const" in arm for arm in arms):
            return ClassLabel(names=[arm["const"] for arm in arms])
        if arms:
            return self._feature(url, next(arm for arm in arms if arm.get("type") != "null"))
        match schema["type"]:
            case "array":
                return List(self._feature(url, schema["items"]))
            case "object":
                return {key: self._feature(url, value) for key, value in schema["properties"].items()}
            case "integer":
                return Value(schema.get("x-arrow", "int64"))
            case "number":
                return Value("float64")
            case "boolean":
                return Value("bool")
            case _:
                return Value("string")


def _pointer(error: Any) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in error.instance_path)


def storage(features: Features) -> pa.Schema:
    """Return the Arrow schema that features are stored with: that of `datasets`, its `huggingface` metadata included, with class
    codes as int8 where `datasets` holds int64.

    `datasets` casts them on loading, by the features that the card gives.
    """
    import pyarrow as pa

    wide = features.arrow_schema
    return pa.schema([field.with_type(_narrow(field.type, features[field.name])) for field in wide], metadata=wide.metadata)


def _narrow(kind: pa.DataType, feature: Any) -> pa.DataType:
    import pyarrow as pa
    from datasets import ClassLabel, List

    if isinstance(feature, ClassLabel):
        return pa.int8() if feature.num_classes < 128 else kind
    if isinstance(feature, List):
        return pa.list_(_narrow(kind.value_type, feature.feature))
    if isinstance(feature, dict):
        return pa.struct([field.with_type(_narrow(field.type, feature[field.name])) for field in kind.fields])
    return kind


def _told(schema: dict[str, Any], lang: str) -> tuple[str, str]:
    words = schema.get("x-translations", {}).get(lang, schema)
    return words["title"], words["description"]


def packaged() -> Path:
    """Return the folder of the schemas that come with dipdata: inside a wheel, or at the top of a checkout."""
    inside = Path(__file__).parent / "schema"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "schema"
