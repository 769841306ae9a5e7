"""Questions that ask why."""

from datetime import date
from pathlib import Path

import pytest

from app.answering.ways.forms.reasons import Reasons
from app.answering.ways.way import Known
from index.search.searcher import Searcher
from index.stores.builds.build import build
from tests.answers import answer_to
from tests.conftest import indexed
from tests.hashing import IDENTITY, HashingEncoder, searcher_of

TEXTS = {
    "ferry": "The ferry to Stile island stopped on Monday. The ferry had carried cars and letters for a year.",
    "quay": "The ferry to Stile island stopped because the quay sank. "
    "Masons will build anew what the sea took, by the autumn of the year, if they can.",
    "lamp": "The lamp on the mole was painted red. It can be seen for nine miles. Its keeper is old. It was lit "
    "in order to warn of rocks.",
    "桥": "石桥在周一关闭。石桥有三百年历史。",
}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("reasons")
    for name, text in TEXTS.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{text}\n", "utf-8")
    build(folder, folder / ".index", IDENTITY, load=HashingEncoder)
    return searcher_of(folder / ".index")


def asks_why(question: str, searcher: Searcher) -> bool:
    known = Known(searcher.facets, searcher.articles, date(2025, 6, 1), searcher.store.vocabulary)
    return any(True for _ in Reasons().recognise(question, known))


@pytest.mark.parametrize(
    "question",
    [
        "Why did the ferry stop?",
        "And why?",
        "Please explain why the ferry stopped",
        "What is the reason for the closure?",
        "How come the ferry stopped?",
        "石桥为什么关闭？",
        "石桥关闭的原因是什么？",
        "合作为什么中断？",
        "石桥名称为什么又叫长桥？",
        "石桥为何关闭？",
    ],
)
def test_a_question_for_a_reason_is_recognised(question: str, searcher: Searcher) -> None:
    assert asks_why(question, searcher)


@pytest.mark.parametrize(
    "question",
    [
        "What does 'why' mean?",
        "Who sang Tell Me Why?",
        "Why not take the ferry?",
        "What did Dr Why write?",
        "Who gave the reason?",
        "石桥关闭后的原因调查由谁负责？",
        "石桥又被称为什么？",
        "石桥后来改名为什么？",
        "石桥被用作为什么？",
        "门票价格为何？",
    ],
)
def test_other_uses_of_the_words_are_no_question_for_a_reason(question: str, searcher: Searcher) -> None:
    assert not asks_why(question, searcher)


def test_of_alike_passages_that_with_the_reason_comes_first_and_no_chip_is_shown(searcher: Searcher) -> None:
    answer = answer_to(searcher, "Why did the ferry to Stile island stop?", k=2)
    assert [citation.article for citation in answer.citations] == ["quay", "ferry"]
    assert (answer.preferences, answer.notes) == ((), ())


def test_the_same_question_with_when_is_ordered_as_before(searcher: Searcher) -> None:
    answer = answer_to(searcher, "When did the ferry to Stile island stop?", k=2)
    assert [citation.article for citation in answer.citations] == ["ferry", "quay"]


@pytest.mark.parametrize("question", ["Why was the lamp on the mole painted red?", "石桥为什么在周一关闭？"])
def test_passages_without_a_reason_near_the_subject_are_related_and_say_so(question: str, searcher: Searcher) -> None:
    answer = answer_to(searcher, question, k=1)
    assert answer.verdict == "related"
    assert answer.notes == ("no_reason:reason",)


@pytest.mark.parametrize("question", ["When was the lamp on the mole painted red?", "石桥在周一关闭？"])
def test_they_answer_other_questions(question: str, searcher: Searcher) -> None:
    answer = answer_to(searcher, question, k=1)
    assert (answer.verdict, answer.notes) == ("answer", ())


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("陈列馆因屋顶漏水停止开放。", True),
        ("陈列馆停止开放，因故推迟。", True),
        ("陈列馆的基因展品停止开放。", False),
        ("影响开放的因素很多。", False),
    ],
)
def test_a_short_word_for_because_gives_a_reason(text: str, gives: bool, tmp_path: Path) -> None:
    answer = answer_to(indexed(tmp_path, {"a.md": f"# 陈列馆\n\n{text}"}), "陈列馆为什么停止开放？", k=1)
    assert ("no_reason:reason" not in answer.notes) == gives
