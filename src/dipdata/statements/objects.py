"""Complements of a verb other than a clause with complementiser: quotation, infinitive, bare clause, noun phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dipdata.statements import complements, contents, nounphrases
from dipdata.statements.grammar import (
    ACCUSATION,
    ADJECTIVE,
    ATTRIBUTE,
    CLAUSE,
    FINITE,
    INFINITIVE,
    INFINITIVE_FORM,
    NOUN,
    OBJECT_INFINITIVE,
    PREPOSITION,
    QUOTE,
    ZERO,
)
from dipdata.statements.groups import Group
from dipdata.statements.tokens import Range

if TYPE_CHECKING:
    from dipdata.statements.reading import Reader, Unit


def read(reader: Reader, number: int, group: Group, source: Range | None, how: str, kind: str, at: int, after: int) -> Unit | None:
    """Complements other than a clause with complementiser: quotation, infinitive, clause without complementiser, noun phrase."""
    pack, sentence, tags, frames = reader.pack, reader.sentence, reader.tags, group.cue.frames
    if group.cue.lemma in pack.lists.get("withheld", ()) and "N" in tags[group.first : group.last]:
        return None  # `no quiso comentar la noticia`
    after = complements.skip_aside(sentence, after)
    if frames & ADJECTIVE:
        k = complements.skip_adverbials(sentence, pack, after)
        if k < reader.count and tags[k] not in ".,;:PT" and (not pack.traits["verb-second"] or k + 1 < reader.end(number, k)):
            return reader.build(group, [(k, reader.end(number, k))], source, how, "adjective")
        return None
    if len(group.parts) > 1 and frames & (NOUN | ATTRIBUTE | PREPOSITION) and kind not in ("clause", "colon"):
        unit = _bracketed(reader, group, source, how)
        if unit is not None:
            return unit
    if frames & PREPOSITION and frames & OBJECT_INFINITIVE and not pack.traits["zero-after-comma"]:
        k = complements.infinitive(sentence, pack, after, objects=True, bare=False)
        if k > 0 and (tags[k] == "I" or sentence.forms[k - 1] in group.cue.prepositions):
            if _withheld(reader, group, k):
                return None
            return reader.build(group, [(_infinitive_start(reader, group, k, after), reader.end(number, k))], source, how, "infinitive")
    if kind in ("quote", "word") and at > after and sentence.forms[at - 1] in pack.lists.get("works", ()):
        return None  # `lançou o livro «…»`: a title
    if kind in ("quote", "word") and group.cue.lemma in pack.lists.get("naming", ()):
        spoken_to = pack.lists.get("addressee", frozenset())
        titled = source is not None and "t" in tags[source[0] : source[1]]
        if titled and not spoken_to.isdisjoint((*sentence.forms[after:at][:1], *sentence.forms[at + 1 : at + 2])):
            return reader.build(group, [(at, at + 1)], source, how, "quotation-object")  # `llamó «cobarde» al juez`
        if at == after:
            return None  # `que los vecinos llaman «la nevera»`
    if frames & (OBJECT_INFINITIVE | QUOTE) and (unit := _marked_quotation(reader, number, group, source, how, after)):
        return unit
    if frames & PREPOSITION:
        k = reader.preposition(after, group.cue.prepositions, reach=3 if frames & (ATTRIBUTE | NOUN) else 14)
        if k >= 0 and sentence.forms[k] not in pack.lists.get("no-content", ()):
            person = nounphrases.noun_phrase(sentence, pack, k) if frames & OBJECT_INFINITIVE else k
            if k < person < reader.count and sentence.forms[person] in group.cue.prepositions:
                k = person + 1  # `llamó a las partes a la contención`
            elif frames & OBJECT_INFINITIVE and _person(reader, k):
                return None  # `llamó a consultas a su embajador`
            stop = reader.noun_end(number, k)
            return reader.build(group, [(k, stop)], source, how, "preposition")
    if frames & ACCUSATION:
        k = reader.preposition(after, group.cue.prepositions, reach=24)
        if k >= 0:
            stop = _before_next_verb(reader, k, reader.end(number, k), "")
            return reader.build(group, [(k, stop)], source, how, "accusation")
    if kind == "word" and frames & ATTRIBUTE:
        return reader.build(group, [(at, reader.end(number, at))], source, how, "attribute")
    noun = frames & NOUN and complements.determined(sentence, pack, after)  # `reiteró su disposición a negociar`
    if (frames & OBJECT_INFINITIVE or (frames & INFINITIVE and not noun)) and not pack.traits["zero-after-comma"]:
        k = complements.infinitive(sentence, pack, after, objects=bool(frames & OBJECT_INFINITIVE), bare=bool(frames & INFINITIVE))
        if k >= 0 and _withheld(reader, group, k):
            return None  # `se negó a comentar el caso`
        if k >= 0:
            stop = reader.before_main_verb(k, _before_next_verb(reader, k, reader.end(number, k), ""))
            return reader.build(group, [(_infinitive_start(reader, group, k, after), stop)], source, how, "infinitive")
    if kind in ("quote", "word") and frames & ZERO and tags[at - 1] not in ",:" and group.cue.lemma not in pack.lists.get("dative", ()):
        k = complements.skip_adverbials(sentence, pack, after)
        if k < at and tags[k] in "DUSwt" and tags[at - 1] not in "DGP" and not tags[k:at].strip("DGwUtj#STPMqC"):
            stop = reader.end(number, k)
            return reader.build(group, [(k, stop)], source, how, "clause-bare")
    if frames & ATTRIBUTE:  # `calificó ayer de «ridículo» el anuncio`
        k = after
        while k < reader.count and tags[k] in "AT":
            k += 1
        if tags[k : k + 1] in ("G", "P", "B") and sentence.forms[k] in pack.lists.get("attribute", ()):
            return reader.build(group, [(k + 1, reader.end(number, k + 1))], source, how, "attribute")
    if frames & ATTRIBUTE:
        k = complements.noun_start(sentence, pack, after)
        if (
            tags[after : after + 1] == "P"
            and sentence.forms[after] in pack.lists.get("addressee", ())
            and tags[after + 1 : after + 2] in ("D", "U")
        ):
            k = after  # `tachó a los manifestantes de «vándalos»`
        elif k < 0 and tags[after : after + 1] == "S" and pack.traits["verb-second"]:
            k = after  # `nannte ihn ein „Signal“`
        if k >= 0:
            stop = reader.end(number, k)
            marks = pack.lists.get("attribute", frozenset())
            mark = next((m for m in range(k, stop) if sentence.forms[m] in marks), -1)
            if mark > 0 and pack.traits["verb-second"]:
                first = k if frames & NOUN else mark + 1  # `verurteilte [X als Y]`, `bezeichnete X als [Y]`
                return reader.build(group, [(first, reader.noun_end(number, mark + 1))], source, how, "attribute")
            stop = _before_next_verb(reader, k, stop, "vX")
            if mark >= 0 or any(tags[m] in "qQ" for m in range(k, stop)):
                return reader.build(group, [(k, stop)], source, how, "attribute")
    if kind in ("quote", "word") and frames & (QUOTE | NOUN | ATTRIBUTE | OBJECT_INFINITIVE) and not reader.is_claimed(at):
        start = _quote_start(reader, after, at, frames)
        stop = reader.end(number, at)
        if frames & NOUN and not frames & QUOTE:
            stop = reader.noun_end(number, start)
        elif tags[at] == "Q" and reader.quote_closes(at):
            stop = at + 1
        if sentence.forms[at + 1 : at + 2] and sentence.forms[at + 1] in pack.lists.get("addressee", ()) and pack.traits["pro-drop"]:
            stop = at + 1  # `pidió «moderación» a las partes`
        return reader.build(group, [(start, stop)], source, how, "quotation-object")
    if frames & ZERO:
        k = _zero_clause(reader, group, after, kind, at)
        if k >= 0:
            return reader.build(group, [(k, reader.end(number, k))], source, how, "clause-bare")
    if frames & NOUN and source is not None and after + 1 < reader.count and _gerund(reader, after):
        comma = tags.find(",", after)
        stop = reader.end(number, after)
        return reader.build(group, [(after, min(stop, comma) if comma > 0 else stop)], source, how, "gerund")  # `reported hearing gunfire`
    if (frames & NOUN and source is not None) or (frames & NOUN and group.inverted >= 0):
        if group.reflexive and not group.cue.reflexive and how == "np" and pack.traits["pro-drop"]:
            return None  # `el tren se adelantó dos horas`
        if pack.traits["verb-second"] and sentence.forms[after : after + 1] and sentence.forms[after] in pack.lists.get("demanding", ()):
            after = max(after, nounphrases.noun_phrase(sentence, pack, after + 1))  # `forderte [von Ankara] eine Erklärung`
        k = complements.noun_start(sentence, pack, after)
        if after < reader.count and tags[after] == "R" and sentence.forms[after] in pack.lists.get("comments", ()):
            k = after  # `repudió lo que llamó «injerencia»`
        if k >= 0 and tags[k] != "T" and not (frames & CLAUSE and _person(reader, k)):
            stop = _before_addressee(reader, group, k, reader.noun_end(number, k))
            if not pack.lists.get("no-content", frozenset()).isdisjoint(sentence.forms[k:stop]):
                return None  # `pidió el anonimato`
            return reader.build(group, [(k, stop)], source, how, "noun-phrase")
    return None


def _before_addressee(reader: Reader, group: Group, k: int, stop: int) -> int:
    """Return where what is asked for ends before whom it is asked of (`exigió explicaciones [a Vilna]`), but not in `ayuda a Vilna`."""
    lists, forms, tags = reader.pack.lists, reader.sentence.forms, reader.tags
    if group.cue.lemma not in lists.get("requests", ()) or not lists.get("directed", frozenset()).isdisjoint(forms[k:stop]):
        return stop
    for m in range(k + 1, stop - 1):
        if forms[m] not in lists["addressee"] or tags[m - 1] not in "wMjq":
            continue
        n = m + 1 + (tags[m + 1] == "D")
        if n < stop and (tags[n] in "Ut" or forms[n] in lists.get("audience", ())):
            return m
    return stop


def _withheld(reader: Reader, group: Group, k: int) -> bool:
    """Tell whether a verb of refusal goes with an infinitive at `k` that says nothing (`refuse to comment`)."""
    lists = reader.pack.lists
    if group.cue.lemma not in lists.get("refusals", ()):
        return False
    return any(cue.lemma in lists.get("withheld", ()) for cue in reader.pack.cues.get(reader.sentence.forms[k], ()))


def _person(reader: Reader, k: int) -> bool:
    """Tell whether the noun phrase at `k` is somebody with a title, who is not what is said (`a rappelé son ambassadeur`)."""
    tags = reader.tags
    while k < reader.count and tags[k] in "Dj#":
        k += 1
    return k > 0 and tags[k : k + 1] == "t" and tags[k - 1] in "D#"


def _gerund(reader: Reader, k: int) -> bool:
    """Tell whether a gerund with something after it stands at token `k`."""
    endings = tuple(reader.pack.lists.get("gerund-objects", ()))
    return (
        bool(endings) and reader.sentence.forms[k].endswith(endings) and reader.tags[k] in "wvVij" and reader.tags[k + 1] in "DUwtPjS#GAqQR"
    )


def _before_next_verb(reader: Reader, k: int, stop: int, verbal: str) -> int:
    """Return where the speaker's next action cuts a content (`urged X to wait [and called Y …]`): a finite form after a conjunction."""
    tags, forms = reader.tags, reader.sentence.forms
    for m in range(k + 1, stop - 1):
        if tags[m] != "C":
            continue
        readings = reader.pack.cues.get(forms[m + 1], ()) if tags[m + 1] == "V" else ()
        finite = any(cue.kind == FINITE for cue in readings) and not any(cue.kind == INFINITIVE_FORM for cue in readings)
        if finite or (verbal and tags[m + 1] in verbal):
            return m
    return stop


