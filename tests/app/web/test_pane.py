"""The picture of a page of a PDF: offered and drawn only of the file that was indexed, for who may see it."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.files import DREDGED, pdf
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.web import PEER, web_client

FILE = pdf([["First page of the harbour."], DREDGED])
GROUPS = {"TRUSTED_PROXIES": PEER, "GROUPS_HEADER": "X-Groups"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_articles(tmp_path / "articles", {"note.md": "A note on ships."})
    (folder / "port.pdf").write_bytes(FILE)
    return folder


def client(folder: Path, **variables: str) -> TestClient:
    root = folder.with_name("index")
    build(folder, root, IDENTITY, load=HashingEncoder)
    return web_client(searcher_of(root), **variables)


def cited(asking: TestClient) -> str:
    """The link of a citation of the PDF's second page."""
    answer = asking.post("/api/ask", json={"question": "When was the harbour dredged?"}).json()
    links: list[str] = [each["link"] for each in answer["citations"] + answer["closest"] if each["page"] == 2]
    return links[0]


def test_the_article_shows_the_page_of_its_passage_as_a_picture(folder: Path) -> None:
    giving = client(folder, SERVE_ORIGINALS="1")
    link = cited(giving)
    page = giving.get(link.partition("#")[0]).text
    [source] = re.findall(r'<img src="(.*?)"', page)
    assert source.replace("&amp;", "&") == link.replace("/articles/", "/pictures/").removesuffix("#passage")
    assert ">Page 2 as a picture<" in page
    picture = giving.get(source.replace("&amp;", "&"))
    assert (picture.status_code, picture.content[:8]) == (200, b"\x89PNG\r\n\x1a\n")
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["cache-control"] == "private, max-age=600"
    for wrong in ("/pictures/port.pdf", "/pictures/note?start=0&end=6", "/pictures/none?start=0&end=6"):
        assert (giving.get(wrong).status_code, giving.get(wrong).headers["cache-control"]) == (404, "no-store")
    (folder / "port.pdf").write_bytes(FILE + b"\n")
    assert giving.get(source.replace("&amp;", "&")).status_code == 404


def test_nothing_is_drawn_where_originals_are_not_served_or_for_who_may_not_see_them(folder: Path) -> None:
    keeping = client(folder)
    link = cited(keeping).partition("#")[0]
    assert "<img" not in keeping.get(link).text
    picture = link.replace("/articles/", "/pictures/")
    assert keeping.get(picture).status_code == 404
    assert client(folder, SERVE_ORIGINALS="1", **GROUPS).get(picture).status_code == 404
