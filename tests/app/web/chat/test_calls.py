"""Calls that the chat's page may send; everything else is refused before Gradio sees it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.chat.calls import chat_calls
from app.web.gate import Gate
from index.search.searcher import Searcher
from tests.web import web_client

JSON = {"content-type": "application/json"}
ADDRESS = "/gradio_api/run/predict"
FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
FETCHED = {"path": "http://elsewhere.example/x", "meta": {"_type": "gradio.FileData"}}
QUESTION = {"question": "Is lunar soil dry?"}


def called(**fields: Any) -> dict[str, Any]:
    return {"fn_index": 0, "data": [{**QUESTION, **fields}]}


@pytest.mark.parametrize(
    "call",
    [
        {},
        [],
        None,
        {"fn_index": 0},
        {"fn_index": 0, "data": {}},
        {"fn_index": 0, "data": []},
        {"fn_index": 1, "data": [QUESTION]},  # the event that gives the page its texts
        {"fn_index": 99, "data": [QUESTION]},
        {"fn_index": -1, "data": [QUESTION]},
        {"fn_index": "0", "data": [QUESTION]},
        {"fn_index": None, "data": [QUESTION]},
        {"data": [QUESTION]},
        {"fn_index": 0, "data": ["soil"]},
        {"fn_index": 0, "data": [QUESTION, QUESTION]},
        {"fn_index": 0, "data": [{}]},
        {"fn_index": 0, "data": [FILE]},
        called(question=7),
        called(question=["soil"]),
        called(question=FILE),
        called(question="a \ud800 b"),
        called(question="x" * 20_001),
        called(file=FILE),
        called(file=FETCHED),
        called(here="true"),
        called(here=1),
        called(here=None),
        called(earlier="soil"),
        called(earlier=[1]),
        called(earlier=[["soil"]]),
        called(earlier=[FILE]),
        called(earlier=["x"] * 11),
        called(earlier=["x" * 20_001]),
        called(ignore="history"),
        called(ignore=[1]),
        called(ignore=[None]),
        called(ignore=[["history"]]),
        called(ignore=["x"] * 21),
        called(ignore=["x" * 1_001]),
        called(filters=None),
        called(filters="x"),
        called(filters=[]),
        called(filters={"year": "2025"}),
        called(filters={"since": 2025}),
        called(filters={"publishers": "Xinhua"}),
        called(filters={"publishers": [1]}),
        called(filters={"publishers": [FILE]}),
        called(filters=FILE),
    ],
    ids=lambda call: json.dumps(call)[:70],
)
def test_a_call_that_the_page_would_not_make_never_reaches_gradio(call: Any, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post(ADDRESS, content=json.dumps(call), headers=JSON)
    assert (response.status_code, response.json()) == (422, {"error": "this is no call of the chat's page"})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"earlier": ["Is lunar soil dry?"] * 10, "here": False},
        {"ignore": ["history", "publisher:A & B"]},
        {"filters": {"since": "2022"}},
    ],
)
def test_a_question_with_its_conversation_and_filters_is_answered(
    fields: dict[str, Any], shared_searcher: Searcher
) -> None:
    assert web_client(shared_searcher).post(ADDRESS, json=called(**fields)).status_code == 200


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"fn_index": ' + b"9" * 5000, b"a=1&b=2"])
def test_a_call_that_is_no_json_never_reaches_gradio(raw: bytes, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post(ADDRESS, content=raw, headers=JSON)
    assert (response.status_code, response.json()) == (422, {"error": "this is no call of the chat's page"})


def test_nothing_that_is_sent_leaves_a_file(
    shared_searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    client = web_client(shared_searcher, TITLE="Files")
    before = sorted(tmp_path.rglob("*"))
    assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 404
    for attack in (FILE, {**FILE, "url": "http://elsewhere.example/x"}, FETCHED):
        call = {**called(earlier=[attack]), "event_data": attack}
        assert client.post(ADDRESS, json=call).status_code == 422
    asked = {**called(), "event_data": FILE, "session_hash": "x", "oauth_token": "y"}
    assert client.post(ADDRESS, json=asked).status_code == 200
    assert sorted(tmp_path.rglob("*")) == before


def test_a_page_that_reads_its_answer_slowly_keeps_nobody_waiting() -> None:
    async def test() -> None:
        reading, read = asyncio.Event(), asyncio.Event()

        async def answers(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            reading.set()
            await read.wait()

        async def receive() -> Message:
            return {"type": "http.request", "body": json.dumps(called()).encode(), "more_body": False}

        async def send(message: Message) -> None:
            del message

        calls = chat_calls(answers, {0: "turn"}, Gate(slots=1, waiting=0))
        scope: Scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
        slow = asyncio.create_task(asyncio.wait_for(calls(scope, receive, send), 20))
        await reading.wait()
        reading.clear()
        second = asyncio.create_task(asyncio.wait_for(calls(scope, receive, send), 20))
        await asyncio.wait((second, asyncio.create_task(reading.wait())), return_when=asyncio.FIRST_COMPLETED)
        assert not slow.done()
        read.set()
        await slow
        await second

    asyncio.run(asyncio.wait_for(test(), 20))
