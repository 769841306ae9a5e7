"""Signed receipts over HTTP: only of quotes, only of files as they were indexed, only where the owner has a key."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.receipts.keys import make_key, read_key
from app.receipts.receipt import read_receipt
from index.errors import UserError
from index.search.searcher import Searcher
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of
from tests.web import problem_in, web_client

MOON = "/api/v1/receipt/moon?start=0&end=82"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key.pem"
    make_key(path)
    return path


@pytest.fixture
def client(shared_searcher: Searcher, key: Path) -> TestClient:
    return web_client(shared_searcher, RECEIPT_KEY=str(key), PATH="/tools")


def test_the_receipt_of_a_citation_is_signed(client: TestClient, key: Path, shared_searcher: Searcher) -> None:
    cited = client.post("/api/v1/ask", json={"question": "Is lunar soil dry?"}).json()["citations"][0]
    query = {"start": cited["start"], "end": cited["end"]}
    response = client.get(f"/api/v1/receipt/{cited['article']}", params=query)
    assert response.headers["content-disposition"] == 'attachment; filename="receipt.json"'
    found = read_receipt(response.content)
    assert found.fits(read_key(key).public)
    assert (found.receipt.quote, found.receipt.build) == (cited["quote"], shared_searcher.manifest.name)


def test_the_article_page_offers_the_receipt_of_the_quote_alone(client: TestClient, shared_searcher: Searcher) -> None:
    link = client.post("/api/v1/ask", json={"question": "Is lunar soil dry?"}).json()["citations"][0]["link"]
    offered = '<a href="/tools/api/v1/receipt/moon?start=0&amp;end=82" download>Signed receipt of this passage</a>'
    assert offered in client.get(link).text
    assert "receipt/moon" not in client.get("/tools/articles/moon").text
    assert "api/v1/receipt" not in web_client(shared_searcher).get(link.removeprefix("/tools")).text


@pytest.mark.parametrize(
    "place", ["none?start=0&end=82", "moon?start=5&end=15", "moon?start=82&end=0", "moon?start=0&end=83"]
)
def test_only_passages_and_whole_sentences_are_signed(place: str, client: TestClient) -> None:
    status, detail = problem_in(client.get(f"/api/v1/receipt/{place}"))
    assert (status, detail.endswith("in the build that is live. Ask again")) == (404, True)
    sentence = client.get("/api/v1/receipt/moon?start=5&end=23")
    assert read_receipt(sentence.content).receipt.quote == "Lunar soil is dry."


def test_parameters_are_held_to_the_description(client: TestClient) -> None:
    assert problem_in(client.get("/api/v1/receipt/moon")) == (422, "start: Field required; end: Field required")
    assert problem_in(client.get(f"{MOON}&try=abc")) == (422, "try: Extra inputs are not permitted")
    assert "/receipt/{article}" in client.get("/api/v1/openapi.json").json()["paths"]


@pytest.mark.parametrize(("text", "state"), [("Other text.", "changed"), (None, "gone")])
def test_nothing_is_signed_that_the_file_does_not_say_now(
    text: str | None, state: str, root: Path, folder: Path, key: Path
) -> None:
    client = web_client(searcher_of(root), RECEIPT_KEY=str(key))
    assert client.get(MOON).status_code == 200
    (folder / "moon.md").unlink()
    if text:
        (folder / "moon.md").write_text(text, "utf-8")
    assert problem_in(client.get(MOON)) == (409, f"the file of this article is {state}, so that nothing is signed")


def test_a_receipt_is_for_those_who_may_see_the_article(tmp_path: Path, key: Path) -> None:
    searcher = searcher_of(built(tmp_path, {**OPEN, **HIDDEN}))
    settings = {"TRUSTED_PROXIES": "10.0.0.1", "GROUPS_HEADER": "X-Remote-Groups", "RECEIPT_KEY": str(key)}
    client = web_client(searcher, "10.0.0.1", **settings)
    path = "/api/v1/receipt/hr/pay?start=0&end=88"
    hidden, never = (
        client.get(address, headers={"X-Remote-Groups": "sales"}) for address in (path, path.replace("pay", "non"))
    )
    assert (hidden.status_code, hidden.text.replace("pay", "non")) == (404, never.text)
    assert client.get(path, headers={"X-Remote-Groups": "hr"}).json()["receipt"]["article"] == "hr/pay"
    stranger = web_client(searcher, "203.0.113.9", **settings)
    assert stranger.get(path, headers={"X-Remote-Groups": "hr"}).status_code == 404


def test_without_a_key_there_are_no_receipts_and_a_bad_one_stops_the_start(
    shared_searcher: Searcher, tmp_path: Path
) -> None:
    assert problem_in(web_client(shared_searcher).get(MOON)) == (404, "Not Found")
    (tmp_path / "key.pem").write_text("no key", "utf-8")
    for name, fault in (("key.pem", "holds no Ed25519 key"), ("none.pem", "No such file or directory")):
        with pytest.raises(UserError, match=fault):
            web_client(shared_searcher, RECEIPT_KEY=str(tmp_path / name))
