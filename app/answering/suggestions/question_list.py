"""The owner's list of questions: a file with a question a line, or with the questions of an evaluation set."""

import json
from functools import partial
from pathlib import Path

from app.answering.suggestions.suggestion import LONGEST
from index.errors import BadQuestion, UserError
from index.search.questions.question import checked

MOST_QUESTIONS = 2_000
_MOST_BYTES = 4_000_000
_SHOWN = 10  # faults


class BadQuestionList(UserError):
    """The owner's list of questions cannot be used; the message says where and why."""


def read_question_list(path: str) -> tuple[str, ...]:
    """The different questions of a file, in order; of an evaluation set those that lean on no earlier question.

    An empty path gives none. Raises BadQuestionList for a file that cannot be read, is too large or holds no
    question, and for a line that is none.
    """
    if not path:
        return ()
    bad = partial(_fault, path)
    try:
        if Path(path).stat().st_size > _MOST_BYTES:
            raise bad(f"has over {_MOST_BYTES:,} bytes. Shorten it")
        lines = Path(path).read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise bad(f"cannot be read ({error}). Name a file with a question a line") from error
    questions: dict[str, None] = {}
    faults = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip() and (question := _question(line)):
                questions[question] = None
        except (ValueError, TypeError, RecursionError, BadQuestion) as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise bad(f"has {len(faults)} faults\n" + "\n".join(f"  {fault}" for fault in faults[:_SHOWN]))
    if not 0 < len(questions) <= MOST_QUESTIONS:
        raise bad(f"holds {len(questions):,} questions. Give 1 to {MOST_QUESTIONS:,}, one a line")
    return tuple(questions)


def _fault(path: str, reason: str) -> BadQuestionList:
    return BadQuestionList(f"CHAT_QUESTIONS is {path!r}, which {reason}")


def _question(line: str) -> str | None:
    """The question of a line; None for one of a set that is asked after others."""
    text = line
    if line.lstrip().startswith("{"):
        fields = json.loads(line)
        if fields.get("history"):
            return None
        text = fields.get("question")
        if not isinstance(text, str):
            raise TypeError("question is missing or no text")
    question = checked(text)
    if len(question) > LONGEST:
        raise ValueError(f"the question has {len(question):,} characters; at most {LONGEST} can be suggested")
    return question
