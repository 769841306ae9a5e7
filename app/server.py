"""The web side: chat at `/`, answers as JSON, the article reader, health."""

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from app.api import AskRequest, ask
from app.chat import CSS, chat
from app.limits import BodyLimit
from app.reader import HERE, article_page, list_page, missing_page
from app.settings import Settings
from index.errors import BadQuestion, UserError
from index.search import Searcher

# The reader's pages hold no script at all and load nothing but their own style sheet.
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def web_app(searcher: Searcher, settings: Settings) -> FastAPI:
    """The whole application over one searcher."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(BodyLimit)
    # No other origin may read answers; this also switches off Gradio's own rule, which reflects any origin.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(HTTPException, _refused)
    app.mount("/style", StaticFiles(directory=HERE / "static"))  # Gradio has a /static of its own
    _add_interface(app, searcher)
    _add_reader(app, searcher, settings.title)
    gr.mount_gradio_app(
        app,
        chat(searcher, settings.title, settings.examples),
        path="/",
        css_paths=[CSS],
        theme=gr.themes.Default(primary_hue="blue", font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        enable_monitoring=False,
        app_kwargs={"openapi_url": None, "docs_url": None, "redoc_url": None},
    )
    return app


def _add_interface(app: FastAPI, searcher: Searcher) -> None:
    @app.post("/api/ask")
    def answer(request: AskRequest) -> JSONResponse:
        try:
            return JSONResponse(ask(searcher, request))
        except BadQuestion as error:
            return JSONResponse({"error": str(error)}, status_code=422)
        except UserError as error:  # the index was damaged since it was opened: the owner must act, not the asker
            return JSONResponse({"error": str(error)}, status_code=503)

    @app.get("/healthz")
    def health() -> dict[str, object]:
        manifest = searcher.manifest
        counts = {"articles": manifest.counts.articles, "passages": manifest.counts.passages}
        return {"status": "ok", "build": manifest.name, "encoder": manifest.identity.model, **counts}


def _add_reader(app: FastAPI, searcher: Searcher, title: str) -> None:
    @app.get("/articles")
    def articles(q: str = "", page: int = 1) -> HTMLResponse:
        return HTMLResponse(list_page(searcher.articles, title, q[:200], page), headers=_PAGE_HEADERS)

    @app.get("/articles/{article_id:path}")
    def article(article_id: str, start: str = "", end: str = "", mark: str = "") -> HTMLResponse:
        found = searcher.articles.by_id(article_id)
        if found is None:
            return HTMLResponse(missing_page(title), status_code=404, headers=_PAGE_HEADERS)
        return HTMLResponse(article_page(found, title, start, end, mark), headers=_PAGE_HEADERS)


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for this type alone
    return JSONResponse({"error": error.detail}, status_code=error.status_code, headers=error.headers)


def _bad_request(_: Request, error: Exception) -> Response:
    """Every malformed request in one sentence: which field, and what is wrong with it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for this type alone
    problems = [
        f"{'.'.join(str(part) for part in item['loc'][1:]) or 'body'}: {item['msg']}" for item in error.errors()
    ]
    return JSONResponse({"error": "; ".join(problems)}, status_code=422)
