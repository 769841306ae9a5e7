"""The chat page's own functions, called as its page calls them."""

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from app.web.cards import message_html
from index.search.searcher import Searcher
from tests.web import web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
ASK, OPEN = "_ask", "_open"


def call(
    searcher: Searcher,
    event: str,
    data: list[Any],
    query: str = "",
    accepted: str = "",
    *,
    filters: str = "{}",
    asked: Sequence[str] = (),
    **variables: str,
) -> list[Any]:
    """Values that an event of the page gives back to it, in a conversation with the questions `asked`."""
    client = web_client(searcher, **variables)
    data = [*data, filters, json.dumps({"questions": asked})] if data else []
    events = [item["id"] for item in client.get("/config").json()["dependencies"] if item["api_name"] == event]
    response = client.post(
        f"/gradio_api/run/predict{query}",
        content=json.dumps({"fn_index": events[0], "data": data, "session_hash": "abc", "event_data": None}),
        headers={"content-type": "application/json", "accept-language": accepted},
    )
    assert response.status_code == 200, response.text
    found: list[Any] = response.json()["data"]
    return found


def texts(messages: list[Any]) -> list[tuple[str, str]]:
    return [(message["role"], part["text"]) for message in messages for part in message["content"]]


def turn(text: str, role: str = "user") -> dict[str, Any]:
    return {"role": role, "content": [{"type": "text", "text": text}]}


def test_a_question_is_answered_below_it_and_the_box_is_emptied(shared_searcher: Searcher) -> None:
    box, messages, chips, conversation = call(shared_searcher, ASK, [QUESTION, [], False])
    (asker, question), (assistant, answer) = texts(messages)
    assert (box, chips) == ("", {"visible": False, "__type__": "update"})
    assert json.loads(conversation) == {"questions": [QUESTION]}
    assert (asker, question) == ("user", message_html(QUESTION))
    assert assistant == "assistant"
    assert "<mark>A probe brought 1,935.3 grams of it to Earth in June 2024.</mark>" in answer
    assert 'href="/articles/moon?start=0&amp;end=82&amp;mark=24-82&amp;cited=' in answer


def test_an_empty_box_is_told_so(shared_searcher: Searcher) -> None:
    for nothing in (None, "", " \n"):
        _, messages, *_ = call(shared_searcher, ASK, [nothing, None, True])
        assert texts(messages)[1] == ("assistant", message_html("The question is empty. Ask in plain words."))


@pytest.mark.parametrize(
    ("query", "accepted", "heading", "label"),
    [
        ("", "", "# Citewell\n[All articles](/articles)", "Your question"),
        ("", "zh-CN", "# Citewell\n[全部文章](/articles)", "您的问题"),
        ("?language=zh", "en", "# Citewell\n[全部文章](/articles?language=zh)", "您的问题"),
        ("?language=en", "zh", "# Citewell\n[All articles](/articles?language=en)", "Your question"),
    ],
)
def test_the_page_opens_in_the_language_of_its_reader(
    query: str, accepted: str, heading: str, label: str, shared_searcher: Searcher
) -> None:
    title, box, messages, conversation, chips, here, first, *others = call(shared_searcher, OPEN, [], query, accepted)
    assert (title, box["label"]) == (heading, label)
    assert messages["placeholder"].startswith("Ask 3 articles." if label == "Your question" else "向 3 篇文章提问。")
    assert (messages["value"], chips["visible"], here["visible"]) == ([], True, False)
    assert conversation == "{}"
    asks = (
        "What do the articles say about Bees in the garden?" if label == "Your question" else "关于“Bees in the garden”"
    )
    assert first["value"].startswith(asks)
    assert [chip["visible"] for chip in (first, *others)] == [True, True, True, False]  # there are three articles


def test_an_answer_is_worded_in_the_language_of_its_reader(shared_searcher: Searcher) -> None:
    _, messages, *_ = call(shared_searcher, ASK, [QUESTION, [], False], "?language=zh")
    answer = texts(messages)[1][1]
    assert "在原文中打开" in answer
    assert "Open the article" not in answer
    assert "language=zh#passage" in answer
    _, messages, *_ = call(shared_searcher, ASK, ["🙂", [], False], "", "zh")
    assert texts(messages)[1][1] == message_html("问题“🙂”中没有文字。请用日常语言提问。")


def test_a_question_in_the_address_is_asked_at_once(shared_searcher: Searcher) -> None:
    _, _, messages, conversation, chips, *_ = call(shared_searcher, OPEN, [], "?q=Is+lunar+soil+dry%3F")
    assert json.loads(conversation) == {"questions": ["Is lunar soil dry?"]}
    assert texts(messages["value"])[0] == ("user", message_html("Is lunar soil dry?"))
    assert "<mark>Lunar soil is dry.</mark>" in texts(messages["value"])[1][1]
    assert chips["visible"] is False


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?page_url=https://portal.example/garden/", "garden"),
        ("?page_title=The+bees", "The bees"),
        ("?page_url=/garden/&page_title=The+Moon", "garden"),
    ],
)
def test_the_page_that_it_stands_on_is_offered_and_can_be_left_out(
    query: str, name: str, shared_searcher: Searcher
) -> None:
    here = call(shared_searcher, OPEN, [], query)[5]
    assert (here["visible"], here["label"]) == (True, f"Search “{name}” first")
    said_so = f'<p class="context">Searched “<bdi>{name}</bdi>” first</p>'
    for ticked in (True, False):
        _, messages, *_ = call(shared_searcher, ASK, ["What feeds bees in July?", [], ticked], query)
        assert (said_so in texts(messages)[1][1]) == ticked


