"""Two things that a question compares."""

import re
from dataclasses import replace
from datetime import date

import pytest

from app.answering.answer import Answer
from app.answering.language import chosen
from app.answering.ways.forms.comparisons import Comparisons, Side
from app.answering.ways.way import Known
from app.terminal import answer_text
from app.web.cards import answer_html
from index.search.searcher import Searcher
from tests.answers import answer_to
from tests.app.web.test_cards import CITATION

ANSWER = Answer("q", "answer", (CITATION,), (), "b", 0.0)


@pytest.fixture
def known(searcher: Searcher) -> Known:
    return Known(searcher.facets, searcher.articles, date(2025, 6, 1), searcher.store.vocabulary)


def sides(question: str, known: Known) -> list[str]:
    return [mention.value for mention in Comparisons().recognise(question, known)]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Compare lunar soil and sea water", "lunar soil", "sea water"),
        ("Please compare Tianyan-504 with Zuchongzhi 3.0.", "Tianyan-504", "Zuchongzhi 3.0"),
        ("What is the difference between a bee and a wasp?", "a bee", "a wasp"),
        ("What are the differences between the NSFC and the NDRC in terms of money?", "NSFC", "NDRC"),
        ("How do bees and wasps differ?", "bees", "wasps"),
        ("How does EAST compare with ITER?", "EAST", "ITER"),
        ("EAST versus ITER", "EAST", "ITER"),
        ("EAST or ITER: which is larger?", "EAST", "ITER"),
        ("Which is larger, EAST or ITER?", "EAST", "ITER"),
        ("Which came first, EAST's 1,066 seconds or the far-side soil?", "EAST's 1,066 seconds", "far-side soil"),
        ("Which of the two, EAST or ITER, is larger?", "EAST", "ITER"),
        ("上海和北京的两个主要区别是什么？", "上海", "北京"),
        ("上海和北京哪个更大？", "上海", "北京"),
        ("上海还是北京更大？", "上海", "北京"),
        ("比较上海和北京", "上海", "北京"),
        ("上海和北京有什么区别？", "上海", "北京"),
        ("比较一下月壤与海水的颜色", "月壤", "海水"),
    ],
)
def test_both_sides_are_recognised_in_the_words_of_the_question(
    question: str, one: str, other: str, known: Known
) -> None:
    assert sides(question, known) == [one, other]


@pytest.mark.parametrize(
    "question",
    [
        "How do bees and flowers live together?",
        "Who founded Anders and Birgit?",
        "What did Li and Wang say?",
        "Was it opened in May or June?",
        "Compare the bees",
        "What is the difference between bees and bees?",
        "上海和北京的人口是多少？",
        "上海和北京支持哪个政党？",
        "上海与什么地方相比更大？",
        "这座桥能否修复，还是要拆除?",
        "What is the date of the Heat vs Pacers game?",
        "Other than bees or wasps, what lives here?",
        "What game is played with a bat, a wooden or leather ball, and two poles?",
        "How do the bees compare to each other?",
        "What is the contrast with bees and wasps?",
    ],
)
def test_other_pairs_are_no_comparison(question: str, known: Known) -> None:
    assert sides(question, known) == []


def test_the_best_passage_of_each_side_is_among_the_first_two(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Compare lunar soil and a honey bee")
    shown = answer.citations or answer.closest
    assert {citation.article for citation in shown[:2]} == {"moon", "garden/bees"}
    labels = {side.label: shown[side.numbers[0] - 1].article for side in answer.sides}
    assert labels == {"lunar soil": "moon", "a honey bee": "garden/bees"}
    assert answer.notes == ()


def test_a_side_that_no_passage_names_is_told(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Compare lunar soil and Norwegian wood")
    assert answer.sides == ()
    assert answer.notes == ("side_missing:Norwegian wood",)


def test_a_question_about_one_thing_has_no_sides(searcher: Searcher) -> None:
    assert answer_to(searcher, "Is lunar soil dry?").sides == ()


def test_the_best_passages_of_both_sides_are_shown_beside_each_other_and_once() -> None:
    cited = tuple(replace(CITATION, number=number, title=f"Title {number}") for number in (1, 2, 3))
    sides = (Side("<EAST>", (1, 2)), Side("ITER", (1, 3)))
    html = answer_html(replace(ANSWER, citations=cited, sides=sides), chosen("", "en"))
    columns = re.findall(r'<div class="side"><p class="label"><bdi>(.*?)</bdi></p>.*?Title (\d)', html)
    assert columns == [("&lt;EAST&gt;", "1"), ("ITER", "3")]
    assert [html.count(f"Title {number}") for number in (1, 2, 3)] == [1, 1, 1]


def test_sides_with_one_passage_in_common_are_shown_as_one_card() -> None:
    html = answer_html(replace(ANSWER, sides=(Side("EAST", (1,)), Side("ITER", (1,)))), chosen("", "en"))
    assert 'class="sides"' not in html
    assert html.count('class="card"') == 1


def test_the_terminal_tells_the_numbers_of_each_side() -> None:
    text = answer_text(replace(ANSWER, sides=(Side("EAST", (1, 2)), Side("ITER", (3,)))), colour=False)
    assert text.startswith("EAST: [1] [2]  ITER: [3]\n\n[1] The Moon")
