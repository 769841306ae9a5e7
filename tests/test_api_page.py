"""docs/api.md: its tables list every field of every request and response, with its type and default."""

import json
import re
from dataclasses import fields
from typing import Any, Literal

import httpx
import pytest
from pydantic import BaseModel
from starlette.testclient import TestClient

from app.receipts.receipt import Receipt
from app.watch import Watching
from app.web.api.articles import ListQuery
from app.web.api.search import SearchRequest
from app.web.requests import AskRequest, FacetsRequest, SuggestRequest, WhyRequest
from index.search.searcher import Searcher
from tests.conftest import COVERED, PROJECT
from tests.web import web_client

PAGE = (PROJECT / "docs" / "api.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \|(.*?)\| ", re.MULTILINE)
TYPES = {"string": str, "integer": int, "number": float, "boolean": bool, "list": list, "object": dict}
QUESTION = "Which soil was brought to Earth in June 2024?"


def table(heading: str) -> dict[str, tuple[str, str]]:
    """Type and default of each field in the table below a heading."""
    section = re.split(rf"^#+ {re.escape(heading)}\n", PAGE, flags=re.MULTILINE)[1].split("\n#")[0]
    return {name: (kind, default.strip().strip("`")) for name, kind, default in ROW.findall(section)}


def request_fields(schema: dict[str, Any]) -> dict[str, str]:
    """The default of each field of a request's schema, as the page writes it."""
    required = schema.get("required", [])
    properties: dict[str, dict[str, Any]] = schema["properties"]
    return {
        name: "required"
        if name in required
        else "{}"
        if isinstance(field["default"], dict)
        else json.dumps(field["default"])
        for name, field in properties.items()
    }


def referred(schema: dict[str, Any], field: str) -> dict[str, Any]:
    """The schema of the objects that a field holds."""
    name = re.search(r'"#/\$defs/(\w+)"', json.dumps(schema["properties"][field]))
    assert name
    definition: dict[str, Any] = schema["$defs"][name[1]]
    return definition


def test_the_tables_of_requests_list_every_field_with_its_default() -> None:
    ask, why, facets = (request.model_json_schema() for request in (AskRequest, WhyRequest, FacetsRequest))
    schemas = {
        "Request of /api/ask": ask,
        "Turn": referred(ask, "history"),
        "Page": referred(ask, "page"),
        "Filters": referred(ask, "filters"),
        "Request of /api/why": why,
        "Request of POST /api/facets": facets,
        "Sought": referred(facets, "find"),
        "Request of /api/v1/search": SearchRequest.model_json_schema(),
        "Query of /api/v1/articles": ListQuery.model_json_schema(),
        "Request of /api/suggest": SuggestRequest.model_json_schema(),
    }
    for heading, schema in schemas.items():
        assert {name: default for name, (_, default) in table(heading).items()} == request_fields(schema), heading


def check(heading: str, value: dict[str, Any]) -> None:
    """Assert that the table names the fields of a response in order, each with a type that its value has."""
    rows = table(heading)
    assert list(rows) == list(value), heading
    for name, (kind, _) in rows.items():
        names = re.sub(r"\(#\w+\)", "", kind)
        types = tuple(TYPES[word] for word in re.findall(r"\w+", names.partition(" of ")[0]) if word in TYPES)
        assert isinstance(value[name], types or dict) or (value[name] is None and "null" in kind), (heading, name)


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def test_the_tables_of_an_answer_are_true(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    told = client.post("/api/ask", json={"question": "What can you do?"}).json()
    listing = client.post("/api/ask", json={"question": "What articles do you have?"}).json()["listing"]
    topics = client.post("/api/ask", json={"question": "What topics are there?"}).json()["listing"]["topics"]
    compared = client.post("/api/ask", json={"question": "Compare lunar soil and a honey bee"}).json()
    stepped = client.post("/api/ask", json={"question": "more", "history": [{"question": QUESTION}]}).json()
    citation = (answer["citations"] or answer["closest"])[0]
    for heading, value in (
        ("Response of /api/ask", answer),
        ("Citation", citation),
        ("Source", citation["sources"][0]),
        ("Preference", answer["preferences"][0]),
        ("Step", stepped["step"]),
        ("Side", compared["sides"][0]),
        ("Help", told["help"]),
        ("Listing", listing),
        ("Listed article", listing["articles"][0]),
        ("Topic", topics[0]),
    ):
        check(heading, value)


def test_the_tables_of_an_explanation_are_true(client: TestClient) -> None:
    place = {"article": "moon", "start": 0, "end": 82}
    why = client.post("/api/why", json={"question": "Is lunar soil dry? -bees", **place}).json()
    check("Response of /api/why", why)
    check("Word", why["words"][0])
    check("Sentence", why["sentence"])
    check("Share", why["shares"][0])
    check("Fit", why["preferences"][0])


def test_the_tables_of_suggestions_are_true(client: TestClient) -> None:
    suggested = client.post("/api/suggest", json={"text": "moon"}).json()
    check("Response of /api/suggest", suggested)
    check("Suggestion", suggested["suggestions"][0])


def test_the_tables_of_facets_and_health_are_true(client: TestClient) -> None:
    facets, health = client.get("/api/facets").json(), client.get("/healthz").json()
    check("Response of /api/facets", facets)
    check("Value", facets["publishers"][0])
    counted = client.post("/api/facets", json={}).json()
    check("Response of POST /api/facets", counted)
    check("Counted value", counted["publishers"][0])
    check("Period", counted["periods"][0])
    check("Response of /healthz", health)
    check("Coverage", health["coverage"])
    check("Pins", health["pins"])
    assert list(table("Watch")) == [field.name for field in fields(Watching)]
    assert health["coverage"].keys() == COVERED.keys()


def test_the_tables_of_version_1_are_true(client: TestClient) -> None:
    search, listed = client.post("/api/v1/search", json={"question": QUESTION}), client.get("/api/v1/articles")
    article, wrong = client.get("/api/v1/articles/moon").json(), client.post("/api/v1/ask", json={"top": 1}).json()
    check("Response of /api/v1/search", search.json())
    check("Response of /api/v1/articles", listed.json())
    check("Entry", listed.json()["articles"][0])
    check("Response of /api/v1/articles/{id}", article)
    check("Problem", wrong)
    check("Wrong field", wrong["errors"][0])
    assert list(table("Receipt")) == list(Receipt.model_fields)


def test_the_client_of_the_page_in_ten_lines_gets_a_typed_answer(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = PAGE.split("```python\n")[1].split("```")[0]
    assert len([line for line in code.splitlines() if line]) == 10
    monkeypatch.setattr("httpx.post", lambda url, *, json, timeout: client.post(url, json=json))
    names: dict[str, Any] = {"BaseModel": BaseModel, "Literal": Literal, "httpx": httpx}
    exec(code, names)  # noqa: S102 - it is ours
    answer = names["ask"](QUESTION)
    assert (answer.verdict, answer.citations[0].title) == ("answer", "The Moon: soil and seas")
    with pytest.raises(Exception, match="422"):
        names["ask"](" ")


def test_the_bodies_of_the_page_s_requests_are_read() -> None:
    ask, why, suggest, facets = re.findall(r"-d '(\{.*\})'", PAGE)
    assert AskRequest.model_validate_json(ask).k == 1
    assert WhyRequest.model_validate_json(why).end == 690
    assert FacetsRequest.model_validate_json(facets).filters.languages == ["zh"]
    assert SuggestRequest.model_validate_json(suggest).text == "ventre cap"
