"""Encoding of a visitor's files, a few passages at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.trials import indexing
from app.trials.folder import Trial, TrialsFolder
from app.trials.indexing import Behind, begin
from tests.hashing import IDENTITY, HashingEncoder


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    trial = TrialsFolder(tmp_path / "trials").create()[1]
    with trial.added("tea.md") as file:
        file.write(b"Oolong tea is partly oxidised.")
    return trial


@contextmanager
def at_once() -> Iterator[None]:
    yield


def test_a_turn_is_taken_for_every_four_passages_and_the_vectors_are_the_same() -> None:
    turns, counts = list[str](), list[int]()

    @contextmanager
    def turn() -> Iterator[None]:
        turns.append("taken")
        yield
        turns.append("given back")

    encoder = HashingEncoder()
    texts = [f"Tea number {number}. It is green." for number in range(10)]
    sentences = [[(0, 13), (14, 26)]] * 10
    vectors = Behind(encoder, turn, counts.append).passages(texts, sentences)
    assert turns == ["taken", "given back"] * 3
    assert counts == [4, 4, 2]
    for made, usual in zip(vectors, encoder.passages(texts, sentences), strict=True):
        assert np.array_equal(made, usual)


def test_a_trial_is_indexed_once(trial: Trial) -> None:
    thread = begin(trial, HashingEncoder(), IDENTITY, at_once)
    assert thread
    assert begin(trial, HashingEncoder(), IDENTITY, at_once) is None
    thread.join()
    assert begin(trial, HashingEncoder(), IDENTITY, at_once) is None
    assert trial.status()["state"] == "ready"


def test_files_with_too_much_text_are_told_their_account_and_not_encoded(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MOST_CHARACTERS", 25)
    thread = begin(trial, HashingEncoder(), IDENTITY, at_once)
    assert thread
    thread.join()
    status = trial.status()
    assert (status["state"], status["problem"], status["files"][0]["characters"]) == ("failed", "long", 26)
    assert not trial.index.exists()


def test_what_is_deleted_while_it_is_indexed_stays_deleted(trial: Trial) -> None:
    folder = TrialsFolder(trial.folder.parent)

    @contextmanager
    def turn() -> Iterator[None]:
        folder.delete(trial.folder)
        yield

    thread = begin(trial, HashingEncoder(), IDENTITY, turn)
    assert thread
    thread.join()
    assert [path.name for path in folder.root.iterdir() if path.is_dir()] == []
