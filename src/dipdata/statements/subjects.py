"""Who says it, where cases tell subject from object: before the verb, after it, over an aside, in a place, or shared with another verb."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dipdata.statements import clauses, insertions, relations
from dipdata.statements.cases import ACCUSATIVE, DATIVE, GENITIVE, NOMINATIVE, Chunk, cases_of, chunks, nominal
from dipdata.statements.grammar import ACTIVE, ATTRIBUTE, FINITE, GERUND, NOUN, OBJECT_INFINITIVE
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.declined import Verb
    from dipdata.statements.reading import Reader, Unit

_ASIDE = 40  # tokens of an aside between a subject and its verb


def find_subject(verb: Verb) -> None:
    """Find who says it: `source`, `subject` and `how` of the verb."""
    group, tags = verb.group, verb.tags
    if group.passive:
        verb.how = "agent"
        return
    if group.cue.lemma in verb.pack.lists.get("impersonal-cues", ()) and placed(verb):
        return
    found = next((chunk for chunk in verb.before if may_be_subject(verb, chunk)), None)
    opener = tags[verb.start - 1] if verb.start else "."
    relative = found is None and opener == "R" and not verb.joined and verb.tags[verb.start - 2 : verb.start - 1] != "P"
    if relative and cases_of(verb.sentence, verb.pack, verb.start - 1) & NOMINATIVE:
        antecedent(verb)
        return
    if found is None and verb.joined:
        verb.source, verb.how = main_subject(verb)
        if verb.source is not None:
            return
    if found is None and not verb.joined and opener in ",)-" and verb.start > 1 and not closing_subject(verb):
        across_aside(verb)
        if verb.source is not None:
            return
    if found is None:
        found = inverted(verb)
        if found is not None and verb.tags[found.head] not in "tUS" and place_among(verb, verb.before):
            return  # `В Кремле назвали [эти сообщения] ложью`
    if found is None and verb.before and is_first_name(verb, verb.before[0]):
        found = verb.before[0]
    if found is not None:
        verb.subject, verb.how = found, "np"
        end = found.stop
        if found.first >= group.after:
            verb.how = "inverted-np"
            end = _apposition_end(verb.reader, found)
        verb.source = (clauses.list_start(tags, found.first), end)
        return
    if placed(verb):
        return
    says = verb.kind in ("clause", "wh", "colon", "quote", "word") or any(c.kind in "NPi" for c in verb.following)
    if verb.joined or opener == "R" or (opener in ",;" and verb.number and says):
        verb.source, verb.how = main_subject(verb)


def _apposition_end(reader: Reader, subject: Chunk) -> int:
    """Return where a subject after its verb ends with its apposition (`источник, близкий к переговорам`)."""
    tags, sentence, pack = reader.tags, reader.sentence, reader.pack
    end = subject.stop
    while end < reader.count and tags[end] == "P" and tags[end - 1] in "SUwtMq" and _source_preposition(reader, end):
        end, _, _ = nominal(sentence, pack, end + 1, reader.count)
    if end >= reader.count or tags[end] != "," or end + 1 >= reader.count or tags[end + 1] not in "wtUjDM":
        return end
    close = end + 1
    while close < reader.count and tags[close] not in ",.;:-Q":
        if tags[close] in "vVXZKRBWCfi":
            if tags[close] == "C" and close + 1 < reader.count and tags[close + 1] in "wtUj":
                close += 1
                continue
            return end
        close += 1
    first = nominal(sentence, pack, end + 1, close)
    if tags[end + 1] != "j" and not first[1] & subject.mask & NOMINATIVE:
        return end
    return close


def _source_preposition(reader: Reader, at: int) -> bool:
    """Tell whether a prepositional phrase belongs to the subject before it: a pronoun's origin, or a name's (`X из университета`)."""
    origin = reader.pack.lists.get("origin", frozenset())
    if reader.sentence.forms[at] in origin:
        return True
    end, _, _ = nominal(reader.sentence, reader.pack, at + 1, reader.count)
    return end < reader.count and reader.tags[end] == "," and reader.tags[end + 1 : end + 2] == "j"


def may_be_subject(verb: Verb, chunk: Chunk) -> bool:
    """Tell whether a phrase may be the subject: nominative, and of the verb's gender and number where the noun tells them."""
    cases = verb.pack.cases
    assert cases is not None
    if chunk.kind != "N" or not chunk.mask & NOMINATIVE:
        return False
    if chunk.stop - chunk.first == 1 and verb.tags[chunk.first] == "D" and verb.forms[chunk.first] in verb.pack.lists.get("anaphors", ()):
        return False
    if verb.tags[chunk.first] == "q" and not verb.reader.opens_sentence(chunk.first):
        return False
    head = chunk.head if chunk.head >= 0 else chunk.first
    undeclined = verb.tags[head] == "U" and cases.known.get(verb.forms[head], 0) & (NOMINATIVE | GENITIVE) == NOMINATIVE | GENITIVE
    if undeclined or (verb.tags[head] not in "wtM" and not (verb.tags[head] == "U" and head == 0)):
        return verb.tags[head] in "UqSDj#"
    if "C" in verb.tags[chunk.first : chunk.stop]:
        return True
    return cases.agrees(verb.forms[verb.group.head], verb.forms[head], verb.tags[head] == "t" or "U" in verb.tags[head + 1 : chunk.stop])


