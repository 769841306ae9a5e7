"""Years that a question asks about, and the rows of a table that stand for others."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.values.years import asked_years
from tests.conftest import indexed

TABLE = """# Ferries

| Year | Passengers | Remarks |
|---|---|---|
| 2019 | 410,000 passengers on the ferries | record number of passengers on all lines |
| 2021 | 150,000 | |

In 2022 nothing was counted.
"""


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("How many came in 2021?", {"2021"}),
        ("What is the aim for 2030, rather than 2027?", {"2030"}),
        ("the winners of the 2020 round, not the 2023 one", {"2020"}),
        ("How many were there in September 2025, as opposed to mid-2023?", {"2025"}),
        ("Compare 2021 with that of 2022 instead of 2019", {"2021", "2022"}),
        ("Was it more in 2024 than in 2023?", {"2024"}),
        ("How many since 2019?", set()),
        ("Which was the best between 2019 and 2021?", set()),
        ("passengers from 2019 to 2021", set()),
        ("passengers 2019–2021", set()),
        ("How many in 2019 or later?", set()),
        ("2020年以来最多的一年是哪年？", set()),
        ("2030年的目标是多少，而不是2027年的？", {"2030"}),
        ("How many passengers?", set()),
        ("What does part 20210 cost?", set()),
    ],
)
def test_the_years_that_a_question_asks_about(question: str, years: set[str]) -> None:
    assert asked_years(question) == years


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("How many passengers were on the ferries in 2021?", "Year: 2021; Passengers: 150,000"),
        ("How many passengers were on the ferries in 2021, not in 2019?", "Year: 2021; Passengers: 150,000"),
        ("How many passengers were on the ferries since 2018?", "Year: 2019"),
        ("How many passengers were on the ferries in 2025?", "Year: 2019"),  # no row is of that year
        ("How many passengers on all lines in 2019?", "Year: 2019"),
    ],
)
def test_a_row_of_another_year_is_not_marked(question: str, marked: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"ferries.md": TABLE}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].startswith(marked)
