"""Both engines of the comparison of keyword search give the same scores."""

from pathlib import Path

import pytest

from eval.speed.keywords import ENGINES, ask, build


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_builds_opens_and_answers_with_times_and_values(tmp_path: Path, name: str) -> None:
    (tmp_path / "tokens").write_text("moon soil moon\nbee\nsoil bee\n" + "ivy\n" * 100, "utf-8")
    engine = ENGINES[name]()
    built = build(engine, str(tmp_path / "tokens"), str(tmp_path / "index"))
    reply = ask(engine, str(tmp_path / "index"), [["soil", "bee", "soil"]], [0, 2])

    assert built["disk_mb"] > 0
    # ln(1 + 101.5 / 2.5) = 3.7281; over 106 / 103 words on average: / 3.9236 for 3 words, / 3.0490 for 2
    assert reply["values"] == [pytest.approx([2 * 3.7281 / 3.9236, 3 * 3.7281 / 3.0490], abs=1e-3)]
    assert [len(reply[part]) for part in ("best", "scores")] == [1, 1]
