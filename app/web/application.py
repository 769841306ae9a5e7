"""The web side: chat at `/`, answers as JSON, the article reader, the widget, health."""

import logging
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, TypeAlias

import gradio as gr
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.types import ASGIApp

from app.answering.collection import Collection, Groups
from app.answering.language import of_reader
from app.settings import Settings
from app.watch import Watching
from app.web.api import ask, why
from app.web.article_page import Place, article_page, list_page, missing_page
from app.web.chat import Chat
from app.web.chat_calls import ChatCalls
from app.web.embed import demo_page, widget_script
from app.web.gate import RETRY_AFTER, Full, Gate, Gone
from app.web.health import health
from app.web.middleware.body_limit import BodyLimit
from app.web.middleware.headers import Packed, StrictHeaders
from app.web.middleware.hosts import ChatRoutes, KnownHosts
from app.web.middleware.proxy import Grouped, PublicPath, SignedIn, TrustedProxies
from app.web.pages import HERE, Site
from app.web.requests import AskRequest, WhyRequest
from app.web.requests import Request as Asking
from index.encoder.openvino_runtime import cores
from index.errors import BadModel, BadQuestion, NoPassage, UserError

_log = logging.getLogger(__name__)
_READ = ["GET", "HEAD"]


Shown: TypeAlias = Callable[[Asking], Collection]
"""The collection that answers now, as whoever sent a request may see it: there is no other way to it."""


