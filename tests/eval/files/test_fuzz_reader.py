import os
import signal
import time
from pathlib import Path

from eval.files.fuzz import Reader
from index.reading.formats.parsers import Parsers


def _misbehave(path: Path, content: bytes, parsers: Parsers) -> None:
    if content == b"die":
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60 if content == b"sleep" else 0)


def test_a_death_and_a_hang_are_faults_and_the_next_file_is_read() -> None:
    with Reader(_misbehave, seconds=1) as reader:
        assert reader.read(".txt", b"die") == ("crash", "the process died with code -9")
        assert reader.read(".txt", b"sleep") == ("hang", "not read within 1 s")
        assert reader.read(".txt", b"tide") is None
