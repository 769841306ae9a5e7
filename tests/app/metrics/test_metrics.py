"""Measures at /metrics: numbers that are right, for those who may see them, and rules that name what there is."""

import asyncio
import json
import os
import re
from pathlib import Path

import httpx
import pytest
import yaml
from mcp import Client
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from app.metrics.shared import forget_ended
from index.search.searcher import Searcher
from tests.conftest import PROJECT
from tests.serving import running
from tests.web import web_client

QUESTION = {"question": "Is lunar soil dry?"}
Numbers = dict[tuple[str, ...], float]


def numbers(text: str) -> Numbers:
    """The value of each sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def client(shared_searcher: Searcher, tmp_path: Path) -> TestClient:
    return web_client(shared_searcher, "127.0.0.1", METRICS="1", INDEX=str(tmp_path))


def test_answers_stages_and_responses_are_counted(client: TestClient) -> None:
    before = numbers(client.get("/metrics").text)
    client.post("/api/ask", json=QUESTION)
    client.post("/api/ask", json={"question": "Which zebra quarks quietly?"})
    after = numbers(client.get("/metrics").text)

    def more(*name: str) -> float:
        return after[name] - before.get(name, 0)

    assert sum(more("citewell_answers_total", verdict) for verdict in ("answer", "related", "none")) == 2
    assert more("citewell_answers_total", "answer") == 1
    assert [more("citewell_stage_seconds_count", stage) for stage in ("queue", "search", "whole")] == [2, 2, 2]
    assert 0 < more("citewell_stage_seconds_sum", "whole") < 5
    assert more("citewell_responses_total", "200") == 3  # two answers and the measures before
    assert after[("citewell_waiting",)] == 0
    assert 0 < after[("citewell_build_age_seconds",)] < 3_600
    assert (after[("citewell_articles",)], after[("citewell_passages",)]) == (3, 4)
    parts = [after[("citewell_coverage_characters", part)] for part in ("in_passages", "skipped", "lost")]
    assert parts == [241, 314, 0]
    assert after[("citewell_lost_files",)] == 0


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("10.0.0.9", {}, 200),
        ("10.0.0.10", {}, 404),
        ("192.0.2.7", {}, 404),
        ("192.0.2.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"X-Forwarded-Host": "search.example"}, 400),
        ("127.0.0.1", {"Forwarded": "for=192.0.2.7"}, 404),
        ("127.0.0.1", {"X-Real-IP": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 404),
        ("127.0.0.1", {"CF-Connecting-IP": "192.0.2.7"}, 404),
        ("127.0.0.1", {"X-User": "ann"}, 404),
        ("127.0.0.1", {"Host": "evil.example"}, 400),
    ],
)
def test_only_this_machine_and_named_addresses_see_measures(
    peer: str, headers: dict[str, str], status: int, shared_searcher: Searcher
) -> None:
    variables = {"METRICS_ADDRESSES": "10.0.0.9", "TRUSTED_PROXIES": "127.0.0.1", "USER_HEADER": "X-User"}
    client = web_client(shared_searcher, peer, METRICS="1", **variables)
    assert client.get("/metrics", headers=headers).status_code == status


def test_without_the_setting_there_are_none(shared_searcher: Searcher) -> None:
    assert web_client(shared_searcher, "127.0.0.1").get("/metrics").status_code == 404


def test_the_rules_of_the_alerts_name_measures_that_there_are(client: TestClient) -> None:
    (group,) = yaml.safe_load((PROJECT / "docs" / "alerts.yml").read_text("utf-8"))["groups"]
    assert len(group["rules"]) == 5
    there = {name[0] for name in numbers(client.get("/metrics").text)} | {"citewell_watch_failed"}
    for rule in group["rules"]:
        names = set(re.findall(r"citewell_\w+", rule["expr"]))
        assert names, rule
        assert names <= there
        assert rule["annotations"]["summary"]


def test_what_the_page_says_of_measures_is_all_that_there_are(client: TestClient) -> None:
    page = (PROJECT / "docs" / "operations.md").read_text("utf-8")
    said = set(re.findall(r"`(citewell_\w+)`", page)) - {"citewell_watch_failed"}
    families = {family.name for family in text_string_to_metric_families(client.get("/metrics").text)}
    assert {name.removesuffix("_total") for name in said} == families


def test_a_worker_that_has_ended_waits_no_more(tmp_path: Path) -> None:
    for name in ("gauge_livesum_1.db", "gauge_livesum_999999999.db", "counter_999999999.db"):
        (tmp_path / name).touch()
    forget_ended(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"gauge_livesum_1.db", "counter_999999999.db"}


@pytest.mark.slow
def test_any_worker_answers_programs_and_gives_the_sum_of_all(real_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"METRICS": "1", "MCP": "1", "LOG_FORMAT": "json"}.items():
        monkeypatch.setenv(f"CHAT_{name}", value)

    async def told(address: str) -> list[str]:
        async with Client(f"{address}/mcp") as client:  # which takes a connection as it comes
            calls = [await client.call_tool("ask", QUESTION) for _ in range(4)]
            return [call.structured_content["verdict"] for call in calls if call.structured_content]

    with running(real_root, "--workers", "2") as (process, address):
        for _ in range(4):  # a connection each, so that both are asked
            assert httpx.post(f"{address}/api/ask", json=QUESTION, timeout=60).status_code == 200
        assert asyncio.run(told(address)) == ["answer"] * 4
        found = [numbers(httpx.get(f"{address}/metrics", timeout=60).text) for _ in range(4)]
        assert process.stderr is not None
        lines = os.read(process.stderr.fileno(), 1_000_000).decode().splitlines()
    assert {each[("citewell_answers_total", "answer")] for each in found} == {8}
    assert {each[("citewell_stage_seconds_count", "encode")] for each in found} == {8}
    assert all(each[("citewell_stage_seconds_sum", "read")] > 0 for each in found)
    assert [json.loads(line)["verdict"] for line in lines] == ["answer"] * 8
    assert QUESTION["question"] not in "".join(lines)
