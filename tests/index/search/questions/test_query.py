"""Questions as they are encoded."""

from collections.abc import Sequence

from index.arrays import Vectors
from index.search.questions.query import CachedQuestions
from tests.hashing import HashingEncoder


class Counting(HashingEncoder):
    """Counts its passes over questions."""

    passes = 0

    def questions(self, texts: Sequence[str]) -> Vectors:
        self.passes += 1
        return super().questions(texts)


def test_the_last_questions_are_encoded_once() -> None:
    encoder = Counting()
    cached = CachedQuestions(encoder)
    first = [cached.questions([f"question {number}", "its part"]) for number in range(8)]
    again = [cached.questions([f"question {number}", "its part"]) for number in range(8)]
    assert encoder.passes == 8
    assert [rows.tolist() for rows in first] == [rows.tolist() for rows in again]
    assert first[7].tolist() == HashingEncoder().questions(["question 7", "its part"]).tolist()
    cached.questions(["another"])
    cached.questions(["question 0", "its part"])  # forgotten for the other
    assert encoder.passes == 10
