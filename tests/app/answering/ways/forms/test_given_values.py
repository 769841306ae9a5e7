"""Questions that give a number and ask for the thing or time that it belongs to."""

from datetime import date

import pytest

from app.answering.decision import Rule
from app.answering.ways.forms.given_values import GivenValues
from app.answering.ways.way import Known
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TEXTS = {
    "tea": "The harvest of tea grew by 26.6% in the hills.",
    "table": "| Year | Contracts | Growth |\n|---|---|---|\n| 2019 | 484,000 | 31.5% |\n",
    "ivy": "Ivy climbs on walls.",
    "茶": "茶叶产量增长14.2%。",
}
REFUSING = Rule(bias=-1.0, sentence=0.0, coverage=0.0, missing=0.0, related=-2.0)  # answers nothing by itself


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("values")
    for name, text in TEXTS.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text}\n", "utf-8")
    build(folder, folder / ".index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / ".index")


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("What grew by 26.6%?", ["26.6"]),
        ("When was the growth 31.5 percent?", ["31.5"]),
        ("什么增长14.2%？", ["14.2"]),
        ("How many contracts grew by 26.6%?", []),  # asks for a number itself
        ("Did tea grow by 26.6%?", []),
        ("What happened in 2019?", []),  # a year is no given value
        ("Who spoke on 14 January 2025?", []),
        ("What is Apollo 11?", []),  # a number of a name
        ("Who flies to 311P?", []),
        ("What grew?", []),
    ],
)
def test_a_number_is_given(question: str, values: list[str], searcher: Searcher) -> None:
    known = Known(searcher.facets, searcher.articles, date(2025, 6, 1), searcher.store.vocabulary)
    assert [mention.value for mention in GivenValues().recognise(question, known)] == values


@pytest.mark.parametrize(
    ("question", "article", "verdict"),
    [
        ("What grew by 26.6%?", "tea", "answer"),
        ("What rose by 26.6 per cent?", "tea", "answer"),
        ("Which year had a rise of 31.5%?", "table", "answer"),
        ("什么增长14.2%？", "茶", "answer"),
        ("What fell by 26.6%?", "tea", "related"),
        ("What grew by 26.6 km?", "tea", "related"),
        ("Which island grew by 26.6%?", "tea", "related"),
    ],
)
def test_a_sentence_with_the_number_and_all_that_is_said_of_it_answers(
    question: str, article: str, verdict: str, searcher: Searcher
) -> None:
    answer = answer_to(searcher, question, rule=REFUSING)
    first = (answer.citations or answer.closest)[0]
    assert (first.article, answer.verdict) == (article, verdict)
    assert answer.preferences == ()
