"""Questions of a conversation asked again, and the filters that go with every question."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from index.search.searcher import Searcher
from tests.app.web.test_chat import ASK, call, texts
from tests.web import web_client

DRY = "Is lunar soil dry?"
HOSTILE = 'publisher:"><img src=x onerror=alert(1)>\n\n# Big'


def conversation(searcher: Searcher, *questions: str) -> list[Any]:
    """The messages of these questions and their answers."""
    messages: list[Any] = []
    for number, question in enumerate(questions):
        _, messages, _, asked = call(searcher, ASK, [question, messages, False], asked=questions[:number])
        assert json.loads(asked) == {"questions": list(questions[: number + 1])}
    return messages


def again(
    searcher: Searcher, messages: list[Any], questions: Sequence[str], turn: int, *ignore: str, query: str = ""
) -> list[Any]:
    wanted = json.dumps({"turn": turn, "ignore": ignore})
    [answered] = call(searcher, "_again", [wanted, messages, False], query, asked=questions)
    found: list[Any] = answered
    return found


def test_a_turn_is_answered_anew_where_it_stands_and_can_be_taken_back(shared_searcher: Searcher) -> None:
    questions = ("Is lunar soil dry?", "And when?", "What feeds bees in July?")
    messages = conversation(shared_searcher, *questions)
    alone = again(shared_searcher, messages, questions, 1, "history")
    before, after = texts(messages), texts(alone)
    assert [place for place in range(6) if before[place] != after[place]] == [3]
    assert 'class="chip" value="history"' in before[3][1]
    assert 'class="chip off" value="history"' in after[3][1]
    assert texts(again(shared_searcher, alone, questions, 1)) == before


def test_a_turn_that_is_answered_anew_is_read_after_those_before_it_alone(shared_searcher: Searcher) -> None:
    questions = ("And when?", "Is lunar soil dry?")
    messages = conversation(shared_searcher, *questions)
    assert texts(again(shared_searcher, messages, questions, 0)) == texts(messages)


def test_a_turn_that_is_answered_anew_is_answered_in_the_reader_s_language(shared_searcher: Searcher) -> None:
    messages = conversation(shared_searcher, DRY)
    assert "在原文中打开" in texts(again(shared_searcher, messages, [DRY], 0, query="?language=zh"))[1][1]


@pytest.mark.parametrize("turn", [1, 2, 1_000])
def test_a_turn_that_is_not_there_changes_nothing(turn: int, shared_searcher: Searcher) -> None:
    messages = conversation(shared_searcher, DRY)
    assert texts(again(shared_searcher, messages, [DRY], turn, "history")) == texts(messages)
    assert again(shared_searcher, [], [], turn) == []


def test_markup_in_what_is_left_out_stays_text(shared_searcher: Searcher) -> None:
    messages = conversation(shared_searcher, DRY)
    answered = texts(again(shared_searcher, messages, [DRY], 0, HOSTILE))[1][1]
    assert "<img" not in answered
    assert "\n" not in answered


def filtered(searcher: Searcher, question: str, query: str = "", **filters: Any) -> str:
    _, messages, *_ = call(searcher, ASK, [question, [], False], query, filters=json.dumps(filters))
    return texts(messages)[1][1]


def test_filters_go_with_a_question_and_the_answer_names_them(shared_searcher: Searcher) -> None:
    question = "What feeds bees in July?"
    assert "Filtered" not in filtered(shared_searcher, question)
    garden = filtered(shared_searcher, question, publishers=["garden notes"], since="2023", until="2023-12")
    line = "Filtered: From <bdi>2023</bdi> · Until <bdi>2023-12</bdi> · Publisher <bdi>Garden Notes</bdi>"
    assert f'<p class="context">{line}</p>' in garden
    assert "Lavender feeds bees in July." in garden
    moon = filtered(shared_searcher, question, "?language=zh", folders=["zh"], languages=["zh"])
    assert "已筛选：语言 <bdi>zh</bdi> · 文件夹 <bdi>zh</bdi>" in moon
    assert "Lavender" not in moon


def test_filters_go_with_a_question_that_is_asked_again(shared_searcher: Searcher) -> None:
    question, wanted = "What feeds bees in July?", json.dumps({"turn": 0, "ignore": []})
    messages = conversation(shared_searcher, question)
    [answered] = call(
        shared_searcher, "_again", [wanted, messages, False], filters='{"until": "2022"}', asked=[question]
    )
    assert "Filtered: Until <bdi>2022</bdi>" in texts(answered)[1][1]


@pytest.mark.parametrize(
    ("query", "filters", "told"),
    [
        ("", {"since": "<b>soon"}, "“&lt;b&gt;soon” is no date. Give a year, a month or a day"),
        ("?language=zh", {"since": "soon"}, "“soon”不是日期。"),
        ("", {"since": "2025", "until": "2024"}, "The range from 2025 to 2024 ends before it begins. Swap them."),
        ("", {"publishers": ["<i>"]}, "No article has the publisher “&lt;i&gt;”."),
    ],
)
def test_a_filter_that_cannot_be_met_is_told_in_the_chat(
    query: str, filters: dict[str, Any], told: str, shared_searcher: Searcher
) -> None:
    assert told in filtered(shared_searcher, "What feeds bees in July?", query, **filters)


def test_where_no_article_passes_the_chat_says_so(shared_searcher: Searcher) -> None:
    nothing = filtered(shared_searcher, "What feeds bees?", publishers=["Garden Notes"], since="2024")
    assert '<p class="context">No article passes the filters: widen them.</p>' in nothing
    assert '<p class="no-answer">The articles do not say.</p>' in nothing


def test_the_drawer_offers_what_the_articles_have(shared_searcher: Searcher) -> None:
    page = web_client(shared_searcher).get("/").text
    offered = re.findall(r'name="(\w+)" value="([^"]+)"> <bdi>([^<]+)</bdi> <span>(\d+)</span>', page)
    assert offered == [
        ("publishers", "Garden Notes", "Garden Notes", "2"),
        ("publishers", "Night Sky Notes", "Night Sky Notes", "1"),
        ("publishers", "Space Agency", "Space Agency", "1"),
        ("languages", "en", "en", "1"),
        ("languages", "zh", "zh", "1"),
        ("folders", "garden", "garden", "1"),
        ("folders", "zh", "zh", "1"),
    ]
    assert re.findall(r'placeholder="([^"]+)"', page) == ["2022", "2024-06"]
    assert '<section id="drawer" aria-label="筛选">' in web_client(shared_searcher).get("/?language=zh").text


def test_a_cleared_conversation_shows_its_examples_again(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher)
    [number] = [item["id"] for item in client.get("/config").json()["dependencies"] if item["api_name"] == "_clear"]
    answer = client.post("/gradio_api/run/predict", json={"fn_index": number, "data": [], "session_hash": "abc"})
    shown, greeted, asked = answer.json()["data"]
    assert asked == "{}"
    assert shown == {"visible": True, "__type__": "update"}
    assert greeted["placeholder"].startswith("Ask")
