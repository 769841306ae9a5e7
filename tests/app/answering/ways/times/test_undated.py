"""A day without its year: the last such day of which there is an article."""

from datetime import date

import pytest

from app.answering.ways.all import absent, mentioned
from app.answering.ways.way import Known
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

MINUTES = {
    f"{day}.md": f"---\ntitle: Minutes of the council\npublished: {day}\n---\n{text}\n"
    for day, text in {
        "2024-05-13": "The council met. Ada Brown chaired.",
        "2025-05-13": "The council met. Bo Green chaired.",
        "2025-05-20": "The council met. Cy White chaired.",
    }.items()
}


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("minutes")
    build(write_articles(folder / "articles", MINUTES), folder / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / "index")


def known_of(searcher: Searcher) -> Known:
    return Known(searcher.facets, searcher.articles, date(2026, 1, 1), searcher.store.vocabulary)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who chaired the meeting on 13 May?", [("2025-05-13", "13 May")]),
        ("Who chaired the meeting on May 13th?", [("2025-05-13", "May 13th")]),
        ("who chaired on may 13?", [("2025-05-13", "may 13")]),
        ("Who chaired the meeting of the 20th of May?", [("2025-05-20", "20th of May")]),
        ("5月20日的会议由谁主持？", [("2025-05-20", "5月20日")]),
        ("Who chaired on 13 May 2024?", [("2024-05-13", "13 May 2024")]),
        ("Who chaired on 14 May?", []),
        ("may 13 people enter?", []),
        ("Does May 13.5 mean anything?", []),
        ("What was it by 13 May?", [("2025-05-13", "13 May")]),
    ],
)
def test_a_day_without_a_year_is_the_last_one_of_an_article(
    minutes: Searcher, question: str, found: list[tuple[str, str]]
) -> None:
    mentions = mentioned(question, known_of(minutes))
    assert [(each.value, each.text) for each in mentions if each.kind == "published"] == found


def test_its_number_is_not_missed_in_the_passages_of_that_day(minutes: Searcher) -> None:
    known, text = known_of(minutes), "Who chaired the council on 20 May?"
    hits = minutes.search(Question(text), 3)
    assert absent(text, {}, hits, mentioned(text, known), known) == ()
