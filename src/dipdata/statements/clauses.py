"""Clauses of languages that set them off with commas (Russian, Czech): where they begin, end and go on. Positions are tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dipdata.statements.cases import NOMINATIVE, chunks
from dipdata.statements.grammar import CLAUSE, FINITE, GERUND, INFINITIVE_FORM, QUOTE
from dipdata.statements.groups import Group

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader

_EDGE = re.compile(r"[,.:;QKBRW\-)]")
_MARK = re.compile(r"[,\-;.C]")
_VERB = re.compile(r"[XZvV]")
_REACH = 40  # tokens: how far after a cue its complement may begin
_BRACKET = 16  # tokens: how long a phrase in brackets may be


def start(tags: str, at: int) -> int:
    """Return the first token of the clause that token `at` stands in."""
    while at and tags[at - 1] not in ",.;:QKBRW(-":
        at -= 1
        if tags[at] == ")" and (opening := tags.rfind("(", max(0, at - _BRACKET), at)) >= 0:
            at = opening
    return at


def stop(tags: str, at: int) -> int:
    """Return the token after the clause that goes on at `at`."""
    for mark in _EDGE.finditer(tags, at):
        if mark[0] != "," or not in_list(tags, mark.start()):
            return mark.start()
    return max(at, len(tags))


def in_list(tags: str, comma: int) -> bool:
    """Tell whether a comma separates members of a list (`США, Израиль и Францию`): no verb, and a conjunction before the next mark."""
    k = comma + 1
    if not comma or tags[comma - 1] not in "UwtMq" or tags[k : k + 1] not in tuple("UwtjDM"):
        return False
    while k < len(tags) and tags[k] in "UwtjDMq#":
        k += 1
    return k < len(tags) and (tags[k] == "C" or (tags[k] == "," and in_list(tags, k)))


def list_start(tags: str, first: int) -> int:
    """Return where the list begins whose last members begin at `first`, after a comma (`Греция, [Кипр и Египет]`)."""
    while first > 1 and tags[first - 1] == "," and in_list(tags, first - 1):
        first -= 1
        while first and tags[first - 1] in "UwtjDMq#":
            first -= 1
    return first


def has_verb(tags: str, first: int, last: int) -> bool:
    """Tell whether tokens `[first, last)` hold a finite verb, as far as the pack can tell."""
    return _VERB.search(tags, first, last) is not None


def complement(reader: Reader, group: Group) -> tuple[str, int]:
    """Return what the cue is followed by and where: `clause`, `wh`, `colon`, `quote`, `word`, `comma`, `dash` or `none`."""
    known = reader.complements.get(group.first)
    if known is None:
        known = reader.complements[group.first] = _complement(reader, group)
    return known


def _complement(reader: Reader, group: Group) -> tuple[str, int]:
    sentence, pack, tags, count = reader.sentence, reader.pack, reader.tags, reader.count
    questions = pack.lists.get("interrogatives", frozenset())
    k = group.after
    limit = min(count, k + _REACH)
    while k < limit:
        tag = tags[k]
        if tag == "," and not in_list(tags, k):
            n = k + 1
            if n >= count:
                return "comma", k
            if tags[n] == "K":
                return "clause", n
            if tags[n] == "Q":
                return "quote", n
            w = n + (tags[n] == "P")
            relative = tags[w : w + 1] == "R" and any(tag in "wtU" for tag in tags[group.after : k])
            if w < count and tags[w] in "WRB" and sentence.forms[w] in questions and not relative:
                return "wh", n
            if not pack.lists.get("question-particles", frozenset()).isdisjoint(sentence.forms[n : n + 4]):
                return "wh", n
            close = _aside(tags, k, count)
            if close:
                k = close
                continue
            return "comma", k
        if tag == ":":
            return "colon", k
        if tag == "Q":
            return "quote", k
        if tag == "q" and k == group.after:
            return "word", k
        if tag == "K":
            return "clause", k
        if tag == "-":
            return ("quote", k + 1) if tags[k + 1 : k + 2] == "Q" else ("dash", k)
        if tag in ".;)":
            return "none", k
        if tag in "WB" and sentence.forms[k] in pack.lists.get("dropped-interrogatives", ()):
            return "wh", k
        if tag in "vVXZ" and k > group.after and tags[k - 1] not in "DjP#" and not _is_infinitive(reader, k):
            return "none", k
        k += 1
    return "none", k


def _is_infinitive(reader: Reader, k: int) -> bool:
    return any(cue.kind == INFINITIVE_FORM for cue in reader.pack.cues.get(reader.sentence.forms[k], ()))


def _aside(tags: str, comma: int, count: int) -> int:
    """Return the token after a short aside between commas that a complementiser, a quotation or a colon follows, or 0."""
    for k in range(comma + 1, min(count, comma + 16)):
        if tags[k] == "," and k + 1 < count:
            return k if tags[k + 1] in "KQ" else 0
        if tags[k] == ":":
            return k if tags[comma + 1] in "RPj" else 0
        if tags[k] in ".;QKXZvV":
            return 0
    return 0


def after_complementiser(reader: Reader, at: int) -> int:
    """Return where the content after the complementiser at `at` begins."""
    k = at + 1
    while k < reader.count and reader.sentence.forms[k] in reader.pack.lists.get("after-complementiser", ()):
        k += 1
    return k


def within(tags: str, first: int, how: str) -> str:
    """Tell what clause a cue stands in: after a relative or subordinate clause the main clause goes on, which is no content."""
    if how == "relative":
        return "relative"
    return "subordinate" if first and tags[first - 1] in "B" else "main"


def comma_after(reader: Reader, at: int) -> int:
    """Return the comma that closes an inserted clause which goes on at `at`, or -1 where a stop closes it."""
    tags = reader.tags
    k = at
    while k < reader.count and tags[k] not in ",.;:-Q":
        k += 1
    if k >= reader.count or tags[k] not in ",-":
        return -1
    if tags[k] == "," and (tags[k + 1 : k + 2] == "R" or tags[k + 1 : k + 3] == "PR"):
        k += 1
        while k < reader.count and tags[k] not in ",.;:-Q":
            k += 1
        if k >= reader.count or (tags[k] == "." and tags[k + 1 : k + 2] != "-"):
            return -1
    while k + 1 < reader.count and tags[k + 1] in ",-":
        k += 1
    return k


def left_start(reader: Reader, stop: int) -> int:
    """Return where the content that ends at token `stop` begins: the sentence, or after a semicolon; conjunctions are no part of it."""
    tags = reader.tags
    first = tags.rfind(";", 0, stop) + 1
    while first < stop and tags[first] in "-.,":
        first += 1
    if first < stop - 1 and tags[first] == "C":
        first += 1
    if tags[first : first + 1] == "K":
        first = after_complementiser(reader, first)
    return first


def opening_clause(reader: Reader, stop: int) -> bool:
    """Tell whether a content clause opens the sentence and ends at token `stop` (`Že by odjel, netvrdí`, `Co řekne, neprozradil`)."""
    tags = reader.tags
    first = 1 if tags[:1] == "C" else 0
    word = reader.sentence.forms[first] if first < stop else ""
    questions = reader.pack.lists.get("interrogatives", frozenset())
    return tags[first : first + 1] == "K" or (tags[first : first + 1] in ("W", "B") and word in questions and tags[:stop].count(",") == 0)


def quotation_start(reader: Reader, quote: int) -> int:
    """Return where a content that ends with the quotation at token `quote` begins: words before it in the sentence are part of it."""
    tags = reader.tags
    first = quote
    while first and tags[first - 1] in "Q":
        first -= 1
    lead = left_start(reader, quote)
    if lead < first and tags[first - 1] != ":":
        return lead
    return first


def end(reader: Reader, number: int, first: int, mode: str) -> int:
    """Return where the content of cue `number` that begins at token `first` ends.

    `mode` is `main`, `relative` or `subordinate` for the clause that the cue of a content clause stands in, `phrase` for a content that
    is no clause (a coordinated cue goes on without a comma), `free` where the cue hangs on no clause (*по словам X*).
    """
    sentence, tags, count = reader.sentence, reader.tags, reader.count
    later = list(reader.groups[number + 1 :])
    cuts = reader.pack.lists.get("cuts", frozenset())
    turns = reader.pack.lists.get("turns", frozenset())
    k = count
    for mark in _MARK.finditer(tags, first):
        k = mark.start()
        tag = tags[k]
        if tag in ",-" and k > first:
            if sentence.forms[k + 1 : k + 2] and sentence.forms[k + 1] in cuts:
                break
            if turns and _turns(reader, k + 1, turns):
                break
            if _next_cue(reader, later, k, mode) or (mode == "main" and _returns(reader, k)):
                break
            if mode in ("relative", "subordinate") and _main_goes_on(reader, k + 1, mode):
                break
            if mode == "participle" or (mode == "phrase" and _phrase_ends(reader, k)):
                break
        elif (tag == ";" and k > first and mode != "free") or (tag == "." and tags[k + 1 : k + 2] == "-"):
            break
        if tag == "C" and k > first and mode == "phrase" and _coordinated(reader, later, k):
            break
    else:
        k = count
    while k > first and tags[k - 1] in ".,;:-" and sentence.text[sentence.starts[k - 1]] not in "?!":
        k -= 1
    return k


def _returns(reader: Reader, mark: int) -> bool:
    """Tell whether the main clause goes on after the comma `mark` and a conjunction: with a verb that has no subject of its own."""
    tags, cases = reader.tags, reader.pack.cases
    assert cases is not None
    n = mark + 2
    if reader.pack.lists.get("and", frozenset()).isdisjoint(reader.sentence.forms[mark + 1 : n]):
        return False
    close = stop(tags, n)
    verb = next((k for k in range(n, close) if tags[k] in "vVXZ"), -1)
    if verb < 0 or tags[verb] in "XZ" or _is_infinitive(reader, verb) or "K" in tags[n : n + 1]:
        return False
    for chunk in chunks(reader.sentence, reader.pack, n, close):
        named = chunk.kind == "N" and chunk.mask & NOMINATIVE
        if named and (chunk.first < verb or cases.agrees(reader.sentence.forms[verb], reader.sentence.forms[chunk.head], title=False)):
            return False
    return True


def _turns(reader: Reader, n: int, turns: frozenset[str]) -> bool:
    """Tell whether the clause at `n` is a main clause that turns against what was said (`…, jejich jména však zveřejněna nebyla`)."""
    tags = reader.tags
    if tags[n : n + 1] in ("K", "R", "B", "W", "C"):
        return False
    close = stop(tags, n)
    return not turns.isdisjoint(reader.sentence.forms[n:close]) and has_verb(tags, n, close)


def _phrase_ends(reader: Reader, mark: int) -> bool:
    """Tell whether a content that is no clause ends at a comma or dash: a relative clause or a main clause follows."""
    tags = reader.tags
    n = mark + 1
    if tags[n : n + 1] in ("R", "W") or tags[n : n + 2] == "PR":
        return True
    if tags[n : n + 1] in ("B", "K"):
        return False
    close = n
    while close < len(tags) and tags[close] not in ",.;:-Q":
        close += 1
    return has_verb(tags, n, close)


def _next_cue(reader: Reader, later: list[Group], mark: int, mode: str) -> bool:
    """Tell whether the clause after the comma or dash `mark` is the next report: a cue without a subject before it."""
    tags, count, sentence = reader.tags, reader.count, reader.sentence
    n = mark + 1
    joined = n < count and tags[n] in "C"
    n += joined
    close = stop(tags, n)
    cue = next((g for g in later if n <= g.first < close and g.kind in (FINITE, GERUND)), None)
    if cue is None or any(tags[k] in "vVXZ" for k in range(n, cue.first) if tags[k] not in "f"):
        return False
    if cue.kind == GERUND:
        return all(tags[k] in "ANTfF" for k in range(n, cue.first))
    if mode == "free":
        return False
    subject = any(c.kind == "N" and c.mask & NOMINATIVE for c in chunks(reader.sentence, reader.pack, n, cue.first))
    kind, _ = complement(reader, cue)
    if subject:
        if not joined and kind == "none" and cue.after >= count - 1 and cue.cue.frames & QUOTE:
            return True  # `…, jeho protějšek oponoval`
        if joined and tags[mark] == "," and not anaphors(reader).isdisjoint(sentence.forms[n:close]):
            return True  # `…, однако Киев это отрицает`
        return joined and kind in ("clause", "colon") and tags[mark] == ","
    if joined or tags[mark] == "-":
        return True
    if kind in ("clause", "colon", "wh"):
        return True
    rest = chunks(reader.sentence, reader.pack, cue.after, stop(tags, cue.after))
    inverted = next((c for c in rest if c.kind == "N" and c.mask & NOMINATIVE), None)
    return (
        bool(cue.cue.frames & (CLAUSE | QUOTE))
        and kind in ("none", "comma")
        and inverted is not None
        and rest[-1].stop <= inverted.stop + 3
    )


def anaphors(reader: Reader) -> frozenset[str]:
    """Return the words that stand for the clause before as the object of a cue."""
    lists = reader.pack.lists
    return lists.get("object-anaphors", frozenset()) or lists.get("anaphors", frozenset())


def _coordinated(reader: Reader, later: list[Group], k: int) -> bool:
    """Tell whether the speaker's next cue follows the conjunction at `k`, with no subject of its own."""
    tags = reader.tags
    close = stop(tags, k + 1)
    cue = next((g for g in later if k < g.first < close and g.kind in (FINITE, GERUND)), None)
    if cue is None or any(tags[m] in "vVXZCi" for m in range(k + 1, cue.first)):
        verb = next((m for m in range(k + 1, close) if tags[m] in "vVXZi"), -1)
        return (
            verb >= 0 and tags[verb] in "vVXZ" and all(tags[m] in "ANTFf" for m in range(k + 1, verb)) and not _is_infinitive(reader, verb)
        )
    return True


def _main_goes_on(reader: Reader, n: int, mode: str) -> bool:
    """Tell whether the main clause goes on at `n`, after a comma: with its verb after a relative clause, else with its subject."""
    tags = reader.tags
    while n < reader.count and tags[n] in "FfNAT":
        n += 1
    if n >= reader.count:
        return False
    if mode == "relative":
        close = stop(tags, n)
        return tags[n] in "XZvV" or (tags[n] in "Pwj" and has_verb(tags, n, close) and tags[n - 1] != "C" and _no_subject(reader, n, close))
    return tags[n] in "SDUtw" and has_verb(tags, n + 1, reader.count)


def _no_subject(reader: Reader, n: int, close: int) -> bool:
    verb = next(k for k in range(n, close) if reader.tags[k] in "XZvV")
    return not any(c.kind == "N" and c.mask & NOMINATIVE for c in chunks(reader.sentence, reader.pack, n, verb))
