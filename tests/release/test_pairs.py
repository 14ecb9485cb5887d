"""Releases are compared by columns as they would be row by row."""

import json
import random
import shutil
from dataclasses import replace

import diff_by_row
import good
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata import columns, tables
from dipdata.problems import CannotRunError
from dipdata.release import rows
from dipdata.release.diff import RECORDS, compare
from dipdata.release.parts import Loaded
from dipdata.schemas import Contract, packaged

TEN = good.ten()
SPLITS = ("train", "validation", "test")


def write(folder, corpus, seed, change=lambda config, table: table, mode="full"):
    """Write the tables of a release, two a config, articles divided among splits by chance; return its manifest and contract."""
    rng = random.Random(seed)
    contract = Contract(folder / "schema")
    stored = rows.schemas(contract)
    files = []
    for part in (0, 1):
        articles = [a for n, a in enumerate(sorted(corpus.articles, key=lambda a: a.id)) if n % 2 == part]
        split = rng.choice(SPLITS)
        made = rows.config_tables(rows.batches(Loaded(replace(corpus, articles=articles)).load(), stored), stored, mode)
        for config in RECORDS:
            if made[config].num_rows:
                path = f"{config}-{part}.parquet"
                tables.write_table(folder / path, change(config, made[config]))
                files.append({"config": config, "split": split, "path": path})
    manifest = {"name": "small", "version": "0.1.0", "text_mode": mode, "hold_out": None, "licence": "CC0-1.0", "guideline": "1.0.0"}
    return manifest | {"files": files}, contract


def later(corpus, seed):
    """Return a corpus with records added, removed and changed by chance."""
    rng = random.Random(seed)

    def some(records, *changes):
        kept = [record for record in records if rng.random() < 0.9]
        return [rng.choice(changes)(record) if rng.random() < 0.3 else record for record in kept]

    def target(record):
        return replace(record, targets=tuple(replace(t, stance=rng.choice(["favor", "none", None])) for t in record.targets))

    return replace(
        corpus,
        articles=some(corpus.articles, lambda a: replace(a, title="Other"), lambda a: replace(a, sha256="0" * 64)),
        statements=some(
            corpus.statements,
            lambda s: replace(s, confidence=0.5),
            lambda s: replace(s, chain=(*s.chain, "Agency")),
            lambda s: replace(s, speakers=s.speakers[1:], scope="thought"),
            lambda s: replace(s, targets=s.content),
        ),
        annotations=some(
            corpus.annotations,
            lambda a: replace(a, status="draft"),
            lambda a: replace(a, sentiment=rng.choice(["neutral", None]), lead_time=None),
            target,
        ),
        gold=some(
            corpus.gold,
            lambda g: replace(g, validity="not_a_statement", sentiment=None, targets=()),
            lambda g: replace(g, act="deny", targets=g.targets[:1] * 2),
            lambda g: replace(g, targets=g.targets + tuple(replace(t, stance=None) for t in g.targets)),
            lambda g: replace(g, sentiment="very_negative"),
            target,
        ),
    )


@pytest.fixture
def folders(tmp_path):
    found = tmp_path / "old", tmp_path / "new"
    for folder in found:
        shutil.copytree(packaged(), folder / "schema")
    return found


def assert_same(old, was, new, now, contracts):
    found, wanted = compare(old, was, new, now), diff_by_row.compare(old, was, new, now, contracts)
    for part in ("records", "told", "moved", "labels", "agreement", "shares"):
        assert getattr(found, part) == getattr(wanted, part), part
    return found


@pytest.mark.parametrize(("seed", "modes"), [(0, ("full", "full")), (1, ("none", "quotes"))])
@pytest.mark.parametrize("name", TEN)
def test_columns_differ_as_rows_do(folders, name, seed, modes):
    old, new = folders
    was, first = write(old, later(TEN[name], seed + 10), seed, mode=modes[0])
    now, second = write(new, later(TEN[name], seed), seed + 1, mode=modes[1])
    found = assert_same(old, was, new, now, (first, second))
    assert found.records["statements"].changed and found.records["statements"].same


def test_what_a_release_compared_with_itself_has_is_the_same(folders):
    old, _ = folders
    was, contract = write(old, TEN["nested"], 1)
    found = assert_same(old, was, old, was, (contract, contract))
    assert all(not (part.added or part.removed or part.changed) for part in found.records.values())


