"""Who may open the owner's pages, and whose forms they take."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from tests.owners import LOCAL, OWNED, PROXY, SAME, SLEEP, client_of, folder, local, made
from tests.web import raw_request, web_client

__all__ = ["folder", "local", "made"]  # fixtures


@pytest.mark.parametrize("path", ["/owner", "/owner/questions.csv"])
def test_a_program_of_the_machine_is_the_owner_and_nobody_else(
    path: str, folder: Path, shared_searcher: Searcher
) -> None:
    for peer, status in (
        (LOCAL, 200),
        ("127.9.9.9", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        (PROXY, 404),
        ("", 404),
    ):
        assert client_of(folder, shared_searcher, peer).get(path).status_code == status, peer


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "Via", "X-Client-IP", "True-Client-IP"],
)
def test_a_proxy_on_the_machine_makes_nobody_the_owner(header: str, local: TestClient) -> None:
    assert local.get("/owner", headers={header: "127.0.0.1"}).status_code == 404


@pytest.mark.parametrize(
    "variables",
    [
        {"TRUSTED_PROXIES": PROXY},
        {"TRUSTED_PROXIES": LOCAL, "USER_HEADER": "X-Remote-User"},
        {"ALLOWED_ORIGINS": "https://portal.example"},
        {"ALLOWED_HOSTS": "search.example"},
        {"LOG": ""},
    ],
)
def test_a_server_that_is_set_up_for_others_needs_names(
    variables: dict[str, str], folder: Path, shared_searcher: Searcher
) -> None:
    client = client_of(folder, shared_searcher, **variables)
    headers = {"host": "search.example"} if "ALLOWED_HOSTS" in variables else {}
    assert client.get("/owner", headers={"X-Remote-User": "ada", **headers}).status_code == 404


def test_an_old_proxy_that_says_nothing_is_no_program_of_the_machine(local: TestClient) -> None:
    assert raw_request(local.app, "/owner", [(b"host", b"127.0.0.1")])[0] == 404


@pytest.mark.parametrize(
    ("peer", "names", "status"),
    [
        (PROXY, ["ada"], 200),
        (PROXY, ["Zoë"], 200),
        (PROXY, ["Ada"], 404),
        (PROXY, ["ada, Zoë"], 404),
        (PROXY, ["ada", "ada"], 401),
        (PROXY, [], 401),
        (PROXY, ["bob"], 404),
        (LOCAL, ["ada"], 401),
        ("192.0.2.8", ["ada"], 401),
    ],
)
def test_with_names_only_the_sign_in_of_a_trusted_proxy_counts(
    peer: str, names: list[str], status: int, folder: Path, shared_searcher: Searcher
) -> None:
    client = client_of(folder, shared_searcher, peer, **OWNED)
    headers: list[tuple[bytes, bytes]] = [
        (b"sec-fetch-site", b"same-origin"),
        *((b"X-Remote-User", name.encode()) for name in names),
    ]
    for method, path in (("GET", "/owner"), ("GET", "/owner/questions.csv"), ("POST", "/owner/question")):
        response = client.request(method, path, headers=headers, data={"question": SLEEP})
        assert response.status_code == status, path


def test_whoever_is_no_owner_learns_nothing(folder: Path, shared_searcher: Searcher) -> None:
    stranger = client_of(folder, shared_searcher, PROXY)
    plain = web_client(shared_searcher, PROXY)
    for path in ("/owner", "/owner/questions.csv?days=no", "/owner/decide"):
        for client in (stranger, plain):
            response = client.get(path)
            assert (response.status_code in (404, 405), "question" in response.text.lower()) == (True, False), path
    for path in ("/owner/decide", "/owner/unpin", "/owner/question"):
        assert stranger.post(path, headers=SAME, data={}).status_code == 404


def test_nobody_else_s_form_is_read(folder: Path, shared_searcher: Searcher) -> None:
    broken = {**SAME, "content-type": "multipart/form-data"}
    stranger = client_of(folder, shared_searcher, PROXY)
    assert stranger.post("/owner/question", content=b"x", headers=broken).status_code == 404


def test_a_form_of_another_site_is_not_read(local: TestClient) -> None:
    broken = {"sec-fetch-site": "cross-site", "content-type": "multipart/form-data"}
    assert local.post("/owner/question", content=b"x", headers=broken).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1"}, 200),
        ({}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:8000"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], status: int, local: TestClient) -> None:
    assert local.post("/owner/question", data={"question": SLEEP}, headers=headers).status_code == status
