"""Tables of what growing costs, and how results are kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from eval.scale.stores import FOLDER
from eval.scale.tables import SCALE
from eval.speed.record import Damaged

DATABASE = "PostgreSQL 18.6, shared_buffers 1GB"
ROW: dict[str, Any] = {
    "passages": 100_000,
    "store": FOLDER,
    "load_s": 12.4,
    "disk_mb": 420.0,
    "open_s": 0.214,
    "own_mb": 198.2,
    "file_mb": 658.0,
    "alone": [10.04, 21.96],
    "vectors_10": 1.0,
    "words_10": 0.99951,
    "vectors_100": 1.0,
    "words_100": 1.0,
}
IN_DATABASE = ROW | {
    "store": DATABASE,
    "indexes_mb": 250.0,
    "server_mb": 1_234.0,
}
WORKERS: dict[str, Any] = {
    "index": "source_texts, 280 passages",
    "workers": 2,
    "own_mb": 188.4,
    "shared_mb": 190.0,
    "beside_mb": 46.0,
    "all_mb": 600.0,
    "throughput": 60.4,
    "p50": 250.0,
    "p95": None,
}


def test_a_store_has_a_line_for_each_size() -> None:
    lines = SCALE.sections["stores"].table([ROW, IN_DATABASE]).splitlines()
    assert lines[2:] == [
        "| 100,000 | folder of builds | 12 | 420 | – | 0.21 | 198 / 658 | – | 10.0 / 22.0 | 1.000 / 1.000 | "
        "1.000 / 1.000 |",
        "| 100,000 | PostgreSQL 18.6, shared_buffers 1GB | 12 | 420 | 250 | 0.21 | 198 / 658 | 1,234 | 10.0 / 22.0 | "
        "1.000 / 1.000 | 1.000 / 1.000 |",
    ]
    assert {line.count("|") for line in lines} == {12}


def test_a_number_of_workers_has_a_line() -> None:
    lines = SCALE.sections["workers"].table([WORKERS]).splitlines()
    assert lines[2] == "| source_texts, 280 passages | 2 | 188 / 190 | 46 | 600 | 60 | 250 / – |"


def test_results_are_kept_and_one_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for name, row in (("stores", IN_DATABASE), ("stores", ROW), ("workers", WORKERS)):
        SCALE.add(name, row, tmp_path)
    SCALE.add("stores", ROW | {"load_s": 99.0}, tmp_path)
    kept = SCALE.read(tmp_path)
    assert [(row["store"], row["load_s"]) for row in kept["stores"]] == [(DATABASE, 12.4), (FOLDER, 99.0)]
    page = (tmp_path / "scale.md").read_text("utf-8")
    assert SCALE.sections["stores"].table(kept["stores"]) in page
    assert SCALE.sections["workers"].table(kept["workers"]) in page


def test_the_tables_alone_say_when_and_where_they_were_measured() -> None:
    when = {"date": "2026-11-22", "processor": "AMD EPYC, 2 cores"}
    kept = {"stores": [], "workers": [WORKERS | when, WORKERS | when | {"date": "2026-11-23"}]}
    heading = "**Workers on one build**, 2026-11-22, AMD EPYC, 2 cores; 2026-11-23, AMD EPYC, 2 cores:"
    assert SCALE.tables(kept) == f"{heading}\n\n{SCALE.sections['workers'].table(kept['workers'])}"


def test_what_was_not_measured_has_no_section(tmp_path: Path) -> None:
    SCALE.add("workers", WORKERS, tmp_path)
    headings = [line for line in (tmp_path / "scale.md").read_text("utf-8").splitlines() if line.startswith("#")]
    assert headings == ["# What growing costs", "## Workers on one build"]


@pytest.mark.parametrize("content", ["", "[]", '{"stores": 1}', json.dumps({"stores": [{}], "workers": []})])
def test_results_that_cannot_be_read_are_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "scale.json").write_text(content, "utf-8")
    with pytest.raises(Damaged, match=r"scale\.json cannot be read \(.+\); move it away or name another folder"):
        SCALE.read(tmp_path)
