"""A database that is killed, or whose primary is lost, while articles are written into it and questions are asked."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from index.search.questions.question import Question
from index.stores.address import open_location
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.location import Database
from index.stores.postgresql.writer import Writer, writing
from tests.conftest import ARTICLES, write_articles
from tests.hashing import searcher_of
from tests.ingestion import built, made
from tests.postgres import Server, serving, standing_by
from tests.stored import COLLECTION

pytestmark = pytest.mark.slow

Capture = pytest.CaptureFixture[str]

PATIENCE = 60.0
_ENOUGH = 40  # batches before and after what happens


class Ledger(Thread):
    """Writes batches of three articles until it is ended, and notes when each one was acknowledged.

    Batch n replaces the articles of batch n - 1 in every second step, so that updates are torn, too, if any are.
    """

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer
        self._over = Event()
        self.acknowledged: list[float] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._over.is_set():
                number = len(self.acknowledged)
                self._writer.upsert(made(article, _text(number)) for article in _names(number))
                self.acknowledged.append(time.monotonic())
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for this thread
            self.error = error

    def until(self, batches: int) -> None:
        """Wait until so many are acknowledged."""
        deadline = time.monotonic() + PATIENCE
        while len(self.acknowledged) < batches:
            assert self.error is None, self.error
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self) -> None:
        """Write no more."""
        self._over.set()
        self.join()
        assert self.error is None, self.error

    @property
    def outage(self) -> float:
        """The longest time between two acknowledgements, in seconds."""
        return max(after - before for before, after in zip(self.acknowledged, self.acknowledged[1:], strict=False))


def _names(batch: int) -> list[str]:
    return [f"{batch // 2:05}-{name}" for name in "abc"]


def _text(batch: int) -> str:
    return f"Batch {batch} is here."


def _check(dsn: str, batches: int) -> None:
    """Every batch that was acknowledged is there and whole, the one after it whole or not at all."""
    with psycopg.connect(dsn) as connection:
        texts: dict[str, str] = dict(connection.execute("SELECT article, text FROM articles").fetchall())
        passages = connection.execute('SELECT article, start, "end" FROM passages ORDER BY article').fetchall()
    stored = max(int(text.split()[1]) for text in texts.values()) + 1
    assert stored in (batches, batches + 1)
    newest = {name: _text(batch) for batch in range(stored) for name in _names(batch)}
    assert texts == newest
    assert passages == [(name, 0, len(text)) for name, text in sorted(newest.items())]


def _written_through(dsn: str, happens: Callable[[], None]) -> Ledger:
    """Acknowledged articles before, during and after what happens."""
    connections = Connections(dsn)
    with writing(connections, COLLECTION, PATIENCE) as writer:
        ledger = Ledger(writer)
        ledger.start()
        try:
            ledger.until(_ENOUGH)
            happens()
            ledger.until(len(ledger.acknowledged) + _ENOUGH)
        finally:
            ledger.end()
    connections.close()
    return ledger


@pytest.fixture
def durable() -> Iterator[Server]:
    """A server that writes as in production."""
    with serving(durable=True) as server:
        yield server


def _tell(capsys: Capture, measured: str) -> None:
    with capsys.disabled():
        print(f"\n{measured}")  # noqa: T201 - a measure, not a check


def _restarted(server: Server) -> None:
    server.kill()
    server.start()


def test_what_was_acknowledged_outlives_a_server_that_is_killed_in_the_middle_of_writing(
    durable: Server, capsys: Capture
) -> None:
    dsn = durable.database()

    def thrice() -> None:
        for _ in range(3):
            _restarted(durable)

    ledger = _written_through(dsn, thrice)

    _check(dsn, len(ledger.acknowledged))
    assert open_location(dsn).verify()[1] == []
    _tell(capsys, f"{len(ledger.acknowledged)} batches; killed thrice; no write for {ledger.outage:.1f} s at most")


def test_when_the_primary_is_lost_a_synchronous_standby_has_all_that_was_acknowledged(
    durable: Server, capsys: Capture
) -> None:
    name = durable.database().rpartition("/")[2]
    with standing_by(durable) as standby:
        dsn = (
            f"postgresql://postgres@127.0.0.1:{durable.port},127.0.0.1:{standby.port}/{name}"
            "?target_session_attrs=read-write"
        )

        def failover() -> None:
            durable.kill()
            standby.promote()

        ledger = _written_through(dsn, failover)

        _check(standby.dsn(name), len(ledger.acknowledged))
        assert open_location(standby.dsn(name)).verify()[1] == []
    told = f"{len(ledger.acknowledged)} batches, none lost; no write for {ledger.outage:.1f} s"
    _tell(capsys, f"failover: {told}, where the standby is promoted at once and a dead host refuses at once")


def test_a_replica_answers_and_goes_on_when_the_primary_is_lost(durable: Server, tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", ARTICLES)
    primary = durable.database()
    name = primary.rpartition("/")[2]
    built(primary, folder)
    with standing_by(durable) as standby:
        both = f"127.0.0.1:{durable.port},127.0.0.1:{standby.port}"
        database = open_location(f"postgresql://postgres@{both}/{name}?target_session_attrs=prefer-standby")
        assert isinstance(database, Database)
        searcher = searcher_of(database)
        asked = database.connections.read(
            lambda connection: connection.execute("SELECT pg_is_in_recovery(), inet_server_port()").fetchall()
        )
        assert asked == [(True, standby.port)]
        expected = [hit.passage.id for hit in searcher_of(primary).search(Question("dry soil"), 3)]
        assert [hit.passage.id for hit in searcher.search(Question("dry soil"), 3)] == expected != []

        durable.kill()
        assert [hit.passage.id for hit in searcher.search(Question("dry soil"), 3)] == expected
