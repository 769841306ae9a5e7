"""A page in a headless browser, and the other hosts that it tries to reach."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import UserError

NAMES = ("chromium", "chromium-browser", "google-chrome", "microsoft-edge")
_SECONDS = 60  # until a page that is still loading counts as failed
_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-features=AutofillServerCommunication",  # sends every form to the maker
    "--no-default-browser-check",
    "--no-first-run",
    "--virtual-time-budget=10000",  # ms for the page's scripts, without waiting for responses
    "--dump-dom",
)


class BrowserFailed(UserError):
    """The browser could not open a page."""


def find_browser() -> str | None:
    """The path of the first browser of `NAMES` on this machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def visit(browser: str, address: str) -> tuple[str, set[str]]:
    """The document of a page after its scripts ran in the `browser`, and the other hosts that it tried to reach.

    Raises BrowserFailed.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        log = Path(scratch, "network.json")
        command = [browser, *_OPTIONS, f"--user-data-dir={scratch}/profile", f"--log-net-log={log}", address]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # the sandbox does not run as root
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True)  # noqa: S603
            return done.stdout, _tried(json.loads(log.read_text("utf-8")), address)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            raise BrowserFailed(f"{browser} did not open {address}: {error}. Try another browser") from error


def _tried(log: dict[str, Any], address: str) -> set[str]:
    """The hosts other than the page's own in the browser's network log of requests and DNS look-ups.

    The log names the site that caused each; for the browser's own traffic, such as updates, this is
    not the page. A look-up without a site, as WebRTC makes it, counts unless the browser looked that
    host up, too. An IP address given to WebRTC is not seen.
    """
    page = urlsplit(address)
    by_page, by_browser, unnamed = set[str](), set[str](), set[str]()
    for event in log["events"]:
        values = event.get("params", {})
        cause = str(values.get("network_isolation_key") or values.get("network_anonymization_key") or "")
        if host := _host(values):
            is_page = cause.startswith(f"{page.scheme}://{page.hostname}")
            (by_page if is_page else by_browser if cause else unnamed).add(host)
    return (by_page | (unnamed - by_browser)) - {str(page.hostname)}


def _host(values: dict[str, Any]) -> str:
    """The host of an event, empty without one."""
    if "hostname" in values:
        name = str(values["hostname"]).rstrip(".")
        return "" if name.startswith("_") else name  # the record of a port, whose host is looked up, too
    target = urlsplit(str(values.get("url") or values.get("host") or ""))
    is_outward = target.scheme in ("http", "https", "ws", "wss")
    return (target.hostname or "") if is_outward and ("host" in values or "initiator" in values) else ""
