"""The real application in a process of its own, and a real browser, for tests that need them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PROJECT

CHROMIUM = Path("/usr/bin/chromium")
_SHELL = Path("/usr/bin/chromium-headless-shell")  # the same browser without windows: it takes a third less time
_PATIENCE = 60_000  # milliseconds until a page shows what it has to: only a fault takes as long, never a busy machine
_QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"]


@contextlib.contextmanager
def served(root: Path | str, env: dict[str, str] | None = None) -> Iterator[str]:
    """The address of `python -m app` on a free port over the index at `root`."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--index", str(root)]
    with subprocess.Popen(
        command, cwd=PROJECT, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"the application did not start: {address!r}"
            yield address
        finally:
            process.terminate()


@contextlib.contextmanager
def running(root: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m app serve` with these options, in a group of its own and killed at the end, and its address."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--index", str(root), *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=PROJECT, stdout=pipe, stderr=pipe, text=True, process_group=0) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), f"the application did not start: {address!r}"
            yield process, address
        finally:
            process.kill()


def needs(program: Path, package: str) -> None:
    """Without the program the test is skipped, but never in CI."""
    if not program.exists():
        reason = f"needs {program}: apt-get install {package}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def needs_chromium() -> None:
    """As `needs`, of the browser."""
    needs(CHROMIUM, "chromium")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium."""
    needs_chromium()
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        program = _SHELL if _SHELL.exists() else CHROMIUM
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", *_QUIET])
        yield browser
        browser.close()


# No test can press the back button of a phone: the browser asks what watches for it to close.
WATCHED = "window.CloseWatcher = class extends CloseWatcher { constructor() { super(); window.watching = this; } };"


def press_back(page: Page) -> None:
    """As the back button of a phone does with what lies over a page that `WATCHED` prepared."""
    page.evaluate("window.watching.requestClose()")
