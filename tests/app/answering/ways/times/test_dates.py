"""Dates and publishers that a question names."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.answering.ways.all import WAYS, mentioned, preferred, reworded, telling
from app.answering.ways.way import Known, Mention
from index.arrays import Scores
from index.articles.article import Article, Block, Source
from index.articles.facets import Facets
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.keywords import keywords_of
from tests.stored import write_texts


def article(name: str, publisher: str, published: str, *sources: Source) -> Article:
    return Article(name, name, "x", (Block("paragraph", 0, 1),), "", publisher, published, "", sources)


ARTICLES = [
    article("a", "Xinhua", "2025-01-20", Source("s", "Global Times", "2025-05-14")),
    article("b", "Nature", "2025-02-10"),
    article("c", "新华社", "2025-05", Source("s", "Xinhua, reprinted by SCIO")),
    article("d", "People's Daily", "2024-09-30"),
    article("e", "Xinhua", "2023"),
]


def known_of(articles: list[Article], folder: Path) -> Known:
    write_texts(articles, folder)
    catalogue = BuildCatalogue(folder)
    return Known(Facets.of(catalogue), catalogue, date(2025, 6, 1), keywords_of([["x"]]))


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    return known_of(ARTICLES, tmp_path_factory.mktemp("mentions"))


def keys(question: str, known: Known) -> list[str]:
    return [mention.key for mention in mentioned(question, known)]


def weights(mention: Mention, known: Known) -> Scores:
    found = WAYS[mention.kind].weights(mention, known)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("question", "value", "text"),
    [
        ("What was said in January 2025?", "2025-01", "January 2025"),
        ("Was it said in jan. 2025", "2025-01", "jan. 2025"),
        ("the talks of Sept 2024", "2024-09", "Sept 2024"),
        ("the talks of September of 2024", "2024-09", "September of 2024"),
        ("Who spoke on 14 January 2025?", "2025-01-14", "14 January 2025"),
        ("Who spoke on the 14th of January, 2025?", "2025-01-14", "14th of January, 2025"),
        ("Who spoke on January 14, 2025?", "2025-01-14", "January 14, 2025"),
        ("Who spoke on May 1st 2025?", "2025-05-01", "May 1st 2025"),
        ("Who spoke on 2025-01-14?", "2025-01-14", "2025-01-14"),
        ("Who spoke in 2025/1?", "2025-01", "2025/1"),
        ("2025年1月的会议谈了什么？", "2025-01", "2025年1月"),
        ("2025年1月14日谁讲话？", "2025-01-14", "2025年1月14日"),
        ("2025 年 1 月 14 号谁讲话？", "2025-01-14", "2025 年 1 月 14 号"),
        ("2025年一月的会议", "2025-01", "2025年一月"),
    ],
)
def test_a_month_or_a_day_with_its_year_is_recognised(question: str, value: str, text: str, known: Known) -> None:
    assert mentioned(question, known) == (Mention("published", value, text),)


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 2025?",  # more often what a text is about than when it was written
        "What happened in January?",
        "How much was spent in 2021-2025?",
        "What was the plan for 2024-25?",
        "Who spoke on 30 February 2025?",
        "Who spoke on 2025-13?",
        "2025年13月",
        "the room 12025-01",
        "How many were there by January 2025?",
        "What came after 14 January 2025?",
        "What has changed since the end of January 2025?",
        "Who was mayor from January 2025 to May 2026?",
        "Who was mayor from January 2025 until today?",
        "Were more built than January 2025?",
        "到2025年1月有多少？",
        "截至2025年1月14日有多少？",
        "2025年1月以来有多少？",
        "2025年1月底之前有多少？",
        "What was said in January 1999?",  # nothing is of that month
    ],
)
def test_what_bounds_a_time_or_names_none_of_the_articles_is_no_date(question: str, known: Known) -> None:
    assert [key for key in keys(question, known) if key.startswith("published:")] == []


@pytest.mark.parametrize(
    ("question", "publisher", "text"),
    [
        ("What happened, according to Xinhua?", "Xinhua", "Xinhua"),
        ("according to xinhua, who spoke?", "Xinhua", "xinhua"),
        ("Was it reported by the NATURE?", "Nature", "NATURE"),
        ("What has nature reported of bees?", "Nature", "nature"),
        ("What did Xinhua say about bees?", "Xinhua", "Xinhua"),
        ("Whose face is on Xinhua's picture?", "Xinhua", "Xinhua"),
        ("the date given by Xinhua", "Xinhua", "Xinhua"),
        ("What does Global Times think of bees?", "Global Times", "Global Times"),
        ("what does global  times think?", "Global Times", "global  times"),
        ("What does the People’s Daily think?", "People's Daily", "People’s Daily"),
        ("据新华社报道，谁讲话？", "新华社", "新华社"),
        ("A piece of Xinhua, reprinted by SCIO", "Xinhua, reprinted by SCIO", "Xinhua, reprinted by SCIO"),
    ],
)
def test_a_publisher_is_recognised(question: str, publisher: str, text: str, known: Known) -> None:
    assert mentioned(question, known) == (Mention("publisher", publisher, text),)


@pytest.mark.parametrize(
    "question",
    [
        "Is Nature dying?",  # a single word that nobody quotes
        "What is made by nature?",
        "What does nature's way teach?",
        "Which newspapers print global timestables?",
        "the XinhuaNet reported",
        "Who founded Xinhua?",
    ],
)
def test_words_that_may_mean_something_else_are_no_publisher(question: str, known: Known) -> None:
    assert keys(question, known) == []


def test_several_are_named_each_once_dates_first(known: Known) -> None:
    question = "Did Xinhua report in January 2025 what Global Times did in May 2025, or did Xinhua's men in Jan 2025?"
    assert keys(question, known) == [
        "published:2025-01",
        "published:2025-05",
        "publisher:Xinhua",
        "publisher:Global Times",
    ]


def test_at_most_ten_are_taken(tmp_path: Path) -> None:
    articles = [article(f"{n:02}", f"Paper No {n:02}", "") for n in range(20)]
    known = known_of(articles, tmp_path)
    question = " and ".join(f"paper no {n:02}" for n in range(20))
    assert keys(question, known) == [f"publisher:Paper No {n:02}" for n in range(10)]


def test_what_every_article_has_tells_none_from_others_but_leaves_the_question(tmp_path: Path) -> None:
    known = known_of([article("a", "The Paper", "2025-01"), article("b", "The Paper", "2025-01")], tmp_path)
    question = "What did The Paper write in January 2025?"
    assert telling(mentioned(question, known), known) == ()
    assert reworded(question, mentioned(question, known)) == "What did write?"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-01-20", [1, 1 / 22, 0, 0, 0]),  # of the very day, and 21 days later
        ("2025-01-18", [1 / 3, 1 / 24, 0, 0, 0]),
        ("2025-01-22", [1 / 3, 1 / 20, 0, 0, 0]),
        ("2025-01", [1 / 2, 1 / 2 / 11, 0, 0, 0]),
        ("2025-05-14", [1 / 2, 0, 1 / 18, 0, 0]),  # a source of that day; a month goes 17 days beyond it
        ("2025-05", [1 / 4, 0, 1 / 2, 0, 0]),
    ],
)
def test_an_article_of_the_very_day_weighs_1_and_others_less_with_the_distance_in_time(
    value: str, expected: list[float], known: Known
) -> None:
    assert weights(Mention("published", value, ""), known).tolist() == pytest.approx(expected)


def test_articles_of_a_publisher_weigh_half(known: Known) -> None:
    assert weights(Mention("publisher", "Xinhua", ""), known).tolist() == [0.5, 0, 0, 0, 0.5]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What did Xinhua report on 20 January 2025?", [1, 1 / 33, 0, 0, 1 / 3]),  # both fit the first
        ("What did Xinhua report on 30 September 2024?", [0.5, 0, 0, 1, 0.5]),  # nothing fits both
        ("What did Global Times and Xinhua report?", [0.5, 0, 0, 0, 0.5]),
        ("What did People's Daily and Xinhua report?", [0.5, 0, 0, 0.5, 0.5]),
        ("What did anybody report?", [0, 0, 0, 0, 0]),
    ],
)
def test_the_weights_of_publisher_and_date_are_added(question: str, expected: list[float], known: Known) -> None:
    assert preferred(mentioned(question, known), known).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What did the board do on 20 January 2025?", "What did the board do?"),
        ("In January 2025, who spoke?", "who spoke?"),
        ("Who spoke at the January 2025 meeting?", "Who spoke at the meeting?"),
        ("2025年1月的会议谈了什么？", "会议谈了什么？"),
        ("What happened, according to Xinhua?", "What happened?"),
        ("What was said of bees in Xinhua's report?", "What was said of bees?"),
        ("据新华社报道，谁讲话？", "谁讲话？"),
        ("January 2025", "January 2025"),  # nothing else is asked
        ("What happened in 2025?", "What happened in 2025?"),  # a year is no mention
    ],
)
def test_words_of_a_mention_leave_the_question(question: str, rest: str, known: Known) -> None:
    assert reworded(question, mentioned(question, known)) == rest


_WORDS = [
    "Xinhua",
    "新华社",
    "reported",
    "by",
    "January",
    "2025",
    "14",
    "2025-01",
    "global",
    "times",
    "年",
    "5月",
    "'s",
    " ",
]


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join)))
def test_whatever_is_named_stands_in_the_question_and_matches_some_but_not_all(known: Known, question: str) -> None:
    for mention in mentioned(question, known):
        assert mention.text in question
        assert mention.text
        assert mention.kind == "news" or weights(mention, known).any()  # of some days there is no news
    assert reworded(question, mentioned(question, known)) or not question.strip()
