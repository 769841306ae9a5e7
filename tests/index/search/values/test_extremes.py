"""Questions for the highest or lowest value of a column."""

from pathlib import Path

import pytest

from index.keywords.tokenizer import words_of
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.search.values.extremes import asked_extremes, extreme_rows
from tests.answers import answer_to
from tests.conftest import indexed

POOLS = """# Pools

One of them was given to the town by a brewer.

| Pool | Built | Basin length | Water temperature | Day ticket | Visitors 2024 | Visitors 2025 |
|---|---|---|---|---|---|---|
| Brewer's Baths | 1909 | 25 m | 28 °C | €6.50 | 1,200 | 4,100 |
| Lido | 1934 | 50 m | unheated | €4.00 | 9,900 | 3,000 |
| Thermal Hall | 2016 | 18 m | 34 °C | €14.00 | 3,000 | 900 |

The lido is closed in winter.
"""


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return indexed(tmp_path_factory.mktemp("extremes"), {"pools.md": POOLS})


@pytest.mark.parametrize(
    ("question", "pool"),
    [
        ("Which pool is the cheapest?", "Lido"),
        ("Which pool is the most expensive?", "Thermal Hall"),
        ("Which pool has the warmest water temperature?", "Thermal Hall"),
        ("Which pool has the shortest basin length?", "Thermal Hall"),
        ("Which pool has the longest basin?", "Lido"),
        ("oldest pool built", "Brewer's Baths"),
        ("newest pool built", "Thermal Hall"),
        ("Which pool had the most visitors in 2024?", "Lido"),
        ("Which pool had the most visitors in 2025?", "Brewer's Baths"),
        ("Which pool had the fewest visitors in 2025?", "Thermal Hall"),
    ],
)
def test_the_row_with_the_value_is_marked(question: str, pool: str, searcher: Searcher) -> None:
    answer = answer_to(searcher, question, k=1)
    [first] = answer.citations or answer.closest
    assert first.quote[slice(*first.highlight[0])].startswith(f"Pool: {pool};")


@pytest.mark.parametrize(
    "question",
    [
        "How many pools are there at most?",
        "Most people come by bus.",
        "What is the most recent price?",
        "When is the lido closed?",
        "at the latest",
    ],
)
def test_other_words_ask_for_no_extreme(question: str) -> None:
    assert asked_extremes(question) == ()


def test_no_row_is_ruled_out_where_no_column_fits(searcher: Searcher) -> None:
    question = "Which pool has the heaviest door?"
    [hit] = searcher.search(Question("pool"))[:1]
    assert extreme_rows(hit.passage.article, question, words_of(question)) == (frozenset(), frozenset())


def test_the_passage_with_the_row_comes_before_others_of_a_long_table(tmp_path: Path) -> None:
    rows = "".join(f"| Ward number {n} of the clinic at the harbour | {n * 37 % 101} |\n" for n in range(1, 60))
    searcher = indexed(tmp_path, {"wards.md": f"# Wards\n\n| Ward | Beds |\n|---|---|\n{rows}"})
    most = max(range(1, 60), key=lambda n: n * 37 % 101)
    answer = answer_to(searcher, "Which ward has the most beds?", k=1)
    [first] = answer.citations or answer.closest
    assert f"Ward number {most} " in first.quote[slice(*first.highlight[0])]


YEARS = """# Boats

| Harbour | Year | Boats |
|---|---|---|
| Stile | 2023 | 90 |
| Tern | 2023 | 20 |
| Stile | 2024 | 30 |
| Tern | 2024 | 50 |
"""


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("Which harbour had the most boats?", "Harbour: Stile; Year: 2023"),
        ("Which harbour had the most boats in 2024?", "Harbour: Tern; Year: 2024"),
        ("Which harbour had the fewest boats in 2023?", "Harbour: Tern; Year: 2023"),
    ],
)
def test_with_a_year_the_rows_of_that_year_count(question: str, row: str, tmp_path: Path) -> None:
    answer = answer_to(indexed(tmp_path, {"boats.md": YEARS}), question, k=1)
    [first] = answer.citations or answer.closest
    assert first.quote[slice(*first.highlight[0])].startswith(row)
