"""Rows of tables: their cells, and the one that a question asks for."""

import pytest

from index.keywords.tokenizer import words_of
from index.search.values.kinds import number_asked
from index.search.values.rows import cells_of, looked_up

ZONES = "Year: 2005; Zones: 53; Output: -; Share of GDP: 4 percent"
RANKS = "Edition: 2015; Rank: 29; Note: of 128; calculated from the 2016 edition"


def _asked(row: str, question: str) -> str | None:
    lookup = looked_up(cells_of(row), dict.fromkeys(words_of(question), 1.0), number_asked(question))
    return row[slice(*lookup.asked)] if lookup else None


def test_a_semicolon_in_a_cell_does_not_end_it() -> None:
    assert [(cell.column, RANKS[slice(*cell.span)]) for cell in cells_of(RANKS)] == [
        ("Edition", "2015"),
        ("Rank", "29"),
        ("Note", "of 128; calculated from the 2016 edition"),
    ]


def test_a_line_without_columns_has_no_cells() -> None:
    assert cells_of("Year; Zones; Share of GDP") == []


@pytest.mark.parametrize(
    ("row", "question", "answer"),
    [
        (ZONES, "How many zones were there in 2005?", "53"),
        (ZONES, "What share of GDP did they have in 2005?", "4 percent"),
        (ZONES, "Which year did the zones number 53?", "2005"),
        (ZONES, "When was the share 4 percent?", "2005"),
        (RANKS, "Which year was the rank 29?", "2015"),
        ("Feature: Gate fidelity; Value: 99.9 percent", "Gate fidelity of the computer", "99.9 percent"),
        ("年份: 2023; 最终数: 3.3万亿元", "2023年最终数是多少？", "3.3万亿元"),
        (ZONES, "What was the output in 2005?", None),  # the cell is empty
        (ZONES, "How many zones are there?", None),  # no cell is named
        ("Year: 2020; Output of the industry: 403 billion yuan", "How many people were in the industry in 2020?", None),
        (ZONES, "Who was born in 2005?", None),
        ("Feature: Gate fidelity; Value: 99.9 percent", "Which gate is shut?", None),
    ],
)
def test_a_question_asks_for_a_cell(row: str, question: str, answer: str | None) -> None:
    assert _asked(row, question) == answer


TERM = "Term: Autumn; From: 1 October 2025; To: 14 February 2026; Fee: 310 euros"


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When does the autumn term begin?", "1 October 2025"),
        ("When does the autumn term end?", "14 February 2026"),
        ("When is the start and the end of the autumn term?", "1 October 2025"),  # of both, the first date
        ("What does the autumn term cost?", None),
    ],
)
def test_the_beginning_and_the_end_are_asked_of_their_columns(question: str, asked: str | None) -> None:
    assert _asked(TERM, question) == asked
