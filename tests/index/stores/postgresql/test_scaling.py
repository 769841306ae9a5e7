"""The tables, roles and backup of docs/scaling.md, tried."""

import re

import pytest

from eval.scale.tables import SCALE
from eval.speed.record import SAVED
from index.encoder.model_files import Identity
from index.errors import UserError
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.postgresql.connection import Connections
from index.stores.postgresql.schema import read
from index.stores.postgresql.writer import Writer
from tests.conftest import PROJECT
from tests.hashing import HashingEncoder
from tests.postgres import Server

PAGE = (PROJECT / "docs" / "scaling.md").read_text("utf-8")
QUESTION = "Is lunar soil dry?"


def load(identity: Identity) -> HashingEncoder:
    return HashingEncoder(identity)


def fill(dsn: str, searcher: Searcher) -> None:
    open_location(dsn).replace(searcher.store.encoded(), searcher.manifest)


def found(searcher: Searcher) -> list[tuple[str, int, float]]:
    return [(hit.passage.article.id, hit.passage.start, hit.score) for hit in searcher.search(Question(QUESTION))]


def test_the_tables_are_those_that_were_saved() -> None:
    shown = PAGE.split("<!-- python -m eval.scale tables -->")[1].split("<!-- end -->")[0].strip()
    assert shown.startswith("**Stores**, ")
    assert shown == SCALE.tables(SCALE.read(SAVED))


def test_with_the_roles_of_the_page_the_builder_writes_and_the_app_reads(
    postgres: Server, shared_searcher: Searcher
) -> None:
    dsn = postgres.database()
    name = dsn.rpartition("/")[2]
    block = PAGE.split("```sql\n")[1].split("```")[0].replace("DATABASE citewell", f"DATABASE {name}")
    for statement in block.split(";"):
        if statement.strip():
            postgres.execute(statement, name)
    builder, app = (dsn.replace("postgres@", f"{role}@") for role in ("builder", "app"))
    for _ in range(2):  # the second time there are tables to replace
        fill(builder, shared_searcher)
        assert [hit[:2] for hit in found(Searcher.open(open_location(app).open(), load))] == [
            hit[:2] for hit in found(shared_searcher)
        ]
    open_location(builder).write_note("calibration.json", "{}")
    with pytest.raises(UserError):
        open_location(app).write_note("calibration.json", "[]")
    assert open_location(app).read_note("calibration.json") == "{}"


def test_what_citus_refuses_or_does_not_hand_on_is_not_asked(postgres: Server, shared_searcher: Searcher) -> None:
    dsn = postgres.database()
    fill(dsn, shared_searcher)
    before = (postgres.folder / "log").stat().st_size
    connections = Connections(f"{dsn}?options=-c%20log_statement%3Dall")
    found(Searcher.open(open_location(connections.address).open(), load))
    Writer(connections, connections.read(lambda own: read(own, connections)), 5.0).delete(["a", "b"])
    connections.close()
    said = (postgres.folder / "log").read_bytes()[before:].decode()
    assert "set_config('hnsw" not in said
    assert re.findall(r'SET LOCAL "hnsw"\."(\w+)"', said)[:3] == [
        "iterative_scan",
        "max_scan_tuples",
        "ef_search",
    ]
    assert re.findall(r".*: (.+ FOR UPDATE)", said) == ["SELECT FROM articles WHERE article = $1 FOR UPDATE"] * 2


def test_a_dump_is_restored_by_the_commands_of_the_page(postgres: Server, shared_searcher: Searcher) -> None:
    first, second = postgres.database(), postgres.database()
    fill(first, shared_searcher)
    postgres.run("pg_dump", "-Fc", "-f", "citewell.dump", first)
    postgres.run("pg_restore", "-j", "4", "-d", second, "citewell.dump")
    assert open_location(second).verify()[1] == []
    assert found(Searcher.open(open_location(second).open(), load)) == found(
        Searcher.open(open_location(first).open(), load)
    )
