"""Sites: their pages become articles with address and day, and nothing else is fetched or lost."""

import gzip
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.errors import BadFolder
from index.reading.places.fetching import Web
from index.reading.places.mirror import RECORD, Bounds, Mirror, read_mirror
from index.reading.places.visit import Visit
from tests.sites import Site, site, site_server

__all__ = ["site", "site_server"]  # fixtures

FAST = Bounds(pause=0)
MORE = "Raise --max-pages, or name parts of the site: a visit ends after an hour"


def texts(site: Site, root: Path, *starts: str, bounds: Bounds = FAST) -> dict[str, str]:
    """The first paragraph of each page by its file, after a visit."""
    mirror = read_mirror(root / site.host) or Mirror(root / site.host)
    mirror.starts = tuple(f"{site.url}{start}" for start in starts or ("/",))
    mirror.folder.mkdir(parents=True, exist_ok=True)
    with Web() as web:
        Visit(web, mirror, bounds).run()
    pages = {f"/{file}": mirror.path(file).read_text("utf-8-sig") for file in mirror.pages}
    return {file: (re.findall("<p>(.*?)</p>", text) or [text])[0] for file, text in pages.items()}


def problems(root: Path, site: Site) -> list[tuple[str, str, bool]]:
    mirror = read_mirror(root / site.host)
    assert mirror
    return [(url.removeprefix(site.url), reason, lost) for url, reason, lost in mirror.problems]


def test_a_page_and_those_that_it_leads_to_become_articles(site: Site, tmp_path: Path) -> None:
    site.page("/far", "Far away.", "/farther")
    site.page("/farther", "Three links are followed, not four.")
    found = texts(site, tmp_path)
    pay = next(name for name in found if name.startswith("/pay-"))
    assert found == {
        "/index.html": "Welcome to the harbour office.",
        "/rules/index.html": "Rules of the gate are strict.",
        "/rules/gate.html": "Gates are shut at nine.",
        "/far.html": "Far away.",
        pay: "Pay rises by a percent.",
    }
    assert site.taken()[:3] == ["/robots.txt 404", "/ 200", "/rules/ 200"]
    assert problems(tmp_path, site) == []


def test_what_has_not_changed_is_not_fetched_and_keeps_its_day(site: Site, tmp_path: Path) -> None:
    site.put("/pay?year=2026", "<p>Pay rises.</p>", plain="")  # without an ETag it is sent again
    texts(site, tmp_path)
    record = tmp_path / site.host / RECORD
    record.write_text(record.read_text().replace(datetime.now(UTC).date().isoformat(), "2026-01-02"))
    before = {path: path.stat().st_mtime_ns for path in record.parent.rglob("*.html")}
    site.page("/rules/gate", "Gates are shut at ten.")
    site.taken()
    assert texts(site, tmp_path)["/rules/gate.html"] == "Gates are shut at ten."
    assert site.taken() == ["/robots.txt 404", "/ 304", "/rules/ 304", "/pay?year=2026 200", "/rules/gate 200"]
    changed = [path.name for path, stamp in before.items() if path.stat().st_mtime_ns != stamp]
    assert changed == ["gate.html"]
    mirror = read_mirror(record.parent)
    assert mirror
    assert {file: page.fetched for file, page in mirror.pages.items() if page.fetched == "2026-01-02"}.keys() == {
        file for file in mirror.pages if file != "rules/gate.html"
    }


def test_the_pages_of_a_site_map_are_fetched_and_no_others(site: Site, tmp_path: Path) -> None:
    site.sitemap(
        "/sitemap.xml", f"{site.url}/more.xml.gz", "https://other.example/m.xml", root="sitemapindex", entry="sitemap"
    )
    site.sitemap("/more.xml", f"{site.url}/rules/", "http://other.example/", f"{site.url}/gone")
    site.put("/more.xml.gz", gzip.compress(site.pages["/more.xml"][0]), kind="application/gzip")
    assert texts(site, tmp_path, "/sitemap.xml") == {"/rules/index.html": "Rules of the gate are strict."}
    assert site.taken() == ["/robots.txt 404", "/sitemap.xml 200", "/more.xml.gz 200", "/rules/ 200", "/gone 404"]
    assert problems(tmp_path, site) == [
        ("/gone", "the server answers 404, but a page of the site links to it", False),
        ("/sitemap.xml", "addresses of the site map that are not on its host: 2", False),
    ]


