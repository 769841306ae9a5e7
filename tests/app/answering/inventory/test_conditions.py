"""Conditions in questions about the collection: dates, publishers, languages, a number, and the order of the list."""

from datetime import date

import pytest

from app.answering.inventory.recognition import InventoryQuestion, inventory_question
from index.articles.filters import period

PUBLISHERS = {"xinhua", "新华社", "nature", "harbour news"}
CONDITIONS = [
    ("How many articles are from 2025?", "2025", "2025", ()),
    ("show me articles from 2025", "2025", "2025", ()),
    ("2025 articles", "2025", "2025", ()),
    ("articles by Xinhua from January 2025", "2025-01", "2025-01", ("xinhua",)),
    ("articles from January 2025 by Xinhua", "2025-01", "2025-01", ("xinhua",)),
    ("How many articles were published by Xinhua on 5 January 2025?", "2025-01-05", "2025-01-05", ("xinhua",)),
    ("list articles between January 2024 and March 2025", "2024-01", "2025-03", ()),
    ("articles from 2023 to 2025", "2023", "2025", ()),
    ("articles since 2024", "2024", "9999", ()),
    ("articles that were published after 2024", "2025", "9999", ()),
    ("articles until 2024", "0001", "2024", ()),
    ("articles published before 2024", "0001", "2023", ()),
    ("How many articles are by Xinhua?", "", "", ("xinhua",)),
    ("List Xinhua's articles", "", "", ("xinhua",)),
    ("2025年的文章", "2025", "2025", ()),
    ("新华社2025年1月的文章", "2025-01", "2025-01", ("新华社",)),
    ("2025年有多少篇文章", "2025", "2025", ()),
    ("有多少篇文章是2025年的", "2025", "2025", ()),
    ("2024年以来的文章", "2024", "9999", ()),
]
NUMBERED = [
    ("The three newest articles", "newest", 3),
    ("the three newest", "newest", 3),
    ("show the 3 newest articles", "newest", 3),
    ("last 2 articles", "newest", 2),
    ("top 10 latest articles about bees", "newest", 10),
    ("What are the two oldest articles?", "oldest", 2),
    ("list 3 articles about funding", "list", 3),
    ("newest articles", "newest", 0),
    ("最新的三篇文章", "newest", 3),
    ("显示最新的3篇文章", "newest", 3),
    ("最早的两篇文章是哪些", "oldest", 2),
]
RELATIVE = [  # on 10 June 2026
    ("articles from last week", "2026-06-01", "2026-06-07"),
    ("How many articles were published this year?", "2026", "2026"),
    ("this year's articles", "2026", "2026"),
    ("which articles appeared last month", "2026-05", "2026-05"),
    ("articles about bees from last year", "2025", "2025"),
    ("articles from last year about bees", "2025", "2025"),
    ("articles since last month", "2026-05-01", "9999"),
    ("the newest articles of last month", "2026-05", "2026-05"),
    ("上个月的文章", "2026-05", "2026-05"),
    ("今年发表了多少篇文章？", "2026", "2026"),
    ("去年有哪些文章？", "2025", "2025"),
]
LANGUAGES = [
    ("How many articles are in Chinese?", "zh"),
    ("list the Chinese articles", "zh"),
    ("articles written in English about funding", "en"),
    ("有几篇中文文章？", "zh"),
    ("英文文章有哪些？", "en"),
]


def recognised(text: str) -> InventoryQuestion | None:
    return inventory_question(text, (), PUBLISHERS)


@pytest.mark.parametrize(("text", "since", "until", "publishers"), CONDITIONS)
def test_dates_and_publishers_are_conditions(text: str, since: str, until: str, publishers: tuple[str, ...]) -> None:
    question = recognised(text)
    assert question is not None
    assert question.conditions.days == ((period(since)[0], period(until)[1]) if since else None)
    assert (question.subject, question.conditions.publishers) == ("", publishers)


@pytest.mark.parametrize(("text", "kind", "most"), NUMBERED)
def test_a_number_of_articles_is_read(text: str, kind: str, most: int) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.kind, question.most) == (kind, most)


@pytest.mark.parametrize(("text", "since", "until"), RELATIVE)
def test_a_relative_time_is_a_condition(text: str, since: str, until: str) -> None:
    question = inventory_question(text, (), PUBLISHERS, date(2026, 6, 10))
    assert question is not None
    assert question.conditions.days == (period(since)[0], period(until)[1])
    assert question.subject in ("", "bees")


@pytest.mark.parametrize(("text", "code"), LANGUAGES)
def test_a_language_is_a_condition(text: str, code: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.conditions.languages, question.subject in ("", "funding")) == ((code,), True)


@pytest.mark.parametrize("text", ["articles about bees but not honey", "how many articles mention bees without honey?"])
def test_words_of_a_subject_can_be_excluded(text: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.tokens, question.without) == (("bee",), (("honey",),))


@pytest.mark.parametrize(
    "text",
    [
        "articles about funding from 2025 by Xinhua",
        "articles from 2025 about funding by Xinhua",
        "新华社2025年关于资金的文章",
    ],
)
def test_a_subject_stands_beside_conditions(text: str) -> None:
    question = recognised(text)
    assert question is not None
    assert question.subject in ("funding", "资金")
    assert question.conditions.days == period("2025")
    assert question.conditions.publishers in (("xinhua",), ("新华社",))


def test_words_in_quotation_marks_are_a_phrase_with_its_dates() -> None:
    question = recognised('Which articles mention "growth in 2025"?')
    assert question is not None
    assert (question.subject, question.phrases) == ("growth in 2025", ("growth in 2025",))
    assert question.conditions.days is None


@pytest.mark.parametrize("text", ["list articles on bees, newest first", "articles about bees sorted by date"])
def test_the_order_can_be_asked_for(text: str) -> None:
    question = recognised(text)
    assert question is not None
    assert (question.subject, question.conditions.order) == ("bees", "newest")
