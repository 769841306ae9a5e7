"""Several folders in a store, whichever kind it is."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.ingestion.report import Report
from index.reading.freshness import Freshness
from index.reading.places.folders import Where, read_where
from index.reading.places.mirror import Mirror, Page
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.location import BuildWork, Location
from index.stores.postgresql.build import build_into
from index.stores.postgresql.location import Database
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server


@pytest.fixture(params=["builds", pytest.param("database", marks=pytest.mark.slow)])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """An empty location of each kind."""
    if request.param == "builds":
        return open_location(tmp_path / "index")
    server: Server = request.getfixturevalue("postgres")
    return open_location(server.database())


def built(location: Location, where: Where) -> Report:
    if isinstance(location, Database):
        return build_into(location, location.connections, BuildWork(where, IDENTITY), HashingEncoder)
    return build(where, Path(location.argument()[0]), IDENTITY, load=HashingEncoder)


def test_several_folders_are_kept_and_followed(location: Location, tmp_path: Path) -> None:
    both = (
        write_articles(tmp_path / "handbook", {"rules.md": "Shut the gate.\n"}),
        write_articles(tmp_path / "news", {"rules.md": "The gate is shut.\n"}),
    )
    assert built(location, both).changed
    store = location.open()
    assert store.articles.column("id") == ["handbook/rules", "news/rules"]
    assert list(store.facets.folders) == ["handbook", "news"]
    assert read_where(store.manifest.folder) == both
    freshness = Freshness(store.manifest.folder)
    assert {freshness.state(store.articles[row]) for row in range(2)} == {"verified"}
    assert not built(location, both).changed

    assert built(location, both[0]).changed
    assert location.open().articles.column("id") == ["rules"]


def test_a_store_keeps_where_and_when_a_page_was_fetched(location: Location, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "intranet.example", {"gate.html": "<title>Gate</title><p>Shut the gate.</p>"})
    page = Page("https://intranet.example/gate", "2026-01-02")
    mirror = Mirror(folder, ("https://intranet.example/",), pages={"gate.html": page})
    mirror.write()
    assert built(location, folder).changed
    store = location.open()
    article = store.articles[0]
    fields = (article.id, article.url, article.fetched, article.changed)
    assert fields == ("intranet.example/gate.html", "https://intranet.example/gate", "2026-01-02", "")
    assert Freshness(store.manifest.folder).state(article) == "verified"
    assert not built(location, folder).changed
    mirror.pages = {"gate.html": replace(page, fetched="2026-01-03")}
    mirror.write()
    assert built(location, folder).changed
    assert location.open().articles.column("fetched") == ["2026-01-03"]
