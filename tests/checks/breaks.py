"""Ways to break a good release, one at a time. Works on the files alone (bytes, JSON, Parquet) and knows nothing of the checks' code.

A break is a function of a release's folder. `seal` afterwards makes the manifest agree with the files again, so that a break inside
a file must be found by what it is and not by its hash; the breaks of the files themselves are marked `unsealed`.
"""

import hashlib
import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Rows = list[dict[str, Any]]
BREAKS: dict[str, tuple[str, Callable[[Path], None], bool]] = {}


def breaks(code: str, *, sealed: bool = True) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Note a break with the code that must be found."""

    def note(function: Callable[[Path], None]) -> Callable[[Path], None]:
        assert function.__name__ not in BREAKS
        BREAKS[function.__name__] = (code, function, sealed)
        return function

    return note


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "release.json").read_text("utf-8"))


def save(folder: Path, values: Any) -> None:
    (folder / "release.json").write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


def seal(folder: Path) -> None:
    values = manifest(folder)
    _seal_croissant(folder, values)
    for entry in values["files"]:
        path = folder / entry["path"]
        if path.is_file():
            entry["bytes"], entry["sha256"] = path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest()
            if path.suffix == ".parquet":
                try:
                    entry["rows"] = pq.read_metadata(path).num_rows
                except pa.ArrowException:
                    continue
    save(folder, values)


def _seal_croissant(folder: Path, values: dict[str, Any]) -> None:
    """Put the hashes of tables that have changed into the Croissant file; one that was broken by hand stays as it is."""
    path = folder / "croissant.json"
    try:
        told = json.loads(path.read_text("utf-8"))
        old = {entry["path"]: entry["sha256"] for entry in values["files"]}
        for one in told["distribution"]:
            table = folder / one["contentUrl"]
            if table.is_file() and one["sha256"] == old.get(one["contentUrl"]):
                one["sha256"] = hashlib.sha256(table.read_bytes()).hexdigest()
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    except (ValueError, KeyError):
        return


def files(folder: Path, config: str) -> list[Path]:
    return [folder / entry["path"] for entry in manifest(folder)["files"] if entry["config"] == config]


def rewrite(path: Path, rows: Rows, schema: pa.Schema | None = None) -> None:
    schema = schema or pq.read_schema(path)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def edit(folder: Path, config: str, change: Callable[[Rows], Any]) -> None:
    """Change the rows of the largest file of a config."""
    path = max(files(folder, config), key=lambda each: pq.read_metadata(each).num_rows)
    rows = pq.read_table(path).to_pylist()
    change(rows)
    rewrite(path, rows)


def edit_text(folder: Path, change: Callable[[str], str], at: int = 0) -> None:
    """Change an article's text and its hash, with the statements' hash of it, so that the text alone is wrong."""
    path = files(folder, "articles")[0]
    rows = pq.read_table(path).to_pylist()
    row = rows[at]
    old = row["sha256"]
    row["text"] = change(row["text"])
    row["sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()
    rewrite(path, rows)
    for of in files(folder, "statements"):
        rows = pq.read_table(of).to_pylist()
        for each in rows:
            if each["article_sha256"] == old:
                each["article_sha256"] = row["sha256"]
        rewrite(of, rows)


def codes(folder: Path, column: str, config: str = "annotations") -> list[str]:
    """The class names of a column, as the table's own metadata gives them; `a/b` is b in the items of the list a."""
    info = json.loads(pq.read_schema(files(folder, config)[0]).metadata[b"huggingface"])["info"]["features"]
    for part in column.split("/"):
        info = info[part]
        info = info.get("feature", info) if isinstance(info, dict) else info
    return info["names"]


def card(folder: Path, old: str, new: str, count: int = 1) -> None:
    path = folder / "README.md"
    text = path.read_text("utf-8")
    assert old in text, f"the card has no {old!r}"
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def with_entry(folder: Path, path: str, **values: Any) -> None:
    whole = manifest(folder)
    whole["files"].append({"path": path, "bytes": 0, "sha256": "0" * 64, "config": None, "split": None, "rows": None} | values)
    save(folder, whole)


