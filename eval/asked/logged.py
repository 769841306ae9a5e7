"""The questions of a log, most frequent first, and those of a set without their answers."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from app.answering.conversation.followup import question_after
from app.answering.labelled.questions import FAULTS, no_set, parsed_lines
from app.log.database import NAME, BadLog
from app.log.question_log import LoggedQuestion, QuestionLog
from index.search.questions.question import Question, checked

_DAYS = 90  # which only a writer needs


def most_asked(folder: Path, fits: Callable[[LoggedQuestion], bool] = lambda _: True) -> list[tuple[str, int]]:
    """The questions of lines that fit, each with how often it was asked. Raises BadLog."""
    if not (folder / NAME).is_file():
        raise BadLog(f"{folder} holds no log of questions. Name the folder of CHAT_LOG")
    lines = (line for line in QuestionLog(folder, _DAYS).questions() if fits(line))
    return Counter(checked(line.question) for line in lines).most_common()


def often(count: int) -> str:
    """A number of times in words."""
    return "once" if count == 1 else f"{count} times"


def of_set(path: Path) -> list[Question]:
    """The questions of a set, whose quotes need not stand in any article. Raises BadSet."""
    try:
        lines = parsed_lines(path, path.read_text("utf-8"))
        return [
            question_after(line["question"], [turn["question"] for turn in line.get("history", [])]) for line in lines
        ]
    except (OSError, *FAULTS) as error:
        raise no_set(path, error) from error
