"""The places that a command names: folders, and sites that are fetched."""

from pathlib import Path

import pytest

from index.cli.arguments import parser
from index.cli.places import where_in
from index.stores.address import open_location, pages_of
from tests.sites import Site, site, site_server

__all__ = ["site", "site_server"]  # fixtures
COMMANDS = {name: lambda _: 0 for name in ("build", "check", "search", "copy", "join", "info", "verify", "rollback")}


def test_without_a_place_the_articles_of_the_project_are_read(tmp_path: Path) -> None:
    assert where_in(parser(COMMANDS).parse_args(["build"]), tmp_path) == Path("source_texts")


def test_folders_stay_and_sites_are_fetched_within_the_bounds(site: Site, tmp_path: Path) -> None:
    given = ["build", "handbook", f"{site.url}/rules/gate", "--max-pages", "1", "--max-age", "5"]
    where = where_in(parser(COMMANDS).parse_args(given), tmp_path)
    assert where == (Path("handbook"), tmp_path / "http" / site.host)
    assert site.taken() == ["/robots.txt 404", "/rules/gate 200"]
    where_in(parser(COMMANDS).parse_args(given), tmp_path)
    assert site.taken() == []


def test_copies_of_pages_lie_in_the_index_or_the_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pages_of(open_location(tmp_path)) == tmp_path / "pages"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    one, other = (pages_of(open_location(f"postgresql://a:secret@127.0.0.1/{name}")) for name in ("one", "other"))
    assert one.parent == other.parent == tmp_path / "citewell" / "pages"
    assert one != other
