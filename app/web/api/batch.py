"""Many questions in one request: lines of JSON in, a line for each out, as soon as it is answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import Scope

from app.web.api.routes import media_type
from app.web.errors import failure_of, problem_of
from app.web.gate import Full, Gate, Gone
from app.web.interface import Answering
from app.web.requests import AskRequest, CollectionFor
from index.errors import UserError

LINES = "application/x-ndjson"
MOST_QUESTIONS = 500
_PAUSE = 1.0  # seconds until a question is tried again whose place in the queue was taken
_SCHEMA = {"type": "string", "description": "one object a line"}
DESCRIBED: dict[str, Any] = {
    "requestBody": {"content": {LINES: {"schema": _SCHEMA}}},
    "responses": {"200": {"content": {LINES: {"schema": _SCHEMA}}}},
}


class BatchRoute(Route):
    """The route of requests that ask for lines; others are left to the route of one question."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As of any route, but for requests that say nothing of lines."""
        given = Request(scope).headers
        named = LINES in f"{given.get('accept', '')} {given.get('content-type', '')}".lower()
        return super().matches(scope) if named and scope.get("method") == "POST" else (Match.NONE, {})


def batch_route(path: str, collection_for: CollectionFor, answered: Answering, gate: Gate) -> BatchRoute:
    """The route that answers each line of a body, in order, on the collection that it began with.

    Each question waits in the gate like that of anybody else, so that no batch holds up others. A question that
    cannot be answered gets a problem document in its line, and the next one follows.
    """

    async def batch(request: Request) -> Response:
        if media_type(request) != LINES:
            raise HTTPException(415, f"send the questions as {LINES}, one object a line", {"Accept": LINES})
        lines = [line for line in (await request.body()).splitlines() if line.strip()]
        if not 0 < len(lines) <= MOST_QUESTIONS:
            raise HTTPException(422, f"send 1 to {MOST_QUESTIONS} questions, one a line; these are {len(lines):,}")
        collection = await run_in_threadpool(collection_for, request)

        async def answer(line: bytes) -> bytes:
            try:
                asked = AskRequest.model_validate_json(line)
                response: Response = await gate.worked(request.receive, lambda: answered(collection, asked, request))
            except (ValidationError, UserError) as error:
                response = problem_of(failure_of(error))
            return bytes(response.body) + b"\n"

        async def answers(first: bytes) -> AsyncIterator[bytes]:
            yield first
            with suppress(Gone):
                for line in lines[1:]:
                    yield await _patiently(answer, line)

        return StreamingResponse(answers(await answer(lines[0])), media_type=LINES)  # Full where no place is left

    return BatchRoute(path, batch, methods=["POST"])


async def _patiently(answer: Callable[[bytes], Awaitable[bytes]], line: bytes) -> bytes:
    """The answer to a line, as soon as the queue has a place for it."""
    while True:
        try:
            return await answer(line)
        except Full:
            await asyncio.sleep(_PAUSE)
