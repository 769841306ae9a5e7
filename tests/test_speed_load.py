"""The measure of a served application: what it counts, and that it asks as people do."""

import json
from pathlib import Path

import pytest

from eval.speed.load import ROUTES, Load, NotServed, _p95, measure, questions_of
from index.build import build
from index.models import DEFAULT_MODEL, identify

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


def test_every_question_of_every_asker_is_answered_on_both_routes(root: Path) -> None:
    heard: list[str] = []
    found = measure(root, QUESTIONS, askers=(1, 3), requests=6, say=heard.append)
    assert [counts(load) for load in found] == [(route, askers, 6, 0, 0) for route in ROUTES for askers in (1, 3)]
    assert [line.partition(":")[0] for line in heard] == [
        f"{route} with {n} askers" for route in ROUTES for n in (1, 3)
    ]
    for load in found:
        assert 0 < load.p50 <= load.p95
        assert load.throughput > 0
        assert load.server > 0
        assert load.refused_p95 is None


def test_a_full_line_is_counted_apart_from_failures(root: Path) -> None:
    found = measure(root, QUESTIONS, askers=(24,), requests=24, env={"CHAT_WAITING": "0"})
    for load in found:
        assert load.failures == 0
        assert 0 < load.refused < 24
        assert load.refused_p95 is not None


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


@pytest.mark.parametrize(("times", "p95"), [([], None), ([3.0], 3.0), ([float(n) for n in range(101)], 95.0)])
def test_the_95th_percentile_lies_between_the_times_measured(times: list[float], p95: float | None) -> None:
    assert _p95(times) == p95
