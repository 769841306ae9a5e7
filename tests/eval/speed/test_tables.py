import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.speed.__main__ import keep, main
from eval.speed.ceiling import Shape, profile
from eval.speed.contender import Failed
from eval.speed.ratios import Spread, quantiles, spread, times_better
from eval.speed.record import processor, read_kept, record
from eval.speed.tables import ANSWER, SEARCH, ceiling_table, load_table, race_table, ratio, scaling_table
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.encoder.openvino_runtime import cores

NOTHING: dict[str, Any] = {"build": [], "build_mb": None, "cold": [], "cold_mb": None, "recall": 0.8}
OURS = {"build": [100.0, 90.0], "build_mb": 600.4, "p50": [5.0, 4.0], "p95": [9.0, 8.0], "cold": [1.0, 1.5]}
THEIRS = {"build": [20.0, 30.0], "build_mb": 900.0, "p50": [20.0, 10.0], "p95": [30.0, 40.0], "cold": [6.0, 6.0]}
RACE = {
    "passages": 2000,
    "articles": 280,
    "rounds": 2,
    "questions": 99,
    "contenders": {
        ANSWER: {**OURS, "cold_mb": 400.0, "recall": 0.83},
        SEARCH: {**NOTHING, "p50": [2.0, 2.0], "p95": [3.0, 3.0]},
        "LangChain": {**THEIRS, "cold_mb": 1234.0, "recall": 0.7},
    },
    "failed": {"txtai": "cannot be installed:\n a | b"},
}
ROW = {
    "passages": 1000000,
    "vectors": "synthetic",
    "build_s": 1234.56,
    "build_mb": 2345.6,
    "disk_mb": 3210.9,
    "open_s": 0.25,
    "own_mb": 150.2,
    "file_mb": 1200.8,
    "answer": [8.04, 15.5],
    "search": [6.0, 9.99],
    "recall": 0.9912,
}


def test_a_ratio_is_taken_round_by_round_and_is_above_one_where_ours_is_better() -> None:
    assert times_better([2.0, 4.0, 5.0], [8.0, 8.0, 5.0]) == Spread(2.0, 1.0, 4.0)
    assert times_better([8.0, 9.0], [2.0, 3.0], more_is_better=True) == Spread(3.5, 3.0, 4.0)


def test_rounds_that_one_did_not_reach_are_left_out() -> None:
    assert times_better([2.0, 4.0], [8.0]) == Spread(4.0, 4.0, 4.0)
    assert times_better([2.0], []) is None
    assert spread([]) is None


def test_quantiles_are_interpolated() -> None:
    assert quantiles([float(value) for value in range(1, 22)]) == (11.0, 20.0)


def test_the_race_table_gives_medians_ratios_with_their_spread_and_why_one_is_missing() -> None:
    assert race_table(RACE).splitlines() == [
        "| | build, passages/s | question p50 / p95, ms | cold start, s | peak MB: build / one question | recall@5 |",
        "|---|---|---|---|---|---|",
        "| Citewell, whole answer | 95 | 4.5 / 8.5 | 1.25 | 600 / 400 | 0.830 |",
        "| Citewell, search alone | – | 2.0 / 3.0 | – | – / – | 0.800 |",
        "| LangChain | 25 | 15.0 / 35.0 | 6.00 | 900 / 1,234 | 0.700 |",
        "| txtai | not measured: cannot be installed: a \\| b | | | | |",
        "",
        "| ours is so many times better than | build | whole answer, p50 | p95 | search alone, p50 | p95 | "
        "cold start | peak memory of the build | of one question |",
        "|---|---|---|---|---|---|---|---|---|",
        "| LangChain | 4.0 × (3.0 to 5.0) | 3.2 × (2.5 to 4.0) | 4.2 × (3.3 to 5.0) | 7.5 × (5.0 to 10.0) | "
        "11.7 × (10.0 to 13.3) | 5.0 × (4.0 to 6.0) | 1.5 × | 3.1 × |",
    ]


