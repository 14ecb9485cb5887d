"""Verbs that stand beside their content: *…, a dit X*, *…, X said, …*, *según informó X, …*."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import complements, contents, nounphrases, sources
from dipdata.statements.grammar import CLAUSE, INFINITIVE_FORM
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit

_CLAUSE = 4  # tokens: what is shorter before a comma is no clause


def is_parenthetical(reader: Reader, group: Group, how: str, anchor: int, kind: str, at: int) -> bool:
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
        return _verb_second(reader, group, how, anchor)
    if how in ("np", "pronoun"):
        # `The plan is dead, X said`: a clause to the left, nothing that the verb could govern to the right
        if not contents.has_verb(tags, 0, anchor - 1):
            rest = tags[group.after :]
            return rest.startswith(",") and ("Q" in rest or contents.has_verb(tags, group.after, reader.count))
        return _nothing_follows(reader, group)
    found, stop = _right_over_aside(reader, group.after)
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


def _right_over_aside(reader: Reader, at: int) -> tuple[Range | None, int]:
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
    return inverted or _nothing_follows(reader, group)


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


def _verb_second(reader: Reader, group: Group, how: str, anchor: int) -> bool:
    """`…, sagte X.`: the verb stands before its subject."""
    tags = reader.tags
    if how in ("np", "pronoun"):
        return False
    if reader.impersonal(group, None):
        return reader.behind(group)[0] is not None or _nothing_follows(reader, group)
    found, stop = sources.right(reader.sentence, reader.pack, reader.subject_place(group))
    stop = max(stop, group.after)
    if found is None:
        return False
    if len(group.parts) > 1 and group.parts[-1][0] == stop:
        stop = group.parts[-1][1] + 1  # `…, ließ der Gesandte wissen`
    if stop < reader.count and reader.sentence.forms[stop] in reader.pack.lists.get("dative-determiners", ()):
        stop = nounphrases.noun_phrase(reader.sentence, reader.pack, stop)  # `…, sagte der Minister [dem Sender RTL]`
    return stop >= reader.count or tags[stop] in ".PCATN" or (tags[stop] == "," and not contents.has_verb(tags, 0, anchor - 1))


def _nothing_follows(reader: Reader, group: Group) -> bool:
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
        source, end = _right_over_aside(reader, reader.subject_place(group))
        end = max(end, group.after)
        how = "inverted-np" if source else how
    if reader.impersonal(group, source) or (source is None and _place_speaks(reader, group)):
        source, end = reader.behind(group)
    elif group.inverted >= 0 and sentence.forms[group.inverted] in pack.lists.get("impersonal", ()):
        source, end = _place(reader, group.after)
    if source and how == "inverted-np" and end < reader.count and tags[end] == "R":
        stop = _clause_stop(reader, end)  # `dijo un funcionario que participó en la reunión`
        if stop >= reader.count or tags[stop] in ".,;":
            source, end = (source[0], stop), stop
    if anchor and sentence.forms[anchor - 1] in pack.lists.get("as", ()):
        anchor -= 1
    first = left_start(reader, anchor)
    left = (first, anchor)
    if not reader.wordy(first, anchor):
        return None
    ranges = [left]
    more = _resumption(reader, number, end, left)
    if more:
        ranges.append(more)
    if reader.wide and source and source[1] + 1 < reader.count and tags[source[1]] == "," and tags[source[1] + 1] == "R":
        source = (source[0], _clause_stop(reader, source[1] + 1))
    rule = "quotation-inversion" if "Q" in tags[first:anchor] else "clause-inversion"
    reader.subjects[group.first] = (source, how)
    return reader.build(group, ranges, source, how, rule)


def _clause_stop(reader: Reader, k: int) -> int:
    """Return where the clause at `k` ends: before the next comma that no name precedes, a stop or a quotation."""
    while k < reader.count and reader.tags[k] not in ".;:Q-":
        if reader.tags[k] == "," and not (k + 1 < reader.count and reader.tags[k + 1] == "U"):
            break
        k += 1
    return k


def _place(reader: Reader, k: int) -> tuple[Range | None, int]:
    """`dit-on dans l'entourage de X`: the place speaks."""
    if k < reader.count and reader.sentence.forms[k] in reader.pack.lists.get("impersonal-places", ()):
        k += 1
        while k < reader.count and reader.tags[k] == "G":
            k += 1
        return sources.right(reader.sentence, reader.pack, k)
    return None, k


def left_start(reader: Reader, anchor: int) -> int:
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


def _resumption(reader: Reader, number: int, end: int, left: Range) -> Range | None:
    """Return the content that goes on after the cue (`« A, a-t-il dit, B »`), or None."""
    tags = reader.tags
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
