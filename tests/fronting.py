"""A real nginx that runs docs/nginx.conf, and small portals beside it, for tests."""

import contextlib
import getpass
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from tests.conftest import PROJECT

NGINX = Path("/usr/sbin/nginx")
PERSON = ("ann", "open sesame")


@dataclass(frozen=True, slots=True)
class Front:
    """Addresses with nginx as its file says, with the path cut off, of the chat itself, and of two portals."""

    address: str
    cutting: str
    chat: str
    listed: str
    unlisted: str
    authority: Path

    def client(self, *, signed_in: bool = True) -> httpx.Client:
        trusted = ssl.create_default_context(cafile=self.authority)
        return httpx.Client(verify=trusted, auth=PERSON if signed_in else None, trust_env=False)


@contextlib.contextmanager
def portal(folder: Path) -> Iterator[str]:
    """The origin of a server of the files in `folder`."""
    folder.mkdir()

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://localhost:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def certify(folder: Path, people: dict[str, str]) -> None:
    """Write into `folder` what `nginx` needs: a certificate with its authority, and people with their passwords."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    issued = authority.issue_cert("localhost")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(folder / "cert.pem", append=number > 0)
    (folder / "people").write_text("".join(f"{name}:{{PLAIN}}{word}\n" for name, word in people.items()), "utf-8")


@contextlib.contextmanager
def nginx(folder: Path, chat: str, changes: dict[str, str]) -> Iterator[str]:
    """The chat's address through nginx, run as docs/nginx.conf says but for names, ports and files."""
    port, plain_port = free_port(), free_port()
    own = folder / str(port)
    own.mkdir()
    temporary = "".join(f"{kind}_temp_path {own}/{kind};" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    replaced = {
        "user www-data;": f"user {getpass.getuser()};",
        "/run/nginx.pid": f"{own}/pid",
        "/var/log/nginx": str(own),
        "http {": f"http {{ {temporary} client_body_temp_path {own}/body;",
        "server 127.0.0.1:7860;": f"server {urlsplit(chat).netloc};",
        "listen 80;": f"listen 127.0.0.1:{plain_port};",
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "/etc/ssl/certs/portal.example.pem": f"{folder}/cert.pem",
        "/etc/ssl/private/portal.example.key": f"{folder}/key.pem",
        "/etc/nginx/chat.htpasswd": f"{folder}/people",
        "server_name portal.example;": "server_name localhost;",
        "https://portal.example$": f"https://localhost:{port}$",
        **changes,
    }
    text = (PROJECT / "docs" / "nginx.conf").read_text("utf-8")
    for old, new in replaced.items():
        assert old in text, f"docs/nginx.conf has no {old!r}"
        text = text.replace(old, new)
    (own / "nginx.conf").write_text(text, "utf-8")
    command = [str(NGINX), "-p", str(own), "-c", str(own / "nginx.conf"), "-e", str(own / "start.log")]
    command += ["-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until_open(port, process)
            yield f"https://localhost:{port}/tools/ask"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, f"nginx ended with {process.returncode}"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    pytest.fail("nginx does not listen")
