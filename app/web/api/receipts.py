"""Signed receipts of passages, where the owner has a key."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.responses import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from app.answering.collection import Collection
from app.receipts.keys import read_key
from app.receipts.receipt import SignedReceipt, signed
from app.web.api.routes import readable
from app.web.gate import Gate
from app.web.requests import Closed, CollectionFor
from index.errors import NoPassage
from index.passages.chunking import Passage
from index.passages.sentences import sentence_spans
from index.search.questions.query import encode_queries

Bound = Annotated[int, Field(ge=0, le=2**31 - 1)]


class SpanQuery(Closed):
    """The span of a citation's quote."""

    start: Bound
    end: Bound


def add_receipts(v1: FastAPI, collection_for: CollectionFor, key: Path, gate: Gate) -> None:
    """Add `/receipt`, which signs with the key in this file. Raises BadKey."""
    signer = read_key(key)

    @readable(v1, "/receipt/{article:path}", SignedReceipt, summary="Sign a receipt of a quote")
    async def receipt(request: Request, article: str, span: Annotated[SpanQuery, Query()]) -> Response:
        def sign() -> SignedReceipt:
            collection = collection_for(request)
            passage = quoted_passage(collection, article, span.start, span.end)
            return signed(passage, collection.searcher.manifest.name, signer, datetime.now(UTC))

        made = await gate.worked(request.receive, sign)
        headers = {"Content-Disposition": 'attachment; filename="receipt.json"'}
        return Response(made.model_dump_json(indent=1), media_type="application/json", headers=headers)


def quoted_passage(collection: Collection, article_id: str, start: int, end: int) -> Passage:
    """The passage or sentence with this span, if the file of its article says so now. Raises NoPassage, HTTPException.

    Other spans are none: half a sentence may say the opposite of the whole one.
    """
    article = collection.searcher.articles.by_id(article_id)
    if article is None or not (start < end and _is_quoted(collection, passage := Passage(article, start, end))):
        raise NoPassage(f"{article_id[:200]!r} has no passage {start}-{end} in the build that is live. Ask again")
    state = collection.freshness.state(article)
    if state != "verified":
        raise HTTPException(409, f"the file of this article is {state}, so that nothing is signed")
    return passage


def _is_quoted(collection: Collection, passage: Passage) -> bool:
    article, searcher, span = passage.article, collection.searcher, (passage.start, passage.end)
    blocks = (block for block in article.blocks if block.start <= passage.start and passage.end <= block.end)
    sentences = (sentence for block in blocks for sentence in sentence_spans(article.text, block.start, block.end))
    if span in sentences:
        return True
    [query] = encode_queries([article.title], searcher.store.vocabulary, searcher.encoder, {})  # none of it counts
    candidates = searcher.store.at(article.id, *span, query)
    return candidates is not None and bool(list(candidates.passages([0])))
