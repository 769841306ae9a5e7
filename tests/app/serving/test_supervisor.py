"""Processes that share a socket: how they begin, die, are begun again and end."""

import logging
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.serving.listener import listen
from app.serving.supervisor import WorkerFailed, Workers
from app.settings import Settings
from app.watch import Watcher
from app.web.application import _gate
from app.web.gate import Gate
from index.encoder.openvino_runtime import cores
from index.stores.builds.location import BuildsFolder
from tests.app.serving.test_live import until
from tests.app.test_watch_app import ended
from tests.conftest import PROJECT
from tests.workers import dies_soon, leaves, looks_at_its_connections, says_why_not, stands

pytestmark = pytest.mark.slow

TWO = Settings(port=0, workers=2)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listen(TWO) as listener:
        yield listener


def test_no_answer_of_any_worker_waits_to_be_confirmed(listener: socket.socket, root: Path) -> None:
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/healthz"
    settings = Settings(index=BuildsFolder(root), port=0, workers=2)
    with Workers(settings, listener, work=looks_at_its_connections) as workers:
        for stopped, answering in zip(workers.processes, reversed(workers.processes), strict=True):
            os.kill(stopped, signal.SIGSTOP)
            with urllib.request.urlopen(address, timeout=30) as response:
                assert response.status == 200
            os.kill(stopped, signal.SIGCONT)
            assert (root / f"option-{answering}").read_text() == "True"


def test_all_end_together(listener: socket.socket) -> None:
    with Workers(TWO, listener, work=stands) as workers:
        processes = workers.processes
        assert [ended(process) for process in processes] == [False, False]
    assert [ended(process) for process in processes] == [True, True]


def test_all_end_with_the_process_that_started_them_even_if_it_is_killed() -> None:
    script = (
        "import signal; from app.serving.listener import listen; from app.serving.supervisor import Workers;"
        "from app.settings import Settings; from tests.workers import hears; two = Settings(port=0, workers=2)\n"
        "with listen(two) as listener, Workers(two, listener, work=hears) as workers:\n"
        "    print(*workers.processes, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        first, second = map(int, starter.stdout.readline().split())
        assert [ended(first), ended(second)] == [False, False]
        starter.kill()
        until(lambda: ended(first) and ended(second))


@pytest.mark.parametrize(
    ("work", "reason"), [(says_why_not, "the shelf is empty. Fill it"), (leaves, "it ended with exit code 3")]
)
def test_one_that_cannot_begin_is_told_with_the_reason(work: type[None], reason: str, listener: socket.socket) -> None:
    with pytest.raises(WorkerFailed) as error, Workers(TWO, listener, work=work):
        pass
    assert str(error.value) in {f"worker {number} of 2 cannot serve: {reason}" for number in (1, 2)}


def test_one_that_dies_is_started_again_and_the_other_stays(
    listener: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    with Workers(TWO, listener, work=stands, pause=0.01) as workers:
        killed, other = workers.processes
        os.kill(killed, signal.SIGKILL)
        until(lambda: tended(workers, 2) and killed not in workers.processes)
        assert other in workers.processes
    assert [record.getMessage() for record in caplog.records] == [
        "worker 1 is started again in 0.01 s: it ended with exit code -9"
    ]


def tended(workers: Workers, count: int) -> bool:
    workers.tend()
    return len(workers.processes) == count


def test_one_that_dies_again_and_again_is_left_alone_longer_each_time(
    listener: socket.socket, caplog: pytest.LogCaptureFixture
) -> None:
    with Workers(Settings(port=0, workers=1), listener, work=dies_soon, pause=0.01) as workers:
        until(lambda: tended(workers, 0) and len(caplog.records) == 3)
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, f"worker 1 is started again in {pause} s: it ended with exit code 7")
        for pause in (0.01, 0.02, 0.04)
    ]


def test_each_hears_how_the_watching_goes_when_that_changes(listener: socket.socket, tmp_path: Path) -> None:
    told = tmp_path / "told"
    told.mkdir()
    watcher = Watcher(tmp_path, tmp_path)  # which is never opened
    with Workers(Settings(index=BuildsFolder(told), port=0, workers=2), listener, watcher, stands) as workers:
        files = [told / str(process) for process in workers.processes]
        until(lambda: tended(workers, 2) and all(path.exists() for path in files))
        workers.tend()
        watcher.state, watcher.reason = "failed", "no room"
        until(lambda: tended(workers, 2) and all("failed" in path.read_text() for path in files))
        assert [path.read_text() for path in files] == ["('current', '')\n('failed', 'no room')\n"] * 2


def test_one_that_will_not_end_is_made_to(listener: socket.socket) -> None:
    with Workers(Settings(port=0, workers=1), listener, work=stands) as workers:
        [process] = workers.processes
        os.kill(process, signal.SIGSTOP)  # it hears of SIGTERM only when it goes on
        workers._running[0].end(0.05)
        assert ended(process)


@pytest.mark.parametrize(("workers", "waiting"), [(1, 128), (2, 64), (3, 43), (128, 1)])
def test_each_works_on_its_share_of_the_questions(workers: int, waiting: int) -> None:
    gate: Gate = _gate(Settings(workers=workers))
    places = max(cores() // workers, 1)
    assert (gate._free._value, gate._room._value - places) == (places, waiting)