@pytest.mark.parametrize("query", ["", "?page_url=", "?page_url=https://portal.example/none/&page_title=Nothing"])
def test_without_a_section_there_is_nothing_to_leave_out(query: str, shared_searcher: Searcher) -> None:
    here = call(shared_searcher, OPEN, [], query)[5]
    _, messages, *_ = call(shared_searcher, ASK, [QUESTION, [], True], query)
    assert (here["visible"], here["label"]) == (False, "")
    assert "Searched" not in texts(messages)[1][1]


def test_markup_in_a_page_s_title_stays_text(shared_searcher: Searcher) -> None:
    query = "?page_title=bees+%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    _, messages, *_ = call(shared_searcher, ASK, ["What feeds bees in July?", [], True], query)
    assert "Searched “<bdi>bees &lt;img src=x onerror=alert(1)&gt;</bdi>” first" in texts(messages)[1][1]


def test_what_the_page_sends_as_history_comes_back_as_text_and_nothing_else(shared_searcher: Searcher) -> None:
    hostile = "<img src=x onerror=alert(1)> **bold** $$x$$"
    history = [
        {**turn(hostile, "assistant"), "metadata": {"title": "<b>"}, "options": [{"value": "<b>"}], "extra": 1},
        turn(hostile),
    ]
    _, messages, *_ = call(shared_searcher, ASK, [QUESTION, history, False])
    assert messages[:2] == [
        {"role": role, "metadata": None, "content": [{"type": "text", "text": hostile}], "options": None}
        for role in ("assistant", "user")
    ]
    # What the server adds of it is escaped: a follow-up names the question it was read after.
    _, messages, *_ = call(shared_searcher, ASK, ["And when?", history, False], asked=[hostile])
    added = texts(messages)[-1][1]
    assert "Read after “<bdi>&lt;img src=x onerror=alert(1)&gt; **bold** $$x$$</bdi>”" in added
    assert "<img" not in added


def test_the_last_ten_turns_are_kept(shared_searcher: Searcher) -> None:
    history = [turn(str(number), ("user", "assistant")[number % 2]) for number in range(400)]
    asked = [str(number) for number in range(380, 400, 2)]
    _, messages, _, conversation = call(shared_searcher, ASK, ["Is lunar soil dry?", history, False], asked=asked)
    assert [text for _, text in texts(messages)[:-2]] == [str(number) for number in range(382, 400)]
    assert texts(messages)[-2][1] == message_html("Is lunar soil dry?")
    assert json.loads(conversation) == {"questions": [*asked[1:], "Is lunar soil dry?"]}


def test_an_empty_message_or_a_huge_one_is_no_trouble(shared_searcher: Searcher) -> None:
    history = [{"role": "user", "content": []}, turn(""), turn("<br>"), turn("word " * 40_000)]
    asked = ["", " \n", "word " * 400]
    _, messages, *_ = call(shared_searcher, ASK, ["And when?", history, False], asked=asked)
    assert texts(messages)[-1][0] == "assistant"
    assert "Read after" in texts(messages)[-1][1]
    assert len(texts(messages)[-1][1]) < 10_000


def test_a_question_that_is_too_long_is_told_so_and_shown_shortened(shared_searcher: Searcher) -> None:
    _, messages, _, conversation = call(shared_searcher, ASK, ["<b>" * 1_000, [], False])
    assert texts(messages)[0][1] == message_html(("<b>" * 1_000)[:200] + "…")
    assert json.loads(conversation) == {"questions": [("<b>" * 1_000)[:200] + "…"]}
    assert "The question has 3,000 characters; at most 2,000 are read." in texts(messages)[1][1]


def test_examples_are_the_owner_s_or_made_of_titles(shared_searcher: Searcher) -> None:
    def offered(**variables: str) -> list[str]:
        components = web_client(shared_searcher, **variables).get("/config").json()["components"]
        return [item["props"]["value"] for item in components if item["type"] == "button"]

    assert offered(EXAMPLES="1|2|<b>|4|5") == ["1", "2", "<b>", "4"]
    assert offered() == [
        "What do the articles say about Bees in the garden?",
        "What do the articles say about The Moon: soil and seas?",
        "What do the articles say about 茶?",
        "",
    ]


def test_markup_in_the_owner_s_title_stays_text(shared_searcher: Searcher) -> None:
    heading, *_ = call(shared_searcher, OPEN, [], TITLE="Tea & <Bees>\n[x](http://evil.example) # $y$")
    assert heading.split("\n")[0] == r"# Tea \& \<Bees\> \[x\]\(http://evil\.example\) \# \$y\$"


def test_links_lie_below_the_public_path(shared_searcher: Searcher) -> None:
    heading, *_ = call(shared_searcher, OPEN, [], "?language=zh", PATH="/tools/ask")
    _, messages, *_ = call(shared_searcher, ASK, [QUESTION, [], False], PATH="/tools/ask")
    assert heading.endswith("(/tools/ask/articles?language=zh)")
    assert set(re.findall(r'href="(/[^/"]*/[^/"]*)/', texts(messages)[1][1])) == {"/tools/ask"}


def test_small_talk_is_helped_with_the_owner_s_examples(shared_searcher: Searcher) -> None:
    _, messages, *_ = call(shared_searcher, ASK, ["hello", [], False], EXAMPLES="Is it <dry>?")
    assert '<button class="example">Is it &lt;dry&gt;?</button>' in texts(messages)[1][1]


def test_a_list_of_articles_links_to_them_below_the_public_path(shared_searcher: Searcher) -> None:
    _, messages, *_ = call(shared_searcher, ASK, ["有哪些文章？", [], False], PATH="/tools/ask")
    assert '<a href="/tools/ask/articles/moon?start=' in texts(messages)[1][1]
    assert '<a href="/tools/ask/articles" target="_blank"><bdi>All articles</bdi></a>' in texts(messages)[1][1]
