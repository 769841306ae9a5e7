import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.speed.__main__ import main
from eval.speed.ceiling import matrices, operations
from eval.speed.command import measure
from eval.speed.contender import Failed
from eval.speed.contenders.rivals import PLAIN, RERANKED
from eval.speed.record import commit, processor
from eval.speed.tables import ANSWER, READ, SEARCH, SPEED, race_table, times_better
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.encoder.openvino_runtime import cores

NOTHING: dict[str, Any] = {"build": [], "build_mb": None, "cold": [], "cold_mb": None, "recall": 0.8}
TIMES = ("build", "p50", "p95", "cpu", "cold")
OURS: dict[str, Any] = dict(zip(TIMES, ([100.0, 90.0], [5.0, 4.0], [9.0, 8.0], [8.0, 8.0], [1.0, 1.5]), strict=True))
THEIRS: dict[str, Any] = dict(
    zip(TIMES, ([20.0, 30.0], [20.0, 10.0], [30.0, 40.0], [20.0, 40.0], [6.0, 6.0]), strict=True)
)
RACE: dict[str, Any] = {
    "passages": 2000,
    "articles": 280,
    "rounds": 2,
    "turns": 6,
    "starts": 4,
    "questions": 99,
    "asked": 94,
    "contenders": {
        ANSWER: {**OURS, "build_mb": 600.4, "cold_mb": 400.0, "recall": 0.83},
        SEARCH: {**NOTHING, "p50": [2.0, 2.0], "p95": [3.0, 3.0]},
        "LangChain": {**THEIRS, "build_mb": 900.0, "cold_mb": 1234.0, "recall": 0.7},
    },
    "failed": {"txtai": "cannot be installed:\n a | b"},
}
ROW = {
    "passages": 1000000,
    "vectors": "synthetic",
    "load_s": 1234.56,
    "load_mb": 2345.6,
    "disk_mb": 3210.9,
    "open_s": 0.25,
    "own_mb": 150.2,
    "file_mb": 1200.8,
    "answer": [8.04, 15.5],
    "search": [6.0, 9.99],
    "vectors_10": 0.9912,
}


def test_a_ratio_is_taken_round_by_round() -> None:
    assert times_better([2.0, 4.0, 5.0], [8.0, 8.0, 5.0]) == "2.0 × (1.0 to 4.0)"
    assert times_better([2.0, 4.0], [8.0]) == "4.0 ×"  # rounds that one did not reach are left out
    assert times_better([2.0], []) is None


def test_the_race_table_gives_medians_ratios_with_their_spread_and_why_one_is_missing() -> None:
    assert race_table([RACE]).splitlines() == [
        "| | build, passages/s | question p50 / p95, ms | of all cores, CPU-ms | cold start, s | "
        "peak MB: build / one question | recall@5 |",
        "|---|---|---|---|---|---|---|",
        "| Citewell, whole answer | 95 | 4.5 / 8.5 | 8 | 1.25 | 600 / 400 | 0.830 |",
        "| Citewell, search alone | – | 2.0 / 3.0 | – | – | – / – | 0.800 |",
        "| LangChain | 25 | 15.0 / 35.0 | 30 | 6.00 | 900 / 1,234 | 0.700 |",
        "",
        "| ours is so many times better than | build | whole answer, p50 | p95 | CPU | cold start | "
        "peak memory of the build | of one question |",
        "|---|---|---|---|---|---|---|---|",
        "| LangChain | 4.0 × (3.0 to 5.0) | 3.2 × (2.5 to 4.0) | 4.2 × (3.3 to 5.0) | 3.8 × (2.5 to 5.0) | "
        "5.0 × (4.0 to 6.0) | 1.5 × | 3.1 × |",
        "",
        "Not measured: txtai (cannot be installed: a | b).",
    ]


def test_pipelines_that_read_are_compared_with_the_answer_that_was_read() -> None:
    read = {**NOTHING, "p50": [10.0], "p95": [20.0], "cpu": [16.0], "cold": [2.0], "cold_mb": 500.0}
    theirs = {**NOTHING, "p50": [30.0], "p95": [30.0], "cpu": [48.0], "cold": [8.0], "cold_mb": 1000.0}
    plain = {**THEIRS, "build_mb": 900.0, "p50": [10.0], "p95": [9.0], "cold_mb": 400.0}
    contenders = {
        ANSWER: {**OURS, "build_mb": 600.4, "cold_mb": 400.0, "recall": 0.83},
        READ: read,
        PLAIN: plain,
        RERANKED: theirs,
    }
    ratios = race_table([{**RACE, "contenders": contenders}]).splitlines()[-4:]
    assert ratios[0].startswith(f"| {PLAIN} | 4.0 × (3.0 to 5.0) | 2.0 × | 1.0 × |")
    assert ratios[1] == f"| {RERANKED} | – | 3.0 × | 1.5 × | 3.0 × | 4.0 × | – | 2.0 × |"