def set_manifest(folder: Path, **values: Any) -> None:
    save(folder, manifest(folder) | values)


# The manifest and the files.


@breaks("release.manifest", sealed=False)
def manifest_cut_short(folder: Path) -> None:
    path = folder / "release.json"
    path.write_bytes(path.read_bytes()[:-40])


@breaks("release.manifest", sealed=False)
def manifest_with_nan(folder: Path) -> None:
    path = folder / "release.json"
    path.write_text(re.sub(r'"seed": ?\d+', '"seed": NaN', path.read_text()))


@breaks("release.manifest", sealed=False)
def manifest_with_a_key_twice(folder: Path) -> None:
    path = folder / "release.json"
    path.write_text(path.read_text().replace("{", '{"seed": 1,', 1))


@breaks("release.manifest", sealed=False)
def manifest_in_utf_16(folder: Path) -> None:
    path = folder / "release.json"
    path.write_bytes(path.read_text().encode("utf-16"))


@breaks("release.manifest")
def manifest_without_licence(folder: Path) -> None:
    values = manifest(folder)
    del values["licence"]
    save(folder, values)


@breaks("release.manifest")
def version_with_two_numbers(folder: Path) -> None:
    set_manifest(folder, version="1.0")


@breaks("release.manifest")
def text_mode_of_no_kind(folder: Path) -> None:
    set_manifest(folder, text_mode="some")


@breaks("release.manifest")
def manifest_with_an_unknown_key(folder: Path) -> None:
    set_manifest(folder, maintainer="someone")


@breaks("release.file-changed", sealed=False)
def one_byte_more(folder: Path) -> None:
    with (folder / "README.md").open("ab") as file:
        file.write(b"\n")


@breaks("release.file-changed", sealed=False)
def one_bit_of_a_table_flipped(folder: Path) -> None:
    path = files(folder, "articles")[0]
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 3] ^= 1
    path.write_bytes(raw)


@breaks("release.file-missing", sealed=False)
def table_removed(folder: Path) -> None:
    files(folder, "default")[0].unlink()


@breaks("release.file-missing", sealed=False)
def directory_for_a_file(folder: Path) -> None:
    path = files(folder, "annotations")[0]
    path.unlink()
    path.mkdir()


@breaks("release.file-foreign")
def notes_left_behind(folder: Path) -> None:
    (folder / "notes.txt").write_text("todo")


@breaks("release.file-path", sealed=False)
def file_outside_the_folder(folder: Path) -> None:
    with_entry(folder, "../elsewhere.parquet")


@breaks("release.file-path", sealed=False)
def file_listed_twice(folder: Path) -> None:
    with_entry(folder, "README.md")


@breaks("release.schema", sealed=False)
def schema_edited(folder: Path) -> None:
    path = folder / "schema" / "labels.schema.json"
    path.write_text(path.read_text("utf-8").replace("The speaker supports", "The speaker likes"), encoding="utf-8")


@breaks("release.schema")
def schema_removed(folder: Path) -> None:
    (folder / "schema" / "labels.schema.json").unlink()


@breaks("labels.scheme-merged")
def none_taken_from_the_scheme(folder: Path) -> None:
    path = folder / "schema" / "labels.schema.json"
    values = json.loads(path.read_text("utf-8"))
    values["$defs"]["stance"]["oneOf"] = [value for value in values["$defs"]["stance"]["oneOf"] if value["const"] != "none"]
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


@breaks("release.table-broken")
def table_cut_short(folder: Path) -> None:
    path = files(folder, "statements")[0]
    path.write_bytes(path.read_bytes()[:300])


@breaks("release.table-broken")
def table_that_is_text(folder: Path) -> None:
    files(folder, "annotations")[0].write_text("statement,stance\n")


