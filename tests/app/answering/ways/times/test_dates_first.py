"""Passages of a day that a question names."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.decision import Rule
from tests.answers import answer_to
from tests.app.answering.test_answer_rule import ALWAYS
from tests.conftest import indexed

TODAY = date(2025, 6, 1)
NEVER = Rule(bias=-100.0, sentence=0.0, coverage=0.0, missing=0.0, related=0.0)
REPORTS = {
    "m1.md": "---\ntitle: Report\ndate: 2025-03-08\n---\nStile beat Tern two to one. The play was rough.",
    "m2.md": "---\ntitle: Report\ndate: 2025-03-15\n---\nStile lost to Ellen by a single goal.",
    "2025-03-22.md": "# Report\n\nStile held Gull to a draw.",
    "pier.md": "---\ntitle: Pier\ndate: 2025-03-16\n---\nThe pier was closed for a day.",
}


def asked(question: str, folder: Path) -> Answer:
    return answer_to(indexed(folder, REPORTS), question, rule=ALWAYS, today=TODAY)


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("How did Stile play on 15 March 2025?", "m2"),
        ("How did Stile play on the fifteenth of March 2025?", "m2"),
        ("How did Stile play on 22/Mar/2025?", "2025-03-22"),
        ("How did Stile play on 8.3.2025?", "m1"),
    ],
)
def test_the_article_of_the_very_day_comes_first(question: str, article: str, tmp_path: Path) -> None:
    answer = asked(question, tmp_path)
    assert (answer.citations[0].article, answer.verdict) == (article, "answer")


def test_an_article_of_another_week_is_no_answer_and_one_of_the_day_after_may_be(tmp_path: Path) -> None:
    assert asked("How did Stile play on 29 March 2025?", tmp_path / "a").verdict == "related"
    assert asked("How did Stile play on 23 March 2025?", tmp_path / "b").verdict == "answer"


def test_the_report_of_the_very_day_is_at_least_related(tmp_path: Path) -> None:
    searcher = indexed(tmp_path, REPORTS)
    asked = [answer_to(searcher, f"Stile on {day} March 2025?", rule=NEVER, today=TODAY) for day in (8, 29)]
    assert [answer.verdict for answer in asked] == ["related", "none"]
