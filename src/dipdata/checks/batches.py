"""Statements, annotations and gold in record batches through the checks of a record, column by column: ten times as fast as row by row.

As with `sieve`, to err is to hold back: a row that is let through has no problem, one that is held back goes through the checks of
its families, which say what is wrong. Columns have gone through the sieve, so that what the schema asks for is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from dipdata.annotations.adjudication import MAJORITY
from dipdata.checks import labels
from dipdata.checks.agreement import region
from dipdata.checks.offsets import NO_SPEECH
from dipdata.checks.texts import JOINING, UNKNOWN, Texts, keys_of
from dipdata.columns import NONE, Spans, code, codes, regions, spans
from dipdata.floors import Floors
from dipdata.forms import form_of
from dipdata.records import annotation_id, statement_id
from dipdata.tables import described

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[Any]

PARTS = ("content", "source", "cue", "targets")
WORD = r"[\p{L}\p{Nd}]"
VOTED = ("validity", "sentiment", "act")


def statement_suspects(batch: pa.RecordBatch, feature: Any, numbers: Numbers, texts: Texts | None) -> Mask:
    """Return True for each row of statements that must be looked at. `numbers` are those of the articles, `UNKNOWN` where it has none
    that can be used; `texts` None says that texts are withheld."""
    import numpy as np

    parts = {part: spans(batch.column(part)) for part in PARTS}
    held = _twice(parts["targets"])
    held |= numbers == UNKNOWN
    pairs = parts["content"].pairs()
    hashes = batch.column("article_sha256").to_pylist()
    ids = batch.column("id").to_pylist()
    held |= np.fromiter((who != statement_id(*made) for who, *made in zip(ids, hashes, pairs, strict=True)), bool, len(ids))
    chains = batch.column("chain")
    for row in np.flatnonzero(np.diff(chains.offsets.to_numpy()) > 1).tolist():
        names = [name.casefold() for name in chains[row].as_py()]
        held[row] |= len(set(names)) < len(names)
    if texts is None:
        return held
    for part, each in parts.items():
        held |= _astray(each, numbers, texts, ordered=part != "targets")
    held |= ~_has_word(parts["content"])
    forms = feature["form"].names
    told = [forms[code] for code in batch.column("form").to_pylist()]
    for row, (number, sha256, form, content) in enumerate(zip(numbers.tolist(), hashes, told, pairs, strict=True)):
        if held[row]:
            continue
        known = texts.number(number)
        made = form_of(known.text, known.stretches, content) if known.stretches else "indirect"
        quiet = any(kind in NO_SPEECH and start <= content[0][0] < end for kind, start, end in known.zones)
        held[row] = sha256 != known.sha256 or form != made or quiet
    return held


def annotation_suspects(
    batch: pa.RecordBatch,
    feature: Any,
    numbers: Numbers,
    texts: Texts | None,
    *,
    scheme: str,
    guideline: str | None,
    stem: str | None = None,
) -> Mask:
    """Return True for each row of annotations that must be looked at; see `statement_suspects`, `labels.annotation` and
    `references.annotation`."""
    import numpy as np
    import pyarrow.compute as pc

    parts = {part: spans(batch.column(part)) for part in PARTS}
    held = _twice(parts["targets"])
    held |= numbers == UNKNOWN
    names = (batch.column(name).to_pylist() for name in ("id", "statement_id", "annotator"))
    held |= np.fromiter((who != annotation_id(*made) for who, *made in zip(*names, strict=True)), bool, len(held))
    for column, project in (("scheme", scheme), ("guideline", guideline)):
        if project is not None:
            held |= _unless(batch.column(column), partial(_had_by, project))
    for column in ("created", "updated"):
        held |= _unless(batch.column(column), _in_calendar)
    held |= pc.less(batch.column("updated"), batch.column("created")).to_numpy(zero_copy_only=False)
    held |= _contradictory(batch, feature, parts["targets"])
    if stem is not None:
        held |= pc.not_equal(batch.column("annotator"), stem).to_numpy(zero_copy_only=False)
    if texts is None:
        return held
    for part, each in parts.items():
        held |= _astray(each, numbers, texts, ordered=part != "targets")
    answered = codes(batch.column("status")) == code(feature["status"], "submitted")
    answered &= codes(batch.column("validity")) != code(feature["validity"], "not_a_statement")
    held |= answered & ~_has_word(parts["content"])
    return held


def gold_suspects(
    batch: pa.RecordBatch, feature: Any, numbers: Numbers, texts: Texts, statements: Numbers, rests_on: Callable[[Numbers], Numbers]
) -> Mask:
    """Return True for each row of gold that must be looked at; see `statement_suspects`. `statements` are the keys of their statements,
    and `rests_on` gives that of the statement which each annotation, by its key, is of."""
    import numpy as np

    targets = spans(batch.column("targets"))
    held = _twice(targets)
    held |= numbers == UNKNOWN
    held |= _opposed(batch, feature, targets)
    rejected = codes(batch.column("validity")) == code(feature["validity"], "not_a_statement")
    held |= rejected & ((codes(batch.column("sentiment")) != NONE) | (np.diff(targets.offsets) > 0))
    held |= _astray(targets, numbers, texts, ordered=False)
    listed = batch.column("annotations")
    rows = np.repeat(np.arange(len(listed)), np.diff(listed.offsets.to_numpy()))
    held[rows[rests_on(keys_of(listed.flatten())) != statements[rows]]] = True
    return held


def stale_suspects(annotations: pa.RecordBatch, gold: pa.RecordBatch) -> Mask:
    """Return True for each row of gold by the majority that may not be what `adjudication.adjudicate` gives on these annotations.

    Surfaces are not compared: they have been held against the text.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    size, features = gold.num_rows, described(gold.schema)
    ruled: Mask = pc.equal(gold.column("by"), MAJORITY).to_numpy(zero_copy_only=False)
    if pc.count_distinct(annotations.column("id")).as_py() < annotations.num_rows:
        return ruled
    of = pc.fill_null(pc.index_in(annotations.column("statement_id"), gold.column("statement_id")), NONE).to_numpy().astype(np.int64)
    statuses = described(annotations.schema)["status"]
    asked = (of != NONE) & (codes(annotations.column("status")) == code(statuses, "submitted"))
    times = np.bincount(of[asked], minlength=size)
    held = times == 0
    most = {label: _majority(of[asked], codes(annotations.column(label))[asked], features[label], times) for label in VOTED}
    rejected = most["validity"] == code(features["validity"], "not_a_statement")
    for label, value in most.items():
        held |= codes(gold.column(label)) != np.where(rejected & (label != "validity"), NONE, value)
    versions = pa.array(sorted(pc.unique(annotations.column("guideline")).to_pylist()), pa.string())
    newest = np.full(size, NONE)
    np.maximum.at(newest, of[asked], pc.index_in(annotations.column("guideline"), versions).to_numpy()[asked])
    held |= pc.fill_null(pc.index_in(gold.column("guideline"), versions), NONE).to_numpy() != newest
    of = np.where(asked, of, NONE)
    held |= _rests_on_others(gold.column("annotations"), annotations.column("id"), of, times)
    held |= _other_targets(
        spans(gold.column("targets")), spans(annotations.column("targets")), np.where(asked, of, NONE), times, rejected, features
    )
    found: Mask = held & ruled
    return found


