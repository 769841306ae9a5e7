"""Every way into the application, tried by people of other groups, of none, and by who only says that they are."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from tests.access import API_ROUTES, HIDDEN, OPEN, SECRETS, built
from tests.hashing import searcher_of
from tests.web import chat_event, web_client

PROXY, STRANGER = "10.0.0.1", "203.0.113.9"
HEADER = "X-Remote-Groups"
Headers = list[tuple[str, str]]
QUESTION = "By how many percent do salaries rise?"
PAGE = {"url": "https://portal.example/hr/", "title": ""}

ALLOWED: dict[str, Headers] = {
    "right group": [(HEADER, "hr")],
    "in other letters": [(HEADER.lower(), "\t HR ")],
    "among others": [(HEADER, "sales, hr")],
    "after a semicolon": [(HEADER, "sales;hr;")],
    "in the second of two headers": [(HEADER, "sales"), (HEADER, "hr")],
    "one that is empty before it": [(HEADER, ""), (HEADER, "hr")],
}
DENIED: dict[str, Headers] = {
    "no header": [],
    "empty": [(HEADER, "")],
    "signs alone": [(HEADER, " ,; ")],
    "wrong group": [(HEADER, "sales")],
    "everyone": [(HEADER, "everyone")],
    "longer name": [(HEADER, "hr2")],
    "part of a name": [(HEADER, "h r")],
    "too long": [(HEADER, f"hr,{'x' * 201}")],
    "too many": [(HEADER, ",".join(["hr", *(f"g{number}" for number in range(1_000))]))],
    "not to be shown": [(HEADER, "hr,\x07")],
    "another header": [("X_Remote_Groups", "hr"), ("X-Forwarded-Groups", "hr"), ("Remote-Groups", "hr")],
    "in a query": [],
}


def asked(client: TestClient, headers: Headers, **fields: object) -> Response:
    return client.post("/api/ask", json={"question": QUESTION, **fields}, headers=headers)


def got(path: str) -> Callable[[TestClient, Headers], Response]:
    return lambda client, headers: client.get(path, headers=headers)


ROUTES: dict[str, Callable[[TestClient, Headers], Response]] = {
    "list": got("/articles"),
    "list of what is wanted": got("/articles?q=staff&groups=hr"),
    "list of what texts hold": got("/articles?q=salaries&sort=folder"),
    "article": got("/articles/hr/pay"),
    "article as a citation opens it": got("/articles/hr/pay?start=0&end=40&mark=0-40&cited=0123456789ab"),
    "original": got("/originals/hr/pay"),
    "reference": got("/references/hr/pay?start=0&end=40&mark=0-40"),
    "answer within an article": lambda client, headers: asked(client, headers, filters={"articles": ["hr/pay"]}),
    "chat": got("/?groups=hr"),
    "demo": got("/demo"),
    "section of the demo": got("/demo?section=hr"),
    "facets": got("/api/facets"),
    "counts": lambda client, headers: client.post("/api/facets", json={}, headers=headers),
    "counts of what is sought": lambda client, headers: client.post(
        "/api/facets", json={"filters": {"folders": ["hr"]}, "find": {"publishers": "pay"}}, headers=headers
    ),
    "answer": asked,
    "answer with filters": lambda client, headers: asked(client, headers, filters={"folders": ["hr"]}),
    "answer for a page": lambda client, headers: asked(client, headers, page=PAGE),
    "answer that is respelt": lambda client, headers: asked(client, headers, question="Which quarkonum experts?"),
    "answer that names copies": lambda client, headers: asked(client, headers, question="Is lunar soil dry?"),
    "answer with a publisher named": lambda client, headers: asked(
        client, headers, question="What rises according to the Office of Payrol?", history=[{"question": QUESTION}]
    ),
    "suggestions": lambda client, headers: client.post("/api/suggest", json={"text": "st"}, headers=headers),
    "list of articles": lambda client, headers: asked(client, headers, question="What articles do you have?"),
    "list of articles about a subject": lambda client, headers: asked(
        client, headers, question="Which articles mention salaries?"
    ),
    "newest article": lambda client, headers: asked(client, headers, question="What is the newest article?"),
    "reason": lambda client, headers: client.post(
        "/api/why", json={"question": QUESTION, "article": "hr/pay", "start": 0, "end": 88}, headers=headers
    ),
    "chat opened": got("/?page_url=https://x.example/hr/"),
    "chat labelled": lambda client, headers: chat_event(client, "_open", [], headers),
    "chat asked": lambda client, headers: chat_event(
        client, "turn", [{"question": QUESTION, "earlier": [QUESTION]}], headers, "?page_url=/hr/"
    ),
    "configuration": got("/config"),
    "description": got("/gradio_api/info"),
    "health": got("/healthz"),
    "script": got("/widget.js"),
    **API_ROUTES,
}


def crossed(headers: Iterable[str], usual: str) -> pytest.MarkDecorator:
    """Each route with each of these headers; slow are those that join neither the usual one nor the route `answer`."""
    pairs = [
        pytest.param(route, given, marks=[] if given == usual or route == "answer" else pytest.mark.slow)
        for given in headers
        for route in ROUTES
    ]
    return pytest.mark.parametrize(("route", "given"), pairs)


NEVER_TELL = {"chat labelled", "configuration", "description", "health", "script", "v1 description", "v1 page"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_of(built(tmp_path_factory.mktemp("routes"), {**OPEN, **HIDDEN}))


@pytest.fixture(scope="module")
def reduced(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The same without the articles that are not for everyone."""
    return searcher_of(built(tmp_path_factory.mktemp("reduced"), OPEN))


