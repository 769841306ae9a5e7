"""Arguments of the evaluation's command line."""

from argparse import Namespace
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from eval.__main__ import main
from eval.arguments import articles_of, index_of, parser
from index.stores.address import open_location

COMMANDS: dict[str, Callable[[Namespace], int]] = {
    name: partial(lambda place, _: place, place)
    for place, name in enumerate(
        ("run", "compare", "bench", "calibrate", "check", "table", "inbox", "diff", "files", "web", "fuzz")
    )
}


def parsed(*given: str) -> dict[str, object]:
    return vars(parser(COMMANDS).parse_args(given))


def test_calibrating_takes_the_project_s_questions_and_index_and_keeps_what_it_finds() -> None:
    found = parsed("calibrate")
    assert found.pop("run") is COMMANDS["calibrate"]
    questions = found.pop("set")
    assert isinstance(questions, Path)
    assert (questions.parts[-2:], questions.is_file()) == (("eval", "questions.jsonl"), True)
    assert (found.pop("default"), found.pop("default_read"), found.pop("reader")) == ([], [], "shipped")
    assert found == {"index": open_location(".index"), "dry_run": False, "json": False, "risk": 0.05}


def test_a_run_may_be_asked_on_another_day() -> None:
    assert (parsed("run", "--today", "2026-03-31")["today"], parsed("run")["today"]) == (date(2026, 3, 31), None)


def test_a_set_is_asked_of_the_index_named_after_its_folder_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    questions = Path("some", "ways", "questions.jsonl")
    assert (parsed("run")["index"], index_of(questions)) == (None, open_location(".index"))
    own = Path(".index", "ways")
    own.mkdir(parents=True)
    assert index_of(questions) == open_location(".index")
    (own / "CURRENT").touch()
    assert index_of(questions) == open_location(own)


def test_a_set_is_checked_against_the_articles_beside_it_else_the_project_s(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    assert articles_of(questions) == Path("source_texts")
    (tmp_path / "articles").mkdir()
    assert articles_of(questions) == tmp_path / "articles"


def test_several_public_sets_may_be_fitted_at_once() -> None:
    assert parsed("calibrate", "--default", "a", "b")["default"] == [Path("a"), Path("b")]


@pytest.mark.parametrize(
    ("option", "name", "value"),
    [
        ((), "misspell", False),
        (("--misspell",), "misspell", True),
        (("--exact-words",), "exact_words", True),
        (("--unrelated-history", "3"), "unrelated_history", 3),
        (("--fusion", "scaled"), "fusion", "scaled"),
    ],
)
def test_what_a_bench_varies(option: tuple[str, ...], name: str, value: object) -> None:
    assert parsed("bench", "folder", *option)[name] == value


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["calibrate", "--risk", "5"], "argument --risk: '5' is no share between 0 and 1, such as 0.05"),
        (["run", "--today", "tomorrow"], "argument --today: 'tomorrow' is no date such as 2026-03-31"),
        (["calibrate", "--default"], "argument --default: expected at least one argument"),
        (["bench", "folder", "--unrelated-history", "101"], "'101' is not a number from 0 to 100"),
        (["bench", "folder", "--fusion", "mean"], "argument --fusion: invalid choice: 'mean'"),
        (["bench"], "the following arguments are required: DIR"),
        ([], "the following arguments are required: run|compare|bench|calibrate|check|table"),
    ],
)
def test_what_cannot_be_meant_is_told(given: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
