"""Columns give the rows that records give one by one."""

import random
from dataclasses import replace

import by_row
import good
import pytest

from dipdata import tables
from dipdata.checks import batches, gold
from dipdata.problems import CannotRunError
from dipdata.records import Speaker
from dipdata.release import rows
from dipdata.release.parts import Loaded
from dipdata.release.rows import VOTED, config_tables
from dipdata.schemas import Contract, packaged

CONTRACT = Contract(packaged())
STORED = rows.schemas(CONTRACT)
LABELS = {name: CONTRACT.values(name) for name in VOTED}
TEN = good.ten()


def as_batches(corpus):
    return rows.batches(Loaded(corpus).load(), STORED)


def unlike(corpus, seed):
    """Return a corpus with gold that is missing, rejects, or lacks targets; answers not submitted; and records of nothing."""
    rng = random.Random(seed)
    golds = []
    for record in corpus.gold:
        match rng.randrange(5):
            case 0:
                continue
            case 1:
                golds.append(replace(record, validity="not_a_statement", sentiment=None, targets=()))
            case 2:
                golds.append(replace(record, targets=record.targets[1:] + record.targets[:1] * 2, sentiment=None))
            case _:
                golds.append(record)
    annotations = [replace(a, status=rng.choice(["submitted", "submitted", "draft", "skipped"])) for a in corpus.annotations]
    rng.shuffle(annotations)
    statements = rng.sample(corpus.statements, len(corpus.statements) - 2)
    return replace(corpus, articles=corpus.articles[1:], statements=statements, annotations=annotations, gold=golds)


@pytest.mark.parametrize("mode", ["full", "quotes", "none"])
@pytest.mark.parametrize("name", TEN)
def test_columns_are_the_rows_one_by_one(name, mode):
    for corpus in (TEN[name], unlike(TEN[name], 3)):
        made = config_tables(as_batches(corpus), STORED, mode)
        for config, wanted in by_row.rows(corpus, LABELS, mode).items():
            assert made[config].schema == CONTRACT.arrow(config)
            made[config].validate(full=True)
            assert list(tables.from_table(made[config])) == wanted


def test_a_joint_statement_has_the_country_that_all_of_its_speakers_have():
    given = [(), ("NO",), (None,), ("NO", "NO"), ("NO", "SE"), ("NO", None), (None, "NO"), ("SE", "NO", "NO"), ("NO", "NO", "NO")]
    corpus = TEN["one language"]
    statements = [
        replace(s, speakers=tuple(Speaker(f"office {n}", "organisation", country) for n, country in enumerate(countries)))
        for s, countries in zip(corpus.statements, given, strict=False)
    ]
    made = config_tables(as_batches(replace(corpus, statements=statements)), STORED)["default"]
    found = dict(zip(made["statement_id"].to_pylist(), made["country"].to_pylist(), strict=True))
    assert [found[s.id] for s in statements] == [None, "NO", None, "NO", None, None, None, None, "NO"]


def test_a_corpus_without_statements_gives_tables_without_rows():
    corpus = replace(TEN["nested"], statements=[], annotations=[], gold=[])
    sizes = {config: table.num_rows for config, table in config_tables(as_batches(corpus), STORED).items()}
    assert sizes == {"default": 0, "statements": 0, "annotations": 0, "articles": len(corpus.articles)}


@pytest.mark.parametrize("name", TEN)
def test_gold_that_the_majority_gives_is_not_suspect(name):
    made = as_batches(TEN[name])
    assert not batches.stale_suspects(made.annotations, made.gold).any()


def spoilt(record, rng):
    target = record.targets[0] if record.targets else None
    others = [
        {"validity": "not_a_statement"},
        {"sentiment": None if record.sentiment else "neutral"},
        {"act": "deny" if record.act is None else None},
        {"guideline": "1.0.1"},
        {"annotations": record.annotations[1:]},
        {"annotations": (*record.annotations[1:], record.annotations[-1])},
        {"annotations": (*record.annotations[1:], "a-0000000000000000")},
    ]
    if target:
        others += [
            {"targets": record.targets[1:]},
            {"targets": (*record.targets, target)},
            {"targets": (replace(target, stance="none" if target.stance is None else None), *record.targets[1:])},
            {"targets": (replace(target, end=target.end + 1), *record.targets[1:])},
        ]
    return replace(record, **rng.choice(others))


@pytest.mark.parametrize("seed", range(25))
def test_gold_that_the_majority_does_not_give_is_suspect(seed):
    rng = random.Random(seed)
    corpus = TEN[rng.choice(["one language", "one annotator", "five annotators", "nested"])]
    golds = [spoilt(record, rng) if rng.random() < 0.3 else record for record in corpus.gold]
    annotations = [replace(a, status="draft") if rng.random() < 0.1 else a for a in corpus.annotations]
    told = [str(problem) for problem in gold.check(annotations, golds)]
    assert told
    made = as_batches(replace(corpus, annotations=annotations, gold=golds))
    assert [str(problem) for problem in gold.check_batches(made.annotations, made.gold)] == told


def test_a_class_that_is_not_in_the_scheme_is_refused_by_name():
    corpus = TEN["one language"]
    with pytest.raises(CannotRunError, match=r"'vaild' is not one of .* `dipdata validate`"):
        as_batches(replace(corpus, gold=[replace(corpus.gold[0], validity="vaild")]))
