"""The worker process of `Parsers`: reads bytes of files from its standard input, writes their extracts."""

import os
import queue
import resource
import signal
import sys
import threading
import traceback
from typing import TypeAlias

from index.errors import BadArticle
from index.reading.formats.adapters import adapted, members_of
from index.reading.formats.parsers import receive, seconds_for, send
from index.reading.formats.programs import Programs, kill_all, limit

_Request: TypeAlias = tuple[str, str, bytes | str, Programs]  # "text" or "members", suffix, content, programs

_MEMORY = 1_000_000_000  # bytes
_SECONDS_OF_PICTURES = 300  # that are drawn for text recognition


def main() -> None:
    """Answer requests until the standard input closes, which also ends the parsing of a file midway."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's business
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    limit(resource.RLIMIT_DATA, _MEMORY)
    requests = queue.SimpleQueue[_Request]()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    while True:
        wanted, suffix, content, programs = requests.get()
        drawing = _SECONDS_OF_PICTURES if programs.ocr else 0
        _limit_time(drawing + seconds_for(len(content)))
        send(answers, _answer(wanted, suffix, content, programs))


def _listen(requests: "queue.SimpleQueue[_Request]") -> None:
    """Queue the requests; the end of the input is the end of this process, as its parent is gone or done."""
    try:
        while True:
            requests.put(receive(sys.stdin.buffer))  # type: ignore[arg-type] # the parent sends nothing else
    finally:
        kill_all()
        os._exit(0)


def _limit_time(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime) + seconds)


def _answer(wanted: str, suffix: str, content: bytes | str, programs: Programs) -> object:
    """The extract or the members, or the exception to raise."""
    try:
        return members_of(suffix, content) if wanted == "members" else adapted(suffix, content, programs)
    except BadArticle as error:
        return error
    except MemoryError:
        return BadArticle(f"reading it takes over {_MEMORY // 1_000_000} MB of memory. Split the file")
    except Exception:  # noqa: BLE001 - a bug, raised in the parent with its traceback
        return RuntimeError(traceback.format_exc())


if __name__ == "__main__":
    main()
