"""What annotators say of statements -> documents in the bench form, to train and to evaluate on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from dipdata.problems import Problems
from dipdata.records import Annotation, Article, Statement
from dipdata.spans import pairs

ROLES = ("content", "source", "cue")


def corrected(
    articles: Iterable[Article], statements: Iterable[Statement], annotations: Iterable[Annotation], *, problems: Problems
) -> Iterator[dict[str, Any]]:
    """Yield each fully annotated article in the bench form, with the statements that annotators hold to be some, as corrected.

    A statement counts where more than half of its submitted annotations call it valid; its spans are those that most of these
    gave, the first annotator's in a tie. One whose boundaries are called wrong is `optional`: it neither rewards nor punishes, and
    nothing is learnt from it. An article of which only some statements were annotated is left out, since what is not annotated would
    count as no statement; it becomes a warning `train.partly-annotated`.
    """
    answers: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted":
            answers[annotation.statement_id].append(annotation)
    by_article: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements:
        by_article[statement.article_id].append(statement)
    for article in articles:
        of_article = by_article[article.id]
        answered = [statement for statement in of_article if statement.id in answers]
        if not answered:
            continue
        if len(answered) < len(of_article):
            problems.add(
                "train.partly-annotated",
                article.id,
                f"only {len(answered)} of {len(of_article)} statements are annotated: the article is left out",
                "Annotate the others and pull again.",
                severity="warning",
                file=article.path,
            )
            continue
        units = [unit for statement in answered if (unit := _unit(answers[statement.id])) is not None]
        units.sort(key=lambda unit: (unit["content"], unit["cue"]))
        yield {"id": article.id, "lang": article.lang, "text": article.text, "statements": units}


def _unit(answers: list[Annotation]) -> dict[str, Any] | None:
    answers = sorted(answers, key=lambda annotation: annotation.annotator)
    validity, votes = Counter(annotation.validity for annotation in answers).most_common(1)[0]
    if 2 * votes <= len(answers):
        validity = "wrong_boundaries"
    if validity == "not_a_statement":
        return None
    spans = Counter(
        tuple(tuple(pairs(getattr(annotation, role))) for role in ROLES)
        for annotation in answers
        if annotation.validity == validity and annotation.content
    ) or Counter(tuple(tuple(pairs(getattr(annotation, role))) for role in ROLES) for annotation in answers if annotation.content)
    if not spans:
        return None
    given = spans.most_common(1)[0][0]
    unit: dict[str, Any] = {role: [list(pair) for pair in part] for role, part in zip(ROLES, given, strict=True)}
    return unit | {"optional": validity != "valid"}
