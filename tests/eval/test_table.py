from dataclasses import replace
from pathlib import Path

import pytest

from app.answering.calibration import Calibration
from app.answering.decision import Rule
from eval.measures import error_bound
from eval.results import Setting, read_result, summary
from eval.table import RESULTS, NoResult, ablation_table, calibration_table, newest, quality_table
from index.stores.certificate import Certificate
from tests.conftest import PROJECT
from tests.eval.test_compare import RUN


def test_the_readme_shows_the_newest_committed_result() -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    shown = readme.split("<!-- python -m eval table -->\n")[1].split("\n<!-- end -->")[0]
    assert shown == quality_table(read_result(newest()))


def test_the_ablation_covers_four_sets_and_names_its_command() -> None:
    text = (RESULTS / "ablation.md").read_text("utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ") and "0." in line]
    assert {row[0].removeprefix("| ") for row in rows} == {"squad2_dev", "mtragun", "xquad_zh", "xquad_zh2en"}
    assert "python -m eval bench" in text


def test_the_quality_table_gives_values_with_intervals() -> None:
    table = quality_table(summary(RUN, Setting("q", "b", "e", "2026-01-01"))).splitlines()
    assert table[0] == "| 50 questions on `source_texts/` | value | 95 % interval |"
    assert table[2] == "| a needed passage is first (recall@1) | 1.000 | 1.000 to 1.000 |"
    assert table[7] == "| answers right: one of the first five citations holds it | 1.000 | 1.000 to 1.000 |"
    assert table[-2:] == ["Recall@5 by kind: fact 1.000.", "Coverage by kind: fact 1.000."]


def test_the_quality_table_names_the_share_right_at_first_place_of_each_way_to_ask() -> None:
    ways = [replace(RUN[0], id="d", kind="date", first=True), replace(RUN[0], id="p", kind="phrase", first=False)]
    last = "Right at first place by way to ask: phrase 0.000, date 1.000."
    table = quality_table(summary([*RUN, *ways], Setting("q", "b", "e", "2026-01-01"))).splitlines()
    assert table[0] == "| 50 questions on `source_texts/` | value | 95 % interval |"
    assert table[-3:] == ["Recall@5 by kind: fact 1.000.", "Coverage by kind: fact 1.000.", last]
    alone = quality_table(summary(ways, Setting("q", "b", "e", "2026-01-01"))).splitlines()
    assert alone[-2:] == ["", last]


def test_the_newest_result_is_the_one_with_the_highest_number(tmp_path: Path) -> None:
    for name in ("002-b.json", "001-a.json", "ablation.md"):
        (tmp_path / name).touch()
    assert newest(tmp_path).name == "002-b.json"


def test_without_a_result_the_command_that_makes_one_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoResult, match=r"Make one: python -m eval run --save .*001-first\.json"):
        newest(tmp_path)


def test_the_ablation_table_has_a_line_a_run() -> None:
    row = {"dataset": "pond", "variant": "--no-history", "ndcg@10": 0.5, "recall@10": 1, "mrr@10": 0.25}
    table = ablation_table([{**row, "auroc_hidden": None, "auroc_no_answer": 0.75}])
    assert table.splitlines()[2] == "| pond | --no-history | 0.500 | 1.000 | 0.250 | – | 0.750 |"


def test_the_calibration_table_says_what_was_fitted_how_well_and_what_a_stricter_rule_would_do() -> None:
    rule = Rule(bias=-1.9541, sentence=4.3626, coverage=0.1884, missing=-1.7312, contrast=6.2222, related=-0.5)
    curve = ((0.0, 0.0), (0.05, 0.52), (0.5, 1.0))
    assert calibration_table(Calibration(rule, "2024-06-25", 120, 30, 119, 0.9126, curve), 0.05) == (
        "120 answerable questions; 30 unanswerable, 119 with their articles hidden\n"
        "told apart before reading: AUROC 0.913, cross-validated\n"
        "rule: -1.954 +4.363·sentence +0.188·coverage -1.731·missing +6.222·contrast\n"
        "answer from a support of 0, related from -0.500\n"
        "\n"
        "| answerable refused | unanswerable refused then | |\n"
        "|---|---|---|\n"
        "| 0.00 | 0.00 |  |\n"
        "| 0.05 | 0.52 | ██████████ |\n"
        "| 0.50 | 1.00 | ████████████████████ |\n"
        "\n"
        "No certificate: none of your questions was answered."
    )


@pytest.mark.parametrize(
    ("answers", "wrong", "risk", "said"),
    [
        (59, 0, 0.05, "That certifies 5 %."),
        (58, 0, 0.05, "To certify 5 %: 1 more questions, answered without an error."),
        (212, 9, 0.05, "To certify 5 %: 99 more questions, answered without an error."),
        (212, 9, 0.075, "That certifies 7.5 %."),
    ],
)
def test_a_calibration_says_how_many_answers_a_bound_still_needs(
    answers: int, wrong: int, risk: float, said: str
) -> None:
    rule = Rule(bias=0.0, sentence=1.0, coverage=0.0, missing=0.0)
    certificate = Certificate(answers, wrong, error_bound(wrong, answers))
    table = calibration_table(Calibration(rule, "", 30, 0, 30, 1.0, certificate=certificate), risk)
    assert table.splitlines()[-2:] == [f"{certificate}.", said]
