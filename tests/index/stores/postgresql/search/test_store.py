"""A search of a database gives what a search of a build gives: the same hits, signals and explanations."""

import json
from pathlib import Path

import numpy as np
import pytest

from index.articles.filters import Filters
from index.errors import BadFilter, NoPassage
from index.search.hits import Hit
from index.search.questions.query import encode_queries
from index.search.questions.question import ALONE, Context, Question
from index.search.searcher import Searcher
from index.search.store import Scope
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.postgresql.location import Database
from tests.conftest import ARTICLES, PROJECT, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.postgres import Server
from tests.stored import article, encoded, stored

ALIKE = 0.002  # of scores: vectors are compared in half precision

_LINES = (PROJECT / "eval" / "questions.jsonl").read_text("utf-8").splitlines()
QUESTIONS = [str(json.loads(line)["question"]) for line in _LINES]

Pair = tuple[Searcher, Searcher]
"""The same articles in a folder of builds and in a database."""


def copied(root: Path, postgres: Server) -> str:
    store, dsn = open_location(root).open(), postgres.database()
    open_location(dsn).replace(store.encoded(), store.manifest)
    return dsn


@pytest.fixture(scope="module")
def small(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    root = tmp_path_factory.mktemp("small")
    articles = {
        **ARTICLES,
        "garden/wasps.md": "---\ntitle: Wasps\nlanguage: en-GB\n---\nWasps eat bees. "
        + ARTICLES["garden/bees.md"][90:],
        "garden/copy.md": ARTICLES["garden/bees.md"],
    }
    build(write_articles(root / "articles", articles), root / "index", IDENTITY, load=HashingEncoder)
    where = copied(root / "index", postgres)
    return searcher_of(root / "index"), searcher_of(where)


@pytest.fixture(scope="module")
def project(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    root = tmp_path_factory.mktemp("hashed")
    build(PROJECT / "source_texts", root, IDENTITY, load=HashingEncoder)
    return searcher_of(root), searcher_of(copied(root, postgres))


def assert_alike(ours: list[Hit], theirs: list[Hit]) -> None:
    scores = {hit.passage.id: hit.score for hit in ours}
    assert [hit.score for hit in theirs] == pytest.approx([hit.score for hit in ours], abs=ALIKE)
    for one, other in zip(ours, theirs, strict=True):
        if one.passage.id != other.passage.id:  # two that are as good may have changed places
            assert scores.get(other.passage.id, ours[-1].score) == pytest.approx(one.score, abs=ALIKE)
            continue
        assert (one.passage, one.also_in) == (other.passage, other.also_in)
        assert one.best_sentence == other.best_sentence
        assert other.features.bm25 == pytest.approx(one.features.bm25, rel=1e-5)
        for name in ("passage", "sentence", "coverage", "missing"):
            assert getattr(other.features, name) == pytest.approx(getattr(one.features, name), abs=ALIKE), name


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"boost": {"garden/bees": 0.5, "moon": 0.25, "nothing": 1.0}},
        {"exclude": ["moon", "x'] or id not in ['q", "\0"]},
        {"filters": Filters(publishers=("garden  NOTES",))},
        {"filters": Filters(publishers=("Space Agency",))},
        {"filters": Filters(languages=("en",), folders=("/garden/",))},
        {"filters": Filters(since="2022-06", until="2023-04")},
        {"filters": Filters(until="2021")},
        {"filters": Filters(since="2022"), "boost": {"moon": 1.0}, "exclude": ["garden/copy"]},
    ],
    ids=str,
)
def test_small_articles_are_found_alike(small: Pair, options: dict[str, object]) -> None:
    for question in (
        "What did the probe bring?",
        "bees and lavender",
        "红茶发酵 in July?",
        "moon's \\ 'soil' | & ! %s",
    ):
        for context in (ALONE, Context(("What is lunar soil?",), 0.25)):
            asked = Question(question, context)
            ours, theirs = (searcher.search(asked, 5, **options) for searcher in small)  # type: ignore[arg-type]
            assert [hit.passage.id for hit in theirs] == [hit.passage.id for hit in ours]
            assert_alike(ours, theirs)


def test_the_projects_articles_are_found_alike(project: Pair) -> None:
    for question in QUESTIONS[::5]:
        assert_alike(*(searcher.search(Question(question), 10) for searcher in project))


def test_the_projects_articles_are_found_alike_with_the_default_encoder(postgres: Server, project_root: Path) -> None:
    ours = Searcher.open(open_location(project_root).open())
    theirs = Searcher.open(open_location(copied(project_root, postgres)).open())
    for question in QUESTIONS[::20]:
        assert_alike(ours.search(Question(question), 10), theirs.search(Question(question), 10))


