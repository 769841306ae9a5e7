"""Many processes that write one log of questions and are killed meanwhile."""

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.log.database import NAME
from app.log.question_log import QuestionLog

_AT_ONCE = 5  # lines between two acknowledgements
_SEED = 20


@dataclass
class Load:
    """Writers of a log, each with the file in which it notes the lines that were acknowledged."""

    folder: Path
    share: int  # lines that each writer has to get acknowledged
    running: dict[int, tuple[subprocess.Popen[bytes], Path]] = field(default_factory=dict)
    notes: dict[int, list[Path]] = field(default_factory=dict)

    def begin(self, number: int) -> None:
        """Start a writer for the rest of its share."""
        before = self.notes.setdefault(number, [])
        rest = self.share - len(_noted(before))
        note = self.folder / f"{number}-{len(before)}.txt"
        before.append(note)
        command = [sys.executable, "-m", "tests.killed", str(self.folder / "log"), str(note), str(rest)]
        self.running[number] = subprocess.Popen(command), note

    def acknowledged(self) -> list[str]:
        """All lines that any writer has noted."""
        return _noted([note for notes in self.notes.values() for note in notes])


def run(folder: Path, lines: int, writers: int, kills: int) -> tuple[list[str], int]:
    """The acknowledged lines, and how many writers were killed in the middle of their work."""
    load, killed, chance = Load(folder, lines // writers), 0, random.Random(_SEED)  # noqa: S311 - no secret
    for number in range(writers):
        load.begin(number)
    while load.running:
        time.sleep(0.002)
        for number, (process, _) in list(load.running.items()):
            if process.poll() is not None:
                assert process.returncode == 0
                del load.running[number]
        if load.running and killed < kills and len(load.acknowledged()) > lines * killed // kills:
            number = chance.choice(list(load.running))
            process, note = load.running[number]
            if note.exists() and process.poll() is None:
                process.kill()
                process.wait()
                killed += 1
                load.begin(number)
    return load.acknowledged(), killed


def check(folder: Path, acknowledged: list[str]) -> int:
    """The number of lines of the log; fails where one is lost or doubled, or the file is damaged."""
    held = Counter(line.question for line in QuestionLog(folder / "log", 90).questions())
    assert [name for name in acknowledged if name not in held] == []
    assert [name for name, count in held.items() if count > 1] == []
    with closing(sqlite3.connect(folder / "log" / NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return held.total()


def _noted(notes: list[Path]) -> list[str]:
    texts = [note.read_text("utf-8") for note in notes if note.exists()]
    return [name for text in texts for name in text[: text.rfind("\n") + 1].split()]


def _write(folder: Path, note: Path, lines: int) -> None:
    """Add lines until so many are acknowledged, and note each that is."""
    log = QuestionLog(folder, 90)
    with note.open("ab", buffering=0) as noted:
        for first in range(0, lines, _AT_ONCE):
            names = [f"{note.stem}-{number}" for number in range(first, min(first + _AT_ONCE, lines))]
            for name in names:
                token = log.add(
                    name, verdict="answer", articles=["a"], build="b", milliseconds=1, language="en", filters={}
                )
                assert token
            assert log.flush(60)
            noted.write("".join(f"{name}\n" for name in names).encode())
    log.close()


if __name__ == "__main__":
    _write(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
