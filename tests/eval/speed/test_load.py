"""The measure of a served application: what it counts, and that it asks as people do."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from eval.speed.load import ROUTES, Load, NotServed, measure
from index.encoder.model_files import DEFAULT_MODEL, identify
from index.stores.builds.build import build

QUESTIONS = ["Is lunar soil dry?", "What feeds bees in July?", "How many flowers does a honey bee visit?"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that `python -m app` can open, of one article."""
    folder = tmp_path_factory.mktemp("load")
    (folder / "articles").mkdir()
    (folder / "articles" / "bees.md").write_text("# Bees\n\nLavender feeds bees in July. Lunar soil is dry.\n", "utf-8")
    build(folder / "articles", folder / "index", identify(DEFAULT_MODEL))
    return folder / "index"


def counts(row: dict[str, Any]) -> tuple[str, int, int, int]:
    return row["route"], row["askers"], row["failures"], row["refused"]


@pytest.mark.slow
def test_every_question_of_every_asker_is_answered_on_both_routes(root: Path) -> None:
    heard: list[str] = []
    rows = list(measure(root, QUESTIONS, heard.append, askers=(1, 3), requests=6))
    assert [counts(row) for row in rows] == [(route, askers, 0, 0) for route in ROUTES for askers in (1, 3)]
    assert [line.partition(":")[0] for line in heard] == [
        f"{route} with {n} askers" for route in ROUTES for n in (1, 3)
    ]
    for row in rows:
        assert 0 < row["p50"] <= row["p95"]
        assert row["throughput"] > 0
        assert row["own_mb"] > 10
        assert row["file_mb"] > 10


@contextmanager
def always(status: int, body: bytes, *headers: tuple[str, str]) -> Iterator[str]:
    """The address of a server that answers everything in the same way."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.send_response(status)
            for name, value in (("Content-Length", str(len(body))), *headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the name that the library calls

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def met(status: int, body: bytes, *headers: tuple[str, str]) -> dict[str, Any]:
    with always(status, body, *headers) as address:
        load = Load(address, ROUTES[0], QUESTIONS)
        return load.run(os.getpid(), 3, 6) | {"failures": len([one for one in load.failures if "healthz" not in one])}


def test_a_full_line_is_counted_apart_from_failures_and_has_no_times_of_answers() -> None:
    row = met(503, b"", ("Retry-After", "0"))
    assert counts(row) == (ROUTES[0], 3, 0, 6)
    assert (row["p50"], row["p95"], row["throughput"]) == (None, None, 0.0)


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, b"no JSON", ()),
        (200, b"[]", ()),
        (200, b"{}", ()),
        (200, b'{"citations": [], "closest": []}', ()),
        (500, b"{}", ()),
        (503, b"", ()),
        (503, b"", (("Retry-After", "soon"),)),
    ],
)
def test_what_is_no_answer_is_a_failure(status: int, body: bytes, headers: tuple[tuple[str, str], ...]) -> None:
    row = met(status, body, *headers)
    assert counts(row) == (ROUTES[0], 3, 6, 0)
    assert row["p50"] is None


@pytest.mark.parametrize("served", [True, False])
def test_a_look_that_finds_no_health_is_a_failure(served: bool) -> None:
    with always(503, b"") as address:
        load = Load(address if served else "http://127.0.0.1:1", ROUTES[0], QUESTIONS)
        looking = threading.Thread(target=load._look)
        looking.start()
        while len(load.failures) < 2:
            time.sleep(0.01)
        load._end.set()
        looking.join()
    assert load.looks == []
    assert all(("/healthz: status 503" if served else "refused") in failure for failure in load.failures)


@pytest.mark.slow
def test_an_application_that_does_not_start_is_an_error_with_its_command(tmp_path: Path) -> None:
    with pytest.raises(
        NotServed, match=r"-m app serve --port 0 --index .*none did not start; its messages stand above"
    ):
        list(measure(tmp_path / "none", QUESTIONS, list[str]().append))
