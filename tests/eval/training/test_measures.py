"""Measures of a reader on records: spans by words, and answerable or not by every score."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from eval.measures import span_f1
from eval.training.measures import Outputs, judged, table
from index.encoder.model_files import DEFAULT_MODEL, model_folder
from index.reader.windows import Window, Windows
from tests.eval.training.test_records import record

ANSWERED = record(passage="It was built in 1087. " + "The wall is old. " * 60)
REFUSED = replace(ANSWERED, question="Who?", answers=(), answerable=False)


def read(windows: Sequence[Window]) -> list[Outputs]:
    """A reader that believes in the beginning of a passage and its fifth and sixth token, less in longer questions."""
    found: list[Outputs] = []
    for window in windows:
        starts, ends = np.zeros((2, len(window.answering)), np.float32)
        starts[5], ends[6] = 1.0, 1.0
        found.append((float(window.offsets[0][0] == 0) - len(window.ids) / 1000, starts, ends))
    return found


def test_the_most_relevant_window_of_a_passage_counts() -> None:
    windows = Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json")
    found = judged([ANSWERED, REFUSED], windows, read)

    assert [each.record for each in found] == [ANSWERED, REFUSED]
    assert found[0].text == "1087"
    assert found[0].relevance > 0.8


def test_the_table_tells_f1_and_auroc_of_all_and_of_each_source() -> None:
    windows = Windows(model_folder(DEFAULT_MODEL) / "tokenizer.json")
    lines = table(judged([ANSWERED, REFUSED], windows, read)).splitlines()

    assert [line.split()[0] for line in lines] == ["all", "adversarial", "squad2"]
    assert "F1 1.000  EM 1.000" in lines[0]
    assert "span 0.500" in lines[0]


@pytest.mark.parametrize(
    ("said", "gold", "expected"),
    [
        ("the 1,066 seconds", "1,066 seconds", 1.0),
        ("1066 Seconds!", "1,066 seconds", 1.0),
        ("about 1,066 seconds", "1,066 seconds", 0.8),
        ("Hefei", "1,066 seconds", 0.0),
        ("", "", 1.0),
        ("Hefei", "", 0.0),
    ],
)
def test_f1_is_squad_s(said: str, gold: str, expected: float) -> None:
    assert span_f1(said, gold) == pytest.approx(expected)
