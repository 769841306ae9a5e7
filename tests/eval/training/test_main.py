"""A run of training on a few records: it learns, is stopped and goes on, and gives the same weights."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from eval.sets.beir import read_dataset
from eval.training.__main__ import main
from eval.training.trainer import CHECKPOINT, SETTINGS
from index.encoder.model_files import file_sha256

pytestmark = pytest.mark.slow

YEARS = range(1001, 1065)


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


def _train(data: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eval.training", "train", str(data), "--out", str(out), "--tasks", "96"]
    return subprocess.run([*command, "--batch", "8", *options], capture_output=True, text=True, check=False)


def test_training_prints_losses_and_measures_and_keeps_a_checkpoint(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, again = (_train(data, tmp_path / name, "--processes", "1") for name in ("one", "again"))

    assert one.returncode == 0, one.stderr
    assert "1/1 loss " in one.stdout
    assert "AUROC relevance" in one.stdout
    assert [line for line in one.stdout.splitlines() if "tasks/s" not in line] == [
        line for line in again.stdout.splitlines() if "tasks/s" not in line
    ]
    assert (tmp_path / "one" / CHECKPOINT).is_file()
    assert main(["measure", str(data), "--out", str(tmp_path / "one"), "--records", "10"]) == 0
    assert "all                 10" in capsys.readouterr().out


def test_two_processes_share_the_work_and_a_run_with_other_settings_is_refused(data: Path, tmp_path: Path) -> None:
    run = _train(data, tmp_path / "run", "--processes", "2")
    other = _train(data, tmp_path / "run", "--processes", "2", "--rate", "0.5")

    assert run.returncode == 0, run.stderr
    assert (tmp_path / "run" / CHECKPOINT).is_file()
    assert other.returncode == 2
    assert "holds a run with other settings" in other.stderr


def test_a_run_starts_from_the_weights_of_another(data: Path, tmp_path: Path) -> None:
    first, still = tmp_path / "first", tmp_path / "still"
    _train(data, first, "--processes", "1")
    assert _train(data, still, "--processes", "1", "--rate", "0", "--start", str(first)).returncode == 0

    weights, same = (torch.load(run / CHECKPOINT, weights_only=True)["network"] for run in (first, still))
    assert all(torch.equal(weights[name], same[name]) for name in weights)
    assert json.loads((still / SETTINGS).read_text())["start"] == file_sha256(first / CHECKPOINT)


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
