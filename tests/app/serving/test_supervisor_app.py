"""`python -m app serve --workers 2` as a whole, with the default encoder."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.app.serving.test_live import until
from tests.app.test_watch_app import children, ended, indexed
from tests.conftest import ARTICLES, PROJECT, write_articles
from tests.serving import running

pytestmark = pytest.mark.slow

LANDED = "The probe Chang'e 6 landed on 2 June 2024."
PATIENCE = 120  # seconds until a worker that begins answers: only a fault takes as long, never a busy machine


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with articles and their index."""
    base = tmp_path_factory.mktemp("made")
    indexed(write_articles(base / "articles", ARTICLES), base / "index")
    return base


@pytest.fixture
def folder(made: Path) -> Path:
    return made / "articles"


@pytest.fixture
def root(made: Path) -> Path:
    return made / "index"


@pytest.fixture(scope="module")
def shared(made: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The application by two workers, and its address; the last test that takes it ends it."""
    with together(made / "index") as application:
        yield application


def together(root: Path, *options: str) -> AbstractContextManager[tuple[subprocess.Popen[str], str]]:
    """The application by two workers, and its address."""
    return running(root, "--workers", "2", *options)


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Its workers, by the command of a process that was started by another one's Python."""
    return [child for child in children(process.pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@contextlib.contextmanager
def only(worker: int, process: subprocess.Popen[str]) -> Iterator[None]:
    """The other workers stand still meanwhile: what is answered is answered by this one."""
    others = [other for other in workers(process) if other != worker]
    for other in others:
        os.kill(other, signal.SIGSTOP)
    yield
    for other in others:
        os.kill(other, signal.SIGCONT)


def got(address: str) -> Any:
    return httpx.get(f"{address}/healthz", timeout=PATIENCE).json()


def posted(address: str, path: str, body: dict[str, Any]) -> Any:
    """The answer to a request on a connection of its own."""
    return httpx.post(address + path, json=body, timeout=PATIENCE).json()


def called(address: str, question: str, *earlier: str) -> str:
    """The answer, as HTML, to a question that the chat's page asks."""
    config = httpx.get(f"{address}/config", timeout=PATIENCE).json()
    event = next(one["id"] for one in config["dependencies"] if one["api_name"] == "turn")
    body = {"data": [{"question": question, "earlier": earlier}], "fn_index": event, "session_hash": "one"}
    html: str = posted(address, "/gradio_api/run/predict", body)["data"][0]["html"]
    return html


def test_a_conversation_goes_on_whichever_worker_is_asked(shared: tuple[subprocess.Popen[str], str]) -> None:
    process, address = shared
    first, second = workers(process)
    with only(first, process):
        asked = posted(address, "/api/ask", {"question": "Is lunar soil dry?"})
        assert "Lunar soil is dry." in called(address, "Is lunar soil dry?")
    assert asked["citations"][0]["article"] == "moon"
    history = [{"question": "Is lunar soil dry?", "articles": ["moon"]}]
    with only(second, process):
        then = posted(address, "/api/ask", {"question": "And when?", "history": history})
        assert 'value="history"' in called(address, "And when?", "Is lunar soil dry?")
    assert (then["history_used"], then["citations"][0]["article"]) == (["Is lunar soil dry?"], "moon")
    with only(first, process):
        assert "Lavender" in called(address, "What feeds bees in July?", "Is lunar soil dry?", "And when?")


def test_each_worker_follows_the_live_build_and_one_that_dies_is_replaced(
    shared: tuple[subprocess.Popen[str], str], root: Path, folder: Path
) -> None:
    process, address = shared
    before = workers(process)
    write_articles(folder, {"probe.md": LANDED})
    indexed(folder, root)
    for worker in before:
        with only(worker, process):
            until(lambda: got(address)["articles"] == 4)
    os.kill(before[0], signal.SIGKILL)
    assert got(address)["articles"] == 4  # by the other one
    until(lambda: len(workers(process)) == 2 and before[0] not in workers(process))
    [fresh] = set(workers(process)) - set(before)
    with only(fresh, process):
        assert got(address)["articles"] == 4
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    out, said = process.communicate(timeout=120)
    number = before.index(before[0]) + 1
    died = f"ERROR app.serving.supervisor: worker {number} is started again in 1 s: it ended with exit code -9\n"
    assert (process.returncode, out, said) == (0, "", died)
    assert [ended(worker) for worker in (*before, fresh)] == [True] * 3


def test_one_process_watches_and_each_worker_tells_of_it(root: Path, folder: Path) -> None:
    with together(root, "--watch") as (process, address):
        articles = got(address)["articles"]
        write_articles(folder, {"sun.md": "The Sun is a star."})
        for worker in workers(process):
            with only(worker, process):
                until(lambda: got(address)["articles"] == articles + 1)
                until(lambda: got(address)["watch"] == {"state": "current", "reason": ""})
        shutil.rmtree(folder)
        for worker in workers(process):
            with only(worker, process):
                until(lambda: got(address)["watch"]["state"] == "failed")
                assert str(folder) in got(address)["watch"]["reason"]
        started = workers(process)
        process.terminate()
        process.communicate(timeout=120)
        assert process.returncode == 0
        assert [ended(worker) for worker in started] == [True, True]


def test_without_an_index_it_is_said_why_none_can_serve(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app", "--workers", "2", "--port", "0", "--index", str(tmp_path / "none")]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert f" of 2 cannot serve: no index at {tmp_path / 'none'}. Make one: python -m index build FOLDER" in run.stderr