def test_without_ours_there_are_no_ratios() -> None:
    table = race_table([{**RACE, "contenders": {}, "failed": {ANSWER: "it fell"}}])
    assert table.splitlines()[2:] == ["", "Not measured: Citewell, whole answer (it fell)."]


def test_the_scaling_table_has_a_line_a_size() -> None:
    assert SPEED.sections["scaling"].table([ROW]).splitlines()[2] == (
        "| 1,000,000 | synthetic | 1,234.6 | 2,346 | 3,211 | 0.25 | 150 / 1,201 | 8.0 / 15.5 | 6.0 / 10.0 | 0.9912 |"
    )


def test_figures_that_there_are_none_of_are_dashes() -> None:
    row = {"route": "/api/ask", "askers": 8, "p50": 30.4, "p95": 61.0, "throughput": 201.5, "failures": 0, "refused": 3}
    row |= {"health_p95": 4.2, "own_mb": 310.4, "file_mb": 95.0}
    none = row | {"p50": None, "p95": None, "health_p95": None, "throughput": 0.0}
    assert SPEED.sections["load"].table([row, none]).splitlines()[2:] == [
        "| /api/ask | 8 | 202 | 30 / 61 | 3 | 0 | 4 | 310 / 95 |",
        "| /api/ask | 8 | 0 | – / – | 3 | 0 | – | 310 / 95 |",
    ]


def test_the_operations_of_the_default_encoder_are_those_of_its_matrices_and_of_attention() -> None:
    layers, shapes = matrices(model_folder(DEFAULT_MODEL))
    assert (layers, shapes) == (6, [(384, 384)] * 4 + [(384, 1536), (1536, 384)])
    assert operations(layers, shapes, 0) == 2 * 6 * 12 * 384 * 384
    assert operations(layers, shapes, 200) - operations(layers, shapes, 0) == 2 * 6 * 2 * 200 * 384


def test_a_result_is_kept_beside_others_with_its_date_and_processor(tmp_path: Path) -> None:
    shown = SPEED.add("scaling", ROW, tmp_path)
    SPEED.add("rivals", RACE, tmp_path)
    kept = json.loads((tmp_path / "speed.json").read_text("utf-8"))
    measured = {"date": kept["scaling"][0]["date"], "processor": processor(), "commit": commit()}
    assert kept["scaling"] == [{**ROW, **measured}]
    page = (tmp_path / "speed.md").read_text("utf-8")
    assert page.index("## Beside other pipelines") < page.index("## As the collection grows")
    assert shown in page
    assert f"{measured['date']}, {processor()}, {commit()}. `python -m eval.speed rivals`" in page
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
        SPEED.add("scaling", {**ROW, "passages": size, "load_s": seconds}, tmp_path)
    rows = SPEED.read(tmp_path)["scaling"]
    assert [(row["passages"], row["load_s"]) for row in rows] == [(1_000, 3.0), (10_000, 2.0), (1_000_000, 9.0)]


def test_every_day_and_processor_of_the_lines_is_named(tmp_path: Path) -> None:
    SPEED.add("scaling", ROW, tmp_path)
    path = tmp_path / "speed.json"
    kept = json.loads(path.read_text("utf-8"))
    kept["scaling"][0] |= {"date": "2025-01-02", "processor": "Slow, 1 cores"}
    del kept["scaling"][0]["commit"]  # of a result that was kept before commits were
    path.write_text(json.dumps(kept), "utf-8")
    shown = SPEED.add("scaling", {**ROW, "passages": 1_000}, tmp_path)
    assert shown.splitlines()[2].startswith("2025-01-02, Slow, 1 cores; ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"scaling": ', "JSONDecodeError: Expecting value: line 1 column 13"),
        (
            '{"rivals": [{}], "ceiling": [], "keywords": [], "scaling": [], "suggestions": [], "load": []}',
            "KeyError: 'passages'",
        ),
        ("[5]", "AttributeError: "),
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


def test_a_measurement_that_fails_is_named_its_rows_are_kept_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def growing() -> Iterator[Any]:
        yield ROW
        raise Failed("make ended with exit code 1: no room")

    def run(what: str) -> int:
        arguments = Namespace(what=what, save=tmp_path, work=None)
        return measure(SPEED, arguments, lambda _: {"scaling": growing, "rivals": lambda: [RACE]})

    assert run("all") == 2
    kept, said = SPEED.read(tmp_path), capsys.readouterr()
    assert ([row["passages"] for row in kept["scaling"]], len(kept["rivals"])) == ([1_000_000], 1)
    assert said.err.splitlines()[0] == "error: scaling: make ended with exit code 1: no room"
    assert "## As the collection grows" in said.out
    assert run("rivals") == 0
    assert "## As the collection grows" not in capsys.readouterr().out
