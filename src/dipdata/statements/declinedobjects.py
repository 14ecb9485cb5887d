"""Objects of a verb whose nouns are declined (Russian, Czech): what is said in a noun phrase, an infinitive or a quotation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import clauses
from dipdata.statements.cases import ACCUSATIVE, DATIVE, GENITIVE, INSTRUMENTAL, LOCATIVE, NOMINATIVE, Chunk, cases_of
from dipdata.statements.grammar import ACCUSATION, ACTIVE, ATTRIBUTE, INFINITIVE, NOUN, OBJECT_INFINITIVE, PREPOSITION, QUOTE
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.declined import Verb
    from dipdata.statements.reading import Unit


def unit(verb: Verb) -> Unit | None:
    """Return the unit of a verb with what its frames ask for: a prepositional phrase, an infinitive, a quotation or a noun phrase."""
    reader, frames = verb.reader, verb.frames
    opener = verb.forms[verb.start - 1] if verb.start else ""
    if verb.start and verb.tags[verb.start - 1] == "B" and not verb.opens_as() and opener not in verb.pack.lists.get("cuts", ()):
        return None
    close = "participle" if verb.group.kind == ACTIVE else "phrase"
    if frames & (PREPOSITION | ACCUSATION) and (k := verb.preposition()) >= 0:
        if verb.tags[k] == "S" or verb.forms[k] in verb.pack.lists.get("no-content", ()):
            return None
        if k < verb.group.first:  # `к переговорам призвал X`
            return verb.build([(k, next(c.stop for c in verb.before if c.first < k <= c.stop))], "preposition")
        return verb.build([(k, clauses.end(reader, verb.number, k, close))], "accusation" if frames & ACCUSATION else "preposition")
    if frames & (INFINITIVE | OBJECT_INFINITIVE) and (k := infinitive_start(verb)) >= 0:
        if verb.group.cue.lemma in verb.pack.lists.get("refusals", ()) and _withheld(verb):
            return None
        return verb.build([(k, clauses.end(reader, verb.number, k, close))], "infinitive")
    if frames & (INFINITIVE | OBJECT_INFINITIVE) and (k := _quoted_infinitive(verb)) >= 0:
        return verb.build([(k, clauses.end(reader, verb.number, k, close))], "quotation-object")
    fronted = None if reader.is_claimed(verb.group.first) else _fronted(verb)
    if frames & ATTRIBUTE:
        return _attribute(verb, fronted)
    named = verb.kind == "word" and reader.opens_sentence(verb.at)
    if verb.kind in ("quote", "word") and frames & (QUOTE | NOUN) and not named:
        first = verb.at
        for chunk in verb.following:
            if frames & NOUN and chunk.kind == "N" and chunk is not verb.subject and chunk.stop >= verb.at - 1 and chunk.first < verb.at:
                first = chunk.first
        alone = reader.quote_closes(verb.at) and verb.tags[verb.at] == "Q"
        last = verb.at + 1 if alone else clauses.end(reader, verb.number, verb.at, close)
        if not reader.is_claimed(verb.at):
            return verb.build([(first, last)], "quotation-object")
    if verb.source is None and reader.is_claimed(verb.group.first):
        return None  # `oznámili, že [uznají Palestinu]`
    if not frames & NOUN or (verb.source is None and not verb.pack.traits["pro-drop"] and verb.how != "none"):
        return None
    for chunk in verb.following:
        if chunk.kind in "Vi":
            break
        if chunk.kind == "N" and _may_be_object(verb, chunk):
            return verb.build([(chunk.first, clauses.end(reader, verb.number, chunk.first, close))], "noun-phrase")
    if fronted is None and not reader.is_claimed(verb.group.first):
        fronted = _split(verb)
    if (k := _demanded(verb)) >= 0:
        return verb.build([(k, clauses.end(reader, verb.number, k, close))], "noun-phrase")
    if fronted is None:
        fronted = _anaphoric_object(verb)
    if fronted is not None:
        return verb.build([fronted], "noun-phrase")
    return None


def _attribute(verb: Verb, fronted: Range | None) -> Unit | None:
    """`назвал план «безумием»`, `označila krok za chybu`: what is called so, and what it is called."""
    reader = verb.reader
    if fronted is None and verb.tags[verb.group.after : verb.group.after + 1] == "P":
        fronted = _split(verb)
    if verb.kind == "word" or (verb.kind == "quote" and verb.at == verb.group.after):
        ranges = [(verb.at, clauses.end(reader, verb.number, verb.at, "phrase"))]
    else:
        first = next(
            (
                c.first
                for c in verb.following
                if c is not verb.subject
                and (c.kind == "N" or (c.kind == "P" and verb.forms[c.first] in verb.pack.lists.get("attribute", ())))
                and not (verb.source and verb.source[0] <= c.first < verb.source[1])
            ),
            -1,
        )
        if first < 0 and verb.kind == "quote":
            first = verb.at
        if first < 0:
            return None
        ranges = [(first, clauses.end(reader, verb.number, first, "phrase"))]
    if fronted is not None:
        ranges.insert(0, fronted)
    return verb.build(ranges, "attribute")


def _fronted(verb: Verb) -> Range | None:
    """Return the object before the verb: `Čínské ministerstvo zahraničí cestu [označilo]`, `Деньги [обещал Катар]`."""
    found = [c for c in verb.before if c.kind == "N" and c is not verb.subject and verb.tags[c.first] not in "S"]
    found = [c for c in found if c.mask & ACCUSATIVE or not c.mask & ~NOMINATIVE]
    if not found:
        return None
    return found[0].first, _with_phrases(verb, found[-1].stop)


def _with_phrases(verb: Verb, stop: int) -> int:
    """Return where the noun phrase before the verb that ends at `stop` ends with the prepositional phrases behind it."""
    for chunk in verb.before:
        if chunk.kind == "P" and chunk.first == stop:
            stop = chunk.stop
    return stop


def _split(verb: Verb) -> Range | None:
    """Return the object that case endings left in the subject before it (`ministerstvo zahraničí [cestu] popřelo`)."""
    subject = verb.subject
    if subject is None or verb.source is None or subject.stop > verb.group.first or subject.stop - subject.first < 2:
        return None
    lists = verb.pack.lists
    verbal = tuple(lists.get("verbal-nouns", ("\n",)))
    whole = lists.get("whole", frozenset())
    first = next(
        (
            k
            for k in range(subject.head + 1, subject.stop)
            if verb.tags[k] in "wM" and verb.forms[k].endswith(verbal) and verb.forms[k] not in whole
        ),
        subject.stop - 1,
    )
    own = cases_of(verb.sentence, verb.pack, first)
    if verb.tags[first] not in "wM" or not own & ACCUSATIVE or first <= subject.head:
        return None
    cases = verb.pack.cases
    assert cases is not None
    subject_like = own & NOMINATIVE and cases.agrees(verb.forms[verb.group.head], verb.forms[first], title=False)
    if subject_like and (not verb.forms[first].endswith(verbal) or verb.forms[first] in whole):
        return None
    while first - 1 > subject.head and verb.tags[first - 1] in "Dj":
        first -= 1
    verb.source = (subject.first, first)
    return first, _with_phrases(verb, subject.stop)


def _may_be_object(verb: Verb, chunk: Chunk) -> bool:
    """Tell whether a phrase after the verb is what was said: no subject, and no one it is said to."""
    if chunk is verb.subject or (verb.source and verb.source[0] <= chunk.first < verb.source[1]) or verb.tags[chunk.first] == "S":
        return False
    person = verb.tags[chunk.head] in "tU" and chunk.stop - chunk.first <= 2
    if chunk.stop - chunk.first == 1 and verb.tags[chunk.first] == "D":
        return False
    only_dative = not chunk.mask & ~(DATIVE | LOCATIVE)
    later = any(c.kind == "N" and c.first > chunk.first and c is not verb.subject for c in verb.following)
    if not chunk.mask & (ACCUSATIVE | GENITIVE | INSTRUMENTAL):
        return False
    before = verb.subject is not None and verb.subject.first < verb.group.first
    return not only_dative and not (person and later and (before or not chunk.mask & NOMINATIVE))


def _demanded(verb: Verb) -> int:
    """Return where the object begins, behind those it is demanded of (`потребовал от Киева [отставки министра]`), or -1."""
    for chunk in verb.following:
        if chunk.kind == "P" and verb.forms[chunk.head] in verb.pack.lists.get("demanding", ()):
            noun = next((k for k in range(chunk.head + 1, chunk.stop) if verb.tags[k] in "wtMU"), chunk.stop)
            while noun + 1 < chunk.stop and verb.tags[noun + 1] in "UqC":
                noun += 1
            return noun + 1 if noun + 1 < chunk.stop else -1
    return -1


def _anaphoric_object(verb: Verb) -> Range | None:
    """Return a word that stands for the clause before (`…, Írán to popírá`)."""
    known = clauses.anaphors(verb.reader)
    if not clauses.has_verb(verb.tags, 0, verb.start - 1):
        return None
    return next(((c.first, c.stop) for c in (*verb.before, *verb.following) if verb.forms[c.first] in known), None)


def infinitive_start(verb: Verb) -> int:
    """Return where the infinitive that is said begins, with what stands before it and belongs to it; -1 without one."""
    at = next((c.first for c in verb.following if verb.is_infinitive(c)), -1)
    if at < 0 or any(c.kind == "V" and not verb.is_infinitive(c) and c.first < at for c in verb.following):
        return -1
    lists = verb.pack.lists
    start = at
    for chunk in reversed([c for c in verb.following if c.first < at]):
        if chunk is verb.subject or (verb.source and verb.source[0] <= chunk.first < verb.source[1]):
            break
        tag = verb.tags[chunk.first]
        if chunk.kind == "P":
            own = lists.get("content-adverbials", frozenset())
            if verb.forms[chunk.head] in lists.get("cue-prepositions", ()) and own.isdisjoint(verb.forms[chunk.first : chunk.stop]):
                break
        elif chunk.kind == "N":
            if verb.frames & OBJECT_INFINITIVE or not chunk.mask & ACCUSATIVE or tag == "S":
                break
        elif tag not in "ANTf" and verb.forms[chunk.first] not in lists.get("object-clitics", ()):
            break
        start = chunk.first
    return start


def _quoted_infinitive(verb: Verb) -> int:
    """Return the quotation that holds the infinitive (`призвала правительства [«действовать сообща»]`), or -1."""
    for k in range(verb.group.after, min(verb.stop + 1, verb.reader.count)):
        if verb.tags[k] in "qQ":
            words = verb.sentence.text[verb.sentence.starts[k] : verb.sentence.ends[k]].strip('«»„“”"‘’ ').split()[:3]
            return k if any(verb.pack.letter(word.lower()) == "i" for word in words) and words[0].islower() else -1
    return -1


def _withheld(verb: Verb) -> bool:
    """`odmítl zprávy komentovat`: what is refused is to say anything."""
    known = verb.pack.lists.get("withheld", ())
    verbs = [cue.lemma for chunk in verb.following for cue in verb.pack.cues.get(verb.forms[chunk.first], ())]
    return any(lemma in known for lemma in verbs)
