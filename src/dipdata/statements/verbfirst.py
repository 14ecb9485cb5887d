"""Reads cues where the verb comes first (Arabic): verb, subject, asides, what marks the content, content, in this order as a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import markers, nominal, phrases, speakers
from dipdata.statements.grammar import ACCUSATION, ATTRIBUTE, CLAUSE, FINITE, GERUND, NOUN, NOUN_CUE, PAREN, PRE, PREPOSITION, QUOTE
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit

_REACH = 60  # tokens: how far after a cue its content may begin


def read(reader: Reader, number: int, group: Group) -> Unit | None:
    """Return the unit of a cue, or None where it attributes nothing."""
    unit = _unit(reader, number, group)
    if unit is not None and group.kind in (FINITE, GERUND):
        unit.addressees = _addressees(reader, group, unit)
    return unit


def _addressees(reader: Reader, group: Group, unit: Unit) -> list[str]:
    """Return whom a verb is addressed to: its person object (`حث طهران على`), or who follows its preposition (`قال لرويترز إن`)."""
    sentence, pack, tags = reader.sentence, reader.pack, reader.tags
    dative = pack.lists.get("dative-prepositions", frozenset())
    personal = group.cue.lemma in pack.lists.get("object-verbs", ()) and not group.cue.frames & ACCUSATION
    starts = [start for start, _ in unit.content if start > sentence.starts[group.parts[-1][1]]]
    taken = unit.source[0] if unit.source else (0, 0)
    k = group.after
    while starts and k < reader.count and sentence.starts[k] < starts[0]:
        if taken[0] <= sentence.starts[k] < taken[1]:
            k += 1
            continue
        if sentence.forms[k] in dative and k + 1 < reader.count and tags[k + 1] in "wtUjqQD":
            first = k + 1
        elif personal and tags[k] in "wtUjD":
            first = k
        elif tags[k] == "P":
            k = phrases.skip_phrase(sentence, pack, k)
            continue
        else:
            k += 1
            continue
        stop = first + 1 if tags[first] in "qQ" else phrases.noun_phrase(sentence, pack, first, group.cue.prepositions)
        if stop == first or sentence.ends[stop - 1] > starts[0]:
            return []
        return [_name(reader, first, stop)]
    return []


def _name(reader: Reader, first: int, stop: int) -> str:
    """Return the words of a noun phrase, a contracted article in full (`للصحفيين`: *الصحفيين*)."""
    sentence = reader.sentence
    words = " ".join(sentence.text[sentence.starts[first] : sentence.ends[stop - 1]].split())
    assert reader.pack.clitics is not None
    article = reader.pack.clitics.article
    contracted = sentence.forms[first].startswith(article) and words.startswith(article[1:]) and not words.startswith(article)
    return article[:1] + words if contracted else words


def _unit(reader: Reader, number: int, group: Group) -> Unit | None:
    if group.kind & PRE:
        return nominal.prepositional(reader, number, group)
    if group.kind == NOUN_CUE:
        return nominal.noun(reader, number, group)
    pack, tags, forms = reader.pack, reader.tags, reader.sentence.forms
    if group.first and forms[group.first - 1] in pack.lists.get("free-relatives", ()) and reader.is_claimed(group.first):
        return None  # `استنكر ما وصفه بـ…`: one statement
    if _points_back(reader, group):
        return _anaphoric(reader, group)
    if group.first and forms[group.first - 1] in pack.lists.get("pointing", ()):
        return _pointing(reader, group)
    frames = group.cue.frames
    stops = group.cue.prepositions if frames & (PREPOSITION | ACCUSATION | ATTRIBUTE) else frozenset()
    source, how, after = speakers.source(reader, number, group, stops)
    passive = source is not None and how == "np" and speakers.is_passive(reader, group, source, stops)
    patient = source
    if passive:
        source, how = speakers.agent(reader, after), "agent"
        if source is None and group.cue.lemma in pack.lists.get("notifying", ()) and reader.is_claimed(group.first):
            return None
    if frames & ACCUSATION and group.cue.lemma in pack.lists.get("relaying", ()) and not _linked(reader, group):
        return _relayed(reader, number, group, source, group.after)
    if frames & (NOUN | ATTRIBUTE | ACCUSATION):
        after = _past_relative(reader, after)
    kind, at = markers.marker(reader, group, after, stops)
    if _says_nothing(reader, group, source, how, kind):
        return None
    reader.subjects[group.first] = (patient, how)
    if group.kind == GERUND and kind in ("object", "quote") and tags[group.first - 1 : group.first] not in (",", "C", "-"):
        return None
    if group.kind == GERUND and kind != "object" and forms[group.first] in pack.lists.get("adverbial-gerunds", ()):
        return None  # `مجددا`
    if kind in ("none", "end", "colon", "object", "quote") and group.kind == FINITE:
        unit = beside(reader, number, group, source, how, after, kind)
        if unit is not None:
            return unit
    if kind == "clause" and frames & (CLAUSE | ACCUSATION):
        return reader.build(group, [(at, _clause_end(reader, number, at, how))], source, how, "clause")
    if kind == "wh" and frames & CLAUSE:
        return reader.build(group, [(at, markers.end(reader, number, at))], source, how, "question")
    if kind == "colon" and frames & (QUOTE | CLAUSE):
        return reader.after_colon(number, group, source, how, at)
    if kind == "quote" and frames & (QUOTE | NOUN | ATTRIBUTE):
        return reader.build(
            group,
            [(at, markers.end(reader, number, at) if frames & QUOTE and not frames & NOUN else markers.noun_end(reader, number, at))],
            source,
            how,
            "quotation-object",
        )
    if kind == "object" and forms[at] in pack.lists.get("anaphors", ()) and tags[at + 1 : at + 2] in ("", ".", ",", "T", "A"):
        return None  # `نفى ذلك`
    if kind == "object" and passive and forms[group.parts[-1][0]] in pack.lists.get("passive-forms", ()):
        return None
    if kind in ("preposition", "object") and _withholds(reader, group, at):
        return _withheld_question(reader, number, group, source, how, at)
    if group.cue.lemma in pack.lists.get("charging", ()) and pack.lists.get("charges", frozenset()).isdisjoint(forms[at:]):
        return None  # `حمل المتظاهرون لافتات`
    if kind == "preposition" and frames & (PREPOSITION | ACCUSATION):
        return reader.build(group, [(at, markers.noun_end(reader, number, at, group.cue.prepositions))], source, how, "preposition")
    if frames & ATTRIBUTE:
        first = patient[0] if passive and patient else phrases_start(reader, after)
        if kind in ("preposition", "clause") or any(tags[k] in "qQ" for k in range(first, min(first + 12, reader.count))):
            pronoun = group.after < reader.count and tags[group.after] == "F"
            start = first if not pronoun or kind not in ("preposition", "clause") else at
            return reader.build(group, [(start, markers.noun_end(reader, number, start))], source, how, "attribute")
    light = pack.lists.get("light-nouns", frozenset())
    if kind == "object" and forms[at] in light and at + 2 < reader.count and tags[at + 1] == "P":  # `جدد X الدعوة إلى`
        group.parts.append((at, at))
        return reader.build(group, [(at + 2, markers.noun_end(reader, number, at + 2))], source, how, "preposition")
    if group.cue.lemma in pack.lists.get("light-verbs", ()) and kind == "object":
        if forms[at] in pack.lists.get("saying", ()) and tags[at + 1 : at + 2] == "K":  # `كرر الوزير القول إن`
            return reader.build(group, [(at + 2, markers.end(reader, number, at + 2))], source, how, "clause")
        return None
    if kind == "object" and frames & NOUN:
        return reader.build(group, [(at, markers.noun_end(reader, number, at))], source, how, "noun-phrase")
    return None


def _says_nothing(reader: Reader, group: Group, source: Range | None, how: str, kind: str) -> bool:
    """Tell whether a cue that often says nothing (`weak`) does so here: inside another's content, or where no one is there to speak."""
    if source is None and group.kind == FINITE and _impersonal(reader, group):
        return True
    lists, future = reader.pack.lists, reader.pack.future
    if group.cue.lemma in lists.get("negated", ()) and "N" not in reader.tags[group.first : group.after]:
        return True  # `أخفى`, but `لم يخف`
    if kind == "object" and future and future.search(reader.sentence.forms[group.parts[-1][0]]) and reader.is_claimed(group.first):
        return True  # what is said to be done: no statement yet
    imperfect = future and future.search(reader.sentence.forms[group.parts[-1][0]])
    if (
        group.cue.lemma in lists.get("held", ())
        and imperfect
        and kind == "object"
        and (source is None or reader.tags[source[0]] not in "tUS")
    ):
        return True  # `يعتبر الجسر الأطول`: passive
    if group.cue.lemma not in lists.get("weak", ()) or how == "place":
        return False
    if reader.is_claimed(group.first):
        return True
    if source is None:
        return kind == "object" and not speakers.marked_passive(reader, group)
    assert reader.pack.clitics is not None
    head = reader.sentence.forms[source[0]]  # a thing or a state of affairs: `تدعو الأوضاع إلى القلق`
    return head.removeprefix(reader.pack.clitics.article) in lists.get("no-speakers", ())


