"""The web application: chat at `/`, JSON interface, articles, widget, health."""

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

import gradio as gr
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.collection import Collection, Groups
from app.answering.language import TRIAL, of_reader
from app.settings import Settings
from app.trials.folder import TrialsFolder
from app.trials.trials import Trials
from app.watch import Watching
from app.web.article_page import Link, article_page, list_page
from app.web.chat.calls import chat_calls
from app.web.chat.event import Chat
from app.web.chat.page import ChatPage
from app.web.embed import demo_page, widget_script
from app.web.gate import Gate
from app.web.health import health
from app.web.interface import add_interface
from app.web.middleware.body_limit import body_limit
from app.web.middleware.headers import Compressed, strict_headers
from app.web.middleware.hosts import ChatRoutes, known_hosts
from app.web.middleware.proxy import grouped, public_path, signed_in, trusted_proxies
from app.web.pages import HERE, Site
from app.web.requests import CollectionFor
from app.web.trial import UPLOADED, add_trials, shown
from index.encoder.openvino_runtime import cores
from index.errors import BadModel, BadQuestion, NoPassage, UserError

_log = logging.getLogger(__name__)
_READ = ["GET", "HEAD"]


def web_app(seen_by: Callable[[Groups], Collection], settings: Settings, watcher: Watching | None = None) -> ASGIApp:
    """The whole application behind its middleware.

    `seen_by` gives the current collection as somebody of these groups sees it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, exception_handlers=_HANDLERS)
    # This also switches off Gradio's own rule, which lets any origin read answers.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["POST"],
        allow_headers=["content-type"],
        expose_headers=["retry-after"],
    )
    app.add_middleware(Compressed)
    app.mount("/site", StaticFiles(directory=HERE / "site"))  # Gradio has a /static of its own
    gate = _gate(settings)
    trials = Trials(TrialsFolder.of(settings), lambda: seen_by(None)) if settings.upload else None

    def collection_for(request: Request | gr.Request) -> Collection:
        if trials and (token := request.query_params.get(TRIAL)):
            return trials.collection(token)
        return seen_by(request.state.groups)

    if trials:
        add_trials(app, trials, partial(_site, settings), gate)

    add_interface(app, collection_for, settings, gate)
    app.add_api_route("/healthz", health(lambda: seen_by(None), settings, watcher), methods=_READ)
    _add_articles(app, collection_for, settings)
    _add_widget(app, collection_for, settings)
    _add_chat(app, collection_for, settings, gate, trials)
    return _behind_middleware(app, settings)


def _behind_middleware(app: FastAPI, settings: Settings) -> ASGIApp:
    wrapped = grouped(body_limit(app, UPLOADED if settings.upload else ""), settings.groups_header)
    wrapped = signed_in(wrapped, settings.user_header)
    wrapped = known_hosts(wrapped, settings.allowed_hosts)
    wrapped = strict_headers(wrapped, settings.allowed_origins)
    wrapped = public_path(wrapped, settings.path)
    wrapped = trusted_proxies(wrapped, settings.trusted_proxies, settings.user_header, settings.groups_header)

    async def entered(scope: Scope, receive: Receive, send: Send) -> None:
        # the start and the end of the server are no requests
        await (wrapped if scope["type"] == "http" else app)(scope, receive, send)

    return entered


def _gate(settings: Settings) -> Gate:
    """The gate of one worker: its share of the cores and of the queue."""
    return Gate(max(cores() // settings.workers, 1), -(-settings.waiting // settings.workers))


def _add_chat(
    app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate, trials: Trials | None
) -> None:
    """Add our own page at `/` and, below it, the paths of Gradio that the chat needs."""
    page = Chat(collection_for, settings).page()
    events = {number: str(event.name) for number, event in page.fns.items()}
    opened = ChatPage(settings, next(number for number, name in events.items() if name == "turn"))

    @app.api_route("/", methods=_READ)
    def chat(request: Request) -> HTMLResponse:
        token = request.query_params.get(TRIAL) if trials else None
        until = shown(trials.until(token)) if trials and token else ""
        return HTMLResponse(opened(collection_for(request), _site(settings, request), request.query_params, until))

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
    assert isinstance(mounted, Mount)  # noqa: S101 - `mount_gradio_app` has just added it
    app.routes[-1] = ChatRoutes("/", chat_calls(mounted.app, events, gate))


def _add_articles(app: FastAPI, collection_for: CollectionFor, settings: Settings) -> None:
    site = partial(_site, settings)

    @app.api_route("/articles", methods=_READ)
    def articles(request: Request, q: str = "", page: int = 1) -> HTMLResponse:
        return HTMLResponse(list_page(collection_for(request).searcher.articles, site(request), q[:200], page))

    @app.api_route("/articles/{article_id:path}", methods=_READ)
    def article(request: Request, article_id: str, link: Annotated[Link, Depends()]) -> HTMLResponse:
        collection = collection_for(request)
        entry = collection.searcher.articles.by_id(article_id)
        state = collection.freshness.state(entry) if entry else "gone"
        if entry is None or state == "gone":
            # A citation's link was made for an article that was there. But with access by groups, a hidden article
            # must look like one that never was.
            is_citation = re.fullmatch("[0-9a-f]{12}", link.cited) is not None
            gone = entry is not None or (is_citation and not settings.groups_header)
            return HTMLResponse(site(request).page("missing.html", gone=gone), status_code=410 if gone else 404)
        here = site(request)
        original = settings.serve_originals and not here.language.trial and collection.freshness.path(entry) is not None
        return HTMLResponse(article_page(entry, here, link, state, original=original))

    @app.api_route("/originals/{article_id:path}", methods=_READ)
    def original(request: Request, article_id: str) -> Response:
        collection = collection_for(request)
        entry = collection.searcher.articles.by_id(article_id) if settings.serve_originals else None
        path = collection.freshness.path(entry) if entry else None
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _add_widget(app: FastAPI, collection_for: CollectionFor, settings: Settings) -> None:
    script = widget_script()

    @app.api_route("/widget.js", methods=_READ)
    def widget() -> Response:
        return Response(script, media_type="text/javascript")

    @app.api_route("/demo", methods=_READ)
    def demo(request: Request, section: str = "", opened: bool = False) -> HTMLResponse:
        address = str(request.base_url).rstrip("/")
        collection, site = collection_for(request), _site(settings, request)
        articles, sections = collection.searcher.articles, collection.sections
        return HTMLResponse(demo_page(articles, sections, site, address=address, wanted=section, opened=opened))


def _site(settings: Settings, request: Request) -> Site:
    return Site(settings.title, settings.path, of_reader(request.query_params, request.headers))


# Handlers are coroutines: functions would wait for a thread, and all threads may be taken.
async def _http_error(_: Request, error: HTTPException) -> Response:
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


async def _bad_request(_: Request, error: RequestValidationError) -> Response:
    """One sentence on a malformed request: each wrong field, and what is wrong with it."""
    problems = [
        f"{'.'.join(str(part) for part in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()
    ]
    return JSONResponse({"error": "; ".join(problems)}, status_code=422)


async def _user_error(_: Request, error: UserError) -> Response:
    """The message itself if the asker can mend the problem; otherwise it is for the owner, in the log."""
    if isinstance(error, BadQuestion | NoPassage):
        return JSONResponse({"error": str(error)}, status_code=422 if isinstance(error, BadQuestion) else 404)
    _log.error("%s", error)
    what = "reranker cannot be used" if isinstance(error, BadModel) else "index cannot be read"
    return JSONResponse({"error": f"the {what}; see the server's log"}, status_code=503)


async def _bug(_: Request, __: Exception) -> Response:
    """A bug: its traceback is in the log, nothing of it reaches the asker."""
    return JSONResponse({"error": "this failed on the server; see its log"}, status_code=500)


_HANDLERS: dict[Any, Any] = {
    RequestValidationError: _bad_request,
    HTTPException: _http_error,
    UserError: _user_error,
    Exception: _bug,
}
