"""Addresses that the chat's side pane asks: references of a quote to copy."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.answering.collection import Collection
from app.answering.language import of_reader
from app.settings import Settings
from app.web.article_page import Link, reference_of
from app.web.reference import FORMATS
from app.web.requests import CollectionFor
from index.articles.article import Article

_READ = ["GET", "HEAD"]


def add_pane(app: FastAPI, collection_for: CollectionFor, settings: Settings) -> None:
    """Add the addresses, which show what the articles' own pages show to the same person."""

    @app.api_route("/references/{article_id:path}", methods=_READ)
    def references(request: Request, article_id: str, link: Annotated[Link, Depends()]) -> JSONResponse:
        article = _shown(collection_for(request), article_id)
        language = of_reader(request.query_params, request.headers)
        reference = reference_of(article, link, str(request.base_url).rstrip("/"), language)
        copies = {name: made(reference) for name, made in FORMATS.items()}
        return JSONResponse({"article": article.id, "title": article.title, "quote": reference.quote, **copies})


def _shown(collection: Collection, article_id: str) -> Article:
    """The article, if its page shows it. Raises HTTPException."""
    article = collection.searcher.articles.by_id(article_id)
    if article is None or collection.freshness.state(article) == "gone":
        raise HTTPException(404)
    return article
