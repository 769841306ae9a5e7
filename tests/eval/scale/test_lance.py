"""The measurement of LanceDB: what its side gets, and what is made of its answers."""

import sys
from pathlib import Path

import numpy as np
import pytest

from eval.scale.lance import measure_lance

pytestmark = pytest.mark.slow

# Compares all vectors; of words it finds the last passage alone.
SIDE = """
import numpy as np
from eval.speed.stage import play

def fill(vectors, words, folder):
    return {"store": "a side", "load_s": 1.0, "disk_mb": 2.0}

def ask(folder, vectors, words, limits):
    rows, asked = np.load(vectors.replace("asked", "vectors")), np.load(vectors)
    best = np.argsort(-(asked @ rows.T), axis=1).tolist()
    found = {f"vectors_{limit}": [row[:limit] for row in best] for limit in limits}
    found |= {f"words_{limit}": [[len(rows) - 1]] * len(words) for limit in limits}
    return {"alone": [1.0, 2.0], "found": found}

play(lambda: {"fill": fill, "ask": ask})
"""


def test_the_side_gets_vectors_and_words_and_is_measured_by_what_is_best(real_root: Path, tmp_path: Path) -> None:
    questions = ["Is lunar soil dry?", "What do bees visit?"]
    row = measure_lance(real_root, questions, tmp_path, [sys.executable, "-c", SIDE])
    lines = (tmp_path / "lance-words.txt").read_text("utf-8").split("\n")
    vectors = np.load(tmp_path / "lance-vectors.npy")
    assert (row["passages"], row["store"], row["alone"]) == (len(lines), "a side", [1.0, 2.0])
    assert vectors.shape == (len(lines), 384)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-2)
    assert "lunar" in " ".join(lines).split()
    assert (row["vectors_10"], row["vectors_100"]) == (1.0, 1.0)
    assert row["words_10"] == row["words_100"] < 1
