"""A database as a place: what it tells of itself, how its content is replaced, and what a search sees of a change."""

import json
import time
from collections.abc import Iterator

import psycopg
import pytest

from index.errors import BadRecord, BuildFailed, DamagedIndex, NoIndex, Unavailable
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.manifest import Manifest
from index.search.questions.query import encode_queries
from index.search.questions.question import ALONE, Question
from index.search.searcher import Searcher
from index.search.store import Scope
from index.stores.address import open_location
from index.stores.location import NotSupported
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.location import Database
from index.stores.postgresql.schema import ready
from index.stores.postgresql.search import store as stores
from index.stores.postgresql.verification import misfits
from index.stores.postgresql.writer import Writer, writing
from tests.hashing import HashingEncoder, searcher_of
from tests.postgres import Server, serving, standing_by
from tests.stored import COLLECTION, PATIENCE, article, encoded, stored

BEES = encoded(article("bees", "A honey bee visits many flowers.", publisher="Garden", groups=("hr", "it")))
MOON = encoded(article("moon", "Lunar soil is dry.", publisher="Night Sky", groups=("everyone",)))
TEA = encoded(article("tea", "Tea is dry, too.", publisher="Garden"))


def writer(database: Database) -> Writer:
    return Writer(database.connections, ready(database.connections, COLLECTION, PATIENCE), PATIENCE)


def ids(searcher: Searcher, question: str = "dry soil of bees") -> list[str]:
    return [hit.passage.article.id for hit in searcher.search(Question(question))]


def manifest(where: str) -> Manifest:
    return open_location(where).open().manifest


@pytest.fixture
def place(database: str) -> Iterator[Database]:
    """A database of three articles."""
    stored(database, [BEES, MOON, TEA]).close()
    own = Database(database)
    yield own
    own.connections.close()


def test_a_search_sees_changes_at_once_and_a_new_opening_lists_them(place: Database) -> None:
    searcher = searcher_of(place)
    assert ids(searcher) == ["moon", "bees", "tea"]
    soil = encoded(article("soil", "Soil of bees is dry.", publisher="Mole"))
    writer(place).upsert([soil])
    writer(place).delete(["moon"])
    assert {*ids(searcher)} == {"soil", "tea", "bees"}
    assert ids(searcher) == ["soil", "tea", "bees"]  # with the words' new weights, which the search before has noticed
    assert [entry.id for entry in searcher.articles.entries()] == ["bees", "moon", "tea"]
    assert searcher.articles.by_id("moon") is None
    again = searcher.reopened(open_location(place).open(), HashingEncoder)
    assert [entry.id for entry in again.articles.entries()] == ["bees", "soil", "tea"]
    assert "mole" in again.facets.publishers
    assert again.manifest.name != searcher.manifest.name


