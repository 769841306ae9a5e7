"""Relative times, resolved against the 29th of November 2026, a Sunday."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.answering.ways.times.periods import asks_for_news
from app.answering.ways.times.relative import relative_times
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import indexed, write_articles
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("What did the board do yesterday?", "yesterday", "2026-11-28"),
        ("What did the board do last week?", "last week", "2026-11-16/2026-11-22"),
        ("What came in the last week?", "in the last week", "2026-11-23/2026-11-29"),
        ("What came in the past two weeks?", "in the past two weeks", "2026-11-16/2026-11-29"),
        ("What did the board do this week?", "this week", "2026-11-23/2026-11-29"),
        ("What did the board do last month?", "last month", "2026-10-01/2026-10-31"),
        ("over the last 3 months", "over the last 3 months", "2026-08-30/2026-11-29"),
        ("What grew this quarter?", "this quarter", "2026-10-01/2026-12-31"),
        ("What grew last quarter?", "last quarter", "2026-07-01/2026-09-30"),
        ("this year's budget", "this year", "2026-01-01/2026-12-31"),
        ("What did it report in September last year?", "in September last year", "2025-09-01/2025-09-30"),
        ("March this year", "March this year", "2026-03-01/2026-03-31"),
        ("turnover in Q3 last year", "in Q3 last year", "2025-07-01/2025-09-30"),
        ("the third quarter of last year", "third quarter of last year", "2025-07-01/2025-09-30"),
        ("on 5 September last year", "5 September last year", "2025-09-05"),
        ("first half of the year before last", "first half of the year before last", "2024-01-01/2024-06-30"),
        ("去年5月有多少？", "去年5月", "2025-05-01/2025-05-31"),
        ("今年三月发表了哪些文章？", "今年三月", "2026-03-01/2026-03-31"),
        ("前年第三季度", "前年第三季度", "2024-07-01/2024-09-30"),
        ("What was the turnover two years ago?", "two years ago", "2024-01-01/2024-12-31"),
        ("What happened six months ago?", "six months ago", "2026-05-01/2026-05-31"),
        ("18 months ago", "18 months ago", "2025-05-01/2025-05-31"),
        ("a week ago", "a week ago", "2026-11-16/2026-11-22"),
        ("in the year before last", "in the year before last", "2024-01-01/2024-12-31"),
        ("两年前怎么样？", "两年前", "2024-01-01/2024-12-31"),
        ("三个月前", "三个月前", "2026-08-01/2026-08-31"),
        ("How much was it last year?", "last year", "2025-01-01/2025-12-31"),
        ("今年的预算", "今年", "2026-01-01/2026-12-31"),
        ("去年的预算", "去年", "2025-01-01/2025-12-31"),
        ("前年的预算", "前年", "2024-01-01/2024-12-31"),
        ("上个月谁来了？", "上个月", "2026-10-01/2026-10-31"),
        ("本季度谁来了？", "本季度", "2026-10-01/2026-12-31"),
        ("最近两周谁来了？", "最近两周", "2026-11-16/2026-11-29"),
        ("昨天谁来了？", "昨天", "2026-11-28"),
        ("今天有什么新闻？", "今天", "2026-11-29"),
        ("What did the board do in the previous month?", "in the previous month", "2026-10-01/2026-10-31"),
        ("Last week, who came?", "Last week", "2026-11-16/2026-11-22"),
        ("What was said last month about the plan of 2020?", "last month", "2026-10-01/2026-10-31"),
    ],
)
def test_a_relative_time_is_the_range_that_it_means_today(text: str, words: str, value: str) -> None:
    assert [(text[time.start : time.end], time.value) for time in relative_times(text, TODAY)] == [(words, value)]


@pytest.mark.parametrize(
    "text",
    [
        "the last year of the war",
        "5月前提交",
        "2019年前的数据",
        "三年前沿技术",
        "In 2020, two years ago, it was new",
        "long ago",
        "the last week of May",
        "What is the last word?",
        "What lies in the past?",
        "What does China Today say?",
        "this is it",
        "月亮上个头很大",
        "the last ten years of his life",
        "the last two weeks before the vote",
        "in the last month that he was here",
        "What was the last year that the team won?",
        "How much more was it than the previous year?",
        "How much did it rise in 2023 over the past five years?",
        "2023年的产量在过去五年里增长了多少？",
        "in the last 0 days",
        'Who sang "Yesterday"?',
        "Who sang Yesterday?",
        "Who presents Last Week Tonight?",
        "即使在今天，哪段城墙仍然可见？",
        "今天的小镇是由哪两个乡合并的？",
    ],
)
def test_words_that_look_like_a_relative_time(text: str) -> None:
    assert list(relative_times(text, TODAY)) == []


@given(
    st.dates(),
    st.sampled_from(["last month", "this quarter", "in the past 999 years", "last week", "yesterday"]),
)
def test_a_time_ends_on_or_after_the_day_it_begins_on(today: date, text: str) -> None:
    (time,) = relative_times(text, today)
    assert time.first <= time.last


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("What was reported in the last week?", True),
        ("news from yesterday", True),
        ("articles of January 2025", True),
        ("上个月有什么新闻？", True),
        ("What did the board report last week?", False),
        ("news", False),
        ("last week", False),
    ],
)
def test_a_question_for_news_has_a_time_and_nothing_but_words_for_reporting(text: str, news: bool) -> None:
    assert asks_for_news(text, TODAY) is news


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Articles of several months on the same subject."""
    base = tmp_path_factory.mktemp("news")
    text = '---\ntitle: "The council"\npublished: "{}"\n---\nThe council bought {} for the park.\n'
    bought = {"2025-11-02": "pines", "2026-10-05": "oaks", "2026-10-20": "elms", "2026-11-27": "limes"}
    plan = '---\ntitle: "Plan"\npublished: "2024-01-01"\n---\nThe council will have bought ivy for the park in 2025.\n'
    write_articles(base / "articles", {f"{day}.md": text.format(day, tree) for day, tree in bought.items()})
    write_articles(base / "articles", {"plan.md": plan})
    build(base / "articles", base / "index", IDENTITY, load=HashingEncoder)
    return searcher_of(base / "index")


