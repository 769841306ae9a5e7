"""Ranges of time in a question, and what is no range."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.times.ranges import dates_beside, ranges_in
from app.answering.ways.times.relative import relative_times
from tests.answers import answer_to
from tests.conftest import indexed
from tests.hashing import searcher_of


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("What came between January and April 2025?", "between January and April 2025", "2025-01-01/2025-04-30"),
        ("What was announced in Q1 to Q3 2023?", "in Q1 to Q3 2023", "2023-01-01/2023-09-30"),
        ("visitors Q1-Q3 2023", "Q1-Q3 2023", "2023-01-01/2023-09-30"),
        ("rain from March to May 2024", "from March to May 2024", "2024-03-01/2024-05-31"),
        ("rain March–May 2024", "March–May 2024", "2024-03-01/2024-05-31"),
        ("rain from November to February 2025", "from November to February 2025", "2024-11-01/2025-02-28"),
        ("news from 3 to 9 June 2024", "from 3 to 9 June 2024", "2024-06-03/2024-06-09"),
        ("the days from 3 June until 9 July 2024", "from 3 June until 9 July 2024", "2024-06-03/2024-07-09"),
        ("between 3 June 2023 and 5 July 2024", "between 3 June 2023 and 5 July 2024", "2023-06-03/2024-07-05"),
        ("between the first and the second", "", ""),
        ("during the period from May to July 2024", "during the period from May to July 2024", "2024-05-01/2024-07-31"),
        ("2025年1月至3月有什么新闻？", "2025年1月至3月", "2025-01-01/2025-03-31"),
        ("2023年一季度至三季度", "2023年一季度至三季度", "2023-01-01/2023-09-30"),
        ("2025年1月3日到5日", "2025年1月3日到5日", "2025-01-03/2025-01-05"),
        ("output in the first three quarters of 2023", "in the first three quarters of 2023", "2023-01-01/2023-09-30"),
        ("the first 10 months of 2023", "the first 10 months of 2023", "2023-01-01/2023-10-31"),
        ("2023年前三季度的产出", "2023年前三季度", "2023-01-01/2023-09-30"),
        ("2023年前10个月", "2023年前10个月", "2023-01-01/2023-10-31"),
        ("the first three years of 2023", "", ""),
        ("January and March 2025", "", ""),
        ("In January 2024 and March 2025", "", ""),
        ("Was it less in May 2024 than in June 2024?", "", ""),
        ("from 2021 to 2023", "", ""),
        ("on 5 May 2024 to 6 people", "", ""),
        ("pages 3 to May 2024", "", ""),
        ("from June 2024 to May 2024", "", ""),
    ],
)
def test_the_range_of_a_question(text: str, words: str, value: str) -> None:
    assert [(text[each.start : each.end], each.value) for each in ranges_in(text)] == (
        [(words, value)] if words else []
    )


def test_the_dates_of_a_range_are_no_dates_beside_it() -> None:
    text = "Did it rain more between 3 June 2023 and 5 July 2023 than on 9 May 2024?"
    assert [dated.value for dated in dates_beside(text)] == ["2024-05-09"]
    assert [each.value for each in relative_times(text, date(2026, 11, 29))] == ["2023-06-03/2023-07-05"]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How many visitors did the town baths have between September and October 2025?", "notices/baths-2025-10"),
        ("How many visitors did the town baths have from 3 to 30 November 2024?", "notices/baths-2024-11"),
    ],
)
def test_passages_of_the_range_come_first(question: str, article: str, ways_root: Path) -> None:
    answer = answer_to(searcher_of(ways_root), question)
    assert (answer.citations or answer.closest)[0].article == article


def test_a_sentence_of_the_range_is_marked_rather_than_one_of_another_time(tmp_path: Path) -> None:
    text = "The output of the mill was 5.4 tons in 2012. For the first three quarters of 2023 it was 12.3 tons.\n"
    answer = answer_to(indexed(tmp_path, {"mill.md": f"# Mill\n\n{text}"}), "output of the mill, Q1 to Q3 2023")
    [first, *_] = answer.citations or answer.closest
    assert [first.quote[slice(*span)] for span in first.highlight] == [
        "For the first three quarters of 2023 it was 12.3 tons."
    ]
