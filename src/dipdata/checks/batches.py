"""Statements and annotations in record batches through the checks of a record, column by column: ten times as fast as row by row.

As with `sieve`, to err is to hold back: a row that is let through has no problem, one that is held back goes through the checks of
its families, which say what is wrong. Columns have gone through the sieve, so that what the schema asks for is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from dipdata.checks import labels
from dipdata.checks.agreement import region
from dipdata.checks.offsets import NO_SPEECH
from dipdata.checks.texts import JOINING, UNKNOWN, Texts
from dipdata.floors import Floors
from dipdata.forms import form_of
from dipdata.records import annotation_id, statement_id

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Mask = npt.NDArray[np.bool_]
    Numbers = npt.NDArray[Any]

PARTS = ("content", "source", "cue", "targets")
WORD = r"[\p{L}\p{Nd}]"
NONE = -1  # the code of an answer that was not given


@dataclass(frozen=True, slots=True)
class Spans:
    """The spans of one part, of all rows: `rows` holds the row of each, and `offsets` where the spans of a row begin among them."""

    items: pa.StructArray
    offsets: Numbers
    rows: Numbers
    starts: Numbers
    ends: Numbers

    def any(self, which: Mask | Numbers) -> Mask:
        """Return True for each row with one of these spans: a mask of all, or their places."""
        import numpy as np

        found = np.zeros(len(self.offsets) - 1, dtype=bool)
        found[self.rows[which]] = True
        return found

    def pairs(self) -> list[list[tuple[int, int]]]:
        """Return start and end of the spans of each row."""
        both = list(zip(self.starts.tolist(), self.ends.tolist(), strict=True))
        return [both[start:end] for start, end in pairwise(self.offsets.tolist())]


def spans(column: pa.ListArray) -> Spans:
    """Return the spans of a column."""
    import numpy as np

    offsets = column.offsets.to_numpy()
    items = column.values[int(offsets[0]) : int(offsets[-1])]
    starts, ends = (items.field(name).fill_null(-1).to_numpy().astype(np.int64) for name in ("start", "end"))
    offsets = offsets - offsets[0]
    return Spans(items, offsets, np.repeat(np.arange(len(column)), np.diff(offsets)), starts, ends)


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
    batch: pa.RecordBatch, feature: Any, numbers: Numbers, texts: Texts | None, *, scheme: str, guideline: str | None
) -> Mask:
    """Return True for each row of annotations that must be looked at; see `statement_suspects` and `labels.annotation`."""
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
    if texts is None:
        return held
    for part, each in parts.items():
        held |= _astray(each, numbers, texts, ordered=part != "targets")
    answered = codes(batch.column("status")) == code(feature["status"], "submitted")
    answered &= codes(batch.column("validity")) != code(feature["validity"], "not_a_statement")
    held |= answered & ~_has_word(parts["content"])
    return held


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


def codes(column: pa.Array) -> Numbers:
    """Return the class codes of a column, `NONE` where there is none."""
    found: Numbers = column.fill_null(NONE).to_numpy()
    return found


def code(feature: Any, name: str) -> int:
    """Return the code of a class, one that none has where the feature does not know the name."""
    return feature.names.index(name) if name in feature.names else NONE - 1


def _contradictory(batch: pa.RecordBatch, feature: Any, targets: Spans) -> Mask:
    """Return True for each row whose answers are not whole, or cannot all be meant."""
    status, validity, sentiment = (codes(batch.column(name)) for name in ("status", "validity", "sentiment"))
    stance = codes(targets.items.field("stance"))
    of = {name: code(feature["targets"].feature["stance"], name) for name in ("favor", "against")}
    no_statement = validity == code(feature["validity"], "not_a_statement")
    submitted = status == code(feature["status"], "submitted")
    labelled = (sentiment != NONE) | targets.any(stance != NONE)
    missing = submitted & ((validity == NONE) | (~no_statement & ((sentiment == NONE) | targets.any(stance == NONE))))
    rejected = (no_statement | (status == code(feature["status"], "skipped"))) & labelled
    favor, against = targets.any(stance == of["favor"]), targets.any(stance == of["against"])
    glad, harsh = (sentiment == code(feature["sentiment"], name) for name in ("very_positive", "very_negative"))
    found: Mask = missing | rejected | (favor & against) | (glad & against) | (harsh & favor)
    return found


def _astray(found: Spans, numbers: Numbers, texts: Texts, *, ordered: bool) -> Mask:
    """Return True for each row with a span that `offsets.spans` may find fault with."""
    wrong = found.starts >= found.ends
    if ordered:
        wrong[1:] |= (found.rows[1:] == found.rows[:-1]) & (found.starts[1:] < found.ends[:-1])
    current, text, size, known = UNKNOWN, "", 0, None
    surfaces = found.items.field("surface").to_pylist()
    columns = numbers[found.rows].tolist(), found.starts.tolist(), found.ends.tolist(), surfaces
    for n, (number, start, end, surface) in enumerate(zip(*columns, strict=True)):
        if number != current:
            if number == UNKNOWN:
                continue
            current, known = number, texts.number(number)
            text, size = known.text, len(known.text)
        if (
            text[start:end] != surface
            or end > size
            or surface.strip() != surface
            or (surface[:1] >= JOINING and known.cuts_grapheme(start))  # type: ignore[union-attr]
            or (text[end : end + 1] >= JOINING and known.cuts_grapheme(end))  # type: ignore[union-attr]
        ):
            wrong[n] = True
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
