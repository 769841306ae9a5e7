"""Sentences on what was before."""

from pathlib import Path

import pytest

from index.search.questions.question import Question
from index.search.values.former import is_former
from tests.conftest import indexed

TEXT = "# Appeals\n\nUntil 2023 the dean decided on appeals. Today the board decides on most appeals."


@pytest.mark.parametrize(
    ("sentence", "question", "former"),
    [
        ("Until 2023 the fee was 40 euros.", "How high is the fee?", True),
        ("Until February 2025 visits ended at 18:00.", "when can i visit", True),
        ("Previously the dean decided.", "Who decides on appeals?", True),
        ("此前门票为20元。", "门票多少钱？", True),
        ("Until 2023 the fee was 40 euros.", "How high was the fee until 2023?", False),
        ("Until 2023 the fee was 40 euros.", "What did it cost?", False),
        ("Until noon the hall is free.", "Is the hall free?", False),
        ("The fee is 40 euros until 2027.", "How high is the fee?", False),
        ("Before you leave, lock the door.", "What do I do with the door?", False),
        ("此前门票为20元。", "以前门票多少钱？", False),
    ],
)
def test_what_was_before_does_not_answer_what_is(sentence: str, question: str, former: bool) -> None:
    assert is_former(sentence, question) == former


@pytest.mark.parametrize(
    ("question", "marked"),
    [("Who decides on appeals?", "Today the board"), ("Who decided on appeals before?", "Until 2023")],
)
def test_the_sentence_of_the_asked_time_is_marked(question: str, marked: str, tmp_path: Path) -> None:
    [hit] = indexed(tmp_path, {"a.md": TEXT}).search(Question(question))
    assert hit.passage.article.text[slice(*hit.best_sentence)].startswith(marked)
