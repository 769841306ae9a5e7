"""Questions as they are encoded."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.arrays import Vectors
from index.search.questions.query import CachedQuestions, encode_queries
from index.search.searcher import Searcher
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
    first = [cached.questions([f"question {number}", "its part"]) for number in range(60)]
    again = [cached.questions([f"question {number}", "its part"]) for number in range(60)]
    assert encoder.passes == 60
    assert [rows.tolist() for rows in first] == [rows.tolist() for rows in again]
    assert first[7].tolist() == HashingEncoder().questions(["question 7", "its part"]).tolist()
    for number in range(60, 64):
        cached.questions([f"question {number}", f"question {number}"])
    assert encoder.passes == 64
    cached.questions(["its part"])  # used often, so still there
    cached.questions(["question 0"])  # forgotten for the others
    assert encoder.passes == 65


def test_a_text_in_pieces_has_the_mean_of_their_vectors_and_the_terms_of_all(searcher: Searcher) -> None:
    encoder, vocabulary = HashingEncoder(), searcher.store.vocabulary
    texts = ["dry soil", "lunar seas dry soil"]
    alone, whole = encode_queries(texts, vocabulary, encoder, {}, {texts[1]: ["lunar seas", "dry soil"]})
    seas, soil = encoder.questions(["lunar seas", "dry soil"])
    mean = 10 * seas + 8 * soil
    assert alone.vector.tolist() == soil.tolist()
    assert whole.vector == pytest.approx(mean / np.linalg.norm(mean))
    assert whole.tokens == encode_queries([texts[1]], vocabulary, encoder, {})[0].tokens


@pytest.mark.parametrize(
    ("question", "tokens"),
    [
        ("红茶多少钱？", ["红茶"]),
        ("请问红茶怎么发酵呢", ["红茶", "发酵"]),
        ("谁发酵红茶？", ["发酵", "酵红", "红茶"]),
        ("什么？", ["什么"]),
        ("What is lunar soil?", ["lunar", "soil"]),
    ],
)
def test_chinese_words_that_only_ask_are_no_terms(question: str, tokens: list[str], searcher: Searcher) -> None:
    assert encode_queries([question], searcher.store.vocabulary, HashingEncoder(), {})[0].tokens == tokens


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Could you please tell me how dry lunar soil is?", "how dry lunar soil is?"),
        ("Please let me know whether lunar soil is dry.", "lunar soil is dry."),
        ("I was wondering if lunar soil is dry", "lunar soil is dry"),
        ("Can you confirm that lunar soil is dry?", "that lunar soil is dry?"),
        ("I'd like to know about lunar seas", "lunar seas"),
        ("Do you know about lunar seas", "lunar seas"),
        ("Who told the Moon?", "Who told the Moon?"),
        ("Which rules do I have to know?", "Which rules do I have to know?"),
    ],
)
def test_words_that_only_ask_are_no_terms(question: str, plain: str, searcher: Searcher) -> None:
    asked, alone = encode_queries([question, plain], searcher.store.vocabulary, HashingEncoder(), {})
    assert sorted(asked.tokens) == sorted(alone.tokens) != []
