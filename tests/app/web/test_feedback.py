"""The log of questions behind the application: what is kept of whom, and whose word on an answer is taken."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.answering.language import languages
from app.log.database import NAME, BadLog
from app.log.question_log import LoggedQuestion, QuestionLog
from index.search.searcher import Searcher
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of
from tests.web import PEER, chat_event, web_client

DRY = "Is lunar soil dry?"
SPAN = {"article": "moon", "start": 0, "end": 82}


@pytest.fixture
def client(shared_searcher: Searcher, tmp_path: Path) -> Iterator[TestClient]:
    with web_client(shared_searcher, LOG=str(tmp_path / "log")) as client:
        yield client


@pytest.fixture(scope="module")
def strict(shared_searcher: Searcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client for requests that change nothing."""
    with web_client(shared_searcher, LOG=str(tmp_path_factory.mktemp("strict") / "log")) as client:
        yield client


def lines(client: TestClient, folder: Path) -> list[LoggedQuestion]:
    """All lines, of which those that wait are written first: feedback is taken after them."""
    client.post("/feedback", json={"answer": "A" * 22})
    return list(QuestionLog(folder / "log", 90).questions())


def asked(client: TestClient, question: str = DRY, query: str = "", **options: object) -> dict[str, Any]:
    response = chat_event(client, "turn", [{"question": question, **options}], query=query)
    [answer] = response.json()["data"]
    found: dict[str, Any] = answer
    return found


def word(client: TestClient, answer: str, headers: Mapping[str, str] | None = None, **fields: object) -> Response:
    return client.post("/feedback", json={"answer": answer, **fields}, headers=headers)


def test_every_way_to_ask_leaves_one_line_without_a_person(client: TestClient, tmp_path: Path) -> None:
    client.post("/api/ask", json={"question": DRY, "filters": {"publishers": ["night sky notes"], "since": "2024"}})
    asked(client, "Which orchestra toured Portugal?", "?language=de")
    asked(client, "Hello")
    client.post("/api/ask", json={"question": ""})
    client.post("/api/why", json={"question": DRY, **SPAN})
    client.post("/api/suggest", json={"text": "lunar"})
    first, second = lines(client, tmp_path)
    assert (first.id, first.question, first.verdict, first.articles) == (1, DRY, "answer", ("moon",))
    assert (first.language, first.filters) == ("en", {"publishers": ["Night Sky Notes"], "since": ["2024"]})
    assert first.build == client.get("/healthz").json()["build"]
    assert 0 <= first.milliseconds < 60_000
    assert (datetime.now(UTC) - first.hour).total_seconds() < 7_200
    assert (second.question, second.verdict, second.articles, second.language, second.filters) == (
        "Which orchestra toured Portugal?",
        "none",
        (),
        "de",
        {},
    )


def test_nothing_of_the_person_reaches_the_disk(shared_searcher: Searcher, tmp_path: Path) -> None:
    variables = {"USER_HEADER": "X-User", "TRUSTED_PROXIES": PEER, "LOG": str(tmp_path / "log")}
    client = web_client(shared_searcher, **variables)
    headers = {"x-user": "anna.secret", "user-agent": "agent-secret", "cookie": "id=cookie-secret"}
    page = {"url": "https://portal.example/page-secret/", "title": "title-secret"}
    history = [{"question": "history-secret"}]
    client.post("/api/ask", json={"question": DRY, "page": page, "history": history}, headers=headers)
    client.post("/api/ask", json={"question": "Is anna@secret.example at 030 1234567?"}, headers=headers)
    assert client.post("/feedback", json={"answer": "A" * 22}, headers=headers).status_code == 404
    stored = b"".join(path.read_bytes() for path in (tmp_path / "log").iterdir())
    assert b"Is [e-mail] at [telephone]?" in stored
    assert b"secret" not in stored
    assert PEER.encode() not in stored


