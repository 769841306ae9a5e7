"""A collection as it grows, measured with the real encoder."""

from pathlib import Path
from typing import Any

import pytest

from eval.speed.growth.growing import build, scale

pytestmark = pytest.mark.slow

QUESTIONS = ["Who chairs the venture fund?", "What share of the budget is spent on research?"] * 15

Grown = tuple[list[dict[str, Any]], list[str], Path]


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """The rows of a collection of 100 passages, what was said, and the folder that keeps it."""
    work, said = tmp_path_factory.mktemp("work"), list[str]()
    return list(scale((100,), QUESTIONS, work, said.append)), said, work


def test_a_small_collection_has_the_size_that_was_asked_for_and_finds_what_is_nearest(grown: Grown) -> None:
    rows, said, _ = grown
    assert [(row["passages"], row["vectors"], row["vectors_10"]) for row in rows] == [(100, "real", 1.0)]
    assert said == ["100 passages: they are made", f"100 passages: built in {rows[0]['load_s']:.1f} s"]
    assert rows[0]["search"][0] > 0
    assert rows[0]["alone"][0] < rows[0]["search"][0]  # without the time of the encoder


def test_a_whole_collection_is_not_made_again(grown: Grown) -> None:
    again: list[str] = []
    index, cost = build(100, grown[2], again.append, synthetic=False)
    assert cost.items() <= grown[0][0].items()
    assert again == [f"100 passages: {index} is taken as it stands"]
