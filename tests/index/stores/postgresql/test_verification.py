"""Verification: missing parts of a database are told, and made by whoever builds last, also where that fails."""

import psycopg
import pytest

from index.__main__ import main
from index.stores.address import open_location
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.verification import misfits
from index.stores.postgresql.writer import writing
from tests.postgres import Server
from tests.stored import COLLECTION, PATIENCE, article, encoded, stored

MOON = encoded(article("moon", "Lunar soil is dry."))
MISSING = "indexes are missing: build again"


@pytest.mark.parametrize(
    "index", ["passages_labels", "passages_days", "passages_keywords", "passages_vector", "word_changes_word"]
)
def test_a_missing_index_is_told(
    postgres: Server, database: str, index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stored(database, [MOON]).close()
    assert main(["verify", "--index", database]) == 0
    postgres.execute(f"DROP INDEX {index}", database.rpartition("/")[2])
    assert main(["verify", "--index", database]) == 2
    assert capsys.readouterr().err.startswith(f"error: {database}: {MISSING}\n")


@pytest.mark.parametrize("failure", [KeyError, KeyboardInterrupt])
def test_a_last_builder_that_fails_makes_the_indexes_all_the_same(
    database: str, failure: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    connections = Connections(database)

    def build() -> None:
        with writing(connections, COLLECTION, PATIENCE):
            with writing(connections, COLLECTION, PATIENCE) as other:
                other.upsert([MOON])
            assert connections.read(misfits) == [MISSING]
            raise failure

    with pytest.raises(failure):
        build()
    assert open_location(database).verify()[1] == []
    assert "interrupt to leave that to the next build" in caplog.text
    connections.close()


def test_a_builder_that_fails_says_why_also_where_no_index_can_be_made(database: str) -> None:
    connections = Connections(database)

    def build() -> None:
        with writing(connections, COLLECTION, PATIENCE):
            with psycopg.connect(database) as other:
                other.execute("DROP TABLE passages")
            raise KeyError("first")

    with pytest.raises(KeyError, match="first"):
        build()
    connections.close()
