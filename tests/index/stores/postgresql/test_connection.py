"""Connections are tried again while a server is away, and speak of it without its password."""

import socket
from threading import Timer

import psycopg
import pytest

from index.errors import NoIndex, Unavailable, UserError
from index.stores.address import open_location
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.pool import Connection
from tests.postgres import Server, serving

SECRET = "hunter2%40"  # noqa: S105 - of nobody


def one(connection: Connection) -> object:
    row = connection.execute("SELECT 1").fetchone()
    return row and row[0]


@pytest.mark.parametrize(
    ("dsn", "shown"),
    [
        (f"postgresql://ann:{SECRET}@db.example:5433/texts", "postgresql://ann@db.example:5433/texts"),
        (f"postgres://db.example/texts?password={SECRET}&sslmode=require", "postgresql://db.example/texts"),
        ("postgresql:///texts", "postgresql://localhost/texts"),
        ("postgresql://ann@one,two:5433/texts", "postgresql://ann@one,two:5433/texts"),
        ("postgresql://one,two/texts?port=5433", "postgresql://one:5433,two:5433/texts"),
        ("postgresql://[::1]:5433/texts", "postgresql://[::1]:5433/texts"),
    ],
)
def test_an_address_is_shown_without_password_and_settings(dsn: str, shown: str) -> None:
    assert str(Connections(dsn)) == shown


@pytest.mark.parametrize(
    "address",
    [
        "postgresql:///texts",
        "postgresql://ann@:5433/texts",
        "postgresql:///texts?sslmode=require",
        "postgresql:///texts?options=-c%20search_path%3Dours",
        "postgresql://%2Frun%2Fpg:5433/texts",
        "postgresql://ann@,two:5433/texts",
    ],
)
def test_another_process_is_given_what_the_address_says_and_no_other_host(address: str) -> None:
    assert Connections(address).address == address


def test_a_server_that_the_environment_names_is_that_of_other_processes_too(
    postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGHOST", str(postgres.folder))  # by its socket
    monkeypatch.setenv("PGPORT", str(postgres.port))
    address, variables = open_location("postgresql://postgres@/postgres").argument()
    assert variables == {}
    with Connections(address).alone() as connection:
        assert (connection.info.host, connection.info.port) == (str(postgres.folder), postgres.port)


def test_a_password_is_in_no_text_of_a_location() -> None:
    database = open_location(f"postgresql://ann:{SECRET}@db.example/texts?sslmode=require")
    address, variables = database.argument()
    assert address == "postgresql://ann@db.example/texts?sslmode=require"
    assert variables == {"PGPASSWORD": "hunter2@"}
    assert [str(database), repr(database)] == [
        "postgresql://ann@db.example/texts",
        "Database('postgresql://ann@db.example/texts')",
    ]


def test_an_address_that_cannot_be_read_is_refused_without_being_shown() -> None:
    with pytest.raises(UserError) as refused:
        Connections(f"postgresql://ann:{SECRET}@db.example:port/texts?nothing={SECRET}")
    assert str(refused.value) == (
        "the address of the database cannot be read. Give it as postgresql://USER@HOST:PORT/DATABASE"
    )
    assert refused.value.__suppress_context__


def test_a_server_that_is_not_there_is_unavailable_after_a_while_and_says_why() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # which listens to nothing
        port = nobody.getsockname()[1]
        connections = Connections(f"postgresql://ann:{SECRET}@127.0.0.1:{port}/texts")
        with pytest.raises(Unavailable) as told:
            connections.read(one, patience=0.3)
    assert str(told.value).startswith(f"postgresql://ann@127.0.0.1:{port}/texts cannot be reached (")
    assert "Connection refused" in str(told.value)
    assert str(told.value).endswith("Start the database, or mend the address")
    assert "hunter2" not in str(told.value)


@pytest.mark.slow
def test_a_server_that_comes_back_is_used_again_even_by_whoever_is_waiting() -> None:
    with serving(durable=True) as server:
        connections = Connections(server.dsn())
        assert connections.read(one) == 1
        server.kill()
        with pytest.raises(Unavailable):
            connections.read(one, patience=0.3)
        back = Timer(0.5, server.start)
        back.start()
        assert connections.read(one, patience=30) == 1
        back.join()
        assert connections.read(one) == 1
        connections.close()


def test_many_threads_may_ask_more_than_there_are_connections(database: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    connections = Connections(database)
    with ThreadPoolExecutor(40) as threads:
        assert set(threads.map(lambda _: connections.read(one), range(400))) == {1}
    connections.close()


def test_a_database_without_a_collection_says_how_to_make_one(database: str) -> None:
    place = open_location(database)
    shown = str(place)
    with pytest.raises(NoIndex) as told:
        place.open()
    assert str(told.value) == f"{shown} holds no index. Make one: python -m index build FOLDER --index {shown}"
    assert place.read_note("calibration.json") is None
    assert place.stamp() == (0, 0)
    with pytest.raises(NoIndex):
        place.write_note("calibration.json", "{}")


def test_what_a_role_may_not_do_is_said(postgres: Server, database: str) -> None:
    postgres.execute("CREATE TABLE secret ()", database.rpartition("/")[2])
    postgres.execute("CREATE ROLE nobody_much LOGIN")
    connections = Connections(database.replace("postgres@", "nobody_much@"))
    with pytest.raises(UserError, match=r"refuses that: permission denied for table secret\. Ask who runs it"):
        connections.read(lambda connection: connection.execute("SELECT FROM secret").rowcount)
    connections.close()


@pytest.mark.parametrize("setting", ["sslpassword", "scram_client_key"])
def test_a_secret_that_cannot_be_hidden_is_refused_without_being_shown(setting: str) -> None:
    with pytest.raises(UserError) as refused:
        Connections(f"postgresql://db.example/texts?{setting}=hunter2")
    assert str(refused.value) == (
        f"the address of the database holds {setting}, which others can see there. "
        "Put it in a service file and name that: postgresql://?service=NAME"
    )


def test_a_password_of_no_characters_is_refused_without_being_shown() -> None:
    with pytest.raises(UserError, match=r"^the address of the database cannot be read"):
        open_location("postgresql://ann:hunter\udcff@db.example/texts")


def test_who_asks_waits_for_no_lock_for_ever(postgres: Server, database: str) -> None:
    postgres.execute("CREATE TABLE collection ()", database.rpartition("/")[2])
    connections = Connections(database)
    limits = "SELECT current_setting('statement_timeout'), current_setting('lock_timeout')"

    def told(connection: Connection) -> tuple[str, str]:
        row = connection.execute(limits).fetchone()
        assert row is not None
        return row[0], row[1]

    assert connections.ask(told) == ("10s", "10s")
    assert connections.read(told) == ("0", "0")  # nothing of it stays with a connection
    connections.close()


def test_a_server_that_is_lost_behind_a_pooler_is_tried_again(database: str) -> None:
    """The two kinds of internal errors: psycopg's own, of an answer that only a pooler gives, and a server's."""
    connections, raised = Connections(database), [psycopg.InternalError("received 2 results from command 'COMMIT'")]

    def work(connection: Connection) -> object:
        if raised:
            raise raised.pop()
        return one(connection)

    assert connections.write(work, 5) == 1
    raised.append(psycopg.errors.InternalError_("index is corrupted"))
    with pytest.raises(psycopg.errors.InternalError_):
        connections.write(work, 5)
    connections.close()