def client(searcher: Searcher, peer: str = PROXY, **variables: str) -> TestClient:
    return web_client(searcher, peer, TRUSTED_PROXIES=PROXY, GROUPS_HEADER=HEADER, SERVE_ORIGINALS="1", **variables)


def tells(response: Response) -> bool:
    return any(secret.casefold() in response.text.casefold() for secret in SECRETS)


@crossed(DENIED, "wrong group")
def test_nothing_of_a_hidden_article_is_told(route: str, given: str, searcher: Searcher) -> None:
    response = ROUTES[route](client(searcher), DENIED[given])
    assert response.status_code in (200, 404, 422)
    assert not tells(response)


@crossed(ALLOWED, "right group")
def test_nobody_is_believed_whom_no_trusted_proxy_names(route: str, given: str, searcher: Searcher) -> None:
    assert not tells(ROUTES[route](client(searcher, STRANGER), ALLOWED[given]))


@crossed(ALLOWED, "right group")
def test_who_may_see_an_article_meets_it_on_every_way_that_shows_articles(
    route: str, given: str, searcher: Searcher
) -> None:
    response = ROUTES[route](client(searcher), ALLOWED[given])
    assert response.status_code == 200 or route == "article as a citation opens it"
    assert tells(response) == (route not in NEVER_TELL)


@pytest.mark.parametrize("route", ["list", "list of what is wanted", "article",
                                   "article as a citation opens it", "list of what texts hold", "original", "chat",
                                   "demo", "section of the demo", "facets", "counts", "counts of what is sought",
                                   "answer with filters",
                                   "list of articles", "list of articles about a subject", "newest article",
                                   "reason", "chat opened", "v1 search with filters", "v1 reason", "v1 list",
                                   "v1 list of what is wanted", "v1 article", "v1 facets", "v1 counts"])  # fmt: skip
def test_what_is_hidden_is_as_if_it_were_not_there(route: str, searcher: Searcher, reduced: Searcher) -> None:
    def answer(of: Searcher) -> tuple[int, str, dict[str, str]]:
        response = ROUTES[route](client(of), [(HEADER, "sales")])
        text = response.text.replace(of.manifest.name, "BUILD")
        return response.status_code, text, {**response.headers, "content-length": "", "etag": ""}

    assert strip(answer(searcher)) == strip(answer(reduced))


def strip(answer: tuple[int, str, dict[str, str]]) -> tuple[int, Any, dict[str, str]]:
    """An answer without what differs from one call of Gradio's to the next."""
    status, text, headers = answer
    if not text.startswith("{"):
        return answer
    fields = json.loads(text)
    return status, {name: own for name, own in fields.items() if "duration" not in name}, headers


