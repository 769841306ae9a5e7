"""The JSON interface: answers, reasons, values to filter by, suggestions; the same at `/api` and in version 1."""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TypeAlias

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.language import of_reader
from app.answering.reply import Wishes, answer_of
from app.settings import Settings
from app.web.api.models import AskResponse, CountsResponse, FacetsResponse, SuggestResponse, WhyResponse
from app.web.api.routes import readable
from app.web.choices import choices
from app.web.feedback import LogFor, kept
from app.web.gate import Gate
from app.web.requests import AskRequest, CollectionFor, FacetsRequest, SuggestRequest, WhyRequest

Answering: TypeAlias = Callable[[Collection, AskRequest, Request], JSONResponse]
"""The answer of a collection to one question of a request. Raises BadQuestion, and BadModel if the reranker fails."""


def add_interface(
    routes: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate, log_for: LogFor, *, below: str
) -> None:
    """Add the addresses below a path."""
    answered = answering(settings, log_for)

    @routes.post(f"{below}/ask", response_model=AskResponse, summary="Answer a question")
    async def ask(asked: AskRequest, request: Request) -> JSONResponse:
        return await gate.worked(request.receive, lambda: answered(collection_for(request), asked, request))

    @routes.post(f"{below}/why", response_model=WhyResponse, summary="Explain why a passage was found")
    async def why(asked: WhyRequest, request: Request) -> JSONResponse:
        def explain() -> JSONResponse:
            passage = (asked.article, asked.start, asked.end)
            found, mentions = collection_for(request).explain(asked.parsed(), *passage, ignore=asked.ignore)
            fitting = [{**mention.to_json(), "fits": fits} for mention, fits in mentions]
            return JSONResponse({**found.to_json(), "preferences": fitting})

        return await gate.worked(request.receive, explain)

    @readable(routes, f"{below}/facets", FacetsResponse, summary="List the values to filter by")
    def facets(request: Request) -> JSONResponse:
        return JSONResponse(collection_for(request).searcher.facets.to_json())

    @routes.post(f"{below}/facets", response_model=CountsResponse, summary="Count the values under filters")
    def counts(wanted: FacetsRequest, request: Request) -> JSONResponse:
        language = of_reader(request.query_params, request.headers)
        found = choices(collection_for(request), language, wanted.filters.filters(), wanted.find.model_dump())
        return JSONResponse(found)

    if settings.suggestions:
        questions = tuple(dict.fromkeys((*settings.examples, *settings.questions)))

        @routes.post(f"{below}/suggest", response_model=SuggestResponse, summary="Suggest what to ask")
        def suggest(typed: SuggestRequest, request: Request) -> JSONResponse:
            found = collection_for(request).suggested(typed.text, questions, typed.language)
            return JSONResponse({"suggestions": [asdict(suggestion) for suggestion in found]})


def answering(settings: Settings, log_for: LogFor) -> Answering:
    """The handler of a question, whose answer is kept in the log."""

    def answered(collection: Collection, asked: AskRequest, request: Request) -> JSONResponse:
        began = time.perf_counter()
        found = _answer(collection, asked, settings)
        kept(log_for(request), found, of_reader(request.query_params, request.headers), began)
        return JSONResponse(found.to_json())

    return answered


def _answer(collection: Collection, request: AskRequest, settings: Settings) -> Answer:
    wishes = Wishes(
        section=collection.sections.of_page(request.page.url, request.page.title) if request.page else None,
        filters=request.filters.filters(),
        ignore=request.ignore,
        base=settings.path,
        examples=settings.examples,
        suggest=settings.suggestions,
        offset=request.offset,
    )
    return answer_of(collection, request.parsed(), request.k, wishes)