def _marked_quotation(reader: Reader, number: int, group: Group, source: Range | None, how: str, after: int) -> Unit | None:
    """`llamó a la población a «…»`: a quotation in place of the infinitive; `contestó con un «no»`: the answer itself."""
    tags, forms, lists = reader.tags, reader.sentence.forms, reader.pack.lists
    answers = lists.get("answering", frozenset())
    markers = lists.get("infinitive-prepositions", frozenset()) if group.cue.frames & OBJECT_INFINITIVE else frozenset()
    for k in range(after, min(reader.count, after + 12)):
        if tags[k] in "qQ":
            if forms[k - 1] in markers:
                return reader.build(group, [(k, reader.end(number, k))], source, how, "quotation-object")
            m = k
            while m > after and tags[m - 1] in "Dj":
                m -= 1
            if m - 1 == after and forms[after] in answers:
                return reader.build(group, [(k, k + 1)], source, how, "quotation-object")
            return None
        if tags[k] in ".,;:KRBXZ":
            return None
    return None


def _infinitive_start(reader: Reader, group: Group, k: int, after: int) -> int:
    """Leave the marker out as a complementiser; the wide scope keeps it, and who is to act (*urged [X to leave]*), as PolNeAR does."""
    if not reader.wide:
        return k + 1 if reader.tags[k] == "I" else k
    if group.cue.frames & OBJECT_INFINITIVE and group.cue.lemma not in reader.pack.lists.get("dative", ()) and k > after:
        start = complements.noun_start(reader.sentence, reader.pack, after)
        return start if after <= start < k else k
    return k