@pytest.mark.parametrize(
    ("group", "articles", "publishers", "folders"),
    [
        ("hr", 4, {"Payroll Office": 2, "Garden Notes": 1, "Night Sky Notes": 1}, {"hr": 2, "open": 2}),
        ("board", 3, {"Garden Notes": 1, "Night Sky Notes": 1, "Payroll Office": 1}, {"open": 2, "hr": 1}),
        ("sales", 2, {"Garden Notes": 1, "Night Sky Notes": 1}, {"open": 2}),
        ("", 0, {}, {}),
    ],
)
def test_counts_are_of_the_articles_that_a_person_may_see(
    group: str, articles: int, publishers: dict[str, int], folders: dict[str, int], searcher: Searcher
) -> None:
    seen = client(searcher)
    counted = seen.post("/api/facets", json={}, headers={HEADER: group}).json()
    assert counted["articles"] == articles
    for kind, expected in (("publishers", publishers), ("folders", folders)):
        assert {value["name"]: value["count"] for value in counted[kind]} == expected
    assert {period["name"]: period["count"] for period in counted["periods"]}["week"] == 0
    filters = {"since": "2024-06", "until": "2024-06", "folders": list(folders)}
    assert seen.post("/api/facets", json={"filters": filters}, headers={HEADER: group}).json()["articles"] == articles


@pytest.mark.parametrize("path", ["/articles/{}", "/articles/{}?cited=0123456789ab", "/originals/{}"])
def test_the_page_of_a_hidden_article_is_that_of_one_that_never_was(path: str, searcher: Searcher) -> None:
    pages = [client(searcher).get(path.format(name), headers={HEADER: "sales"}) for name in ("hr/pay", "hr/non")]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content == pages[1].content
    assert dict(pages[0].headers) == dict(pages[1].headers)


def test_an_article_that_names_no_group_is_seen_by_nobody(searcher: Searcher) -> None:
    everything = ", ".join(["hr", "board", "legal", "everyone", "nobody"])
    assert client(searcher).get("/articles/nobody/draft", headers={HEADER: everything}).status_code == 404
    assert "A draft" not in client(searcher).get("/articles", headers={HEADER: everything}).text


def test_without_the_setting_all_is_seen_and_the_header_is_nothing(searcher: Searcher) -> None:
    plain = web_client(searcher, PROXY, TRUSTED_PROXIES=PROXY)
    for headers in ({}, {HEADER: "sales"}):
        assert plain.get("/articles/nobody/draft", headers=headers).status_code == 200
        assert plain.get("/healthz", headers=headers).json()["articles"] == 6


def test_health_counts_nothing_for_strangers_where_access_is_by_groups(searcher: Searcher) -> None:
    health = client(searcher, STRANGER).get("/healthz").json()
    assert (health["status"], health["build"]) == ("ok", searcher.manifest.name)
    assert (health["articles"], health["passages"], health["coverage"], health["watch"]) == (None, None, None, None)


def test_groups_do_not_sign_anybody_in(searcher: Searcher) -> None:
    signed = client(searcher, USER_HEADER="X-Remote-User")
    assert signed.get("/articles", headers={HEADER: "hr"}).status_code == 401
    both = signed.get("/articles", headers={HEADER: "hr", "X-Remote-User": "ann"})
    assert (both.status_code, tells(both)) == (200, True)


def test_who_sees_nothing_is_told_so_when_the_chat_opens(searcher: Searcher) -> None:
    assert '<p class="greeting">None of the articles here is open to you.</p>' in client(searcher).get("/").text


@pytest.mark.parametrize("route", [name for name in ROUTES if name != "script"])
def test_no_answer_is_kept_for_the_next_person(route: str, searcher: Searcher) -> None:
    for headers in (ALLOWED["right group"], DENIED["wrong group"]):
        assert ROUTES[route](client(searcher), headers).headers["cache-control"] == "no-store"


def test_what_is_kept_for_views_of_a_collection_is_bounded_and_shared(searcher: Searcher, tmp_path: Path) -> None:
    from app.answering.collection import Collection

    collection = Collection.of(searcher)
    assert collection.named == {"hr", "board", "legal", "everyone"}
    assert collection.seen_by(None) is collection
    mine = collection.seen_by(frozenset(["hr", "a", "b"]))
    assert mine is collection.seen_by(frozenset(["hr", "everyone", "c"]))
    assert mine.freshness is collection.freshness
    assert len(collection.seen_by(frozenset(["unknown"])).searcher.articles) == 2
    assert len(collection.seen_by(frozenset()).searcher.articles) == 0
