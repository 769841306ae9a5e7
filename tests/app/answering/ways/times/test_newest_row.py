"""Which row of a table of years is marked for a question about the present or the original state."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.times.newest_row import with_row_in_time
from index.search.hits import Hit
from index.search.questions.question import Question
from tests.index.search.test_highlight import indexed

TABLE = """# Ferry fares

| From | Fare of the ferry | Remarks |
|---|---|---|
| 2019 | 4.10 euros for the fare | the current one |
| 1 March 2023 | 4.90 euros for the fare | |
| 2024 | – | no fare of the ferry was set |
| May 2025 | 5.60 euros for the fare | |
| 2031 | 7.00 euros for the fare | |
| 2 June 2025 | | The harbour was painted green. |

Dogs travel at half the fare.
"""
TODAY = date(2026, 11, 29).toordinal()


def marked(hit: Hit) -> tuple[str, str]:
    text = hit.passage.article.text
    return text[slice(*hit.best_sentence)], "".join(text[slice(*span)] for span in hit.answer)


def hit_for(folder: Path, question: str) -> Hit:
    [hit] = indexed(folder, {"ferry.md": TABLE}).search(Question(question))
    return hit


@pytest.mark.parametrize(
    ("newest", "today", "row", "answer"),
    [
        (True, TODAY, "From: May 2025;", "5.60 euros for the fare"),
        (True, date(2024, 6, 1).toordinal(), "From: 1 March 2023;", "4.90 euros for the fare"),
        (False, TODAY, "From: 2019;", "4.10 euros for the fare"),
        (True, date(2018, 1, 1).toordinal(), "From: 2019;", "4.10 euros for the fare"),  # all rows lie ahead
    ],
)
def test_the_row_in_time_is_marked_with_the_same_column(
    newest: bool, today: int, row: str, answer: str, tmp_path: Path
) -> None:
    hit = hit_for(tmp_path, "What is the current fare of the ferry?")
    assert marked(hit) == (marked(hit)[0], "4.10 euros for the fare")
    sentence, found = marked(with_row_in_time(hit, today, newest=newest))
    assert sentence.startswith(row)
    assert found == answer


def test_a_marked_sentence_of_prose_stays(tmp_path: Path) -> None:
    hit = hit_for(tmp_path, "Do dogs travel at half the fare?")
    assert with_row_in_time(hit, TODAY, newest=True) is hit


def test_a_table_that_is_not_of_times_stays(tmp_path: Path) -> None:
    table = "| Kind | Since | Fare |\n|---|---|---|\n| Dog | 2019 | 2 euros |\n| Bicycle | 2025 | 3 euros |\n"
    [hit] = indexed(tmp_path, {"fares.md": f"# Fares\n\n{table}"}).search(Question("What is the fare for a dog?"))
    assert with_row_in_time(hit, TODAY, newest=True) is hit
    assert marked(hit) == ("Kind: Dog; Since: 2019; Fare: 2 euros", "2 euros")
