"""Many questions in one request, a line for each."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive

from app.answering.collection import Collection
from app.log.question_log import QuestionLog
from app.settings import Settings
from app.web.api.version1 import version1
from app.web.gate import Full, Gate, Result
from index.search.searcher import Searcher
from tests.web import problem_in, web_client

QUESTION = "Is lunar soil dry?"
LINES = {"content-type": "application/x-ndjson", "accept": "application/x-ndjson"}


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def batch(client: TestClient, *lines: object) -> list[dict[str, Any]]:
    body = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    response = client.post("/api/v1/ask", content=body, headers=LINES)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/x-ndjson")
    return [json.loads(line) for line in response.text.splitlines()]


def test_a_batch_answers_line_by_line_in_order_and_a_bad_question_ends_nothing(client: TestClient) -> None:
    good = {"question": QUESTION, "k": 1}
    answers = batch(client, good, b"", {"question": " "}, b"{", {"question": "a", "top": 1}, good)
    assert answers[0] == answers[4] == client.post("/api/v1/ask", json=good).json()
    assert [(answer["status"], answer["detail"]) for answer in answers[1:4]] == [
        (422, "the question is empty. Ask in plain words"),
        (422, "body: Invalid JSON: EOF while parsing an object at line 1 column 1"),
        (422, "top: Extra inputs are not permitted"),
    ]


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (501, "501")])
def test_a_batch_holds_one_to_500_questions(count: int, shown: str, client: TestClient) -> None:
    response = client.post("/api/v1/ask", content=b'{"question": ""}\n' * count, headers=LINES)
    assert problem_in(response) == (422, f"send 1 to 500 questions, one a line; these are {shown}")
    assert len(batch(client, *[{"question": ""}] * 500)) == 500


def test_lines_are_asked_for_by_name_and_sent_as_they_are(client: TestClient) -> None:
    body = json.dumps({"question": QUESTION})
    wrong = client.post("/api/v1/ask", content=body, headers={"accept": LINES["accept"]})
    assert problem_in(wrong) == (415, "send the questions as application/x-ndjson, one object a line")
    response = client.post("/api/v1/ask", content=body, headers={**LINES, "accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers  # gzip would hold lines back
    assert problem_in(client.post("/api/v1/why", content=body, headers=LINES))[0] == 415


def sent(searcher: Searcher, lines: int, *, leaves: bool) -> list[bytes]:
    """The parts of the answer to a batch, as the server sends them; who asks may leave with the first one."""
    app, body = web_client(searcher, WAITING="0").app, b"\n".join([json.dumps({"question": QUESTION}).encode()] * lines)
    parts: list[bytes] = []

    async def run() -> None:
        asked, gone = asyncio.Event(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            if asked.is_set():
                await gone.wait()
                return {"type": "http.disconnect"}
            asked.set()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message.get("body"):
                parts.append(message["body"])
                if leaves:
                    gone.set()

        headers = [(name.encode(), value.encode()) for name, value in {**LINES, "host": "127.0.0.1"}.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": "/api/v1/ask", "raw_path": b"/api/v1/ask", "root_path": "", "query_string": b"",
            "headers": headers, "client": ("192.0.2.7", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        await app(scope, receive, send)  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(run(), 20))
    return parts


def test_each_line_of_a_batch_is_sent_as_soon_as_it_is_answered(shared_searcher: Searcher) -> None:
    assert [json.loads(part)["verdict"] for part in sent(shared_searcher, 3, leaves=False)] == ["answer"] * 3


def test_a_batch_ends_when_who_asked_has_left(shared_searcher: Searcher) -> None:
    assert len(sent(shared_searcher, 100, leaves=True)) < 10


def test_a_line_whose_place_in_the_queue_was_taken_waits_for_one(
    shared_searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.api.batch._PAUSE", 0.01)
    refused = iter([False, True, True])  # the first line is let in at once, the second one at its third try

    class Crowded(Gate):
        async def worked(self, receive: Receive, work: Callable[[], Result]) -> Result:
            if next(refused, False):
                raise Full
            return await super().worked(receive, work)

    collection = Collection.of(shared_searcher)
    client = TestClient(version1(lambda _: collection, Settings.from_env({}), Crowded(1, 0), lambda _: None))
    body = b"\n".join([json.dumps({"question": QUESTION}).encode()] * 2)
    answers = client.post("/ask", content=body, headers=LINES).text.splitlines()
    assert [json.loads(answer)["verdict"] for answer in answers] == ["answer", "answer"]
    assert list(refused) == []


def test_each_answered_line_is_kept_in_the_log_of_questions(shared_searcher: Searcher, tmp_path: Path) -> None:
    with web_client(shared_searcher, LOG=str(tmp_path / "log")) as client:
        batch(client, {"question": QUESTION}, {"question": " "}, {"question": "Which orchestra toured Portugal?"})
        client.post("/feedback", json={"answer": "A" * 22})  # taken after the lines that wait are written
        kept = QuestionLog(tmp_path / "log", 90).questions()
        assert [(line.question, line.verdict) for line in kept] == [
            (QUESTION, "answer"),
            ("Which orchestra toured Portugal?", "none"),
        ]
