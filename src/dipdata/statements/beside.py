"""Cues that stand beside their content: *…, a dit X*, *…, X said, …*, *selon X, …*, *X zufolge …*."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dipdata.statements import complements, contents, nounphrases, sources
from dipdata.statements.grammar import CLAUSE, INFINITIVE_FORM, POST
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.grammar import Pack
    from dipdata.statements.reading import Reader, Unit
    from dipdata.statements.tokens import Sentence

_CLAUSE = 4  # tokens: what is shorter before a comma is no clause
_INNER = re.compile(r"\w+")


def is_parenthetical(reader: Reader, group: Group, subject: Range | None, how: str, anchor: int, kind: str, at: int) -> bool:
    """Tell whether the cue stands beside its content: after it, or inserted into it."""
    tags = reader.tags
    if anchor == 0 or how in ("relative", "relative-open") or kind in ("clause", "wh"):
        return False
    if kind == "colon" and "Q" not in tags[:anchor]:
        return False
    if kind == "quote" and "Q" not in tags[:anchor] and reader.opens_sentence(at):
        return False  # `Asked about it, X said, "…"`
    traits = reader.pack.traits
    if (traits["pro-drop"] or traits["verb-second"]) and reader.sentence.forms[anchor - 1] in reader.pack.lists.get("as", ()):
        return _as_clause(reader, group, anchor - 1)
    if not group.cue.frames & CLAUSE and not set(tags[:anchor]) & set("Qq") and reader.pack.traits["pro-drop"]:
        return False  # `…, las negociaciones continúan`: cues of quotations alone
    if tags[0] == "E" and "," in tags[:anchor] and not contents.has_verb(tags, 0, anchor):
        return False  # `D'après le quotidien « X », Alger aurait annoncé …`
    before = tags[anchor - 1]
    if tags[anchor] in "BC" and anchor + 1 < reader.count and before == ",":
        before = tags[anchor - 1]
    if group.inverted >= 0 and before in "Qq,-.)":
        return True
    behind = anchor
    while behind and tags[behind - 1] in ",-.":
        behind -= 1
    if before == "Q" or (behind < anchor and tags[behind - 1 : behind] in ("Q", "q")):
        return True
    if before not in ",-":
        return False
    if reader.pack.traits["verb-second"]:
        return _verb_second(reader, group, subject, how, anchor)
    if how in ("np", "pronoun"):
        # `The plan is dead, X said`: a clause to the left, nothing that the verb could govern to the right
        if not contents.has_verb(tags, 0, anchor - 1):
            rest = tags[group.after :]
            return rest.startswith(",") and ("Q" in rest or contents.has_verb(tags, group.after, reader.count))
        return nothing_follows(reader, group)
    found, stop = right_over_aside(reader, group.after)
    if before == "-" and tags[0] == "-" and found is not None:
        return True  # `— A — disse X, em Y.`
    if before == "-" and found is not None and (stop >= reader.count or tags[stop] in "-." or tags[stop : stop + 2] == ",-"):
        return True  # `A —dijo X— B`, `A, — сказал X, — B`
    if how == "aside" or (how == "none" and group.first > 0 and before == ","):
        place = reader.pack.traits["pro-drop"] and _place_speaks(reader, group)
        if (
            found is None
            and not place
            and not (reader.pack.traits["pro-drop"] and (group.after >= reader.count or tags[group.after] in ".,;:-)"))
        ):
            return False
        if contents.has_verb(tags, 0, anchor - 1) or set(tags[: anchor - 1]) & set("Qq"):
            return True
        closing = stop >= reader.count or (tags[stop] == "." and stop + 1 == reader.count)
        if closing and found and kind == "none" and anchor > _CLAUSE and tags[0] not in "PABTIiYV" and "," not in tags[: anchor - 1]:
            return True  # `Se desconoce su paradero, denunció su familia`: a verb that we do not know
        # `Las sanciones, ha advertido Bruselas, entrarán en vigor`; `El texto, precisó, será votado`
        if found is None:
            return tags[group.after : group.after + 1] == "," and tags[group.after + 1 : group.after + 2] in tuple("fFNXZv")
        stop = complements.skip_adverbials(reader.sentence, reader.pack, stop)
        following = tuple("fFNXZvVwQ") if reader.pack.traits["pro-drop"] else tuple("NXZvQ")
        return tags[stop : stop + 1] == "," and tags[stop + 1 : stop + 2] in following
    return False


def _place_speaks(reader: Reader, group: Group) -> bool:
    """Tell whether a verb made impersonal by its reflexive names in a phrase after it who speaks (`…, sublinhou-se no comunicado`)."""
    return group.reflexive and not group.cue.reflexive and reader.behind(group)[0] is not None


def right_over_aside(reader: Reader, at: int) -> tuple[Range | None, int]:
    """Return the subject to the right, over a short aside between commas (`— reconheceu, ao fechar a pasta, X —`)."""
    tags = reader.tags
    if reader.pack.traits["pro-drop"]:
        comma = at
        while comma < reader.count and tags[comma] in "AT":
            comma += 1
        at = comma if tags[comma : comma + 1] == "," else at
    close = tags.find(",", at + 1, at + 9) if tags[at : at + 1] == "," and reader.pack.traits["pro-drop"] else -1
    if close > 0 and tags[at + 1] in "PAT":
        return sources.right(reader.sentence, reader.pack, close + 1)
    return sources.right(reader.sentence, reader.pack, at)


def _as_clause(reader: Reader, group: Group, opener: int) -> bool:
    """`…, wie X sagte.`, `…, as X put it, …`: what the clause hangs on is the content."""
    tags = reader.tags
    if opener < 2 or tags[opener - 1] not in ",-Q":
        return False
    found, stop = sources.right(reader.sentence, reader.pack, group.after)
    inverted = reader.pack.traits["pro-drop"] and found is not None and (stop >= reader.count or tags[stop] in ".,;)-PTG")
    return inverted or nothing_follows(reader, group)


def opening_clause(reader: Reader, number: int, group: Group) -> Unit | None:
    """`Según informó X, …`, `Как сообщил X, …`: a clause of the cue opens the sentence, the content follows its comma."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    opener = group.first - 1
    while opener > 0 and (
        tags[opener] in "Ff" or (tags[opener] == "D" and sentence.forms[opener] in pack.lists.get("clitic-determiners", ()))
    ):
        opener -= 1  # `Comme le rapporte X, …`
    if opener < 0 or sentence.forms[opener] not in pack.lists.get("as", ()) or pack.traits["verb-second"]:
        return None
    if opener and tags[opener - 1] not in ".:;KC-":
        return None
    source, stop = sources.right(sentence, pack, group.after)
    if source is None and reader.impersonal(group, None):
        source, stop = reader.behind(group)
    stop = complements.skip_adverbials(sentence, pack, max(stop, group.after))
    comma = tags.find(",", stop, stop + 12)
    if comma < 0 or contents.has_verb(tags, stop, comma) or not reader.wordy(comma + 1, reader.count):
        return None
    reader.subjects[group.first] = (source, "inverted-np")
    return reader.build(group, [(comma + 1, reader.end(number, comma + 1))], source, "inverted-np", "opening-clause")


