"""Days of the week in questions, rows and items."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.values.weekdays import weekdays_in
from tests.conftest import indexed

HOURS = """# Map room

| Day | Hours of the map room |
|---|---|
| Monday to Thursday | 9:00-18:00 |
| Fri | 9:00-12:00 |
| Sat-Sun | closed, the map room is not open |
"""
LIST = """# Pool

- Mon-Fri: open from 6:30 to 21:30, on public holidays the pool is not open.
- Weekend: 8:00 to 19:00.
"""


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("is it open on wednesday", {2}),
        ("Monday to Thursday", {0, 1, 2, 3}),
        ("Fri–Mon", {4, 5, 6, 0}),
        ("Tue", {1}),
        ("on Saturdays and Sundays", {5, 6}),
        ("at the weekend", {5, 6}),
        ("weekdays", {0, 1, 2, 3, 4}),
        ("every day", {0, 1, 2, 3, 4, 5, 6}),
        ("周一至周五", {0, 1, 2, 3, 4}),
        ("星期天开门吗", {6}),
        ("每天", {0, 1, 2, 3, 4, 5, 6}),
        ("the cat sat in the sun", set()),
        ("money for a friend", set()),
    ],
)
def test_the_days_of_the_week_in_a_text(text: str, days: set[int]) -> None:
    assert weekdays_in(text) == days


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        (HOURS, "Is the map room open on Wednesday?", "Day: Monday to Thursday"),
        (HOURS, "hours of the map room on friday", "Day: Fri"),
        (HOURS, "Is the map room not open on Sundays?", "Day: Sat-Sun"),
        (LIST, "Is the pool open on Tuesday?", "Mon-Fri:"),
        (LIST, "Is the pool open on Sunday?", "Weekend:"),
    ],
)
def test_a_line_for_other_days_is_not_marked(text: str, question: str, marked: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": text}).search(Question(question))
    assert marked in hit.passage.article.text[slice(*hit.best_sentence)]
