"""Ten good datasets, unlike each other: what `validate` must not complain of. Texts are invented; offices speak, never persons."""

import random
from dataclasses import replace

import samples
from dipdata.forms import form_of, quoted_stretches
from dipdata.records import Article, Corpus, Speaker, StanceTarget, Statement, Zone, statement_id, text_sha256
from dipdata.spans import cut

WORDS = {
    "fr": "port brume grue quai sel vent digue treuil marée bouée chalut criée phare cale ancre houle écluse rade môle vigie",
    "en": "harbour crane gravel signal ferry timber grain buoy drizzle ledger quay cable winch tide lantern depot sluice barge beacon",
    "de": "Hafen Kran Nebel Schleuse Fähre Kies Boje Winde Mole Leuchtturm Strom Ufer Fracht Anker Deich Lotse Kanal Segel Watt Pegel",
    "ru": "порт кран туман шлюз паром гравий буй лебёдка мол маяк берег груз якорь дамба лоцман канал парус отлив пирс склад",
    "ar": "ميناء رافعة ضباب سد عبارة حصى عوامة رصيف منارة شاطئ شحنة مرساة قناة شراع مخزن جسر ملح ريح موج مرسى",
    "ja": "港 霧 船 橋 塩 風 波 岸 灯台 倉庫 運河 砂利 錨 帆 堤防 潮 荷物 桟橋 水門 浮標",
}
# Pieces of a sentence: source, cue, content, target and plain words, in the order in which they stand.
SENTENCES = {
    "fr": [
        ("source", "Le ministère des Pêches norvégien"),
        ("", " "),
        ("cue", "a déclaré"),
        ("", " que "),
        ("content", "« l'accord avec {target} tiendra {n} jours »"),
        ("", "."),
    ],
    "en": [
        ("content", "“The treaty with {target} will hold for {n} days,”"),
        ("", " "),
        ("cue", "said"),
        ("", " "),
        ("source", "the Canadian foreign ministry"),
        ("", ", "),
        ("content", "“and talks resume.”"),
    ],
    "de": [
        ("source", "Die Regierung in Wien"),
        ("", " "),
        ("cue", "teilte mit"),
        ("", ", "),
        ("content", "dass {target} {n} Schiffe schickt"),
        ("", "."),
    ],
    "ru": [
        ("content", "«Договор с {target} действует {n} дней»"),
        ("", ", — "),
        ("cue", "сообщили"),
        ("", " "),
        ("source", "в министерстве транспорта"),
        ("", "."),
    ],
    "ar": [
        ("cue", "قالت"),
        ("", " "),
        ("source", "وزارة النقل المصرية"),
        ("", ": "),
        ("content", "«سنفتح الميناء أمام {target} بعد {n} أيام»"),
        ("", "."),
    ],
    "ja": [("source", "外務省"), ("", "は"), ("content", "「{target}との協定は{n}日続く」"), ("", "と"), ("cue", "述べた"), ("", "。")],
}
TARGETS = {"fr": "la Suède", "en": "Iceland", "de": "Ungarn", "ru": "Казахстаном", "ar": "السودان", "ja": "韓国"}


def article(rng: random.Random, n: int, lang: str, extra: str = "") -> tuple[Article, Statement]:
    """Return an article with one statement, of words of its own so that no two are near-duplicates."""
    words = WORDS[lang].split()
    head = " ".join(rng.choices(words, k=5))
    filler = [" ".join(rng.choices(words, k=30)) + f" {rng.randrange(10**6)}." for _ in range(2)]
    text = head + "\n\n" + filler[0] + "\n\n"
    spans: dict[str, list[tuple[int, int]]] = {"source": [], "cue": [], "content": [], "target": []}
    for part, words_of in SENTENCES[lang]:
        piece = words_of
        if part == "content" and "{target}" in piece:
            piece = piece.format(target=TARGETS[lang] + extra, n=n + 2)
            at = len(text) + piece.index(TARGETS[lang])
            spans["target"].append((at, at + len(TARGETS[lang])))
        if part:
            spans[part].append((len(text), len(text) + len(piece)))
        text += piece
    text += "\n\n" + filler[1]
    of = Article(
        id=f"wire-{lang}/{lang}-{n:03}",
        source=f"wire-{lang}",
        outlet=f"Wire {lang}",
        lang=lang,
        title=head,
        date=f"2026-{n % 12 + 1:02}-{n % 28 + 1:02}",
        url=f"https://wire.example/{lang}/{n}",
        licence="CC-BY-4.0",
        path=f"raw/wire-{lang}/{lang}-{n:03}.txt",
        format="text",
        encoding="utf-8 (assumed)",
        text=text,
        sha256=text_sha256(text),
        zones=(Zone("headline", 0, len(head)),),
    )
    content = spans["content"]
    return of, Statement(
        id=statement_id(of.sha256, content),
        article_id=of.id,
        article_sha256=of.sha256,
        lang=lang,
        content=cut(text, content),
        source=cut(text, spans["source"]),
        cue=cut(text, spans["cue"]),
        form=form_of(text, quoted_stretches(text), content),
        scope="speech",
        speakers=(Speaker("ministry", "organisation", None),),
        chain=(),
        addressees=(),
        targets=cut(text, spans["target"]),
        rule="made-for-tests",
        confidence=0.9,
    )


