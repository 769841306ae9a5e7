"""Rules that are superseded or no longer valid: a question that names no time gets what is in force first."""

from pathlib import Path

import pytest

from tests.app.answering.ways.times.test_newest import BUDGETS, names, searcher_for

OUTDATED = {"b2024.md": "valid_until: 2025-12-31", "b2022.md": "supersedes: b2023"}


def test_what_is_in_force_comes_before_alike_outdated_passages(tmp_path: Path) -> None:
    plain = names(searcher_for(tmp_path / "plain", BUDGETS), "What is the town budget?")[:4]
    found = names(searcher_for(tmp_path / "outdated", BUDGETS, OUTDATED), "What is the town budget?")[:4]
    in_force = [name for name in plain if name in ("b2022", "undated")]
    assert found == [*in_force, *(name for name in plain if name not in in_force)]


@pytest.mark.parametrize("question", ["What was the town budget originally?", "What was the town budget in 2023?"])
def test_a_question_about_a_time_is_not_changed_by_what_came_later(question: str, tmp_path: Path) -> None:
    fields = {"b2024.md": "supersedes: [b2022, b2023]"}
    assert names(searcher_for(tmp_path / "a", BUDGETS), question) == names(
        searcher_for(tmp_path / "b", BUDGETS, fields), question
    )
