"""Noun phrases where the verb comes first and no letter is a capital (Arabic): what ends one is definiteness, not case or capitals.

A chain of nouns is open until a definite noun or a name closes it; after that only adjectives, names of persons and phrases that belong
to the head may follow. A further noun begins another phrase, as a rule the object. Ranges are tokens `[first, stop)`.
"""

from __future__ import annotations

from dipdata.statements.grammar import Pack
from dipdata.statements.nouns import adjectival, circumstance, definite, endings, manner, possessed, surname
from dipdata.statements.tokens import Range, Sentence

_NOMINAL = "wtUjiMV"
_MOST = 36


def noun_phrase(sentence: Sentence, pack: Pack, first: int, stops: frozenset[str] = frozenset()) -> int:
    """Return where the noun phrase at `first` ends; `stops` are prepositions that open the complement of the verb before it."""
    tags, forms = sentence.tags, sentence.forms
    count = min(len(tags), first + _MOST)
    lists = pack.lists
    heads = lists.get("name-heads", frozenset())
    sayings, refused = lists.get("sayings", frozenset()), lists.get("refused", frozenset())
    closed = person = name = False
    k = first
    while k < count:
        tag, form = tags[k], forms[k]
        fresh = k == first or tags[k - 1] in "DPC("
        if (person or name) and k > first and (form in heads or forms[k - 1] in heads) and _names(sentence, k, heads):
            closed = name = True
        elif tag == "D":
            if not fresh and (
                form in lists.get("breaking", ()) or (closed and (form not in lists.get("after-noun", ()) or _opens(tags, k)))
            ):
                break
        elif tag in "qQ":
            if tag == "Q" and not (k > first and forms[k - 1] in pack.lists.get("named", ())):
                break
            if not fresh and closed and not name and k > first + 1 and forms[k - 1] not in pack.lists.get("named", ()):
                break
            closed, name = True, forms[k - 1] not in pack.lists.get("named", ())
        elif tag == "#":
            if closed and not fresh:
                break
        elif tag == "P":
            if not attaches(sentence, pack, first, k, stops):
                break
            closed = name = False
        elif tag == "C":
            if not _joins(sentence, pack, first, k):
                break
            closed = name = False
        elif tag == "(":
            close = tags.find(")", k, k + 12)
            if close < 0:
                break
            k = close
        elif tag == "-" and k + 1 < count and tags[k + 1] in _NOMINAL and sentence.starts[k + 1] == sentence.ends[k]:
            pass
        elif (
            tag == "v"
            and person
            and closed
            and form not in pack.lexicon
            and (sentence.tags[k - 1] in "tw" or tags[k - 1] == "j")
            and not definite(sentence, pack, k)
        ):
            name = closed = True  # a name that ends like a verb (`برانت`)
        elif tag in _NOMINAL:
            if k > first and (form in sayings or form in refused):
                break
            if tag == "V" and not (definite(sentence, pack, k) or (k > first and not closed and _heads(sentence, pack, k))):
                break
            if not fresh and not _follows(sentence, pack, k, closed=closed, person=person, name=name):
                break
            if tag == "t" and (not closed or not definite(sentence, pack, k)):
                person, closed, name = True, definite(sentence, pack, k) or form in pack.lists.get("honours", ()), False
            elif definite(sentence, pack, k):
                closed = True
                person = person or (k == first and (tag == "j" or (tag == "w" and surname(form, pack))))
                name = name and not adjectival(form, tag, pack)
            elif tag == "U" or (tag == "w" and form not in pack.lexicon and (closed or name or _foreign(sentence, pack, k - 1))):
                closed = closed or tag == "U"
                name = True
            elif (
                k == first
                and tag in "wj"
                and form not in pack.lexicon
                and not form.endswith(endings(lists.get("noun-endings", frozenset())))
            ):
                closed = person = name = True  # a word that nothing knows is a name
            elif possessed(sentence, pack, k):
                closed = True
            elif form in lists.get("named", ()):
                person = True
        else:
            break
        k += 1
    while k > first and tags[k - 1] in "PCD":
        k -= 1
    return k


