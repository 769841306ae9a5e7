"""Articles for programs: the list in pages, and each article whole, with tags that spare sending them again."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from app.answering.collection import Collection
from app.answering.links import article_address
from app.answering.suggestions.suggestion import heading_spans
from app.web.api.models import ArticleResponse, ArticlesResponse, entry_of
from app.web.api.routes import readable, tagged
from app.web.articles.list_page import listed
from app.web.articles.wanted import Wanted
from app.web.gate import Gate
from app.web.requests import Closed, CollectionFor

NOT_SENT: Mapping[int | str, Any] = {304: {"description": "The client holds it already."}}
PAGE, LONGEST = 50, 200  # articles of a page


class ListQuery(Closed):
    """The part of the list that is wanted: words `q` in titles or texts, one folder, an order, and a page."""

    q: Annotated[str, Field(max_length=200)] = ""
    folder: Annotated[str, Field(max_length=1_000)] = ""
    sort: Literal["date", "title", "folder", "best"] | None = None
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=LONGEST)] = PAGE


def add_api_articles(v1: FastAPI, collection_for: CollectionFor, base: str, gate: Gate) -> None:
    """Add `/articles` and the articles below it; links begin with `base`. Searches pass the gate."""

    @readable(v1, "/articles", ArticlesResponse, responses=NOT_SENT, summary="List the articles")
    async def articles(request: Request, query: Annotated[ListQuery, Query()]) -> Response:
        def page() -> Response:
            return tagged(request, _page(collection_for(request), query, base))

        return await (gate.worked(request.receive, page) if query.q.strip() else run_in_threadpool(page))

    @readable(v1, "/articles/{article:path}", ArticleResponse, responses=NOT_SENT, summary="Get an article")
    def article(request: Request, article: str) -> Response:
        return tagged(request, _whole(collection_for(request), article, base))


def _page(collection: Collection, query: ListQuery, base: str) -> dict[str, Any]:
    searcher = collection.searcher
    fields = {"q": query.q, "folder": query.folder, "sort": query.sort or ""}
    found = listed(searcher, Wanted.of(fields))
    entries = [found.entries[row] for row in found.ordered[query.offset : query.offset + query.limit]]
    return {
        "total": len(found.ordered),
        "offset": query.offset,
        "articles": [entry_of(entry, base).model_dump() for entry in entries],
        "build": searcher.manifest.name,
    }


def _whole(collection: Collection, article_id: str, base: str) -> dict[str, Any]:
    """The article. Raises HTTPException; a hidden article is as one that never was."""
    article = collection.searcher.articles.by_id(article_id)
    if article is None:
        raise HTTPException(404, "there is no such article")
    state = collection.freshness.state(article)
    if state == "gone":
        raise HTTPException(410, "the file of this article is gone")
    fields = article.to_json()
    shown = ("title", "text", "publisher", "published", "sources", "language", "sha256", "valid_until")
    return {
        "article": article.id,
        **{name: fields[name] for name in shown},
        "url": article.url or None,
        "headings": heading_spans(article),
        "receipt": state,
        "changed": article.changed,
        "fetched": article.fetched,
        "link": base + article_address(article.id),
        "build": collection.searcher.manifest.name,
    }