def _majority(rows: Numbers, given: Numbers, feature: Any, times: Numbers) -> Numbers:
    """Return, for each row, the class that more than half of its `times` answers give, else `NONE`."""
    import numpy as np

    classes = len(feature.names)
    answered = given != NONE
    votes = np.bincount(rows[answered] * classes + given[answered], minlength=len(times) * classes).reshape(-1, classes)
    return np.where(2 * votes.max(axis=1) > times, votes.argmax(axis=1), NONE)


def _rests_on_others(listed: pa.ListArray, ids: pa.Array, of: Numbers, times: Numbers) -> Mask:
    """Return True for each list that does not have the id of each answer to its row once, and no other."""
    import numpy as np
    import pyarrow.compute as pc

    sizes = pc.list_value_length(listed).to_numpy()
    rows = np.repeat(np.arange(len(sizes)), sizes)
    places = pc.fill_null(pc.index_in(listed.flatten(), ids), NONE).to_numpy().astype(np.int64)
    wrong = of[places] != rows if len(ids) else np.ones(len(rows), dtype=bool)
    wrong |= (places == NONE) | (np.bincount(places + 1)[places + 1] > 1)
    held: Mask = sizes != times
    held[rows[wrong]] = True
    return held


def _other_targets(gold: Spans, marked: Spans, of: Numbers, times: Numbers, rejected: Mask, features: Any) -> Mask:
    """Return True for each row whose gold targets are not those that more than half of its answers mark, in text order, with the
    stance that more than half of these give."""
    import numpy as np

    rows = of[marked.rows]
    wanted, found = regions(gold, gold.rows, marked, rows)
    answered = rows != NONE
    votes = np.bincount(found[answered], minlength=len(gold.starts) + len(marked.starts))
    first, place = np.unique(found[answered], return_index=True)
    kept = rows[answered][place]
    many = 2 * votes[first] > times[kept]
    stances = _majority(found[answered], codes(marked.items.field("stance"))[answered], features["targets"].feature["stance"], votes)
    held: Mask = np.bincount(gold.rows, minlength=len(times)) != np.where(rejected, 0, np.bincount(kept[many], minlength=len(times)))
    wrong = (2 * votes[wanted] <= times[gold.rows]) | (codes(gold.items.field("stance")) != stances[wanted])
    order = np.stack((gold.rows, gold.starts, gold.ends))
    after = order[:, 1:] - order[:, :-1]
    wrong[1:] |= (after[0] == 0) & ((after[1] < 0) | ((after[1] == 0) & (after[2] <= 0)))
    return held | gold.any(wrong)


