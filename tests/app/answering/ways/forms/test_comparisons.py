"""Two things that a question compares."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.answering.answer import Answer
from app.answering.decision import Rule
from app.answering.language import chosen
from app.answering.ways.forms.comparisons import Comparisons, Side
from app.answering.ways.forms.pairs import pair_in
from app.answering.ways.way import Known
from app.terminal import answer_text
from app.web.chat.cards import answer_html
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.app.web.chat.test_cards import CITATION
from tests.conftest import indexed
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

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
        ("阴和俊和丁薛祥分别讲了什么？", "阴和俊", "丁薛祥"),
        ("北京的支出比上海高吗？", "北京的支出", "上海"),
        ("2023年和2024年的红茶产量是多少？", "2023年", "2024年"),
        ("Did Stile cost more than Tern?", "Stile", "Tern"),
        ("Is the mole of Stile longer than that of Tern?", "the mole of Stile", "that of Tern"),
        ("Fares: Stile against the whole coast?", "Stile", "whole coast"),
        ("What was paid in 2023 and in 2024?", "2023", "2024"),
        ("Compare the rent of Stile in 2023 and 2024", "in 2023", "2024"),
        ("Did Stile or Tern open earlier?", "Stile", "Tern"),
        ("Was the mole built before or after the bridge?", "mole built", "the bridge"),
        ("What are the goals for tea and for honey?", "tea", "honey"),
        ("What did Stile and Tern each spend?", "Stile", "Tern"),
        ("How much did Stile spend compared to Tern?", "Stile", "Tern"),
        ("When did Rome fall, and when did Troy?", "When did Rome fall", "when did Troy"),
        ("Is a ticket cheaper on the bus than on the tram?", "on the bus", "on the tram"),
        ("Is a room dearer at the Larch or at the Gentian?", "at the Larch", "at the Gentian"),
        ("Does canyoning cost more than rafting?", "canyoning", "rafting"),
        ("May dogs come to both Hotel Larch and Pension Gentian?", "Hotel Larch", "Pension Gentian"),
        ("游船和缆车，哪个的票更贵？", "游船", "缆车"),
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
        "合同和比例是什么？",
        "Did Stile host more than 100 boats?",
        "Is it warmer than expected?",
        "What changed between 2023 and 2024?",
        "What is the mole and how long is it?",
        "Is the house against the wall?",
        "Who works for love and for free?" * 20,
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


TALLER = "Which is taller, the tower of St Ulrich?", "Which is taller, the water tower?"


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("EAST vs ITER: who is behind them?", "EAST: who is behind them?", "ITER: who is behind them?"),
        ("Compare the cost of EAST and of ITER in 2024", "cost of EAST in 2024", "cost of ITER in 2024"),
        ("difference between phase one and phase two of the plan", "phase one of the plan", "phase two of the plan"),
        ("How do EAST's goals of 2024 differ from those of 2025?", "EAST's goals of 2024?", "EAST's goals of 2025?"),
        (
            "first and second fair: how many came to each?",
            "first fair: how many came to?",
            "second fair: how many came to?",
        ),
        ("When did Rome fall, and when did Troy?", "When did Rome fall", "when did Troy fall"),
        ("How many ships came, and how many were lost?", "How many ships came", "how many were lost"),
        (
            "How many ships did Rome have, and how many has Troy?",
            "How many ships did Rome have",
            "how many ships has Troy",
        ),
        ("Compare Rome's 2024 trade with the trade of that year", "Rome's 2024 trade", "trade of 2024"),
        ("Did Rome spend more than Troy?", "Did Rome spend more?", "Did Troy spend more?"),
        ("丁薛祥和阴和俊在会上分别讲了什么？", "丁薛祥 在会上 讲了什么？", "阴和俊 在会上 讲了什么？"),
        ("比较北京和上海的投入", "北京 的投入", "上海 的投入"),
        (
            "Compare the opening hours of the library and the pool",
            "opening hours of the library",
            "opening hours of the pool",
        ),
        ("Which is taller, the tower of St Ulrich or the water tower?", *TALLER),
    ],
)
def test_each_side_is_asked_for_alone_with_what_both_share(question: str, one: str, other: str) -> None:
    assert [half.question for half in pair_in(question)] == [one, other]


def test_a_passage_that_opens_with_its_side_comes_before_one_that_names_it_later(tmp_path: Path) -> None:
    texts = {
        "both": "Ports of the coast live from herring, and so do Stile and Tern with their boats and quays.",
        "stile": "Stile lands herring with ten boats. The quay is long.",
        "tern": "Tern lands herring with four boats. The quay is short.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text}\n", "utf-8")
    build(tmp_path, tmp_path / ".index", IDENTITY, load=HashingEncoder)
    answer = answer_to(searcher_of(tmp_path / ".index"), "Compare Stile and Tern: who lands more herring?")
    assert {citation.article for citation in (answer.citations or answer.closest)[:2]} == {"stile", "tern"}


def test_a_side_of_another_year_comes_after_the_one_that_is_asked_for(tmp_path: Path) -> None:
    texts = {
        "tea": "Tea brought 90 crowns in 2021. Tea brought much.",
        "late": "Tea brought 95 crowns in 2024. Tea brought more.",
        "honey": "Honey brought 12 crowns in 2024. Honey is sweet.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Notes\n---\n{text}\n", "utf-8")
    build(tmp_path, tmp_path / ".index", IDENTITY, load=HashingEncoder)
    answer = answer_to(searcher_of(tmp_path / ".index"), "Crowns that tea brought vs crowns that honey brought, 2024")
    assert {citation.article for citation in (answer.citations or answer.closest)[:2]} == {"late", "honey"}


def test_the_best_passage_of_each_side_is_among_the_first_two(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Compare lunar soil and a honey bee")
    shown = answer.citations or answer.closest
    assert {citation.article for citation in shown[:2]} == {"moon", "garden/bees"}
    labels = {side.label: shown[side.numbers[0] - 1].article for side in answer.sides}
    assert labels == {"lunar soil": "moon", "a honey bee": "garden/bees"}
    assert answer.notes == ()


def test_two_sides_that_are_found_are_at_least_related(tmp_path: Path) -> None:
    articles = {"stile.md": "Stile lies on a hill.", "tern.md": "Tern lies on an isle."}
    never = Rule(bias=-100.0, sentence=0.0, coverage=0.0, missing=0.0)
    searcher = indexed(tmp_path, articles)
    questions = ("Compare Stile and Tern", "Compare Gull and Ellen", "Where is Stile?")
    verdicts = [answer_to(searcher, question, rule=never).verdict for question in questions]
    assert verdicts == ["related", "none", "none"]


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
    assert html.count('class="card leads"') == 1


def test_the_terminal_tells_the_numbers_of_each_side() -> None:
    text = answer_text(replace(ANSWER, sides=(Side("EAST", (1, 2)), Side("ITER", (3,)))), colour=False)
    assert text.startswith("EAST: [1] [2]  ITER: [3]\n\n[1] The Moon")


def test_the_first_number_of_each_side_is_that_of_its_best_passage(tmp_path: Path) -> None:
    texts = {
        "tern": "Tern lands herring and more herring with four boats, unlike Stile. The quay is short.",
        "stile": "Stile lands herring with ten boats. The quay is long.",
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Stile and Tern\n---\n{text}\n", "utf-8")
    build(tmp_path, tmp_path / ".index", IDENTITY, load=HashingEncoder)
    answer = answer_to(searcher_of(tmp_path / ".index"), "Compare Stile and Tern: who lands more herring?")
    shown = answer.citations or answer.closest
    assert [shown[side.numbers[0] - 1].article for side in answer.sides] == ["stile", "tern"]
