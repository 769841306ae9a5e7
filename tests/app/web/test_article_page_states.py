"""Statements of the article's page about the live file, and when it gives the file itself."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import ARTICLES, write_articles
from tests.files import pdf
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.web import web_client

QUESTION = "How many grams of lunar soil did a probe bring to Earth?"
VERIFIED = "Checked now: the file is as it was when it was indexed."
CHANGED = "The file has changed since it was indexed. This is the text as it was."
SINCE = "The article has changed since this link was made. This is its text as it is now."
UNCHECKED = "Not checked: the folder of the articles cannot be seen from here."
LOST = "The place this link names is not in the article. Here is the whole text."
OTHER = "cited=0123456789ab"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Searcher]:
    """A folder and what searches it: to make an application for each test would take long."""
    base = tmp_path_factory.mktemp("home") / "home"
    build(write_articles(base / "articles", ARTICLES), base / "index", IDENTITY, load=HashingEncoder)
    return base / "articles", searcher_of(base / "index")


@pytest.fixture
def folder(home: tuple[Path, Searcher]) -> Iterator[Path]:
    """That folder, put back as it was after each test."""
    yield home[0]
    for path in (home[0], home[0].with_name("away")):
        shutil.rmtree(path, ignore_errors=True)
    write_articles(home[0], ARTICLES)


@pytest.fixture
def searcher(home: tuple[Path, Searcher], folder: Path) -> Searcher:
    return home[1]


@pytest.fixture
def client(searcher: Searcher) -> TestClient:
    return web_client(searcher)


@pytest.fixture
def giving(searcher: Searcher) -> TestClient:
    """The same with originals."""
    return web_client(searcher, SERVE_ORIGINALS="1")


def giver(folder: Path, root: Path) -> TestClient:
    """A client of an application over a folder, with originals."""
    build(folder, root, IDENTITY, load=HashingEncoder)
    return web_client(searcher_of(root), SERVE_ORIGINALS="1")


def notice(page: str) -> tuple[str, str]:
    """State and words of the page's receipt."""
    found = re.findall(r'<p class="receipt (\w+)">([^<]*)', page)
    assert len(found) == 1
    return found[0][0], found[0][1].strip()


def away(folder: Path) -> None:
    folder.rename(folder.with_name("away"))


def change(folder: Path) -> None:
    (folder / "moon.md").write_text("The Moon is far.", "utf-8")


def keep(folder: Path) -> None:
    """Nothing happens."""


@pytest.mark.parametrize(
    ("happens", "query", "state", "words", "lost"),
    [
        (keep, "", "verified", VERIFIED, False),
        (change, "", "changed", CHANGED, False),
        (away, "", "unchecked", UNCHECKED, False),
        (keep, f"start=0&end=20&{OTHER}", "changed", SINCE, False),
        (change, f"start=0&end=20&{OTHER}", "changed", CHANGED, True),  # what the page shows is no text of now
        (away, f"start=0&end=20&{OTHER}", "changed", UNCHECKED, True),
        (keep, "start=0&end=20&cited=%22%3E%3Cscript%3E", "changed", SINCE, False),
        (keep, "start=0&end=20&cited=", "verified", VERIFIED, False),
    ],
)
def test_a_page_tells_how_far_it_can_be_trusted(  # noqa: PLR0917 - the columns of a table
    happens: object, query: str, state: str, words: str, lost: bool, client: TestClient, folder: Path
) -> None:
    happens(folder)  # type: ignore[operator]  # one of the three above
    response = client.get(f"/articles/moon?{query}")
    assert response.status_code == 200
    assert notice(response.text) == (state, words)
    assert "They cover 16 percent of its surface." in response.text
    assert (LOST in response.text) == lost
    assert ('id="passage"' in response.text) == query.endswith("cited=")
    assert "<script>" not in response.text


def test_a_citation_s_link_is_verified_then_changed_since_then_gone(folder: Path, root: Path) -> None:
    link = web_client(searcher_of(root)).post("/api/ask", json={"question": QUESTION}).json()["citations"][0]["link"]

    def opened() -> tuple[int, str]:
        response = web_client(searcher_of(root)).get(link)
        return response.status_code, response.text

    assert (opened()[0], notice(opened()[1])) == (200, ("verified", VERIFIED))
    assert 'id="passage"' in opened()[1]
    moon = folder / "moon.md"
    moon.write_text(moon.read_text("utf-8").replace("1,935.3", "1,935.4"), "utf-8")
    assert notice(opened()[1]) == ("changed", CHANGED)
    build(folder, root, IDENTITY, load=HashingEncoder)
    status, page = opened()
    assert (status, notice(page)) == (200, ("changed", SINCE))
    assert "1,935.4 grams" in page
    assert 'id="passage"' not in page
    moon.unlink()
    assert (opened()[0], "This article is gone" in opened()[1]) == (410, True)
    build(folder, root, IDENTITY, load=HashingEncoder)
    assert (opened()[0], "This article is gone" in opened()[1]) == (410, True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("moon", 410),
        (f"moon?{OTHER}", 410),
        ("moon?cited=%22%3E%3Cscript%3E", 410),
        (f"none?{OTHER}", 410),
        ("none", 404),
        ("none?cited=", 404),
        ("none?cited=%22%3E%3Cscript%3Ealert(1)", 404),
        ("none?cited=0123456789abc", 404),
        ("none?cited=0123456789AB", 404),
        ("none?cited=0123456789ab%0A", 404),
        ("%2e%2e/%2e%2e/etc/passwd", 404),
    ],
)
def test_a_page_that_was_there_is_gone_and_any_other_not_found(
    path: str, status: int, client: TestClient, folder: Path
) -> None:
    (folder / "moon.md").unlink()
    response = client.get(f"/articles/{path}")
    title = "This article is gone" if status == 410 else "No such article"
    assert (response.status_code, f"<h1>{title}</h1>" in response.text) == (status, True)
    assert "script" not in response.text
    assert client.head(f"/articles/{path}").status_code == status


