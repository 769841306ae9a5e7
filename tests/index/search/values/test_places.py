"""Places in an order that a question asks about, and the rows and items that stand for others."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.values.places import asked_places
from tests.conftest import indexed

TABLE = """# Regatta

| Rank | Boat | Remarks |
|---|---|---|
| 1 | Heron | winner of the regatta |
| 2. | Gull | |
| 3rd | Tern | third time in the regatta, third boat |
| 12 | Puffin | |
"""
LIST = """# Mooring

1. Slow down before the third buoy.
2. Throw the line to the third step of the pier.
3. Fasten the boat.
"""


@pytest.mark.parametrize(
    ("question", "places"),
    [
        ("Who came third?", {3}),
        ("Which boat was twelfth in the regatta?", {12}),
        ("who is second", {2}),
        ("Which city ranks 4th?", {4}),
        ("Who took ninth place?", {9}),
        ("what is the 3rd step", {3}),
        ("step 2 of mooring", {2}),
        ("number 7 on the list", {7}),
        ("第三名是谁", {3}),
        ("第12条说什么", {12}),
        ("排名第二的是谁", {2}),
        ("the third regatta", set()),
        ("When was it first held?", set()),
        ("in which place was it first held", set()),
        ("Is the first floor open?", set()),
        ("Who was first to climb it?", set()),
        ("rule 34.5", set()),
        ("第三届比赛在哪里", set()),
    ],
)
def test_the_places_that_a_question_asks_about(question: str, places: set[int]) -> None:
    assert asked_places(question) == places


@pytest.mark.parametrize(
    ("text", "question", "marked"),
    [
        (TABLE, "Which boat came second in the regatta?", "Rank: 2.; Boat: Gull"),
        (TABLE, "Which boat came third in the regatta?", "Rank: 3rd; Boat: Tern"),
        (TABLE, "Who took twelfth place in the regatta?", "Rank: 12; Boat: Puffin"),
        (TABLE, "Which boat came ninth in the regatta?", "Rank: 3rd; Boat: Tern"),  # no row has that place
        (TABLE, "Which boat was the winner of the regatta?", "Rank: 1; Boat: Heron"),
        (LIST, "What is the third step of mooring?", "3. Fasten the boat."),
        (LIST, "Where is the third buoy?", "1. Slow down"),
    ],
)
def test_a_row_or_item_of_another_place_is_not_marked(text: str, question: str, marked: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": text}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].startswith(marked)