def _verb_second(reader: Reader, group: Group, subject: Range | None, how: str, anchor: int) -> bool:
    """`…, sagte X.`: the verb stands before its subject."""
    tags = reader.tags
    if how in ("np", "pronoun"):
        return False
    if reader.impersonal(group, None):
        return reader.behind(group)[0] is not None or nothing_follows(reader, group)
    found, stop = sources.right(reader.sentence, reader.pack, reader.subject_place(group))
    stop = max(stop, group.after)
    if found is None:
        return False
    if len(group.parts) > 1 and group.parts[-1][0] == stop:
        stop = group.parts[-1][1] + 1  # `…, ließ der Gesandte wissen`
    if stop < reader.count and reader.sentence.forms[stop] in reader.pack.lists.get("dative-determiners", ()):
        stop = nounphrases.noun_phrase(reader.sentence, reader.pack, stop)  # `…, sagte der Minister [dem Sender RTL]`
    return stop >= reader.count or tags[stop] in ".PCATN" or (tags[stop] == "," and not contents.has_verb(tags, 0, anchor - 1))


def nothing_follows(reader: Reader, group: Group) -> bool:
    """Tell whether nothing that the verb could govern follows it."""
    k = complements.skip_adverbials(reader.sentence, reader.pack, group.after)
    if k >= reader.count or reader.tags[k] in ".,;-:)C":
        return True
    if reader.tags[k] in "PTI":
        return not contents.has_verb(reader.tags, k, reader.tags.find(",", k) if "," in reader.tags[k:] else reader.count)
    lemma = group.cue.lemma in reader.pack.lists.get("dative", ())
    return lemma and not contents.has_verb(reader.tags, k, reader.count)


