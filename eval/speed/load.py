"""The served application under load: many people asking at once, through the HTTP interface and the chat."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from email.message import Message
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from eval.speed.contender import PROJECT
from eval.speed.stage import memory, quantiles
from index.errors import UserError

ASKERS = (1, 8, 32, 128)
ROUTES = ("/api/ask", "/gradio_api/run/predict")  # the second is the call that the chat's page makes
REQUESTS = 512  # of one measurement, so that 128 askers ask four times each
_SECONDS = 120  # until a request counts as failed
_BETWEEN_LOOKS = 0.05  # seconds from one look at the server's health to the next
_BROKEN = (OSError, HTTPException, ValueError, KeyError, IndexError, TypeError)  # no response, or not of its form


class NotServed(UserError):
    """The application did not start."""


def measure(
    index: Path,
    questions: Sequence[str],
    say: Callable[[str], None],
    *,
    askers: Sequence[int] = ASKERS,
    requests: int = REQUESTS,
) -> Iterator[dict[str, Any]]:
    """A row for each route and number of askers, over one server of `index`. Raises NotServed."""
    with served(index, {}) as (address, process):
        for route in ROUTES:
            Load(address, route, questions).run(process, 1, 32)  # the first answers of a process are slow
            for number in askers:
                row = Load(address, route, questions).run(process, number, requests)
                say(f"{route} with {number} askers: {row['throughput']:.0f} answers a second")
                yield row


@contextmanager
def served(index: Path | str, env: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The address of `python -m app` on a free port over the index, and the id of its process."""
    where = str(index.absolute() if isinstance(index, Path) else index)
    command = [sys.executable, "-m", "app", "serve", "--port", "0", "--index", where]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=PROJECT, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = process.stdout.readline().strip() if process.stdout else ""
            if not address:
                raise NotServed(f"{' '.join(command)} did not start; its messages stand above")
            yield address, process.pid
        finally:
            process.terminate()


class Load:
    """Askers at work on one route: each takes the next question, and waits for its answer before it takes another.

    After a 503 an asker waits as long as that says. With `keep_alive` each has one connection, else one for each
    request. Times are in ms.
    """

    def __init__(self, address: str, route: str, questions: Sequence[str], *, keep_alive: bool = True) -> None:
        parts = urlsplit(address)
        self._host, self._path = parts.netloc, parts.path.rstrip("/")
        self._route, self._questions, self._keep_alive = route, questions, keep_alive
        self._event = self._chat_event() if route == ROUTES[1] else 0
        self._end = threading.Event()
        self.answers, self.refusals, self.looks = list[float](), list[float](), list[float]()
        self.failures: list[str] = []

    def run(self, process: int, askers: int, requests: int) -> dict[str, Any]:
        """Ask `requests` times altogether; the figures, with the server's memory afterwards.

        Other ends than an answer or a 503 of a full queue are failures, and so are looks at `/healthz` without a 200.
        Times of which there are none are None.
        """
        numbers = iter(range(requests))
        looking = threading.Thread(target=self._look)
        looking.start()
        began = time.perf_counter()
        with ThreadPoolExecutor(askers) as pool:
            list(pool.map(self._ask, [numbers] * askers))
        elapsed = time.perf_counter() - began
        self._end.set()
        looking.join()
        p50, p95 = _quantiles(self.answers)
        return {
            "route": self._route,
            "askers": askers,
            "p50": p50,
            "p95": p95,
            "throughput": len(self.answers) / elapsed,
            "refused": len(self.refusals),
            "failures": len(self.failures),
            "health_p95": _quantiles(self.looks)[1],
            **memory(process),
        }

    def _ask(self, numbers: Iterator[int]) -> None:
        """Ask one question after the other until the numbers are used up."""
        with closing(self._connection()) as connection:
            for number in numbers:
                began = time.perf_counter()
                try:
                    response = self._request(connection, "POST", self._route, self._body(number))
                    wait = self._count(1000 * (time.perf_counter() - began), *response)
                except _BROKEN as error:
                    self.failures.append(repr(error))
                    connection.close()  # the next request opens it again
                    continue
                if not self._keep_alive:
                    connection.close()
                time.sleep(wait)

    def _count(self, elapsed: float, status: int, headers: Message, body: bytes) -> float:
        """Count a response; the seconds that the asker is to wait before its next question."""
        if status == 503 and "retry-after" in headers:
            wait = float(headers["retry-after"])
            self.refusals.append(elapsed)
            return wait
        if status == 200 and self._is_answer(json.loads(body)):
            self.answers.append(elapsed)
        else:
            self.failures.append(f"status {status}")
        return 0

    def _look(self) -> None:
        """Look at the server's health now and then."""
        with closing(self._connection()) as connection:
            while not self._end.wait(_BETWEEN_LOOKS):
                began = time.perf_counter()
                try:
                    status, *_ = self._request(connection, "GET", "/healthz")
                    if status != 200:
                        raise ValueError(f"/healthz: status {status}")
                    self.looks.append(1000 * (time.perf_counter() - began))
                except _BROKEN as error:
                    self.failures.append(repr(error))
                    connection.close()

    def _connection(self) -> HTTPConnection:
        return HTTPConnection(self._host, timeout=_SECONDS)

    def _request(
        self, connection: HTTPConnection, method: str, path: str, body: bytes | None = None
    ) -> tuple[int, Message, bytes]:
        connection.request(method, self._path + path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        return response.status, response.headers, response.read()

    def _chat_event(self) -> int:
        """The number under which the chat's page asks."""
        with closing(self._connection()) as connection:
            _, _, body = self._request(connection, "GET", "/config")
        return next(int(item["id"]) for item in json.loads(body)["dependencies"] if item["api_name"] == "turn")

    def _body(self, number: int) -> bytes:
        question = self._questions[number % len(self._questions)]
        if self._route == ROUTES[0]:
            return json.dumps({"question": question}).encode()
        return json.dumps({"data": [{"question": question}], "fn_index": self._event, "session_hash": "load"}).encode()

    def _is_answer(self, body: dict[str, Any]) -> bool:
        """Whether it is an answer with passages, cited or closest."""
        if self._route == ROUTES[0]:
            return bool(body["citations"] or body["closest"])
        return 'class="card' in body["data"][0]["html"]


def _quantiles(times: Sequence[float]) -> tuple[float, float] | tuple[None, None]:
    return quantiles(times) if times else (None, None)
