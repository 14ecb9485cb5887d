import json
import random

import pytest
from dying import Dying

import samples
from dipdata import checks, tables
from dipdata.problems import CannotRunError, Problems
from dipdata.records import Corpus
from dipdata.release import parts, splits, tabular
from dipdata.release.export import Options, export
from dipdata.schemas import CONFIGS


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.slow
def test_shards_and_processes_give_the_same_rows_and_bytes(project, small_parts, tmp_path):
    corpus = samples.corpus(60)
    one = export(project, "0.1.0", corpus, options=Options(workers=1), check=checks.check_gold, problems=Problems()).path
    assert len(list((one / "default").glob("train-*"))) > 2
    kept = one.rename(tmp_path / "one")
    shuffled = Corpus(*shuffle(corpus))
    two = export(project, "0.1.0", shuffled, options=Options(workers=2), check=checks.check_gold, problems=Problems()).path
    assert contents(two) == contents(kept)
    problems = Problems()
    checks.check_release(two, problems)
    assert [str(problem) for problem in problems] == []


def shuffle(corpus):
    return [
        random.Random(1).sample(list(getattr(corpus, part)), len(getattr(corpus, part)))
        for part in ("articles", "statements", "annotations", "gold")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("streaming", [False, True])
def test_shards_load_as_one_split(project, small_parts, tmp_path, streaming):
    from datasets import load_dataset

    release = export(project, "0.1.0", samples.corpus(60), problems=Problems())
    for config in CONFIGS:
        found = load_dataset(str(release.path), config, streaming=streaming, cache_dir=str(tmp_path / "cache"))
        assert {split: len(list(rows)) for split, rows in found.items()} == release.rows[config]
        keys = [row.get("article_id") or row.get("id") for rows in found.values() for row in rows]
        assert len(keys) == sum(release.rows[config].values())


def test_rows_stand_in_order_of_article_and_place(project, small_parts):
    release = export(project, "0.1.0", samples.corpus(60), problems=Problems()).path
    for split in ("train", "validation", "test"):
        rows = [row for path in sorted((release / "statements").glob(f"{split}-*")) for row in tabular.read_file(path)]
        assert [row["article_id"] for row in rows] == sorted(row["article_id"] for row in rows)


def test_each_column_is_stored_as_told(project):
    import pyarrow as pa
    import pyarrow.parquet as pq
    from datasets import ClassLabel

    release = export(project, "0.1.0", samples.corpus(), problems=Problems()).path
    for path in release.rglob("*.parquet"):
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            group, features = file.metadata.row_group(0), project.contract.features(path.parent.name)
            assert json.loads(file.metadata.metadata[b"content_defined_chunking"]) == tables.CHUNKS
            assert {name for name, feature in features.items() if isinstance(feature, ClassLabel)} == {
                field.name for field in file.schema_arrow if field.type == pa.int8()
            }
            for column in map(group.column, range(group.num_columns)):
                assert column.compression == "ZSTD" and column.has_offset_index and column.has_column_index, column.path_in_schema
                assert column.has_dictionary_page or column.physical_type != "BYTE_ARRAY", column.path_in_schema
            file.read()


def test_a_bit_that_turned_is_found_by_the_checksum_of_its_page(project):
    import pyarrow.parquet as pq

    path = next(export(project, "0.1.0", samples.corpus(), problems=Problems()).path.glob("statements/train-*"))
    with pq.ParquetFile(path) as file:
        column = file.metadata.row_group(0).column(0)
    content = bytearray(path.read_bytes())
    content[column.dictionary_page_offset + column.total_compressed_size - 1] ^= 1
    path.write_bytes(content)
    with pq.ParquetFile(path, page_checksum_verification=True) as file, pytest.raises(OSError, match="CRC checksum verification failed"):
        file.read()


def test_parts_end_where_the_articles_say(small_parts):
    """What is added in one place leaves the parts elsewhere as they were."""
    ids = [(f"wire/{n:04}", 100) for n in range(400)]
    more = sorted([*ids, *((f"wire/0100-{n}", 100) for n in range(7))])
    before, after = (list(parts.shards(some)) for some in (ids, more))
    assert [key for shard in before for group in shard for part in group for key in part] == [key for key, _ in ids]
    assert sum(len(group) for shard in before for group in shard) > sum(map(len, before)) > len(before) > 10
    for of in (lambda shard: [shard], lambda shard: shard, lambda shard: [part for group in shard for part in group]):
        there = [each for shard in before for each in of(shard)]
        changed = [each for shard in after for each in of(shard) if each not in there]
        assert 0 < len(changed) < 10
    assert before[-1] == after[-1]


def test_the_parts_of_a_group_become_one_row_group(project, small_parts):
    import pyarrow.parquet as pq

    corpus = samples.corpus(60)
    release = export(project, "0.1.0", corpus, problems=Problems()).path
    split_of = splits.read(release)
    for split in ("train", "validation", "test"):
        ids = [(article.id, len(article.text)) for article in sorted(corpus.articles, key=lambda a: a.id) if split_of[article.id] == split]
        wanted = [[sum(map(len, group)) for group in shard] for shard in parts.shards(ids)]
        files = [pq.ParquetFile(path).metadata for path in sorted((release / "articles").glob(f"{split}-*"))]
        assert [[file.row_group(n).num_rows for n in range(file.num_row_groups)] for file in files] == wanted
    assert any(len(group) > 1 for shard in parts.shards((article.id, len(article.text)) for article in corpus.articles) for group in shard)


class Unreadable:
    def __init__(self):
        self.articles = samples.corpus(20).articles
        self.sketches = {}

    def labels(self):
        return {}

    def part(self, ids):
        return Dying()


def test_a_worker_that_dies_is_told(project, small_parts):
    with pytest.raises(CannotRunError, match=r"a worker process of export died.*--workers 1"):
        export(project, "0.1.0", Unreadable(), options=Options(workers=2), problems=Problems())
    assert list(project.dist.iterdir()) == []
