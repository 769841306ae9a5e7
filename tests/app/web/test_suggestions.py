"""`POST /api/suggest`: titles, headings and answered questions for the words typed so far."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of
from tests.web import PEER, web_client

DRY = "Is lunar soil dry?"
PAY = "By how many percent do salaries rise?"


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def suggested(client: TestClient, text: str, **given: Any) -> list[tuple[str, str]]:
    """Text and kind of each suggestion; `headers` are those of the request, further fields go into its body."""
    headers = given.pop("headers", None)
    response = client.post("/api/suggest", json={"text": text, **given}, headers=headers)
    assert response.status_code == 200, response.text
    return [(item["text"], item["kind"]) for item in response.json()["suggestions"]]


def soon(client: TestClient, text: str, expected: str, **given: Any) -> list[str]:
    """The suggested questions once this one has been tried, for which a minute is enough on any machine."""
    for _ in range(1_200):
        questions = [text for text, kind in suggested(client, text, **given) if kind == "question"]
        if expected in questions:
            break
        time.sleep(0.05)
    return questions


def test_titles_and_headings_stand_as_in_the_articles_and_those_that_begin_so_come_first(client: TestClient) -> None:
    assert suggested(client, "se") == [("Seas", "heading"), ("The Moon: soil and seas", "title")]
    assert suggested(client, "SOIL") == [("Soil", "heading"), ("The Moon: soil and seas", "title")]
    assert suggested(client, "bes") == []
    assert suggested(client, "the gardn") == [("Bees in the garden", "title")]
    assert suggested(client, "茶") == [("茶", "title")]


def test_articles_in_the_language_of_the_reader_come_first(tmp_path: Path) -> None:
    articles = {
        f"{name}.md": f"---\ntitle: {title}\nlanguage: {code}\n---\nSomething about tea.\n"
        for name, title, code in (("a", "BRI report", "en"), ("b", "BRI 报告", "zh-Hans"))
    }
    client = web_client(searcher_of(built(tmp_path, articles)))
    assert [text for text, _ in suggested(client, "bri")] == ["BRI report", "BRI 报告"]
    assert [text for text, _ in suggested(client, "bri", language="zh-CN")] == ["BRI 报告", "BRI report"]


def test_at_most_eight_are_suggested(tmp_path: Path) -> None:
    articles = {
        f"{number}.md": f"---\ntitle: Tea {number}\n---\n## Tea in year {number}\n\nTea.\n" for number in range(6)
    }
    found = suggested(web_client(searcher_of(built(tmp_path, articles))), "tea")
    assert found == [(f"Tea {number}", "title") for number in range(6)] + [
        ("Tea in year 0", "heading"),
        ("Tea in year 1", "heading"),
    ]


def test_small_talk_gets_none(client: TestClient) -> None:
    assert suggested(client, "what articles do you have?") == []
    assert suggested(client, "谢谢") == []


@pytest.mark.parametrize(
    "body", [{}, {"text": "x" * 201}, {"text": 5}, {"text": "a", "k": 3}, {"text": "a", "language": "x" * 36}, []]
)
def test_a_wrong_body_is_refused(client: TestClient, body: object) -> None:
    response = client.post("/api/suggest", json=body)
    assert response.status_code == 422
    assert list(response.json()) == ["error"]


def test_keystrokes_never_stand_in_an_address(client: TestClient) -> None:
    assert client.get("/api/suggest?text=moon").status_code == 405
    assert suggested(client, "m" * 200) == []


def test_a_body_over_the_limit_is_refused_unread(client: TestClient) -> None:
    assert client.post("/api/suggest", content=b" " * 1_000_001).status_code == 413


def test_an_unknown_host_or_nobody_gets_no_suggestion(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    assert client.post("/api/suggest", json={"text": "moon"}, headers={"host": "evil.example"}).status_code == 400
    signed = web_client(shared_searcher, TRUSTED_PROXIES=PEER, USER_HEADER="X-Remote-User")
    assert signed.post("/api/suggest", json={"text": "moon"}).status_code == 401
    assert suggested(signed, "moon", headers={"X-Remote-User": "ann"})


def test_a_portal_that_is_not_listed_may_not_read_suggestions(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS="https://portal.example")
    for origin, allowed in (("https://portal.example", "https://portal.example"), ("https://evil.example", None)):
        response = client.post("/api/suggest", json={"text": "moon"}, headers={"origin": origin})
        assert response.headers.get("access-control-allow-origin") == allowed


def test_below_a_path_it_stands_there_alone(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, PATH="/tools/ask")
    assert client.post("/tools/ask/api/suggest", json={"text": "moon"}).status_code == 200


def test_one_setting_turns_suggestions_off(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, SUGGESTIONS="0", EXAMPLES=DRY)
    assert client.post("/api/suggest", json={"text": "moon"}).status_code == 404
    assert client.get("/api/suggest").status_code == 404
    page = client.get("/").text
    assert "suggest.js" not in page
    assert "listbox" not in page
    assert client.post("/api/ask", json={"question": DRY}).json()["next"] == []
    assert "suggest.js" in web_client(shared_searcher).get("/").text


def test_an_example_is_suggested_if_the_articles_answer_it(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, EXAMPLES=f"{DRY}|Is lunar cheese sweet?")
    assert soon(client, "lunar", DRY) == [DRY]


def test_the_owner_s_questions_are_suggested_once_each(shared_searcher: Searcher, tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps({"question": DRY, "kind": "fact"}) + f"\n{DRY}\n", "utf-8")
    client = web_client(shared_searcher, QUESTIONS=str(path), EXAMPLES=DRY)
    assert soon(client, "is lun", DRY) == [DRY]


def test_a_question_is_suggested_only_to_those_who_may_see_its_answer(tmp_path: Path) -> None:
    searcher = searcher_of(built(tmp_path, {**OPEN, **HIDDEN}))
    examples = f"{PAY}|{DRY}"
    client = web_client(searcher, TRUSTED_PROXIES=PEER, GROUPS_HEADER="X-Remote-Groups", EXAMPLES=examples)
    hr, sales = ({"X-Remote-Groups": group} for group in ("hr", "sales"))
    assert soon(client, "s", DRY, headers=hr) == [PAY, DRY]  # they are tried in this order
    assert soon(client, "s", DRY, headers=sales) == [DRY]
    assert suggested(client, "pay", headers=hr) == [("Pay of the staff", "title")]
    assert suggested(client, "pay", headers=sales) == []
    assert suggested(client, "moon", headers={}) == []
    assert suggested(client, "once", headers=sales) == []
