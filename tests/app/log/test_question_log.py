"""The log of questions: what a line holds, how long, who may read it, and what no trouble of its disk does."""

import logging
import os
import resource
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.log import database, writer
from app.log.database import BadLog
from app.log.question_log import LoggedQuestion, QuestionLog
from app.log.writer import WAITING, NotKept

LINE: dict[str, Any] = {
    "verdict": "answer",
    "articles": ["moon", "bees", "moon"],
    "build": "b1",
    "milliseconds": 21,
    "language": "de",
    "filters": {"since": "2024", "publishers": ["Night Sky Notes"]},
}


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuestionLog]:
    """A log that tries again soon."""
    for module, name in ((database, "_BUSY"), (writer, "_PAUSE"), (writer, "_LONGEST")):
        monkeypatch.setattr(module, name, 0.02)
    made = QuestionLog(tmp_path / "log", 90)
    yield made
    made.close()


DRY = "Is lunar soil dry?"


def _ask(log: QuestionLog, question: str = DRY) -> str:
    return log.add(question, **LINE)


def _file(log: QuestionLog) -> sqlite3.Connection:
    return sqlite3.connect(log._path, isolation_level=None)


def test_a_line_holds_the_question_and_its_answer_and_the_hour(log: QuestionLog) -> None:
    hours = {datetime.now(UTC).replace(minute=0, second=0, microsecond=0)}
    assert len(_ask(log)) == 22
    assert log.flush()
    hours.add(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    [line] = log.questions()
    assert line.hour in hours
    assert line == LoggedQuestion(
        1,
        line.hour,
        "Is lunar soil dry?",
        "answer",
        ("moon", "bees"),
        "b1",
        21,
        "de",
        {"since": ["2024"], "publishers": ["Night Sky Notes"]},
        None,
        (),
    )


def test_half_a_character_and_a_personal_number_are_not_stored(log: QuestionLog) -> None:
    _ask(log, "Call 030 1234567\ud800 about bees?")
    assert log.flush()
    assert [line.question for line in log.questions()] == ["Call [telephone]? about bees?"]


def test_feedback_can_be_given_changed_and_taken_back(log: QuestionLog) -> None:
    token = _ask(log)
    seen = []
    for helpful in (True, False, None):
        assert log.feedback(token, helpful)
        seen += [line.helpful for line in log.questions()]
    assert seen == [True, False, None]
    passages = []
    for pressed in (True, True, False):
        assert log.passage(token, "moon", 5, 23, pressed=pressed)
        passages += [line.passages for line in log.questions()]
    assert passages == [(("moon", 5, 23),), (("moon", 5, 23),), ()]


def test_feedback_needs_the_token_of_an_answer_and_has_bounds(log: QuestionLog) -> None:
    _ask(log)
    assert not log.feedback("A" * 22, True)
    assert not log.passage("A" * 22, "moon", 0, 1, pressed=True)
    token = _ask(log)
    for start in range(database.MOST_PRESSES):
        assert log.passage(token, "moon", start, start + 1, pressed=True)
    assert not log.passage(token, "moon", 0, 1, pressed=False)
    assert not log.feedback(token, True)
    assert [(line.helpful, len(line.passages)) for line in log.questions()] == [(None, 0), (None, 20)]


def test_another_worker_takes_the_feedback(log: QuestionLog) -> None:
    token = _ask(log)
    assert log.flush()
    other = QuestionLog(log._path.parent, 90)
    assert other.feedback(token, True)
    _ask(log, "next")
    assert log.flush()
    assert [(line.question, line.helpful) for line in other.questions()] == [(DRY, True), ("next", None)]
    other.close()


def test_lines_are_read_from_an_hour_on(log: QuestionLog) -> None:
    _ask(log)
    assert log.flush()
    now = datetime.now(UTC)
    assert len(list(log.questions(now - timedelta(hours=1)))) == 1
    assert list(log.questions(now + timedelta(hours=1))) == []


def test_a_log_that_is_not_there_yet_has_no_lines(log: QuestionLog) -> None:
    assert list(log.questions()) == []


def test_old_lines_go_with_their_passages_and_old_answers_take_no_more_feedback(log: QuestionLog) -> None:
    for token in (old := _ask(log, "long ago"), yesterday := _ask(log, "yesterday"), new := _ask(log, "new")):
        assert log.passage(token, "moon", 0, 1, pressed=True)
    with closing(_file(log)) as connection:
        for days, token in ((91, old), (2, yesterday)):
            hour = (datetime.now(UTC) - timedelta(days)).strftime(database.HOUR)
            connection.execute("UPDATE questions SET hour = ? WHERE token = ?", [hour, token])
    log.close()
    again = QuestionLog(log._path.parent, 90)
    again.start()
    assert again.flush()
    assert [again.feedback(token, True) for token in (old, yesterday, new)] == [False, False, True]
    assert [line.question for line in again.questions()] == ["yesterday", "new"]
    again.close()
    files = [path.read_bytes() for path in log._path.parent.iterdir()]
    assert any(b"yesterday" in content for content in files)
    assert not any(b"long ago" in content for content in files)


def test_folder_and_files_are_the_owners_alone(log: QuestionLog) -> None:
    before = os.umask(0)
    try:
        _ask(log)
        assert log.flush()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in log._path.parent.iterdir()}
    names = ("questions.sqlite", "questions.sqlite-shm", "questions.sqlite-wal")
    assert modes == dict.fromkeys(names, 0o600)
    assert stat.S_IMODE(log._path.parent.stat().st_mode) == 0o700