def parenthetical(reader: Reader, number: int, group: Group, subject: Range | None, how: str, anchor: int) -> Unit | None:
    """Return the unit of a cue that stands beside its content, or None where nothing is left of it."""
    tags, sentence, pack = reader.tags, reader.sentence, reader.pack
    source = subject if how in ("np", "pronoun", "aside") else None
    end = group.after
    if source is None and group.inverted < 0:
        source, end = right_over_aside(reader, reader.subject_place(group))
        end = max(end, group.after)
        how = "inverted-np" if source else how
    if reader.impersonal(group, source) or (source is None and _place_speaks(reader, group)):
        source, end = reader.behind(group)
    elif group.inverted >= 0 and sentence.forms[group.inverted] in pack.lists.get("impersonal", ()):
        source, end = place(reader, group.after)
    if source and how == "inverted-np" and end < reader.count and tags[end] == "R":
        stop = clause_stop(reader, end)  # `dijo un funcionario que participó en la reunión`
        if stop >= reader.count or tags[stop] in ".,;":
            source, end = (source[0], stop), stop
    if anchor and sentence.forms[anchor - 1] in pack.lists.get("as", ()):
        anchor -= 1
    first = left_start(reader, number, anchor)
    left = (first, anchor)
    if not reader.wordy(first, anchor):
        return None
    ranges = [left]
    more = resumption(reader, number, end, left)
    if more:
        ranges.append(more)
    if reader.wide and source and source[1] + 1 < reader.count and tags[source[1]] == "," and tags[source[1] + 1] == "R":
        source = (source[0], clause_stop(reader, source[1] + 1))
    rule = "quotation-inversion" if "Q" in tags[first:anchor] else "clause-inversion"
    reader.subjects[group.first] = (source, how)
    return reader.build(group, ranges, source, how, rule)


def clause_stop(reader: Reader, k: int) -> int:
    """Return where the clause at `k` ends: before the next comma that no name precedes, a stop or a quotation."""
    while k < reader.count and reader.tags[k] not in ".;:Q-":
        if reader.tags[k] == "," and not (k + 1 < reader.count and reader.tags[k + 1] == "U"):
            break
        k += 1
    return k


def place(reader: Reader, k: int) -> tuple[Range | None, int]:
    """`dit-on dans l'entourage de X`: the place speaks."""
    if k < reader.count and reader.sentence.forms[k] in reader.pack.lists.get("impersonal-places", ()):
        k += 1
        while k < reader.count and reader.tags[k] == "G":
            k += 1
        return sources.right(reader.sentence, reader.pack, k)
    return None, k


def left_start(reader: Reader, number: int, anchor: int) -> int:
    """Return where the content to the left of a parenthetical cue begins: the sentence's start or the end of an earlier attribution."""
    tags = reader.tags
    first = 0
    while first < anchor and tags[first] in "-.,":
        first += 1
    if "Q" in tags[first:anchor]:
        quote = tags.rindex("Q", first, anchor)
        # words that introduce a quotation with a colon are no part of it
        colon = tags.rfind(":", first, quote)
        if colon >= 0 and quote == colon + 1:
            return quote
    return first


def resumption(reader: Reader, number: int, end: int, left: Range) -> Range | None:
    """Return the content that goes on after the cue (`« A, a-t-il dit, B »`), or None."""
    tags, _sentence, _pack = reader.tags, reader.sentence, reader.pack
    k = end
    quoted = "Q" in tags[left[0] : left[1]] or tags[left[0] : left[1]].strip(",-") == "q"
    while k < reader.count and tags[k] not in ",:;Q-.":
        k += 1
    if k >= reader.count:
        return None
    if tags[k] in ",:;-" and k + 1 < reader.count and (tags[k + 1] == "Q" or (quoted and tags[k + 1] == "q")):
        stop = reader.end(number, k + 1)
        return (k + 1, stop)
    if tags[k] == "Q" and quoted:
        return (k, k + 1)
    if quoted and tags[k] == ",":  # `said, referring to X, "…"`; `he said, but "…"`
        following = tags.find("Q", k, k + 14)
        if following > 0 and (tags[following - 1] == "," or tags[k + 1 : following] == "C"):
            return (following, reader.end(number, following))
    if tags[k] == "," and k + 1 < reader.count and not quoted:
        n = k + 1
        if tags[n] in "PBRTGI" or any(_at_clause(group, n) for group in reader.groups[number + 1 :]):
            return None
        short = not contents.has_verb(tags, *left)
        clause = contents.has_verb(tags, n, reader.count) or (short and reader.pack.traits["pro-drop"] and tags[n] in "fFNw")
        if clause and (short or tags[n] in "C"):
            return (n, reader.end(number, n))
    return None


