"""The BM25 index of pg_textsearch finds what our own BM25 finds, also after changes, crashes and failovers."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.articles.filters import Filters
from index.search.questions.query import EncodedQuery, encode_queries
from index.search.store import Scope, Store
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.postgresql.location import Database
from index.stores.postgresql.rows import ArticleRows
from index.stores.postgresql.search.catalogue import Texts
from index.stores.postgresql.search.retrieval import Subset, filtered, matching
from index.stores.postgresql.search.scoring import Keywords
from index.stores.postgresql.search.textsearch import _plain
from index.stores.postgresql.search.vocabulary import DatabaseVocabulary, Totals, key
from index.stores.postgresql.writer import writing
from tests.conftest import PROJECT
from tests.hashing import IDENTITY, HashingEncoder
from tests.postgres import Server, serving, standing_by
from tests.postgres_programs import NO_TEXTSEARCH, has_textsearch
from tests.stored import COLLECTION, PATIENCE, article, encoded, stored

BEES = encoded(article("bees", "A honey bee visits many flowers."))
MOON = encoded(article("moon", "Lunar soil is dry."))
TEA = encoded(article("tea", "Tea is dry, too."))
HOSTILE = (
    "co2's c++ O'Neil's 茶葉の発酵 茶 3,920 billion on 9 Sept 2024, <b>&amp;</b> a@b.example/x?y=1 λόγος -7 e5 1e5"
)
WITHOUT, WITH = "tsvector", "pg_textsearch 1.0.0"
LIMIT = 20


def places(store: Store, text: str) -> list[str]:
    """The ids of the articles that a store finds by the words of a text alone."""
    (query,) = encode_queries([text], store.vocabulary, HashingEncoder(), {})
    candidates = store.candidates([replace(query, vocabulary_coverage=0.0)], LIMIT, Scope())
    return [passage.article.id for _, passage in candidates.passages(range(len(candidates)))]


def test_the_best_by_words_are_among_those_of_the_index(textsearch_postgres: Server, tmp_path: Path) -> None:
    build(PROJECT / "source_texts", tmp_path, IDENTITY, load=HashingEncoder)
    exact, dsn = open_location(tmp_path).open(), textsearch_postgres.database()
    open_location(dsn).replace(exact.encoded(), exact.manifest)
    database = open_location(dsn).open()
    for line in (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()[::15]:
        (query,) = encode_queries([json.loads(line)["question"]], exact.vocabulary, HashingEncoder(), {})
        by_words = replace(query, vocabulary_coverage=0.0)
        best, ours = (
            {
                own.id: float(candidates.signals[0].bm25[position])
                for position, own in candidates.passages(range(len(candidates)))
            }
            for candidates in (store.candidates([by_words], LIMIT, Scope()) for store in (exact, database))
        )
        assert best == pytest.approx({passage: ours[passage] for passage in best}, rel=1e-5)


def test_an_index_term_of_any_script_is_one_word_of_the_index(textsearch_postgres: Server) -> None:
    dsn = textsearch_postgres.database()
    own = encoded(article("hostile", f"{HOSTILE} {'w' * 300}."))
    stored(dsn, [own]).close()
    ((words,),) = textsearch_postgres.execute(
        "SELECT tsvector_to_array(to_tsvector('simple', words)) FROM passage_words", dsn.rpartition("/")[2]
    )
    assert sorted(words) == sorted({_plain(key(token)) for token in ArticleRows(own).tokens[0]})
    assert [places(open_location(dsn).open(), text) for text in (HOSTILE, "発酵", "λόγος", "w" * 300, "xylem")] == [
        *[["hostile"]] * 4,
        [],
    ]


def test_a_database_gains_the_index_by_the_next_build_after_its_owner_has_created_the_extension(
    textsearch_postgres: Server,
) -> None:
    dsn = textsearch_postgres.database()
    name = dsn.rpartition("/")[2]
    textsearch_postgres.execute(
        f"DROP EXTENSION pg_textsearch; CREATE EXTENSION vector; CREATE ROLE {name} LOGIN; "
        f"GRANT CREATE ON SCHEMA public TO {name}",
        name,
    )
    builder = dsn.replace("postgres@", f"{name}@")
    location = open_location(builder)
    for keywords in (WITHOUT, WITH):
        stored(builder, [BEES, MOON]).close()
        assert location.keywords() == keywords
        assert places(location.open(), "lunar bee") == ["bees", "moon"]
        assert location.verify()[1] == []
        textsearch_postgres.execute("CREATE EXTENSION IF NOT EXISTS pg_textsearch", name)


def test_missing_words_are_told_and_put_by_the_next_build(textsearch_postgres: Server) -> None:
    dsn = textsearch_postgres.database()
    stored(dsn, [BEES, MOON]).close()
    textsearch_postgres.execute("DELETE FROM passage_words WHERE article = 'moon'", dsn.rpartition("/")[2])
    location = open_location(dsn)
    assert location.verify()[1] == [f"{location}: its table of words is not that of its passages: build again"]
    assert places(location.open(), "lunar bee") == ["bees"]
    stored(dsn, []).close()
    assert (location.verify()[1], places(location.open(), "lunar bee")) == ([], ["bees", "moon"])


def test_an_index_that_follows_no_changes_is_away_while_two_write(textsearch_postgres: Server) -> None:
    dsn = textsearch_postgres.database()
    connections, location = stored(dsn, [BEES, MOON]), open_location(dsn)
    with writing(connections, COLLECTION, PATIENCE) as first, writing(connections, COLLECTION, PATIENCE) as second:
        assert location.keywords() == WITH
        first.upsert([encoded(article("bees", "Flowers, too, are dry."))])
        assert location.keywords() == WITHOUT
        second.upsert([TEA])
        second.delete(["moon"])
        assert places(location.open(), "dry lunar") == ["bees", "tea"]
    assert location.keywords() == WITH
    assert places(location.open(), "dry lunar") == ["bees", "tea"]
    assert places(location.open(), "honey") == []
    connections.close()


@pytest.mark.parametrize(
    ("passing", "limit", "indexed"),
    [
        (1_000_000, 100, True),
        (30_000, 1_000, True),  # too many for the other way
        (20_000, 100, True),  # five thousand are read until a hundred pass
        (19_000, 100, False),
        (20_000, 101, False),
    ],
)
def test_the_index_is_read_unless_few_passages_pass(passing: int, limit: int, *, indexed: bool) -> None:
    keywords = Keywords({"gold": 40}, Totals(1, 1, 1_000_000, 1, 10_000_000))
    query = EncodedQuery(["gold"], {}, np.zeros(0, np.float32), 0.0, 0.0, 1.0)
    subset = Subset(filtered(Filters(languages=("zh",))), passing, 1_000_000)
    (statement,) = matching(query, keywords, subset, limit, indexed=True)
    assert ("bm25" in statement.as_string()) is indexed


def test_an_index_that_is_not_replicated_is_used_on_its_own_server_alone() -> None:
    if not has_textsearch():
        pytest.skip(NO_TEXTSEARCH)
    with serving(durable=True, textsearch=True) as server, ExitStack() as standbys:
        dsn = server.database()
        stored(dsn, [BEES, MOON]).close()
        server.kill()
        server.start()
        assert (open_location(dsn).keywords(), places(open_location(dsn).open(), "lunar bee")) == (
            WITH,
            ["bees", "moon"],
        )

        standby = standbys.enter_context(standing_by(server, textsearch=True))
        stored(dsn, [TEA]).close()
        other = standby.dsn(dsn.rpartition("/")[2])
        assert [open_location(where).keywords() for where in (dsn, other)] == [WITH, WITHOUT]
        server.kill()
        standby.promote()
        assert (open_location(other).keywords(), places(open_location(other).open(), "dry")) == (
            WITHOUT,
            ["moon", "tea"],
        )
        stored(other, []).close()
        assert (open_location(other).keywords(), places(open_location(other).open(), "dry")) == (WITH, ["moon", "tea"])


def test_candidates_take_four_round_trips_and_what_is_looked_up_takes_two(
    textsearch_postgres: Server, tmp_path: Path
) -> None:
    dsn = textsearch_postgres.database()
    connections = stored(dsn, [BEES, MOON, TEA])
    store = Database(dsn).open()

    def trips(work: Callable[[], Any]) -> int:
        """The number of times that the server's answer is waited for."""
        log = tmp_path / "log"
        with log.open("w") as file:
            connections.ask(lambda own: own.pgconn.trace(file.fileno()))
            work()
            connections.ask(lambda own: own.pgconn.untrace())
        sides = [line.split("\t")[1] for line in log.read_text().splitlines() if line.startswith("20")]
        return [*pairwise(sides)].count(("F", "B")) - 1  # without the end of the transaction that began the trace

    store._connections = connections
    (query,) = encode_queries(["lunar bee"], store.vocabulary, HashingEncoder(), {})
    assert trips(lambda: store.candidates([query], LIMIT, Scope())) == 4
    vocabulary = DatabaseVocabulary(connections, 3)
    assert trips(lambda: vocabulary.document_frequencies(["lunar", "unheard"])) == 2
    assert trips(lambda: vocabulary.document_frequencies(["unheard", "lunar"])) == 0
    assert trips(lambda: Texts(connections).newest("moon")) == 2
    connections.close()
