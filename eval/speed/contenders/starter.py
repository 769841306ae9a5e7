"""Starts commands and says what each took: `python -m eval.speed.contenders.starter`.

A small process, because Linux counts the memory of whoever starts a program as the program's own.
"""

import os
import subprocess
import time
from pathlib import Path

from eval.speed.stage import Reply, play


def start(command: list[str], log: str) -> Reply:
    """The command's seconds from nothing to its end, its peak memory in MB and its exit code; stderr goes to `log`."""
    with Path(log).open("w", encoding="utf-8") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)  # noqa: S603 - as told
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    return {"seconds": seconds, "peak_mb": usage.ru_maxrss * 1024 / 1e6, "code": process.returncode}


if __name__ == "__main__":
    play(lambda: {"start": start})
