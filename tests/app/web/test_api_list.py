"""JSON interface: lists of articles."""

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from tests.web import web_client


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def test_a_list_begins_after_the_offset(client: TestClient) -> None:
    listing = client.post("/api/ask", json={"question": "list all articles", "offset": 2}).json()["listing"]
    assert (listing["total"], listing["offset"], listing["more"]) == (3, 2, False)
    assert [article["article"] for article in listing["articles"]] == ["zh/tea"]


def test_more_in_a_conversation_goes_on_with_its_list(client: TestClient) -> None:
    body = {"question": "更多", "history": [{"question": "列出所有文章"}]}
    listing = client.post("/api/ask", json=body).json()["listing"]
    assert (listing["offset"], listing["articles"], listing["text"]) == (20, [], "没有更多文章了，共 3 篇。")


@pytest.mark.parametrize("offset", [-1, 1_000_001, "2", 1.5, None])
def test_an_offset_that_is_none_is_refused(offset: object, client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "list all articles", "offset": offset})
    assert response.status_code == 422
    assert response.json()["error"].startswith("offset: ")


def test_another_question_is_no_list(client: TestClient) -> None:
    assert client.post("/api/ask", json={"question": "Is lunar soil dry?", "offset": 2}).json()["listing"] is None
