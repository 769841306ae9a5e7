from pathlib import Path

import numpy as np

from eval.speed.contenders.corpus import read_passages, write_corpus, write_larger
from eval.speed.growth.collection import nearest, share
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot
from tests.hashing import IDENTITY, HashingEncoder

QUESTIONS = ["How dry is lunar soil?", "What do bees visit in July?", "绿茶"]


def test_the_nearest_passages_of_a_small_build_are_those_of_the_greatest_cosines(folder: Path, tmp_path: Path) -> None:
    encoder = HashingEncoder()
    write_corpus(folder, tmp_path / "real.json", encoder.count_tokens)
    write_larger(folder, tmp_path / "all", encoder.count_tokens, read_passages(tmp_path / "real.json"), 30)
    build(tmp_path / "all", tmp_path / "index", IDENTITY, load=HashingEncoder)
    snapshot = read_snapshot(live_build(tmp_path / "index"))
    texts = [snapshot.passage(row).text for row in range(snapshot.manifest.counts.passages)]
    vectors = encoder.questions(QUESTIONS)
    cosines = vectors @ encoder.passages(texts, [[]] * len(texts))[0].T

    exact = nearest(snapshot, vectors)

    for rows, own in zip(exact, cosines, strict=True):
        assert len(set(rows)) == 10
        np.testing.assert_allclose(
            own[rows], np.sort(own)[::-1][:10], atol=1e-3
        )  # rows of equal cosine may change places


def test_a_share_counts_the_questions_that_have_something_to_find() -> None:
    one, two, three = ("a", 0), ("a", 9), ("b", 0)
    assert share([{one, two}, {three}, set()], [{one}, {three, one}, {one}]) == 0.75
