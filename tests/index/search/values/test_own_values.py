"""Passages whose own text holds a number or date of the question, and rows of tables."""

from pathlib import Path

import pytest

from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of
from tests.postgres import Server

FILLER = "The harbour zones are busy zones with many harbour ships and zones. " * 6
TABLE = (
    "---\ntitle: Harbour zones from 2005 to 2016\n---\n"
    f"{FILLER}\n\n## Count\n\n| Year | Zones | Share of trade |\n|---|---|---|\n"
    "| 2005 | 53 | 4% |\n| 2016 | 156 | 11.7% |\n"
    f"\n## Ships\n\n{FILLER}"
)


@pytest.fixture(scope="module", params=["builds", pytest.param("database", marks=pytest.mark.slow)])
def harbour(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """The search of a store of each kind."""
    folder = tmp_path_factory.mktemp("harbour")
    articles = {"zones": TABLE, "tea": "Tea grew by 26.6% in the hills.", "ivy": "Ivy grew by 12% in the hills."}
    texts = {f"{name}.md": text for name, text in articles.items()}
    build(write_articles(folder / "articles", texts), folder / "index", IDENTITY, load=HashingEncoder)
    if request.param == "builds":
        return searcher_of(folder / "index")
    server: Server = request.getfixturevalue("postgres")
    database, store = open_location(server.database()), open_location(folder / "index").open()
    database.replace(store.encoded(), store.manifest)
    return Searcher(database.open(), HashingEncoder(IDENTITY))


def _marked(hit: Hit) -> tuple[str, list[str]]:
    text = hit.passage.article.text
    return text[slice(*hit.best_sentence)], [text[slice(*span)] for span in hit.answer]


@pytest.mark.parametrize(
    ("question", "row", "answer"),
    [
        ("How many harbour zones were there in 2005?", "Year: 2005; Zones: 53; Share of trade: 4%", "53"),
        (
            "What share of trade had the harbour zones in 2016?",
            "Year: 2016; Zones: 156; Share of trade: 11.7%",
            "11.7%",
        ),
        ("Which year did the harbour zones number 156?", "Year: 2016; Zones: 156; Share of trade: 11.7%", "2016"),
    ],
)
def test_the_row_comes_before_passages_with_the_year_in_their_title(
    question: str, row: str, answer: str, harbour: Searcher
) -> None:
    assert _marked(harbour.search(Question(question))[0]) == (row, [answer])


def test_a_question_without_a_value_has_no_row_first(harbour: Searcher) -> None:
    sentence, answer = _marked(harbour.search(Question("Which ships are busy in the harbour?"))[0])
    assert (sentence.startswith("The harbour zones are busy"), answer) == (True, [])


def test_the_passage_with_the_very_value_comes_first(harbour: Searcher) -> None:
    assert harbour.search(Question("What grew by 26.6 percent?"))[0].passage.article.id == "tea"


def test_scores_stay_between_0_and_1(harbour: Searcher) -> None:
    scores = [hit.score for hit in harbour.search(Question("How many harbour zones were there in 2005?"))]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_an_article_whose_title_alone_has_the_year_is_found_as_before(tmp_path: Path) -> None:
    articles = {"a.md": "---\ntitle: Feast of 1999\n---\nHerring was served.", "b.md": "Herring swims in the sea."}
    build(write_articles(tmp_path / "articles", articles), tmp_path / "index", IDENTITY, load=HashingEncoder)
    hits = searcher_of(tmp_path / "index").search(Question("Was herring served in 1999?"))
    assert hits[0].passage.article.id == "a"
