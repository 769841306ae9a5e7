"""Which row of a table of years is marked for a question about the present or the original state."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.times.newest_row import with_row_in_time
from index.search.highlight import Fits, Sentences
from index.search.hits import Hit
from index.search.questions.question import Question
from tests.conftest import indexed

TABLE = """# Ferry fares

| From | Fare of the ferry | Remarks |
|---|---|---|
| 2019 | 4.10 euros | |
| 1 March 2023 | 4.90 euros | |
| 2024 | – | not set |
| May 2025 | 5.60 euros | |
| 2031 | 7.00 euros | |
| 2 June 2025 | | The harbour was painted green. |

Dogs travel at half the fare.
"""
TODAY = date(2026, 11, 29).toordinal()


def marked(hit: Hit) -> tuple[str, str]:
    text = hit.passage.article.text
    return text[slice(*hit.best_sentence)], "".join(text[slice(*span)] for span in hit.answer)


def hit_for(folder: Path, table: str, row: str, cell: str = "") -> Hit:
    """The hit of a table with the row that begins so marked, and this cell of it; all sentences but one fit alike."""
    [hit] = indexed(folder, {"a.md": table}).search(Question("What is the fare?"))
    text, spans = hit.passage.article.text, hit.sentences.spans
    scores = tuple(0.3 if "painted" in text[slice(*span)] else 1.0 for span in spans)
    span = next(span for span in spans if text[slice(*span)].startswith(row))
    start = text.index(cell, span[0])
    answer = ((start, start + len(cell)),) if cell else ()
    return replace(hit, sentences=Sentences(spans, lambda: Fits(scores))).marking(span, answer)


@pytest.mark.parametrize(
    ("newest", "today", "row", "answer"),
    [
        (True, TODAY, "From: May 2025;", "5.60 euros"),
        (True, date(2024, 6, 1).toordinal(), "From: 1 March 2023;", "4.90 euros"),
        (False, TODAY, "From: 2019;", "4.10 euros"),
        (True, date(2018, 1, 1).toordinal(), "From: 2019;", "4.10 euros"),  # all rows lie ahead
    ],
)
def test_the_row_in_time_is_marked_with_the_same_column(
    newest: bool, today: int, row: str, answer: str, tmp_path: Path
) -> None:
    hit = hit_for(tmp_path, TABLE, "From: 2019", "4.10 euros")
    sentence, found = marked(with_row_in_time(hit, today, newest=newest))
    assert sentence.startswith(row)
    assert found == answer


def test_a_sentence_of_prose_that_is_marked_stays(tmp_path: Path) -> None:
    hit = hit_for(tmp_path, TABLE, "Dogs travel")
    assert with_row_in_time(hit, TODAY, newest=True) is hit


def test_without_a_marked_cell_the_newest_row_on_the_subject_is_marked_whole(tmp_path: Path) -> None:
    hit = hit_for(tmp_path, TABLE, "From: 2019")
    assert marked(with_row_in_time(hit, TODAY, newest=True)) == ("From: May 2025; Fare of the ferry: 5.60 euros", "")


def test_a_table_that_is_not_of_times_stays(tmp_path: Path) -> None:
    table = "| Kind | Since | Fare |\n|---|---|---|\n| Dog | 2019 | 2 euros |\n| Bicycle | 2025 | 3 euros |\n"
    hit = hit_for(tmp_path, f"# Fares\n\n{table}", "Kind: Dog", "2 euros")
    assert with_row_in_time(hit, TODAY, newest=True) is hit
