"""Sites among the places of articles: each is fetched into a mirror, which is then read as a folder."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import BadFolder
from index.reading.folder import read_folder
from index.reading.freshness import Freshness
from index.reading.places.folders import written
from index.reading.places.mirror import RECORD, Bounds, origins
from index.reading.places.reader import Problem
from index.reading.places.sites import fetched
from tests.conftest import write_articles
from tests.files import word
from tests.packing import packed
from tests.sites import Site, site, site_server

__all__ = ["site", "site_server"]  # fixtures
FAST = Bounds(pause=0)
OPEN = "application/vnd.openxmlformats-officedocument"


def test_an_article_names_its_address_and_the_day(site: Site, tmp_path: Path) -> None:
    where = fetched([f"{site.url}/rules/gate"], tmp_path, FAST)
    (gate,) = (article for article in read_folder(where).articles if article.id.endswith("gate.html"))
    assert (gate.id, gate.file, gate.url) == (
        f"{site.host}/rules/gate.html",
        f"{site.host}/rules/gate.html",
        f"{site.url}/rules/gate",
    )
    assert gate.fetched == datetime.now(UTC).date().isoformat()
    assert Freshness(written(where)).state(gate) == "verified"


def test_each_format_is_fetched_by_its_media_type_and_read(site: Site, tmp_path: Path) -> None:
    files: dict[str, tuple[str, str | bytes, str]] = {
        "/costs": ("text/csv", "Year,Costs\n2024,5\n2025,6\n", "costs.csv"),
        "/crane": (f"{OPEN}.wordprocessingml.document", word([("Normal", "The crane lifts nine tons.")]), "crane.docx"),
        "/letter": ("application/rtf", r"{\rtf1 Tea is dry.}", "letter.rtf"),
        "/guide.md": ("text/plain", "*Tea* is green.", "guide"),
        "/guide.rst": ("text/plain", "*Tea* is black.", "guide.rst"),
        "/mail": ("message/rfc822", "Subject: Tea\nFrom: a@b.example\n\nTea is hot.\n", "mail.eml"),
        "/page": ("application/xhtml+xml", '<p>Tea is<i/> sweet.</p><a href="/all"/>', "page.xhtml"),
        "/all": ("application/zip", packed({"tea.rtf": r"{\rtf1 Tea is old.}"}), "all.zip/tea.rtf"),
    }
    site.page("/", "Welcome.", *(path for path in files if path != "/all"), "/old.doc")
    site.put("/old.doc", "not converted", kind="application/msword")
    for path, (kind, body, _) in files.items():
        site.put(path, body, kind=kind)
    read = read_folder(fetched([f"{site.url}/"], tmp_path, FAST))
    found = {article.id.partition("/")[2]: article for article in read.articles}
    assert set(found) == {"index.html", *(name for _, _, name in files.values())}
    assert (found["guide"].text, found["guide.rst"].text) == ("Tea is green.", "Tea is black.")
    inner = found["all.zip/tea.rtf"]
    assert (inner.text, inner.url, len(inner.fetched)) == ("Tea is old.", f"{site.url}/all", 10)
    assert Freshness(written(tmp_path / "http" / site.host)).state(inner) == "verified"
    assert f"{site.host}/old.doc" in {problem.file for problem in read.problems}
    assert [problem for problem in read.problems if problem.lost] == []


def test_several_starts_of_a_site_are_one_place_beside_folders(site: Site, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "handbook", {"tea.md": "Tea.\n"})
    where = fetched([f"{site.url}/rules/gate", str(folder), f"{site.url}/pay?year=2026"], tmp_path / "pages", FAST)
    mirror = tmp_path / "pages" / "http" / site.host
    assert where == (mirror, folder)
    assert origins(where) == [f"{site.url}/rules/gate", f"{site.url}/pay?year=2026", str(folder)]
    read = read_folder(where)
    assert [article.id.split("/")[0] for article in read.articles] == [site.host, site.host, "handbook"]
    said = "the server answers 404, but a page of the site links to it"
    assert read.problems == [Problem(f"{site.url}/far", said, lost=False)]


def test_a_site_is_left_alone_within_the_given_time(site: Site, tmp_path: Path) -> None:
    fetched([f"{site.url}/"], tmp_path, FAST, max_age=3_600)
    site.taken()
    fetched([f"{site.url}/"], tmp_path, FAST, max_age=3_600)
    assert site.taken() == []
    fetched([f"{site.url}/rules/"], tmp_path, FAST, max_age=3_600)
    assert site.taken()[0] == "/robots.txt 404"
    record = tmp_path / "http" / site.host / RECORD
    fields = json.loads(record.read_text())
    record.write_text(json.dumps({**fields, "checked": time.time() - 7_200}))
    fetched([f"{site.url}/rules/"], tmp_path, FAST, max_age=3_600)
    assert site.taken()[0] == "/robots.txt 404"


@pytest.mark.parametrize(
    "written", ["http://", "https://user:secret@intranet.example/", "http:///x", "https://a.example/" + "x" * 2_000]
)
def test_what_is_no_address_is_told(written: str, tmp_path: Path) -> None:
    with pytest.raises(BadFolder) as caught:
        fetched([written], tmp_path, FAST)
    assert str(caught.value).endswith("is no address to fetch. Give one such as https://intranet.example/sitemap.xml")


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFolder) as caught:
        fetched(["http://127.0.0.1:1/"], tmp_path, FAST)
    said = "no connection (is the server up, and its certificate known by SSL_CERT_FILE?)"
    reason = f"{said}. Without it nothing is fetched, and the copies are kept"
    assert str(caught.value) == f"no page could be fetched:\n  http://127.0.0.1:1/robots.txt: {reason}"


def test_a_folder_that_cannot_be_written_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file", "utf-8")
    with pytest.raises(BadFolder) as caught:
        fetched([f"{site.url}/"], tmp_path / "pages", FAST)
    where = tmp_path / "pages" / "http" / site.host
    assert str(caught.value) == f"pages cannot be written to {where} (Not a directory). Make room, or mend it"


def test_the_folder_of_an_index_that_a_site_s_copies_make_is_the_owner_s_alone(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.")
    fetched([f"{site.url}/"], tmp_path / "index" / "pages", FAST)
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
