"""Calls that the chat's page may send; everything else is refused before Gradio sees it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.chat_calls import chat_calls
from app.web.gate import Gate
from index.search.searcher import Searcher
from tests.web import web_client

JSON = {"content-type": "application/json"}
AGAIN = '{"turn": 0, "ignore": ["history", "publisher:A & B"]}'
TEXT = {"type": "text", "text": "x"}
FILE = {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}
FETCHED = {"path": "http://elsewhere.example/x", "meta": {"_type": "gradio.FileData"}}


def said(content: Any, role: Any = "user") -> list[Any]:
    return ["Is lunar soil dry?", [{"role": role, "content": content}], True, "{}", "{}"]


@pytest.mark.parametrize(
    "call",
    [
        {},
        [],
        None,
        {"fn_index": 0},
        {"fn_index": 0, "data": {}},
        {"fn_index": 0, "data": []},
        {"fn_index": 5, "data": ["soil", [], True, "{}", "{}"]},
        {"fn_index": 99, "data": ["soil", [], True, "{}", "{}"]},
        {"fn_index": -1, "data": ["soil", [], True, "{}", "{}"]},
        {"fn_index": "0", "data": ["soil", [], True, "{}", "{}"]},
        {"fn_index": None, "data": ["soil", [], True, "{}", "{}"]},
        {"data": ["soil", [], True, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil"]},
        {"fn_index": 0, "data": ["soil", [], True, 1, "{}"]},
        {"fn_index": 0, "data": [7, [], True, "{}", "{}"]},
        {"fn_index": 0, "data": [["soil"], [], True, "{}", "{}"]},
        {"fn_index": 0, "data": [FILE, [], True, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", 7, True, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", {"a": 1}, True, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", "x", True, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", [], "true", "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", [], 1, "{}", "{}"]},
        {"fn_index": 0, "data": ["soil", [], None, "{}", "{}"]},
        {"fn_index": 0, "data": ["a \ud800 b", [], True, "{}", "{}"]},
        {"fn_index": 0, "data": said("plain")},
        {"fn_index": 0, "data": said([["x"]])},
        {"fn_index": 0, "data": said([[[[[]]]]])},
        {"fn_index": 0, "data": said([None])},
        {"fn_index": 0, "data": said([{"type": "text", "text": 7}])},
        {"fn_index": 0, "data": said([{"type": "text", "text": "\ud800"}])},
        {"fn_index": 0, "data": said([{"type": "html", "text": "x"}])},
        {"fn_index": 0, "data": said([TEXT], "system")},
        {"fn_index": 0, "data": said([TEXT], "<b>")},
        {"fn_index": 0, "data": said([TEXT], None)},
        {"fn_index": 0, "data": said([{"type": "file", "file": FILE}])},
        {"fn_index": 0, "data": said([{"type": "file", "file": {**FILE, "url": "http://elsewhere.example/x"}}])},
        {"fn_index": 0, "data": said([{"type": "file", "file": FETCHED}])},
        {"fn_index": 0, "data": said([TEXT, {"type": "file", "file": FILE}])},
        {"fn_index": 0, "data": said([{"type": "component", "component": "html", "value": "x"}])},
        {"fn_index": 0, "data": said([{"type": "component", "component": "image", "value": FILE, "props": {}}])},
    ],
    ids=lambda call: json.dumps(call)[:70],
)
def test_a_call_that_the_page_would_not_make_never_reaches_gradio(call: Any, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post("/gradio_api/run/predict", content=json.dumps(call), headers=JSON)
    assert (response.status_code, response.json()) == (422, {"error": "this is no call of the chat's page"})


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"fn_index": ' + b"9" * 5000, b"a=1&b=2"])
def test_a_call_that_is_no_json_never_reaches_gradio(raw: bytes, shared_searcher: Searcher) -> None:
    response = web_client(shared_searcher).post("/gradio_api/run/predict", content=raw, headers=JSON)
    assert (response.status_code, response.json()) == (422, {"error": "this is no call of the chat's page"})


def test_nothing_that_is_sent_leaves_a_file(
    shared_searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    client = web_client(shared_searcher, TITLE="Files")
    before = sorted(tmp_path.rglob("*"))
    assert client.post("/gradio_api/upload", files={"files": ("a.txt", b"x")}).status_code == 404
    for attack in (FILE, {**FILE, "url": "http://elsewhere.example/x"}, FETCHED):
        call = {"fn_index": 0, "data": said([{"type": "file", "file": attack}]), "event_data": attack}
        assert client.post("/gradio_api/run/predict", json=call).status_code == 422
    asked = {"fn_index": 0, "data": said([TEXT]), "event_data": FILE, "session_hash": "x", "oauth_token": "y"}
    assert client.post("/gradio_api/run/predict", json=asked).status_code == 200
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "again",
    [
        None,
        "",
        "x",
        "[]",
        "{}",
        '{"turn": 0}',
        '{"ignore": []}',
        '{"turn": -1, "ignore": []}',
        '{"turn": 1001, "ignore": []}',
        '{"turn": "0", "ignore": []}',
        '{"turn": 0.5, "ignore": []}',
        '{"turn": true, "ignore": []}',
        '{"turn": 0, "ignore": "history"}',
        '{"turn": 0, "ignore": [1]}',
        '{"turn": 0, "ignore": [null]}',
        '{"turn": 0, "ignore": [["history"]]}',
        '{"turn": 0, "ignore": [], "file": "/etc/hostname"}',
        json.dumps({"turn": 0, "ignore": ["x"] * 21}),
        json.dumps({"turn": 0, "ignore": ["x" * 1_001]}),
        {"turn": 0, "ignore": []},
        FILE,
    ],
    ids=lambda again: json.dumps(again)[:70],
)
def test_a_question_is_asked_again_by_its_turn_and_what_to_leave_out_alone(
    again: Any, shared_searcher: Searcher
) -> None:
    client = web_client(shared_searcher)
    events = [item["id"] for item in client.get("/config").json()["dependencies"] if item["api_name"] == "_again"]
    for sent, status in ((again, 422), (AGAIN, 200)):
        call = {"fn_index": events[0], "data": [sent, [], True, "{}", "{}"]}
        assert client.post("/gradio_api/run/predict", json=call).status_code == status
        asked = {"fn_index": 0, "data": [sent, [], True, "{}", "{}"]}  # of another event the same text is a question
        assert status == 422 or client.post("/gradio_api/run/predict", json=asked).status_code == 200


@pytest.mark.parametrize(
    "filters",
    [
        None,
        "",
        "x",
        "[]",
        '{"year": "2025"}',
        '{"since": 2025}',
        '{"publishers": "Xinhua"}',
        '{"publishers": [1]}',
        '{"publishers": [{"path": "/etc/hostname"}]}',
        {"since": "2025"},
        FILE,
    ],
    ids=lambda filters: json.dumps(filters)[:70],
)
def test_filters_are_texts_in_json_of_known_names_alone(filters: Any, shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    for sent, status in ((filters, 422), ('{"since": "2022"}', 200)):
        call = {"fn_index": 0, "data": ["soil", [], True, sent, "{}"]}
        assert client.post("/gradio_api/run/predict", json=call).status_code == status


@pytest.mark.parametrize(
    "conversation",
    [
        None,
        "",
        "[]",
        '{"questions": "soil"}',
        '{"questions": [1]}',
        '{"questions": [["soil"]]}',
        '{"questions": [], "file": "/etc/hostname"}',
        json.dumps({"questions": ["x"] * 11}),
        json.dumps({"questions": ["x" * 2_001]}),
        {"questions": []},
        FILE,
    ],
    ids=lambda conversation: json.dumps(conversation)[:70],
)
def test_a_conversation_is_questions_as_text_and_no_more_than_ten(conversation: Any, shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    for sent, status in ((conversation, 422), ('{"questions": ["Is lunar soil dry?"]}', 200)):
        call = {"fn_index": 0, "data": ["And when?", [], True, "{}", sent]}
        assert client.post("/gradio_api/run/predict", json=call).status_code == status


def test_a_page_that_reads_its_answer_slowly_keeps_nobody_waiting() -> None:
    async def test() -> None:
        reading, read = asyncio.Event(), asyncio.Event()

        async def answers(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            reading.set()
            await read.wait()

        async def receive() -> Message:
            raw = json.dumps({"fn_index": 3, "data": ["soil", [], True, "{}", "{}"]})
            return {"type": "http.request", "body": raw.encode(), "more_body": False}

        async def send(message: Message) -> None:
            del message

        calls = chat_calls(answers, {3: "_ask"}, Gate(slots=1, waiting=0))
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