def _bracketed(reader: Reader, group: Group, source: Range | None, how: str) -> Unit | None:
    """The object inside a German verbal bracket: `wies [den Vorwurf] zurück`, `hat [die Freilassung] gefordert`."""
    close = group.parts[-1][0]
    low = group.parts[0][1] + 1
    if source is not None and source[0] >= low:
        low = max(low, source[1])
    if close <= low or group.inverted >= 0:
        return None
    marks = reader.pack.lists.get("attribute", frozenset())
    for k in range(low, close):
        if group.cue.frames & PREPOSITION and reader.sentence.forms[k] in group.cue.prepositions:
            return reader.build(group, [(k + 1, close)], source, how, "preposition")
        if group.cue.frames & ATTRIBUTE and reader.sentence.forms[k] in marks:
            noun = complements.noun_start(reader.sentence, reader.pack, low) if group.cue.frames & NOUN else -1
            return reader.build(group, [(noun if low <= noun < k else k + 1, close)], source, how, "attribute")
    k = complements.noun_start(reader.sentence, reader.pack, low)
    if not group.cue.frames & NOUN or not low <= k < close or "," in reader.tags[k:close] or source is None:
        return None
    return reader.build(group, [(k, close)], source, how, "noun-phrase")


def _quote_start(reader: Reader, after: int, at: int, frames: int) -> int:
    """A noun phrase that holds the quotation (`une « erreur »`) begins at its determiner."""
    start = at
    if frames & (NOUN | ATTRIBUTE):
        k = complements.noun_start(reader.sentence, reader.pack, after)
        if 0 <= k < at and (at - k <= 6 or frames & NOUN):
            start = k
    return start


