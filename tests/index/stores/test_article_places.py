from pathlib import Path

from index.articles.article import Place
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.ingestion import built
from tests.postgres import Server


def test_either_kind_of_store_keeps_the_places_of_an_article(tmp_path: Path, postgres: Server) -> None:
    folder, dsn = write_articles(tmp_path / "a", {"costs.csv": "Year,Costs\n2024,5\n2025,6\n"}), postgres.database()
    build(folder, tmp_path / "index", IDENTITY, load=HashingEncoder)
    built(dsn, folder)
    for store in (open_location(tmp_path / "index").open(), open_location(dsn).open()):
        article = store.articles.by_id("costs.csv")
        assert article is not None
        assert article.text == "Year: 2024; Costs: 5\nYear: 2025; Costs: 6"
        assert article.places == ((0, Place("row", 2)), (21, Place("row", 3)))
