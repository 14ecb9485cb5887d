"""Two articles written for these tests, French and Arabic; only institutions speak in them."""

from dipdata.records import Article, Speaker, Statement, statement_id, text_sha256
from dipdata.spans import cut

FRENCH = (
    "Les deux rives rouvrent le pont 🌉\n\n"
    "Le gouvernement norvégien a salué mardi l'ouverture du pont.\n\n"
    "« La Suède a tenu parole et l'accord\u0301 tient », a déclaré le ministère norvégien des Transports, à Oslo.\n"
)
# A paragraph of it begins with a Latin name: the direction must come from the language, not from the first letter.
ARABIC = (
    "افتتاح الجسر بين الضفتين\n\n"
    "Oslo رحّبت بافتتاح الجسر يوم الثلاثاء.\n\n"
    "وقالت وزارة النقل النرويجية إن «السويد أوفت بوعدها والاتفاق صامد»، في بيان نُشر مساء.\n"
)


def find(text: str, *surfaces: str) -> list[tuple[int, int]]:
    return [(text.index(surface), text.index(surface) + len(surface)) for surface in surfaces]


def example(lang: str, **changes: object) -> tuple[Article, Statement]:
    text = {"fr": FRENCH, "ar": ARABIC}[lang]
    content, source, cue, targets = {
        "fr": (
            ("« La Suède a tenu parole et l'accord\u0301 tient »",),
            ("le ministère norvégien des Transports",),
            ("a déclaré",),
            ("La Suède", "l'accord\u0301"),
        ),
        "ar": (("«السويد أوفت بوعدها والاتفاق صامد»",), ("وزارة النقل النرويجية",), ("وقالت",), ("السويد",)),
    }[lang]
    article = Article(
        id=f"wire/pont-{lang}",
        source="wire",
        outlet="The Test Wire",
        lang=lang,
        title=text.split("\n")[0],
        date="2026-03-01",
        url=None,
        licence="CC-BY-4.0",
        path=f"raw/wire/pont-{lang}.txt",
        format="text",
        encoding="utf-8",
        text=text,
        sha256=text_sha256(text),
        zones=(),
    )
    spans = find(text, *content)
    values = {
        "id": statement_id(article.sha256, spans),
        "article_id": article.id,
        "article_sha256": article.sha256,
        "lang": lang,
        "content": cut(text, spans),
        "source": cut(text, find(text, *source)),
        "cue": cut(text, find(text, *cue)),
        "form": "direct",
        "scope": "speech",
        "speakers": (Speaker(source[0], "organisation", "NO"),),
        "chain": (),
        "addressees": (),
        "targets": cut(text, find(text, *targets)),
        "rule": "test",
        "confidence": 0.75,
    }
    return article, Statement(**(values | changes))
