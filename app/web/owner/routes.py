"""The addresses below `/owner`."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from app.answering.collection import Collection
from app.answering.language import languages
from app.log.database import BadLog
from app.log.question_log import LoggedQuestion, QuestionLog
from app.settings import Settings
from app.web.gate import Gate
from app.web.owner.access import owners_route
from app.web.owner.decisions import Decision, NotDecided, decided, unpinned
from app.web.owner.export import csv_of
from app.web.owner.overview import Selection, lines_of, seen_lines
from app.web.owner.pages import overview_page, question_page, said_page
from app.web.pages import Site
from app.web.requests import Closed, CollectionFor
from index.errors import BadQuestion
from index.search.questions.question import MAX_CHARACTERS

_READ = ["GET", "HEAD"]
_Short = Annotated[str, Field(max_length=200)]


class Chosen(Closed):
    """The questions to show, from the address of the page."""

    days: Annotated[int, Field(ge=1, le=3_650)] = 28
    verdict: Literal["", "answer", "related", "none"] = ""
    q: _Short = ""
    week: _Short = ""
    article: Annotated[str, Field(max_length=1_000)] = ""
    disliked: bool = False

    def selection(self) -> Selection:
        """The selection."""
        return Selection(self.days, self.verdict, self.q, self.week, self.article, self.disliked)


class Asked(Closed):
    """A question of the form on the page."""

    question: Annotated[str, Field(max_length=MAX_CHARACTERS)]


class Decided(Asked):
    """Decision of an owner on a question: an action, and the chosen sentence by its name on the page."""

    action: Literal["test", "none", "pin"]
    sentence: Annotated[str, Field(max_length=2_000)] = ""


class Unpinned(Closed):
    """The pin to remove, by its key."""

    pin: Annotated[str, Field(max_length=64)]


def add_owner(
    app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate, log: QuestionLog | None
) -> None:
    """Add the pages for owners; whoever is none finds nothing there."""
    router = APIRouter(prefix="/owner", route_class=owners_route(settings))
    site = Site(settings.title, settings.path, languages()["en"])

    def lines(days: int, collection: Collection) -> list[LoggedQuestion]:
        return seen_lines(lines_of(log, days), collection.searcher.articles) if log else []

    @router.api_route("", methods=_READ)
    async def overview(chosen: Annotated[Chosen, Query()], request: Request) -> HTMLResponse:
        def page() -> HTMLResponse:
            collection = collection_for(request)
            try:
                shown = lines(chosen.days, collection)
            except BadLog as error:
                return HTMLResponse(said_page(site, str(error), failed=True), status_code=503)
            return HTMLResponse(overview_page(shown, chosen.selection(), collection, site, settings))

        return await gate.worked(request.receive, page)

    @router.api_route("/questions.csv", methods=_READ)
    def export(chosen: Annotated[Chosen, Query()], request: Request) -> StreamingResponse:
        selection = chosen.selection()

        fitting = [line for line in lines(chosen.days, collection_for(request)) if selection.fits(line)]
        attached = {"Content-Disposition": 'attachment; filename="questions.csv"'}
        return StreamingResponse(csv_of(fitting), media_type="text/csv; charset=utf-8", headers=attached)

    _add_forms(router, collection_for, settings, gate, site)
    app.include_router(router)


def _add_forms(router: APIRouter, collection_for: CollectionFor, settings: Settings, gate: Gate, site: Site) -> None:
    def answered(work: Callable[[], str], question: str = "") -> HTMLResponse:
        """The page that the work gives, or one that says why it could not be done and leads back to the question."""
        try:
            return HTMLResponse(work())
        except (BadQuestion, NotDecided) as error:
            return HTMLResponse(said_page(site, str(error), question, failed=True), status_code=422)

    @router.post("/question")
    async def question(asked: Annotated[Asked, Form()], request: Request) -> HTMLResponse:
        def page() -> str:
            return question_page(asked.question, collection_for(request), site, settings)

        return await gate.worked(request.receive, lambda: answered(page))

    @router.post("/decide")
    async def decide(made: Annotated[Decided, Form()], request: Request) -> HTMLResponse:
        def page() -> str:
            decision = Decision(made.question, made.action, made.sentence)
            return said_page(site, decided(decision, collection_for(request), settings), made.question)

        return await run_in_threadpool(answered, page, made.question)

    @router.post("/unpin")
    async def unpin(given: Annotated[Unpinned, Form()], request: Request) -> HTMLResponse:
        def page() -> str:
            return said_page(site, unpinned(given.pin, collection_for(request), settings))

        return await run_in_threadpool(answered, page)