def test_without_ours_there_are_no_ratios() -> None:
    table = race_table({**RACE, "contenders": {}, "failed": {ANSWER: "it fell"}})
    assert table.splitlines()[2:] == ["| Citewell, whole answer | not measured: it fell | | | | |"]
    assert ratio(None) == "–"


def test_the_scaling_table_has_a_line_a_size() -> None:
    assert scaling_table([ROW]).splitlines()[2] == (
        "| 1,000,000 | synthetic | 1,234.6 | 2,346 | 3,211 | 0.25 | 150 / 1,201 | 8.0 / 15.5 | 6.0 / 10.0 | 0.9912 |"
    )


def test_the_load_table_has_a_line_a_route_and_number_of_askers() -> None:
    row = {"route": "/api/ask", "askers": 8, "requests": 512, "p50": 30.4, "p95": 61.0, "throughput": 201.5}
    late = {"failures": 0, "refused": 3, "refused_p95": None, "health_p95": 4.2, "server": 5.0, "client": 0.2}
    row |= {**late, "lost_looks": 1, "own_mb": 310.4, "file_mb": 95.0}
    assert load_table([row]).splitlines()[2] == "| /api/ask | 8 | 202 | 30 / 61 | 3 | 0 | – | 4 | 1 | 310 / 95 |"
    none = {**row, "p50": None, "p95": None, "health_p95": None, "throughput": 0.0}
    assert load_table([none]).splitlines()[2] == "| /api/ask | 8 | 0 | – / – | 3 | 0 | – | – | 1 | 310 / 95 |"


def test_the_ceiling_table_tells_rates_the_share_reached_and_the_profile() -> None:
    reached = {"passages": 9, "tokens": 198.6, "mflop": 23.05, "precision": "bf16", "limit": 190.6, "rate": 100.2}
    result = {
        "rates": {"squares": {"f32": 500.4, "bf16": None}},
        "reached": {**reached, "share": 0.526},
        "profile": {"products": 0.526, "the rest": 0.474},
    }
    lines = ceiling_table(result).splitlines()
    assert lines[2] == "| squares | 500 | – |"
    assert lines[4:9] == [
        "| encoding 9 passages of 199 tokens | |",
        "|---|---|",
        "| operations a token | 23.1 MFLOP |",
        "| limit at the best bf16 rate measured | 191 passages/s |",
        "| reached | 100 passages/s, 53% of it |",
    ]
    assert lines[12:] == ["| products | 53% |", "| the rest | 47% |"]


def test_the_operations_of_the_default_encoder_are_those_of_its_matrices_and_of_attention() -> None:
    shape = Shape.of(model_folder(DEFAULT_MODEL))
    assert shape == Shape(6, 384, 1536)
    assert shape.operations(0) == 2 * 6 * 12 * 384 * 384
    assert shape.operations(200) - shape.operations(0) == 2 * 6 * 2 * 200 * 384


def test_the_profile_leaves_what_was_not_measured_to_the_rest() -> None:
    shares = profile({"all": 10.0, "without sentences": 9.0, "tokens": 0.5}, 5.0)
    assert list(shares.values()) == pytest.approx([0.5, 0.05, 0.1, 0.35])


def test_a_result_is_kept_beside_others_with_its_date_and_processor(tmp_path: Path) -> None:
    shown = record("scaling", [ROW], tmp_path)
    record("rivals", RACE, tmp_path)
    kept = json.loads((tmp_path / "speed.json").read_text("utf-8"))
    measured = {"date": kept["scaling"]["date"], "processor": processor()}
    assert kept["scaling"] == {**measured, "result": [{**ROW, **measured}]}
    page = (tmp_path / "speed.md").read_text("utf-8")
    assert page.index("## Beside other pipelines") < page.index("## As the collection grows")
    assert shown in page
    assert f"{kept['rivals']['date']}, {processor()}. `python -m eval.speed rivals`" in page
    assert "6 turns with 94 questions in all, none of them asked before, 4 cold starts" in page
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speed.json", "speed.md"]
    assert "Of the 2,000 passages 280 are those of `source_texts/`; the others are joined" in page