def test_an_article_that_changes_between_being_found_and_being_read_is_left_out(
    place: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_READ_AHEAD", 0)  # articles that are read with the candidates are as of the search
    store = place.open()
    (view,) = encode_queries(["dry soil"], store.vocabulary, HashingEncoder(), {})
    candidates = store.candidates([view], 10, Scope())
    writer(place).upsert([encoded(article("moon", "Cheese."))])
    found = [passage.article.id for _, passage in candidates.passages(range(3))]
    assert found == ["bees", "tea"]
    assert store.articles.by_id("moon") == encoded(article("moon", "Cheese.")).article


@pytest.mark.parametrize(
    ("groups", "seen"),
    [({"hr"}, ["moon", "bees"]), ({"sales"}, ["moon"]), (set(), []), ({"everyone"}, ["moon"]), ({"x'] or"}, ["moon"])],
    ids=str,
)
def test_who_is_in_no_group_of_an_article_does_not_find_it(place: Database, groups: set[str], seen: list[str]) -> None:
    searcher = searcher_of(place).seen_by(frozenset(groups))
    assert ids(searcher) == seen
    assert sorted(entry.id for entry in searcher.articles.entries()) == sorted(seen)
    assert ids(searcher.seen_by(frozenset({"nobody"}))) == [own for own in seen if own == "moon"]


def test_notes_are_kept_and_stamped(place: Database) -> None:
    assert (place.read_note("a.json"), place.note_stamp("a.json")) == (None, 0)
    place.write_note("a.json", '{"a": "\u8336"}')
    first = place.note_stamp("a.json")
    place.write_note("a.json", "{}")
    assert place.read_note("a.json") == "{}"
    assert place.note_stamp("a.json") > first > 0
    assert place.note_stamp("b.json") == 0


def test_the_coverage_of_a_build_is_told_with_the_rest(place: Database) -> None:
    coverage = {"files": 1, "lost_files": 0, "articles": 3, "characters": 5, "in_passages": 5, "skipped": {}, "lost": 0}
    place.write_note("coverage.json", json.dumps(coverage))
    told = place.open().manifest.coverage
    assert told is not None
    assert (told.articles, told.characters) == (3, 5)


def test_the_stamp_of_another_process_is_seen_within_seconds(place: Database, database: str) -> None:
    first = place.stamp()
    connections = Connections(database)
    Writer(connections, ready(connections, COLLECTION, PATIENCE), PATIENCE).delete(["tea"])
    connections.close()
    deadline = time.monotonic() + 120
    while place.stamp() == first:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert place.stamp() == open_location(database).stamp()


def test_all_content_is_replaced_and_its_notes_stay(place: Database) -> None:
    before = place.stamp()
    place.write_note("calibration.json", "{}")
    place.replace([TEA], manifest(str(place)))
    assert place.stamp() != before
    searcher = searcher_of(place)
    assert ids(searcher, "dry tea") == ["tea"]
    assert place.read_note("calibration.json") == "{}"
    assert place.connections.read(misfits) == []
    writer(place).upsert([BEES])
    assert place.connections.read(misfits) == []


def test_a_replacement_that_fails_half_way_leaves_all_as_it_was(place: Database) -> None:
    def coming() -> Iterator[EncodedArticle]:
        yield TEA
        raise BadRecord("this one is bad")

    before, searcher = place.stamp(), searcher_of(place)
    with pytest.raises(BadRecord, match="this one is bad"):
        place.replace(coming(), manifest(str(place)))
    assert ids(searcher) == ["moon", "bees", "tea"]
    assert open_location(str(place)).stamp() == before


def test_a_replacement_waits_for_no_build(place: Database) -> None:
    with (
        writing(place.connections, COLLECTION, PATIENCE),
        pytest.raises(BuildFailed, match=r"another build is writing to .*Wait until it has ended"),
    ):
        place.replace([TEA], manifest(str(place)))


def test_an_empty_database_is_filled_by_a_copy(postgres: Server, place: Database) -> None:
    target = Database(postgres.database())
    target.replace(place.open().encoded(), manifest(str(place)))
    assert ids(searcher_of(target)) == ["moon", "bees", "tea"]
    target.connections.close()


def test_a_collection_without_articles_is_no_index(place: Database) -> None:
    writer(place).delete(["bees", "moon", "tea"])
    with pytest.raises(
        NoIndex, match=r"holds no article\. Make an index: python -m index build FOLDER --index postgresql"
    ):
        place.open()


def test_nothing_is_kept_to_go_back_to(place: Database) -> None:
    assert place.builds() == []
    with pytest.raises(NotSupported, match=r"keeps no build before the live one\. Restore a back-up"):
        place.roll_back()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE counts SET passages = passages + 1", "its counts are not those of its articles"),
        ("UPDATE words SET passages = passages + 1 WHERE word = 'dri'", "its words are not those of its passages"),
        ("UPDATE articles SET record_hash = 'x' WHERE article = 'tea'", "articles lack passages, or have others"),
    ],
)
def test_damage_is_found(place: Database, postgres: Server, damage: str, told: str) -> None:
    name = place.open().manifest.name
    assert place.verify() == (name, [])
    postgres.execute(damage, str(place).rpartition("/")[2])
    assert place.verify()[0] == name
    assert [told in what for what in place.verify()[1]] == [True]


def test_an_article_that_cannot_be_understood_is_damage(place: Database, postgres: Server) -> None:
    postgres.execute("UPDATE articles SET blocks = '[[1]]' WHERE article = 'tea'", str(place).rpartition("/")[2])
    with pytest.raises(DamagedIndex, match=r"holds an article that is damaged .*Build it again"):
        ids(searcher_of(place))


def test_its_size_is_that_of_tables_and_indexes(place: Database) -> None:
    assert 100_000 < place.bytes() < 10_000_000


@pytest.mark.slow
def test_a_search_outlives_a_kill_of_the_server_and_a_stamp_is_what_was_known() -> None:
    with serving(durable=True) as server:
        dsn = server.database()
        stored(dsn, [BEES, MOON, TEA]).close()
        place = Database(dsn)
        searcher, stamp = searcher_of(place), place.stamp()
        server.kill()
        with pytest.raises(Unavailable, match="cannot be reached"):
            searcher.search(Question("dry soil", ALONE))
        assert place.stamp() == stamp
        server.start()
        assert ids(searcher) == ["moon", "bees", "tea"]
        place.connections.close()


@pytest.mark.slow
def test_a_standby_answers_searches_and_then_takes_over_writing() -> None:
    with serving(durable=True) as primary, standing_by(primary) as standby:
        # Without this a standby has what was acknowledged, but may not show it yet.
        primary.execute("ALTER ROLE postgres SET synchronous_commit = 'remote_apply'")
        name = primary.database().rpartition("/")[2]
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/{name}?target_session_attrs="
        place, reader = Database(f"{both}read-write"), Database(f"{both}prefer-standby")
        stored(f"{both}read-write", [BEES, MOON]).close()
        searcher = searcher_of(reader)
        assert ids(searcher) == ["moon", "bees"]
        with psycopg.connect(f"{both}prefer-standby") as direct:
            assert direct.info.port == standby.port
        own = writer(place)
        primary.kill()
        standby.promote()
        Writer(place.connections, own.collection, 30).upsert([TEA])
        assert ids(searcher) == ["moon", "bees", "tea"]
        reader.connections.close()
        place.connections.close()