def _at_clause(group: Group, n: int) -> bool:
    """Tell whether a cue begins the clause at `n`, which then is no content that goes on."""
    return group.first == n or (group.first == n + 1 and group.kind != INFINITIVE_FORM)


def prepositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`Selon X, …`, `…, selon X`, `X zufolge`."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    if group.kind == POST:
        return postpositional(reader, number, group)
    at = group.after
    while at < reader.count and (tags[at] == "G" or sentence.forms[at] in pack.lists.get("origin", ())):
        at += 1
    if at < reader.count and sentence.forms[at] in pack.lists.get("which", ()):
        noun = sources.antecedent(sentence, pack, group.first)
        stop = reader.end(number, at + 1)
        return reader.build(group, [(at + 1, stop)], noun, "relative", "preposition-which")
    nominal = tags[at : at + 1] == "V" and sentence.forms[at] in pack.homographs and tags[at + 1 : at + 2] not in ("D", "U")
    if at < reader.count and tags[at] in "VXvZFfN" and not nominal and sentence.forms[group.first] in pack.lists.get("as", ()):
        return None  # `según informó X`: the verb attributes
    owner = owner_of(sentence, pack, group)
    source, stop = object(reader, at) if owner is None else ((group.first, group.after), group.after)
    if source is not None and not pack.lists.get("no-source", frozenset()).isdisjoint(sentence.forms[source[0] : source[1]]):
        return None  # *selon les cas*, *selon toute vraisemblance*
    if source is None or (group.cue.closing and stop < reader.count and tags[stop] not in ",.P;)-"):
        return None
    before = tags[group.first - 1] if group.first else "."
    opening = group.first == 0 or before in "KCB:;." or (group.first == 1 and before in "AC-")
    comma = tags[stop] == "," if stop < reader.count else False
    if before == "R" and pack.traits["pro-drop"]:  # `la propuesta, que según X es razonable, …`
        reader.within = "relative"
        return reader.build(group, [(stop, reader.end(number, stop))], source, "np", "preposition-relative")
    if opening or (before == "," and group.first >= 2 and tags[group.first - 2] in "KCB"):
        start = stop + 1 if comma else stop
        if comma and start < reader.count and tags[start] == "R":  # `Selon la même source, qui cite X, …`
            close = tags.find(",", start)
            start = close + 1 if close > 0 else start
        if start >= reader.count or not reader.wordy(start, reader.count):
            return None
        end = reader.end(number, start)
        return owned(reader.build(group, [(start, end)], source, "np", "preposition-first"), owner)
    first = content_start(reader, group.first)
    left = (first, group.first)
    ranges = [left]
    if pack.traits["verb-second"] and before != ",":
        rest = stop + 1 if comma else stop
        if rest < reader.count and reader.wordy(rest, reader.count):
            ranges.append((rest, reader.end(number, rest)))
    elif comma and stop + 1 < reader.count:
        verb_left = contents.has_verb(tags, *left)
        rest_verb = contents.has_verb(tags, stop + 1, reader.count) or (pack.traits["pro-drop"] and tags[stop + 1] in "wNfF")
        cut = group.first > 1 and tags[group.first - 2] in "vVXZf"  # `Il s'agit, selon X, de …`: the verb lacks its complement
        if (not verb_left and rest_verb) or (cut and tags[stop + 1] in "DGPAjwqQi"):
            ranges.append((stop + 1, reader.end(number, stop + 1)))
    elif before != "," and stop < reader.count and tags[stop] not in ".;)" and not contents.has_verb(tags, *left):
        ranges.append((stop, reader.end(number, stop)))
    return owned(reader.build(group, ranges, source, "np", "preposition-last" if len(ranges) == 1 else "preposition-inside"), owner)


