"""The disk of the log: who may read it, and what its troubles do to no answer."""

import logging
import os
import resource
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.log.database import BadLog
from app.log.question_log import QuestionLog
from app.log.writer import WAITING, NotKept
from tests.logged import ask, file_of


def test_folder_and_files_are_the_owners_alone(log: QuestionLog) -> None:
    before = os.umask(0)
    try:
        ask(log)
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
    ask(log, "first")
    assert log.flush()
    with closing(file_of(log)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.perf_counter()
        tokens = [ask(log, f"{number}") for number in range(100)]
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
    assert ask(log)
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
    ask(log, "first")
    assert log.flush()
    for name in ("questions.sqlite", "questions.sqlite-wal", "questions.sqlite-shm"):
        (log._path.parent / name).unlink()
    ask(log, "second")
    deadline = time.monotonic() + 10
    while not log.flush() and time.monotonic() < deadline:
        pass
    assert [line.question for line in log.questions()] == ["second"]


def test_beyond_a_number_of_waiting_lines_the_newest_are_not_kept(
    log: QuestionLog, caplog: pytest.LogCaptureFixture
) -> None:
    log._path.mkdir()
    tokens = [ask(log, str(number)) for number in range(WAITING + 500)]
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