def answers(batch: pa.RecordBatch, feature: Any, statements: Numbers) -> Iterator[tuple[str, Numbers, Numbers]]:
    """Yield label, units and class codes of the answers of submitted annotations; `statements` are the keys of their statements."""
    submitted = codes(batch.column("status")) == code(feature["status"], "submitted")
    for label in ("validity", "sentiment"):
        given = codes(batch.column(label))
        asked = submitted & (given != NONE)
        yield label, statements[asked], given[asked]
    targets = spans(batch.column("targets"))
    given = codes(targets.items.field("stance"))
    asked = submitted[targets.rows] & (given != NONE)
    units = region(statements[targets.rows], targets.starts.astype(statements.dtype), targets.ends.astype(statements.dtype))
    yield "stance", units[asked], given[asked]


def count(batch: pa.RecordBatch, feature: Any, annotators: dict[str, labels.Annotator], floors: Floors) -> None:
    """Count submitted annotations for their annotators, as `labels.count` does."""
    import numpy as np

    submitted = codes(batch.column("status")) == code(feature["status"], "submitted")
    content, targets = spans(batch.column("content")), spans(batch.column("targets"))
    lengths = np.bincount(content.rows, content.ends - content.starts, minlength=len(submitted))
    # A time that was not taken is NaN, which is less than nothing.
    fast = batch.column("lead_time").to_numpy(zero_copy_only=False).astype(float) * floors.reading_speed < lengths
    sentiment, stance = codes(batch.column("sentiment")), codes(targets.items.field("stance"))
    who = batch.column("annotator").dictionary_encode()
    for number, name in enumerate(who.dictionary.to_pylist()):
        mine = submitted & (who.indices.to_numpy() == number)
        found = labels.Annotator(submitted=int(mine.sum()), fast=int((mine & fast).sum()))
        for counter, given, names in (
            (found.sentiment, sentiment[mine], feature["sentiment"].names),
            (found.stance, stance[mine[targets.rows]], feature["targets"].feature["stance"].names),
        ):
            times = np.bincount(given[given != NONE], minlength=len(names)).tolist()
            counter.update({value: n for value, n in zip(names, times, strict=True) if n})
        if found.submitted:
            annotators.setdefault(name, labels.Annotator()).add(found)