@breaks("release.table-broken")
def page_that_fails_its_checksum(folder: Path) -> None:
    path = files(folder, "articles")[0]
    column = pq.read_metadata(path).row_group(0)
    of = next(column.column(n) for n in range(column.num_columns) if column.column(n).path_in_schema == "text")
    raw = bytearray(path.read_bytes())
    start = of.dictionary_page_offset if of.has_dictionary_page else of.data_page_offset
    raw[start + of.total_compressed_size // 2] ^= 255
    path.write_bytes(raw)


@breaks("release.table-rows", sealed=False)
def one_row_too_few_in_the_manifest(folder: Path) -> None:
    values = manifest(folder)
    next(entry for entry in values["files"] if entry["config"] == "default")["rows"] -= 1
    save(folder, values)


@breaks("release.table-schema")
def column_dropped(folder: Path) -> None:
    path = files(folder, "statements")[0]
    pq.write_table(pq.read_table(path).drop_columns(["cue"]), path)


@breaks("release.table-schema")
def column_of_another_type(folder: Path) -> None:
    path = files(folder, "annotations")[0]
    table = pq.read_table(path)
    at = table.schema.get_field_index("lead_time")
    pq.write_table(table.set_column(at, "lead_time", table["lead_time"].cast(pa.string())), path)


def _metadata(folder: Path, config: str, change: Callable[[dict[bytes, bytes]], None]) -> None:
    path = files(folder, config)[0]
    table = pq.read_table(path)
    metadata = dict(table.schema.metadata)
    change(metadata)
    pq.write_table(table.replace_schema_metadata(metadata), path)


@breaks("release.class-names")
def class_names_swapped_in_a_table(folder: Path) -> None:
    def swap(metadata: dict[bytes, bytes]) -> None:
        old = metadata[b"huggingface"]
        metadata[b"huggingface"] = old.replace(b'"favor", "against"', b'"against", "favor"').replace(
            b'"favor","against"', b'"against","favor"'
        )
        assert metadata[b"huggingface"] != old

    _metadata(folder, "default", swap)


@breaks("release.class-names")
def class_names_lost(folder: Path) -> None:
    _metadata(folder, "statements", lambda metadata: metadata.pop(b"huggingface") and None)


@breaks("release.class-names")
def class_names_that_are_no_json(folder: Path) -> None:
    _metadata(folder, "statements", lambda metadata: metadata.update({b"huggingface": b"{"}))


@breaks("release.split-empty")
def split_without_rows(folder: Path) -> None:
    edit(folder, "annotations", list.clear)


@breaks("release.name")
def config_of_another_name(folder: Path) -> None:
    values = manifest(folder)
    next(entry for entry in values["files"] if entry["config"] == "default")["config"] = "main"
    save(folder, values)


@breaks("release.name")
def table_without_a_split(folder: Path) -> None:
    values = manifest(folder)
    next(entry for entry in values["files"] if entry["config"] == "default")["split"] = None
    save(folder, values)


# The card.


@breaks("release.card-classes")
def class_names_swapped_in_the_card(folder: Path) -> None:
    path = folder / "README.md"
    text = path.read_text("utf-8").replace("'0': favor", "'0': X").replace("'1': against", "'1': favor").replace("'0': X", "'0': against")
    path.write_text(text, encoding="utf-8")


@breaks("release.card-yaml")
def card_whose_yaml_breaks_off(folder: Path) -> None:
    (folder / "README.md").write_text("---\nconfigs: [\n---\n")


@breaks("release.card-yaml")
def card_without_yaml(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(path.read_text("utf-8").split("---\n", 2)[2], encoding="utf-8")


@breaks("release.load")
def card_that_names_a_file_which_is_not_there(folder: Path) -> None:
    name = files(folder, "default")[0].relative_to(folder).as_posix()
    card(folder, f"path: {name}", "path: default/gone.parquet")


@breaks("release.card-splits")
def card_that_promises_more_rows(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(re.sub(r"num_examples: (\d+)", lambda found: f"num_examples: {int(found[1]) + 5}", path.read_text("utf-8"), count=1))


@breaks("release.licence")
def card_with_another_licence(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(re.sub(r"^license: .*$", "license: mit", path.read_text("utf-8"), count=1, flags=re.MULTILINE), encoding="utf-8")


@breaks("release.licence")
def card_without_licence(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(re.sub(r"^license: .*\n", "", path.read_text("utf-8"), count=1, flags=re.MULTILINE), encoding="utf-8")


@breaks("release.card-claims")
def card_with_other_languages(folder: Path) -> None:
    path = folder / "README.md"
    path.write_text(
        re.sub(r"^language:\n(- .*\n)+", "language:\n- eo\n", path.read_text("utf-8"), count=1, flags=re.MULTILINE), encoding="utf-8"
    )


@breaks("release.card-claims")
def card_of_another_size(folder: Path) -> None:
    card(folder, "n<1K", "100K<n<1M")


@breaks("release.card-stale")
def number_in_the_card_edited(folder: Path) -> None:
    path = folder / "README.md"
    head, body = path.read_text("utf-8").rsplit("---\n", 1)
    at = body.index("begin numbers")
    path.write_text(head + "---\n" + body[:at] + re.sub(r"\| (\d+) \|", "| 99999 |", body[at:], count=1), encoding="utf-8")


@breaks("release.card-stale")
def annotation_removed_after_the_card_was_made(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows.pop())


@breaks("release.row-votes")
def votes_counted_twice(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[2].update(sentiment_votes=[2 * n for n in rows[2]["sentiment_votes"]]))


@breaks("release.row-votes")
def votes_of_another_region(folder: Path) -> None:
    def change(rows: Rows) -> None:
        of = next(row["stances"][0] for row in rows if row["stances"])
        of["votes"] = of["votes"][1:] + of["votes"][:1]

    edit(folder, "statements", change)


@breaks("release.row-votes")
def one_annotator_more_than_there_are(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(annotators=rows[0]["annotators"] + 1))


@breaks("release.row-labels")
def two_stances_swapped(folder: Path) -> None:
    def change(rows: Rows) -> None:
        other = next(row for row in rows if row["stance"] != rows[0]["stance"])
        rows[0]["stance"], other["stance"] = other["stance"], rows[0]["stance"]

    edit(folder, "default", change)


@breaks("release.row-labels")
def labels_joined_to_the_row_before(folder: Path) -> None:
    def change(rows: Rows) -> None:
        tones = [row["sentiment"] for row in rows]
        for row, tone in zip(rows, tones[1:] + tones[:1], strict=True):
            row["sentiment"] = tone

    edit(folder, "default", change)


@breaks("release.row-labels")
def rows_of_default_turned_around(folder: Path) -> None:
    edit(folder, "default", lambda rows: rows.reverse())


@breaks("release.row-labels")
def row_of_default_dropped(folder: Path) -> None:
    edit(folder, "default", lambda rows: rows.pop(3))


@breaks("release.row-labels")
def row_of_default_twice(folder: Path) -> None:
    edit(folder, "default", lambda rows: rows.append(rows[-1]))


@breaks("release.row-labels")
def words_of_another_content(folder: Path) -> None:
    edit(folder, "default", lambda rows: rows[1].update(content=rows[2]["content"]))


@breaks("hygiene.text-mode")
def texts_in_a_release_without_texts(folder: Path) -> None:
    set_manifest(folder, text_mode="none")


@breaks("hygiene.text-mode")
def whole_articles_in_a_release_of_quotations(folder: Path) -> None:
    set_manifest(folder, text_mode="quotes")


@breaks("release.row-text")
def text_of_a_row_retyped(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(text=rows[0]["text"].swapcase()))


@breaks("release.row-text")
def text_of_a_row_with_more_of_the_article(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(text=rows[0]["text"] + " And more."))


def _older(folder: Path, version: str) -> None:
    old = folder.parent / f"{manifest(folder)['name']}-{version}"
    shutil.copytree(folder, old)
    set_manifest(old, version=version)


@breaks("release.version-too-low")
def article_gone_in_a_patch(folder: Path) -> None:
    _older(folder, "0.1.0")
    set_manifest(folder, version="0.1.1")
    edit(folder, "articles", lambda rows: rows.pop())


@breaks("release.version-too-low")
def article_in_another_split_in_a_minor_version(folder: Path) -> None:
    _older(folder, "1.0.0")
    set_manifest(folder, version="1.1.0")
    one, other = files(folder, "articles")[:2]
    rows = pq.read_table(one).to_pylist()
    rewrite(other, [*pq.read_table(other).to_pylist(), rows.pop()])
    rewrite(one, rows)


@breaks("release.previous")
def release_before_edited(folder: Path) -> None:
    _older(folder, "0.0.9")
    set_manifest(folder, previous={"version": "0.0.9", "sha256": "0" * 64})


@breaks("references.token")
def token_in_the_card(folder: Path) -> None:
    with (folder / "README.md").open("a") as file:
        file.write("\nUse the token hf_" + "abcdefghij" * 4 + "\n")


@breaks("references.email")
def address_in_the_card(folder: Path) -> None:
    with (folder / "README.md").open("a") as file:
        file.write("\nWrite to jane.doe@wire.example.\n")


# The Croissant file.


def _croissant(folder: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    path = folder / "croissant.json"
    values = json.loads(path.read_text("utf-8"))
    change(values)
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8")


@breaks("release.croissant")
def croissant_cut_short(folder: Path) -> None:
    path = folder / "croissant.json"
    path.write_text(path.read_text("utf-8")[:-30], encoding="utf-8")


@breaks("release.croissant")
def croissant_of_no_type(folder: Path) -> None:
    _croissant(folder, lambda values: values.pop("@type"))


@breaks("release.croissant-files")
def croissant_with_another_hash(folder: Path) -> None:
    _croissant(folder, lambda values: values["distribution"][0].update(sha256="0" * 64))


@breaks("release.croissant-files")
def croissant_without_a_table(folder: Path) -> None:
    _croissant(folder, lambda values: values["distribution"].pop())


@breaks("release.croissant-files")
def croissant_with_a_column_that_is_not_there(folder: Path) -> None:
    def rename(values: dict[str, Any]) -> None:
        field = next(
            field for one in values["recordSet"] for field in one["field"] if "column" in field.get("source", {}).get("extract", {})
        )
        field["source"]["extract"]["column"] = "gone"

    _croissant(folder, rename)


@breaks("release.croissant-claims")
def croissant_of_another_version(folder: Path) -> None:
    _croissant(folder, lambda values: values.update(version="9.9.9"))


@breaks("release.croissant-rai")
def croissant_with_an_invented_key(folder: Path) -> None:
    _croissant(folder, lambda values: values.update({"rai:dataBiasses": "none known"}))


@breaks("release.croissant-rai")
def croissant_with_a_vocabulary_of_its_own(folder: Path) -> None:
    _croissant(folder, lambda values: values["@context"].update(rai="https://example.org/rai/"))


@breaks("release.croissant-rai")
def croissant_that_says_nothing_of_its_limits(folder: Path) -> None:
    _croissant(folder, lambda values: values.update({"rai:dataLimitations": " "}))


# Articles.


@breaks("offsets.hash")
def word_of_an_article_changed(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(text=rows[0]["text"] + "!"))


@breaks("offsets.zone")
def zone_beyond_the_text(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0]["zones"][0].update(end=10**6))


@breaks("schema.format")
def language_in_capitals(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(lang="FR"))


@breaks("schema.format")
def date_that_does_not_exist(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(date="2026-02-30"))


@breaks("schema.format")
def url_that_is_none(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(url="see the paper"))


@breaks("schema.range")
def outlet_without_a_name(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(outlet=""))


@breaks("references.article-missing")
def article_removed(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows.pop())


@breaks("references.duplicate-id")
def article_twice(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows.append(rows[0]))


@breaks("splits.article-leak")
def article_in_two_splits(folder: Path) -> None:
    train, other = files(folder, "articles")[-1], files(folder, "articles")[0]
    rewrite(other, pq.read_table(other).to_pylist() + pq.read_table(train).to_pylist()[:1])


def _copy(folder: Path, change: Callable[[str], str]) -> None:
    train, other = files(folder, "articles")[:2]
    row = max(pq.read_table(train).to_pylist(), key=lambda row: row["text"].count(" "))
    text = change(row["text"])
    more = row | {"id": "wire/copy", "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest(), "zones": []}
    rewrite(other, [*pq.read_table(other).to_pylist(), more])


@breaks("splits.near-duplicate")
def article_with_one_word_changed_in_another_split(folder: Path) -> None:
    _copy(folder, lambda text: text.rsplit(" ", 1)[0] + " otherwise.")


@breaks("splits.near-duplicate")
def same_article_under_another_name_in_another_split(folder: Path) -> None:
    _copy(folder, str)


@breaks("splits.wire-copy")
def wire_copy_inside_a_longer_article_of_another_split(folder: Path) -> None:
    own = " ".join(f"wort{n}" for n in range(300))
    _copy(folder, lambda text: f"{own}\n\n{text}\n\n{own[::-1]}")


@breaks("references.email")
def address_in_a_title(folder: Path) -> None:
    edit(folder, "articles", lambda rows: rows[0].update(title="By jane.doe@wire.example"))


@breaks("hygiene.bidi-control")
def text_turned_around(folder: Path) -> None:
    edit_text(folder, lambda text: text + " \u202egnorts")


@breaks("hygiene.invisible")
def zero_width_space(folder: Path) -> None:
    edit_text(folder, lambda text: text + " in\u200bvisible")


@breaks("hygiene.control-character")
def control_character(folder: Path) -> None:
    edit_text(folder, lambda text: text + " \x07")


@breaks("hygiene.not-normal")
def accents_apart_from_their_letters(folder: Path) -> None:
    edit_text(folder, lambda text: text + unicodedata.normalize("NFD", " été"))


@breaks("hygiene.mojibake")
def text_read_in_the_wrong_encoding(folder: Path) -> None:
    edit_text(folder, lambda text: text + " " + "déjà été".encode().decode("latin-1"))


@breaks("hygiene.markup")
def tags_in_the_text(folder: Path) -> None:
    edit_text(folder, lambda text: text + ' <p class="lead">More</p>')


@breaks("hygiene.boilerplate")
def newsletter_in_the_text(folder: Path) -> None:
    edit_text(folder, lambda text: text + "\n\nSubscribe to our newsletter and never miss a story.")


@breaks("hygiene.private-data")
def telephone_number_in_the_text(folder: Path) -> None:
    edit_text(folder, lambda text: text + " Call +33 1 55 55 55 55 01 now.")


@breaks("splits.proportion")
def most_articles_taken_from_training(folder: Path) -> None:
    path = files(folder, "articles")[0]
    rewrite(path, pq.read_table(path).to_pylist()[:3])


# Statements.


@breaks("offsets.surface-mismatch")
def spans_shifted_by_one(folder: Path) -> None:
    def shift(rows: Rows) -> None:
        for span in rows[0]["source"]:
            span["start"] += 1
            span["end"] += 1

    edit(folder, "statements", shift)


@breaks("offsets.surface-mismatch")
def surface_retyped(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0]["cue"][0].update(surface="declared"))


@breaks("offsets.out-of-range")
def span_after_the_text(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0]["cue"][0].update(end=10**6))


@breaks("offsets.empty-span")
def span_turned_around(folder: Path) -> None:
    def turn(rows: Rows) -> None:
        span = rows[0]["cue"][0]
        span["start"], span["end"] = span["end"], span["start"]

    edit(folder, "statements", turn)


@breaks("schema.range")
def span_before_the_text(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0]["cue"][0].update(start=-1))


@breaks("offsets.order")
def source_twice(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(source=rows[0]["source"] * 2))


@breaks("offsets.grapheme")
def emoji_cut_in_two(folder: Path) -> None:
    def cut(rows: Rows) -> None:
        row = next(row for row in rows if "\u200d" in row["content"][0]["surface"])
        span = row["content"][0]
        at = span["surface"].index("\u200d")
        row["targets"] = [{"start": span["start"], "end": span["start"] + at, "surface": span["surface"][:at]}]

    edit(folder, "statements", cut)


@breaks("offsets.whitespace")
def span_with_a_space(folder: Path) -> None:
    def widen(rows: Rows) -> None:
        row = next(row for row in rows if row["cue"] and row["source"] and row["cue"][0]["start"] == row["source"][0]["end"] + 1)
        row["cue"][0]["start"] -= 1
        row["cue"][0]["surface"] = " " + row["cue"][0]["surface"]

    edit(folder, "statements", widen)


@breaks("offsets.form")
def form_guessed(folder: Path) -> None:
    def guess(rows: Rows) -> None:
        for row in rows:
            row["form"] = (row["form"] + 1) % 3

    edit(folder, "statements", guess)


@breaks("offsets.text-changed")
def statement_of_another_text(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(article_sha256="0" * 64))


@breaks("schema.range")
def statement_without_content(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(content=[]))


@breaks("references.statement-id")
def statement_of_another_id(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(id="s-0123456789abcdef"))


@breaks("references.duplicate-id")
def statement_twice(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows.append(rows[0]))


@breaks("references.article-missing")
def statement_of_no_article(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(article_id="wire/unknown"))


@breaks("references.chain-cycle")
def chain_that_comes_back(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(chain=["Agency", "Ministry", "agency"]))


@breaks("references.target-twice")
def target_twice(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(targets=rows[0]["targets"] * 2))


@breaks("schema.range")
def certainty_above_one(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(confidence=1.5))


@breaks("schema.type")
def certainty_that_is_no_number(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(confidence=float("nan")))


@breaks("schema.type")
def span_without_a_start(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0]["content"][0].update(start=None))


@breaks("schema.type")
def answer_without_targets_at_all(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(targets=None))


@breaks("schema.type")
def statement_without_votes_at_all(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0].update(stances=None, speakers=None, validity_votes=None))


@breaks("schema.format")
def country_of_three_letters(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[0]["speakers"][0].update(country="FRA"))


@breaks("references.email")
def address_in_the_name_of_a_speaker(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[4]["speakers"][0].update(name="press office, press@ministry.example"))


@breaks("references.token")
def key_in_the_chain(folder: Path) -> None:
    edit(folder, "statements", lambda rows: rows[3].update(chain=["hf_" + "aB3" * 12]))


@breaks("offsets.in-zone")
def statement_in_the_credits(folder: Path) -> None:
    def credit(rows: Rows) -> None:
        zone = rows[0]["zones"][0]
        zone.update(kind=zone["kind"] + 3, end=len(rows[0]["text"]))

    edit(folder, "articles", credit)


@breaks("splits.record-stray")
def statements_in_the_wrong_split(folder: Path) -> None:
    train, other = files(folder, "statements")[:2]
    rows = pq.read_table(train).to_pylist()
    rewrite(other, [*pq.read_table(other).to_pylist(), rows.pop()])
    rewrite(train, rows)


# Annotations.


@breaks("references.email")
def annotator_by_address(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(annotator="jane.doe@wire.example"))


@breaks("schema.format")
def annotator_by_name(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(annotator="Jane"))


@breaks("references.statement-missing")
def annotation_of_no_statement(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(statement_id="s-0123456789abcdef"))


@breaks("references.annotation-id")
def annotation_of_another_id(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(id="a-0123456789abcdef"))


@breaks("references.duplicate-id")
def annotation_twice(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows.append(rows[0]))


@breaks("splits.record-stray")
def annotations_in_the_wrong_split(folder: Path) -> None:
    train, other = files(folder, "annotations")[:2]
    rows = pq.read_table(train).to_pylist()
    rewrite(other, [*pq.read_table(other).to_pylist(), rows.pop()])
    rewrite(train, rows)


@breaks("labels.answer-missing")
def answer_without_sentiment(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(sentiment=None))


@breaks("labels.answer-missing")
def answer_without_validity(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(validity=None))


@breaks("labels.answer-missing")
def answer_without_stance(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: next(row for row in rows if row["targets"])["targets"][0].update(stance=None))


@breaks("labels.scheme-unknown")
def scheme_of_the_future(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(scheme="9.0.0"))


@breaks("labels.guideline-unknown")
def guideline_of_the_future(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(guideline="1.9.0"))


@breaks("labels.time-order")
def updated_before_it_was_created(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(updated="2020-01-01T00:00:00Z"))


@breaks("schema.format")
def time_without_a_zone(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(created="2026-05-01T09:00:00"))


@breaks("labels.rejected-answered")
def rejected_and_labelled(folder: Path) -> None:
    code = codes(folder, "validity").index("not_a_statement")
    edit(folder, "annotations", lambda rows: rows[0].update(validity=code))


@breaks("labels.contradiction")
def full_of_praise_and_against_all(folder: Path) -> None:
    tone, against = codes(folder, "sentiment").index("very_positive"), codes(folder, "targets/stance").index("against")

    def contradict(rows: Rows) -> None:
        row = next(row for row in rows if row["targets"])
        row["sentiment"] = tone
        row["targets"][0]["stance"] = against

    edit(folder, "annotations", contradict)


@breaks("schema.range")
def lead_time_below_zero(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0].update(lead_time=-5.0))