def corpus(seed: int, size: int = 24, langs: str = "fr", annotators: int = 2, extra: str = "", errors: float = 0.15) -> Corpus:
    """Return a corpus whose annotators mostly agree, with gold by the majority."""
    from dipdata.annotations.adjudication import adjudicate

    rng = random.Random(seed)
    names = langs.split()
    pairs = [article(rng, n, names[n % len(names)], extra) for n in range(size)]
    annotations = []
    for _, of in pairs:
        true = rng.choice(["very_negative", "negative", "neutral", "positive", "very_positive"])
        stance = rng.choice(["neutral", "none", *(["favor"] if "pos" in true else ["against"] if "neg" in true else [])])
        for who in range(annotators):
            changes: dict[str, object] = {"lead_time": round(rng.uniform(8, 60), 1)}
            wrong = rng.random() < errors
            changes["sentiment"] = "neutral" if wrong else true
            targets = tuple(StanceTarget(t.start, t.end, t.surface, "none" if wrong else stance) for t in of.targets)
            annotations.append(samples.annotation(of, f"p-{who:012x}", targets=targets, **changes))
    return Corpus([a for a, _ in pairs], [s for _, s in pairs], annotations, list(adjudicate(annotations, [])))


def _with(of: Corpus, **changes: object) -> Corpus:
    return replace(of, **changes)


def _sometimes_unanswered(of: Corpus) -> Corpus:
    """Skipped, drafts, and units that are no statements."""
    empty = {"sentiment": None, "validity": None}
    annotations = []
    for n, a in enumerate(of.annotations):
        changes: dict[str, object] = {}
        match n % 6:
            case 0:
                changes = {"status": "skipped", "targets": (), **empty}
            case 1:
                changes = {"status": "draft", "targets": tuple(replace(t, stance=None) for t in a.targets), **empty}
            case 2:
                changes = {"validity": "not_a_statement", "sentiment": None, "targets": ()}
        annotations.append(replace(a, **changes))
    return _with(of, annotations=annotations, gold=[])


def _nested(of: Corpus) -> Corpus:
    """A statement inside the content of another, with a chain and two speakers."""
    inner = []
    for s in of.statements:
        first = s.content[0]
        pairs = [(first.start + 2, first.end - 2)]
        text = next(a.text for a in of.articles if a.id == s.article_id)
        inner.append(
            replace(
                s,
                id=statement_id(s.article_sha256, pairs),
                content=cut(text, pairs),
                source=(),
                cue=(),
                targets=(),
                chain=("Wire", "Ministry of Fisheries"),
                speakers=(Speaker("Norway", "state", "NO"), Speaker("Sweden", "state", "SE")),
                addressees=("Parliament",),
                form=form_of(text, quoted_stretches(text), pairs),
            )
        )
    return _with(of, statements=[*of.statements, *inner])


def _with_acts(of: Corpus) -> Corpus:
    """Annotators who were asked for the act too, and do not always agree."""
    from dipdata.annotations.adjudication import adjudicate

    acts = ["announce", "deny", None]
    annotations = [replace(a, act=acts[n % 7 % 3]) for n, a in enumerate(of.annotations)]
    return _with(of, annotations=annotations, gold=list(adjudicate(annotations, [])))


def ten() -> dict[str, Corpus]:
    """Return ten good corpora by name."""
    return {
        "one language": corpus(1),
        "six languages": corpus(2, 60, "fr en de ru ar ja"),
        "right to left": corpus(3, langs="ar"),
        "no spaces": corpus(4, langs="ja"),
        "emoji": corpus(5, langs="en", extra=" 👩‍👩‍👧‍👦 🇳🇴 👍🏽 n̈"),
        "one annotator": corpus(6, annotators=1),
        "no annotations": _with(corpus(7), annotations=[], gold=[]),
        "five annotators": _with_acts(corpus(8, 30, "fr de", annotators=5)),
        "unanswered": _sometimes_unanswered(corpus(9, 30, "en ru")),
        "nested": _nested(corpus(10, langs="fr en")),
    }
