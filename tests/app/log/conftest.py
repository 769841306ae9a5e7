"""A log of questions for the tests beside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.log import database, writer
from app.log.question_log import QuestionLog


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuestionLog]:
    """A log that tries again soon."""
    for module, name in ((database, "_BUSY"), (writer, "_PAUSE"), (writer, "_LONGEST")):
        monkeypatch.setattr(module, name, 0.02)
    made = QuestionLog(tmp_path / "log", 90)
    yield made
    made.close()
