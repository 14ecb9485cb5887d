import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dipdata.statements import sequence
from gold import marked

TEXT = 'The ministry said "we will sign" and added that talks go on. "Yes," said the envoy, "soon."\n\nHe noted: "No."'
TOKENS = [match.span() for match in re.finditer(r"\w+|[^\w\s]", TEXT)]
STARTS, ENDS = [start for start, _ in TOKENS], [end for _, end in TOKENS]
PARAGRAPHS = [TEXT.count("\n", 0, start) // 2 for start in STARTS]


def at(part, times=0):
    place = -1
    for _ in range(times + 1):
        place = TEXT.index(part, place + 1)
    return (place, place + len(part))


def unit(content, source, cue):
    return {"content": [at(part) for part in content], "source": [at(part) for part in source], "cue": [at(part) for part in cue]}


UNITS = [
    unit(['"we will sign"'], ["The ministry"], ["said"]),
    unit(["that talks go on"], ["The ministry"], ["added"]),
    {"content": [at('"Yes,"'), at('"soon."')], "source": [at("the envoy")], "cue": [at("said", 1)]},
    unit(['"No."'], ["He"], ["noted"]),
]


def joined(labels):
    return [
        {
            "content": sequence.spans(TEXT, STARTS, ENDS, found.content),
            "source": sequence.spans(TEXT, STARTS, ENDS, [source] if (source := found.source or found.shared) else []),
            "cue": sequence.spans(TEXT, STARTS, ENDS, found.cue),
        }
        for found in sequence.join(labels, PARAGRAPHS)
    ]


def test_labels_spell_the_statements_that_they_were_made_from():
    def edges(pairs):
        return [(start, end - (TEXT[end - 1] == ",")) for start, end in pairs]

    labels = sequence.encode(STARTS, ENDS, UNITS)
    assert set(labels) <= set(sequence.LABELS)
    assert joined(labels) == [{role: edges(pairs) for role, pairs in one.items()} for one in UNITS]


def test_the_outer_of_nested_statements_is_kept():
    inner = unit(["will sign"], [], ["we"])
    assert sequence.encode(STARTS, ENDS, [inner, UNITS[0]]) == sequence.encode(STARTS, ENDS, [UNITS[0]])


def test_a_source_is_shared_within_a_paragraph_and_not_beyond():
    labels = sequence.encode(STARTS, ENDS, [UNITS[1], UNITS[3] | {"source": []}])
    shared = joined(labels)
    assert [one["source"] for one in shared] == [[at("The ministry")], []]


def test_a_cue_without_content_is_told():
    labels = ["O"] * len(STARTS)
    labels[2] = "Q"
    assert joined(labels) == [{"content": [], "source": [], "cue": [at("said")]}]


@pytest.mark.parametrize("lang", ["fr", "en", "ar"])
def test_little_is_lost_in_labels(lang):
    """What labels cannot express is nesting; contents that are not nested come back as they are."""
    kept = total = 0
    for document in marked.load(lang):
        text = document["text"]
        tokens = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
        starts, ends = [start for start, _ in tokens], [end for _, end in tokens]
        paragraphs = [text.count("\n", 0, start) for start in starts]
        found = sequence.join(sequence.encode(starts, ends, document["statements"]), paragraphs)
        contents = {tuple(sequence.spans(text, starts, ends, one.content)) for one in found if one.content}
        for one in document["statements"]:
            total += 1
            trimmed = []
            for start, end in one["content"]:
                piece = text[start:end]
                left = len(piece) - len(piece.lstrip(sequence.EDGES))
                trimmed.append((start + left, start + len(piece.rstrip(sequence.EDGES))))
            kept += tuple(trimmed) in contents
    assert kept / total > 0.88


@given(st.lists(st.tuples(st.sampled_from(sequence.LABELS), st.integers(0, 1)), max_size=60))
def test_any_labels_can_be_joined(drawn):
    numbers, number = [], 0
    for _, step in drawn:
        number += step
        numbers.append(number)
    labels = [label for label, _ in drawn]
    used = [k for one in sequence.join(labels, numbers) for first, stop in one.content for k in range(first, stop)]
    contents = [k for k, label in enumerate(labels) if label[:2] in ("B-", "I-")]
    assert sorted(used) == contents