def test_robots_are_obeyed(site: Site, tmp_path: Path) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /*?\nDisallow: /rules/g\n", kind="text/plain")
    site.put("/rules/", '<meta name="robots" content="noindex, nofollow"><p>No.</p><a href="/far">x</a>')
    site.page("/", "Welcome.", "/rules/", "/pay?year=2026", "/rules/gate", "/quiet", "/x")
    site.put("/quiet", "<p>Quiet.</p>", X_Robots_Tag="noindex")
    site.put("/x", '<a rel="nofollow" href="/far">x</a><p>Some.</p>')
    assert texts(site, tmp_path) == {"/index.html": "Welcome.", "/x.html": "Some."}
    assert site.taken() == ["/robots.txt 200", "/ 200", "/rules/ 200", "/quiet 200", "/x 200"]
    assert problems(tmp_path, site) == [
        ("/", "pages that ask not to be indexed: 2", False),
        ("/", "pages that robots.txt asks not to fetch: 2", False),
    ]
    with pytest.raises(
        BadFolder, match=r"(?s)no page could be fetched:\n.*/rules/gate: robots.txt asks not to fetch it"
    ):
        texts(site, tmp_path / "other", "/rules/gate")


def test_a_redirect_is_followed_on_the_same_host_only(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.", "/old", "/out", "/round")
    site.put("/old", "", status="301", location="/rules/gate")
    site.put("/out", "", status="302", location="http://localhost/secret")
    site.put("/round", "", status="302", location="/round")
    assert texts(site, tmp_path) == {"/index.html": "Welcome.", "/rules/gate.html": "Gates are shut at nine."}
    assert problems(tmp_path, site) == [
        ("/out", "it leads to http://localhost/secret, which is not on the same host; not followed", True),
        ("/round", "over 5 redirects", True),
        ("/far", "the server answers 404, but a page of the site links to it", False),
    ]


def test_what_cannot_be_fetched_for_once_stays_and_what_is_gone_goes(site: Site, tmp_path: Path) -> None:
    before = texts(site, tmp_path)
    today = datetime.now(UTC).date().isoformat()
    site.put("/rules/", "", status="500")
    del site.pages["/pay?year=2026"]
    after = texts(site, tmp_path)
    assert before.keys() - after.keys() == {name for name in before if name.startswith("/pay-")}
    assert problems(tmp_path, site) == [("/rules/", f"the server answers 500. The copy of {today} is kept", False)]
    site.put("/robots.txt", "", status="503")
    assert texts(site, tmp_path) == after
    said = "the server answers 503. Without it nothing is fetched, and the copies are kept"
    assert problems(tmp_path, site) == [("/robots.txt", said, False)]
    del site.pages["/robots.txt"]
    site.page("/", "Welcome.")
    site.page("/rules/", "Rules.")
    assert texts(site, tmp_path) == {"/index.html": "Welcome."}  # the others are no longer linked
    assert not list(tmp_path.rglob("gate.html"))


def test_a_site_that_is_out_of_order_loses_no_page(site: Site, tmp_path: Path) -> None:
    links = [f"/{number}" for number in range(11)]
    site.page("/", "Welcome.", *links)
    for link in links:
        site.page(link, f"Page {link}.")
    assert len(texts(site, tmp_path)) == 12
    site.page("/", "Please sign in.")
    assert len(texts(site, tmp_path)) == 12
    assert problems(tmp_path, site)[0][1].startswith("11 of 12 pages are no longer linked, and kept. Delete ")


def test_a_visit_is_bounded(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.", *[f"/{number}" for number in range(9)], "/large")
    for number in range(9):
        site.page(f"/{number}", "Page.")
    site.put("/large", "<p>" + "x" * 2_000)
    assert len(texts(site, tmp_path, bounds=Bounds(pages=4, pause=0))) == 4
    assert problems(tmp_path, site) == [("/", f"only 4 addresses were visited. {MORE}", True)]
    site.put("/8", gzip.compress(b"x" * 3_000), content_encoding="gzip")
    texts(site, tmp_path, bounds=Bounds(page_bytes=1_000, pause=0))
    assert problems(tmp_path, site) == [(path, "over 0.001 MB", True) for path in ("/8", "/large")]
    texts(site, tmp_path, bounds=Bounds(seconds=-1, pause=0))
    assert problems(tmp_path, site) == [("/", f"only 0 addresses were visited. {MORE}", True)]


def test_site_maps_that_name_ever_more_are_read_to_a_bound(site: Site, tmp_path: Path) -> None:
    maps = [f"{site.url}/{number}.xml" for number in range(201)]
    site.sitemap("/sitemap.xml", *maps, root="sitemapindex", entry="sitemap")
    for number in range(201):
        site.sitemap(f"/{number}.xml", f"{site.url}/sitemap.xml", root="sitemapindex", entry="sitemap")
    with pytest.raises(BadFolder, match="only 200 site maps are read"):
        texts(site, tmp_path, "/sitemap.xml")
    assert len(site.taken()) == 201  # with robots.txt


def test_a_server_that_drips_is_left(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.", "/drip")
    site.put("/drip", "<p>Slow.", drip="")
    bounds = Bounds(pause=0, page_seconds=0.3)
    assert texts(site, tmp_path, bounds=bounds) == {"/index.html": "Welcome."}
    assert problems(tmp_path, site) == [("/drip", "the server does not answer in time", True)]


BOMB = (
    b'<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<urlset><url><loc>&b;</loc></url></urlset>"
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><p>Sign in.</p></html>", "not a site map: it has no urlset and no sitemapindex"),
        (b"", "not a site map: its XML cannot be read"),
        (gzip.compress(b" " * 20_000_001), "it unpacks to over 20 MB"),
        (b"\x1f\x8b\x08broken", "damaged: it cannot be unpacked"),
        (BOMB, None),
        (b'<!DOCTYPE u SYSTEM "http://127.0.0.1:1/x.dtd"><urlset><url><loc>/far</loc></url></urlset>', None),
    ],
)
def test_a_hostile_site_map_is_named(site: Site, tmp_path: Path, content: bytes, said: str | None) -> None:
    site.put("/map.xml", content, kind="application/xml")
    with pytest.raises(BadFolder) as caught:
        texts(site, tmp_path, "/map.xml")
    if said:
        assert str(caught.value) == f"no page could be fetched:\n  {site.url}/map.xml: {said}"


def test_other_kinds_and_encodings(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.", "/notes.txt", "/tea", "/data", "/style.css")
    site.put("/notes.txt", "Plain words.", kind="text/plain")
    site.put(
        "/tea", "<title>Tea</title><p>Зелёный чай без сахара.</p>".encode("koi8-r"), kind="text/html; charset=koi8-r"
    )
    site.put("/data", b"\x00\x01", kind="application/octet-stream")
    assert texts(site, tmp_path) == {
        "/index.html": "Welcome.",
        "/notes.txt": "Plain words.",
        "/tea.html": "Зелёный чай без сахара.",
    }
    assert problems(tmp_path, site) == [("/", "files of other kinds: 1", False)]


def test_a_page_whose_media_type_changes_is_there_once(site: Site, tmp_path: Path) -> None:
    site.page("/", "Welcome.", "/rules", "/gone")
    site.put("/rules", "Old rules.", kind="text/plain")
    site.page("/gone", "Stays.")
    assert set(texts(site, tmp_path)) == {"/index.html", "/rules.txt", "/gone.html"}
    site.put("/rules", "<title>Rules</title><p>New rules.</p>", kind="text/html")
    site.put("/gone", "busy", status="503")
    assert set(texts(site, tmp_path)) == {"/index.html", "/rules.html", "/gone.html"}


def test_names_of_files_are_safe_and_never_clash(site: Site, tmp_path: Path) -> None:
    paths = [
        "/a",
        "/a.html",
        "/a.html/b",
        "/%2e%2e/%2e%2e/etc",
        "/.hidden",
        "/~$x",
        "/" + "long" * 60,
        "/a/b/" + "c/" * 30,
    ]
    site.page("/", "Welcome.", *paths)
    for number, path in enumerate(paths):
        site.page(path, f"Page {number}.")
    found = texts(site, tmp_path)
    assert sorted(found.values()) == sorted(["Welcome.", *(f"Page {number}." for number in range(8))])
    assert all(path.is_relative_to(tmp_path / site.host) for path in tmp_path.rglob("*.html"))
