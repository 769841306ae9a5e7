"""A calibration that is kept while the application serves, and what later builds make of it."""

import asyncio
import logging
from functools import partial
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.answering.calibration import Calibration, rule_of, write_calibration
from app.answering.decision import DEFAULT, Rule
from app.serving.live import Live
from app.settings import Settings
from app.web.application import web_app
from index.stores.address import open_location
from index.stores.builds.directory import roll_back
from tests.app.serving.test_live import OTHER, QUESTION, built, name, until
from tests.hashing import IDENTITY, HashingEncoder

NEVER = Rule(bias=-50, sentence=0, coverage=0, missing=0)
ALWAYS = Rule(bias=50, sentence=0, coverage=0, missing=0)
SUN = {"sun.md": "The Sun is hot."}


def keep(root: Path, rule: Rule) -> Path:
    return Path(write_calibration(open_location(root), IDENTITY, Calibration(rule, "2024-06-25", 30, 10, 30, 0.9)))


def decides(live: Live, rule: Rule) -> bool:
    return live.current().rule == rule


def test_a_calibration_that_is_written_while_it_serves_decides_from_then_on(root: Path) -> None:
    live = Live(root, HashingEncoder)
    build, searcher = name(live), live.current().searcher
    assert decides(live, DEFAULT)
    for rule in (NEVER, ALWAYS):
        keep(root, rule)
        until(partial(decides, live, rule))
    assert name(live) == build
    assert live.current().searcher is searcher


def test_a_calibration_that_is_taken_away_leaves_the_default_rule(root: Path) -> None:
    path = keep(root, NEVER)
    live = Live(root, HashingEncoder)
    assert decides(live, NEVER)
    path.unlink()
    until(partial(decides, live, DEFAULT))


def test_a_later_build_of_the_same_encoder_keeps_the_calibration(folder: Path, root: Path) -> None:
    keep(root, NEVER)
    live = Live(root, HashingEncoder)
    first, second = name(live), built(folder, root, SUN)
    until(lambda: name(live) == second)
    assert decides(live, NEVER)
    assert Live(root, HashingEncoder).current().rule == NEVER
    roll_back(root)
    until(lambda: name(live) == first)
    assert decides(live, NEVER)


def test_a_build_of_another_encoder_is_decided_by_the_default_rule_and_that_is_told(
    folder: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = keep(root, NEVER)
    live = Live(root, HashingEncoder)
    second = built(folder, root, SUN, OTHER)
    with caplog.at_level(logging.WARNING):
        until(lambda: name(live) == second)
    assert decides(live, DEFAULT)
    [told] = [record.getMessage() for record in caplog.records]
    assert told == f"{path} is of another encoder or format. Make it anew: python -m eval calibrate"
    assert rule_of(open_location(root), IDENTITY) == NEVER


def test_the_application_answers_by_the_calibration_and_says_that_it_has_one(root: Path) -> None:
    live = Live(root, HashingEncoder)

    async def made() -> TestClient:
        return TestClient(web_app(live.seen_by, Settings(index=open_location(root))), "http://127.0.0.1")

    client = asyncio.run(made())

    def told() -> tuple[bool, bool, bool]:
        answer = client.post("/api/ask", json={"question": QUESTION}).json()
        call = {"fn_index": 0, "data": [{"question": QUESTION}]}
        chat = client.post("/gradio_api/run/predict", json=call).json()["data"][0]["html"]
        return client.get("/healthz").json()["calibrated"], answer["answered"], 'class="no-answer"' not in chat

    assert told() == (False, True, True)
    keep(root, NEVER)
    until(lambda: told() == (True, False, False))
    keep(root, ALWAYS)
    until(lambda: told() == (True, True, True))
