"""The measure of a served application: what it counts, and that it asks as people do."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from eval.speed.load import ROUTES, Asking, Load, NotServed, measure, questions_of
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


def counts(load: Load) -> tuple[str, int, int, int, int]:
    return load.route, load.askers, load.requests, load.failures, load.refused


@pytest.mark.slow
def test_every_question_of_every_asker_is_answered_on_both_routes(root: Path) -> None:
    heard: list[str] = []
    found = measure(root, QUESTIONS, askers=(1, 3), requests=6, say=heard.append)
    assert [counts(load) for load in found] == [(route, askers, 6, 0, 0) for route in ROUTES for askers in (1, 3)]
    assert [line.partition(":")[0] for line in heard] == [
        f"{route} with {n} askers" for route in ROUTES for n in (1, 3)
    ]
    for load in found:
        assert load.p50 is not None
        assert load.p95 is not None
        assert 0 < load.p50 <= load.p95
        assert load.throughput > 0
        assert load.server is not None
        assert load.server > 0
        assert load.own_mb > 10
        assert load.file_mb > 10
        assert load.refused_p95 is None


@asynccontextmanager
async def always(status: int, body: bytes, *headers: str) -> AsyncIterator[str]:
    """The address of a server that answers everything in the same way."""
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(body)}", *headers, "", ""]
    response = "\r\n".join(lines).encode() + body

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split()[0]))
                writer.write(response)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def met(status: int, body: bytes, *headers: str) -> Load:
    async def asked() -> Load:
        async with always(status, body, *headers) as address:
            return await Asking(address, ROUTES[0], QUESTIONS, os.getpid()).asked(3, 6)

    return asyncio.run(asked())


def test_a_full_line_is_counted_apart_from_failures_and_has_no_times_of_answers() -> None:
    load = met(503, b"", "Retry-After: 0")
    assert counts(load) == (ROUTES[0], 3, 6, 0, 6)
    assert (load.p50, load.p95, load.throughput, load.health_p95, load.server) == (None, None, 0.0, None, None)
    assert load.refused_p95 is not None


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, b"no JSON", ()),
        (200, b"[]", ()),
        (200, b"{}", ()),
        (200, b'{"citations": [], "closest": []}', ()),
        (500, b"{}", ()),
        (503, b"", ()),
        (503, b"", ("Retry-After: soon",)),
    ],
)
def test_what_is_no_answer_is_a_failure(status: int, body: bytes, headers: tuple[str, ...]) -> None:
    load = met(status, body, *headers)
    assert counts(load) == (ROUTES[0], 3, 6, 6, 0)
    assert (load.p50, load.refused_p95) == (None, None)


@pytest.mark.parametrize("served", [True, False])
def test_a_look_that_finds_no_health_counts_as_lost(served: bool) -> None:
    async def looked() -> Asking:
        async with always(503, b"") as address:
            asking = Asking(address if served else "http://127.0.0.1:1", ROUTES[0], QUESTIONS, os.getpid())
            looking = asyncio.create_task(asking._look())
            async with asyncio.timeout(60):
                while asking.lost_looks < 2:
                    await asyncio.sleep(0.01)
            looking.cancel()
            await asyncio.wait((looking,))
            return asking

    assert asyncio.run(looked()).looks == []


@pytest.mark.slow
def test_an_application_that_does_not_start_is_an_error_with_its_command(tmp_path: Path) -> None:
    with pytest.raises(
        NotServed, match=r"-m app serve --port 0 --index .*none did not start; what it said stands above"
    ):
        measure(tmp_path / "none", QUESTIONS)


def test_only_questions_that_stand_alone_are_asked(tmp_path: Path) -> None:
    lines = [{"question": "a", "history": []}, {"question": "b", "history": [{"question": "a"}]}, {"question": "c"}]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)) + "\n", "utf-8")
    assert questions_of(path) == ["a", "c"]
