"""Readings kept on disk come back as they were, in order of id, and outlive the spool."""

from dataclasses import replace

from index.articles.article import Article, Block, Source
from index.reading.loader import Reading
from index.reading.spool import Spool
from tests.index.stores.builds.files.test_catalogue import MOON, TEA

LUNA = Reading(MOON, "pdf", 40, {"navigation": 3}, 2, "utf-8", doubtful=True, blank_pages={2: "empty"}, notes=("a",))
CHA = Reading(TEA, "md", 6)


def test_readings_come_back_sorted_by_id() -> None:
    with Spool() as spool:
        for reading in (CHA, LUNA):
            spool.add(reading)
        readings = spool.readings()

    assert list(readings) == [LUNA, CHA]
    assert (readings[-1], readings[0], len(readings)) == (CHA, LUNA, 2)


def test_more_readings_than_are_kept_in_memory_come_back_in_any_order() -> None:
    articles = [
        Article(
            id=f"{number:03}",
            title="t",
            text=f"Text {number} 𝕊\n" * number,
            blocks=(Block("code", 0, number),),
            sha256="",
        )
        for number in range(100)
    ]
    with Spool() as spool:
        for article in articles:
            spool.add(Reading(replace(article, sources=(Source("a", "b"),)), "md", 1))
        readings = spool.readings()

    for number in [*range(99, -1, -7), *range(100)]:
        assert readings[number].article == replace(articles[number], sources=(Source("a", "b"),))