def is_first_name(verb: Verb, chunk: Chunk) -> bool:
    """Tell whether a word that opens the sentence, and by its ending should not go with the verb, may be a name after all."""
    object_wanted = verb.frames & (NOUN | ATTRIBUTE) and verb.kind in ("none", "comma") and verb.preposition() < 0
    if object_wanted and not any(c.kind == "N" for c in verb.following):
        return False  # `Zprávy nepotvrdila`: the object
    return chunk.kind == "N" and chunk.first == 0 and chunk.stop == 1 and verb.tags[0] == "U" and bool(chunk.mask & NOMINATIVE)


def inverted(verb: Verb) -> Chunk | None:
    """Return the subject after the verb: the first phrase that may be one, over adverbials and addressees."""
    opener = verb.tags[verb.start - 1 : verb.start]
    for n, chunk in enumerate(verb.following):
        if chunk.kind in "Vi" or (verb.tags[chunk.first] == "C" and n):
            return None
        if chunk.kind == "N" and may_be_subject(verb, chunk):
            if not verb.tags[chunk.first : chunk.stop].strip("qU") and any(
                c.first == chunk.stop and verb.tags[c.head] in "wt" and may_be_subject(verb, c) for c in verb.following
            ):
                continue  # `рассказал «Курьеру» собеседник`
            person = verb.tags[chunk.head] in "tUS"
            fronted = any(other.kind == "N" for other in verb.before)
            closing = opener == "," and chunk.stop >= verb.reader.count - 1 and clauses.has_verb(verb.tags, 0, verb.start - 1)
            noun = (
                verb.pack.traits["pro-drop"]
                and not closing
                and verb.frames & (NOUN | ATTRIBUTE)
                and not person
                and not fronted
                and verb.kind in ("none", "comma")
            )
            if noun and not insertions.quoted_before(verb) and n == 0 and not verb.opens_as():
                return None  # `odmítl návrh`: the object of a verb whose subject is dropped
            return chunk
    return None


def closing_subject(verb: Verb) -> bool:
    """Tell whether a pronoun, or a person or name that closes the clause, follows the verb: the subject of an inserted cue."""
    first = next((c for c in verb.following if c.kind != "A"), None)
    if first is None or first.kind != "N" or not first.mask & NOMINATIVE:
        return False
    if verb.tags[first.first] == "S":
        return True
    person = set(verb.tags[first.first : first.stop]) & set("tU")
    return bool(person) and first.stop == verb.stop and not verb.frames & (NOUN | ATTRIBUTE)


def placed(verb: Verb) -> bool:
    """Tell whether a place or document speaks, in the clause or in the aside before it; it becomes the source."""
    if place_among(verb, (*verb.before, *verb.following)):
        return True
    comma = verb.start - 1
    if verb.before or comma < 2 or verb.tags[comma] != "," or verb.group.cue.lemma not in verb.pack.lists.get("impersonal-cues", ()):
        return False
    opener = verb.tags.rfind(",", 0, comma)  # `В заявлении, опубликованном вечером, говорится …`
    return opener > 0 and place_among(verb, chunks(verb.sentence, verb.pack, clauses.start(verb.tags, opener), opener))


