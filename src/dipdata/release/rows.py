"""Records -> the tables of the configs, column by column, as the `tables` schema names them. Pure: no I/O."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dipdata import jsonl, tables
from dipdata.columns import NONE, Spans, bare, code, codes, lists, regions, spans
from dipdata.jsonl import Jsonl
from dipdata.problems import CannotRunError
from dipdata.records import Article, text_sha256, to_dict
from dipdata.release import modes
from dipdata.schemas import CONFIGS, Contract

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    Numbers = npt.NDArray[Any]
    Schemas = Mapping[str, pa.Schema]

# Between the fragments of a content that the cue or the source cuts.
SEPARATOR = " … "
VOTED = ("validity", "sentiment", "act", "stance")
# The columns of `default` that `statements` has as they are, but for the name of the first.
SAME = ("statement_id", "article_id", "outlet", "date", "lang", "text", "form", "sentiment", "act", "annotators")

# The end of a sentence: its mark, closing quotation marks, and no small letter after. A full stop after an initial or another short
# word with a capital (`M.`, `Dr.`, `U.S.`) ends none: two sentences taken for one do no harm here.
SENTENCE_END = re.compile(
    r"(?:[!?…؟。！？]|[.](?<!\b[^\W\d_a-zа-я][.])(?<!\b[A-ZÀ-Þ][a-z][.])(?<![.]\w[.]))"
    r"[!?…«»”“’‘\"')\]]*(?:[ \u00a0\u202f]»(?!\w))?\s+(?![a-zß-ÿа-я]|»(?!\w))"
)


@dataclass(frozen=True, slots=True)
class Batches:
    """Articles, and record batches of their statements, annotations and gold, with the features that the contract gives these."""

    articles: Sequence[Article]
    statements: pa.RecordBatch
    annotations: pa.RecordBatch
    gold: pa.RecordBatch


def schemas(contract: Contract) -> Schemas:
    """Return the Arrow schemas of the records that tables are made from, and of the configs, by name."""
    records = {kind: contract.record_arrow(kind) for kind in ("statement", "annotation", "gold")}
    return records | {config: contract.arrow(config) for config in CONFIGS}


def batches(found: Jsonl, stored: Schemas) -> Batches:
    """Return records as batches. Raises CannotRunError where one has a value that its schema does not allow."""
    kinds = {"statement": found.statements, "annotation": found.annotations, "gold": found.gold}
    try:
        made = [jsonl.batch(lines, stored[kind]) for kind, lines in kinds.items()]
    except ValueError as error:
        raise CannotRunError(f"records are not what schema/ says ({error}). Run `dipdata validate`, which lists them.") from error
    return Batches(found.articles, *made)


def config_tables(records: Batches, stored: Schemas, mode: str = "full") -> dict[str, pa.Table]:
    """Return the table of each config, its rows in order of article, place in the text, and annotator.

    `mode` says what texts they keep (see `modes`). A record whose article or statement is not there is left out; `validate` reports it.
    """
    articles = sorted({article.id: article for article in records.articles}.values(), key=lambda article: article.id)
    statements, of = _statements_in_order(records.statements, articles)
    annotations, answered = _annotations_in_order(records.annotations, statements)
    found = {
        "statements": _statements(statements, of, annotations, answered, records.gold, stored["statements"]),
        "annotations": dict(zip(annotations.schema.names, annotations.columns, strict=True)),
    }
    places = found["statements"]["text_start"].to_pylist(), found["statements"]["text_end"].to_pylist()
    contexts = [context(article.text, *place) for article, *place in zip(of, *places, strict=True)] if mode == "full" else [None] * len(of)
    modes.withhold(found, answered, mode)
    whole = {name: _table(columns, stored[name]) for name, columns in found.items()}
    article_rows = [to_dict(article) | ({} if mode == "full" else {"text": None}) for article in articles]
    return {
        "default": _default(whole["statements"], contexts, stored["default"]),
        **whole,
        "articles": tables.to_table(article_rows, stored["articles"]),
    }


def _statements_in_order(batch: pa.RecordBatch, articles: Sequence[Article]) -> tuple[pa.RecordBatch, list[Article]]:
    """Return the statements of these articles in order of article, place and id, and the article of each."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = pa.array([article.id for article in articles], pa.string())
    of = pc.fill_null(pc.index_in(batch.column("article_id"), ids), NONE).to_numpy()
    content = spans(batch.column("content"))
    order = np.lexsort((_ranks(batch.column("id")), content.starts[content.offsets[:-1]], of))
    order = order[of[order] != NONE]
    return batch.take(pa.array(order)), [articles[place] for place in of[order].tolist()]


