"""The served application under load: many people asking at once, through the HTTP interface and the chat."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.errors import UserError

ASKERS = (1, 8, 32, 128)
ROUTES = ("/api/ask", "/gradio_api/run/predict")  # the second is the call that the chat's page makes
REQUESTS = 512  # of one measurement, so that 128 askers ask four times each
_PROJECT = Path(__file__).parents[2]
_SECONDS = 120  # until an answer counts as failed
_BETWEEN_LOOKS = 0.05  # seconds from one look at the server's health to the next
_TICKS = os.sysconf("SC_CLK_TCK")


class NotServed(UserError):
    """The application did not start."""


@dataclass(frozen=True, slots=True)
class Load:
    """What so many askers at once met on one route; times in ms.

    `p50` and `p95` are of the answers, `throughput` is answers a second; `refused` counts the 503s
    of a full line, `refused_p95` is how long those took, None without any. `failures` are all other
    ends. `health_p95` is how long `/healthz` took meanwhile. `server` is the server's processor time
    an answer, `client` the share of one core that the asking itself took.
    """

    route: str
    askers: int
    requests: int
    p50: float
    p95: float
    throughput: float
    failures: int
    refused: int
    refused_p95: float | None
    health_p95: float
    server: float
    client: float


def measure(
    index: Path,
    questions: Sequence[str],
    *,
    askers: Sequence[int] = ASKERS,
    requests: int = REQUESTS,
    env: Mapping[str, str] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> list[Load]:
    """What each number of askers meets on each route of a server of its own over `index`.

    The askers take the questions in turns; each waits for its answer before its next one, and after
    a 503 as long as that says. `env` holds `CHAT_` variables for the server, `say` hears of each
    measurement. Raises NotServed.
    """
    found = []
    with _served(index, env or {}) as (address, process):
        for route in ROUTES:
            asyncio.run(_Asking(address, route, questions, process).asked(1, 32))  # what is first slow once
            for number in askers:
                found.append(asyncio.run(_Asking(address, route, questions, process).asked(number, requests)))
                say(f"{route} with {number} askers: {found[-1].throughput:.0f} answers a second")
    return found


def questions_of(path: Path) -> list[str]:
    """The questions of a set that stand alone, in its order."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [line["question"] for line in lines if not line.get("history")]


@contextmanager
def _served(index: Path, env: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The address of `python -m app` on a free port over the index, and the id of its process."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--index", str(index.absolute())]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=_PROJECT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise NotServed(f"{' '.join(command)} did not start; what it said stands above")
            yield address, process.pid
        finally:
            process.terminate()


class _Connection:
    """One connection that is kept, as a browser keeps it. A library for it would take more time than the server."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._path = parts.path
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Status, headers with names in small letters, and body of the response."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        head = (
            f"{method} {self._path}{path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        return int(status.split()[1]), headers, await reader.readexactly(int(headers["content-length"]))

    async def close(self) -> None:
        """Close it; the next request opens another."""
        if self._streams:
            _, writer = self._streams
            self._streams = None
            writer.close()
            with suppress(OSError):  # the server may have closed it before
                await writer.wait_closed()


@dataclass(slots=True)
class _Asking:
    """Askers at work on one route, and what they have met so far."""

    address: str
    route: str
    questions: Sequence[str]
    process: int
    answers: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    failures: int = 0

    async def asked(self, askers: int, requests: int) -> Load:
        """What so many askers met in so many requests altogether."""
        event = await self._event()
        numbers = iter(range(requests))
        looking = asyncio.create_task(self._look())
        began, own, served = time.perf_counter(), time.process_time(), _processor_time(self.process)
        await asyncio.gather(*(self._ask(numbers, event) for _ in range(askers)))
        elapsed, own = time.perf_counter() - began, time.process_time() - own
        served = _processor_time(self.process) - served
        looking.cancel()
        await asyncio.wait((looking,))
        done = len(self.answers)
        return Load(
            route=self.route,
            askers=askers,
            requests=requests,
            p50=statistics.median(self.answers) if done else 0.0,
            p95=_p95(self.answers) or 0.0,
            throughput=done / elapsed,
            failures=self.failures,
            refused=len(self.refusals),
            refused_p95=_p95(self.refusals),
            health_p95=_p95(self.looks) or 0.0,
            server=1000 * served / max(done, 1),
            client=own / elapsed,
        )

    async def _ask(self, numbers: Iterator[int], event: int) -> None:
        """Ask one question after the other until the numbers are used up."""
        connection = _Connection(self.address)
        for number in numbers:
            question = self.questions[number % len(self.questions)]
            began = time.perf_counter()
            try:
                async with asyncio.timeout(_SECONDS):
                    status, headers, body = await connection.request("POST", self.route, self._body(question, event))
            except (OSError, EOFError, TimeoutError, ValueError, KeyError, IndexError):  # no whole response
                self.failures += 1
                await connection.close()
                continue
            elapsed = 1000 * (time.perf_counter() - began)
            if status == 503 and "retry-after" in headers:
                self.refusals.append(elapsed)
                await asyncio.sleep(float(headers["retry-after"]))
            elif status == 200 and self._is_answer(json.loads(body)):
                self.answers.append(elapsed)
            else:
                self.failures += 1
        await connection.close()

    async def _look(self) -> None:
        """Look at the server's health now and then, until cancelled."""
        connection = _Connection(self.address)
        try:
            for _ in count():
                began = time.perf_counter()
                await connection.request("GET", "/healthz")
                self.looks.append(1000 * (time.perf_counter() - began))
                await asyncio.sleep(_BETWEEN_LOOKS)
        finally:
            await connection.close()

    async def _event(self) -> int:
        """The number under which the chat's page asks; 0 where the route has none."""
        if self.route == ROUTES[0]:
            return 0
        connection = _Connection(self.address)
        _, _, body = await connection.request("GET", "/config")
        await connection.close()
        return next(int(item["id"]) for item in json.loads(body)["dependencies"] if item["api_name"] == "_ask")

    def _body(self, question: str, event: int) -> bytes:
        if self.route == ROUTES[0]:
            return json.dumps({"question": question}).encode()
        return json.dumps({"data": [question, [], True, "{}"], "fn_index": event, "session_hash": "load"}).encode()

    def _is_answer(self, body: dict[str, Any]) -> bool:
        """Whether it is an answer with passages, cited or closest."""
        if self.route == ROUTES[0]:
            return bool(body["citations"] or body["closest"])
        return 'class=\\"card\\"' in json.dumps(body["data"][1])


def _processor_time(process: int) -> float:
    """Seconds of processor time that a process has used, by its 14th and 15th number in /proc."""
    numbers = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / _TICKS


def _p95(times: Sequence[float]) -> float | None:
    if len(times) < 2:
        return times[0] if times else None
    return statistics.quantiles(times, n=20, method="inclusive")[-1]
