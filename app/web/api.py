"""The JSON interface: answers and explanations."""

from typing import Any

from app.answering.collection import Collection
from app.settings import Settings
from app.web.requests import AskRequest, WhyRequest


def ask(collection: Collection, request: AskRequest, settings: Settings) -> dict[str, Any]:
    """The answer object for a request, its links below the public path. Raises BadQuestion or BadFilter."""
    answer = collection.answer(
        request.parsed(),
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

    Raises BadQuestion, or NoPassage if there is no such passage or its file no longer says so.
    """
    ignore = request.ignore
    return collection.explain(request.parsed(), request.article, request.start, request.end, ignore=ignore).to_json()
