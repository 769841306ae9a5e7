"""The web application: chat at `/`, JSON interface, articles, widget, health."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.answering.collection import Collection, Groups
from app.answering.language import TRIAL
from app.log.question_log import QuestionLog
from app.settings import Settings
from app.trials.folder import TrialsFolder
from app.trials.trials import Trials
from app.watch import Watching
from app.web.api.problem import BELOW
from app.web.api.version1 import version1
from app.web.articles.pane import add_pane
from app.web.articles.routes import add_articles
from app.web.chat.calls import chat_calls
from app.web.chat.event import Chat
from app.web.chat.gradio_import import gr
from app.web.chat.page import ChatPage
from app.web.embed import demo_page, widget_script
from app.web.errors import error_handlers
from app.web.feedback import LogFor, add_feedback
from app.web.gate import Gate
from app.web.health import health
from app.web.interface import add_interface
from app.web.middleware.body_limit import body_limit
from app.web.middleware.headers import Compressed, strict_headers
from app.web.middleware.hosts import ChatRoutes, known_hosts
from app.web.middleware.proxy import grouped, public_path, signed_in, trusted_proxies
from app.web.owner.access import told_directness
from app.web.owner.routes import add_owner
from app.web.pages import HERE, site_of
from app.web.requests import CollectionFor
from app.web.trial import UPLOADED, add_trials, shown
from index.encoder.openvino_runtime import cores

_READ = ["GET", "HEAD"]
_MCP_HEADERS = ("mcp-method", "mcp-name", "mcp-protocol-version")


def web_app(seen_by: Callable[[Groups], Collection], settings: Settings, watcher: Watching | None = None) -> ASGIApp:
    """The whole application behind its middleware.

    `seen_by` gives the current collection as somebody of these groups sees it.
    """
    log = QuestionLog(Path(settings.log), settings.log_days) if settings.log else None
    app = _bare_app(settings, log)
    gate = _gate(settings)
    trials = Trials(TrialsFolder.of(settings), lambda: seen_by(None)) if settings.upload else None

    def collection_for(request: Request | gr.Request) -> Collection:
        if trials and (token := request.query_params.get(TRIAL)):
            return trials.collection(token)
        return seen_by(request.state.groups)

    def log_for(request: Request | gr.Request) -> QuestionLog | None:
        return None if trials and request.query_params.get(TRIAL) else log

    if trials:
        add_trials(app, trials, lambda request: site_of(settings, request), gate)

    if log:
        add_feedback(app, log, collection_for)
    if log or settings.owners:
        add_owner(app, collection_for, settings, gate, log)
    add_interface(app, collection_for, settings, gate, log_for, below="/api")
    app.mount(BELOW, version1(collection_for, settings, gate, log_for))
    if settings.mcp:
        from app.mcp.door import add_mcp  # imports the SDK, which takes a second

        add_mcp(app, collection_for, settings, gate, log_for)
    if settings.metrics:
        _add_metrics(app, lambda: seen_by(None), settings, watcher)
    app.add_api_route("/healthz", health(lambda: seen_by(None), settings, watcher), methods=_READ)
    _add_pages(app, collection_for, settings, gate)
    _add_chat(app, collection_for, settings, gate, trials=trials, log_for=log_for)
    return _behind_middleware(app, settings)


def _bare_app(settings: Settings, log: QuestionLog | None) -> FastAPI:
    """The application with its errors, the origins that may read it, and the files of its pages."""
    handlers = error_handlers(settings)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, exception_handlers=handlers, lifespan=_writing(log))
    # This also switches off Gradio's own rule, which lets any origin read answers.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["POST"],
        allow_headers=["content-type", *(_MCP_HEADERS if settings.mcp else ())],
        expose_headers=["retry-after"],
    )
    app.add_middleware(Compressed)
    app.mount("/site", StaticFiles(directory=HERE / "site"))  # Gradio has a /static of its own
    return app


def _writing(log: QuestionLog | None) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """The life of the application with its log, which is written to the end."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        if log:
            log.start()
        yield
        if log:
            log.close()

    return life


def _add_metrics(app: FastAPI, whole: Callable[[], Collection], settings: Settings, watcher: Watching | None) -> None:
    from app.metrics.door import add_metrics  # the client of Prometheus
    from app.metrics.exposition import IndexState

    add_metrics(app, IndexState(whole, settings.index, watcher))


def _behind_middleware(app: FastAPI, settings: Settings) -> ASGIApp:
    wrapped = grouped(body_limit(app, UPLOADED if settings.upload else ""), settings.groups_header)
    wrapped = signed_in(wrapped, settings.user_header)
    wrapped = known_hosts(wrapped, settings.allowed_hosts)
    wrapped = strict_headers(wrapped, settings.allowed_origins)
    wrapped = public_path(wrapped, settings.path)
    wrapped = trusted_proxies(wrapped, settings.trusted_proxies, settings.user_header, settings.groups_header)
    wrapped = told_directness(wrapped)
    if settings.metrics:
        from app.metrics.door import measured

        wrapped = measured(wrapped, settings)

    async def entered(scope: Scope, receive: Receive, send: Send) -> None:
        # the start and the end of the server are no requests
        await (wrapped if scope["type"] == "http" else app)(scope, receive, send)

    return entered


def _gate(settings: Settings) -> Gate:
    """The gate of one worker: its share of the cores and of the queue."""
    bounds = max(cores() // settings.workers, 1), -(-settings.waiting // settings.workers)
    if settings.metrics:
        from app.metrics.door import MeasuredGate

        return MeasuredGate(*bounds)
    return Gate(*bounds)


def _add_chat(
    app: FastAPI,
    collection_for: CollectionFor,
    settings: Settings,
    gate: Gate,
    *,
    trials: Trials | None,
    log_for: LogFor,
) -> None:
    """Add our own page at `/` and, below it, the paths of Gradio that the chat needs."""
    page = Chat(collection_for, settings, log_for).page()
    events = {number: str(event.name) for number, event in page.fns.items()}
    opened = ChatPage(settings, next(number for number, name in events.items() if name == "turn"))

    @app.api_route("/", methods=_READ)
    def chat(request: Request) -> HTMLResponse:
        token = request.query_params.get(TRIAL) if trials else None
        until = shown(trials.until(token)) if trials and token else ""
        collection, site = collection_for(request), site_of(settings, request)
        person = request.headers.get(settings.user_header, "") if settings.user_header else ""
        return HTMLResponse(opened(collection, site, request.query_params, until=until, person=person))

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


def _add_pages(app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate) -> None:
    """Add the pages beside the chat."""
    add_articles(app, collection_for, settings, gate)
    add_pane(app, collection_for, settings)
    _add_widget(app, collection_for, settings)


def _add_widget(app: FastAPI, collection_for: CollectionFor, settings: Settings) -> None:
    script = widget_script()

    @app.api_route("/widget.js", methods=_READ)
    def widget() -> Response:
        return Response(script, media_type="text/javascript")

    @app.api_route("/demo", methods=_READ)
    def demo(request: Request, section: str = "", opened: bool = False) -> HTMLResponse:
        address = str(request.base_url).rstrip("/")
        collection, site = collection_for(request), site_of(settings, request)
        articles, sections = collection.searcher.articles, collection.sections
        return HTMLResponse(demo_page(articles, sections, site, address=address, wanted=section, opened=opened))