def test_the_processor_is_named_as_it_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text("vendor\t: x\nmodel name\t: Quick: 9000\nmodel name\t: Quick: 9000\n", "utf-8")
    assert processor(path) == f"Quick: 9000, {cores()} cores"
    assert processor(tmp_path / "none") == f"processor unknown, {cores()} cores"


def test_a_size_that_makes_no_sense_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["scaling", "--sizes", "many"])
    assert "'many' is not a number from 100 to 10000000" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["rivals", "--rounds", "31"])
    assert "'31' is not a number from 1 to 30" in capsys.readouterr().err


def test_a_size_measured_again_replaces_its_line_and_the_others_stay_in_order(tmp_path: Path) -> None:
    for size, seconds in ((1_000_000, 9.0), (1_000, 1.0), (10_000, 2.0), (1_000, 3.0)):
        record("scaling", [{**ROW, "passages": size, "build_s": seconds}], tmp_path)
    rows = read_kept(tmp_path)["scaling"]["result"]
    assert [(row["passages"], row["build_s"]) for row in rows] == [(1_000, 3.0), (10_000, 2.0), (1_000_000, 9.0)]


def test_a_line_of_another_day_or_processor_is_named(tmp_path: Path) -> None:
    record("scaling", [ROW], tmp_path)
    path = tmp_path / "speed.json"
    kept = json.loads(path.read_text("utf-8"))
    kept["scaling"]["result"][0] |= {"date": "2025-01-02", "processor": "Slow, 1 cores"}
    path.write_text(json.dumps(kept), "utf-8")
    shown = record("scaling", [{**ROW, "passages": 1_000}], tmp_path)
    assert shown.endswith(" The line of 1,000,000 passages is of 2025-01-02, Slow, 1 cores.")
    assert "The line of 1,000 passages" not in shown


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"scaling": ', "JSONDecodeError: Expecting value: line 1 column 13"),
        ('{"load": {"date": "2025-01-02", "processor": "x", "result": [{}]}}', "KeyError: 'p50'"),
        ("[5]", "TypeError: "),
    ],
)
def test_damaged_results_are_named_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, reason: str
) -> None:
    (tmp_path / "speed.json").write_text(text, "utf-8")
    assert main(["scaling", "--sizes", "100", "--save", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {tmp_path}/speed.json cannot be read ({reason}")
    assert said.endswith("; move it away or name another folder with --save\n")
    assert (tmp_path / "speed.json").read_text("utf-8") == text


@pytest.mark.parametrize("option", ["--save", "--work"])
def test_a_folder_that_cannot_be_made_is_named_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    below = tmp_path / "file" / "below"
    assert main(["scaling", "--sizes", "100", "--save", str(tmp_path / "kept"), option, str(below)]) == 2
    said = capsys.readouterr().err
    assert said == f"error: {below} cannot be made: Not a directory; name another folder with {option}\n"


def test_a_measurement_that_fails_is_named_what_it_gave_is_kept_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def growing() -> Iterator[Any]:
        yield [ROW]
        raise Failed("make ended with exit code 1: no room")

    assert keep({"scaling": growing, "rivals": lambda: [RACE]}, tmp_path) == 2
    kept, said = read_kept(tmp_path), capsys.readouterr()
    assert ([row["passages"] for row in kept["scaling"]["result"]], kept["rivals"]["result"]) == ([1_000_000], RACE)
    assert said.err.splitlines()[0] == "error: scaling: make ended with exit code 1: no room"
    assert "## As the collection grows" in said.out
    assert keep({"rivals": lambda: [RACE]}, tmp_path) == 0
