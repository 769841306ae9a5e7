"""The event of the chat's page that answers a question, called as the page calls it."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from app.web.chat.cards import message_html
from index.search.searcher import Searcher
from tests.web import chat_event, web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
DRY = "Is lunar soil dry?"
HOSTILE = "<img src=x onerror=alert(1)> **bold** $$x$$"


def turn(
    searcher: Searcher,
    question: str,
    query: str = "",
    *,
    accepted: str = "",
    earlier: Sequence[str] = (),
    variables: dict[str, str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The answer to a question after earlier ones."""
    client = web_client(searcher, **(variables or {}))
    asked = {"question": question, "earlier": list(earlier), **options}
    response = chat_event(client, "turn", [asked], [("accept-language", accepted)], query)
    assert response.status_code == 200, response.text
    [answer] = response.json()["data"]
    assert answer.keys() == {"html", "heard", "markdown", "leans"}
    assert "\n" not in answer["html"]
    found: dict[str, Any] = answer
    return found


def test_an_answer_comes_as_html_as_words_to_hear_and_as_markdown(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, QUESTION)
    assert '<div class="lead">A probe brought 1,935.3 grams of it to Earth in June 2024.</div>' in answer["html"]
    assert 'href="/articles/moon?start=0&amp;end=82&amp;mark=24-82&amp;cited=' in answer["html"]
    heard = "Answer: A probe brought 1,935.3 grams of it to Earth in June 2024. From “The Moon: soil and seas”."
    assert answer["heard"] == heard
    assert "> Lunar soil is dry. A probe brought 1,935.3 grams of it to Earth in June 2024." in answer["markdown"]
    assert not answer["leans"]


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_an_empty_question_is_told_so(nothing: str, shared_searcher: Searcher) -> None:
    said = "The question is empty. Ask in plain words."
    told = {"html": message_html(said), "heard": said, "markdown": said, "leans": False}
    assert turn(shared_searcher, nothing) == told


@pytest.mark.parametrize(
    ("query", "accepted", "label", "ask"),
    [
        ("", "", "Your question", "Ask"),
        ("", "zh-CN", "您的问题", "提问"),
        ("?language=zh", "en", "您的问题", "提问"),
        ("?language=en", "zh", "Your question", "Ask"),
    ],
)
def test_the_question_box_is_labelled_in_the_language_of_its_reader(
    query: str, accepted: str, label: str, ask: str, shared_searcher: Searcher
) -> None:
    response = chat_event(web_client(shared_searcher), "_open", [], [("accept-language", accepted)], query)
    [box] = response.json()["data"]
    assert (box["label"], box["submit_btn"]) == (label, ask)


def test_an_answer_is_worded_in_the_language_of_its_reader(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, QUESTION, "?language=zh")
    assert "在原文中打开" in answer["html"]
    assert "Open the article" not in answer["html"]
    assert "language=zh#passage" in answer["html"]
    assert "language=zh#passage" in answer["markdown"]
    wordless = turn(shared_searcher, "🙂", accepted="zh")
    assert wordless["html"] == message_html("问题“🙂”中没有文字。请用日常语言提问。")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?page_url=https://portal.example/garden/", "garden"),
        ("?page_title=The+bees", "The bees"),
        ("?page_url=/garden/&page_title=The+Moon", "garden"),
    ],
)
def test_the_page_that_it_stands_on_comes_first_unless_it_is_left_out(
    query: str, name: str, shared_searcher: Searcher
) -> None:
    said_so = f'<p class="context">Searched “<bdi>{name}</bdi>” first</p>'
    for here in (True, False):
        answer = turn(shared_searcher, "What feeds bees in July?", query, here=here)
        assert (said_so in answer["html"]) == here


@pytest.mark.parametrize("query", ["", "?page_url=", "?page_url=https://portal.example/none/&page_title=Nothing"])
def test_without_a_section_nothing_comes_first(query: str, shared_searcher: Searcher) -> None:
    assert "Searched" not in turn(shared_searcher, QUESTION, query)["html"]


def test_markup_in_a_page_s_title_stays_text(shared_searcher: Searcher) -> None:
    query = "?page_title=bees+%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    answer = turn(shared_searcher, "What feeds bees in July?", query)
    assert "Searched “<bdi>bees &lt;img src=x onerror=alert(1)&gt;</bdi>” first" in answer["html"]


def test_markup_in_an_earlier_question_stays_text(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, "And when?", earlier=[HOSTILE])
    assert "Read after “<bdi>&lt;img src=x onerror=alert(1)&gt; **bold** $$x$$</bdi>”" in answer["html"]
    assert "<img" not in answer["html"]
    assert answer["leans"]


def test_earlier_questions_that_are_blank_or_too_long_count_for_nothing(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, "And when?", earlier=["", " \n", "word " * 401, DRY])
    assert f"Read after “<bdi>{DRY}</bdi>”" in answer["html"]


def test_a_question_that_is_too_long_is_told_so(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, "<b>" * 1_000)
    assert "The question has 3,000 characters; at most 2,000 are read." in answer["html"]


def test_a_question_is_answered_anew_without_what_is_left_out_and_with_it_again(shared_searcher: Searcher) -> None:
    before = turn(shared_searcher, "And when?", earlier=[DRY])
    alone = turn(shared_searcher, "And when?", earlier=[DRY], ignore=["history"])
    assert 'class="chip" value="history"' in before["html"]
    assert 'class="chip off" value="history"' in alone["html"]
    assert (before["leans"], alone["leans"]) == (True, False)


def test_markup_in_what_is_left_out_stays_text(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, DRY, ignore=['publisher:"><img src=x onerror=alert(1)>\n\n# Big'])
    assert "<img" not in answer["html"]


def test_links_lie_below_the_public_path(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, QUESTION, variables={"PATH": "/tools/ask"})
    assert set(re.findall(r'href="(/[^/"]*/[^/"]*)/', answer["html"])) == {"/tools/ask"}


def test_small_talk_is_helped_with_the_owner_s_examples(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, "hello", variables={"EXAMPLES": "Is it <dry>?"})
    assert '<button class="example">Is it &lt;dry&gt;?</button>' in answer["html"]


def test_a_list_of_articles_links_to_them_below_the_public_path(shared_searcher: Searcher) -> None:
    answer = turn(shared_searcher, "有哪些文章？", variables={"PATH": "/tools/ask"})
    assert '<a href="/tools/ask/articles/moon?start=' in answer["html"]
    assert '<a href="/tools/ask/articles" target="_blank"><bdi>All articles</bdi></a>' in answer["html"]


def filtered(searcher: Searcher, question: str, query: str = "", **filters: Any) -> str:
    html: str = turn(searcher, question, query, filters=filters)["html"]
    return html


def test_filters_go_with_a_question_and_the_answer_names_them(shared_searcher: Searcher) -> None:
    question = "What feeds bees in July?"
    assert "Filtered" not in filtered(shared_searcher, question)
    garden = filtered(shared_searcher, question, publishers=["garden notes"], since="2023", until="2023-12")
    line = "Filtered: From <bdi>2023</bdi> · Until <bdi>2023-12</bdi> · Publisher <bdi>Garden Notes</bdi>"
    assert f'<p class="context">{line}</p>' in garden
    assert "Lavender feeds bees in July." in garden
    moon = filtered(shared_searcher, question, "?language=zh", folders=["zh"], languages=["zh"])
    assert "已筛选：语言 <bdi>中文</bdi> · 文件夹 <bdi>zh</bdi>" in moon
    assert "Lavender" not in moon


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
