import json
import subprocess
import sys
from pathlib import Path

import pytest

from eval.speed.contender import Contender, Failed, module
from eval.speed.contenders.competition import PINS, install
from eval.speed.stage import memory, quantiles
from tests.conftest import PROJECT

WORDS = [sys.executable, "-m", "tests.contending", "any"]
LOUD = """
import os
from eval.speed.stage import perform
from tests.contending import Words

class Loud(Words):
    def __init__(self, model):
        os.write(1, b"loading 100%\\n")
        super().__init__(model)

perform(Loud, "any")
"""
PASSAGES = [["a moon", "x", 0, 6], ["two bees", "x", 6, 14], ["three bees fly", "x", 14, 28]]


def given(folder: Path) -> dict[str, str]:
    path = folder / "passages.json"
    path.write_text(json.dumps(PASSAGES), "utf-8")
    return {"passages": str(path), "articles": "not read", "folder": str(folder / "index")}


def test_a_contender_builds_opens_and_answers_with_a_time_for_each(tmp_path: Path) -> None:
    with Contender(WORDS, tmp_path / "log") as words:
        assert set(words.tell("build", **given(tmp_path))) == {"seconds"}
        words.tell("open", **given(tmp_path))
        reply = words.tell("ask", questions=["Which bees fly?", "A moon?"])
    assert reply["found"] == [[2, 1, 0], [0, 1, 2]]
    assert len(reply["ms"]) == 2
    assert (tmp_path / "log").read_text("utf-8") == "a library that talks\n"


def test_what_is_printed_while_a_contender_is_made_is_not_taken_for_a_reply(tmp_path: Path) -> None:
    with Contender([sys.executable, "-c", LOUD], tmp_path / "log") as loud:
        assert set(loud.tell("build", **given(tmp_path))) == {"seconds"}
    assert (tmp_path / "log").read_text("utf-8").splitlines()[0] == "loading 100%"


def test_a_contender_that_ends_has_failed_with_its_last_words(tmp_path: Path) -> None:
    with Contender(WORDS, tmp_path / "log") as words:
        with pytest.raises(Failed, match=r"^ask ended with exit code 1: gone for good$"):
            words.tell("ask", questions=["Where is the exit?"])
        with pytest.raises(Failed, match=r"^build ended with exit code 1: gone for good$"):
            words.tell("build", **given(tmp_path))


def test_a_contender_that_cannot_start_has_failed_with_the_reason(tmp_path: Path) -> None:
    with (
        Contender(module("contenders.nobody"), tmp_path / "log") as nobody,
        pytest.raises(
            Failed, match=r"^build ended with exit code 1: .*No module named eval\.speed\.contenders\.nobody"
        ),
    ):
        nobody.tell("build", **given(tmp_path))


def test_an_error_in_a_contender_is_named_by_its_last_line(tmp_path: Path) -> None:
    with (
        Contender([*WORDS[:-1], "clumsy"], tmp_path / "log") as clumsy,
        pytest.raises(Failed, match=r"^build ended with exit code 1: RuntimeError: the shelf fell down$"),
    ):
        clumsy.tell("build", **given(tmp_path))


def test_a_start_tells_how_a_command_ended_and_keeps_its_errors(tmp_path: Path) -> None:
    log = tmp_path / "cold.log"
    well, ill = (
        json.loads(subprocess.check_output(module("stage", str(log), sys.executable, "-c", code), cwd=PROJECT))
        for code in ("print('said')", "raise SystemExit('no')")
    )
    assert (well["code"], ill["code"], log.read_text("utf-8")) == (0, 1, "no\n")
    assert 1 < well["peak_mb"] < 100  # Python's own, not that of whoever runs the tests


def test_a_cold_question_is_answered_from_what_was_saved(tmp_path: Path) -> None:
    with Contender(WORDS, tmp_path / "log") as words:
        words.tell("build", **given(tmp_path))
    cold = [*WORDS, str(tmp_path / "index"), "Two bees?"]
    said = subprocess.run(cold, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert said == "[1, 2, 0]\n"


def test_memory_is_at_most_its_peak() -> None:
    held = memory()
    assert 0 < held["own_mb"] + held["file_mb"] <= held["peak_mb"] * 1.05


def test_quantiles_are_interpolated() -> None:
    assert quantiles([float(value) for value in range(1, 22)]) == (11.0, 20.0)
    assert quantiles([5.0]) == (5.0, 5.0)


@pytest.mark.slow
def test_the_reason_of_pip_is_told_if_the_pipelines_cannot_be_installed(tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "pins").write_text("./no-such-package\n", "utf-8")
    reason = r"^env cannot be made: .*no-such-package.*; remove it and try again$"
    with pytest.raises(Failed, match=reason):
        install(said.append, tmp_path / "env", tmp_path / "pins")
    assert said == ["installing pins in env; the first time takes some minutes"]


def test_an_environment_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("", "utf-8")
    with pytest.raises(Failed, match=r"^env cannot be made: .*; remove it and try again$"):
        install(list[str]().append, tmp_path / "env")


def test_every_rivals_package_is_pinned_with_the_products_torch() -> None:
    lines = PINS.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line.split("==")) != 2] == []
    names = {line.split("==")[0].lower() for line in lines}
    assert names >= {"torch", "sentence-transformers", "faiss-cpu", "langchain-community", "llama-index-core", "txtai"}
    assert "torch==2.13.0" in lines
