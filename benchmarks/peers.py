"""Other extractors, run by benchmarks/segmentation.py in a virtual environment of their own:
python peers.py NAME MODEL < GOLD > PREDICTION.

Reads and writes the bench form; each line of the prediction also has the processor seconds that it took. Paragraphs are parsed one by one,
since textacy gives up on a text with one unbalanced quotation mark.
"""

import json
import sys
import time

import spacy
from textacy import constants, extract

CZECH = (
    "říci říct uvést dodat prohlásit oznámit sdělit tvrdit upozornit potvrdit popřít vysvětlit zdůraznit připomenout napsat odpovědět "
    "varovat vyzvat požadovat odmítnout kritizovat obvinit slíbit podotknout poznamenat informovat doporučit navrhnout žádat připustit"
)
VERBS = {"cs": set(CZECH.split())}
ACCORDING = {"en": {"according"}, "fr": {"selon", "après"}, "cs": {"podle"}}
CLAUSES = {"ccomp", "parataxis", "ccomp:cleft", "xcomp"}
SUBJECTS = {"nsubj", "nsubj:pass", "nsubjpass", "csubj"}


def textacy_quotes(doc):
    """Direct quotations with a speaker, as textacy finds them."""
    try:
        found = list(extract.triples.direct_quotations(doc))
    except ValueError:  # an unclosed quotation: textacy refuses the text
        return
    for quote in found:
        yield [span(quote.content)], [span(quote.speaker)], [span(quote.cue)]


def dependencies(doc):
    """What a dependency parse gives with little work: reporting verbs with clause and subject, *according to*, quotations."""
    lang = doc.lang_
    verbs = VERBS.get(lang) or constants.REPORTING_VERBS[lang]
    quotes = [(a.i, b.i + 1) for a, b in zip(*[iter(token for token in doc if token.is_quote)] * 2, strict=False)]
    used = set()
    for token in doc:
        if token.lower_ in ACCORDING.get(lang, ()):
            yield from according(token)
        if token.pos_ not in ("VERB", "AUX") or token.lemma_ not in verbs or any(a <= token.i < b for a, b in quotes):
            continue
        subject = next((child for child in token.children if child.dep_ in SUBJECTS), None)
        if subject is None:  # inverted subjects are often parsed as objects
            after = (child for child in token.children if child.dep_ in ("obj", "dobj", "obl:arg") and child.i > token.i)
            subject = next((child for child in after if child.pos_ in ("PROPN", "NOUN", "PRON")), None)
        own = {token.i} | {child.i for child in token.children if child.dep_ in ("aux", "aux:pass", "auxpass", "neg", "advmod:neg")}
        cue = [i for i in sorted(own) if all(j in own for j in range(min(i, token.i), max(i, token.i)))]
        content = next((list(child.subtree) for child in token.children if child.dep_ in CLAUSES), None)
        if content is None and token.dep_ in ("parataxis", "advcl"):
            inside = {child.i for child in token.subtree}
            content = [child for child in token.head.subtree if child.i not in inside]
        if content is None:
            near = [(a, b) for a, b in quotes if token.sent.start <= a < token.sent.end or token.sent.start < b <= token.sent.end]
            content = list(doc[near[0][0] : near[0][1]]) if near else None
        if content:
            role = {i.i for i in subject.subtree} if subject is not None else set()
            kept = [child for child in content if child.i not in role and child.i not in own]
            used |= {child.i for child in kept}
            yield runs(kept), [span(list(subject.subtree))] if subject is not None else [], [span([doc[i] for i in cue])]
    for a, b in quotes:
        if b - a > 5 and not used & set(range(a, b)):
            yield [span(list(doc[a:b]))], [], []


def according(token):
    phrase = list(token.subtree) if any(True for _ in token.children) else [token, *token.head.subtree]
    source = [child for child in phrase if child.i > token.i and child.lower_ not in ("to", "d'", "d’")]
    inside = {child.i for child in phrase}
    content = [child for child in token.sent if child.i not in inside]
    if source and content:
        yield runs(content), [span(source)], [span([token])]


def span(tokens):
    tokens = sorted(tokens, key=lambda token: token.i)
    return [tokens[0].idx, tokens[-1].idx + len(tokens[-1])]


def runs(tokens):
    """Spans of tokens without the punctuation at their edges; gaps of punctuation alone are closed."""
    out, run = [], []
    for token in sorted(tokens, key=lambda token: token.i):
        if run and token.i > run[-1].i + 1 and not all(between.is_punct for between in token.doc[run[-1].i + 1 : token.i]):
            out.append(run)
            run = []
        run.append(token)
    out.append(run)
    return [span(run) for run in out if any(token.is_alpha for token in run)]


def main():
    name, model = sys.argv[1:]
    nlp = spacy.load(model, exclude=["ner"])
    find = {"textacy": textacy_quotes, "dependencies": dependencies}[name]
    list(find(nlp("Warm.")))
    for line in sys.stdin:
        document = json.loads(line)
        units, at = [], 0
        started = time.process_time()
        for paragraph in document["text"].split("\n"):
            if paragraph.strip():
                for roles in find(nlp(paragraph)):
                    moved = [[[at + start, at + end] for start, end in spans] for spans in roles]
                    if moved[0]:
                        units.append(dict(zip(("content", "source", "cue"), moved, strict=True)))
            at += len(paragraph) + 1
        seconds = time.process_time() - started
        print(json.dumps({"id": document["id"], "statements": units, "seconds": seconds}))


if __name__ == "__main__":
    main()
