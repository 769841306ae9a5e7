"""A server that nobody asks leaves the processor to others."""

import re
import time
from pathlib import Path

import httpx
import pytest

from tests.serving import running

SECONDS = 3
MOST = 100  # wakings a second; a loop that looks for work every millisecond wakes up a thousand times a second

pytestmark = pytest.mark.slow


def wakings(process: int) -> int:
    """How often a process has waited and gone on."""
    text = Path(f"/proc/{process}/status").read_text("utf-8")
    return sum(map(int, re.findall(r"^voluntary_ctxt_switches:\s*(\d+)", text, re.MULTILINE)))


def test_an_idle_server_hardly_wakes_up(real_root: Path) -> None:
    with running(real_root) as (process, address):
        httpx.get(f"{address}/healthz", timeout=60)
        time.sleep(1)  # what starting has begun ends
        before = wakings(process.pid)
        time.sleep(SECONDS)
        assert wakings(process.pid) - before < SECONDS * MOST
