"""Messages of the watching, and `python -m app --watch` as a whole, with the default encoder."""

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from app.answering.collection import Collection
from app.settings import Settings
from app.watch import Watcher, build_command
from app.web.application import web_app
from index.encoder.model_files import Identity
from index.reading.formats.programs import Programs
from index.reading.places.folders import Where
from index.reading.places.mirror import Mirror
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from index.stores.builds.directory import live_build, verify_live
from index.stores.location import Location
from tests.app.serving.test_live import until
from tests.app.test_watch import BUILD
from tests.conftest import PROJECT, write_articles
from tests.hashing import HashingEncoder
from tests.serving import running

PROGRAMS = Programs(libreoffice=True, ocr="eng+deu")
pytestmark = pytest.mark.slow

TEA = {"tea.md": "Green tea is not fermented. Black tea is."}
QUESTION = "When did the probe Chang'e 6 land?"
LANDED = "The probe Chang'e 6 landed on 2 June 2024."


def indexed(folder: Path, root: Path) -> None:
    """Make the index in a process of its own, as a person does."""
    command = [sys.executable, "-m", "index", "build", str(folder), "--index", str(root)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)


def got(address: str, question: str = "") -> Any:
    """Reply of `/healthz`, or the answer to a question."""
    body = json.dumps({"question": question}).encode() if question else None
    path = "/api/ask" if question else "/healthz"
    request = urllib.request.Request(address + path, body, {"content-type": "application/json"})  # noqa: S310 - our own
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return json.load(response)


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def ended(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def test_a_change_answers_soon_a_deletion_at_once_and_the_end_ends_it_all(tmp_path: Path) -> None:
    folder, root = write_articles(tmp_path / "articles", TEA), tmp_path / "index"
    indexed(folder, root)
    with running(root, "--watch") as (process, address):
        write_articles(folder, {"probe.md": LANDED})
        until(lambda: got(address)["articles"] == 2)
        cited = got(address, QUESTION)["citations"][0]
        assert (cited["article"], cited["quote"], cited["receipt"]) == ("probe", LANDED, "verified")
        (folder / "probe.md").unlink()
        answer = got(address, QUESTION)  # no build can have ended by now
        assert "probe" not in [c["article"] for c in answer["citations"] + answer["closest"]]
        until(lambda: got(address)["articles"] == 1)
        until(lambda: got(address)["watch"] == {"state": "current", "reason": ""})

        before = live_build(root)
        write_articles(folder, {"sun.md": "The Sun is a star."})
        until(lambda: bool(children(process.pid)))
        [child] = children(process.pid)
        process.terminate()
        _, said = process.communicate(timeout=120)
        assert (process.returncode, said, ended(child)) == (0, "", True)
    assert verify_live(root) == (before, [])


WATCH = """
import sys, time
from pathlib import Path
from app.watch import Watcher
folder, root, script = sys.argv[1:]
with Watcher(Path(folder), Path(root), 60, lambda *_: ([sys.executable, "-c", script, folder, root], {})):
    time.sleep(60)
"""


@pytest.mark.parametrize("build_too", [True, False])
def test_killed_while_it_builds_the_index_is_whole(build_too: bool, folder: Path, root: Path) -> None:
    before = live_build(root)
    write_articles(folder, {"sun.md": "The Sun is a star."})
    (folder.parent / "stand").touch()
    command = [sys.executable, "-c", WATCH, str(folder), str(root), BUILD]
    with subprocess.Popen(command, cwd=PROJECT) as process:
        until((folder.parent / "builds.log").exists)
        [child] = children(process.pid)
        process.kill()
    if build_too:
        os.kill(child, signal.SIGKILL)
    assert verify_live(root) == (before, [])
    (folder.parent / "stand").unlink()
    until(lambda: ended(child))
    live, damaged = verify_live(root)
    assert (live == before, damaged) == (build_too, [])


def quick(script: str) -> Callable[[Where, Location], tuple[list[str], Mapping[str, str]]]:
    """A build that takes no time: a line of shell, told the folder and the index."""
    return lambda folder, location: (["/bin/sh", "-c", script, str(folder), str(location)], {})


def test_a_build_that_fails_is_told_once_and_tried_again(
    searcher: Searcher, folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = 'echo >> "$1.log"; [ -e "$1.good" ] || { echo "note: a"; echo "error: no room"; exit 2; } >&2'
    with Watcher(folder, tmp_path / "none", 0.01, quick(script)) as watcher:
        until(lambda: len((tmp_path / "none.log").read_text() if watcher.reason else "") >= 3)
        assert watcher.reason == "error: no room"
        until(lambda: health(searcher, watcher) == {"state": "failed", "reason": "error: no room"})
        (tmp_path / "none.good").touch()
        until(lambda: health(searcher, watcher) == {"state": "current", "reason": ""})
    said = [(record.levelno, record.getMessage()) for record in caplog.records if record.name == "app.watch"]
    assert said == [(logging.ERROR, "the index was not built again: error: no room")]


def health(searcher: Searcher, watcher: Watcher) -> object:
    """Reply of `/healthz` about the watching."""
    collection = Collection.of(searcher)

    async def made() -> ASGIApp:  # without a running loop Gradio would open loops and never close them
        return web_app(collection.seen_by, Settings.from_env({}), watcher)

    return TestClient(asyncio.run(made()), "http://127.0.0.1").get("/healthz").json()["watch"]


def test_without_an_index_there_is_no_encoder_to_build_with(folder: Path, tmp_path: Path) -> None:
    with Watcher(folder, tmp_path / "none") as watcher:
        until(lambda: watcher.state == "failed")
    assert watcher.reason.startswith(f"no index at {tmp_path / 'none'}. Make one: ")


def test_a_sweep_finds_what_no_event_told(folder: Path, tmp_path: Path) -> None:
    outside = write_articles(tmp_path / "outside", {"sun.md": "The Sun is hot."}) / "sun.md"
    (folder / "sun.md").hardlink_to(outside)
    seen = tmp_path / "seen"
    seen.touch()
    with Watcher(folder, seen, 0.01, quick('cat "$0/sun.md" > "$1"')):
        until(lambda: seen.read_text() == "The Sun is hot.")
        outside.write_text("The Sun is a star.", "utf-8")  # no event in the folder
        until(lambda: seen.read_text() == "The Sun is a star.")


def test_the_command_keeps_the_encoder_the_limit_and_the_programs_of_the_live_build(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Programs, "check", lambda _: None)  # they need not be installed
    own = Identity("-models/own model", "0" * 64, "-ask: ", "")
    build(folder, tmp_path / "own", own, load=HashingEncoder, max_file_bytes=12_500_000, programs=PROGRAMS)
    command, variables = build_command(folder, open_location(tmp_path / "own"))
    assert variables == {}
    assert command[3:] == [
        "build",
        str(folder),
        f"--index={tmp_path / 'own'}",
        "--model=-models/own model",
        "--question-prefix=-ask: ",
        "--passage-prefix=",
        "--max-file-mb=12.5",
        "--skip-bad-files",
        "--wait=600",
        "--libreoffice",
        "--ocr=eng+deu",
        "--max-age=60",
    ]


def test_the_command_names_the_addresses_of_a_site(folder: Path, tmp_path: Path) -> None:
    Mirror(folder, ("https://intranet.example/", "https://intranet.example/pay")).write()
    other = write_articles(tmp_path / "other", {"sun.md": "The Sun is hot."})
    build((folder, other), tmp_path / "own", Identity("own", "0" * 64, "", ""), load=HashingEncoder)
    command, _ = build_command((folder, other), open_location(tmp_path / "own"))
    assert command[4:7] == ["https://intranet.example/", "https://intranet.example/pay", str(other)]
