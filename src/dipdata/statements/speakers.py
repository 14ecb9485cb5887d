"""Who says it where the verb comes first (Arabic): subjects after and before the verb, passives and their agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import markers, phrases
from dipdata.statements.grammar import ACCUSATION, ATTRIBUTE, GERUND, NOUN
from dipdata.statements.groups import Group
from dipdata.statements.homonyms import PASSIVE_MARK
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader


def source(reader: Reader, number: int, group: Group, stops: frozenset[str]) -> tuple[Range | None, str, int]:
    """Return who says it, how it was found (see `sources.left`), and the token from which on the content is looked for."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    if group.kind == GERUND:
        return (*reader.main_subject(number, group.first), group.after)
    if len(group.parts) > 1:
        source, _ = phrases.subject(sentence, pack, group.parts[0][1] + 1, frozenset())
        if source is not None:
            return source, "np", group.after
    places = pack.lists.get("impersonal-places", frozenset())
    if group.cue.lemma in pack.lists.get("impersonal-cues", ()) and sentence.forms[group.after : group.after + 1] in [
        [word] for word in places
    ]:
        source, after = phrases.subject(sentence, pack, group.after + 1, frozenset())
        source, after = _widened(reader, source, after)
        return source, "place", after if source else group.after  # `جاء في البيان أن`
    before, how = phrases.subject_before(sentence, pack, group.first)
    if how == "relative" and tags[group.after : group.after + 1] == "F":  # `الذي أكده الوزير`, but `الذي أبلغه أن`
        source, after = phrases.subject(sentence, pack, group.after, stops, verbal=True)
        if source is not None:
            return source, "relative-open", after
    if before is not None:
        return before, how, group.after
    purpose = group.first and tags[group.first - 1] == "B" and sentence.forms[group.first - 1] in pack.lists.get("dative-prepositions", ())
    if purpose and (first := of_the_verb(reader, group.first - 1)) is not None:
        return first, "shared", group.after  # `عاد الوزير ليؤكد أن`
    if tags[group.after : group.after + 2] == "PF" and (first := of_the_verb(reader, group.first)) is not None:
        return first, "shared", group.after  # `نشرت الوزارة بيانا قالت فيه إن`
    source, after = phrases.subject(sentence, pack, group.after, stops, verbal=not group.cue.frames & NOUN)
    shared = _goes_on(reader, group)
    if source is not None and shared and group.cue.lemma in pack.lists.get("object-verbs", ()):
        kind, _ = markers.marker(reader, group, after, stops)
        earlier, found = reader.main_subject(number, group.first)
        if earlier is not None and kind in ("preposition", "object") and tags[source[1] : source[1] + 1] in ("P", "i"):
            return earlier, found, group.after  # `وحث طهران على`: the object follows, the subject is that of the verb before
    if source is not None and shared and group.cue.frames & NOUN and markers.marker(reader, group, after, stops)[0] in ("end", "none"):
        earlier, found = reader.main_subject(number, group.first)
        if earlier is not None:
            return earlier, found, group.after  # `لم يؤكد المتحدث ولم ينف التقارير`
    if source is not None:
        source, after = _widened(reader, source, after, group)
        return source, "np", after
    if shared:
        return (*reader.main_subject(number, group.first), group.after)
    return None, "none", group.after


def _widened(reader: Reader, source: Range | None, after: int, group: Group | None = None) -> tuple[Range | None, int]:
    """Return a subject with the adjectives that look like nouns after it, unless the verb has an object too (`أبلغ الوزير النواب أن`)."""
    spoken_to = group is not None and (
        group.cue.frames & (ACCUSATION | ATTRIBUTE) or group.cue.lemma in reader.pack.lists.get("object-verbs", ())
    )
    stops = group.cue.prepositions if group is not None and not group.cue.frames & NOUN else frozenset()
    stop = after if source is None or spoken_to else phrases.widened(reader.sentence, reader.pack, after, stops)
    return ((source[0], stop), stop) if source is not None and stop > after else (source, after)


def is_passive(reader: Reader, group: Group, source: Range, stops: frozenset[str]) -> bool:
    """Tell whether the verb is passive: a vowel mark says so, or its object must be the one noun phrase (`اتهمت الحكومة بـ…`)."""
    sentence, tags = reader.sentence, reader.tags
    verb = group.parts[-1][0]
    if source[0] < verb or len(group.parts) > 1:
        return False
    if sentence.forms[verb] in reader.pack.lists.get("passive-forms", ()):
        return True
    future = reader.pack.future
    imperfect = future is not None and future.search(sentence.forms[verb])  # which has the vowel in the active too
    spoken_to = group.cue.lemma in reader.pack.lists.get("object-verbs", ()) or group.cue.frames & (ACCUSATION | ATTRIBUTE)
    if marked_passive(reader, group) and (spoken_to or not imperfect):
        return True
    notified = group.cue.lemma in reader.pack.lists.get("notifying", ())  # `أبلغ الوزير بأن`: someone must be told
    if not (notified or group.cue.frames & (ACCUSATION | ATTRIBUTE)) or tags[group.after : group.after + 1] == "F":
        return False
    if group.cue.frames & NOUN or group.cue.lemma in reader.pack.lists.get("relaying", ()):
        return False
    after = source[1]
    return after < reader.count and tags[after] == "P" and (sentence.forms[after] in stops or tags[after + 1 : after + 2] == "K")


def marked_passive(reader: Reader, group: Group) -> bool:
    """Tell whether a vowel mark in the text says that the verb is passive."""
    start = reader.sentence.starts[group.parts[-1][0]]
    return PASSIVE_MARK in reader.sentence.text[start + 1 : start + 4]


def agent(reader: Reader, k: int) -> Range | None:
    """Return who does what a passive verb says (`من قبل X`), looking on from token `k`."""
    agents = reader.pack.lists.get("agent", frozenset())
    for n in range(k, reader.count - 1):
        if reader.sentence.forms[n] in agents:
            stop = phrases.noun_phrase(reader.sentence, reader.pack, n + 1)
            return (n + 1, stop) if stop > n + 1 else None
        if reader.tags[n] in ".;:":
            break
    return None


def _goes_on(reader: Reader, group: Group) -> bool:
    """Tell whether the subject may be that of the verb before: after a conjunction, or `without` (`دون أن يستبعد`)."""
    k = group.first
    while k and reader.tags[k - 1] in "AT":
        k -= 1
    if k > 1 and reader.sentence.forms[k - 1] in reader.pack.lists.get("without", ()):
        return True
    return k > 1 and (reader.tags[k - 1] == "C" or reader.tags[k - 2 : k] == "CK")  # `وإن شدد على`


def of_the_verb(reader: Reader, at: int) -> Range | None:
    """Return the subject of the verb before `at` in its clause (`سارع الكرملين إلى القول إن`)."""
    for k in range(at - 1, -1, -1):
        if reader.tags[k] in "vVX":
            return phrases.subject(reader.sentence, reader.pack, k + 1, frozenset())[0]
        if reader.tags[k] in ".,:;KQB":
            break
    return None