def owner_of(sentence: Sentence, pack: Pack, group: Group) -> tuple[int, int] | None:
    """Return the code points of the possessive inside an attributing phrase (`по [его] словам`), or None where it has none."""
    known = pack.lists.get("possessives", frozenset())
    low, high = sentence.starts[group.first], sentence.ends[group.first]
    for word in _INNER.finditer(sentence.text, low, high):
        if low < word.start() and word.end() < high and word[0].lower() in known:
            return word.start(), word.end()
    return None


def owned(unit: Unit | None, owner: tuple[int, int] | None) -> Unit | None:
    """Make the possessive the source, and what stands around it the cue."""
    if unit is not None and owner is not None:
        (low, high), (start, end) = unit.cue[0], owner
        unit.source, unit.cue = [owner], [(low, start - 1), (end + 1, high)] if end < high else [(low, start - 1)]
    return unit


def object(reader: Reader, at: int) -> tuple[Range | None, int]:
    """Return the object of an attributing preposition: its noun phrase with all that hangs on it."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    alone = tags[at : at + 1] == "S" or (tags[at : at + 1] == "F" and tags[at + 1 : at + 2] in ("", ".", ","))  # `d'après lui`
    if alone:
        return (at, at + 1), at + 1
    if at >= reader.count or tags[at] not in "DUwtj#qQMVpTi":
        return None, at
    k = at
    opening = tags[: at - 1].strip("AC-") == ""
    closing = at > 2 and tags[at - 2] in ",Q"
    while k < reader.count and tags[k] not in ",.;:K-":
        if tags[k] == "R" and not (closing and "," not in tags[k:]):
            break
        if tags[k] == "R":
            k = reader.count
            while k > at and tags[k - 1] in ".,;:":
                k -= 1
            break
        if tags[k] in "XZHS" and k > at:
            break
        if tags[k] == "V" and k > at and tags[k - 1] not in "DGjP" and opening and pack.traits["verb-second"]:
            break
        k += 1
    if pack.traits["verb-second"] and opening:
        k = at + 1
        while k < reader.count and tags[k] not in ",.;:KR-XZvV" and not (tags[k] == "w" and tags[k - 1] in "UMTq"):
            k += 1
    elif tags[k - 1 : k] in ("C", "G") or pack.traits["verb-second"]:
        k = max(at + 1, nounphrases.noun_phrase(sentence, pack, at, prepositions=not pack.traits["verb-second"]))
    stop = nounphrases.apposition_end(sentence, pack, k) if not (opening and not second_comma(reader, k)) else k
    if k < stop < reader.count - 1 and tags[stop] == "," and tags[stop + 1] == "R":
        stop = k  # `D'après X, l'Autriche, dont …`: the subject, no apposition
    return ((at, stop), stop) if stop > at else (None, at)


def second_comma(reader: Reader, k: int) -> bool:
    """Tell whether after the comma at `k` another comma follows close by, as around an apposition."""
    return reader.tags.find(",", k + 1, k + 16) >= 0


def content_start(reader: Reader, cue: int) -> int:
    """Return where the clause before a closing `selon X` begins: the sentence, or after a semicolon."""
    tags = reader.tags
    semicolon = tags.rfind(";", 0, cue)
    first = semicolon + 1
    while first < cue and tags[first] in "-.,":
        first += 1
    return first


def postpositional(reader: Reader, number: int, group: Group) -> Unit | None:
    """`X zufolge`: the source stands before the cue."""
    pack, tags = reader.pack, reader.tags
    first = group.first
    genitive = pack.lists.get("genitive-determiners", frozenset())
    while first > 0 and tags[first - 1] in "DwUtj#qMG":
        first -= 1
        if tags[first] == "D" and reader.sentence.forms[first] not in genitive:
            break
        if tags[first] == "w" and first + 1 < group.first and tags[first + 1] == "D":
            first += 1
            break
    if first == group.first:
        return None
    source = (first, group.first)
    before, after = (0, first), (group.after, reader.count)
    ranges = [pair for pair in (before, after) if reader.wordy(*pair)]
    if len(ranges) == 2 and tags[first - 1] == "," and not pack.traits["verb-second"]:
        ranges = ranges[:1]
    if ranges and ranges[-1][1] == reader.count:
        ranges[-1] = (ranges[-1][0], reader.end(number, ranges[-1][0]))
    return reader.build(group, ranges, source, "np", "postposition")
