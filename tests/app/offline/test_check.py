import subprocess
import sys
from pathlib import Path

import pytest

from app.offline.check import _outside
from tests.conftest import PROJECT
from tests.serving import needs_chromium


def run(*command: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    env = {"PATH": path or "/usr/bin:/bin", "HF_HUB_OFFLINE": "1"}
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


def test_a_host_that_the_server_tries_is_named_and_fails_the_check(real_root: Path) -> None:
    script = (
        "import socket; from app.offline.check import check, watch_sockets; reached = watch_sockets();"
        "from app.serving.live import Live; from app.settings import Settings;"
        "from index.stores.address import open_location;"
        f"where = open_location({str(real_root)!r}); live = Live(where);\n"
        "try: socket.getaddrinfo('news.example', 443)\n"
        "except OSError: pass\n"
        "check(live, Settings(index=where, port=0), reached, print)"
    )
    done = run("-c", script)
    assert done.stderr.splitlines()[-1] == (
        "app.offline.check.NotOffline: the server tried to reach news.example. Nothing may leave this machine"
    )


def test_without_a_browser_the_server_is_checked_and_says_so(real_root: Path) -> None:
    done = run("-m", "app", "offline-check", "--index", str(real_root), path="/nowhere")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1] == (
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