def _annotations_in_order(batch: pa.RecordBatch, statements: pa.RecordBatch) -> tuple[pa.RecordBatch, Numbers]:
    """Return the annotations of these statements in order of statement and annotator, and the place of each one's statement."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    of = pc.fill_null(pc.index_in(batch.column("statement_id"), statements.column("id")), NONE).to_numpy().astype(np.int64)
    order = np.lexsort((_ranks(batch.column("annotator")), of))
    order = order[of[order] != NONE]
    return batch.take(pa.array(order)), of[order]


def _ranks(names: pa.StringArray) -> Numbers:
    import pyarrow.compute as pc

    found: Numbers = pc.rank(names, tiebreaker="dense").to_numpy()
    return found


def _statements(
    batch: pa.RecordBatch, of: Sequence[Article], annotations: pa.RecordBatch, answered: Numbers, gold: pa.RecordBatch, schema: pa.Schema
) -> dict[str, pa.Array]:
    """Return the columns of the `statements` config; `of` gives the article of each statement, `answered` the statement of each
    annotation by its place."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    size = batch.num_rows
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    starts, ends = _extents([spans(batch.column(part)) for part in ("content", "source", "cue")])
    stretches = [sentences(article.text, *place) for article, *place in zip(of, starts.tolist(), ends.tolist(), strict=True)]
    texts = [article.text[start:end] for article, (start, end) in zip(of, stretches, strict=True)]
    columns |= {
        "outlet": pa.array([article.outlet for article in of], pa.string()),
        "date": pa.array([article.date for article in of], pa.string()),
        "text": pa.array(texts, pa.string()),
        "text_start": pa.array([start for start, _ in stretches], pa.int32()),
        "text_end": pa.array([end for _, end in stretches], pa.int32()),
        "text_sha256": pa.array(map(text_sha256, texts), pa.string()),
    }
    decided = gold.take(pc.index_in(batch.column("id"), gold.column("statement_id")))
    features = tables.described(annotations.schema)
    submitted = codes(annotations.column("status")) == code(features["status"], "submitted")
    for label in ("validity", "sentiment", "act"):
        given = codes(annotations.column(label))
        asked = submitted & (given != NONE)
        columns[label] = decided.column(label)
        columns[f"{label}_votes"] = _votes(answered[asked], given[asked], size, len(features[label].names))
    targets = spans(decided.column("targets"))
    answers = spans(annotations.column("targets"))
    given = codes(answers.items.field("stance"))
    asked = submitted[answers.rows] & (given != NONE)
    wanted, marked = regions(targets, targets.rows, answers, answered[answers.rows])
    # A region that gold has twice counts its votes twice.
    first, which = np.unique(wanted, return_inverse=True)
    at = np.minimum(np.searchsorted(first, marked), max(0, len(first) - 1))
    asked &= first[at] == marked if len(first) else False
    votes = _votes(at[asked], given[asked], len(first), len(features["targets"].feature["stance"].names)).take(pa.array(which))
    kind = schema.field("stances").type
    parts = {name: targets.items.field(name) for name in ("start", "end", "surface", "stance")} | {"votes": votes}
    items = pa.StructArray.from_arrays([parts[field.name] for field in kind.value_type], fields=list(kind.value_type))
    columns["stances"] = lists(targets.offsets, items)
    columns["annotators"] = pa.array(np.bincount(answered[submitted], minlength=size).astype(np.int32))
    return columns


def _extents(parts: Sequence[Spans]) -> tuple[Numbers, Numbers]:
    """Return where the first span of each row starts and where the last one ends, over all parts."""
    import numpy as np

    size = len(parts[0].offsets) - 1
    starts, ends = np.full(size, np.iinfo(np.int64).max), np.zeros(size, np.int64)
    for part in parts:
        np.minimum.at(starts, part.rows, part.starts)
        np.maximum.at(ends, part.rows, part.ends)
    return starts, ends


def _votes(rows: Numbers, given: Numbers, size: int, classes: int) -> pa.ListArray:
    """Return, for each of `size` rows, how many answers give each class."""
    import numpy as np
    import pyarrow as pa

    counts = np.bincount(rows * classes + given, minlength=size * classes)
    return lists(np.arange(0, (size + 1) * classes, classes), pa.array(counts.astype(np.int32)))


