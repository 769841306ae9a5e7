"""Vectors of a whole collection: each in its own row, equal texts encoded once."""

from pathlib import Path

import numpy as np
import pytest

from index.build import build
from index.encoding import encode
from index.layout import tables
from index.passages import Chunk
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder


def test_every_row_has_the_vector_of_its_own_text() -> None:
    texts = [f"Bee {number} flies. It saw {'very ' * (number % 7)}many flowers." for number in range(40)]
    spans = [((0, text.index(".") + 1), (text.index(".") + 2, len(text))) for text in texts]
    rows = tables([[Chunk((0, len(text)), own)] for text, own in zip(texts, spans, strict=True)])

    passages, sentences = encode(rows, texts, HashingEncoder(), show_progress=False)

    alone = HashingEncoder()
    assert passages.tolist() == alone.questions(texts).tolist()
    parts = [text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
    assert sentences.tolist() == alone.questions(parts).astype(np.float16).tolist()
    assert [str(passages.dtype), str(sentences.dtype)] == ["float32", "float16"]


def test_equal_passages_are_encoded_once_wherever_they_stand() -> None:
    chunks = [[Chunk((0, 4), ((0, 4),)), Chunk((5, 9), ((5, 9),))], [Chunk((0, 4), ((0, 4),))]]
    encoder = HashingEncoder()

    passages, sentences = encode(tables(chunks), ["Bee.", "Ivy.", "Bee."], encoder, show_progress=False)

    assert encoder.encoded == 2
    bee, ivy = HashingEncoder().questions(["Bee.", "Ivy."]).tolist()
    assert passages.tolist() == [bee, ivy, bee]
    assert sentences.astype(np.float32) == pytest.approx(np.array([bee, ivy, bee]), abs=1e-3)


def test_equal_texts_with_other_sentences_are_encoded_on_their_own() -> None:
    text = "Bee. Ivy."
    chunks = [[Chunk((0, 9), ((0, 4), (5, 9)))], [Chunk((0, 9), ((0, 9),))]]
    encoder = HashingEncoder()

    _, sentences = encode(tables(chunks), [text, text], encoder, show_progress=False)

    assert encoder.encoded == 2
    wanted = HashingEncoder().questions(["Bee.", "Ivy.", text])
    assert sentences.tolist() == wanted.astype(np.float16).tolist()


def test_a_folder_of_copies_is_encoded_once(tmp_path: Path) -> None:
    copies = {f"copy-{number}.md": "# Bees\n\nLavender feeds bees in July.\n" for number in range(50)}
    encoder = HashingEncoder()

    report = build(write_articles(tmp_path / "a", copies), tmp_path / "i", IDENTITY, load=lambda _: encoder)

    assert report.counts.passages == 50
    assert encoder.encoded == 1


def test_progress_is_shown_only_where_it_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    rows = tables([[Chunk((0, 4), ((0, 4),))]])

    encode(rows, ["Bee."], HashingEncoder(), show_progress=False)
    assert capsys.readouterr() == ("", "")
    encode(rows, ["Bee."], HashingEncoder(), show_progress=True)
    output, errors = capsys.readouterr()
    assert output == ""
    assert "encoding: 100%" in errors
    assert "1/1" in errors
