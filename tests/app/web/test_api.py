"""JSON interface: explanation of a passage that was found, and of what orders the passages."""

import json
import math
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.search.models import Models
from index.search.questions.question import Question
from index.search.reranker import load_reranker
from index.search.searcher import Searcher
from tests.hashing import searcher_of
from tests.rerankers import Opinion, ivy_model
from tests.web import web_client

QUESTION = "Is lunar soil dry?"
NO_TEXT = "Input should be a valid string, unable to parse raw data as a unicode string"
PLACE = {"article": "moon", "start": 0, "end": 82}


@pytest.fixture
def client(shared_searcher: Searcher) -> TestClient:
    return web_client(shared_searcher)


def _why(client: TestClient, **fields: object) -> tuple[int, dict[str, object]]:
    body = json.dumps({"question": QUESTION, **PLACE, **fields})
    response = client.post("/api/why", content=body, headers={"content-type": "application/json"})
    return response.status_code, response.json()


def test_a_passage_is_explained_by_words_sentence_and_shares(client: TestClient, shared_searcher: Searcher) -> None:
    hit = shared_searcher.search(Question(QUESTION))[0]
    status, why = _why(client)

    assert (status, list(why)) == (
        200,
        ["words", "sentence", "cosine", "shares", "rest", "reader", "quote", "preferences"],
    )
    assert why["sentence"] == {"start": 5, "end": 23}
    words, shares, rest = why["words"], why["shares"], why["rest"]
    assert isinstance(words, list)
    assert isinstance(shares, list)
    assert isinstance(rest, float)
    assert {word["word"] for word in words} == {"lunar", "soil", "dry"}
    assert sum(word["weight"] for word in words) == pytest.approx(hit.features.bm25, abs=1e-5)
    assert sum(share["share"] for share in shares) + rest == pytest.approx(hit.features.passage, abs=2e-4)  # rounded
    assert [(share["word"], share["start"], share["end"]) for share in shares][:3] == [
        ("Soil", 0, 4),
        ("Lunar", 5, 10),
        ("soil", 11, 15),
    ]


def test_every_citation_of_an_answer_can_be_explained(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": QUESTION}).json()
    places = [{name: citation[name] for name in PLACE} for citation in answer["citations"]]

    assert len(places) == 4
    for citation, place in zip(answer["citations"], places, strict=True):
        status, why = _why(client, **place)
        first, last = citation["highlight"][0]
        assert (status, why["sentence"]) == (200, {"start": citation["start"] + first, "end": citation["start"] + last})


def test_what_was_said_before_counts_unless_it_is_ignored(client: TestClient) -> None:
    def words(**fields: object) -> set[str]:
        found = _why(client, question="And soil?", **fields)[1]["words"]
        assert isinstance(found, list)
        return {word["word"] for word in found}

    history = [{"question": "Did a probe bring grams?"}]
    assert words() == {"soil"}
    assert words(history=history) == {"soil", "probe", "grams"}
    assert words(history=history, ignore=["history"]) == {"soil"}
    assert words(history=history, ignore=["publisher:Xinhua"]) == {"soil", "probe", "grams"}


def test_small_talk_before_a_question_is_no_context_of_its_answer_or_of_the_reason(client: TestClient) -> None:
    """Three earlier questions are read: greetings and thanks between them must not take their places."""
    history = [{"question": text} for text in ("Did a probe bring grams?", "hello", "Thank you!", "你能做什么？")]
    question = "And soil?"
    answer = client.post("/api/ask", json={"question": question, "history": history}).json()
    cited = (answer["citations"] + answer["closest"])[0]
    place = {name: cited[name] for name in PLACE}
    status, why = _why(client, question=question, history=history, **place)
    assert (answer["history_used"], status) == (["Did a probe bring grams?"], 200)
    assert (status, why) == _why(client, question=question, history=history[:1], **place)
    alone = _why(client, question=question, **place)[1]
    assert why["cosine"] != alone["cosine"]
    assert _why(client, question=question, history=history[1:], **place) == (200, alone)


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({"question": " "}, 422, "the question is empty. Ask in plain words"),
        ({"question": "🙂"}, 422, "the question '🙂' holds no word. Ask in plain words"),
        ({"start": -1}, 422, "start: Input should be greater than or equal to 0"),
        ({"end": 0}, 422, "end: Input should be greater than or equal to 1"),
        ({"end": 2**31}, 422, "end: Input should be less than or equal to 2147483647"),
        ({"start": "0"}, 422, "start: Input should be a valid integer"),
        ({"article": "x" * 2_001}, 422, "article: String should have at most 2000 characters"),
        ({"k": 1}, 422, "k: Extra inputs are not permitted"),
        ({"ignore": ["a"] * 21}, 422, "ignore: List should have at most 20 items after validation, not 21"),
        ({"ignore": ["a" * 1_001]}, 422, "ignore.0: String should have at most 1000 characters"),
        ({"history": [{}]}, 422, "history.0.question: Field required"),
        ({"article": "none"}, 404, "'none' has no passage 0-82 in the build that is live. Ask again"),
        (
            {"article": "\ud800"},
            422,
            "article: Input should be a valid string, unable to parse raw data as a unicode string",
        ),
        ({"end": 81}, 404, "'moon' has no passage 0-81 in the build that is live. Ask again"),
        ({"start": 90, "end": 80}, 404, "'moon' has no passage 90-80 in the build that is live. Ask again"),
    ],
)
def test_what_cannot_be_explained_is_told(
    client: TestClient, fields: dict[str, object], status: int, error: str
) -> None:
    assert _why(client, **fields) == (status, {"error": error})


@pytest.mark.parametrize("text", [None, "Other text."])
def test_nothing_is_said_of_a_file_that_is_gone_or_has_changed(root: Path, folder: Path, text: str | None) -> None:
    client = web_client(searcher_of(root))
    assert _why(client)[0] == 200
    (folder / "moon.md").unlink()
    if text:
        (folder / "moon.md").write_text(text, "utf-8")

    error = "the file of 'moon' is gone or has changed. Ask again"
    assert _why(client) == (404, {"error": error})


def test_only_our_own_pages_may_ask_why_and_get_is_refused(client: TestClient) -> None:
    response = client.post(
        "/api/why", json={"question": QUESTION, **PLACE}, headers={"origin": "https://elsewhere.example"}
    )
    assert "access-control-allow-origin" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    assert client.get("/api/why").status_code == 405


def test_answers_come_in_the_reranker_s_order_and_health_names_it(shared_searcher: Searcher) -> None:
    client = web_client(shared_searcher.with_models(Models(reranker=Opinion(lambda text: -len(text), "short/first"))))
    answer = client.post("/api/ask", json={"question": QUESTION}).json()

    assert [citation["article"] for citation in answer["citations"]] == ["zh/tea", "moon", "moon", "garden/bees"]
    assert client.get("/healthz").json()["reranker"] == "short/first"
    assert web_client(shared_searcher).get("/healthz").json()["reranker"] is None


@pytest.mark.slow
def test_a_reranker_that_breaks_is_the_owner_s_matter(
    shared_searcher: Searcher, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = load_reranker(str(ivy_model(tmp_path / "broken", bias=math.nan)))
    response = web_client(shared_searcher.with_models(Models(reranker=broken))).post(
        "/api/ask", json={"question": QUESTION}
    )

    assert (response.status_code, response.json()) == (
        503,
        {"error": "the reranker cannot be used; see the server's log"},
    )
    assert "gave a score that is no number" in caplog.text