def _contradictory(batch: pa.RecordBatch, feature: Any, targets: Spans) -> Mask:
    """Return True for each row whose answers are not whole, or cannot all be meant."""
    status, validity, sentiment = (codes(batch.column(name)) for name in ("status", "validity", "sentiment"))
    stance = codes(targets.items.field("stance"))
    no_statement = validity == code(feature["validity"], "not_a_statement")
    submitted = status == code(feature["status"], "submitted")
    labelled = (sentiment != NONE) | targets.any(stance != NONE)
    missing = submitted & ((validity == NONE) | (~no_statement & ((sentiment == NONE) | targets.any(stance == NONE))))
    rejected = (no_statement | (status == code(feature["status"], "skipped"))) & labelled
    found: Mask = missing | rejected | _opposed(batch, feature, targets)
    return found


def _opposed(batch: pa.RecordBatch, feature: Any, targets: Spans) -> Mask:
    """Return True for each row whose stances contradict each other, or may contradict its sentiment."""
    sentiment, stance = codes(batch.column("sentiment")), codes(targets.items.field("stance"))
    favor, against = (targets.any(stance == code(feature["targets"].feature["stance"], name)) for name in ("favor", "against"))
    glad, harsh = (sentiment == code(feature["sentiment"], name) for name in ("very_positive", "very_negative"))
    found: Mask = (favor & against) | (glad & against) | (harsh & favor)
    return found


def _astray(found: Spans, numbers: Numbers, texts: Texts, *, ordered: bool) -> Mask:
    """Return True for each row with a span that `offsets.spans` may find fault with."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    wrong = found.starts >= found.ends
    if ordered:
        wrong[1:] |= (found.rows[1:] == found.rows[:-1]) & (found.starts[1:] < found.ends[:-1])
    # A row without an article is held for that.
    own = np.flatnonzero(numbers[found.rows] != UNKNOWN)
    column = found.items.field("surface").take(pa.array(own))
    which, article = np.unique(numbers[found.rows][own], return_inverse=True)
    known = [texts.number(number) for number in which.tolist()]
    whole = [each.text for each in known]
    of, starts, ends, surfaces = article.tolist(), found.starts[own].tolist(), found.ends[own].tolist(), column.to_pylist()
    wrong[own] |= pc.utf8_length(column).to_numpy(zero_copy_only=False) != found.ends[own] - found.starts[own]
    told = [whole[n][start:end] == said == said.strip() for n, start, end, said in zip(of, starts, ends, surfaces, strict=True)]
    wrong[own] |= ~np.array(told, dtype=bool)
    joined = pc.greater_equal(column, JOINING).to_numpy(zero_copy_only=False)
    joined |= np.array([whole[n][end : end + 1] >= JOINING for n, end in zip(of, ends, strict=True)], dtype=bool)
    for n in np.flatnonzero(joined).tolist():
        wrong[own[n]] |= known[of[n]].cuts_grapheme(starts[n]) or known[of[n]].cuts_grapheme(ends[n])
    return found.any(wrong)


def _twice(found: Spans) -> Mask:
    """Return True for each row with two spans at the same place."""
    import numpy as np

    order = np.lexsort((found.ends, found.starts, found.rows))
    places = np.stack((found.rows, found.starts, found.ends))[:, order]
    return found.any(order[1:][(places[:, 1:] == places[:, :-1]).all(axis=0)])


def _has_word(content: Spans) -> Mask:
    import pyarrow.compute as pc

    return content.any(pc.match_substring_regex(content.items.field("surface"), WORD).to_numpy(zero_copy_only=False))


def _unless(column: pa.Array, sound: Callable[[str], bool]) -> Mask:
    """Return True for each value that is not sound; each that comes more than once is judged once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    wrong = [value for value in pc.unique(column).to_pylist() if not sound(value)]
    found: Mask = pc.is_in(column, value_set=pa.array(wrong, pa.string())).to_numpy(zero_copy_only=False)
    return found


def _had_by(project: str, version: str) -> bool:
    return labels.known(version, project)


def _in_calendar(time: str) -> bool:
    try:
        datetime.fromisoformat(time)
    except ValueError:
        return False
    return True
