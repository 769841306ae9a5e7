"""The training set: which records are read, and what is said about a file that is none."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.sets.beir import BadDataset
from eval.training.records import Record, read_records

VALUE: dict[str, Any] = {
    "id": "squad2:1",
    "source": "squad2",
    "lang": "en",
    "title": None,
    "question": "When was it built?",
    "passage": "It was built in 1087.",
    "answers": [[16, 20]],
    "answerable": True,
    "relevant": True,
    "group": "castle",
}


def record(**changes: Any) -> Record:
    """A record of one castle."""
    made = Record(
        "squad2:1",
        "squad2",
        "Castle",
        VALUE["question"],
        VALUE["passage"],
        ((16, 20),),
        answerable=True,
        group="castle",
    )
    return made if not changes else Record(**{name: changes.get(name, getattr(made, name)) for name in made.__slots__})


def write(file: Path, *values: Any) -> Path:
    """A file of these lines."""
    with gzip.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(value) + "\n" for value in values)
    return file


def test_records_are_those_that_may_be_learnt_from_in_english(tmp_path: Path) -> None:
    values = [VALUE, {**VALUE, "source": "policyqa"}, {**VALUE, "lang": "zh"}, {**VALUE, "answerable": None}]
    found = read_records(write(tmp_path / "a.gz", *values))

    assert found == [record(title=""), record(title="")]  # no marked answer is no refusal


@pytest.mark.parametrize(
    ("name", "found", "random"), [("a:1", False, False), ("a:1#n1", True, False), ("a:1#n2", True, True)]
)
def test_negatives_tell_by_their_ids_how_they_were_found(name: str, found: bool, random: bool) -> None:
    assert (record(id=name).is_retrieved, record(id=name).is_random_negative) == (found, random)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=r"nowhere.gz cannot be read"):
        read_records(tmp_path / "nowhere.gz")
    (tmp_path / "plain.gz").write_text("{}")
    with pytest.raises(BadDataset, match=r"plain.gz cannot be read"):
        read_records(tmp_path / "plain.gz")
    with pytest.raises(BadDataset, match=r"after record squad2:1 comes what is no record \(KeyError\('lang'\)\)"):
        read_records(write(tmp_path / "b.gz", VALUE, {"source": "squad2"}))