def _past_relative(reader: Reader, k: int) -> int:
    """Return the token after a relative clause between commas at `k`, where the object of the verb follows (`انتقد X، الذي …، الخطة`)."""
    close = reader.tags.find(",", k + 1) if reader.tags[k : k + 2] == ",R" else -1
    return close + 1 if close > 0 and reader.tags[close + 1 : close + 2] in ("w", "t", "U", "j", "D", "i") else k


def _clause_end(reader: Reader, number: int, start: int, how: str) -> int:
    """Return where a content clause ends; in a relative clause, where the main clause goes on (`X، الذي قال إن …، وصل`)."""
    stop = markers.end(reader, number, start)
    if how != "relative":
        return stop
    return next((k for k in range(start, stop - 1) if reader.tags[k] == "," and reader.tags[k + 1] in "vVX"), stop)


def _withheld_question(reader: Reader, number: int, group: Group, source: Range | None, how: str, at: int) -> Unit | None:
    """`رفض الإفصاح عما إذا …`: nothing is said, but the question is told."""
    forms, lists = reader.sentence.forms, reader.pack.lists
    asked = next((k for k in range(at + 1, min(at + 3, reader.count)) if forms[k] in lists.get("interrogatives", ())), -1)
    if asked < 0:
        return None
    group.parts.append((at, at))
    start = asked + (forms[asked] in lists.get("dropped-interrogatives", ()))
    return reader.build(group, [(start, markers.end(reader, number, start))], source, how, "question")