def test_originals_are_off_unless_asked_for(client: TestClient) -> None:
    assert client.get("/originals/moon").status_code == 404
    assert "/originals/" not in client.get("/articles/moon").text


def test_an_original_is_the_file_s_own_bytes_to_be_saved_and_never_shown(giving: TestClient, folder: Path) -> None:
    assert '<a href="/originals/garden/bees" download>Download the file</a>' in giving.get("/articles/garden/bees").text
    response = giving.get("/originals/garden/bees")
    assert (response.status_code, response.content) == (200, (folder / "garden/bees.md").read_bytes())
    headers = response.headers
    assert headers["content-disposition"] == 'attachment; filename="bees.md"'
    assert (headers["content-type"], headers["x-content-type-options"]) == ("application/octet-stream", "nosniff")
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ('a"b; filename=evil.exe.txt', "a%22b%3B%20filename%3Devil.exe.txt"),
        ("back\\slash.txt", "back%5Cslash.txt"),
        ("100% 'tea'.txt", "100%25%20%27tea%27.txt"),
        ("茶 🙂.txt", "%E8%8C%B6%20%F0%9F%99%82.txt"),
        (f"{'x' * 251}.txt", None),
    ],
)
def test_no_file_name_breaks_the_header(name: str, disposition: str | None, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "named", {name: "Tea."})
    article = name.removesuffix(".txt")
    response = giver(folder, tmp_path / "index").get(f"/originals/{quote(article)}")
    wanted = f"filename*=utf-8''{disposition}" if disposition else f'filename="{name}"'
    assert (response.status_code, response.content) == (200, b"Tea.")
    assert response.headers["content-disposition"] == f"attachment; {wanted}"


def test_a_web_page_is_given_as_a_file_and_never_as_a_page_of_ours(tmp_path: Path) -> None:
    html = "<html><body><article><p>Tea is a drink of leaves and water.</p><script>alert(1)</script></article></html>"
    folder = write_articles(tmp_path / "web", {"tea.html": html})
    client = giver(folder, tmp_path / "index")
    response = client.get("/originals/tea.html")
    assert (response.text, response.headers["content-type"]) == (html, "application/octet-stream")
    assert response.headers["content-disposition"] == 'attachment; filename="tea.html"'
    assert "alert" not in client.get("/articles/tea.html").text


@pytest.mark.parametrize("path", ["none", "%2e%2e", "../moon.md", "%2e%2e/moon.md", "moon.md", "", "/moon"])
def test_what_is_no_article_has_no_original(path: str, giving: TestClient, folder: Path) -> None:
    (folder.parent / "moon.md").write_text("Secret.", "utf-8")
    assert giving.get(f"/originals/{path}").status_code == 404


@pytest.mark.parametrize("how", ["changed", "gone", "link out", "link in a circle", "folder away"])
def test_a_file_that_is_not_as_it_was_indexed_is_not_given(how: str, giving: TestClient, folder: Path) -> None:
    moon = folder / "moon.md"
    if how == "changed":
        change(folder)
    elif how == "folder away":
        away(folder)
    else:
        secret = moon.rename(folder.parent / "secret.md")
        if how != "gone":
            moon.symlink_to(secret if how == "link out" else moon)
    response = giving.get("/originals/moon")
    assert (response.status_code, response.json()) == (404, {"error": "Not Found"})
    assert "/originals/" not in giving.get("/articles/moon").text


def test_a_file_of_many_articles_is_not_given_for_one(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "many", {"sky.jsonl": json.dumps({"id": "sun", "text": "The Sun is hot."})})
    client = giver(folder, tmp_path / "index")
    assert notice(client.get("/articles/sky.jsonl/sun").text) == ("verified", VERIFIED)
    assert client.get("/originals/sky.jsonl/sun").status_code == 404


def test_a_pdf_says_where_its_pages_begin(tmp_path: Path) -> None:
    raw = pdf([["The harbour was dredged in March."], ["Ships of nine metres came in April."]])
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf/port.pdf").write_bytes(raw)
    client = giver(tmp_path / "pdf", tmp_path / "index")
    page = client.get("/articles/port.pdf").text
    assert re.findall(r'<p class="page">(.*?)</p>\s*<p><bdi>(.*?)</bdi>', page) == [
        ("Page 1", "The harbour was dredged in March."),
        ("Page 2", "Ships of nine metres came in April."),
    ]
    assert client.get("/originals/port.pdf").content == raw
