"""The whole application while as many questions are worked on, and as many wait, as may."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from anyio.to_thread import current_default_thread_limiter
from starlette.types import ASGIApp, Message

from app.answering.collection import Collection
from app.settings import Settings
from app.web.application import web_app
from index.arrays import Vectors
from index.encoder.openvino_runtime import cores
from index.search.searcher import Searcher
from tests.hashing import HashingEncoder

WHY = {"question": "Is lunar soil dry?", "article": "moon", "start": 0, "end": 82}
CHAT = "/gradio_api/run/predict"
FULL = {"error": "too many questions are waiting. Ask again in a moment"}


class HeldEncoder(HashingEncoder):
    """Encodes no question before it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.met = threading.Event(), threading.Semaphore(0)
        self.asked: list[str] = []

    def questions(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        self.met.release()
        assert self.go.wait(30)
        return super().questions(texts)


class Call:
    """One request, whose client stays until it is told to go."""

    def __init__(self, app: ASGIApp, path: str, body: Any = None, query: str = "") -> None:
        self.in_line, self.gone = asyncio.Event(), asyncio.Event()
        self.answers: list[Message] = []
        self._raw: bytes | None = json.dumps(body).encode() if body else b""
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": "POST" if body else "GET", "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": query.encode(), "client": ("127.0.0.1", 50_000), "server": ("127.0.0.1", 80),
            "headers": [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")],
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        if self._raw is not None:
            body, self._raw = self._raw, None
            return {"type": "http.request", "body": body, "more_body": False}
        self.in_line.set()
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.answers.append(message)

    async def answered(self) -> tuple[int, bytes]:
        await self.task
        return self.answers[0]["status"], b"".join(answer.get("body", b"") for answer in self.answers[1:])

    def header(self, name: str) -> str:
        return str(dict(self.answers[0]["headers"])[name.encode()].decode())


class Crowd:
    """The application with every place taken and `waiting` questions in line."""

    def __init__(self, app: ASGIApp, encoder: HeldEncoder) -> None:
        self.app, self.encoder = app, encoder
        self.working: list[Call] = []
        self.waiting: list[Call] = []

    def ask(self, question: str) -> Call:
        return Call(self.app, "/api/ask", {"question": question})

    async def gather(self, waiting: int) -> None:
        self.working = [self.ask(f"working {number}") for number in range(cores())]
        for _ in self.working:
            assert await asyncio.to_thread(self.encoder.met.acquire, timeout=120)
        for number in range(waiting):
            self.waiting.append(self.ask(f"waiting {number}"))
            await self.waiting[-1].in_line.wait()

    def take_threads(self) -> None:
        """From now on whatever needs a thread waits for one of those at work."""
        current_default_thread_limiter().total_tokens = len(self.working)

    async def answered(self) -> list[int]:
        self.encoder.go.set()
        return [(await call.answered())[0] for call in (*self.working, *self.waiting)]


def in_a_crowd(searcher: Searcher, waiting: int, test: Callable[[Crowd], Awaitable[None]]) -> None:
    encoder = HeldEncoder()

    async def run() -> None:
        collection = Collection.of(Searcher(searcher.store, encoder))
        app = web_app(collection.seen_by, Settings(waiting=waiting))
        crowd = Crowd(app, encoder)
        try:
            await crowd.gather(waiting)
            await test(crowd)
        finally:
            encoder.go.set()

    asyncio.run(asyncio.wait_for(run(), 60))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/ask", {"question": "Is lunar soil dry?"}),
        ("/api/why", WHY),
        (CHAT, {"fn_index": 0, "data": [{"question": "Is lunar soil dry?"}]}),
    ],
)
def test_beyond_the_questions_that_may_wait_the_answer_is_503_at_once(
    path: str, body: Any, shared_searcher: Searcher
) -> None:
    async def test(crowd: Crowd) -> None:
        crowd.take_threads()
        refused = Call(crowd.app, path, body)
        status, raw = await asyncio.wait_for(refused.answered(), 20)
        assert (status, json.loads(raw), refused.header("retry-after")) == (503, FULL, "1")
        assert set(await crowd.answered()) == {200}
        assert (await Call(crowd.app, path, body).answered())[0] == 200

    in_a_crowd(shared_searcher, 2, test)


def test_pages_and_health_wait_for_no_question(shared_searcher: Searcher) -> None:
    async def test(crowd: Crowd) -> None:
        for path in ("/", "/healthz", "/api/facets", "/articles", "/articles/moon", "/widget.js", "/demo", "/config"):
            assert (path, (await Call(crowd.app, path).answered())[0]) == (path, 200)
        opened = await Call(crowd.app, CHAT, {"fn_index": await event(crowd, "_open"), "data": []}).answered()
        assert opened[0] == 200
        assert not any(call.task.done() for call in (*crowd.working, *crowd.waiting))

    in_a_crowd(shared_searcher, 1, test)


def test_health_waits_for_no_page(shared_searcher: Searcher) -> None:
    async def test(crowd: Crowd) -> None:
        crowd.take_threads()
        page = Call(crowd.app, "/articles")
        assert (await asyncio.wait_for(Call(crowd.app, "/healthz").answered(), 20))[0] == 200
        assert not page.task.done()
        await crowd.answered()
        assert (await page.answered())[0] == 200

    in_a_crowd(shared_searcher, 0, test)


async def event(crowd: Crowd, name: str) -> int:
    _, raw = await Call(crowd.app, "/config").answered()
    return next(int(item["id"]) for item in json.loads(raw)["dependencies"] if item["api_name"] == name)


def test_a_client_that_has_gone_away_is_not_worked_for_and_frees_its_place(shared_searcher: Searcher) -> None:
    async def test(crowd: Crowd) -> None:
        crowd.take_threads()
        leaving = crowd.waiting.pop(0)
        leaving.gone.set()
        assert await asyncio.wait_for(leaving.answered(), 20) == (499, b'{"error":"the asker has gone"}')
        crowd.waiting.append(crowd.ask("late"))
        await crowd.waiting[-1].in_line.wait()
        assert set(await crowd.answered()) == {200}
        assert sorted(set(crowd.encoder.asked) & {"waiting 0", "waiting 1", "late"}) == ["late", "waiting 1"]

    in_a_crowd(shared_searcher, 2, test)


def test_a_chat_question_that_waits_is_answered_when_its_turn_comes(shared_searcher: Searcher) -> None:
    async def test(crowd: Crowd) -> None:
        leaving = crowd.waiting.pop()
        leaving.gone.set()
        await leaving.task
        call = Call(crowd.app, CHAT, {"fn_index": 0, "data": [{"question": "Is lunar soil dry?"}]})
        await call.in_line.wait()
        assert set(await crowd.answered()) == {200}
        status, raw = await call.answered()
        assert status == 200
        assert '<div class="lead">Lunar soil is dry.</div>' in json.loads(raw)["data"][0]["html"]

    in_a_crowd(shared_searcher, 1, test)


def test_a_malformed_question_is_refused_without_waiting(shared_searcher: Searcher) -> None:
    async def test(crowd: Crowd) -> None:
        crowd.take_threads()
        malformed = Call(crowd.app, "/api/ask", {"question": 7})
        assert (await asyncio.wait_for(malformed.answered(), 20))[0] == 422

    in_a_crowd(shared_searcher, 0, test)