def web_app(seen_by: Callable[[Groups], Collection], settings: Settings, watcher: Watching | None = None) -> ASGIApp:
    """The whole application, behind everything that a request must pass first.

    `seen_by` gives the collection that answers now, as somebody of these groups sees it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    # This also switches off Gradio's own rule, which lets any origin read answers.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["POST"],
        allow_headers=["content-type"],
        expose_headers=["retry-after"],
    )
    app.add_middleware(Packed)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(Full, _full)
    app.add_exception_handler(Gone, _gone)
    app.add_exception_handler(UserError, _unanswered)
    app.add_exception_handler(Exception, _failed)
    app.mount("/site", StaticFiles(directory=HERE / "site"))  # Gradio has a /static of its own
    gate = _gate(settings)

    def shown(request: Asking) -> Collection:
        return seen_by(request.state.groups)

    at_start = seen_by(frozenset() if settings.groups_header else None)  # what anybody may be told
    _add_interface(app, shown, settings, gate)
    app.add_api_route("/healthz", health(lambda: seen_by(None), settings, watcher), methods=_READ)
    _add_reader(app, shown, settings)
    _add_widget(app, shown, settings)
    _add_chat(app, Chat(shown, settings).page(at_start), shown, settings, gate)
    wrapped: ASGIApp = Grouped(BodyLimit(app), settings.groups_header)
    wrapped = SignedIn(wrapped, settings.user_header)
    wrapped = KnownHosts(wrapped, settings.allowed_hosts)
    wrapped = StrictHeaders(wrapped, settings.allowed_origins)
    wrapped = PublicPath(wrapped, settings.path)
    return TrustedProxies(wrapped, settings.trusted_proxies, settings.user_header, settings.groups_header)


def _gate(settings: Settings) -> Gate:
    """The gate of one of the workers: its share of the cores, and of the line before them."""
    return Gate(max(cores() // settings.workers, 1), -(-settings.waiting // settings.workers))


def _add_chat(app: FastAPI, page: gr.Blocks, shown: Shown, settings: Settings, gate: Gate) -> None:
    """Gradio below a page of ours, with nothing of it open but what the chat needs."""
    gradio = _gradio_assets()

    @app.api_route("/", methods=_READ)
    def opened(request: Request) -> HTMLResponse:
        site, facets = _site(settings, request), shown(request).searcher.facets.to_json()
        why = site.language.group("why")
        return HTMLResponse(site.page("chat.html", gradio=gradio, facets=facets, why=why))

    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=gr.themes.Default(primary_hue="blue", font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
    )
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)  # noqa: S101 - what `mount_gradio_app` has just added
    events = {number: str(event.name) for number, event in page.fns.items()}
    app.routes[-1] = ChatRoutes("/", ChatCalls(mounted.app, events, gate))


def _gradio_assets() -> dict[str, str]:
    """The script and the style sheet that Gradio's own page loads.

    That page also holds inline scripts, which no strict policy allows, and names hosts of the
    internet; without them its script asks the server for what it needs.
    """
    page = (Path(gr.__file__).parent / "templates" / "frontend" / "index.html").read_text("utf-8")
    script, style = (re.search(rf'="\./(assets/index-[\w-]+\.{ending})"', page) for ending in ("js", "css"))
    if script is None or style is None:
        raise RuntimeError("Gradio's page has another form than that of the pinned version")
    return {"script": script[1], "style": style[1]}


def _add_interface(app: FastAPI, shown: Shown, settings: Settings, gate: Gate) -> None:
    @app.post("/api/ask")
    async def answer(asked: AskRequest, request: Request) -> JSONResponse:
        return await gate.worked(request.receive, lambda: JSONResponse(ask(shown(request), asked, settings)))

    @app.post("/api/why")
    async def explanation(asked: WhyRequest, request: Request) -> JSONResponse:
        return await gate.worked(request.receive, lambda: JSONResponse(why(shown(request), asked)))

    @app.api_route("/api/facets", methods=_READ)
    def facets(request: Request) -> dict[str, object]:
        return shown(request).searcher.facets.to_json()


def _add_reader(app: FastAPI, shown: Shown, settings: Settings) -> None:
    site = partial(_site, settings)

    @app.api_route("/articles", methods=_READ)
    def articles(request: Request, q: str = "", page: int = 1) -> HTMLResponse:
        return HTMLResponse(list_page(shown(request).searcher.articles, site(request), q[:200], page))

    @app.api_route("/articles/{article_id:path}", methods=_READ)
    def article(request: Request, article_id: str, place: Annotated[Place, Depends()]) -> HTMLResponse:
        collection = shown(request)
        found = collection.searcher.articles.by_id(article_id)
        state = collection.freshness.state(found) if found else "gone"
        if found is None or state == "gone":
            # Where access is by groups, what is hidden must look like what never was.
            gone = found is not None or (place.names_edition and not settings.groups_header)
            return HTMLResponse(missing_page(site(request), gone=gone), status_code=410 if gone else 404)
        original = settings.serve_originals and collection.freshness.path(found) is not None
        return HTMLResponse(article_page(found, site(request), place, state, original=original))

    @app.api_route("/originals/{article_id:path}", methods=_READ)
    def original(request: Request, article_id: str) -> Response:
        collection = shown(request)
        found = collection.searcher.articles.by_id(article_id) if settings.serve_originals else None
        path = collection.freshness.path(found) if found else None
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _add_widget(app: FastAPI, shown: Shown, settings: Settings) -> None:
    script = widget_script()

    @app.api_route("/widget.js", methods=_READ)
    def widget() -> Response:
        return Response(script, media_type="text/javascript")

    @app.api_route("/demo", methods=_READ)
    def demo(request: Request, section: str = "", opened: bool = False) -> HTMLResponse:
        address = str(request.base_url).rstrip("/")
        collection, site = shown(request), _site(settings, request)
        articles, sections = collection.searcher.articles, collection.sections
        return HTMLResponse(demo_page(articles, sections, site, address=address, wanted=section, opened=opened))


def _site(settings: Settings, request: Request) -> Site:
    return Site(settings.title, settings.path, of_reader(request.query_params, request.headers))


# Coroutines all: a function would wait for a thread, and those may be taken.
async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this type alone
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def _bad_request(_: Request, error: Exception) -> Response:
    """Every malformed request in one sentence: which field, and what is wrong with it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for this type alone
    problems = [
        f"{'.'.join(str(part) for part in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()
    ]
    return JSONResponse({"error": "; ".join(problems)}, status_code=422)


async def _unanswered(_: Request, error: Exception) -> Response:
    """What the asker can mend in its own words; what broke since it was opened is for the owner, in the log."""
    if isinstance(error, BadQuestion | NoPassage):
        return JSONResponse({"error": str(error)}, status_code=422 if isinstance(error, BadQuestion) else 404)
    _log.error("%s", error)
    what = "reranker cannot be used" if isinstance(error, BadModel) else "index cannot be read"
    return JSONResponse({"error": f"the {what}; see the server's log"}, status_code=503)


async def _full(_: Request, __: Exception) -> Response:
    error = "too many questions are waiting. Ask again in a moment"
    return JSONResponse({"error": error}, status_code=503, headers={"Retry-After": str(RETRY_AFTER)})


async def _gone(_: Request, __: Exception) -> Response:
    """To nobody: it takes the place of an error in the log."""
    return Response(status_code=499)


async def _failed(_: Request, __: Exception) -> Response:
    """A bug: its traceback goes to the log, and nothing of it to the asker."""
    return JSONResponse({"error": "this failed on the server; see its log"}, status_code=500)
