"""Both engines of the comparison of keyword search give the same scores and document frequencies."""

from pathlib import Path

import pytest

from eval.speed.keywords import ENGINES, actions
from eval.speed.tables import keywords_table


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_builds_opens_and_answers_with_times_and_values(tmp_path: Path, name: str) -> None:
    (tmp_path / "tokens").write_text("moon soil moon\nbee\nsoil bee\n" + "ivy\n" * 100, "utf-8")
    told = actions(ENGINES[name]())
    built = told["build"](passages=str(tmp_path / "tokens"), folder=str(tmp_path / "index"))
    told["open"](folder=str(tmp_path / "index"))
    reply = told["ask"](questions=[["soil", "bee", "soil"]], rows=[0, 2])

    assert built["disk_mb"] > 0
    # ln(1 + 101.5 / 2.5) = 3.7281; over 106 / 103 words on average: / 3.9236 for 3 words, / 3.0490 for 2
    assert reply["values"] == [pytest.approx([2 * 3.7281 / 3.9236, 3 * 3.7281 / 3.0490], abs=1e-3)]
    assert reply["counts"] == [[2, 2]]
    assert [len(reply[part]) for part in ("best", "scores", "frequencies")] == [1, 1, 1]


def test_the_table_gives_both_figures_and_their_ratio() -> None:
    asked = {"best": [1.0, 2.0], "scores": [0.5, 1.0], "frequencies": [0.1, 0.2], "own_mb": 5, "file_mb": 8}
    ours = {**asked, "build_mb": 100, "build_s": 2.0, "disk_mb": 10, "open_ms": [1.0, 2.0, 9.0]}
    theirs = {**ours, "open_ms": [50.0], "best": [4.0, 8.0]}
    lines = keywords_table({"engines": {"ours": ours, "bm25s": theirs}}).splitlines()

    assert lines[5] == "| open, ms | 2.0 | 50.0 | 25.00 × |"
    assert lines[8] == "| best 100, p50, ms | 1.000 | 4.000 | 4.00 × |"