def _withholds(reader: Reader, group: Group, at: int) -> bool:
    """Tell whether the complement at `at` says nothing: an identity that is kept (`ذكر اسمه`), or what is refused (`رفض التعليق`)."""
    lists, form = reader.pack.lists, reader.sentence.forms[at]
    if form in lists.get("refused", ()):
        return group.cue.lemma in lists.get("withheld", ())
    return form in lists.get("no-content", ())


def _impersonal(reader: Reader, group: Group) -> bool:
    form = reader.sentence.forms[group.parts[-1][0]]
    return form in reader.pack.lists.get("impersonal", ()) and not reader.tags[: group.first].strip("CA,-")


def phrases_start(reader: Reader, k: int) -> int:
    """Return the token after adverbs, times and pronouns that begin at `k`."""
    while k < reader.count and reader.tags[k] in "FAT":
        k += 1
    return k


def _points_back(reader: Reader, group: Group) -> bool:
    """Tell whether what is said stands in the sentence before (`أعلن ذلك الوزير`, `صرح بذلك الوزير`)."""
    k = group.after
    while k < reader.count and reader.tags[k] == "P":
        k += 1
    if group.kind != FINITE or k + 1 >= reader.count or reader.sentence.forms[k] not in reader.pack.lists.get("anaphors", ()):
        return False
    return reader.tags[k + 1] in "tUw" and not reader.tags[: group.first].strip("CA,X")


