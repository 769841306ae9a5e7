"""Addresses that the chat's side pane and the article in it ask: references to copy, pages of PDFs as pictures."""

import hashlib
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.answering.collection import Collection
from app.answering.language import of_reader
from app.settings import Settings
from app.web.articles.article_page import Link, is_pdf, reference_of, spans_of
from app.web.articles.reference import FORMATS
from app.web.gate import Gate
from app.web.requests import CollectionFor
from index.articles.article import Article
from index.errors import BadArticle
from index.reading.files import file_bytes

_READ = ["GET", "HEAD"]
_MOST_BYTES = 100_000_000  # of a PDF that is drawn
_WAITING = 16  # pictures that wait for the one that is being drawn


def add_pane(app: FastAPI, collection_for: CollectionFor, settings: Settings) -> None:
    """Add the addresses, which show what the articles' own pages show to the same person."""

    @app.api_route("/references/{article_id:path}", methods=_READ)
    def references(request: Request, article_id: str, link: Annotated[Link, Depends()]) -> JSONResponse:
        article = _shown(collection_for(request), article_id)
        language = of_reader(request.query_params, request.headers)
        reference = reference_of(article, link, str(request.base_url).rstrip("/"), language)
        copies = {name: made(reference) for name, made in FORMATS.items()}
        return JSONResponse({"article": article.id, "title": article.title, "quote": reference.quote, **copies})

    if settings.serve_originals:
        gate = Gate(1, _WAITING)  # not that of the questions: a picture takes longer and more memory

        @app.api_route("/pictures/{article_id:path}", methods=_READ)
        async def picture(request: Request, article_id: str, link: Annotated[Link, Depends()]) -> Response:
            await request.body()  # so that the gate hears when its sender leaves
            png = await gate.worked(request.receive, lambda: _picture(collection_for(request), article_id, link))
            return Response(png, media_type="image/png")


def _picture(collection: Collection, article_id: str, link: Link) -> bytes:
    """The page that a citation's link names, from the very file that was indexed. Raises HTTPException."""
    from index.reading.formats.pdfpicture import page_picture  # PDFium, which most servers never need

    article = collection.searcher.articles.by_id(article_id)
    path = collection.freshness.path(article) if article and is_pdf(article) else None
    if article is None or path is None:
        raise HTTPException(404)
    passage, sentence = spans_of(article, link)
    page = article.page((sentence or passage)[0]) if passage else None
    if passage is None or page is None:
        raise HTTPException(404)
    try:
        raw = file_bytes(path, _MOST_BYTES)
        if hashlib.sha256(raw).hexdigest() != article.sha256:
            raise HTTPException(404)
        return page_picture(raw, page, article.text[slice(*passage)], article.text[slice(*(sentence or passage))])
    except BadArticle as error:
        raise HTTPException(404) from error


def _shown(collection: Collection, article_id: str) -> Article:
    """The article, if its page shows it. Raises HTTPException."""
    article = collection.searcher.articles.by_id(article_id)
    if article is None or collection.freshness.state(article) == "gone":
        raise HTTPException(404)
    return article
