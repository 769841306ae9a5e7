import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.offline.check import NotOffline, _outside, check
from app.serving.live import Live
from app.settings import Settings
from index.stores.builds.location import BuildsFolder
from tests.conftest import PROJECT
from tests.hashing import HashingEncoder
from tests.serving import needs_chromium


def run(*command: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        [sys.executable, *command], cwd=PROJECT, env=env, capture_output=True, text=True, check=False, timeout=240
    )


def test_the_check_opens_every_page_and_passes(real_root: Path) -> None:
    needs_chromium()
    done = run("-m", "app", "offline-check", "--index", str(real_root))
    assert (done.returncode, done.stderr) == (0, "")
    pages = "chat, demo with the widget open, reader"
    assert done.stdout.splitlines() == [
        "server: chat, demo, widget, reader and a question answered; no other host was tried",
        f"browser /usr/bin/chromium: {pages}; all of them worked; no other host was tried",
        "offline-check passed: nothing left this machine",
    ]


def test_a_host_that_code_of_the_process_tries_is_noted() -> None:
    script = (
        "import socket; from app.offline.check import watch_sockets; reached = watch_sockets()\n"
        "try: socket.getaddrinfo('news.example', 443)\n"
        "except OSError: pass\n"
        "print(reached)"
    )
    assert run("-c", script).stdout == "{'news.example'}\n"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def checked(root: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Callable[[set[str]], None]:
    """The check of a server of this process, which has tried these hosts, where no browser is installed."""
    monkeypatch.setenv("PATH", "/nowhere")
    where = BuildsFolder(root)
    live = Live(where, HashingEncoder)
    return lambda hosts: check(live, Settings(index=where, port=0), hosts, said.append)


def test_a_host_that_the_server_tries_is_named_and_fails_the_check(checked: Callable[[set[str]], None]) -> None:
    with pytest.raises(NotOffline, match=r"^the server tried to reach news\.example\. Nothing may leave this machine$"):
        checked({"news.example"})


def test_without_a_browser_the_server_is_checked_and_says_so(
    checked: Callable[[set[str]], None], said: list[str]
) -> None:
    checked(set())
    assert said[1] == (
        "browser: none found (chromium, chromium-browser, google-chrome, microsoft-edge), so no page was opened in one"
    )


@pytest.mark.parametrize(
    ("target", "host"),
    [
        (("127.0.0.1", 80), None),
        (("::1", 80, 0, 0), None),
        (("0.0.0.0", 0), None),  # noqa: S104 - what a socket listens on
        ("localhost", None),
        ("/run/socket", None),
        ("\0abstract", None),
        (None, None),
        ("", None),
        (b"/run/socket", None),
        (("10.0.0.7", 443), "10.0.0.7"),
        (("fe80::1%eth0", 80, 0, 2), "fe80::1%eth0"),
        (("127.0.0.1.elsewhere.example", 80), "127.0.0.1.elsewhere.example"),
        ("elsewhere.example", "elsewhere.example"),
    ],
)
def test_only_targets_beyond_this_machine_count(target: object, host: str | None) -> None:
    assert _outside(target) == host