def test_a_folder_that_others_may_open_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (folder := tmp_path / "open").mkdir()
    folder.chmod(0o755)
    with pytest.raises(BadLog, match=f"chmod 700 {folder}"):
        QuestionLog(folder, 90)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    (file := tmp_path / "file").write_text("")
    with pytest.raises(BadLog, match="is no folder to write to"):
        QuestionLog(file, 90)


def test_a_locked_file_holds_up_no_answer_and_loses_no_line(log: QuestionLog, caplog: pytest.LogCaptureFixture) -> None:
    _ask(log, "first")
    assert log.flush()
    with closing(_file(log)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        tokens = [_ask(log, f"{number}") for number in range(100)]
        assert time.perf_counter() - began < 0.5
        assert all(tokens)
        with pytest.raises(NotKept):
            log.feedback(tokens[0], True)
        assert not log.flush(0.5)
        other.execute("ROLLBACK")
    assert log.flush(10)
    assert [line.question for line in log.questions()] == ["first", *map(str, range(100))]
    assert log.feedback(tokens[0], True)
    assert "cannot be written" in caplog.text


def test_a_damaged_file_stops_nothing_and_a_new_one_is_begun_once_it_is_moved_away(
    log: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    log._path.write_bytes(b"no database " * 1000)
    assert _ask(log)
    assert not log.flush(0.5)
    with pytest.raises(BadLog, match="cannot be read: file is not a database"):
        list(log.questions())
    log._path.rename(log._path.with_name("damaged"))
    assert log.flush(10)
    assert len(list(log.questions())) == 1
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "file is not a database" in errors[0].getMessage()


def test_a_file_that_is_moved_away_while_it_is_written_is_begun_anew(log: QuestionLog) -> None:
    _ask(log, "first")
    assert log.flush()
    for name in ("questions.sqlite", "questions.sqlite-wal", "questions.sqlite-shm"):
        (log._path.parent / name).unlink()
    _ask(log, "second")
    deadline = time.monotonic() + 10
    while not log.flush() and time.monotonic() < deadline:
        pass
    assert [line.question for line in log.questions()] == ["second"]


def test_beyond_a_number_of_waiting_lines_the_newest_are_not_kept(
    log: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    log._path.mkdir()
    tokens = [_ask(log, str(number)) for number in range(WAITING + 500)]
    assert tokens[0]
    assert tokens[-1] == ""
    log._path.rmdir()
    assert log.flush(10)
    kept = [line.question for line in log.questions()]
    assert kept == [str(number) for number, token in enumerate(tokens) if token]
    assert f"{len(tokens) - len(kept)} questions were not kept" in caplog.text


_FULL = """
import resource, sys
from pathlib import Path
from app.log import writer
from app.log.question_log import QuestionLog
writer._PAUSE = 0.01
log = QuestionLog(Path(sys.argv[1]), 90)
line = dict(verdict="none", articles=[], build="b", milliseconds=1, language="en", filters={})
def add(text): return log.add(text * 100, **line)
kept = [add("before "), log.flush(10)]
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))  # as a full disk: no file grows further
tokens = [add(f"{number} ") for number in range(900)]
full = log.flush(1)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(all(kept), all(tokens), full, log.flush(30), len(list(log.questions())))
"""


def test_a_full_disk_loses_no_line_that_has_a_token(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    command = [sys.executable, "-c", _FULL, str(tmp_path / "log")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False", "True", "901"]
    assert "cannot be written" in done.stderr
