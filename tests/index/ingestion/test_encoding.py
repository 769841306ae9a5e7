"""Vectors of a whole collection: each in its own row, equal texts encoded once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.arrays import Halves, Vectors
from index.ingestion.encoding import BATCH, PassageVectors, Record, encode, passage_keys
from index.ingestion.pipeline import WINDOW
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunk
from index.passages.sentences import Span
from index.passages.tables import Tables, tables
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import read_snapshot
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder


@dataclass(frozen=True, slots=True)
class Written:
    """The vectors as they were written, and their sources."""

    sources: VectorSources
    passages: Vectors
    sentences: Vectors


def _encode(rows: Tables, texts: list[str], encoder: HashingEncoder, **options: Any) -> Written:
    encoded, sources = encode(rows, texts, encoder, **{"sources": {}, **options})
    vectors, sentences, scales = encoded.of(0, len(texts))
    return Written(sources, vectors.astype(np.float32), sentences * scales[:, None])


def _halves(texts: list[str]) -> Halves:
    return HashingEncoder().questions(texts).astype(np.float16)


def test_every_row_has_the_vector_of_its_own_text() -> None:
    texts = [f"Bee {number} flies. It saw {'very ' * (number % 7)}many flowers." for number in range(40)]
    spans = [((0, text.index(".") + 1), (text.index(".") + 2, len(text))) for text in texts]
    rows = tables([[Chunk((0, len(text)), own)] for text, own in zip(texts, spans, strict=True)])

    written = _encode(rows, texts, HashingEncoder())

    assert written.passages.tolist() == _halves(texts).tolist()
    parts = [text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
    assert np.abs(written.sentences - HashingEncoder().questions(parts)).max() < 0.002


def test_equal_passages_are_encoded_once_wherever_they_stand() -> None:
    chunks = [[Chunk((0, 4), ((0, 4),)), Chunk((5, 9), ((5, 9),))], [Chunk((0, 4), ((0, 4),))]]
    encoder = HashingEncoder()

    written = _encode(tables(chunks), ["Bee.", "Ivy.", "Bee."], encoder)

    assert (encoder.encoded, written.sources) == (2, VectorSources(encoded=2, repeated=1))
    assert written.passages.tolist() == _halves(["Bee.", "Ivy.", "Bee."]).tolist()
    assert written.sentences == pytest.approx(written.passages, abs=2e-3)


def test_equal_texts_with_other_sentences_are_encoded_on_their_own() -> None:
    text = "Bee. Ivy."
    chunks = [[Chunk((0, 9), ((0, 4), (5, 9)))], [Chunk((0, 9), ((0, 9),))]]
    encoder = HashingEncoder()

    sentences = _encode(tables(chunks), [text, text], encoder).sentences

    assert encoder.encoded == 2
    assert sentences == pytest.approx(HashingEncoder().questions(["Bee.", "Ivy.", text]), abs=2e-3)


@pytest.mark.slow
@pytest.mark.parametrize("count", [50, WINDOW + 50])
def test_a_folder_of_copies_is_encoded_once(count: int, tmp_path: Path) -> None:
    records = "\n".join(json.dumps({"id": f"{number:05}", "text": "Lavender feeds bees."}) for number in range(count))
    folder, encoder = write_articles(tmp_path / "a", {"copies.jsonl": records}), HashingEncoder()

    report = build(folder, tmp_path / "i", IDENTITY, load=lambda _: encoder)

    assert (report.counts.passages, report.origins) == (count, VectorSources(encoded=1, repeated=count - 1))
    assert encoder.encoded == 1
    stored = read_snapshot(live_build(tmp_path / "i"))
    assert np.unique(stored.vectors.at(slice(None)), axis=0).tolist() == _halves(["Lavender feeds bees."]).tolist()
    assert np.unique(stored.sentence_vectors.rows, axis=0).shape == (1, HashingEncoder.dimension)


def _marked(number: int) -> PassageVectors:
    return PassageVectors(
        np.full(64, number, np.float16), np.full((1, 64), number, np.int8), np.full(1, 0.5, np.float32)
    )


@pytest.mark.slow
def test_what_a_place_knows_is_taken_from_there_and_the_rest_is_kept_batch_by_batch() -> None:
    count = 2 * BATCH + 10
    texts = [f"Bee {number}." for number in range(count)] + ["Bee 0."]
    rows = tables([[Chunk((0, len(text)), ((0, len(text)),))] for text in texts])
    keys = list(passage_keys(rows, texts))
    first = {keys[number]: _marked(number) for number in (0, 1)}.get
    second = {keys[number]: _marked(number) for number in (1, 2)}.get
    kept: list[list[Record]] = []
    encoder = HashingEncoder()

    written = _encode(
        rows, texts, encoder, sources={"resumed": first, "reused": second}, keep=lambda batch: kept.append([*batch])
    )

    assert written.sources == VectorSources(encoded=count - 3, reused=1, resumed=3)
    assert encoder.encoded == count - 3
    assert written.passages[[0, 1, 2, count], 0].tolist() == [0, 1, 2, 0]
    assert written.sentences[[0, 1, 2, count], 0].tolist() == [0, 0.5, 1, 0]
    assert written.passages[3:count].tolist() == _halves(texts[3:count]).tolist()
    assert [len(batch) for batch in kept] == [BATCH, BATCH, 7]
    records = {
        key: (own.passage.tolist(), (own.sentences * own.scales[:, None]).tolist())
        for batch in kept
        for key, own in batch
    }
    assert records == {
        key: (written.passages[row].tolist(), written.sentences[row : row + 1].tolist())
        for row, key in enumerate(keys[3:count], 3)
    }


class _Lengths(HashingEncoder):
    """Notes how long the texts are that it is handed."""

    def __init__(self) -> None:
        super().__init__()
        self.lengths: list[list[int]] = []

    def passages(self, texts: Sequence[str], sentences: Sequence[Sequence[Span]]) -> tuple[Vectors, Vectors]:
        self.lengths.append([len(text) for text in texts])
        return super().passages(texts, sentences)


@pytest.mark.slow
def test_the_encoder_is_handed_texts_of_like_length_the_longest_first() -> None:
    texts = [f"Bee {number} {'x' * (number * 7 % 500)}" for number in range(3 * BATCH)]
    encoder = _Lengths()

    _encode(tables([[Chunk((0, len(text)), ((0, len(text)),))] for text in texts]), texts, encoder)

    assert [len(lengths) for lengths in encoder.lengths] == [BATCH] * 3
    assert list(chain(*encoder.lengths)) == sorted(map(len, texts), reverse=True)


@pytest.mark.parametrize(
    ("text", "article", "spans"),
    [
        ("Bee. Ivy!", (10, 19), ((10, 14), (15, 19))),
        ("Bee. Ivy.", (10, 19), ((10, 14), (15, 18))),
        ("Bee. Ivy.", (10, 19), ((10, 19),)),
    ],
)
def test_a_key_is_of_the_text_and_its_sentences_wherever_it_stands(
    text: str, article: tuple[int, int], spans: tuple[tuple[int, int], ...]
) -> None:
    def key(text: str, span: tuple[int, int], sentences: tuple[tuple[int, int], ...]) -> bytes:
        return next(passage_keys(tables([[Chunk(span, sentences)]]), [text]))

    here = key("Bee. Ivy.", (0, 9), ((0, 4), (5, 9)))
    assert len(here) == 32
    assert key("Bee. Ivy.", (10, 19), ((10, 14), (15, 19))) == here
    assert key(text, article, spans) != here
