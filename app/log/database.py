"""The file of a log: an SQLite database in a private folder, which several processes write."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from index.errors import UserError

NAME = "questions.sqlite"
MOST_LINES = 1_000_000
MOST_PASSAGES = 20  # of a line
MOST_PRESSES = 60  # of the buttons of an answer
HOUR = "%Y-%m-%dT%H"  # sorts by time
_FEEDBACK_HOURS = 24  # in which an answer takes feedback
_BUSY = 5.0  # seconds that a writer waits for another process
_PAGE = 500  # lines that are read at once, so that a slow reader holds up no writer

_SCHEMA = """
PRAGMA auto_vacuum = INCREMENTAL;
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token TEXT UNIQUE,
    hour TEXT NOT NULL,
    question TEXT NOT NULL,
    verdict TEXT NOT NULL,
    articles TEXT NOT NULL,
    build TEXT NOT NULL,
    milliseconds INTEGER NOT NULL,
    language TEXT NOT NULL,
    filters TEXT NOT NULL,
    helpful INTEGER,
    presses INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS questions_by_hour ON questions (hour);
CREATE TABLE IF NOT EXISTS passages (
    question INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    article TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (question, article, start, "end")
) STRICT, WITHOUT ROWID;
"""
INSERT = """
INSERT INTO questions (milliseconds, token, hour, question, verdict, articles, build, language, filters)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (token) DO NOTHING
"""
COUNT = f"UPDATE questions SET presses = presses + 1 WHERE token = ? AND presses < {MOST_PRESSES}"  # noqa: S608 - a number of ours
RATE = "UPDATE questions SET helpful = ? WHERE token = ?"
PRESS = f"""
INSERT OR IGNORE INTO passages SELECT id, ?, ?, ? FROM questions
WHERE token = ? AND (SELECT count(*) FROM passages WHERE question = questions.id) < {MOST_PASSAGES}
"""  # noqa: S608 - a number of ours
TAKE_BACK = """
DELETE FROM passages WHERE article = ? AND start = ? AND "end" = ?
AND question = (SELECT id FROM questions WHERE token = ?)
"""
_READ = """
SELECT questions.*, (
    SELECT json_group_array(json_array(article, start, "end")) FROM passages WHERE question = questions.id
) AS passages FROM questions WHERE id > ? AND hour >= ? ORDER BY id LIMIT ?
"""


class BadLog(UserError):
    """The log of questions cannot be used."""


def private_folder(folder: Path) -> None:
    """Make a folder for its owner alone. Raises BadLog if it cannot be made, or others may open it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError as error:
        raise BadLog(f"CHAT_LOG is {folder}, which is no folder to write to: {error}. Name another one") from error
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise BadLog(
            f"CHAT_LOG is {folder}, which other accounts may open. Close it to them: chmod 700 {folder}, "
            "or name a folder that is not there yet"
        )


def write_to(path: Path) -> sqlite3.Connection:
    """A connection for the one thread of a process that writes. Raises sqlite3.Error or OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))  # SQLite's other files get its mode
    connection = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
    try:
        connection.executescript(_SCHEMA)
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All changes inside, or none of them."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def remove_old(connection: sqlite3.Connection, days: int) -> None:
    """Remove lines that are older than `days` or too many, from the disk as well; old answers take no more feedback."""
    now = datetime.now(UTC)
    with transaction(connection):
        connection.execute("DELETE FROM questions WHERE hour < ?", [(now - timedelta(days)).strftime(HOUR)])
        connection.execute(f"DELETE FROM questions WHERE id <= (SELECT max(id) FROM questions) - {MOST_LINES}")  # noqa: S608 - a number of ours
        forgotten = (now - timedelta(hours=_FEEDBACK_HOURS)).strftime(HOUR)
        connection.execute("UPDATE questions SET token = NULL WHERE token IS NOT NULL AND hour < ?", [forgotten])
    connection.execute("PRAGMA incremental_vacuum").fetchall()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def rows_of(path: Path, since: str) -> Iterator[sqlite3.Row]:
    """Every line from an hour on, oldest first, with its passages as JSON. Raises BadLog."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=_BUSY)) as connection:
            connection.row_factory = sqlite3.Row
            last = 0
            while rows := connection.execute(_READ, [last, since, _PAGE]).fetchall():
                yield from rows
                last = rows[-1]["id"]
    except sqlite3.Error as error:
        raise BadLog(f"the question log {path} cannot be read: {error}. If it is damaged, move it away") from error
