"""Vectors of a whole collection: each in its own row, equal texts encoded once."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build
from index.encoding import Encoded, PassageVectors, Record, encode, passage_keys
from index.layout import Tables, tables
from index.passages import Chunk
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder


def _encode(rows: Tables, texts: list[str], encoder: HashingEncoder, **options: Any) -> Encoded:
    return encode(rows, texts, encoder, keys=list(passage_keys(rows, texts)), **options)


def test_every_row_has_the_vector_of_its_own_text() -> None:
    texts = [f"Bee {number} flies. It saw {'very ' * (number % 7)}many flowers." for number in range(40)]
    spans = [((0, text.index(".") + 1), (text.index(".") + 2, len(text))) for text in texts]
    rows = tables([[Chunk((0, len(text)), own)] for text, own in zip(texts, spans, strict=True)])

    encoded = _encode(rows, texts, HashingEncoder())
    passages, sentences = encoded.passages, encoded.sentences

    alone = HashingEncoder()
    assert passages.tolist() == alone.questions(texts).tolist()
    parts = [text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
    assert sentences.tolist() == alone.questions(parts).astype(np.float16).tolist()
    assert [str(passages.dtype), str(sentences.dtype)] == ["float32", "float16"]


def test_equal_passages_are_encoded_once_wherever_they_stand() -> None:
    chunks = [[Chunk((0, 4), ((0, 4),)), Chunk((5, 9), ((5, 9),))], [Chunk((0, 4), ((0, 4),))]]
    encoder = HashingEncoder()

    encoded = _encode(tables(chunks), ["Bee.", "Ivy.", "Bee."], encoder)
    passages, sentences = encoded.passages, encoded.sentences

    assert (encoder.encoded, encoded.encoded) == (2, 2)
    bee, ivy = HashingEncoder().questions(["Bee.", "Ivy."]).tolist()
    assert passages.tolist() == [bee, ivy, bee]
    assert sentences.astype(np.float32) == pytest.approx(np.array([bee, ivy, bee]), abs=1e-3)


def test_equal_texts_with_other_sentences_are_encoded_on_their_own() -> None:
    text = "Bee. Ivy."
    chunks = [[Chunk((0, 9), ((0, 4), (5, 9)))], [Chunk((0, 9), ((0, 9),))]]
    encoder = HashingEncoder()

    sentences = _encode(tables(chunks), [text, text], encoder).sentences

    assert encoder.encoded == 2
    wanted = HashingEncoder().questions(["Bee.", "Ivy.", text])
    assert sentences.tolist() == wanted.astype(np.float16).tolist()


def test_a_folder_of_copies_is_encoded_once(tmp_path: Path) -> None:
    copies = {f"copy-{number}.md": "# Bees\n\nLavender feeds bees in July.\n" for number in range(50)}
    encoder = HashingEncoder()

    report = build(write_articles(tmp_path / "a", copies), tmp_path / "i", IDENTITY, load=lambda _: encoder)

    assert report.counts.passages == 50
    assert encoder.encoded == 1


class _Place(dict[bytes, PassageVectors]):
    """A place where the vectors of some passages are known."""

    find = dict.get


def test_what_a_place_knows_is_taken_from_there_and_the_rest_is_kept_batch_by_batch() -> None:
    texts = [f"Bee {number}." for number in range(40)] + ["Bee 0."]
    rows = tables([[Chunk((0, len(text)), ((0, len(text)),))] for text in texts])
    keys = list(passage_keys(rows, texts))
    marked = {number: np.full(64, number, np.float32) for number in (0, 1, 2)}
    first = _Place({keys[number]: (marked[number], marked[number][None].astype(np.float16)) for number in (0, 1)})
    second = _Place({keys[number]: (marked[number], marked[number][None].astype(np.float16)) for number in (1, 2)})
    kept: list[list[Record]] = []
    encoder = HashingEncoder()

    encoded = encode(rows, texts, encoder, keys=keys, known=[first, second], keep=lambda batch: kept.append([*batch]))

    assert (encoded.encoded, encoder.encoded, encoded.taken) == (37, 37, [3, 1])
    assert encoded.passages[[0, 1, 2, 40], 0].tolist() == [0, 1, 2, 0]
    assert encoded.sentences[[0, 1, 2, 40], 0].tolist() == [0, 1, 2, 0]
    assert encoded.passages[3:40].tolist() == HashingEncoder().questions(texts[3:40]).tolist()
    assert [len(batch) for batch in kept] == [16, 16, 5]
    records = {key: (vector.tolist(), own.tolist()) for batch in kept for key, vector, own in batch}
    assert records == {
        key: (encoded.passages[row].tolist(), encoded.sentences[row : row + 1].tolist())
        for row, key in enumerate(keys[3:40], 3)
    }


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


def test_progress_counts_what_must_be_encoded_and_is_shown_only_where_it_is_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows, texts = tables([[Chunk((0, 4), ((0, 4),))]] * 3), ["Bee.", "Ivy.", "Ivy."]
    ivy = list(passage_keys(rows, texts))[1]
    known = [_Place({ivy: (np.zeros(64, np.float32), np.zeros((1, 64), np.float16))})]

    _encode(rows, texts, HashingEncoder(), known=known)
    assert capsys.readouterr() == ("", "")
    _encode(rows, texts, HashingEncoder(), known=known, show_progress=True)
    output, errors = capsys.readouterr()
    assert output == ""
    assert "encoding: 100%" in errors
    assert "1/1" in errors
    assert "passage/s]" in errors
