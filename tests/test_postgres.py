"""The server that tests start: it can be killed, started again, copied and promoted."""

import psycopg
import pytest

from tests.postgres import Server, serving, standing_by


def test_each_test_has_an_empty_database_on_a_server_with_pgvector(postgres: Server, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE EXTENSION vector")
        connection.execute("CREATE TABLE one (v halfvec(2))")
        connection.execute("INSERT INTO one VALUES ('[1,2]')")
    with psycopg.connect(postgres.database(template=database.rpartition("/")[2])) as copy:
        assert copy.execute("SELECT v::text FROM one").fetchall() == [("[1,2]",)]
    with psycopg.connect(postgres.database()) as other:
        assert other.execute("SELECT to_regclass('one')").fetchall() == [(None,)]


def test_what_was_acknowledged_survives_a_kill() -> None:
    with serving(durable=True) as server:
        server.execute("CREATE TABLE one AS SELECT 1 AS value")
        server.kill()
        with pytest.raises(psycopg.OperationalError, match="refused"):
            server.execute("SELECT 1")
        server.start()
        assert server.execute("SELECT value FROM one") == [(1,)]


def test_a_standby_has_what_its_primary_acknowledged_and_takes_over() -> None:
    with serving(durable=True) as primary, standing_by(primary) as standby:
        primary.execute("CREATE TABLE one AS SELECT 1 AS value")
        primary.kill()
        standby.promote()
        standby.execute("INSERT INTO one VALUES (2)")
        assert standby.execute("SELECT value FROM one ORDER BY 1") == [(1,), (2,)]
