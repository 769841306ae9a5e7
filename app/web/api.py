"""The JSON interface: a request to the answer object it gets."""

from typing import Any

from app.answering.collection import Collection
from app.answering.followup import question_after
from app.settings import Settings
from app.web.requests import AskRequest, WhyRequest


def ask(collection: Collection, request: AskRequest, settings: Settings) -> dict[str, Any]:
    """The answer object for a request, its links below the public path. Raises BadQuestion or BadFilter."""
    question = question_after(request.question, [turn.question for turn in request.history], request.ignore)
    answer = collection.answer(
        question,
        request.k,
        section=collection.sections.of_page(request.page.url, request.page.title) if request.page else None,
        filters=request.filters.filters(),
        ignore=request.ignore,
        base=settings.path,
        examples=settings.examples,
    )
    return answer.to_json()


def why(collection: Collection, request: WhyRequest) -> dict[str, Any]:
    """Why the passage was found: matched words, best sentence, shares of the cosine.

    Raises BadQuestion, and NoPassage where there is none or its file no longer says so.
    """
    question = question_after(request.question, [turn.question for turn in request.history], request.ignore)
    found = collection.explain(question, request.article, request.start, request.end, ignore=request.ignore)
    return found.to_json()
