"""A run of training on a few records: it learns, is stopped and goes on, and gives the same weights."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from eval.sets.beir import read_dataset
from index.encoder.model_files import file_sha256
from index.reader.reader_file import READER_FILE, SHA256, load_weights

pytestmark = pytest.mark.slow

YEARS = range(1001, 1017)
CHECKPOINT, SETTINGS = "checkpoint.pt", "settings.json"
SHORT = ("--tasks", "16", "--batch", "8")  # two steps


def main(argv: list[str]) -> int:
    """The command, which imports torch: not for all who collect tests."""
    from eval.training.__main__ import main as command

    return command(argv)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training set of castles, each built in another year."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("train", "dev"):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as lines:
            for year in YEARS:
                passage = f"The castle of Number{year} was built in {year}. It stands on a hill above the sea."
                start = passage.index(f" {year}.") + 1
                value = {"id": f"squad2:{name}{year}", "source": "squad2", "lang": "en", "title": f"Castle {year}"}
                value |= {"question": f"When was Number{year} built?", "passage": passage, "group": f"{year % 7}"}
                lines.write(json.dumps({**value, "answers": [[start, start + 4]], "answerable": True}) + "\n")
    return folder


@pytest.fixture(autouse=True, scope="module")
def threads() -> Iterator[None]:
    """A run sets the threads of its process: here they are set back."""
    import torch

    count = torch.get_num_threads()
    yield
    torch.set_num_threads(count)


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The folder of a run by one process, and the lines that it printed."""
    run = tmp_path_factory.mktemp("runs") / "one"
    with redirect_stdout(StringIO()) as said:
        assert main(["train", str(data), "--out", str(run), *SHORT, "--processes", "1"]) == 0
    return run, _lasting(said.getvalue())


def _train(data: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eval.training", "train", str(data), "--out", str(out), *SHORT, *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _lasting(said: str) -> list[str]:
    """The output of a run, without its speed."""
    return [re.sub(r" [\d.]+ tasks/s$", "", line) for line in said.splitlines()]


def test_training_prints_losses_and_measures_and_keeps_a_checkpoint(
    data: Path, trained: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run, said = trained
    again = _train(data, tmp_path / "again", "--processes", "1")

    assert again.returncode == 0, again.stderr
    assert said[0].startswith("1/1 loss ")
    assert "AUROC relevance" in "\n".join(said)
    assert _lasting(again.stdout) == said
    assert (run / CHECKPOINT).is_file()
    assert main(["measure", str(data), "--out", str(run), "--records", "10"]) == 0
    assert "all                 10" in capsys.readouterr().out


def test_two_processes_share_the_work_and_a_run_with_other_settings_is_refused(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["train", str(data), "--out", str(tmp_path / "run"), *SHORT, "--processes", "2"]

    assert main(run) == 0
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    assert main([*run, "--rate", "0.5"]) == 2
    assert "holds a run with other settings" in capsys.readouterr().err


def test_a_run_starts_from_the_weights_of_another(data: Path, trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    import torch

    first, still = trained[0], tmp_path / "still"
    start = [*SHORT, "--processes", "1", "--rate", "0", "--start", str(first)]
    assert main(["train", str(data), "--out", str(still), *start]) == 0

    weights, same = (torch.load(run / CHECKPOINT, weights_only=True)["network"] for run in (first, still))
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert json.loads((still / SETTINGS).read_text())["start"] == file_sha256(first / CHECKPOINT)


def test_a_run_starts_from_a_reader_s_file(data: Path, tmp_path: Path) -> None:
    import torch

    still = tmp_path / "still"
    start = [*SHORT, "--processes", "1", "--rate", "0", "--start", str(READER_FILE)]
    assert main(["train", str(data), "--out", str(still), *start]) == 0

    weights, kept = torch.load(still / CHECKPOINT, weights_only=True)["network"], load_weights().arrays
    assert np.array_equal(weights["relevance.weight"].numpy(), kept["relevance.weight"])
    assert json.loads((still / SETTINGS).read_text())["start"] == SHA256


@pytest.mark.parametrize("command", [["measure"], ["train", "--start", "{run}"]])
def test_a_folder_without_a_run_is_named(
    data: Path, tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    options = [each.replace("{run}", str(tmp_path)) for each in command]
    assert main([*options, str(data), "--out", str(tmp_path)]) == 2
    assert f"{tmp_path} holds no run" in capsys.readouterr().err


def test_the_dev_split_becomes_a_question_set(data: Path, tmp_path: Path) -> None:
    assert main(["set", str(data), "--out", str(tmp_path / "castles")]) == 0

    found = read_dataset(tmp_path / "castles")
    assert len(found.articles) == len(found.queries) == len(YEARS)
    assert all(len(query.relevant) == 1 and query.unanswerable is False for query in found.queries)