def default_columns(statements: pa.RecordBatch) -> tuple[dict[str, pa.Array], pa.Array]:
    """Return the columns of `default` that rows of `statements` give, all but `context`, and the row that each was made from.

    One row for each target, or one with target None; none for what is adjudicated as not a statement. The batch has at least the
    columns that are read here, and the features of its schema.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    validity = codes(statements.column("validity"))
    features = tables.described(statements.schema)
    decided, proposed = spans(statements.column("stances")), spans(statements.column("targets"))
    undecided = validity == NONE
    of = np.where(undecided, np.diff(proposed.offsets), np.diff(decided.offsets))
    first = np.where(undecided, len(decided.starts) + proposed.offsets[:-1], decided.offsets[:-1])
    times = np.where(validity == code(features["validity"], "not_a_statement"), 0, np.maximum(of, 1))
    row = np.repeat(np.arange(len(times)), times)
    place = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times) + first[row]
    # Places count the targets that were adjudicated, and after them those that were proposed, which have no stance.
    target = pa.array(place, mask=of[row] == 0)
    surfaces = pa.concat_arrays([decided.items.field("surface"), proposed.items.field("surface")])
    stances = decided.items.field("stance")
    stances = pa.concat_arrays([stances, pa.nulls(len(proposed.starts), stances.type)])
    rows = pa.array(row)
    found = {name: statements.column("id" if name == "statement_id" else name).take(rows) for name in SAME}
    speakers = statements.column("speakers")
    named = pc.greater(pc.list_value_length(speakers), 0)
    people = speakers.flatten()
    names = pc.binary_join(pa.ListArray.from_arrays(_offsets(speakers), people.field("name")), "; ")
    country = people.field("country").take(pc.if_else(named, _offsets(speakers)[:-1], None))
    # A joint statement has a country where all of its speakers have the same: a wrong one is worse than none.
    together = np.repeat(np.arange(len(speakers)), np.diff(_offsets(speakers)))
    apart = np.zeros(len(speakers), dtype=bool)
    apart[together[pc.not_equal(people.field("country"), country.take(together)).fill_null(True)]] = True
    country = pc.if_else(apart, None, country)
    content = statements.column("content")
    words = pc.binary_join(pa.ListArray.from_arrays(_offsets(content), content.flatten().field("surface")), SEPARATOR)
    made = {"content": words, "speaker": pc.if_else(named, names, None), "country": country}
    found |= {name: column.take(rows) for name, column in made.items()}
    return found | {"target": surfaces.take(target), "stance": stances.take(target)}, rows


def _offsets(column: pa.ListArray) -> pa.Array:
    """Return where each list begins among the items of all, and where the last one ends."""
    import pyarrow.compute as pc

    return pc.subtract(column.offsets, column.offsets[0])


def _default(statements: pa.Table, contexts: Sequence[str | None], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    batches = statements.to_batches()
    if not batches:
        return schema.empty_table()
    columns, rows = default_columns(batches[0])
    columns["context"] = pa.array(contexts, pa.string()).take(rows)
    return _table(columns, schema)


def _table(columns: Mapping[str, pa.Array], schema: pa.Schema) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_arrays([bare(columns[name]) for name in schema.names], schema=schema)


def sentences(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences that hold `[start, end)` begin and end, in code points, without the space around them.

    A paragraph ends a sentence. Where no end is found the paragraph's is taken, so that the stretch always holds what was asked for.
    """
    first, last = _paragraphs(text, start, end)
    cuts = _cuts(text, first, last)
    before, after = bisect_right(cuts, start), bisect_left(cuts, end)
    first, last = cuts[before - 1] if before else first, cuts[after] if after < len(cuts) else last
    found = text[first:last]
    return first + len(found) - len(found.lstrip()), first + len(found.rstrip())


@functools.lru_cache(maxsize=64)  # statements of a paragraph come together
def _cuts(text: str, first: int, last: int) -> list[int]:
    return [match.end() for match in SENTENCE_END.finditer(text, first, last)]


def context(text: str, start: int, end: int) -> str:
    """Return the paragraphs of `text` that hold `[start, end)`."""
    first, last = _paragraphs(text, start, end)
    return text[first:last].strip()


def _paragraphs(text: str, start: int, end: int) -> tuple[int, int]:
    last = text.find("\n", end)
    return text.rfind("\n", 0, start) + 1, last if last >= 0 else len(text)