@breaks("offsets.surface-mismatch")
def annotators_span_shifted(folder: Path) -> None:
    edit(folder, "annotations", lambda rows: rows[0]["cue"][0].update(start=rows[0]["cue"][0]["start"] + 1))


def _all_of(folder: Path, annotator: int, change: Callable[[dict[str, Any]], None]) -> None:
    names = sorted({row["annotator"] for path in files(folder, "annotations") for row in pq.read_table(path).to_pylist()})
    for path in files(folder, "annotations"):
        rows = pq.read_table(path).to_pylist()
        for row in rows:
            if row["annotator"] == names[annotator]:
                change(row)
        rewrite(path, rows)


@breaks("labels.constant")
def one_annotator_always_neutral(folder: Path) -> None:
    code = codes(folder, "sentiment").index("neutral")
    _all_of(folder, 0, lambda row: row.update(sentiment=code))


@breaks("labels.too-fast")
def one_annotator_faster_than_reading(folder: Path) -> None:
    _all_of(folder, 0, lambda row: row.update(lead_time=0.2))


@breaks("labels.none-neutral")
def one_annotator_never_says_none(folder: Path) -> None:
    neutral, none = (codes(folder, "targets/stance").index(value) for value in ("neutral", "none"))

    def merge(row: dict[str, Any]) -> None:
        for target in row["targets"]:
            if target["stance"] == none:
                target["stance"] = neutral

    _all_of(folder, 0, merge)


@breaks("agreement.alpha-low")
def annotators_who_disagree(folder: Path) -> None:
    size = len(codes(folder, "sentiment"))
    _all_of(folder, 0, lambda row: row.update(sentiment=int(row["statement_id"][2:], 16) % size))


@breaks("agreement.overlap")
def one_annotator_removed(folder: Path) -> None:
    for path in files(folder, "annotations"):
        rows = pq.read_table(path).to_pylist()
        names = sorted({row["annotator"] for row in rows})
        rewrite(path, [row for row in rows if row["annotator"] == names[0]])


@breaks("splits.label-balance")
def stances_of_one_split_all_against(folder: Path) -> None:
    against = codes(folder, "stance", "default").index("against")

    def turn(rows: Rows) -> None:
        for row in rows:
            row["stance"] = against

    edit(folder, "default", turn)
