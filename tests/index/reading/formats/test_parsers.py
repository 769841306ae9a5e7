import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import BadArticle
from index.reading.folder import read_folder
from index.reading.formats.extract import Extract
from index.reading.formats.parsers import Parsers
from tests.conftest import PROJECT
from tests.files import pdf, word

SEEN = "The harbour was dredged."
PDF = pdf([[SEEN]])
# Stand-ins for a parser: `sitecustomize` runs in each process that has its folder on the path.
KILLED = "os.kill(os.getpid(), signal.SIGSEGV)"
ENDLESS = "resource.setrlimit(resource.RLIMIT_CPU, (1, 9))\n    while True: pass"
GREEDY = "return bytes(2_000_000_000)"
BUGGY = "return 1 / 0"
WAITING = "open(os.environ['WORKER'], 'w').write(str(os.getpid()))\n    time.sleep(60)"
STAND_IN = """
import os, resource, signal, time
import index.reading.formats.pdf as adapter
real = adapter.pdf_extract
def pdf_extract(raw):
    if b"harbour.example" not in raw:
        return real(raw)
    {body}
adapter.pdf_extract = pdf_extract
"""
BAD = pdf([[SEEN]], title="harbour.example")


@pytest.fixture
def parsers() -> Iterator[Parsers]:
    with Parsers() as parsers:
        yield parsers


def stand_in(body: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "sitecustomize.py").write_text(STAND_IN.format(body=body))
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{PROJECT}")


def test_a_worker_reads_as_this_process_does(parsers: Parsers) -> None:
    extract = parsers.extract(".pdf", PDF)
    page = parsers.extract(".html", f"<p>{SEEN}</p>")
    assert [one and one.blocks for one in (extract, page)] == [[("paragraph", SEEN)]] * 2
    assert (parsers.extract(".md", b"a"), parsers.extract(".html", b"a")) == (None, None)


def test_the_message_about_a_bad_file_comes_from_the_worker(parsers: Parsers) -> None:
    with pytest.raises(BadArticle, match=r"\Ano whole PDF: its end is missing. Get the file again\Z"):
        parsers.extract(".pdf", PDF[:100])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("body", "message"),
    [
        (KILLED, "damaged: its parser stopped. Save it anew with another program"),
        (GREEDY, "reading it takes over 1000 MB of memory. Split the file"),
        (ENDLESS, "reading it takes too long. Split the file, or save it anew"),
    ],
)
def test_a_file_that_its_parser_dies_of_is_named_and_the_next_is_read(
    body: str, message: str, parsers: Parsers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(body, tmp_path, monkeypatch)
    for _ in range(2):
        with pytest.raises(BadArticle) as caught:
            parsers.extract(".pdf", BAD)
        assert str(caught.value) == message
        assert isinstance(parsers.extract(".pdf", PDF), Extract)


@pytest.mark.slow
def test_a_bug_of_an_adapter_stays_a_bug(parsers: Parsers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(BUGGY, tmp_path, monkeypatch)
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        parsers.extract(".pdf", BAD)


@pytest.mark.slow
def test_a_folder_with_a_file_that_kills_its_parser_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(KILLED, tmp_path, monkeypatch)
    articles = tmp_path / "articles"
    articles.mkdir()
    files = {"a.pdf": BAD, "b.pdf": PDF, "c.docx": word([("Normal", SEEN)]), "d.md": SEEN.encode()}
    for name, raw in files.items():
        (articles / name).write_bytes(raw)
    folder = read_folder(articles)
    assert [article.id for article in folder.articles] == ["b.pdf", "c.docx", "d"]
    reason = "damaged: its parser stopped. Save it anew with another program"
    assert [(problem.file, problem.reason, problem.lost) for problem in folder.problems] == [("a.pdf", reason, True)]


@pytest.mark.slow
def test_a_text_that_takes_its_parser_too_long_is_named_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import index.reading.formats.parsers as p; p._SECONDS = 1")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{PROJECT}")
    articles, brackets = tmp_path / "articles", "[" * 90_000  # each is looked for to the end, which takes half a minute
    articles.mkdir()
    lines = [json.dumps({"text": text, "format": "markdown"}) for text in (brackets, SEEN)]
    for name, text in {"a.md": brackets, "b.jsonl": "\n".join(lines), "c.md": SEEN}.items():
        (articles / name).write_text(text)

    folder = read_folder(articles)

    assert [article.id for article in folder.articles] == ["b.jsonl/2", "c"]
    reason = "reading it takes too long. Split the file, or save it anew"
    assert [(problem.file, problem.reason, problem.lost) for problem in folder.problems] == [
        ("a.md", reason, True),
        ("b.jsonl", f"line 1: {reason}", True),
    ]


def test_short_texts_start_no_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(subprocess, "Popen", refuse)
    (tmp_path / "a.md").write_text(SEEN)
    assert [article.id for article in read_folder(tmp_path).articles] == ["a"]


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_worker_ends_with_a_build_that_is_killed_while_it_parses(
    number: signal.Signals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(WAITING, tmp_path, monkeypatch)
    articles, named = tmp_path / "articles", tmp_path / "worker"
    articles.mkdir()
    (articles / "a.pdf").write_bytes(BAD)
    code = "import pathlib, sys, index.reading.folder as reading; reading.read_folder(pathlib.Path(sys.argv[1]))"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(articles)], env=os.environ | {"WORKER": str(named)}
    ) as build:
        _until(lambda: named.exists() and named.read_text())
        os.kill(build.pid, number)
    worker = Path("/proc", named.read_text())
    _until(lambda: not worker.exists() or "State:\tZ" in (worker / "status").read_text())


def _until(holds: Callable[[], object]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError
