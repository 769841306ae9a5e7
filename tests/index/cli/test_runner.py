import argparse
import subprocess
import sys
from collections.abc import Callable

import pytest

from index.articles.filters import EVERYTHING, Filters
from index.cli.runner import add_filters, filters_of, number, run
from index.errors import NoIndex
from tests.conftest import PROJECT


def parser(command: Callable[[argparse.Namespace], int]) -> Callable[[], argparse.ArgumentParser]:
    def made() -> argparse.ArgumentParser:
        found = argparse.ArgumentParser()
        found.set_defaults(run=command)
        return found

    return made


def test_the_commands_own_exit_code_is_returned() -> None:
    assert run(parser(lambda _: 1), []) == 1


def test_what_a_person_can_fix_is_one_sentence_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_: argparse.Namespace) -> int:
        raise NoIndex("no index at x")

    assert run(parser(fail), []) == 2
    assert capsys.readouterr() == ("", "error: no index at x\n")


def test_a_bug_keeps_its_traceback() -> None:
    def fail(_: argparse.Namespace) -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(parser(fail), [])


def test_an_interrupt_is_told_and_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    assert run(parser(interrupted), []) == 2
    assert capsys.readouterr().err == "stopped\n"


@pytest.mark.parametrize("value", ["1", "20"])
def test_a_number_within_its_bounds_is_taken(value: str) -> None:
    assert number(1, 20)(value) == int(value)


@pytest.mark.parametrize("value", ["0", "21", "-1", "1.5", "²", "", "9" * 5000])
def test_a_number_outside_is_told_with_its_bounds(value: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a number from 1 to 20"):
        number(1, 20)(value)


@pytest.mark.parametrize(
    ("words", "filters"),
    [
        ("", EVERYTHING),
        ("--since 2024 --until 2025-01", Filters("2024", "2025-01")),
        (
            "--publisher CGTN --language en --folder a/b --publisher Xinhua --folder c",
            Filters(publishers=("CGTN", "Xinhua"), languages=("en",), folders=("a/b", "c")),
        ),
    ],
)
def test_options_become_filters(words: str, filters: Filters) -> None:
    for _ in range(2):  # what one command was given does not stay for the next
        command = argparse.ArgumentParser()
        add_filters(command)
        assert filters_of(command.parse_args(words.split())) == filters


def test_a_process_that_leaves_has_written_its_output_and_closes_nothing() -> None:
    script = (
        "import atexit; from index.cli.runner import leave; atexit.register(print, 'closed'); print('said'); leave(2)"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "said\n", "")


def test_a_reader_that_has_seen_enough_ends_a_command_without_a_traceback() -> None:
    code = "import sys; from index.cli.runner import run; import argparse; p = argparse.ArgumentParser();"
    code += "p.set_defaults(run=lambda _: print('x' * 10**6) or 0); sys.exit(run(lambda: p, []))"
    command = subprocess.Popen(
        [sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout is not None
    command.stdout.close()
    assert (command.communicate(timeout=60)[1], command.returncode) == (b"", 0)
