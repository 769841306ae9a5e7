"""How a question was read: near spellings, and legs that could say nothing to it."""

from collections.abc import Sequence

import pytest

from index.errors import BadQuestion
from index.search.questions.question import Question
from index.search.searcher import Reading, Searcher
from tests.hashing import HashingEncoder


class Deaf(HashingEncoder):
    """It has half of the tokens of every text in its vocabulary, which is no better than none."""

    def known_shares(self, texts: Sequence[str]) -> list[float]:
        return [0.5 for _ in texts]


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("What feeds bees?", Reading({}, keywords_silent=False, vectors_silent=False)),
        ("Which bazalt plains?", Reading({"bazalt": "basalt"}, keywords_silent=False, vectors_silent=False)),
        ("Which orchestra toured Portugal?", Reading({}, keywords_silent=True, vectors_silent=False)),
        ("What is it about?", Reading({}, keywords_silent=False, vectors_silent=False)),
    ],
)
def test_a_reading_tells_what_was_changed_and_what_was_silent(
    question: str, reading: Reading, shared_searcher: Searcher
) -> None:
    assert shared_searcher.reading(Question(question)) == reading


def test_of_a_question_that_the_encoder_cannot_read_the_vectors_are_silent(shared_searcher: Searcher) -> None:
    deaf = Searcher(shared_searcher.store, Deaf())

    assert deaf.reading(Question("What feeds bees?")) == Reading({}, keywords_silent=False, vectors_silent=True)


def test_a_question_that_neither_leg_can_read_finds_nothing(shared_searcher: Searcher) -> None:
    deaf = Searcher(shared_searcher.store, Deaf())

    assert deaf.search(Question("Which orchestra toured Portugal?"), 20) == []
    assert [hit.passage.article.id for hit in deaf.search(Question("Which orchestra played basalt?"), 20)] == ["moon"]


def test_a_question_without_words_has_no_reading(shared_searcher: Searcher) -> None:
    with pytest.raises(BadQuestion, match="holds no word"):
        shared_searcher.reading(Question("🙂"))


def test_a_search_that_is_not_tolerant_reads_each_word_as_it_is_spelt(shared_searcher: Searcher) -> None:
    strict = shared_searcher.literal()
    near, exact = (each.search(Question("bazalt"))[0].features for each in (shared_searcher, strict))

    assert near == shared_searcher.search(Question("bazalt"))[0].features
    assert (near.coverage, exact.coverage, exact.bm25) == (1.0, 0.0, 0.0)
    assert near.bm25 == pytest.approx(shared_searcher.search(Question("basalt"))[0].features.bm25)