def place_among(verb: Verb, found: Iterable[Chunk]) -> bool:
    """`В Брюсселе не исключили, что …`: the place speaks, where a plural verb has no subject or the verb is one of documents."""
    cases, lists = verb.pack.cases, verb.pack.lists
    assert cases is not None
    ambiguous = verb.forms[verb.group.head].endswith(tuple(lists.get("ambiguous-plurals", ("\n",))))
    document = verb.group.reflexive or verb.group.cue.lemma in lists.get("impersonal-cues", ())
    if not document and not ambiguous and not cases.plural.search(verb.forms[verb.group.head]):
        return False
    places = lists.get("impersonal-places", frozenset())
    if document:
        places |= lists.get("document-places", frozenset())
    for chunk in found:
        if chunk.kind in "Vi":
            return False
        if chunk.kind == "P" and verb.forms[chunk.head] in places and chunk.stop > chunk.head + 1:
            if ambiguous and not document and "U" not in verb.tags[chunk.first : chunk.stop]:
                continue
            if "T" in verb.tags[chunk.first : chunk.stop] or verb.forms[chunk.first + 1] in lists.get("no-places", ()):
                continue
            verb.source, verb.how = (chunk.head + 1, chunk.stop), "place"
            return True
    return False


def antecedent(verb: Verb) -> None:
    """Take what a relative clause or participle refers to as the source."""
    comma = verb.start - 1
    if verb.group.kind == ACTIVE and verb.tags[verb.start : verb.group.first].strip("ANT"):
        comma = verb.group.first
    if verb.tags[comma : comma + 1] == "R":
        comma -= 1
    verb.source, verb.how = _referent(verb.reader, comma), "relative"


def _referent(reader: Reader, comma: int) -> Range | None:
    """Return the noun phrase that a relative clause or participle after token `comma` refers to: the one that ends there."""
    tags = reader.tags
    if comma <= 0:
        return None
    low = clauses.start(tags, comma)
    found = chunks(reader.sentence, reader.pack, low, comma)
    named = [chunk for chunk in found if chunk.kind in "NP" and chunk.stop > chunk.first + (chunk.kind == "P")]
    if not named:
        return None
    last = named[-1]
    if last.kind == "P":
        nominal_before = [c for c in named[:-1] if c.kind == "N" and c.stop == last.first]
        if nominal_before and "t" in tags[nominal_before[-1].first : nominal_before[-1].stop]:
            return nominal_before[-1].first, last.stop
        return last.first + 1, last.stop
    return last.first, last.stop


def across_aside(verb: Verb) -> None:
    """The subject before an aside that ends at the comma before the clause: relative, participle, adverbial or apposition."""
    verb.source = _before_aside(verb.reader, verb.start - 1)
    verb.how = "aside" if verb.source else "none"


def _before_aside(reader: Reader, close: int) -> Range | None:
    """Return the subject before the aside that ends at the comma or dash `close`: with it where it is an apposition."""
    tags = reader.tags
    k = close
    for _ in range(3):  # an aside may hold commas of its own
        k -= 1
        while k > 0 and tags[k] not in ",.;:Q" and close - k < _ASIDE:
            k -= 1
        if k <= 0 or tags[k] != ",":
            return None
        opener = k + 1
        inner = tags.find(",", opener, close)
        if (
            inner > 0
            and clauses.has_verb(tags, inner + 1, close)
            and tags[inner + 1] not in "RBKCW"
            and tags[inner + 1 : inner + 3] != "PR"
        ):
            return None  # a clause of its own stands between
        gerund = reader.sentence.forms[opener].endswith(tuple(reader.pack.lists.get("gerund-endings", ("\n",)))) or any(
            g.first in (opener, opener + 1) and g.kind in (GERUND, ACTIVE) for g in reader.groups
        )
        if tags[opener] in "RBWPAj" or tags[opener : opener + 2] == "PR" or gerund or tags[opener] in "DUwt#(":
            low = clauses.start(tags, k)
            found = [c for c in chunks(reader.sentence, reader.pack, low, k) if c.kind != "A"]
            if any(c.kind in "Vi" for c in found):
                continue
            named = [c for c in found if c.kind == "N" and c.mask & NOMINATIVE]
            if not named or (found[-1] is not named[-1] and found[-1].kind != "P"):
                continue
            subject = named[0]
            apposed = tags[opener] in "DUwt" and not clauses.has_verb(tags, opener, close) and not gerund
            return (subject.first, close) if apposed else (subject.first, subject.stop)
    return None


