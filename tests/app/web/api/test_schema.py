"""Version 1 of the interface: every answer is as its description promises, also to requests made at random."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.receipts.keys import make_key
from app.web.requests import AskRequest
from index.search.searcher import Searcher
from tests.web import web_client

QUESTIONS = ["Is lunar soil dry?", "Compare lunar soil and a honey bee", "hello", "What articles do you have?", "more"]
MEANT: dict[str, st.SearchStrategy[dict[str, Any]]] = {  # fields that no schema can make meaningful
    "question": st.sampled_from(QUESTIONS).map(lambda question: {"question": question}),
    "filters": st.sampled_from([{}, {"publishers": ["Garden Notes"]}, {"since": "2023"}]).map(
        lambda filters: {"filters": filters}
    ),
    "start": st.just({"article": "moon", "start": 0, "end": 82}),
    # whole numbers: 2.0 is one to JSON Schema, and not to us
    "k": st.sampled_from([{"k": 1}, {"k": 20}]),
    "limit": st.sampled_from([{"limit": 1}, {"limit": 200}]),
    "offset": st.sampled_from([{"offset": 0}, {"offset": 2}]),
}
few = settings(
    max_examples=8,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def client(shared_searcher: Searcher, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    key = tmp_path_factory.mktemp("key") / "key.pem"
    make_key(key)
    return web_client(shared_searcher, PATH="/tools", RECEIPT_KEY=str(key))


@pytest.fixture(scope="module")
def description(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return described


def statuses(client: TestClient, description: dict[str, Any], *, meant: bool) -> dict[str, Counter[int]]:
    """The statuses of a few requests to each address, whose answers are held against the description."""
    import schemathesis  # slow to import, for all who collect tests
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    schema = schemathesis.openapi.from_dict(description)
    schema.app = client.app
    counted: dict[str, Counter[int]] = {}
    for described in schema.get_all_operations():
        operation: Any = described.ok()  # type: ignore[union-attr]

        @few
        @given(case=operation.as_strategy(), data=st.data())
        def ask(case: Any, data: st.DataObject) -> None:
            if meant:
                _give_meaning(case, data)
            response = case.call(base_url="http://127.0.0.1/tools/api/v1")
            counted.setdefault(case.operation.label, Counter())[response.status_code] += 1
            case.validate_response(response, excluded_checks=[positive_data_acceptance])

        ask()
    return counted


def _give_meaning(case: Any, data: st.DataObject) -> None:
    if case.path_parameters:
        case.path_parameters["article"] = "moon"
        case.query = {"start": 0, "end": 82} if "receipt" in case.operation.path else {}
    if isinstance(case.body, dict):
        for name in sorted(MEANT.keys() & case.body.keys()):
            case.body |= data.draw(MEANT[name])
        # what was said before must be questions, too
        case.body |= {"history": [], "ignore": []} if "question" in case.body else {}


def test_answers_to_requests_made_at_random_are_as_described(client: TestClient, description: dict[str, Any]) -> None:
    counted = statuses(client, description, meant=False)
    assert set(counted) == {
        *(f"POST /{name}" for name in ("ask", "why", "facets", "suggest", "search")),
        *(f"GET /{name}" for name in ("facets", "articles", "articles/{article}", "receipt/{article}")),
    }
    assert {status for counts in counted.values() for status in counts} <= {200, 404, 422}


def test_answers_to_requests_with_meaning_are_as_described(client: TestClient, description: dict[str, Any]) -> None:
    counted = statuses(client, description, meant=True)
    assert {label: set(counts) for label, counts in counted.items()} == {label: {200} for label in counted}


def test_the_description_is_openapi_3_1_and_names_what_is_bounded(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    assert description["servers"] == [{"url": "/tools/api/v1"}]
    ask = description["components"]["schemas"]["AskRequest"]
    assert (ask["required"], ask["additionalProperties"]) == (["question"], False)
    assert ask["properties"]["k"] | {"title": ""} == {
        "default": 5, "maximum": 20, "minimum": 1, "title": "", "type": "integer"
    }  # fmt: skip
    assert set(ask["properties"]) == set(AskRequest.model_fields)
    operation = description["paths"]["/ask"]["post"]
    assert set(operation["requestBody"]["content"]) == {"application/json", "application/x-ndjson"}
    assert set(operation["responses"]) == {"200", "default"}
    problem = operation["responses"]["default"]["content"]
    assert problem == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_every_response_names_all_of_its_fields(description: dict[str, Any]) -> None:
    """So that a client made from the description needs no guesses."""
    models = description["components"]["schemas"]
    for name in ("AskResponse", "Citation", "SearchResponse", "ArticleResponse", "WhyResponse", "Problem"):
        assert set(models[name]["required"]) == set(models[name]["properties"]), name
        assert models[name]["additionalProperties"] is False, name
