from dataclasses import replace

import pytest

from app.decision import support
from index.articles import Article
from index.hits import Hit, Signals
from index.passages import Passage

HIT = Hit(Passage(Article("a", "A", "Dry.", (), ""), 0, 4), (0, 4), 1.0, Signals(0.9, 0.5, 3.0, 0.5))


@pytest.mark.parametrize(
    ("sentence", "coverage", "answered"),
    [(0.5, 0.5, True), (0.31, 0.5, True), (0.29, 0.5, False), (0.79, 0.0, False), (0.1, 0.9, True), (0.0, 0.0, False)],
)
def test_it_answers_when_meaning_and_words_together_support_the_first_hit(
    sentence: float, coverage: float, answered: bool
) -> None:
    first = replace(HIT, signals=Signals(0.0, sentence, 0.0, coverage))
    assert (support([first, HIT]) >= 0) is answered


def test_support_is_what_lies_above_the_threshold() -> None:
    assert support([HIT]) == pytest.approx(0.5 + 0.5 - 0.8)


def test_it_does_not_answer_without_hits() -> None:
    assert support([]) == pytest.approx(-1.8)
