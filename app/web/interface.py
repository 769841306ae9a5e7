"""The JSON interface: answers, reasons, values to filter by, suggestions."""

import time

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.language import of_reader
from app.answering.reply import Wishes, answer_of
from app.settings import Settings
from app.web.choices import choices
from app.web.feedback import LogFor, kept
from app.web.gate import Gate
from app.web.requests import AskRequest, CollectionFor, FacetsRequest, SuggestRequest, WhyRequest

_READ = ["GET", "HEAD"]


def add_interface(app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate, log_for: LogFor) -> None:
    """Add the addresses below `/api/`."""

    @app.post("/api/ask")
    async def answer(asked: AskRequest, request: Request) -> JSONResponse:
        def answered() -> JSONResponse:
            began = time.perf_counter()
            found = _answer(collection_for(request), asked, settings)
            kept(log_for(request), found, of_reader(request.query_params, request.headers), began)
            return JSONResponse(found.to_json())

        return await gate.worked(request.receive, answered)

    @app.post("/api/why")
    async def explanation(asked: WhyRequest, request: Request) -> JSONResponse:
        def explain() -> JSONResponse:
            passage = (asked.article, asked.start, asked.end)
            found, mentions = collection_for(request).explain(asked.parsed(), *passage, ignore=asked.ignore)
            fitting = [{**mention.to_json(), "fits": fits} for mention, fits in mentions]
            return JSONResponse({**found.to_json(), "preferences": fitting})

        return await gate.worked(request.receive, explain)

    @app.api_route("/api/facets", methods=_READ)
    def facets(request: Request) -> dict[str, object]:
        return collection_for(request).searcher.facets.to_json()

    @app.post("/api/facets")
    def counts(wanted: FacetsRequest, request: Request) -> dict[str, object]:
        language = of_reader(request.query_params, request.headers)
        return choices(collection_for(request), language, wanted.filters.filters(), wanted.find.model_dump())

    if settings.suggestions:
        questions = tuple(dict.fromkeys((*settings.examples, *settings.questions)))

        @app.post("/api/suggest")
        def suggestions(typed: SuggestRequest, request: Request) -> dict[str, object]:
            return {"suggestions": collection_for(request).suggested(typed.text, questions, typed.language)}


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