def relayed(verb: Verb) -> list[str]:
    """`«…», приводит слова X агентство Y`: X is the source; returns the names of those who pass it on."""
    named = [c for c in (*verb.before, *verb.following) if c.kind == "N" and verb.tags[c.first] != "S"]
    quoted = next((c for c in named if not c.mask & NOMINATIVE), None)
    if quoted is None and verb.group.cue.tail:
        quoted = next((c for c in named if c.first >= verb.group.after), None)
    quoted = quoted or next((c for c in named if c is not verb.subject), None)
    if quoted is None or len(named) > 3:
        return []
    media = [c for c in named if c is not quoted and c.mask & NOMINATIVE]
    verb.source, verb.how = (quoted.first, quoted.stop), "inverted-np"
    return [relations.name(verb.sentence, c.first, c.stop) for c in media[:1]]


def main_subject(verb: Verb) -> tuple[Range | None, str]:
    """Return the subject of the cue before this one, else of the clause that this one hangs on."""
    reader = verb.reader
    for earlier in range(verb.number - 1, -1, -1):
        known = reader.subjects.get(reader.groups[earlier].first)
        if reader.is_claimed(reader.groups[earlier].first) and not reader.is_claimed(verb.group.first):
            continue
        if known is not None and (known[0] is not None or (verb.pack.traits["pro-drop"] and reader.groups[earlier].kind == FINITE)):
            return known[0], "shared" if known[0] else "none"
    for k in range(verb.group.first - 1, -1, -1):
        if verb.tags[k] in "vVXZ":
            low = clauses.start(verb.tags, k)
            found_before = chunks(verb.sentence, verb.pack, low, k)
            for chunk in found_before:
                if chunk.kind == "N" and chunk.mask & NOMINATIVE:
                    return (chunk.first, chunk.stop), "shared"
            if verb.joined and place_among(verb, found_before):
                return verb.source, "place"
            if verb.tags[low - 1 : low] == "," and (found := _before_aside(reader, low - 1)):
                return found, "shared"
    for k in range(verb.group.after, reader.count):
        if verb.tags[k] in "vVXZ" and verb.group.kind == GERUND and not verb.group.first:
            low = clauses.start(verb.tags, k)
            for chunk in chunks(verb.sentence, verb.pack, low, k):
                if chunk.kind == "N" and chunk.mask & NOMINATIVE:
                    return (chunk.first, chunk.stop), "shared"
            break
    return None, "none"


def addressees(verb: Verb, unit: Unit) -> list[str]:
    """Return whom the cue is addressed to: a phrase in the dative beside the verb, or the object of a verb of asking."""
    asks = verb.frames & OBJECT_INFINITIVE or verb.group.cue.lemma in verb.pack.lists.get("asking", ())
    end = next((c.first for c in verb.following if c.kind in "Vi"), verb.stop)
    for chunk in (*verb.before, *verb.following):
        oblique = chunk.kind == "N" and chunk is not verb.subject and not chunk.mask & NOMINATIVE and chunk.first < end
        if any(start <= verb.sentence.starts[chunk.first] < stop for start, stop in unit.content):
            continue
        dative = chunk.mask & DATIVE and not chunk.mask & ACCUSATIVE
        if oblique and (dative or (asks and chunk.mask & ACCUSATIVE)) and verb.tags[chunk.first] != "S":
            return [relations.name(verb.sentence, chunk.first, chunk.stop)]
    return []
