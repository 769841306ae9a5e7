"""Views of a collection that people of different groups share."""

from pathlib import Path

from app.answering.collection import Collection
from tests.access import HIDDEN, OPEN, built
from tests.hashing import searcher_of


def test_what_is_kept_for_views_of_a_collection_is_bounded_and_shared(tmp_path: Path) -> None:
    collection = Collection.of(searcher_of(built(tmp_path, {**OPEN, **HIDDEN})))
    assert collection.named == {"hr", "board", "legal", "everyone"}
    assert collection.seen_by(None) is collection
    mine = collection.seen_by(frozenset(["hr", "a", "b"]))
    assert mine is collection.seen_by(frozenset(["hr", "everyone", "c"]))
    assert mine.freshness is collection.freshness
    assert len(collection.seen_by(frozenset(["unknown"])).searcher.articles) == 2
    assert len(collection.seen_by(frozenset()).searcher.articles) == 0