def test_without_the_setting_nothing_is_kept_said_or_taken(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    assert asked(client).keys() == {"html", "heard", "markdown", "leans"}
    assert word(client, "A" * 22, helpful=True).status_code == 404
    page = client.get("/").text
    assert [text for text in ("are kept for", "feedback", "This answers it") if text in page] == []


@pytest.mark.parametrize("code", ["en", "zh", "de", "fr", "es"])
def test_the_page_says_that_questions_are_kept(code: str, strict: TestClient) -> None:
    page = strict.get(f"/?language={code}").text
    said = languages()[code].say("chat.kept", days=90)
    assert "90" in said
    assert f'<footer class="kept">{said}</footer>' in page
    assert languages()[code].texts["feedback.yes"] in page


def test_files_of_a_visitor_leave_no_line(searcher: Searcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with web_client(searcher, UPLOAD="1", LOG=str(tmp_path / "log")) as client:
        token = client.post("/try/new", headers={"x-try": "new"}).json()["token"]
        for query in (f"?try={token}", "?try=", "?try=x"):
            client.post(f"/api/ask{query}", json={"question": "secret"})
            asked(client, "secret", query)
        assert "are kept for" not in client.get(f"/?try={token}").text
        asked(client, DRY)
        assert [line.question for line in lines(client, tmp_path)] == ["secret", "secret", DRY]


def test_an_answer_takes_a_word_and_takes_it_back(client: TestClient, tmp_path: Path) -> None:
    answer = asked(client)
    assert '<button class="word this" aria-pressed="false">This is the passage</button>' in answer["html"]
    token = answer["feedback"]
    seen = []
    for fields in ({"helpful": True}, {"passage": {**SPAN, "pressed": True}}, {"helpful": False}, {"helpful": None}):
        assert word(client, token, **fields).json() == {}
        seen += [(line.helpful, line.passages) for line in lines(client, tmp_path)]
    span = (("moon", 0, 82),)
    assert seen == [(True, ()), (True, span), (False, span), (None, span)]
    assert word(client, token, passage={**SPAN, "pressed": False}).json() == {}
    assert [line.passages for line in lines(client, tmp_path)] == [()]


def test_small_talk_and_problems_take_no_word(client: TestClient) -> None:
    assert asked(client, "Hello")["feedback"] == ""
    assert "aria-pressed" not in asked(client, "Hello")["html"]
    assert "feedback" not in asked(client, "")


@pytest.mark.parametrize(
    ("passage", "status"),
    [
        ({**SPAN, "article": "nowhere"}, 404),
        ({**SPAN, "end": 100_000}, 404),
        ({**SPAN, "start": 82}, 404),
        ({**SPAN, "start": -1}, 422),
        ({**SPAN, "article": "x" * 2_001}, 422),
        ({**SPAN, "pressed": "yes"}, 422),
        ({**SPAN, "note": "x"}, 422),
    ],
)
def test_a_passage_that_the_sender_cannot_read_is_refused(
    passage: dict[str, object], status: int, strict: TestClient
) -> None:
    token = asked(strict)["feedback"]
    assert word(strict, token, passage={"pressed": True, **passage}).status_code == status
    assert word(strict, token, passage={"pressed": True, **SPAN}).status_code == 200


def test_a_passage_for_another_group_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    variables = {"GROUPS_HEADER": "X-Groups", "TRUSTED_PROXIES": PEER, "LOG": str(tmp_path / "log")}
    client = web_client(searcher_of(built(tmp_path, {**OPEN, **HIDDEN})), **variables)
    event = chat_event(client, "turn", [{"question": "Is lunar soil dry?"}], [("x-groups", "sales")])
    token = event.json()["data"][0]["feedback"]

    def told(article: str, groups: str) -> tuple[int, str]:
        passage = {"article": article, "start": 0, "end": 10, "pressed": True}
        response = word(client, token, {"x-groups": groups}, passage=passage)
        return response.status_code, response.text.replace(article, "X")

    assert told("hr/pay", "sales") == told("hr/none", "sales") == told("hr/pay", "")
    assert told("hr/pay", "sales")[0] == 404
    assert [told("open/moon", "sales"), told("hr/pay", "hr")] == [(200, "{}"), (200, "{}")]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"answer": "A" * 21}, "answer: String should match pattern '^[A-Za-z0-9_-]{22}$'"),
        ({"answer": "A" * 22 + "\n"}, "answer: String should match pattern '^[A-Za-z0-9_-]{22}$'"),
        ({"answer": "A" * 22, "helpful": 1}, "helpful: Input should be a valid boolean"),
        ({"answer": "A" * 22, "who": "x"}, "who: Extra inputs are not permitted"),
        ({}, "answer: Field required"),
    ],
)
def test_a_word_of_another_form_is_refused(body: object, error: str, strict: TestClient) -> None:
    response = strict.post("/feedback", json=body)
    assert (response.status_code, response.json()) == (422, {"error": error})


def test_only_our_own_pages_may_send_a_word(client: TestClient, tmp_path: Path) -> None:
    token = asked(client)["feedback"]
    assert word(client, token, {"sec-fetch-site": "same-origin"}, helpful=True).status_code == 200
    for site in ("cross-site", "same-site", "none"):
        assert word(client, token, {"sec-fetch-site": site}, helpful=False).status_code == 403
    plain = json.dumps({"answer": token, "helpful": False})
    for kind in ("text/plain", "application/x-www-form-urlencoded"):  # which need no preflight
        assert client.post("/feedback", content=plain, headers={"content-type": kind}).status_code == 422
    preflight = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    assert client.options("/feedback", headers=preflight).status_code == 400
    assert word(client, token, {"host": "evil.example"}, helpful=False).status_code == 400
    assert client.get("/feedback").status_code == 405
    assert client.post("/feedback", content=b"x" * 1_000_001).status_code == 413
    assert [line.helpful for line in lines(client, tmp_path)] == [True]


def test_nobody_gives_a_word_without_the_sign_in_of_the_chat(shared_searcher: Searcher, tmp_path: Path) -> None:
    variables = {"USER_HEADER": "X-User", "TRUSTED_PROXIES": PEER, "LOG": str(tmp_path / "log")}
    assert word(web_client(shared_searcher, **variables), "A" * 22).status_code == 401


def test_too_many_words_in_a_second_are_refused(client: TestClient) -> None:
    answers = [word(client, "A" * 22) for _ in range(150)]
    assert {answer.status_code for answer in answers[:100]} == {404}
    assert answers[-1].status_code in (404, 429)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["retry-after"] == "1"


def test_a_log_that_cannot_be_written_stops_no_answer_and_says_so_to_a_word(
    shared_searcher: Searcher, tmp_path: Path
) -> None:
    (folder := tmp_path / "log").mkdir(mode=0o700)
    (folder / NAME).write_bytes(b"no database " * 1_000)
    client = web_client(shared_searcher, LOG=str(folder))
    answer = asked(client)
    assert "A probe brought" in answer["markdown"]
    response = word(client, answer["feedback"], helpful=True)
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")


def test_a_folder_that_others_may_open_stops_the_start(shared_searcher: Searcher, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(BadLog, match="Close it to them: chmod 700"):
        web_client(shared_searcher, LOG=str(tmp_path))
