"""This checkout beside another one."""

from pathlib import Path

import pytest

from eval.speed.__main__ import main
from eval.speed.contenders import checkouts
from eval.speed.contenders.checkouts import Change, changes, checkout
from tests.conftest import PROJECT

FIGURES = {"p50": [10.0, 10.0, 12.0], "p95": [20.0, 20.0, 20.0], "cold": [1.0, 1.0, 1.0], "build": [100.0, 90.0, 110.0]}
SLOWER = {"p50": [12.0, 12.0, 15.0], "p95": [21.0, 19.0, 20.0], "cold": [0.5, 0.5, 0.5], "build": [50.0, 45.0, 55.0]}


def test_a_measure_is_slower_where_it_takes_over_a_tenth_longer_in_every_turn() -> None:
    found = {change.measure: change for change in changes(SLOWER, FIGURES)}
    assert (found["p50"], found["build"]) == (Change("p50", 1.2, 1.2, 1.25), Change("build", 2.0, 2.0, 2.0))
    assert {measure for measure, change in found.items() if change.is_slower} == {"p50", "build"}


def test_a_measure_that_some_turns_find_faster_is_not_slower() -> None:
    here = {**FIGURES, "p50": [14.0, 8.0, 14.0]}
    assert not any(change.is_slower for change in changes(here, FIGURES))


def test_another_checkout_is_a_folder_or_a_commit(tmp_path: Path) -> None:
    with checkout(str(tmp_path)) as folder:
        assert folder == tmp_path
    with checkout("HEAD") as folder:
        assert (folder / "eval" / "speed" / "__main__.py").is_file()
    assert not folder.exists()


@pytest.mark.parametrize(("change", "code", "said"), [(1.0, 0, ""), (1.3, 1, "  SLOWER")])
def test_the_command_ends_with_1_where_something_is_slower(
    change: float, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("eval.speed.__main__.compare", lambda *_: [Change("p50", change, change, change)])
    assert main(["compare", str(PROJECT)]) == code
    assert capsys.readouterr().out == f"answer, p50  {change:.2f} of the time  [{change:.2f}, {change:.2f}]{said}\n"


def test_a_name_that_is_neither_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "no-such-commit"]) == 2
    assert "'no-such-commit' is neither a folder nor a commit" in capsys.readouterr().err
    assert checkouts.ALLOWED == 1.1
