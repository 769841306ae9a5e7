"""Version 1 of the interface: pages of results and of articles, tags, its own page."""

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from tests.hashing import searcher_of
from tests.web import problem_in, web_client

QUESTION = "Is lunar soil dry?"
PORTAL = "https://portal.example"


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def test_both_versions_give_the_same_answers(client: TestClient) -> None:
    for path, body in (
        ("ask", {"question": QUESTION, "k": 2}),
        ("why", {"question": QUESTION, "article": "moon", "start": 0, "end": 82}),
        ("facets", {"find": {"publishers": "garden"}}),
        ("suggest", {"text": "moon"}),
    ):
        responses = [client.post(f"{below}/{path}", json=body) for below in ("/api", "/api/v1")]
        assert [response.status_code for response in responses] == [200, 200]
        assert responses[0].json() == responses[1].json()
    assert client.get("/api/facets").json() == client.get("/api/v1/facets").json()


def found(client: TestClient, **fields: object) -> dict[str, Any]:
    response = client.post("/api/v1/search", json={"question": "soil, flowers and tea", **fields})
    assert response.status_code == 200
    result: dict[str, Any] = response.json()
    return result


def test_a_search_ranks_passages_in_pages_that_fit_together(client: TestClient) -> None:
    whole = found(client, limit=200)
    assert (whole["more"], whole["offset"], len(whole["results"])) == (False, 0, 4)
    assert [each["number"] for each in whole["results"]] == [1, 2, 3, 4]
    pages = [found(client, limit=1, offset=offset) for offset in range(4)]
    assert [page["results"][0] for page in pages] == whole["results"]
    assert [page["more"] for page in pages] == [True, True, True, False]
    assert found(client, offset=999)["results"] == []


def test_a_search_gives_the_best_passage_of_each_article_on_demand(client: TestClient) -> None:
    every, best = found(client)["results"], found(client, by_article=True)["results"]
    firsts = {each["article"]: each["quote"] for each in reversed(every)}
    assert len(best) == len(firsts) == 3
    assert {each["article"]: each["quote"] for each in best} == firsts


def test_a_deep_page_of_a_search_repeats_no_passage_of_the_first_ones(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = found(client)["results"]
    monkeypatch.setattr("app.web.api.search._FIRST", 2)
    assert [found(client, limit=1, offset=offset)["results"][0]["quote"] for offset in range(4)] == [
        each["quote"] for each in whole
    ]


def test_articles_are_listed_in_pages(client: TestClient) -> None:
    listed = client.get("/api/v1/articles?limit=2").json()
    assert {name: listed[name] for name in ("total", "offset")} == {"total": 3, "offset": 0}
    assert listed["articles"][0] == {
        "article": "moon",
        "title": "The Moon: soil and seas",
        "publisher": "Night Sky Notes",
        "published": "2024-06-25",
        "link": "/articles/moon",
    }
    rest = client.get("/api/v1/articles?limit=2&offset=2").json()["articles"]
    assert [article["article"] for article in (*listed["articles"], *rest)] == ["moon", "garden/bees", "zh/tea"]
    narrowed = client.get("/api/v1/articles?q=lavender&folder=garden&sort=title").json()
    assert [article["article"] for article in narrowed["articles"]] == ["garden/bees"]


def test_an_article_is_given_whole(client: TestClient) -> None:
    article = client.get("/api/v1/articles/garden/bees").json()
    assert article["text"].startswith("A honey bee visits about 2,000 flowers a day.")
    assert article["headings"] == []
    assert (article["receipt"], article["link"], article["url"]) == ("verified", "/articles/garden/bees", None)
    assert "groups" not in article
    moon = client.get("/api/v1/articles/moon").json()
    assert [moon["text"][start:end] for start, end in moon["headings"]] == ["Soil", "Seas"]


@pytest.mark.parametrize("path", ["/api/v1/articles", "/api/v1/articles/moon"])
def test_what_the_client_holds_is_not_sent_again(path: str, client: TestClient) -> None:
    response = client.get(path)
    tag = response.headers["etag"]
    for held in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"other"'}).content == response.content
    assert client.head(path).headers["etag"] == tag


def test_a_changed_article_has_another_tag_and_a_gone_one_is_gone(root: Path, folder: Path) -> None:
    client = web_client(searcher_of(root))
    tag = client.get("/api/v1/articles/moon").headers["etag"]
    (folder / "moon.md").write_text("Other text.", "utf-8")
    changed = client.get("/api/v1/articles/moon", headers={"if-none-match": tag})
    assert (changed.status_code, changed.json()["receipt"]) == (200, "changed")
    (folder / "moon.md").unlink()
    assert problem_in(client.get("/api/v1/articles/moon")) == (410, "the file of this article is gone")


def test_no_suggestions_where_the_owner_wants_none(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, SUGGESTIONS="0")
    assert problem_in(client.post("/api/v1/suggest", json={"text": "moon"}))[0] == 404
    assert "/suggest" not in client.get("/api/v1/openapi.json").json()["paths"]


def test_a_portal_reads_version_1_and_nobody_else_does(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, ALLOWED_ORIGINS=PORTAL)
    for path in ("/api/v1/facets", "/api/v1/articles", "/api/v1/articles/moon", "/api/v1/openapi.json"):
        allowed = [
            client.get(path, headers={"origin": origin}).headers.get("access-control-allow-origin")
            for origin in (PORTAL, "https://evil.example", "null")
        ]
        assert allowed == [PORTAL, None, None]
    asked = {
        "origin": PORTAL,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    assert client.options("/api/v1/ask", headers=asked).status_code == 200
    assert client.options("/api/v1/ask", headers={**asked, "origin": "https://evil.example"}).status_code == 400


def test_the_page_shows_every_address_and_object_as_text_without_scripts(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher, TITLE="Tea & <script>alert(1)</script>", PATH="/tools")
    page, schema = client.get("/api/v1/docs"), client.get("/api/v1/openapi.json").json()
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<script" not in page.text
    for path, methods in schema["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} /tools/api/v1{path}</code>" in page.text
    for name in schema["components"]["schemas"]:
        assert page.text.count(f'id="{name}"') == 1
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert client.head("/api/v1/docs").status_code == 200
