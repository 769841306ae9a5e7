"""A collection as it grows, measured with the real encoder."""

from pathlib import Path

from eval.speed.growth.growing import build, scale

QUESTIONS = ["Who chairs the venture fund?", "What share of the budget is spent on research?"] * 15


def test_a_small_collection_has_the_size_that_was_asked_for_and_finds_what_is_nearest(tmp_path: Path) -> None:
    said: list[str] = []
    rows = list(scale((100,), QUESTIONS, tmp_path, said.append))
    assert [(row["passages"], row["vectors"], row["vectors_10"]) for row in rows] == [(100, "real", 1.0)]
    assert said == ["100 passages: they are made", f"100 passages: built in {rows[0]['load_s']:.1f} s"]
    assert rows[0]["search"][0] > 0
    assert rows[0]["alone"][0] < rows[0]["search"][0]  # without the time of the encoder


def test_a_whole_collection_is_not_made_again(tmp_path: Path) -> None:
    said: list[str] = []
    made = build(100, tmp_path, said.append)
    said.clear()
    assert build(100, tmp_path, said.append) == made
    assert said == [f"100 passages: {made[0]} is taken as it stands"]
