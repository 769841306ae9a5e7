"""The addresses of the list, of articles, and of their files."""

import re
from functools import partial
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.settings import Settings
from app.web.articles.article_page import Link, article_page
from app.web.articles.list_page import list_page
from app.web.articles.wanted import Wanted
from app.web.errors import problem_page
from app.web.gate import Gate
from app.web.pages import Site, site_of
from app.web.requests import CollectionFor

_READ = ["GET", "HEAD"]


def add_articles(app: FastAPI, collection_for: CollectionFor, settings: Settings, gate: Gate) -> None:
    """Add the list at `/articles`, an article below it, and its file below `/originals`. Searches pass the gate."""
    site = partial(site_of, settings)
    is_by_groups = bool(settings.groups_header)  # then a file that holds others may hold some that are hidden

    @app.api_route("/articles", methods=_READ)
    async def articles(request: Request) -> HTMLResponse:
        wanted = Wanted.of(request.query_params)

        def page() -> HTMLResponse:
            return HTMLResponse(list_page(collection_for(request).searcher, site(request), wanted))

        return await (gate.worked(request.receive, page) if wanted.words else run_in_threadpool(page))

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
            return HTMLResponse(_missing(site(request), gone=gone), status_code=410 if gone else 404)
        here = site(request)
        serves = settings.serve_originals and not here.language.trial
        original = serves and collection.freshness.path(entry, alone=is_by_groups) is not None
        signs = bool(settings.receipt_key) and not here.language.trial
        return HTMLResponse(article_page(entry, here, link, state, original=original, signs=signs))

    @app.api_route("/originals/{article_id:path}", methods=_READ)
    def original(request: Request, article_id: str) -> Response:
        collection = collection_for(request)
        entry = collection.searcher.articles.by_id(article_id) if settings.serve_originals else None
        path = collection.freshness.path(entry, alone=is_by_groups) if entry else None
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, filename=path.name, media_type="application/octet-stream")


def _missing(site: Site, *, gone: bool) -> str:
    """The page in place of an article that is not there."""
    if gone:
        return problem_page(site, "article.gone_title", "article.gone_text")
    return problem_page(site, "article.missing_title", "article.missing_text")
