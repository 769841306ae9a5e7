"""The chat's page as the server makes it: what it says of the collection, and what its scripts are given."""

import json
import re
from html import unescape

import pytest

from index.search.searcher import Searcher
from tests.app.web.chat.test_cards import Parsed
from tests.web import web_client

HOSTILE = "<img src=x onerror=alert(1)>"


def start(searcher: Searcher, query: str = "", accepted: str = "", **variables: str) -> str:
    page = web_client(searcher, **variables).get(f"/{query}", headers={"accept-language": accepted}).text
    return page.split('<section id="start">')[1].split("</section>")[0]


def test_the_start_says_what_the_collection_is_in_the_reader_s_language(shared_searcher: Searcher) -> None:
    shown = start(shared_searcher)
    assert "Ask 3 articles. Every answer is quoted, word for word, with its source." in shown
    assert '<p class="facts">newest of June 25, 2024 · English, Chinese</p>' in shown
    chinese = start(shared_searcher, accepted="zh")
    assert "向 3 篇文章提问。" in chinese
    assert '<p class="facts">最新：2024年6月25日 · 英语, 中文</p>' in chinese


def test_topics_are_folders_with_their_counts(shared_searcher: Searcher) -> None:
    topics = re.findall(r'class="topic" value="([^"]*)"><bdi>([^<]*)</bdi> <span>(\d+)</span>', start(shared_searcher))
    assert topics == [("garden", "garden", "1"), ("zh", "zh", "1")]


@pytest.mark.parametrize(
    ("variables", "questions"),
    [
        ({"EXAMPLES": "1|2|<b>|4|5"}, ["1", "2", "<b>", "4"]),
        (
            {},
            [
                "What do the articles say about Bees in the garden?",
                "What do the articles say about The Moon: soil and seas?",
                "What do the articles say about 茶?",
            ],
        ),
    ],
)
def test_questions_to_begin_with_are_the_owner_s_or_made_of_titles(
    variables: dict[str, str], questions: list[str], shared_searcher: Searcher
) -> None:
    found = re.findall(r'class="example"[^>]*>([^<]*)<', start(shared_searcher, **variables))
    assert [unescape(text) for text in found] == questions


def test_markup_in_the_owner_s_title_stays_text(shared_searcher: Searcher) -> None:
    page = web_client(shared_searcher, TITLE=HOSTILE).get("/").text
    assert "<img" not in page
    assert Parsed(page).text.count(HOSTILE) == 2  # as the page's title and its heading


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("?page_url=https://portal.example/garden/", "Search “garden” first"),
        ("?page_title=The+Moon+%3Cimg%3E+soil", "Search “The Moon &lt;img&gt; soil” first"),
        ("?page_url=https://portal.example/none/", None),
    ],
)
def test_the_page_that_it_stands_on_is_offered_and_can_be_left_out(
    query: str, label: str | None, shared_searcher: Searcher
) -> None:
    page = web_client(shared_searcher).get(f"/{query}").text
    found = re.search(r'<label id="here"><input type="checkbox" checked> ([^\n]*)</label>', page)
    assert (found and found[1]) == label


def test_scripts_get_their_texts_and_the_number_of_the_event_as_data(shared_searcher: Searcher) -> None:
    page = web_client(shared_searcher).get("/?language=zh").text
    data = dict(re.findall(r' data-(texts|event)="([^"]*)"', page))
    texts = json.loads(unescape(data["texts"]))
    assert texts["searching"] == "正在查找……"
    assert {"why", "ways"} <= texts.keys()
    config = web_client(shared_searcher).get("/config").json()
    assert data["event"] == str(next(one["id"] for one in config["dependencies"] if one["api_name"] == "turn"))
    assert "data-keeps" not in page
    assert ' data-keeps="">' in web_client(shared_searcher, KEEP="tab").get("/").text


def test_a_tab_keeps_a_conversation_for_the_person_who_is_signed_in(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, KEEP="tab", USER_HEADER="X-User", TRUSTED_PROXIES="192.0.2.7")
    names = []
    for person in ("ann", "bob", "ann"):
        found = re.search(' data-keeps="([0-9a-f]{16})">', client.get("/", headers={"X-User": person}).text)
        assert found is not None
        names.append(found[1])
    assert names[0] == names[2] != names[1]
