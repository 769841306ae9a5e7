"""The journal of a build: what was encoded comes back, whatever the process or the disk did to its end."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.ingestion.encoding import PassageVectors, Record
from index.stores.builds.journal import Journal, journal_path, remove_journals
from tests.hashing import IDENTITY

DIMENSION = 4
KEYS = [bytes([number]) * 32 for number in range(6)]
SIZES = [32 + 4 + 8 + 8 * sentences + 4 for sentences in (1, 2, 3, 1, 2, 3)]  # bytes of each record


def _record(number: int) -> Record:
    vector = np.array([number, 0.1, -1, 1e-7], np.float16)
    scales = np.array([number + 0.1, 1e-9, -3], np.float32)[: number % 3 + 1]
    return KEYS[number], PassageVectors(vector, np.full((len(scales), DIMENSION), number - 127, np.int8), scales)


def _values(vectors: PassageVectors) -> list[object]:
    parts = (vectors.passage, vectors.sentences, vectors.scales)
    return [(str(part.dtype), part.tolist()) for part in parts]


def _write(path: Path, numbers: Sequence[int]) -> None:
    with Journal(path, DIMENSION) as journal:
        journal.add([_record(number) for number in numbers])


def _held(path: Path) -> list[int]:
    """The numbers of the records that a journal holds, each checked to be as it was written."""
    held = []
    with Journal(path, DIMENSION) as journal:
        for number, key in enumerate(KEYS):
            if found := journal.find(key):
                assert _values(found) == _values(_record(number)[1])
                held.append(number)
    return held


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return journal_path(tmp_path, IDENTITY, DIMENSION)


def test_what_builds_one_after_the_other_put_in_comes_back(path: Path) -> None:
    assert _held(path) == []
    _write(path, [0, 2])
    _write(path, [5])

    assert _held(path) == [0, 2, 5]


def test_a_batch_outlives_a_process_that_never_closes_the_journal(path: Path) -> None:
    journal = Journal(path, DIMENSION)
    journal.add([_record(0), _record(1)])

    assert _held(path) == [0, 1]
    journal.__exit__(None, None, None)


def test_a_torn_tail_is_dropped_wherever_it_was_cut(path: Path) -> None:
    _write(path, range(6))
    raw = path.read_bytes()
    ends = np.cumsum(SIZES).tolist()
    assert len(raw) == ends[-1]

    for length in range(len(raw)):
        path.write_bytes(raw[:length])
        whole = sum(end <= length for end in ends)
        assert _held(path) == [*range(whole)]
        assert path.stat().st_size == sum(SIZES[:whole])
        if whole < 5:
            _write(path, [5])
            assert _held(path) == [*range(whole), 5]


def test_an_altered_record_is_dropped_with_all_after_it(path: Path) -> None:
    _write(path, range(6))
    raw = path.read_bytes()
    for place in range(len(raw)):
        path.write_bytes(raw[:place] + bytes([raw[place] ^ 0x40]) + raw[place + 1 :])
        assert _held(path) == [number for number in range(6) if sum(SIZES[: number + 1]) <= place]


def test_a_tail_of_zeros_is_dropped(path: Path) -> None:
    _write(path, [0])
    with path.open("ab") as file:
        file.write(b"\0" * 4096)

    assert _held(path) == [0]
    assert path.stat().st_size == SIZES[0]


@pytest.mark.parametrize(
    "other",
    [
        journal_path(Path(), replace(IDENTITY, model="other"), DIMENSION),
        journal_path(Path(), replace(IDENTITY, weights="1" * 64), DIMENSION),
        journal_path(Path(), replace(IDENTITY, passage_prefix="passage: "), DIMENSION),
        journal_path(Path(), IDENTITY, DIMENSION + 1),
    ],
)
def test_each_encoder_has_a_journal_of_its_own(other: Path) -> None:
    mine = journal_path(Path(), IDENTITY, DIMENSION)

    assert mine == journal_path(Path(), replace(IDENTITY), DIMENSION)
    assert mine.parent == other.parent == Path("encoding")
    assert mine.name != other.name


def test_a_journal_is_removed_with_its_build_and_those_of_others_after_a_week(path: Path, tmp_path: Path) -> None:
    recent, old = path.with_name("recent"), path.with_name("old")
    for name in (path, recent, old):
        _write(name, [0])
    week = time.time() - 7 * 24 * 3600
    os.utime(old, (week - 60, week - 60))
    os.utime(recent, (week + 600, week + 600))

    remove_journals(tmp_path, path)
    assert [*path.parent.iterdir()] == [recent]
    remove_journals(tmp_path, recent)
    assert not path.parent.exists()
    remove_journals(tmp_path, recent)
