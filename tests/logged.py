"""Lines for a log of questions."""

import sqlite3
from typing import Any

from app.log.question_log import QuestionLog

DRY = "Is lunar soil dry?"
LINE: dict[str, Any] = {
    "verdict": "answer",
    "articles": ["moon", "bees", "moon"],
    "build": "b1",
    "milliseconds": 21,
    "language": "de",
    "filters": {"since": "2024", "publishers": ["Night Sky Notes"]},
}


def ask(log: QuestionLog, question: str = DRY) -> str:
    """The token of a new line."""
    return log.add(question, **LINE)


def file_of(log: QuestionLog) -> sqlite3.Connection:
    """Another connection to the file of a log."""
    return sqlite3.connect(log._path, isolation_level=None)
