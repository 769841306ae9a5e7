"""Made negatives: the question asks for something else, or the passage lacks its answer."""

import random
from collections.abc import Sequence

import pytest

from eval.training.negatives import exchanged, names_of, removed
from eval.training.records import Record
from tests.eval.training.test_records import record

PASSAGE = (
    "In April 1191 Richard left Messina in Sicily with a fleet. A storm scattered it. "
    "Isaac Komnenos, the first ruler of Cyprus, was taken prisoner on 1 June 1191 near Limassol."
)


def asking(question: str, answer: str = "Isaac Komnenos") -> Record:
    """A question on Cyprus."""
    start = PASSAGE.index(answer)
    return record(question=question, passage=PASSAGE, answers=((start, start + len(answer)),))


def many(asked: Record, names: Sequence[str] = ()) -> set[str]:
    """The questions that are made of one."""
    made = (exchanged(asked, names, random.Random(seed)) for seed in range(200))
    return {each.question for each in made if each}


def test_a_name_a_number_or_an_opposite_is_exchanged() -> None:
    made = many(asking("Who was the first ruler of Cyprus in 1191?"), ["Malta"])

    assert "Who was the first ruler of Malta in 1191?" in made
    assert "Who was the first ruler of Messina in 1191?" in made
    assert "Who was the last ruler of Cyprus in 1191?" in made
    assert "Who was not the first ruler of Cyprus in 1191?" in made
    assert any("Cyprus in 119" in question and "1191" not in question for question in made)
    assert "Who was the first ruler of Cyprus in 1191?" not in made


def test_the_question_word_is_exchanged() -> None:
    made = many(asking("When was Isaac taken?", "1 June 1191"))

    assert {"Where was Isaac taken?", "Why was Isaac taken?", "How was Isaac taken?"} <= made


def test_what_is_made_has_no_answer_and_keeps_the_passage() -> None:
    made = exchanged(asking("Who was the first ruler of Cyprus?"), ["Malta"], random.Random(1))

    assert made is not None
    assert (made.answers, made.answerable, made.passage) == ((), False, PASSAGE)


def test_nothing_is_made_where_nothing_can_be_exchanged() -> None:
    assert many(asking("who ruled then?")) == set()


def test_the_sentence_that_answers_is_removed() -> None:
    made = removed(asking("Who was the first ruler of Cyprus?"))

    assert made is not None
    assert made.passage == "In April 1191 Richard left Messina in Sicily with a fleet. A storm scattered it."
    assert not made.answerable


@pytest.mark.parametrize("passage", ["It was built in 1087.", f"Of 1087. {'And so on it went. ' * 9} In 1087 it was."])
def test_nothing_is_removed_where_nothing_is_left_or_the_answer_stays(passage: str) -> None:
    start = passage.rindex("1087")

    assert removed(record(passage=passage, answers=((start, start + 4),))) is None


def test_names_are_those_within_questions() -> None:
    asked = [asking("Who took the Isle of Man from King John?"), asking("Where is it?")]

    assert names_of(asked) == ["Isle of Man", "King John"]
