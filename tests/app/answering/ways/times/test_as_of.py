"""Questions about a past time: what is recognised, and the place of later articles."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.all import mentioned, reworded
from app.answering.ways.way import Known, Mention
from index.articles.facets import Facets
from index.search.searcher import Searcher
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.app.answering.ways.times.test_newest import names, searcher_for
from tests.keywords import keywords_of
from tests.stored import article, write_texts


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    folder = tmp_path_factory.mktemp("as-of")
    write_texts([article("a", "x", published="2018"), article("b", "x", published="2026-02-02")], folder)
    catalogue = BuildCatalogue(folder)
    return Known(Facets.of(catalogue), catalogue, date(2026, 11, 29), keywords_of([["x"]]))


def until(question: str, known: Known) -> list[Mention]:
    return [mention for mention in mentioned(question, known) if mention.kind == "until"]


@pytest.mark.parametrize(
    ("question", "value", "text"),
    [
        ("Who was mayor as of 2023?", "2023", "as of 2023"),
        ("As of March 2024, who was mayor?", "2024-03", "As of March 2024"),
        ("Who was mayor as of 5 March 2024?", "2024-03-05", "as of 5 March 2024"),
        ("Who was mayor as of 2024-03?", "2024-03", "as of 2024-03"),
        ("Who was mayor as of the end of 2023?", "2023", "as of the end of 2023"),
        ("Who was mayor as at Sept 2024?", "2024-09", "as at Sept 2024"),
        ("Who was mayor as of Q3 2023?", "2023-Q3", "as of Q3 2023"),
        ("Who was mayor as of 9/9/2023?", "2023-09-09", "as of 9/9/2023"),
        ("截至2023年谁是市长？", "2023", "截至2023年"),
        ("截至2023年3月5日有多少居民？", "2023-03-05", "截至2023年3月5日"),
        ("截止到2023年底有多少居民？", "2023", "截止到2023年底"),
        ("Who was mayor in 2019?", "2019", "in 2019"),
        ("2019年谁是市长？", "2019", "2019年"),
    ],
)
def test_a_time_up_to_which_articles_count_is_recognised(question: str, value: str, text: str, known: Known) -> None:
    assert until(question, known) == [Mention("until", value, text)]
    assert "published" not in {mention.kind for mention in mentioned(question, known)}  # it bounds a time


@pytest.mark.parametrize(
    "question",
    [
        "How many were built by the end of 2022?",  # bounds a number
        "How many were built before 2022?",
        "How many were built since 2019?",
        "What was planned for 2019-2020?",
        "Who was mayor in 2018 and in 2019?",
        "Who was mayor from 2018 to 2019?",
        "到2022年底建成多少？",
        "2019年以来建成多少？",
        "2019 年之前建成多少？",
        "2019年3月谁是市长？",
        "2019-2020年谁是市长？",
        "Who wrote “Life in 2019”?",
        "Who is mayor in 2026?",  # nothing is later
        "Who is mayor as of 2024-13?",
        "Who lived in room 2019?",
    ],
)
def test_other_years_are_no_time_up_to_which_articles_count(question: str, known: Known) -> None:
    assert until(question, known) == []


def test_as_of_leaves_the_question_and_a_bare_year_stays(known: Known) -> None:
    for question, rest in (
        ("Who was mayor as of 2023?", "Who was mayor?"),
        ("截至2023年谁是市长？", "谁是市长？"),
        ("Who was mayor in 2019?", "Who was mayor in 2019?"),
    ):
        assert reworded(question, until(question, known)) == rest


BUDGETS = {
    "b2022.md": ("2022-12-01", "The town budget is 88 million crowns. Half of it goes to schools."),
    "b2023.md": ("2023-12-01", "The council passed a town budget of 91 million crowns. Half of it goes to schools."),
    "b2024.md": ("2024-12-01", "The town budget is 97 million crowns. Half of it goes to schools."),
    "storks.md": ("2022-08-01", "Storks nest on the mill. Nobody may climb the roof while they breed."),
    "fair.md": ("2025-08-01", "The town holds a fair in summer. The band plays at the lighthouse."),
}


@pytest.fixture(scope="module")
def budgets(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return searcher_for(tmp_path_factory.mktemp("budgets"), BUDGETS)


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("What was the town budget as of 2023?", ["b2023", "b2022", "storks"]),
        ("What was the town budget as of March 2023?", ["b2022", "storks"]),
        ("What was the town budget in 2023?", ["b2023", "b2022", "b2024"]),  # among alike passages alone
    ],
)
def test_later_articles_come_last_and_the_newest_of_the_others_first(
    question: str, order: list[str], budgets: Searcher
) -> None:
    assert names(budgets, question)[: len(order)] == order


def test_a_later_passage_that_names_the_year_keeps_its_place(tmp_path: Path) -> None:
    late = {"late.md": ("2025-03-01", "In 2023 the town budget was 90 million crowns, as the final count says.")}
    assert names(searcher_for(tmp_path, BUDGETS | late), "What was the town budget in 2023?")[0] == "late"
