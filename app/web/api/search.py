"""Search for programs: ranked passages in pages, or the best passage of each article; nothing is refused."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field, StrictBool, StrictInt

from app.answering.citation import Citation, citation_of
from app.answering.collection import Collection
from app.answering.retrieval import Retrieved
from app.web.api.models import SearchResponse
from app.web.gate import Gate
from app.web.requests import Asked, CollectionFor, Wanted
from index.search.hits import Hit

MOST = 200  # results of a page
_FIRST, RANKED = 200, 1_000  # passages that are ranked for the first pages, and for those behind them


class SearchRequest(Asked):
    """A question, and the part of the ranked passages that is wanted; `by_article` gives the best one of each article.

    `offset` and `limit` reach to the thousandth passage.
    """

    offset: Annotated[StrictInt, Field(ge=0, le=RANKED - 1)] = 0
    limit: Annotated[StrictInt, Field(ge=1, le=MOST)] = 10
    by_article: StrictBool = False
    filters: Wanted = Wanted()


def add_search(v1: FastAPI, collection_for: CollectionFor, base: str, gate: Gate) -> None:
    """Add `/search`; links begin with `base`."""

    @v1.post("/search", response_model=SearchResponse, summary="Rank passages")
    async def search(asked: SearchRequest, request: Request) -> JSONResponse:
        return await gate.worked(request.receive, lambda: _found(collection_for(request), asked, base))


def _found(collection: Collection, asked: SearchRequest, base: str) -> JSONResponse:
    """A page of the ranking. Raises BadQuestion, and BadModel where the reranker fails."""
    question, searcher = asked.parsed(), collection.searcher
    filters = searcher.facets.resolved(asked.filters.filters())
    part = slice(asked.offset, asked.offset + asked.limit)
    rank = partial(collection.retrieve, question, filters=filters, ignore=asked.ignore)
    found = ranked(rank, part.stop, by_article=asked.by_article)
    return JSONResponse(
        {
            "question": question.text,
            "verdict": found.verdict,
            "build": searcher.manifest.name,
            "filters": filters.to_json(),
            "results": [asdict(result) for result in cited(collection, found.hits, part, base)],
            "offset": part.start,
            "more": part.stop < len(found.hits),
        }
    )


def ranked(rank: Callable[[int], Retrieved], end: int, *, by_article: bool = False) -> Retrieved:
    """The ranked passages, at least up to `end` where there are so many, or the best one of each article.

    `rank` gives so many of the best hits. More of them are ranked only behind the first pages, which stay as they are.
    """
    first = rank(_FIRST)
    hits = _results(first.hits, by_article=by_article)
    if end >= len(hits) and len(first.hits) >= _FIRST:
        hits = _results([*first.hits, *rank(RANKED).hits], by_article=by_article)
    return replace(first, hits=hits)


def cited(collection: Collection, hits: Sequence[Hit], part: slice, base: str) -> list[Citation]:
    """The citations of a part of the ranked hits, numbered by rank."""
    known = collection.known()
    return [
        citation_of(number, hit, known, collection.freshness, base)
        for number, hit in enumerate(hits[part], part.start + 1)
    ]


def _results(hits: Sequence[Hit], *, by_article: bool) -> list[Hit]:
    """The hits, each passage once, or the first of each article."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.passage.article.id if by_article else hit.passage.id, hit)
    return list(best.values())