def _zero_clause(reader: Reader, group: Group, after: int, kind: str, at: int) -> int:
    """Return where a clause without complementiser begins (`X said [he would]`, `X sagte, [er werde]`), or -1."""
    tags, sentence, pack = reader.tags, reader.sentence, reader.pack
    if pack.traits["zero-after-comma"]:
        if kind != "comma":
            return -1
        k = at + 1
        if k + 2 < reader.count and tags[k] not in "RCV" and sentence.forms[k] not in pack.lists.get("no-clause", ()):
            if tags[k] == "P" and sentence.forms[k + 1] in pack.lists.get("relatives", ()) and tags[k + 2] not in "Uwj":
                return -1
            return -1 if sentence.forms[k] in pack.lists.get("relatives", ()) and _is_relative(reader, k) else k
        return -1
    k = complements.skip_adverbials(sentence, pack, after)
    if group.cue.frames & OBJECT_INFINITIVE or group.cue.lemma in pack.lists.get("dative", ()):
        k = _addressee_end(reader, k)
        k = complements.skip_adverbials(sentence, pack, k)
    if k > after and k < reader.count and tags[k] in "XZ":
        k = after
        return k if contents.has_verb(tags, k, reader.count) and tags[k] == "A" else -1
    if k >= reader.count or tags[k] not in "SDUwt#jMBqPpEVK":
        return -1
    stop = k + 1
    limit = min(reader.count, k + 32)
    wanted = 1
    while stop < limit and tags[stop] not in ".;:":
        if tags[stop] == "," and group.cue.frames & NOUN and not (stop + 1 < limit and tags[stop + 1] == "R"):
            return -1
        if tags[stop] in "KR":
            wanted = min(2, wanted + 1)
        elif tags[stop] in "XZ" or (tags[stop] in "vV" and (tags[stop - 1] not in "DGj" or (tags[stop] == "v" and stop - 1 == k))):
            wanted -= 1
            if not wanted:
                return k
            while stop + 1 < limit and tags[stop + 1] in "XZvVNAY":
                stop += 1
        stop += 1
    return -1


def _is_relative(reader: Reader, k: int) -> bool:
    """Tell whether the pronoun at `k` (German *der, die, das*) opens a relative clause: its verb comes last."""
    tags = reader.tags
    stop = tags.find(",", k)
    stop = reader.count if stop < 0 else stop
    while stop > k and tags[stop - 1] in ".;:":
        stop -= 1
    if stop - 2 > k and tags[stop - 2] == "I":
        return False
    noun = next((m for m in range(k + 1, stop) if tags[m] == "U"), stop)
    early = any(tags[m] in "XZvV" for m in range(noun, min(stop - 1, noun + 4)))
    return tags[stop - 1] in "XZvV" and not early


def _addressee_end(reader: Reader, k: int) -> int:
    """Return the token after the person spoken to (`told [the agency] …`)."""
    tags = reader.tags
    if k >= reader.count:
        return k
    if tags[k] in "S":
        return k + 1
    while k < reader.count and tags[k] in "D#jt":
        k += 1
    if k < reader.count and tags[k] == "U":
        while k < reader.count and tags[k] in "UG":
            k += 1
        return k
    while k < reader.count and tags[k] in "wM":
        k += 1
        if k < reader.count and tags[k] == "G":
            k += 1
            while k < reader.count and tags[k] in "DU#":
                k += 1
    return k
