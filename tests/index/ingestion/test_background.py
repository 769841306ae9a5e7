"""The background of an encoder, and what it makes equal: ranking and verdict by cosines of any scale."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.answering.collection import Collection
from app.answering.reply import answer_of
from index.arrays import Vectors
from index.encoder.model_files import Identity
from index.ingestion.background import SAMPLE, UNKNOWN, Background, measure_background, sample_rows
from index.passages.sentences import Span
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.address import open_location
from index.stores.builds.build import build
from tests.conftest import ARTICLES, write_articles
from tests.hashing import IDENTITY, HashingEncoder

QUESTIONS = (
    "How many grams of lunar soil did a probe bring to Earth?",
    "What feeds bees in July?",
    "Which orchestra toured Portugal?",
)


class Squeezed(HashingEncoder):
    """The same vectors behind another temperature: a cosine of c becomes .8 + .2 c."""

    dimension = HashingEncoder.dimension + 1

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self._squeezed(super().questions(texts))

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        passages, parts = super().passages(texts, sentences)
        return self._squeezed(passages), self._squeezed(parts)

    def _squeezed(self, vectors: Vectors) -> Vectors:
        shared = np.full((len(vectors), 1), 0.8**0.5, np.float32)
        return np.hstack([shared, vectors * np.float32(0.2**0.5)])


def _collection(root: Path, load: type[HashingEncoder], identity: Identity = IDENTITY) -> Collection:
    build(write_articles(root / "articles", ARTICLES), root / "index", identity, load=load)
    return Collection.of(Searcher.open(open_location(root / "index").open(), load=load))


def test_ranking_and_verdict_do_not_depend_on_the_scale_of_the_cosines(tmp_path: Path) -> None:
    plain = _collection(tmp_path / "plain", HashingEncoder)
    squeezed = _collection(tmp_path / "squeezed", Squeezed)
    assert plain.searcher.manifest.background.mean == pytest.approx(-0.3, abs=1e-3)
    assert squeezed.searcher.manifest.background.mean == pytest.approx(0.74, abs=1e-3)
    for text in QUESTIONS:
        ours, theirs = (answer_of(collection, Question(text), 4) for collection in (plain, squeezed))
        assert theirs.verdict == ours.verdict
        assert theirs.support == pytest.approx(ours.support, abs=0.1)
        shown, other = ([c.article for c in (*a.citations, *a.closest)] for a in (ours, theirs))
        assert other[0] == shown[0]


def test_prompts_of_questions_are_part_of_the_background(tmp_path: Path) -> None:
    prompted = _collection(tmp_path, HashingEncoder, Identity("hashing", "0" * 64, question_prefix="query: "))
    assert answer_of(prompted, Question(QUESTIONS[0])).verdict == "answer"


def test_the_background_is_mean_and_deviation_of_the_cosines() -> None:
    background = measure_background(HashingEncoder(), HashingEncoder().questions(["Basalt is dark.", "Ivy is green."]))
    assert background == Background(-0.3, 0.075)
    assert background.standardised(np.array([-0.3, 0.0], np.float32)).tolist() == pytest.approx([0.0, 0.3])


def test_without_passages_or_differences_cosines_are_taken_as_they_are() -> None:
    assert measure_background(HashingEncoder(), np.empty((0, 64), np.float32)) == UNKNOWN
    assert measure_background(HashingEncoder(), np.zeros((2, 64), np.float32)) == UNKNOWN
    cosines = np.array([-0.5, 0.25], np.float32)
    assert UNKNOWN.standardised(cosines).tolist() == pytest.approx(cosines.tolist())


def test_a_sample_is_spread_evenly() -> None:
    assert sample_rows(0) == []
    assert sample_rows(3) == [0, 1, 2]
    rows = sample_rows(10_000)
    assert (len(rows), rows[0], rows[-1]) == (SAMPLE, 0, 9_999)
