"""A build read out article by article and made again from that is the same build, file by file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import BadRecord
from index.ingestion.encoded_article import EncodedArticle
from index.search.questions.question import Question
from index.stores.builds.directory import live_build, verify_live
from index.stores.builds.snapshot import Snapshot, encoded_articles, read_snapshot
from index.stores.builds.writer import write_encoded
from tests.conftest import build_files
from tests.hashing import searcher_of


@pytest.fixture
def snapshot(root: Path) -> Snapshot:
    return read_snapshot(live_build(root))


def test_a_build_made_of_another_ones_articles_is_equal_to_it_file_by_file(
    snapshot: Snapshot, root: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    write_encoded(encoded_articles(snapshot), snapshot.manifest, copy)
    assert build_files(copy) == build_files(root)
    assert (live_build(copy).name, verify_live(copy)[1]) == (live_build(root).name, [])
    assert read_snapshot(live_build(copy)).manifest.counts == snapshot.manifest.counts


def test_an_article_comes_with_its_passages_sentences_and_vectors(snapshot: Snapshot) -> None:
    bees, moon, tea = encoded_articles(snapshot)
    assert [bees.article.id, moon.article.id, tea.article.id] == ["garden/bees", "moon", "zh/tea"]
    first = [moon.article.text[start:end] for chunk in moon.chunks[:1] for start, end in chunk.sentences]
    assert first == ["Lunar soil is dry.", "A probe brought 1,935.3 grams of it to Earth in June 2024."]
    row = snapshot.row_of(1, *moon.chunks[1].span)
    assert row is not None
    np.testing.assert_array_equal(moon.vectors[1], snapshot.vectors.at(row).astype(np.float16))
    record = snapshot.rows.passages[row]
    at = int(record["first"])
    begin = len(moon.chunks[0].sentences)
    np.testing.assert_array_equal(moon.sentences[begin], snapshot.sentence_vectors.rows[at])
    assert moon.scales[begin] == snapshot.sentence_vectors.scales[at]


def _refused(articles: Sequence[EncodedArticle], snapshot: Snapshot, root: Path, words: str) -> None:
    before = live_build(root), build_files(root)
    with pytest.raises(BadRecord, match=words):
        write_encoded(articles, snapshot.manifest, root)
    assert (live_build(root), build_files(root)) == before
    assert [path.name for path in (root / "builds").iterdir()] == [before[0].name]


def test_a_record_that_is_none_leaves_the_live_build_as_it_was(snapshot: Snapshot, root: Path) -> None:
    bees, moon, tea = encoded_articles(snapshot)
    lost = replace(moon, vectors=np.zeros_like(moon.vectors))
    _refused([bees, lost, tea], snapshot, root, "'moon' is not stored: a vector is not of unit length")


@pytest.mark.parametrize("order", [(1, 0), (0, 0)])
def test_articles_out_of_order_or_twice_are_refused(order: tuple[int, int], snapshot: Snapshot, root: Path) -> None:
    articles = list(encoded_articles(snapshot))
    names = [articles[place].article.id for place in order]
    words = f"article {names[1]!r} comes after {names[0]!r}: articles are taken in order of id"
    _refused([articles[place] for place in order], snapshot, root, words)


def test_no_article_makes_no_build(snapshot: Snapshot, root: Path) -> None:
    _refused([], snapshot, root, "there is no article to make an index of. Build one: python -m index build FOLDER")


def test_the_copy_is_searched_as_the_original(snapshot: Snapshot, root: Path, tmp_path: Path) -> None:
    write_encoded(encoded_articles(snapshot), snapshot.manifest, tmp_path / "copy")
    found = [
        [(hit.passage.id, hit.score) for hit in searcher_of(place).search(Question("dry soil"), 3)]
        for place in (root, tmp_path / "copy")
    ]
    assert found[0] == found[1] != []