def test_a_word_that_is_spelt_wrongly_is_read_alike(project: Pair) -> None:
    questions = ("How much did goverment reserch cost?", "technologcal inovation", "xyzzyqwert")
    for question in questions:
        ours, theirs = (searcher.reading(Question(question)) for searcher in project)
        assert theirs == ours
    assert project[1].reading(Question(questions[0])).respelled


def test_an_explanation_is_alike(project: Pair) -> None:
    ours, theirs = project
    (hit,) = ours.search(Question(QUESTIONS[0]), 1)
    place = (Question(QUESTIONS[0]), hit.passage.article.id, hit.passage.start, hit.passage.end)
    one, other = ours.explain(*place), theirs.explain(*place)
    assert [word.word for word in other.words] == [word.word for word in one.words]
    assert [word.weight for word in other.words] == pytest.approx([word.weight for word in one.words], rel=1e-5)
    assert other.sentence == one.sentence
    assert other.cosine == pytest.approx(one.cosine, abs=ALIKE)


@pytest.mark.parametrize(
    "place", [("moon", 0, 81), ("moon", 1, 82), ("nothing", 0, 1), ("a\0", 0, 1), ("moon", 0, 2**40)]
)
def test_a_passage_that_is_not_there_is_refused(small: Pair, place: tuple[str, int, int]) -> None:
    for searcher in small:
        with pytest.raises(NoPassage):
            searcher.explain(Question("lunar soil"), *place)


def test_a_name_that_no_article_has_is_refused_alike(small: Pair) -> None:
    told = []
    for searcher in small:
        with pytest.raises(BadFilter) as refused:
            searcher.search(Question("bees"), filters=Filters(publishers=("Gardn Notes",)))
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_what_the_store_tells_of_its_articles_is_alike(small: Pair) -> None:
    ours, theirs = small
    assert theirs.facets.to_json() == ours.facets.to_json()
    assert list(theirs.articles.entries()) == list(ours.articles.entries())
    by_id = {entry.id: entry for entry in ours.articles.entries()}
    assert [each.articles.entry("moon") for each in small] == [by_id["moon"]] * 2
    assert ours.articles.entry("nothing") is theirs.articles.entry("nothing") is None
    assert [theirs.articles[row] for row in range(5)] == [ours.articles[row] for row in range(5)]
    assert theirs.manifest.counts == ours.manifest.counts


def test_all_are_found_where_more_is_wanted_than_there_is(small: Pair) -> None:
    ours, theirs = (searcher.search(Question("bees"), 50) for searcher in small)
    assert [hit.passage.id for hit in theirs] == [hit.passage.id for hit in ours]
    assert np.array([hit.score for hit in theirs]) == pytest.approx([hit.score for hit in ours], abs=ALIKE)


def test_words_are_asked_for_once_and_again_after_a_search_of_changed_articles(postgres: Server) -> None:
    dsn = postgres.database()
    stored(dsn, [encoded(article("moon", "Lunar soil is dry."))]).close()
    store = Database(dsn).open()
    (query,) = encode_queries(["lunar bee"], store.vocabulary, HashingEncoder(), {})
    assert store.vocabulary.document_frequencies(["lunar", "bee"]) == {"lunar": 1}

    stored(dsn, [encoded(article("bees", "A lunar bee in soil."))]).close()
    assert store.vocabulary.document_frequencies(["lunar", "bee"]) == {"lunar": 1}
    assert store.vocabulary.document_frequencies(["soil"]) == {"soil": 2}
    assert store.vocabulary.document_frequencies(["lunar", "bee"]) == {"lunar": 2, "bee": 1}
    assert store.vocabulary.passages == 2

    stored(dsn, [encoded(article("tea", "Tea for every bee."))]).close()
    store.candidates([query], 10, Scope())
    assert store.vocabulary.document_frequencies(["lunar", "bee"]) == {"lunar": 2, "bee": 2}
    assert store.vocabulary.passages == 3


def test_the_best_candidates_come_with_their_articles(postgres: Server) -> None:
    dsn = postgres.database()
    stored(dsn, [encoded(article(name, f"Lunar soil of {name}.")) for name in ("mare", "crater")]).close()
    store = Database(dsn).open()
    (query,) = encode_queries(["lunar soil"], store.vocabulary, HashingEncoder(), {})
    found = store.candidates([query], 10, Scope())
    store._connections.close()
    store.articles.texts._connections = None  # type: ignore[assignment]
    assert [passage.text for _, passage in found.passages(range(2))] == ["Lunar soil of crater.", "Lunar soil of mare."]