def _foreign(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether a name goes on after the word at `k`: after `صحيفة` and the like, or a word that nothing knows (`كيريباتي تيبورورو`)."""
    form = sentence.forms[k]
    if form in pack.lists.get("named", ()):
        return True
    return sentence.tags[k] in "wj" and form not in pack.lexicon and not definite(sentence, pack, k)


def _names(sentence: Sentence, k: int, heads: frozenset[str]) -> bool:
    """Tell whether the word at `k` is part of a name whatever it means elsewhere: `ولد`, `بنت`, and what follows them."""
    if sentence.forms[k] in heads:
        return sentence.tags[k + 1 : k + 2] in ("w", "U", "j", "t", "i")
    return sentence.forms[k - 1] in heads and sentence.tags[k] in _NOMINAL


def _opens(tags: str, k: int) -> bool:
    """Tell whether a determiner at `k` has a noun after it (`دعت الصين [جميع الأطراف]`), and none before it (`الدول جميعا`)."""
    return tags[k + 1 : k + 2] in ("w", "t", "U", "j")


def _follows(sentence: Sentence, pack: Pack, k: int, *, closed: bool, person: bool, name: bool) -> bool:
    """Tell whether the noun at `k` still belongs to the phrase before it."""
    form, tag = sentence.forms[k], sentence.tags[k]
    assert pack.clitics is not None
    if form in pack.lists.get("after-noun", ()):
        return True
    if definite(sentence, pack, k):
        if (
            (not closed and not name)
            or form in pack.lists.get("name-tails", ())
            or sentence.forms[k - 1] in pack.lists.get("name-heads", ())
        ):
            return True
        if not closed and sentence.tags[k - 1] == "t":
            return True
        if adjectival(form, tag, pack):
            if name and pack.lexicon.get(form.removeprefix(pack.clitics.article)) == "w":
                return False  # `رئيس كيريباتي ناكيباي | الجمعية العامة`
            return not (name and not person) or tag == "j"
        if tag == "t":  # `السيد الوزير`; two bare titles are subject and object
            honorifics = pack.lists.get("honorifics", frozenset())
            return not definite(sentence, pack, k - 1) or form in honorifics or sentence.forms[k - 1] in honorifics
        return person and tag == "w" and (name or sentence.tags[k - 1] == "t") and surname(form, pack)
    if tag == "i":
        return not closed and not name and not possessed(sentence, pack, k) and _heads(sentence, pack, k)
    ending = endings(pack.lists.get("accusative", frozenset()))
    if not person and form.endswith(ending) and tag != "U" and form not in pack.lexicon and not sentence.forms[k - 1].endswith(ending):
        return False  # an object or adverb: `دعوة الرئيس إلى انتخابات | جدلا`
    if definite(sentence, pack, k - 1) and circumstance(sentence, k):
        return False  # `قال السفير | غاضبا:`
    if not closed:
        if sentence.tags[k - 1] == "j" and tag in "wt" and form in pack.lexicon:
            return False  # no noun goes on with an adjective
        return not (name and (form in pack.lexicon and tag == "w"))
    if tag == "t":
        return form not in pack.lists.get("counterparts", ())
    if tag == "U":
        return person and not name
    hung = form not in pack.clitics.whole and (
        possessed(sentence, pack, k) or form.endswith(endings(pack.lists.get("possessed-endings", frozenset())))
    )
    return person and form not in pack.lexicon and not hung


def _heads(sentence: Sentence, pack: Pack, k: int) -> bool:
    """Tell whether the noun before `k` is one that a verbal noun may follow in its name (`وزارة إعادة الإعمار`)."""
    return sentence.tags[k - 1] == "w" or sentence.forms[k - 1] in pack.lists.get("institutions", ())


def attaches(sentence: Sentence, pack: Pack, first: int, k: int, stops: frozenset[str]) -> bool:
    """Tell whether the preposition at `k` goes on with the noun phrase that began at `first`."""
    forms, tags, lists = sentence.forms, sentence.tags, pack.lists
    if k + 1 >= len(tags) or k == first or tags[k + 1] not in "wtUjiMDqP#":
        return False
    after = forms[k + 1]
    if tags[k + 1] in "qQ":
        return forms[k - 1] in lists.get("named", ())
    if after in lists.get("attached", ()) and forms[k] in lists.get("attaching", ()):
        return True
    if after in lists.get("occasion", ()) or tags[k + 1] == "T":
        return False
    if forms[k] in stops and not _again(sentence, k, stops):
        return False
    if forms[k - 1] in lists.get("governing", ()) or (tags[k - 1] == "i" and not stops):
        return True
    if forms[k] in stops and forms[k] not in lists.get("dative-prepositions", ()):
        return any(form in lists.get("posts", ()) for form in forms[first:k])
    if forms[k] in lists.get("dative-prepositions", ()):
        return after not in lists.get("audience", ()) and tags[k - 1] != "U"
    if forms[k] in lists.get("post-prepositions", ()):
        return any(form in lists.get("posts", ()) for form in forms[first:k])
    return False


def _again(sentence: Sentence, k: int, stops: frozenset[str]) -> bool:
    """Tell whether one more of the prepositions follows in the clause, so that the one at `k` may belong to the noun."""
    for n in range(k + 1, min(len(sentence.tags), k + 14)):
        if sentence.tags[n] in ".:;Vv":
            return False
        if sentence.forms[n] in stops:
            return True
    return False


def _joins(sentence: Sentence, pack: Pack, first: int, k: int) -> bool:
    """Tell whether the conjunction at `k` joins another noun phrase to the one before it."""
    tags = sentence.tags
    if k == first or k + 1 >= len(tags) or sentence.forms[k] not in pack.lists.get("joining", ()):
        return False
    return tags[k + 1] in "wtUDj" or (tags[k + 1] in "iM" and definite(sentence, pack, k + 1))


def apposition(sentence: Sentence, pack: Pack, stop: int) -> int:
    """Return where an apposition between commas ends (`، المتحدث باسم X،`), or `stop` where none follows."""
    tags = sentence.tags
    if stop + 1 >= len(tags) or tags[stop] != "," or tags[stop + 1] not in "wtUj":
        return stop
    if sentence.forms[stop + 1] in pack.lists.get("no-apposition", ()):
        return stop
    end = noun_phrase(sentence, pack, stop + 1)
    while (
        end < len(tags)
        and tags[end] == ","
        and end + 1 < len(tags)
        and tags[end + 1] == "t"
        and noun_phrase(sentence, pack, end + 1) > end + 1
    ):
        end = noun_phrase(sentence, pack, end + 1)
    if end > stop + 1 and (end >= len(tags) or tags[end] in ",:.QKPR"):
        return end
    return stop


def subject(sentence: Sentence, pack: Pack, k: int, stops: frozenset[str], *, verbal: bool = False) -> tuple[Range | None, int]:
    """Return the subject that follows a verb whose group ends before `k`, and the token after it; `verbal` nouns are objects as a rule."""
    tags = sentence.tags
    count = len(tags)
    at = k
    while at < count and (tags[at] in "FAT" or circumstance(sentence, at)):
        at += 1
    if at < count and tags[at] == "P" and (sentence.forms[at] not in stops or tags[at + 1 : at + 2] == "F"):
        skipped = at + 2 if manner(sentence, pack, at) else skip_phrase(sentence, pack, at)
        if skipped < count and tags[skipped] in "wtUDj":
            at = skipped
    elif at < count and tags[at] == ",":
        close = tags.find(",", at + 1, at + 14)
        if close > 0 and close + 1 < count and tags[close + 1] in "tUw" and not set(tags[at:close]) & set("KQ:VvX"):
            at = close + 1
    if at >= count or tags[at] not in ("wtUjDqM#Si" if verbal else "wtUjDqM#S"):
        return None, k
    if tags[at] == "q" and (at > k or at + 1 >= count or tags[at + 1] not in ",KP:"):
        return None, k
    if tags[at] == "S":
        return (at, at + 1), at + 1
    stop = noun_phrase(sentence, pack, at, stops)
    if stop == at:
        return None, k
    wide = apposition(sentence, pack, stop)
    return (at, wide), wide


def widened(sentence: Sentence, pack: Pack, stop: int, stops: frozenset[str]) -> int:
    """Return where a subject that seems to end at `stop` ends with the definite words between it and the clause or colon that its verb
    governs: adjectives that look like nouns (`المنظمة الحقوقية المعنية أن`)."""
    k = stop
    if not definite(sentence, pack, k - 1):
        return stop  # a name, or what hangs on it: another noun follows
    while k < len(sentence.tags) and sentence.tags[k] in "wj" and definite(sentence, pack, k):
        k += 1
    governed = sentence.tags[k : k + 2]
    found = governed.startswith(("K", ":")) or governed == "PK" or (governed.startswith("P") and sentence.forms[k] in stops)
    return k if k > stop and found else stop


def skip_phrase(sentence: Sentence, pack: Pack, k: int) -> int:
    """Return the token after the prepositional phrase at `k`."""
    at = k + 1
    while at < len(sentence.tags) and sentence.tags[at] == "P":
        at += 1
    if at < len(sentence.tags) and sentence.tags[at] in "FST":
        while at < len(sentence.tags) and sentence.tags[at] in "FST":
            at += 1
        return at
    return max(at, noun_phrase(sentence, pack, at))


def subject_before(sentence: Sentence, pack: Pack, at: int) -> tuple[Range | None, str]:
    """Return the subject that stands before the verb at `at` in its clause, and how it was found (see `sources.left`)."""
    tags, forms = sentence.tags, sentence.forms
    k = at
    while k and tags[k - 1] in "ANXT":
        k -= 1
    if k and forms[k - 1] in pack.lists.get("linking", ()):
        k -= 1  # `أما X فقال`
    if not k:
        return None, "none"
    if tags[k - 1] == "F" and k > 1 and tags[k - 2] in "CKB":
        return (k - 1, k), "pronoun"
    if tags[k - 1] == "S":
        return (k - 1, k), "pronoun"
    if tags[k - 1] == "R":
        return antecedent(sentence, pack, k - 1), "relative"
    if tags[k - 1] == ",":
        return _before_aside(sentence, pack, k - 1), "aside"
    first = _start(sentence, k)
    if first >= k:
        return None, "none"
    if noun_phrase(sentence, pack, first) < k and forms[first] not in pack.lexicon:
        return None, "none"
    return ((first, k), "np") if noun_phrase(sentence, pack, first) == k else (None, "none")


def _start(sentence: Sentence, stop: int) -> int:
    """Walk left to the start of the clause, and drop what opens it: conjunctions, adverbs, times."""
    tags = sentence.tags
    first = stop
    while first and tags[first - 1] in _NOMINAL.replace("V", "") + "DPCq#()AT" and first > stop - _MOST:
        first -= 1
    while first < stop and tags[first] in "CATB":
        first += 1
    return stop if first < stop and tags[first] == "P" else first


def _before_aside(sentence: Sentence, pack: Pack, comma: int) -> Range | None:
    """Return the subject before an aside that the comma ends (`الوزير، الذي …، قال`)."""
    opener = sentence.tags.rfind(",", 0, comma)
    if opener <= 0:
        return None
    between = sentence.tags[opener + 1 : comma]
    if between[:1] not in ("R", "P") and set(between) & set("vVXN"):
        return None
    first = _start(sentence, opener)
    if first >= opener or noun_phrase(sentence, pack, first) != opener:
        return None
    return first, opener


def antecedent(sentence: Sentence, pack: Pack, relative: int) -> Range | None:
    """Return the noun phrase that the relative pronoun refers to: the one that ends before it."""
    tags = sentence.tags
    stop = relative
    while stop and tags[stop - 1] == ",":
        stop -= 1
    if stop and tags[stop - 1] == "S":
        return stop - 1, stop  # `هو الذي وعد`
    first = stop
    while first and tags[first - 1] in _NOMINAL.replace("V", "") + "DPq#" and first > stop - _MOST:
        first -= 1
    for k in range(first, stop):  # the last phrase that reaches the pronoun
        if tags[k] in "wtUDj" and noun_phrase(sentence, pack, k) == stop:
            return k, stop
    return None
