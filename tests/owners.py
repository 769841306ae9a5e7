"""The owner's pages over a log of twelve questions, for tests of them."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.answering.pinned.pins import PINS
from app.log.question_log import QuestionLog
from index.search.searcher import Searcher
from tests.web import web_client

LOCAL, PROXY = "127.0.0.1", "192.0.2.7"
SAME = {"sec-fetch-site": "same-origin"}
SLEEP = "Where do bees sleep at night?"
HOSTILE = '=HYPERLINK("http://evil.example")<script>alert(1)</script>'
OWNED = {"USER_HEADER": "X-Remote-User", "TRUSTED_PROXIES": PROXY, "OWNERS": "ada, Zoë"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a log of twelve questions."""
    base = tmp_path_factory.mktemp("owner")
    log = QuestionLog(base / "log", 90)
    asked = [("Is lunar soil dry?", "answer", ["moon"])] * 6 + [(SLEEP, "none", [])] * 3
    asked += [
        ("Where does a bee sleep at night?", "none", []),
        (HOSTILE, "related", []),
        ("Tea?", "answer", ["moon", "x"]),
    ]
    for question, verdict, articles in asked:
        token = log.add(
            question, verdict=verdict, articles=articles, build="b", milliseconds=40, language="en", filters={}
        )
    assert log.feedback(token, helpful=False)
    log.close()
    return base


@pytest.fixture
def folder(made: Path) -> Path:
    """The same without what other tests have made."""
    for name in (PINS, "tests.jsonl"):
        (made / name).unlink(missing_ok=True)
    return made


@pytest.fixture
def local(folder: Path, shared_searcher: Searcher) -> TestClient:
    """A client at the machine itself."""
    return client_of(folder, shared_searcher)


def client_of(folder: Path, searcher: Searcher, peer: str = LOCAL, **variables: str) -> TestClient:
    given = {"LOG": str(folder / "log"), "INDEX": str(folder), "TESTS": str(folder / "tests.jsonl"), **variables}
    return web_client(searcher, peer, **given)
