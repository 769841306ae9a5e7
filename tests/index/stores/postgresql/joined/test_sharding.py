"""A coordinator joins databases on several servers to one collection, and says what is wrong with them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from index.__main__ import main
from index.articles.filters import Filters
from index.errors import ForeignIndex, NoIndex, Unavailable
from index.passages.chunking import Chunking
from index.search.questions.question import Question
from index.search.store import Store
from index.stores.address import open_location
from index.stores.location import BuildWork, NotSupported
from index.stores.postgresql.build import build_into
from index.stores.postgresql.location import Database
from tests.conftest import PROJECT
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.postgres import Server, serving
from tests.stored import article, encoded
from tests.stores import expected, reference

__all__ = ["expected", "reference"]  # fixtures

ASKERS = 32
PAGE = (PROJECT / "docs" / "scaling.md").read_text("utf-8")


def shard(server: Server, store: Store, *ids: str) -> str:
    """The address of a database with these articles of a store."""
    return filled(server.database(), store, *ids)


def filled(dsn: str, store: Store, *ids: str) -> str:
    """The address of a database, whose content is now these articles of a store."""
    open_location(dsn).replace((each for each in store.encoded() if each.article.id in ids), store.manifest)
    return dsn


@pytest.fixture
def pair(postgres: Server, reference: Store) -> list[str]:
    """A shard with one article, and one with another."""
    return [shard(postgres, reference, "moon"), shard(postgres, reference, "garden/bees", "zh/tea")]


def test_the_command_joins_shards_and_says_what_they_hold(
    postgres: Server, pair: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    coordinator = postgres.database()
    assert main(["join", coordinator, *pair]) == 0
    assert capsys.readouterr().out.endswith(" joins 2 shards: 3 articles, 4 passages\n")
    assert main(["join", coordinator, *pair, "--json"]) == 0  # again, and in the other order
    told = json.loads(capsys.readouterr().out)
    assert (told["articles"], told["coordinator"]) == (3, coordinator)
    assert main(["verify", "--index", coordinator]) == 0
    assert main(["info", "--index", coordinator]) == 0


def test_what_a_builder_writes_to_a_shard_is_found_through_the_coordinator(
    postgres: Server, pair: list[str], reference: Store
) -> None:
    coordinator = postgres.database()
    main(["join", coordinator, *pair])
    where = open_location(coordinator)
    before, stamp = searcher_of(where), where.stamp()
    assert {hit.passage.article.id for hit in before.search(Question("bees and tea on the Moon"), 9)} == {
        "moon",
        "garden/bees",
        "zh/tea",
    }
    open_location(pair[0]).replace([encoded(article("wasps", "Wasps eat bees."))], reference.manifest)
    after = open_location(coordinator)
    assert after.stamp() != stamp
    assert searcher_of(after).search(Question("Wasps eat bees."), 1)[0].passage.article.id == "wasps"
    assert searcher_of(after).articles.by_id("moon") is None


def test_a_coordinator_keeps_notes_and_refuses_articles(postgres: Server, pair: list[str], tmp_path: Path) -> None:
    coordinator = postgres.database()
    main(["join", coordinator, *pair])
    where = Database(coordinator)
    where.write_note("calibration.json", "{}")
    (tmp_path / "new.md").write_text("New.", "utf-8")
    with pytest.raises(NotSupported, match=r"joins 2 shards and holds no article itself\. Build each by its own"):
        build_into(where, where.connections, BuildWork(tmp_path, IDENTITY), HashingEncoder)
    with pytest.raises(NotSupported, match="joins 2 shards"):
        where.replace([], searcher_of(where).manifest)
    main(["join", coordinator, *pair])
    assert where.read_note("calibration.json") == "{}"


def test_an_article_in_two_shards_is_named(
    postgres: Server, pair: list[str], reference: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    double = shard(postgres, reference, "moon", "zh/tea")
    assert main(["join", postgres.database(), double, pair[1]]) == 2
    assert "'zh/tea' is in two of the shards. Build shard I of 2 with --shard I/2" in capsys.readouterr().err
    coordinator = postgres.database()
    main(["join", coordinator, *pair])
    filled(pair[0], reference, "moon", "zh/tea")
    assert main(["verify", "--index", coordinator]) == 2
    assert "two of its shards hold 'zh/tea'" in capsys.readouterr().err


def test_shards_of_other_passages_are_refused_at_once_and_later(
    postgres: Server, pair: list[str], reference: Store
) -> None:
    coordinator = open_location(postgres.database())
    coordinator.join([open_location(each) for each in pair])
    longer = replace(reference.manifest, chunking=Chunking(target=reference.manifest.chunking.target + 1))
    open_location(pair[0]).replace([encoded(article("moon", "Dry."))], longer)
    for attempt in (coordinator.open, lambda: coordinator.join([open_location(each) for each in pair])):
        with pytest.raises(ForeignIndex, match="were built with different models, passages or versions"):
            attempt()


def test_what_is_no_shard_or_no_coordinator_is_refused(
    postgres: Server, pair: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, empty = open_location(tmp_path), open_location(postgres.database())
    with pytest.raises(NotSupported, match="a shard is a folder of builds"):
        empty.join([folder])
    with pytest.raises(NotSupported, match="which joins no shard"):
        folder.join([empty])
    with pytest.raises(NoIndex):
        empty.join([open_location(postgres.database())])
    assert main(["join", pair[0], pair[1]]) == 2
    assert "holds a collection of its own. Name an empty database" in capsys.readouterr().err
    assert open_location(pair[0]).open().manifest.counts.articles == 1


def test_an_app_needs_no_access_to_the_shards_and_sees_no_password(postgres: Server, pair: list[str]) -> None:
    coordinator = postgres.database()
    name = coordinator.rpartition("/")[2]
    main(["join", coordinator, *pair])
    postgres.execute("DROP ROLE IF EXISTS asker")
    postgres.execute("CREATE ROLE asker LOGIN")
    postgres.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO asker", name)
    asker = coordinator.replace("postgres@", "asker@")
    found = searcher_of(open_location(asker)).search(Question("lunar soil"), 1)
    assert found[0].passage.article.id == "moon"
    with psycopg.connect(asker) as connection:
        assert connection.execute("SELECT count(umoptions) FROM pg_user_mappings").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT * FROM citewell_shard_1.passages")


def test_the_coordinator_signs_in_as_whoever_joined(
    postgres: Server, pair: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = postgres.database()
    monkeypatch.setenv("PGUSER", "postgres")
    monkeypatch.setenv("PGPASSWORD", "from the environment")
    main(["join", coordinator, pair[0].replace("postgres@", ""), pair[1].replace("postgres@", "postgres:given@")])
    rows = postgres.execute("SELECT umoptions FROM pg_user_mappings ORDER BY srvname", coordinator.rpartition("/")[2])
    assert rows == [
        (["user=postgres", "password=from the environment"],),
        (["user=postgres", "password=given"],),
    ]
    assert "given" not in str(postgres.execute("SELECT * FROM collection_shards", coordinator.rpartition("/")[2]))


def test_a_role_joins_shards_by_its_password_with_the_rights_that_the_page_names(
    reference: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    rights = PAGE.split("## More data than one server")[1].split("```sql\n")[1].split("```")[0]
    with serving() as server:
        server.execute("CREATE ROLE builder LOGIN PASSWORD 'sesame'")
        hba = server.data / "pg_hba.conf"
        hba.write_text("host all builder 127.0.0.1/32 scram-sha-256\n" + hba.read_text("utf-8"), "utf-8")
        server.execute("SELECT pg_reload_conf()")
        dsns = [server.database() for _ in range(3)]
        names = [dsn.rpartition("/")[2] for dsn in dsns]
        for name in names:
            server.execute(f"ALTER DATABASE {name} OWNER TO builder")
            server.execute("CREATE EXTENSION vector", name)
        for statement in rights.replace("DATABASE citewell", f"DATABASE {names[0]}").split(";"):
            if statement.strip():
                server.execute(statement, names[0])
        coordinator, *shards = (dsn.replace("postgres@", "builder:sesame@") for dsn in dsns)
        for each, article_id in zip(shards, ("moon", "zh/tea"), strict=True):
            filled(each, reference, article_id)
        dead = shards[0].replace("127.0.0.1:", "127.0.0.1:1,127.0.0.1:")  # a server that is gone, then its standby
        assert main(["join", coordinator, dead, shards[1]]) == 0, capsys.readouterr().err
        found = searcher_of(open_location(coordinator)).search(Question("lunar soil"), 1)
        assert found[0].passage.article.id == "moon"


@pytest.fixture(scope="module")
def apart(reference: Store) -> Iterator[tuple[Server, str]]:
    """A coordinator's address, and the server of one of its two shards, which logs its statements; each has its own."""
    logged = {"log_statement": "all"}
    with serving(settings=logged) as one, serving() as other, serving() as middle:
        ids = [encoded.article.id for encoded in reference.encoded()]
        shards = [shard(one, reference, *ids[::2]), shard(other, reference, *ids[1::2])]
        coordinator = middle.database()
        open_location(coordinator).join([open_location(each) for each in shards])
        yield one, coordinator


@pytest.mark.parametrize("filters", [Filters(), Filters(languages=("en",), since="2023")], ids=["all", "some"])
def test_each_shard_sorts_by_itself_and_sends_its_best_alone(apart: tuple[Server, str], filters: Filters) -> None:
    server, coordinator = apart
    searcher = searcher_of(open_location(coordinator))
    log = server.folder / "log"
    before = len(log.read_text("utf-8"))
    assert searcher.search(Question("dry soil of the Moon"), 3, filters=filters)
    statements = log.read_text("utf-8")[before:].split("statement: ")
    asked = [" ".join(statement.split()) for statement in statements if " CURSOR FOR" in statement]
    for sign in ("<=>", "ts_rank"):  # by vectors and by words
        ranked = [statement for statement in asked if sign in statement]
        assert ranked
        assert all(" ORDER BY " in statement for statement in ranked)
    assert {statement.split()[1] for statement in statements if statement.startswith("FETCH ")} == {"400"}


def test_while_a_shard_is_down_every_answer_is_right_or_an_error(
    apart: tuple[Server, str],
) -> None:
    down, searcher = apart[0], searcher_of(open_location(apart[1]))
    texts = ["Is lunar soil dry?", "What do bees visit?", "lavender and lunar soil", "茶的产量是多少"]
    wanted = {text: [hit.passage.id for hit in searcher.search(Question(text), 3)] for text in texts}

    def ask(number: int) -> bool:
        """Whether it was answered; an answer is the right one."""
        text = texts[number % len(texts)]
        try:
            found = searcher.search(Question(text), 3)
        except Unavailable:
            return False
        assert [hit.passage.id for hit in found] == wanted[text]
        return True

    with ThreadPoolExecutor(ASKERS) as pool:
        answered = [pool.submit(ask, number) for number in range(2 * ASKERS)]
        down.kill()
        answers = [each.result() for each in answered]
    assert not ask(0)
    assert False in answers
    down.start()
    assert ask(0)
    assert ask(1)
