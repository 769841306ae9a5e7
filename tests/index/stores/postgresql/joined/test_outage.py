"""A coordinator that gives partial answers: without a shard that is down, and with all of them once it is back."""

import time
from collections.abc import Callable, Iterator

import pytest

from app.answering.reply import answer_of
from app.serving.live import Live
from index.__main__ import main
from index.errors import Unavailable
from index.search.questions.question import Question
from index.search.store import Store
from index.stores.address import open_location
from index.stores.postgresql.joined import sharding
from index.stores.postgresql.location import Database
from tests.hashing import HashingEncoder, searcher_of
from tests.index.stores.postgresql.joined.test_sharding import shard
from tests.postgres import Server, serving
from tests.stores import reference

__all__ = ["reference"]  # a fixture

PATIENCE = 60.0  # seconds


def until(reached: Callable[[], bool], measured: str = "") -> None:
    """Wait until something has come about, and print how long that took."""
    began = time.monotonic()
    while not reached():
        assert time.monotonic() - began < PATIENCE
        time.sleep(0.05)
    if measured:
        print(f"\n{measured} after {time.monotonic() - began:.1f} s")  # noqa: T201 - a measure, not a check


@pytest.fixture(scope="module")
def servers(reference: Store) -> Iterator[tuple[Server, Server, str]]:
    """The servers of two shards, and the address by which an app reads their coordinator; it gives partial answers."""
    with serving() as one, serving() as other, serving() as middle:
        shards = [shard(one, reference, "moon"), shard(other, reference, "garden/bees", "zh/tea")]
        coordinator = middle.database()
        name = coordinator.rpartition("/")[2]
        middle.execute("CREATE ROLE app LOGIN")
        middle.execute("ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app", name)
        assert main(["join", coordinator, *shards, "--partial-answers"]) == 0
        yield one, other, coordinator.replace("postgres@", "app@")


def test_partial_answers_come_while_a_shard_is_down_and_say_so(servers: tuple[Server, Server, str]) -> None:
    down, _, coordinator = servers
    live = Live(coordinator, HashingEncoder)
    question = Question("What do bees visit?")
    whole = answer_of(live.current(), question)
    before = live.current().searcher
    assert not whole.notes

    def incomplete() -> int:
        return live.current().searcher.store.incomplete

    down.kill()
    until(lambda: incomplete() == 2, "partial answers")
    partial = answer_of(live.current(), question)
    assert partial.notes == ("incomplete:2",)
    shown = {each.article for each in (*partial.citations, *partial.closest)}
    assert shown
    assert shown <= {"garden/bees", "zh/tea"}
    assert "incomplete:2" in answer_of(live.current(), Question("Is lunar soil dry?")).notes
    assert answer_of(live.current(), Question("how many articles are there?")).notes == ("incomplete:2",)
    assert not answer_of(live.current(), Question("hello")).notes
    with pytest.raises(Unavailable):
        before.search(Question("lunar soil"), 3)  # what began on the whole collection never goes on with a part
    down.start()
    until(lambda: incomplete() == 0, "whole answers again")
    assert answer_of(live.current(), question).to_json() == whole.to_json()


def test_a_program_that_starts_while_a_shard_is_down_reads_the_others(servers: tuple[Server, Server, str]) -> None:
    down, other, coordinator = servers
    stamp = Database(coordinator).stamp()
    down.kill()
    where = Database(coordinator)
    found = searcher_of(where).search(Question("bees and tea on the Moon"), 9)
    assert {hit.passage.article.id for hit in found} == {"garden/bees", "zh/tea"}
    assert where.stamp() != stamp
    store = where.open()
    assert (store.incomplete, store.seen_by(frozenset()).incomplete) == (2, 2)
    with pytest.raises(Unavailable, match="one of the 2 shards"):
        next(store.encoded())
    with pytest.raises(Unavailable):
        where.verify()
    other.kill()
    for each in (where, Database(coordinator)):
        with pytest.raises(Unavailable):
            each.open()
    down.start()
    other.start()
    assert where.open().incomplete == 0
    until(lambda: where.stamp() == stamp)


def test_joined_again_without_it_a_collection_gives_errors(servers: tuple[Server, Server, str]) -> None:
    down, _, coordinator = servers
    owner = coordinator.replace("app@", "postgres@")
    addresses = Database(owner).connections.read(sharding.shards_of)
    open_location(owner).join([open_location(address) for address in addresses])
    down.kill()
    with pytest.raises(Unavailable):
        Database(coordinator).open()
    down.start()
    assert Database(coordinator).open().incomplete == 0
