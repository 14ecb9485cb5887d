import random
from collections import Counter

import pytest

import samples
from dipdata.problems import CannotRunError, Problems
from dipdata.records import text_sha256
from dipdata.release import splits

SHARES = {"train": 0.7, "validation": 0.15, "test": 0.15}


def article(n, text=None, **changes):
    rng = random.Random(n)
    text = text or " ".join(f"w{rng.randrange(10_000)}" for _ in range(120))
    return samples.article(n, text=text, sha256=text_sha256(text), **changes)


def assign(articles, **options):
    problems = options.pop("problems", Problems())
    return splits.assign(articles, SHARES, options.pop("seed", 1), problems=problems, **options)


def mixed(count=200):
    return [article(n, lang=("fr", "en", "ru")[n % 3], outlet=f"Outlet {n % 7}") for n in range(count)]


def test_shares_hold_over_all_and_within_languages_outlets_and_labels():
    articles = mixed()
    labels = {a.id: {"stance=against": n % 4, "stance=favor": 3} for n, a in enumerate(articles)}
    found = assign(articles, labels=labels)
    assert Counter(found.values())["train"] == pytest.approx(140, abs=3)
    for trait in ("lang", "outlet"):
        for value in {getattr(a, trait) for a in articles}:
            mine = [found[a.id] for a in articles if getattr(a, trait) == value]
            assert mine.count("train") / len(mine) == pytest.approx(0.7, abs=0.1)
    against = Counter()
    for a in articles:
        against[found[a.id]] += labels[a.id]["stance=against"]
    assert against["test"] / against.total() == pytest.approx(0.15, abs=0.03)


def test_order_does_not_matter_and_the_seed_does():
    articles = mixed()
    shuffled = random.Random(3).sample(articles, len(articles))
    assert assign(articles) == assign(shuffled)
    assert assign(articles) != assign(articles, seed=2)


def test_near_duplicates_stay_together():
    copies = []
    for n in range(30):
        base = article(n)
        copies += [base, article(100 + n, text=base.text + " one more word"), article(200 + n, text="Wire: " + base.text)]
    found = assign(copies)
    assert all(len({found[a.id] for a in copies[n : n + 3]}) == 1 for n in range(0, 90, 3))
    assert len(set(found.values())) == 3


def test_what_was_published_never_moves_and_draws_its_copies():
    old = mixed(60)
    first = assign(old)
    new = [article(1000 + n, text=a.text + " and a word") for n, a in enumerate(old[:20])] + [article(2000 + n) for n in range(100)]
    later = assign([*new, *old], frozen=first)
    assert {key: later[key] for key in first} == first
    assert all(later[copy.id] == first[of.id] for copy, of in zip(new[:20], old, strict=False))
    assert Counter(later.values())["train"] / len(later) == pytest.approx(0.7, abs=0.05)


def test_copies_of_articles_in_two_splits_are_reported():
    base = article(1)
    twin = article(2, text=base.text + " twin")
    problems = Problems()
    found = assign([base, twin, article(3)], frozen={base.id: "test", twin.id: "train"}, problems=problems)
    assert (found[base.id], found[twin.id]) == ("test", "train")
    assert [(p.code, p.severity) for p in problems] == [("release.split-leak", "warning")]


@pytest.mark.parametrize("text", ["lang=ru", "outlet=Outlet 3", "since=2026-03-20"])
def test_the_test_split_is_what_is_held_out(text):
    held = splits.hold_out(text)
    articles = mixed()
    found = assign(articles, held=held)
    assert {a.id for a in articles if held.holds(a)} == {key for key, split in found.items() if split == "test"}
    rest = Counter(split for split in found.values() if split != "test")
    assert rest["train"] / rest.total() == pytest.approx(0.7 / 0.85, abs=0.03)


def test_a_copy_of_what_is_held_out_is_held_out_too():
    russian = article(1, lang="ru")
    copy = article(2, text=russian.text + " more", lang="fr")
    found = assign([russian, copy, *(article(n, lang="fr") for n in range(3, 20))], held=splits.hold_out("lang=ru"))
    assert found[copy.id] == "test"


def test_a_hold_out_that_would_move_what_was_published_is_refused():
    russian = article(1, lang="ru")
    with pytest.raises(CannotRunError, match="was published in train and would move"):
        assign([russian, article(2)], held=splits.hold_out("lang=ru"), frozen={russian.id: "train"})


def test_a_hold_out_beside_what_was_published_in_test_is_refused():
    french = article(1, lang="fr")
    with pytest.raises(CannotRunError, match="was published in test and is not held out"):
        assign([french, article(2, lang="ru")], held=splits.hold_out("lang=ru"), frozen={french.id: "test"})


def test_a_split_that_is_taken_away_is_refused():
    with pytest.raises(CannotRunError, match=r"wire/article-01: was published in the split 'dev', .* and would move"):
        assign(mixed(10), frozen={"wire/article-01": "dev"})


@pytest.mark.parametrize("text", ["lang", "lang=", "colour=red", "since=March", "since=2026-13-45"])
def test_a_hold_out_that_is_none_is_refused(text):
    with pytest.raises(CannotRunError, match=r"not understood[.] Give lang="):
        splits.hold_out(text)


def test_a_hold_out_of_nothing_is_refused():
    with pytest.raises(CannotRunError, match="no article is held out"):
        assign(mixed(10), held=splits.hold_out("lang=xx"))


def test_frozen_splits_are_added_to_and_never_changed(tmp_path):
    splits.write(tmp_path, {"b": "train", "a": "test"})
    splits.write(tmp_path, {"a": "train", "c": "train"})
    assert splits.read(tmp_path) == {"a": "test", "b": "train", "c": "train"}
    (tmp_path / splits.FILE).write_text("{")
    with pytest.raises(CannotRunError, match="Restore it from the last commit"):
        splits.read(tmp_path)