def _anaphoric(reader: Reader, group: Group) -> Unit | None:
    if reader.before is None:
        return None
    anaphors = reader.pack.lists.get("anaphors", frozenset())
    k = next(n for n in range(group.after, reader.count) if reader.sentence.forms[n] in anaphors)
    return reader.anaphoric(group, phrases.subject(reader.sentence, reader.pack, k + 1, frozenset())[0])


def _pointing(reader: Reader, group: Group) -> Unit | None:
    """`«…»، بهذه الكلمات علّق X على …`: an adverbial points at the quotation before, in the same sentence or the last."""
    k = group.first - 2
    while k >= 0 and reader.tags[k] in "CA,-:":
        k -= 1
    source = phrases.subject(reader.sentence, reader.pack, group.after, frozenset())[0]
    if k >= 0:
        return reader.build(group, [(k, k + 1)], source, "np", "quotation-inversion") if reader.tags[k] in "Qq" else None
    return reader.anaphoric(group, source) if reader.before is not None else None


def beside(reader: Reader, number: int, group: Group, source: Range | None, how: str, after: int, kind: str) -> Unit | None:
    """`«…»، قال X، «…»`: the cue stands after its content or cuts it."""
    tags, forms = reader.tags, reader.sentence.forms
    anchor = group.first
    if how in ("np", "pronoun") and source and source[1] <= group.first:
        anchor = source[0]
    opener = anchor - 1
    if opener > 0 and tags[opener] == "C" and forms[opener - 1] in reader.pack.lists.get("as", ()):
        opener -= 1  # `كما ورد في`, read as a conjunction and `رد`
    if opener >= 0 and forms[opener] in reader.pack.lists.get("as", ()) and not tags[:opener].strip("CA,-"):
        return _as_first(reader, number, group, source, after)
    while opener >= 0 and tags[opener] in "A":
        opener -= 1
    linked = opener >= 0 and forms[opener] in reader.pack.lists.get("as", ())
    if linked:
        opener -= 1
    while opener >= 0 and tags[opener] in "C":
        opener -= 1
    if opener < 1 or tags[opener] not in ",-Qq" or (linked and "N" in tags[opener : group.after]):
        return None
    quoted = tags[opener] == "Q" or (tags[opener] == "," and tags[opener - 1] in "Qq")
    if not linked and (tags[opener + 1] == "C" or (kind == "quote" and not quoted)):
        return None
    relayed = group.cue.lemma in reader.pack.lists.get("relaying", ()) and source is not None
    if not group.cue.frames & (PAREN | QUOTE) and not linked and not relayed and not (quoted and "A" in tags[opener:anchor]):
        return None
    if not quoted and not linked and not (source and _plain_end(reader, after)):
        return None
    if kind == "object" and not quoted:
        return None
    first = 0
    while first < opener and tags[first] in "CA-,.":
        first += 1
    if quoted:
        first = next(k for k in range(opener, -1, -1) if tags[k] in "Qq")
        while first > 1 and tags[first - 1] in "Q":
            first -= 1
    elif ";" in tags[first:opener]:
        first = tags.rindex(";", first, opener) + 1
        while first < opener and tags[first] in "BCA":
            first += 1
    left = (first, opener + (tags[opener] in "Qq"))
    if not reader.wordy(*left):
        return None
    ranges = [left]
    if linked and tags[group.after : group.after + 2] == "PF" and group.cue.lemma in reader.pack.lists.get("relaying", ()):
        return None  # `قال X، بحسب ما نقلت عنه وكالة Y`
    k = after
    while k < reader.count and tags[k] not in ",:;Q.":
        k += 1
    if k < reader.count and tags[k] in ",:" and k + 1 < reader.count and tags[k + 1] in "Qq" and quoted:
        ranges.append((k + 1, k + 2))
    elif k < reader.count and tags[k] == "Q" and quoted:
        ranges.append((k, k + 1))
    elif linked and k + 1 < reader.count and tags[k] == "," and tags[k + 1] not in "EB" and not nominal.has_verb(tags, *left):
        ranges.append((k + 1, markers.end(reader, number, k + 1)))
    return reader.build(group, ranges, source, how, "quotation-inversion" if quoted else "clause-inversion")


