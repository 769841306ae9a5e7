"""Ways from one place to another in questions and timetables."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.values.routes import asked_route
from tests.conftest import indexed

TABLE = """# Ferries

| Line | From | To | Last ferry |
|---|---|---|---|
| F1 | Harbour | Old Island | 21:00 |
| F1 | Old Island | Harbour | 22:15 |
| F2 | Old Island | Lighthouse | 19:40 |
"""


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When is the last ferry from the Harbour to Old Island?", True),
        ("how do I get from harbour to the lighthouse on sunday", True),
        ("从港口到灯塔要多久？", True),
        ("Which ferry goes to the harbour?", False),
        ("Where does the wood come from?", False),
    ],
)
def test_the_way_that_a_question_asks_about(question: str, found: bool) -> None:
    assert (asked_route(question) is not None) == found


@pytest.mark.parametrize(
    ("question", "last"),
    [
        ("When is the last ferry from the Harbour to Old Island?", "21:00"),
        ("last ferry from old island to harbour", "22:15"),
        ("When does the last ferry leave from Old Island to the Lighthouse?", "19:40"),
    ],
)
def test_a_row_for_another_way_is_not_marked(question: str, last: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": TABLE}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].endswith(last)
