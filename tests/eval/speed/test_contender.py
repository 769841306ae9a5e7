import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from eval.speed.contender import Contender, Failed, module
from eval.speed.contenders.environment import PINS, install
from eval.speed.stage import memory
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

perform(Loud)
"""
PASSAGES = [["a moon", "x", 0, 6], ["two bees", "x", 6, 14], ["three bees fly", "x", 14, 28]]


def given(folder: Path) -> dict[str, str]:
    path = folder / "passages.json"
    path.write_text(json.dumps(PASSAGES), "utf-8")
    return {"passages": str(path), "articles": "not read", "folder": str(folder / "index")}


def test_a_contender_builds_opens_and_answers_with_a_time_for_each(tmp_path: Path) -> None:
    with Contender("words", WORDS, tmp_path / "log") as words:
        assert set(words.tell("build", **given(tmp_path))) == {"seconds"}
        words.tell("open", **given(tmp_path))
        reply = words.tell("ask", questions=["Which bees fly?", "A moon?"])
    assert reply["found"] == [[2, 1, 0], [0, 1, 2]]
    assert len(reply["ms"]) == 2
    assert (tmp_path / "log").read_text("utf-8") == "a library that talks\n"


def test_what_is_printed_while_a_contender_is_made_is_not_taken_for_a_reply(tmp_path: Path) -> None:
    with Contender("loud", [sys.executable, "-c", LOUD, "any"], tmp_path / "log") as loud:
        assert set(loud.tell("build", **given(tmp_path))) == {"seconds"}
    assert (tmp_path / "log").read_text("utf-8").splitlines()[0] == "loading 100%"


def test_what_is_no_reply_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "print('loading 100%', flush=True); input()"]
    with (
        Contender("odd", command, tmp_path / "log") as odd,
        pytest.raises(Failed, match=r"^build was answered with 'loading 100%', which is no reply$"),
    ):
        odd.tell("build")


def test_a_contender_that_ends_has_failed_with_its_last_words(tmp_path: Path) -> None:
    with Contender("words", WORDS, tmp_path / "log") as words:
        with pytest.raises(Failed, match=r"^ask ended with exit code 1: gone for good$"):
            words.tell("ask", questions=["Where is the exit?"])
        with pytest.raises(Failed, match=r"^build ended with exit code 1: gone for good$"):
            words.tell("build", **given(tmp_path))


def test_a_contender_that_cannot_start_has_failed_with_the_reason(tmp_path: Path) -> None:
    with (
        Contender("nobody", module("rivals.nobody"), tmp_path / "log") as nobody,
        pytest.raises(Failed, match=r"^build ended with exit code 1: .*No module named eval\.speed\.rivals\.nobody"),
    ):
        nobody.tell("build", **given(tmp_path))


def test_an_error_in_a_contender_is_named_by_its_last_line(tmp_path: Path) -> None:
    with (
        Contender("clumsy", [*WORDS[:-1], "clumsy"], tmp_path / "log") as clumsy,
        pytest.raises(Failed, match=r"^build ended with exit code 1: RuntimeError: the shelf fell down$"),
    ):
        clumsy.tell("build", **given(tmp_path))


def test_the_starter_says_how_a_command_ended_and_keeps_what_it_complained_of(tmp_path: Path) -> None:
    log = tmp_path / "cold.log"
    with Contender("starter", module("contenders.starter"), tmp_path / "log") as starter:
        well = starter.tell("start", command=[sys.executable, "-c", "print('said')"], log=str(log))
        ill = starter.tell("start", command=[sys.executable, "-c", "raise SystemExit('no')"], log=str(log))
    assert (well["code"], ill["code"], log.read_text("utf-8")) == (0, 1, "no\n")
    assert 1 < well["peak_mb"] < 100  # Python's own, not that of whoever runs the tests


def test_a_cold_question_is_answered_from_what_was_saved(tmp_path: Path) -> None:
    with Contender("words", WORDS, tmp_path / "log") as words:
        words.tell("build", **given(tmp_path))
    cold = [*WORDS, "--cold", str(tmp_path / "index"), "Two bees?"]
    said = subprocess.run(cold, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert said == "[1, 2, 0]\n"


def test_memory_is_at_most_its_peak() -> None:
    held = memory()
    assert 0 < held["own_mb"] + held["file_mb"] <= held["peak_mb"] * 1.05


@pytest.mark.slow
def test_what_cannot_be_installed_is_named_with_pips_reason(tmp_path: Path) -> None:
    said: list[str] = []
    reason = r"^\./no-such-package cannot be installed: .*no-such-package.*; remove env and run make bench again$"
    with pytest.raises(Failed, match=reason):
        install(["./no-such-package"], said.append, tmp_path / "env")
    assert said[-1] == "installing ./no-such-package"


@pytest.mark.slow
def test_an_environment_that_was_left_without_pip_is_made_anew_whatever_was_in_it(tmp_path: Path) -> None:
    folder, said = tmp_path / "env", list[str]()
    venv.create(folder, with_pip=False, symlinks=True)
    (folder / "installed").mkdir()
    (folder / "installed" / "no-such-package").write_text(PINS.read_text("utf-8"), "utf-8")
    with pytest.raises(Failed, match="no-such-package cannot be installed"):
        install(["./no-such-package"], said.append, folder)
    assert said[0] == "making env; this takes some minutes and about 2 GB"
    assert not (folder / "installed" / "no-such-package").exists()


def test_an_environment_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("", "utf-8")
    with pytest.raises(Failed, match=r"^env cannot be made: .*; remove env and run make bench again$"):
        install(["any"], list[str]().append, tmp_path / "env")


def test_every_rivals_package_is_pinned_with_the_products_torch() -> None:
    lines = PINS.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line.split("==")) != 2] == []
    names = {line.split("==")[0].lower() for line in lines}
    assert names >= {"torch", "sentence-transformers", "faiss-cpu", "langchain-community", "llama-index-core", "txtai"}
    assert "torch==2.13.0" in lines
