"""A question for a cell that is empty."""

from pathlib import Path

import pytest

from app.answering.ways.forms.cells import lacks_asked_cell
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
