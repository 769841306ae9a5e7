"""The stream that stores are filled from: whole articles in windows, and where their vectors came from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from index.articles.article import Article
from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.encoding import Find, PassageVectors, Sources, passage_keys
from index.ingestion.pipeline import encoded_windows, split_articles, windows
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunking
from index.passages.tables import passage_texts
from tests.hashing import HashingEncoder
from tests.stored import article, encoded

ARTICLES = [article("a", "Bees fly."), article("b", "Ivy is green."), article("c", "Bees fly."), article("d", "Tea.")]


def _known(articles: Sequence[Article]) -> Find:
    """A source of the vectors of these articles."""
    split = split_articles(articles, HashingEncoder(), Chunking())
    keys = passage_keys(split.rows, passage_texts(split.rows, articles))
    vectors = [PassageVectors(own.vectors[0], own.sentences, own.scales) for own in map(encoded, articles)]
    return dict(zip(keys, vectors, strict=True)).get


def _stream(
    size: int, sources: Sources | None = None, rows: Sequence[int] = range(4), **options: Any
) -> list[tuple[list[EncodedArticle], VectorSources]]:
    encoder = HashingEncoder()
    split = split_articles(ARTICLES, encoder, Chunking())
    return list(encoded_windows(split, rows, encoder, lambda _: sources or {}, size=size, **options))


def test_every_article_comes_whole_and_in_order_with_its_vectors() -> None:
    stream = [own for articles, _ in _stream(2) for own in articles]
    assert [own.article for own in stream] == ARTICLES
    for own in stream:
        expected = encoded(own.article)
        assert own.chunks == expected.chunks
        for name in ("vectors", "sentences", "scales"):
            np.testing.assert_array_equal(getattr(own, name), getattr(expected, name))


@pytest.mark.parametrize(
    ("size", "counts"),
    [
        (4, [VectorSources(encoded=3, repeated=1)]),
        (2, [VectorSources(encoded=2), VectorSources(encoded=2)]),
        (1, [VectorSources(encoded=1)] * 4),
    ],
)
def test_equal_passages_of_a_window_are_encoded_once(size: int, counts: list[VectorSources]) -> None:
    assert [sources for _, sources in _stream(size)] == counts


def test_each_source_counts_what_it_gave_and_the_first_one_goes_before_the_others() -> None:
    sources: Sources = {
        "resumed": _known([ARTICLES[0]]),
        "reused": _known([ARTICLES[0], ARTICLES[1]]),
        "repeated": _known([ARTICLES[3]]),
    }
    ((_, counts),) = _stream(9, sources)
    assert counts == VectorSources(resumed=2, reused=1, repeated=1)
    ((_, counts),) = _stream(9, {**sources, "resumed": None})
    assert counts == VectorSources(reused=3, repeated=1)


def test_only_wanted_articles_come_and_each_batch_is_kept() -> None:
    kept: list[int] = []
    ((articles, _),) = _stream(9, rows=[1, 3], keep=lambda batch: kept.append(len(batch)))
    assert [own.article.id for own in articles] == ["b", "d"]
    assert kept == [2]


def test_progress_counts_every_wanted_passage_and_is_shown_only_where_it_is_wanted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _stream(2, {"reused": _known(ARTICLES[:1])})
    assert capsys.readouterr() == ("", "")
    _stream(2, {"reused": _known(ARTICLES[:1])}, show_progress=True)
    output, errors = capsys.readouterr()
    assert output == ""
    assert "encoding: 100%" in errors
    assert "4/4" in errors
    assert "passage/s]" in errors


def test_a_window_holds_about_so_many_passages_and_an_article_at_least() -> None:
    assert list(windows(range(6), [1, 1, 1, 7, 2, 1], 3)) == [[0, 1, 2], [3], [4, 5]]
    assert list(windows([], [], 3)) == []