@pytest.mark.parametrize(
    ("question", "articles"),
    [
        ("What did the council buy for the park last month?", {"2026-10-05", "2026-10-20"}),
        ("What did the council buy for the park in the last week?", {"2026-11-27"}),
        ("What did the council buy for the park last year?", {"2025-11-02", "plan"}),  # the plan names the year
    ],
)
def test_passages_of_the_time_come_first(news: Searcher, question: str, articles: set[str]) -> None:
    found = answer_to(news, question, today=TODAY)
    shown = found.citations or found.closest
    assert {citation.article for citation in shown[: len(articles)]} == articles
    assert len(shown) == 5
    assert [mention.kind for mention in found.preferences] == ["period"]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What did the shop sell for from October to December 2025?", "quarters"),  # which is the fourth quarter
        ("What did the shop sell for last year?", "report"),  # of 2026, so that its last year is 2025
        ("What did the shop sell for last month?", "note"),
    ],
)
def test_the_very_time_comes_first_whatever_it_is_called(question: str, first: str, tmp_path: Path) -> None:
    articles = {
        "quarters.md": "In the fourth quarter of 2025 the shop sold bread for 9,000 euros.",
        "visit.md": "---\npublished: 2025-11-02\n---\nOn 3 October 2025 a fox came into the yard behind the mill.",
        "note.md": "---\npublished: 2026-11-20\n---\nThe shop did sell for 4,000 euros last month.",
        "report.md": "---\npublished: 2026-02-01\n---\nThe shop did sell for 30,000 euros last year.",
    }
    found = answer_to(indexed(tmp_path, articles), question, today=TODAY)
    assert (found.citations or found.closest)[0].article == first


def test_nothing_of_the_time_is_no_answer(news: Searcher) -> None:
    found = answer_to(news, "What did the council buy for the park yesterday?", today=TODAY)
    assert found.verdict == "related"
    assert answer_to(news, "What was reported yesterday?", today=TODAY).verdict == "none"


def test_news_of_a_time_are_its_articles_the_newest_first(news: Searcher) -> None:
    found = answer_to(news, "What was reported last month?", today=TODAY)
    assert (found.verdict, [citation.article for citation in found.citations]) == (
        "answer",
        ["2026-10-20", "2026-10-05"],
    )
    assert [mention.key for mention in found.preferences] == ["news:2026-10-01/2026-10-31"]
    same = answer_to(news, "news of October 2026", today=TODAY)
    assert [citation.article for citation in same.citations] == ["2026-10-20", "2026-10-05"]


@pytest.mark.parametrize("day", ["3 May 2024", "03.05.2024", "2024年5月3日"])
def test_a_day_on_which_no_article_was_published_is_answered_by_the_sentence_that_names_it(
    day: str, tmp_path: Path
) -> None:
    text = "The mill was sold to a baker. On 3 May 2024 the mill burnt down. The council met on 4 May 2024."
    articles = write_articles(tmp_path / "articles", {"mill.md": text, "may.md": "Ivy flowers in May. It is 2024."})
    build(articles, tmp_path / "index", IDENTITY, load=HashingEncoder)
    searcher = searcher_of(tmp_path / "index")
    found = answer_to(searcher, f"What happened on {day}?", today=TODAY)
    [citation] = found.citations
    [(start, end)] = citation.highlight
    assert (found.verdict, citation.article) == ("answer", "mill")
    assert citation.quote[start:end] == "On 3 May 2024 the mill burnt down."
    assert answer_to(searcher, "What happened on 5 May 2024?", today=TODAY).verdict == "none"


def test_a_time_that_is_ignored_is_read_as_a_word(news: Searcher) -> None:
    question, key = "What did the council buy for the park last month?", "period:2026-10-01/2026-10-31"
    assert answer_to(news, question, today=TODAY, ignore=[key]).preferences == ()
