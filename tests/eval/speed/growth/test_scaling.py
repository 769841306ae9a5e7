"""A collection as it grows, measured with the real encoder."""

from pathlib import Path

import pytest

from eval.speed.growth.scaling import scale


@pytest.mark.slow
def test_a_small_collection_has_the_size_that_was_asked_for_and_finds_what_is_nearest(tmp_path: Path) -> None:
    said: list[str] = []
    rows = list(scale((100,), tmp_path, said.append))
    assert [(row["passages"], row["vectors"], row["recall"]) for row in rows] == [(100, "real", 1.0)]
    assert said == ["100 passages", f"100 passages: built in {rows[0]['build_s']:.1f} s"]
    assert list(tmp_path.iterdir()) == []
