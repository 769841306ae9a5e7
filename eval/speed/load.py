"""The served application under load: many people asking at once, through the HTTP interface and the chat."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.speed.connection import Connection
from eval.speed.contender import PROJECT
from eval.speed.ratios import quantiles
from eval.speed.stage import memory
from index.errors import UserError

ASKERS = (1, 8, 32, 128)
ROUTES = ("/api/ask", "/gradio_api/run/predict")  # the second is the call that the chat's page makes
REQUESTS = 512  # of one measurement, so that 128 askers ask four times each
_SECONDS = 120  # until an answer counts as failed
_BETWEEN_LOOKS = 0.05  # seconds from one look at the server's health to the next
_TICKS = os.sysconf("SC_CLK_TCK")
_BROKEN = (OSError, EOFError, ValueError, KeyError, IndexError, TypeError)  # no whole response, or not of its form


class NotServed(UserError):
    """The application did not start."""


@dataclass(frozen=True, slots=True)
class Load:
    """What so many askers at once met on one route; times in ms.

    `p50` and `p95` are of the answers, `throughput` is answers a second; `refused` counts the 503s
    of a full line, `refused_p95` is how long those took. `failures` are all other ends. `health_p95` is
    how long `/healthz` took meanwhile, `lost_looks` counts its ends other than 200. `server` is the
    server's processor time an answer, `client` the share of one core that the asking itself took.
    `own_mb` and `file_mb` are what the server holds afterwards, its own and mapped from files. What
    is of answers, 503s or looks is None where there were none.
    """

    route: str
    askers: int
    requests: int
    p50: float | None
    p95: float | None
    throughput: float
    failures: int
    refused: int
    refused_p95: float | None
    health_p95: float | None
    lost_looks: int
    server: float | None
    client: float
    own_mb: float
    file_mb: float


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
    with served(index, env or {}) as (address, process):
        for route in ROUTES:
            asyncio.run(Asking(address, route, questions, process).asked(1, 32))  # what is first slow once
            for number in askers:
                found.append(asyncio.run(Asking(address, route, questions, process).asked(number, requests)))
                say(f"{route} with {number} askers: {found[-1].throughput:.0f} answers a second")
    return found


def questions_of(path: Path) -> list[str]:
    """The questions of a set that stand alone, in its order."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [line["question"] for line in lines if not line.get("history")]


@contextmanager
def served(index: Path, env: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The address of `python -m app` on a free port over the index, and the id of its process."""
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--index", str(index.absolute())]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=PROJECT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise NotServed(f"{' '.join(command)} did not start; what it said stands above")
            yield address, process.pid
        finally:
            process.terminate()


@dataclass(slots=True)
class Asking:
    """Askers at work on one route, and what they have met so far; each has a connection, for one request or for all."""

    address: str
    route: str
    questions: Sequence[str]
    process: int
    kept: bool = True
    answers: list[float] = field(default_factory=list)
    refusals: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    lost_looks: int = 0
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
        done, held = len(self.answers), memory(self.process)
        p50, p95 = _quantiles(self.answers)
        return Load(
            route=self.route,
            askers=askers,
            requests=requests,
            p50=p50,
            p95=p95,
            throughput=done / elapsed,
            failures=self.failures,
            refused=len(self.refusals),
            refused_p95=_quantiles(self.refusals)[1],
            health_p95=_quantiles(self.looks)[1],
            lost_looks=self.lost_looks,
            server=1000 * served / done if done else None,
            client=own / elapsed,
            own_mb=held["own_mb"],
            file_mb=held["file_mb"],
        )

    async def _ask(self, numbers: Iterator[int], event: int) -> None:
        """Ask one question after the other until the numbers are used up."""
        connection = Connection(self.address)
        for number in numbers:
            question = self.questions[number % len(self.questions)]
            began = time.perf_counter()
            try:
                async with asyncio.timeout(_SECONDS):
                    response = await connection.request("POST", self.route, self._body(question, event))
                wait = self._counted(1000 * (time.perf_counter() - began), *response)
            except _BROKEN:
                self.failures += 1
                await connection.close()
            else:
                if not self.kept:
                    await connection.close()
                await asyncio.sleep(wait)
        await connection.close()

    def _counted(self, elapsed: float, status: int, headers: Mapping[str, str], body: bytes) -> float:
        """Count a response; the seconds that the asker is to wait before its next question."""
        if status == 503 and "retry-after" in headers:
            wait = float(headers["retry-after"])
            self.refusals.append(elapsed)
            return wait
        if status == 200 and self._is_answer(json.loads(body)):
            self.answers.append(elapsed)
        else:
            self.failures += 1
        return 0

    async def _look(self) -> None:
        """Look at the server's health now and then, until cancelled."""
        connection = Connection(self.address)
        try:
            while True:
                began = time.perf_counter()
                try:
                    async with asyncio.timeout(_SECONDS):
                        status, _, _ = await connection.request("GET", "/healthz")
                except _BROKEN:
                    status = 0
                    await connection.close()
                if status == 200:
                    self.looks.append(1000 * (time.perf_counter() - began))
                else:
                    self.lost_looks += 1
                await asyncio.sleep(_BETWEEN_LOOKS)
        finally:
            await connection.close()

    async def _event(self) -> int:
        """The number under which the chat's page asks; 0 where the route has none."""
        if self.route == ROUTES[0]:
            return 0
        connection = Connection(self.address)
        _, _, body = await connection.request("GET", "/config")
        await connection.close()
        return next(int(item["id"]) for item in json.loads(body)["dependencies"] if item["api_name"] == "_ask")

    def _body(self, question: str, event: int) -> bytes:
        if self.route == ROUTES[0]:
            return json.dumps({"question": question}).encode()
        return json.dumps(
            {"data": [question, [], True, "{}", "{}"], "fn_index": event, "session_hash": "load"}
        ).encode()

    def _is_answer(self, body: dict[str, Any]) -> bool:
        """Whether it is an answer with passages, cited or closest."""
        if self.route == ROUTES[0]:
            return bool(body["citations"] or body["closest"])
        return 'class=\\"card\\"' in json.dumps(body["data"][1])


def _processor_time(process: int) -> float:
    """Seconds of processor time that a process has used, by its 14th and 15th number in /proc."""
    numbers = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / _TICKS


def _quantiles(times: Sequence[float]) -> tuple[float, float] | tuple[None, None]:
    return quantiles(times) if times else (None, None)
