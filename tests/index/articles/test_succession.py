"""Which articles supersede others, and until when articles are valid."""

from datetime import date
from pathlib import Path

from index.articles.succession import Succession, resolved
from index.stores.builds.files.catalogue import BuildCatalogue
from tests.stored import article, write_texts


def test_ids_count_before_titles_and_nothing_supersedes_itself() -> None:
    ids, titles = ["a", "b", "c", "d"], ["Rules", "Rules", "b", "Fees"]
    superseding, unknown = resolved(ids, titles, [[], ["rules"], ["b", "b"], ["fees", "none"]])
    assert superseding == {0: (1,), 1: (2,)}
    assert unknown == [(3, "fees"), (3, "none")]


def test_articles_are_outdated_when_superseded_or_after_their_last_day(tmp_path: Path) -> None:
    articles = [
        article("a", "x", valid_until="2025"),
        article("b", "x"),
        article("c", "x", supersedes=("b",)),
    ]
    write_texts(articles, tmp_path)
    succession = Succession.of(BuildCatalogue(tmp_path))
    last = date(2025, 12, 31).toordinal()
    assert [succession.is_outdated(row, last) for row in range(3)] == [False, True, False]
    assert [succession.is_outdated(row, last + 1) for row in range(3)] == [True, True, False]


def test_an_article_that_may_not_be_seen_supersedes_nothing(tmp_path: Path) -> None:
    articles = [
        article("b", "x", groups=("everyone",)),
        article("c", "x", groups=("board",), supersedes=("b",)),
    ]
    write_texts(articles, tmp_path)
    catalogue = BuildCatalogue(tmp_path)
    assert Succession.of(catalogue.seen_by(frozenset({"board"}))).superseding == {0: (1,)}
    assert Succession.of(catalogue.seen_by(frozenset({"staff"}))).superseding == {}
