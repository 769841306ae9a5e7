"""Passages and sentences as rows of tables."""

from collections.abc import Sequence

import numpy as np
import pytest

from index.articles.article import Article
from index.passages.chunking import Chunk
from index.passages.tables import PASSAGE, SENTENCE, Tables, fit, passage_texts, tables

Rows = Sequence[tuple[int, ...]]

CHUNKS = [
    [Chunk((0, 9), ((0, 4), (5, 9))), Chunk((10, 14), ((10, 14),))],
    [Chunk((2, 7), ((2, 3), (4, 5), (6, 7)))],
]
PASSAGES = [(0, 0, 9, 0, 2), (0, 10, 14, 2, 1), (1, 2, 7, 3, 3)]
SENTENCES = [(0, 4), (5, 9), (10, 14), (2, 3), (4, 5), (6, 7)]


def _rows(passages: Rows = PASSAGES, sentences: Rows = SENTENCES) -> Tables:
    return Tables(np.array(passages, PASSAGE), np.array(sentences, SENTENCE))


def test_rows_name_the_article_the_span_and_the_sentences() -> None:
    rows = tables(CHUNKS)

    assert rows.passages.tolist() == PASSAGES
    assert rows.sentences.tolist() == SENTENCES


def test_an_article_without_passages_has_no_row_and_shifts_nothing() -> None:
    assert tables([[], CHUNKS[1]]).passages.tolist() == [(1, 2, 7, 0, 3)]


def test_texts_are_the_articles_own_characters() -> None:
    articles = [
        Article(id=name, title=name, text=text, blocks=(), sha256="")
        for name, text in (("a", "Dry soil.\n𝕊eas"), ("b", "--红 茶 绿--"))
    ]

    assert list(passage_texts(tables(CHUNKS), articles)) == ["Dry soil.", "𝕊eas", "红 茶 绿"]


def test_rows_as_they_were_made_fit() -> None:
    assert fit(tables(CHUNKS), articles=2)


@pytest.mark.parametrize(
    "rows",
    [
        _rows([(0, 0, 9, 0, 2), (0, 10, 14, 2, 1), (2, 2, 7, 3, 3)]),  # no such article
        _rows([(-1, 0, 9, 0, 2), (0, 10, 14, 2, 1), (1, 2, 7, 3, 3)]),
        _rows([(0, 0, 9, 0, 2), (0, 10, 14, 9, 1), (1, 2, 7, 3, 3)]),  # sentences out of order
        _rows([(0, 0, 9, 0, 2), (0, 10, 14, 2, 0), (1, 2, 7, 2, 4)]),  # a passage without sentences
        _rows([(0, 0, 9, 0, 2), (0, 10, 14, 2, 1), (1, 2, 7, 3, 4)]),  # more sentences than there are
        _rows([(0, -5, 9, 0, 2), (0, 10, 14, 2, 1), (1, 2, 7, 3, 3)]),
        _rows(sentences=[(0, 4), (5, 10), (10, 14), (2, 3), (4, 5), (6, 7)]),  # beyond its passage
        _rows(sentences=[(0, 4), (5, 9), (9, 14), (2, 3), (4, 5), (6, 7)]),
        _rows(sentences=[(4, 4), (5, 9), (10, 14), (2, 3), (4, 5), (6, 7)]),  # empty
        Tables(_rows().passages.astype([(name, "<i8") for name in PASSAGE.names or ()]), _rows().sentences),
        Tables(_rows().passages, _rows().sentences.astype([("start", "<i8"), ("end", "<i8")])),
    ],
)
def test_rows_that_point_elsewhere_do_not_fit(rows: Tables) -> None:
    assert not fit(rows, articles=2)
