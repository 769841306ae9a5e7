"""The reader: words that answer, a relevance, and nothing where it cannot read."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from index.errors import BadModel
from index.passages.sentences import sentence_spans
from index.reader.reader import Extract, PassageReading, Reader, _batches, load_reader
from index.reader.reader_file import load_weights

pytestmark = pytest.mark.slow

CASTLE = (
    "The castle of Rochester stands above the river Medway. It was built in 1087 by Bishop Gundulf. "
    "Its keep is 38 metres tall. In 1215 King John besieged it for seven weeks."
)
BEES = "A honey bee visits about 2,000 flowers a day. Clover feeds it in June."


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The shipped one."""
    return load_reader()


def extract(text: str, title: str = "", best: int = 0) -> Extract:
    """A passage with its sentences."""
    return Extract(title, text, sentence_spans(text), best)


def said(reading: PassageReading | None, text: str) -> str:
    """The words of the best span."""
    assert reading is not None
    start, end = max(reading.sentences.values(), key=lambda sentence: sentence.margin).answer
    return text[start:end]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the castle built?", "1087"),
        ("Who built the castle of Rochester?", "Gundulf"),
        ("how tall is the keep", "38 metres"),
    ],
)
def test_it_finds_the_words_that_answer(question: str, answer: str, reader: Reader) -> None:
    (reading,) = reader.read(question, [extract(CASTLE, "Rochester")])

    assert answer in said(reading, CASTLE)


def test_a_passage_that_answers_is_more_relevant_than_one_about_something_else(reader: Reader) -> None:
    castle, bees = reader.read("When was the castle built?", [extract(CASTLE), extract(BEES)])

    assert castle is not None
    assert bees is not None
    assert castle.probability > 0.5 > bees.probability


def test_the_sentence_that_answers_has_the_highest_margin(reader: Reader) -> None:
    (reading,) = reader.read("When was the castle built?", [extract(CASTLE)])

    assert reading is not None
    assert max(reading.sentences, key=lambda row: reading.sentences[row].margin) == 1


def test_spans_lie_in_their_sentences_in_a_long_passage(reader: Reader) -> None:
    text = " ".join(f"Stone {number} of the wall was laid in {1000 + number}." for number in range(40))
    best = 30
    (reading,) = reader.read("When was stone 30 laid?", [extract(text, best=best)])

    assert reading is not None
    assert best in reading.sentences
    assert len(reading.sentences) < 40
    for row, sentence in reading.sentences.items():
        start, end = sentence_spans(text)[row]
        assert start <= sentence.answer[0] < sentence.answer[1] <= end


@pytest.mark.parametrize("question", ["月球的土壤是什么样的？", "Когда построен замок?", "2024?", "?!"])
def test_it_abstains_from_questions_in_other_scripts_or_without_letters(question: str, reader: Reader) -> None:
    assert reader.read(question, [extract(CASTLE), extract(BEES)]) == [None, None]


def test_it_abstains_from_passages_in_other_scripts_alone(reader: Reader) -> None:
    readings = reader.read("When was it built?", [extract("城堡建于1087年。"), extract(CASTLE), extract("1 2 3")])

    assert [reading is None for reading in readings] == [True, False, True]


@pytest.mark.parametrize("text", ["Gundulf", "x" * 900, "a\n" * 300, "for (;;) { i++; }", "Year: 1087; Height: 38 m"])
@pytest.mark.parametrize("question", ["Who?", "who built it " * 150])
def test_odd_passages_and_long_questions_are_read(text: str, question: str, reader: Reader) -> None:
    (reading,) = reader.read(question, [extract(text, "t" * 500)])

    assert reading is not None
    assert np.isfinite(reading.relevance)
    assert all(np.isfinite(sentence.margin) for sentence in reading.sentences.values())


def test_without_passages_nothing_is_read(reader: Reader) -> None:
    assert reader.read("Who?", []) == []


def test_it_reads_alike_alone_and_beside_others(reader: Reader) -> None:
    question, extracts = "When was the castle built?", [extract(CASTLE), extract(BEES), extract(CASTLE * 2)]
    together = reader.read(question, extracts)
    with ThreadPoolExecutor(6) as threads:
        many = list(threads.map(lambda _: reader.read(question, extracts), range(12)))
    alone = [reader.read(question, [each])[0] for each in extracts]

    for readings in (alone, *many):
        for one, other in zip(readings, together, strict=True):
            assert one is not None
            assert other is not None
            assert one.relevance == pytest.approx(other.relevance, abs=0.1)


def test_weights_that_are_no_reader_s_are_refused() -> None:
    weights = load_weights()
    with pytest.raises(BadModel, match=r"the reader cannot run here .*--reader none"):
        Reader(replace(weights, arrays={"embeddings.LayerNorm.weight": np.ones(384, np.float32)}))


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([40], [[0]]),
        ([128, 128, 128], [[0, 1, 2]]),
        ([128, 30, 120, 25], [[3, 1], [2, 0]]),
        ([33, 48, 47], [[0, 2, 1]]),  # all are padded to 48
    ],
)
def test_short_windows_are_read_apart_from_long_ones(lengths: list[int], batches: list[list[int]]) -> None:
    assert _batches(lengths) == batches
