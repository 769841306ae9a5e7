"""Answers in the log of questions, and the request of an asker's word on one."""

import time
from collections.abc import Callable
from typing import Annotated, TypeAlias

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, FastAPI, Request
from pydantic import Field, StrictBool
from starlette.exceptions import HTTPException

from app.answering.answer import Answer
from app.answering.collection import Collection
from app.answering.language import Language
from app.log.question_log import QuestionLog
from app.log.writer import NotKept
from app.web.chat.gradio_import import gr
from app.web.requests import Closed, CollectionFor, Offset
from index.errors import NoPassage

_RATE, _MOST = 20.0, 100.0  # words that a worker takes a second, and at once
_THREADS = 4  # that may wait for the disk, besides those that answer questions
_AGAIN = {"Retry-After": "1"}

LogFor: TypeAlias = Callable[[Request | gr.Request], QuestionLog | None]
"""The log in which the question of a request is kept; None where it is not."""


def kept(log: QuestionLog | None, answer: Answer, language: Language, began: float) -> str:
    """Keep the answer to a question that was begun at a time of `time.perf_counter`, unless it is small talk.

    Returns the token for feedback on it, empty for none.
    """
    if log is None or answer.help:
        return ""
    return log.add(
        answer.question,
        verdict=answer.verdict,
        articles=[citation.article for citation in answer.citations],
        build=answer.build,
        milliseconds=round((time.perf_counter() - began) * 1_000),
        language=language.code,
        filters=answer.filters.to_json(),
    )


class Pressed(Closed):
    """A passage that is, or with `pressed` false is no longer, the one that answers."""

    article: Annotated[str, Field(max_length=2_000)]
    start: Offset
    end: Annotated[Offset, Field(ge=1)]
    pressed: StrictBool


class FeedbackRequest(Closed):
    """A word on the answer with this token: whether it helped, null for no longer; or on a passage of it."""

    answer: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
    helpful: StrictBool | None = None
    passage: Pressed | None = None


class _Rate:
    """A bound on how many come in a second, without regard to who sends them."""

    def __init__(self) -> None:
        self._left, self._at = _MOST, time.monotonic()

    def passes(self) -> bool:
        now = time.monotonic()
        self._left = min(self._left + (now - self._at) * _RATE, _MOST)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


def add_feedback(app: FastAPI, log: QuestionLog, collection_for: CollectionFor) -> None:
    """Add the request that the buttons below an answer send: only our own pages may send it."""
    rate, threads = _Rate(), CapacityLimiter(_THREADS)

    async def admitted(request: Request) -> None:  # in the event loop: one at a time
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise HTTPException(403, "only the pages of this server may send feedback")
        if not rate.passes():
            raise HTTPException(429, "too much feedback at once. Send it again in a moment", _AGAIN)

    def taken(word: FeedbackRequest, request: Request) -> bool:
        if word.passage is None:
            return log.feedback(word.answer, word.helpful)
        where = word.passage
        _check(collection_for(request), where)
        return log.passage(word.answer, where.article, where.start, where.end, pressed=where.pressed)

    @app.post("/feedback", dependencies=[Depends(admitted)])
    async def feedback(word: FeedbackRequest, request: Request) -> dict[str, object]:
        try:
            done = await to_thread.run_sync(taken, word, request, limiter=threads)
        except NotKept:
            raise HTTPException(503, "feedback cannot be kept just now. Send it again in a moment", _AGAIN) from None
        if not done:
            raise HTTPException(404, "this answer takes no feedback, or no more. Ask again")
        return {}


def _check(collection: Collection, passage: Pressed) -> None:
    """Raise NoPassage unless the sender may read an article that has this span."""
    article = collection.searcher.articles.by_id(passage.article)
    if article is None or not passage.start < passage.end <= len(article.text):
        raise NoPassage(f"there is no passage {passage.start} to {passage.end} of {passage.article[:100]!r}. Ask again")
