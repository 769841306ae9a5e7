"""A day without its year: the last such day of which there is an article."""

import pytest

from app.answering.ways.all import absent, mentioned
from index.search.questions.question import Question
from index.search.searcher import Searcher
from tests.app.answering.ways.times.test_newest import searcher_for
from tests.app.answering.ways.words.test_phrases import known_of

MINUTES = {
    "2024-05-13.md": ("2024-05-13", "The council met. Ada Brown chaired."),
    "2025-05-13.md": ("2025-05-13", "The council met. Bo Green chaired."),
    "2025-05-20.md": ("2025-05-20", "The council met. Cy White chaired."),
}


@pytest.fixture(scope="module")
def minutes(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_for(tmp_path_factory.mktemp("minutes"), MINUTES)


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
