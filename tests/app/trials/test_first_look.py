"""`python -m app try FOLDER`, from the files to the open chat and back to nothing."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from app.__main__ import main
from tests.conftest import PROJECT

HUNG_UP_IN_A_REQUEST = """
import signal, sys, uvicorn
from app.__main__ import main

class Config(uvicorn.Config):
    def __init__(self, app, **options):
        async def hung_up(scope, receive, send):
            if scope.get("path") == "/healthz":
                signal.raise_signal(signal.SIGHUP)  # its terminal is closed, at the worst moment
            await app(scope, receive, send)
        super().__init__(hung_up, **options)

uvicorn.Config = Config
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # of a terminal, also where nohup runs the tests
sys.exit(main(["try", sys.argv[1]]))
"""


@pytest.mark.slow
def test_a_folder_is_indexed_for_the_moment_and_the_chat_is_opened(folder: Path, tmp_path: Path) -> None:
    temporary, opened = tmp_path / "tmp", tmp_path / "opened"
    temporary.mkdir()
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', "utf-8")
    browser.chmod(0o755)
    env = {**os.environ, "TMPDIR": str(temporary), "BROWSER": f"{browser} %s"}
    command = [sys.executable, "-c", HUNG_UP_IN_A_REQUEST, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            built, encoded, coverage, address = (process.stdout.readline().strip() for _ in range(4))
            end = time.monotonic() + 60
            while not (opened.exists() and opened.read_text()) and time.monotonic() < end:
                time.sleep(0.05)
            served = httpx.get(f"{address}/healthz", timeout=60).json()["articles"]
            code = process.wait(60)
        finally:
            process.kill()
    assert (served, opened.read_text().strip(), code) == (3, address, 0)
    assert built.split("index ")[1].startswith("built 3 articles, 4 passages")
    assert encoded.startswith("encoded 4 of 4 passages")
    assert coverage.startswith("files read 3, lost 0; characters 555, in passages 241")
    assert list(temporary.iterdir()) == []


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", str(tmp_path / "none"), "--no-browser"]) == 2
    assert "none does not exist" in capsys.readouterr().err
