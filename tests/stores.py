"""Both kinds of store, empty or filled, for tests that must pass on either."""

import shutil
from pathlib import Path

import pytest

from index.reading.shards import Shard
from index.search.searcher import Searcher
from index.search.store import Store
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.location import BuildsFolder
from index.stores.location import Location
from index.stores.postgresql.location import Database
from tests.access import HIDDEN, OPEN
from tests.conftest import ARTICLES, PROJECT, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.postgres import Server

KINDS = ("builds", "database", "textsearch")
DATED = {
    f"dated/{written or 'never'}.md": written for written in ("", "2023", "2023-12", "2023-12-31", "2024-02-29", "2024")
}


def empty(kind: str, folder: Path, request: pytest.FixtureRequest) -> Location:
    """A place for a store of this kind that holds nothing yet; skips the test without a server for it."""
    server = {"database": "postgres", "textsearch": "textsearch_postgres"}.get(kind)
    where = open_location(request.getfixturevalue(server).database() if server else folder / "index")
    assert isinstance(where, Database if server else BuildsFolder)
    return where


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path, postgres: Server) -> Location:
    """An empty place of each kind."""
    del postgres  # marks the test as slow
    return empty(request.param, tmp_path, request)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A build of the project's articles and of small ones with every kind of date and of group."""
    root = tmp_path_factory.mktemp("reference")
    shutil.copytree(PROJECT / "source_texts", root / "articles")
    dated = {name: f"---\npublished: {date}\n---\nA harvest of {name}.\n" for name, date in DATED.items()}
    folder = write_articles(root / "articles", {**ARTICLES, **OPEN, **HIDDEN, **dated})
    build(folder, root / "index", IDENTITY, load=HashingEncoder)
    return open_location(root / "index").open()


@pytest.fixture(scope="session", params=[*KINDS, "shards"])
def filled(
    request: pytest.FixtureRequest, reference: Store, tmp_path_factory: pytest.TempPathFactory, postgres: Server
) -> Location:
    """A place of each kind that holds what the reference does; of a coordinator, two shards do."""
    if request.param == "shards":
        return joined(postgres, reference)
    where = empty(request.param, tmp_path_factory.mktemp("filled"), request)
    where.replace(reference.encoded(), reference.manifest)
    return where


def joined(server: Server, store: Store, count: int = 2) -> Location:
    """A coordinator of so many shards, which hold the articles of a store."""
    shards = [open_location(server.database()) for _ in range(count)]
    for part, shard in zip(Shard.all(count), shards, strict=True):
        shard.replace((each for each in store.encoded() if part.has(each.article.id)), store.manifest)
    coordinator = open_location(server.database())
    coordinator.join(shards)
    return coordinator


@pytest.fixture(scope="session")
def held(filled: Location) -> Searcher:
    """A searcher of it."""
    return searcher_of(filled)


@pytest.fixture(scope="session")
def expected(reference: Store) -> Searcher:
    """A searcher of the reference."""
    return Searcher(reference, HashingEncoder())
