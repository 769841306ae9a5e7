from pathlib import Path

import numpy as np

from eval.speed.contenders.corpus import write_larger
from eval.speed.growth.sized import leg, nearest, share_found
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot
from tests.hashing import IDENTITY, HashingEncoder

QUESTIONS = ["How dry is lunar soil?", "What do bees visit in July?", "绿茶"]


def test_the_vector_leg_of_a_small_build_finds_the_ten_passages_that_are_nearest(folder: Path, tmp_path: Path) -> None:
    encoder = HashingEncoder()
    corpus = write_larger(folder, tmp_path / "all", encoder.count_tokens, 30)
    build(corpus.articles, tmp_path / "index", IDENTITY, load=HashingEncoder)
    snapshot = read_snapshot(live_build(tmp_path / "index"))
    texts = [snapshot.passage(row).text for row in range(30)]
    vectors = encoder.questions(QUESTIONS)
    cosines = vectors @ encoder.passages(texts, [[]] * 30)[0].T

    exact = nearest(snapshot, vectors)

    for rows, own in zip(exact, cosines, strict=True):
        assert len(set(rows)) == 10
        np.testing.assert_allclose(
            own[rows], np.sort(own)[::-1][:10], atol=1e-3
        )  # rows of equal cosine may change places
    assert share_found(exact, leg(snapshot, vectors)) == 1.0


def test_recall_is_the_share_of_the_exact_rows_that_were_found() -> None:
    assert share_found([[1, 2], [3, 4]], [[2, 1], [4, 9]]) == 0.75
