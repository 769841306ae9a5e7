"""A question for a cell, and one for a cell that is empty."""

from pathlib import Path

import pytest

from app.answering.ways.forms.cells import answers_by_row, lacks_asked_cell
from index.search.questions.question import Question
from tests.conftest import indexed

TABLE = """# Departments

| Department | Telephone | Floor |
|---|---|---|
| Pathology | | 2 |
| Pharmacy | 01632 960112 | 1 |
| Chapel | | |
"""


@pytest.mark.parametrize(
    ("question", "row", "lacks"),
    [
        ("telephone of pathology", "Department: Pathology", True),
        ("Is there a telephone in the chapel?", "Department: Chapel", True),
        ("telephone of the pharmacy", "Department: Pharmacy", False),
        ("On which floor is pathology?", "Department: Pathology", False),
        ("telephone or floor of pathology", "Department: Pathology", False),
        ("Where is pathology?", "Department: Pathology", False),
    ],
)
def test_the_row_that_is_named_lacks_the_asked_cell(question: str, row: str, lacks: bool, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": TABLE}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].startswith(row)
    assert lacks_asked_cell(question, hit) == lacks


ROUTES = """# Ferries

| Line | From | To | First boat | Fare |
|---|---|---|---|---|
| F1 | Stile | Tern Island | 8:00 | |
| F2 | Tern Island | Stile | 9:30 | €4 |
"""


@pytest.mark.parametrize(
    ("text", "question", "answers"),
    [
        (TABLE, "telephone of the pharmacy", True),
        (TABLE, "On which floor is pathology?", True),
        (TABLE, "telephone of pathology", False),  # empty
        (TABLE, "Who runs the pharmacy?", False),  # not in the row
        (TABLE, "How much is the pharmacy?", True),  # nothing but the pharmacy is asked for
        (TABLE, "Where is the harbour?", False),
        (ROUTES, "first boat from Stile to Tern Island", True),
        (ROUTES, "fare of F1", False),
        (ROUTES, "How many seats has F2?", False),
    ],
)
def test_a_row_answers_where_it_holds_all_that_is_asked(
    text: str, question: str, answers: bool, tmp_path: Path
) -> None:
    [hit] = indexed(tmp_path, {"a.md": text}).search(Question(question))
    assert answers_by_row(question, hit) == answers