def test_class_codes_are_compared_by_their_names(folders):
    old, new = folders
    path = new / "schema" / "labels.schema.json"
    document = json.loads(path.read_text())
    for name in ("stance", "sentiment", "scope", "act"):
        document["$defs"][name]["oneOf"].insert(0, document["$defs"][name]["oneOf"].pop())
    path.write_text(json.dumps(document))
    was, first = write(old, TEN["one language"], 1)
    now, second = write(new, TEN["one language"], 1)
    found = assert_same(old, was, new, now, (first, second))
    assert found.records["statements"].changed == [] and found.labels == {}


@pytest.mark.parametrize("turned", [False, True])
def test_a_column_that_one_release_lacks_changes_every_record(folders, turned):
    def less(config, table):
        return table.drop_columns(["rule"]) if config == "statements" else table

    old, new = folders
    corpus = TEN["one language"]
    was, first = write(old, corpus, 1, **({} if turned else {"change": less}))
    now, second = write(new, corpus, 1, **({"change": less} if turned else {}))
    found = assert_same(old, was, new, now, (first, second)).records["statements"]
    assert found.same == 0 and found.fields == {"rule": len(corpus.statements)}


def test_a_part_of_spans_that_one_release_lacks_changes_those_that_have_any(folders):
    def less(config, table):
        if config != "statements":
            return table
        chunk = table["speakers"].combine_chunks()
        bare = pa.StructArray.from_arrays([chunk.values.field("name")], ["name"])
        return table.set_column(table.schema.get_field_index("speakers"), "speakers", pa.ListArray.from_arrays(chunk.offsets, bare))

    old, new = folders
    corpus = TEN["one language"]
    corpus = replace(corpus, statements=[replace(corpus.statements[0], speakers=()), *corpus.statements[1:]])
    was, first = write(old, corpus, 1)
    now, second = write(new, corpus, 1, less)
    found = assert_same(old, was, new, now, (first, second)).records["statements"]
    assert found.same == 1 and found.fields == {"speakers": len(corpus.statements) - 1}


def test_releases_without_annotations_or_without_records_in_common(folders):
    old, new = folders
    was, first = write(old, replace(TEN["one language"], annotations=[], gold=[]), 1)
    now, second = write(new, TEN["right to left"], 1)
    found = assert_same(old, was, new, now, (first, second))
    assert found.records["statements"].same == 0 and found.records["annotations"].added


def test_a_class_code_without_a_name_is_told_of_its_release(folders):
    def spoilt(config, table):
        if config != "statements":
            return table
        return table.set_column(table.schema.get_field_index("scope"), "scope", pc.add(table["scope"], pa.scalar(90, pa.int8())))

    old, new = folders
    was, _ = write(old, TEN["one language"], 1)
    now, _ = write(new, TEN["one language"], 1, spoilt)
    with pytest.raises(CannotRunError, match=f"{new}.*cannot be read"):
        compare(old, was, new, now)


def test_a_statement_without_content_is_told_by_its_article(folders):
    def spoilt(config, table):
        if config != "statements":
            return table
        empty = pa.array([[]] * table.num_rows, table.schema.field("content").type)
        return table.set_column(table.schema.get_field_index("content"), "content", empty)

    old, new = folders
    corpus = TEN["one language"]
    was, _ = write(old, corpus, 1)
    now, _ = write(new, corpus, 1, spoilt)
    found = compare(old, was, new, now)
    assert found.told == {s.id: s.article_id for s in corpus.statements}
    assert found.records["statements"].fields == {"content": len(corpus.statements)}


TREES = st.recursive(
    st.sampled_from([(pa.int32(), st.none() | st.integers(0, 2)), (pa.string(), st.none() | st.sampled_from(["", "a", "é"]))]),
    lambda inner: (
        inner.map(lambda of: (pa.list_(of[0]), st.none() | st.lists(of[1], max_size=2)))
        | inner.map(
            lambda of: (
                pa.struct({"x": of[0], "y": pa.int8()}),
                st.none() | st.fixed_dictionaries({"x": of[1], "y": st.none() | st.just(1)}),
            )
        )
    ),
    max_leaves=3,
)


@given(data=st.data())
def test_arrays_differ_where_their_values_do(data):
    kind, values = data.draw(TREES)
    pairs = data.draw(st.lists(st.tuples(values, values)))
    a, b = (pa.array([pair[side] for pair in pairs], kind) for side in (0, 1))
    assert columns.differ(a, b).tolist() == [first != second for first, second in pairs]
