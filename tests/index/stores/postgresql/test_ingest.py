"""One worker's part of a distributed build, with a store in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.ingestion.encoded_article import EncodedArticle
from index.ingestion.report import VectorSources
from index.passages.chunking import Chunking
from index.reading.folder import Folder, read_folder
from index.reading.places.reader import Problem
from index.reading.shards import WHOLE, Shard
from index.stores.builds.build import build
from index.stores.builds.directory import live_build
from index.stores.builds.snapshot import encoded_articles, read_snapshot
from index.stores.postgresql.ingest import Ingested, changed_rows, ingest
from index.stores.postgresql.rows import record_hash
from index.stores.postgresql.writer import StoredArticle, Writer
from tests.conftest import write_articles
from tests.hashing import IDENTITY, HashingEncoder
from tests.packing import packed

LONG = "a" * 130


class Shelf(Writer):
    """A writer that holds articles by id in memory."""

    def __init__(self) -> None:
        self.articles: dict[str, EncodedArticle] = {}
        self.batches: list[list[str]] = []

    def encoded(self, ids: Sequence[str]) -> list[EncodedArticle]:
        return [self.articles[each] for each in ids]

    def upsert(self, batch: Iterable[EncodedArticle]) -> None:
        batch = list(batch)
        self.batches.append([encoded.article.id for encoded in batch])
        self.articles.update({encoded.article.id: encoded for encoded in batch})

    def delete(self, article_ids: Iterable[str]) -> None:
        for each in article_ids:
            del self.articles[each]

    def stored(self, shard: Shard = WHOLE) -> dict[str, StoredArticle]:
        articles = [encoded.article for encoded in self.articles.values() if shard.has(encoded.article.file)]
        return {each.id: StoredArticle(record_hash(each), each.sha256, each.file) for each in articles}


def _unit(
    shelf: Shelf, folder: Path, shard: Shard = WHOLE, *, force: bool = False, found: Folder | None = None
) -> tuple[Ingested, int]:
    """Result of a unit, and how many passages went through the encoder."""
    before, encoder = shelf.stored(shard), HashingEncoder()
    found = found or read_folder(folder, shard=shard)
    wanted = range(len(found.articles)) if force else changed_rows(found, before)
    return ingest(found, wanted, before, shelf, encoder, chunking=Chunking(), force=force), encoder.encoded


def _same(shelf: Shelf, folder: Path, root: Path) -> None:
    """The shelf holds what a build of the folder does, in its order."""
    build(folder, root, IDENTITY, load=HashingEncoder)
    expected = {encoded.article.id: encoded for encoded in encoded_articles(read_snapshot(live_build(root)))}
    assert sorted(shelf.articles) == list(expected)
    for article_id, own in expected.items():
        stored = shelf.articles[article_id]
        assert (stored.article, stored.chunks) == (own.article, own.chunks)
        for name in ("vectors", "sentences", "scales"):
            np.testing.assert_array_equal(getattr(stored, name), getattr(own, name))


def test_a_folder_becomes_what_a_build_of_it_holds(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    done, encoded = _unit(shelf, folder)
    assert (done.changed, done.origins, encoded, done.refused) == (True, VectorSources(encoded=4), 4, [])
    assert shelf.batches == [["garden/bees", "moon", "zh/tea"]]
    _same(shelf, folder, tmp_path / "index")
    manifest = read_snapshot(live_build(tmp_path / "index")).manifest
    assert done.coverage == manifest.coverage


def test_once_more_nothing_is_encoded_or_stored(folder: Path) -> None:
    shelf = Shelf()
    first, _ = _unit(shelf, folder)
    done, encoded = _unit(shelf, folder)
    assert (done.changed, done.origins, encoded, len(shelf.batches)) == (False, VectorSources(), 0, 1)
    assert done.coverage == first.coverage
    done, encoded = _unit(shelf, folder, force=True)
    assert (done.changed, done.origins, encoded, len(shelf.batches)) == (True, VectorSources(encoded=4), 4, 2)


def test_only_what_changed_is_encoded_and_what_went_is_removed(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    _unit(shelf, folder)
    moon = (folder / "moon.md").read_text("utf-8")
    (folder / "moon.md").write_text(moon.replace("16 percent", "17 percent"), "utf-8")
    (folder / "zh/tea.md").rename(folder / "cha.md")
    write_articles(folder, {"new.md": "A new one.\n"})

    done, encoded = _unit(shelf, folder)

    # One passage of the Moon is as it was, the tea has another name only, and the bees were not touched.
    assert (done.changed, done.origins, encoded) == (True, VectorSources(encoded=2, reused=3), 2)
    assert shelf.batches[1:] == [["cha", "moon", "new"]]
    _same(shelf, folder, tmp_path / "index")


def test_a_changed_title_alone_is_stored_without_encoding(folder: Path, tmp_path: Path) -> None:
    shelf = Shelf()
    _unit(shelf, folder)
    bees = (folder / "garden/bees.md").read_text("utf-8")
    (folder / "garden/bees.md").write_text(bees.replace("Bees in the garden", "Bees"), "utf-8")
    done, encoded = _unit(shelf, folder)
    assert (done.changed, encoded, shelf.batches[1:]) == (True, 0, [["garden/bees"]])
    _same(shelf, folder, tmp_path / "index")


def test_equal_passages_are_encoded_once(tmp_path: Path) -> None:
    folder = write_articles(tmp_path / "articles", {f"{n}.md": "The same text." for n in range(5)})
    done, encoded = _unit(Shelf(), folder)
    assert (done.origins, encoded) == (VectorSources(encoded=1, repeated=4), 1)


def test_what_went_from_an_archive_is_removed_by_the_worker_that_has_the_archive(tmp_path: Path) -> None:
    folder, shelf, files = tmp_path / "articles", Shelf(), {f"in/{n}.md": f"Text {n}." for n in "abcdef"}
    folder.mkdir()
    for left in (files, {"in/a.md": files["in/a.md"], "in/b.md": "Another text."}):
        (folder / "box.zip").write_bytes(packed(left))
        for shard in Shard.all(5):
            _unit(shelf, folder, shard)
        assert sorted(shelf.articles) == [f"box.zip/{name}" for name in left]
    _same(shelf, folder, tmp_path / "index")


@pytest.mark.parametrize("count", [2, 5])
def test_shards_in_any_order_are_the_whole_and_leave_each_others_articles_alone(count: int, tmp_path: Path) -> None:
    texts = {f"{n % 3}/{n}.md": f"# Field {n}\n\nBee {n} saw {n * 7} flowers." for n in range(30)}
    folder, shelf = write_articles(tmp_path / "articles", texts), Shelf()
    for shard in reversed(Shard.all(count)):
        _unit(shelf, folder, shard)
    _same(shelf, folder, tmp_path / "index")

    (folder / "1/1.md").unlink()
    gone = [shard for shard in Shard.all(count) if shard.has("1/1.md")]
    others = [shard for shard in Shard.all(count) if shard not in gone]
    assert [_unit(shelf, folder, shard)[0].changed for shard in [*others, *gone]] == [False] * (count - 1) + [True]
    _same(shelf, folder, tmp_path / "index")


def test_what_was_stored_while_a_worker_was_at_work_is_not_removed_by_it(folder: Path) -> None:
    shelf = Shelf()
    _unit(shelf, folder)
    before, found = shelf.stored(), read_folder(folder)
    _unit(shelf, write_articles(folder, {"new.md": "A new one.\n"}))
    ingest(found, [], before, shelf, HashingEncoder(), chunking=Chunking())
    assert sorted(shelf.articles) == ["garden/bees", "moon", "new", "zh/tea"]


def test_what_lies_in_a_folder_that_could_not_be_read_is_kept_and_nothing_else(folder: Path) -> None:
    shelf = Shelf()
    _unit(shelf, write_articles(folder, {"garden-tools.md": "A spade."}))
    for name in ("moon.md", "garden/bees.md", "garden-tools.md"):
        (folder / name).unlink()
    found = read_folder(folder)
    partly = replace(found, unread=("garden",))
    assert _unit(shelf, folder, found=partly)[0].changed is True
    assert sorted(shelf.articles) == ["garden/bees", "zh/tea"]
    assert _unit(shelf, folder, found=replace(found, unread=(".",)))[0].changed is False
    assert _unit(shelf, folder)[0].changed is True
    assert sorted(shelf.articles) == ["zh/tea"]


def test_a_file_that_became_unreadable_is_not_in_the_index(folder: Path) -> None:
    shelf = Shelf()
    _unit(shelf, folder)
    (folder / "moon.md").write_text("---\ntitle: [\n---\nText.\n", "utf-8")
    _unit(shelf, folder)
    assert sorted(shelf.articles) == ["garden/bees", "zh/tea"]


def test_an_article_that_no_store_takes_does_not_stop_the_others(tmp_path: Path) -> None:
    folder, shelf = write_articles(tmp_path / "articles", {f"{LONG}/{LONG}.md": "Deep.", "a.md": "Text."}), Shelf()
    for changed in (True, False):
        done, _ = _unit(shelf, folder)
        words = f"article '{(LONG + '/')[:80]}' is not stored: its id has 261 characters; 1 to 255 will do"
        assert done.refused == [Problem(f"{LONG}/{LONG}.md", words, lost=True)]
        assert (done.changed, list(shelf.articles)) == (changed, ["a"])


def test_many_passages_go_to_the_store_in_batches_in_order_of_id(tmp_path: Path) -> None:
    texts = {f"{n:04}.md": f"Bee {n} saw {n * 7} flowers." for n in range(1100)}
    shelf = Shelf()
    done, encoded = _unit(shelf, write_articles(tmp_path / "articles", texts))
    assert (done.origins, encoded) == (VectorSources(encoded=1100), 1100)
    assert [len(batch) for batch in shelf.batches] == [256, 256, 256, 256, 76]
    assert (
        [each for batch in shelf.batches for each in batch]
        == sorted(shelf.articles)
        == [f"{n:04}" for n in range(1100)]
    )
