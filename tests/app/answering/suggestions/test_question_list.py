"""The owner's list of questions: its two forms, and what is refused before the server starts."""

import json
from pathlib import Path

import pytest

from app.answering.suggestions.question_list import BadQuestionList, read_question_list
from app.settings import Settings
from tests.conftest import PROJECT


def refused(path: Path) -> str:
    with pytest.raises(BadQuestionList) as error:
        Settings.from_env({"CHAT_QUESTIONS": str(path)})
    return str(error.value).removeprefix(f"CHAT_QUESTIONS is {str(path)!r}, which ")


def test_a_file_has_a_question_a_line(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("\ufeffWhat is tea?\r\n\n  Who keeps   bees?\nWhat is tea?\n茶是什么？", "utf-8")
    assert Settings.from_env({"CHAT_QUESTIONS": str(path)}).questions == (
        "What is tea?",
        "Who keeps bees?",
        "茶是什么？",
    )
    assert Settings.from_env({"CHAT_QUESTIONS": ""}).questions == ()


def test_an_evaluation_set_gives_its_questions_that_follow_no_other(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    turns = [{"question": "What is tea?"}, {"question": "And ivy?", "history": [{"question": "What is tea?"}]}]
    path.write_text("\n".join(map(json.dumps, turns)), "utf-8")
    assert read_question_list(str(path)) == ("What is tea?",)
    assert len(read_question_list(str(PROJECT / "eval" / "questions.jsonl"))) > 300


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    assert refused(tmp_path / "none").startswith("cannot be read ([Errno 2] No such file or directory")
    assert refused(tmp_path).startswith("cannot be read ([Errno 21] Is a directory")
    (tmp_path / "latin").write_bytes(b"Caf\xe9?")
    assert refused(tmp_path / "latin").startswith("cannot be read ('utf-8' codec can't decode")


def test_a_file_without_questions_or_with_too_many_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("\n \n", "utf-8")
    assert refused(path) == "holds 0 questions. Give 1 to 2,000, one a line"
    path.write_text("\n".join(f"What is {number}?" for number in range(2_001)), "utf-8")
    assert refused(path) == "holds 2,001 questions. Give 1 to 2,000, one a line"
    path.write_text("x" * 4_000_001, "utf-8")
    assert refused(path) == "has over 4,000,000 bytes. Shorten it"


def test_faulty_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    path.write_text('What?\n??\n{"id": 3}\n{"question": 5}\n{x\n' + "x" * 201, "utf-8")
    assert refused(path).split("\n") == [
        "has 5 faults",
        "  line 2: the question '??' holds no word. Ask in plain words",
        "  line 3: question is missing or no text",
        "  line 4: question is missing or no text",
        "  line 5: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        "  line 6: the question has 201 characters; at most 200 can be suggested",
    ]
