"""A limit of addresses that is too low ends in a sentence, before a library is imported that would fail."""

import os
import resource
import subprocess
import sys

import pytest

from index.cli.runner import ACT, run
from tests.conftest import PROJECT


@pytest.mark.parametrize("command", [["index", "build", "source_texts"], ["app", "serve"], ["app", "ask", "Why?"]])
def test_too_few_addresses_are_said_in_a_sentence(command: list[str]) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (800_000_000,) * 2)

    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env=os.environ,
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )

    assert (ended.returncode, ended.stdout) == (ACT, "")
    assert ended.stderr == (
        "error: this process may have 0.8 GB of addresses, and 3 GB are needed (ulimit -v). "
        "Raise the limit: ulimit -v unlimited\n"
    )


def test_a_lack_of_memory_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def parser() -> object:
        return [bytes(1 << 60)]

    assert run(parser, []) == ACT  # type: ignore[arg-type]
    assert capsys.readouterr().err == (
        "error: there is not enough memory. End other programs, or raise the limit of this one (ulimit -v, its "
        "container's or its service's)\n"
    )