def _linked(reader: Reader, group: Group) -> bool:
    """Tell whether the cue stands in a clause of comparison (`كما قال X`)."""
    return group.first > 0 and reader.sentence.forms[group.first - 1] in reader.pack.lists.get("as", ())


def _as_first(reader: Reader, number: int, group: Group, source: Range | None, k: int) -> Unit | None:
    """`كما قال X، فإن …`: the clause of the cue opens the sentence, what is said follows its comma."""
    comma = reader.tags.find(",", k)
    if comma < 0 or source is None:
        return None
    start = comma + 1
    while start < reader.count and reader.tags[start] in "CK":
        start += 1
    return reader.build(group, [(start, markers.end(reader, number, start))], source, "np", "clause-as") if start < reader.count else None


def _plain_end(reader: Reader, k: int) -> bool:
    """Tell whether nothing but adverbials stands between `k` and the end of the clause."""
    tags = reader.tags
    while k < reader.count and tags[k] in "ATF":
        k += 1
    while k < reader.count and tags[k] == "P":
        k = phrases.skip_phrase(reader.sentence, reader.pack, k)
        while k < reader.count and tags[k] in "ATq":
            k += 1
    return k >= reader.count or tags[k] in ".,;"


def _relayed(reader: Reader, number: int, group: Group, outlet: Range | None, k: int) -> Unit | None:
    """`نقلت وكالة X عن Y قوله إن`: the outlet passes on what Y says."""
    tags, forms = reader.tags, reader.sentence.forms
    limit = min(reader.count, k + _REACH)
    at = next((n for n in range(k, limit) if forms[n] in group.cue.prepositions), -1)
    if at < 0 or at + 1 >= limit or any(tags[n] in ".:;KQ" for n in range(k, at)):
        return None
    stop = at + 2 if tags[at + 1] == "F" else phrases.noun_phrase(reader.sentence, reader.pack, at + 1)
    wide = phrases.apposition(reader.sentence, reader.pack, stop)
    source = (at + 1, wide) if wide > at + 1 else None
    sayings = reader.pack.lists.get("sayings", frozenset())
    said = next((n for n in range(wide, min(limit, wide + 12)) if forms[n] in sayings), -1)
    if said >= 0 and source is not None:
        group.parts = [*group.parts, (said, said)]
        wide = said + 1
    group.after = wide
    kind, start = markers.marker(reader, group, wide, frozenset())
    if kind == "colon":
        return reader.after_colon(number, group, source, "np", start)
    reader.subjects[group.first] = (source, "np")
    if kind in ("clause", "quote"):
        unit = reader.build(group, [(start, markers.end(reader, number, start))], source, "np", "relayed")
    else:
        unit = beside(reader, number, group, source, "np", wide, kind)
    if unit is not None and outlet is not None:
        unit.chain.insert(0, _outlet(reader, *outlet))
    return unit


def _outlet(reader: Reader, first: int, stop: int) -> str:
    """Return the name of an outlet, without the word that says what it is (`وكالة "تاس"`: *تاس*)."""
    if stop - first > 1 and reader.sentence.forms[first] in reader.pack.lists.get("named", ()):
        first += 1
    return _name(reader, first, stop).strip('"“”')
