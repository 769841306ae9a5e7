"""Pinned passages as hits: each is looked up in its article as that is now, and comes before those that are found."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from app.answering.pinned.pins import Pin, Pins
from app.answering.retrieval import Retrieved
from index.articles.catalogue import Catalogue
from index.articles.filters import Filters
from index.passages.chunking import Passage
from index.reading.freshness import Freshness
from index.search.highlight import Sentences
from index.search.hits import Hit, HitFeatures
from index.search.searcher import Searcher

_log = logging.getLogger(__name__)
_SURE = HitFeatures(passage=1.0, sentence=1.0, bm25=0.0, coverage=1.0)


def pinned_hit(pin: Pin, articles: Catalogue, freshness: Freshness) -> Hit | None:
    """The hit of a pin; None where no such article is visible, or it or its file no longer holds the quote."""
    article = articles.by_id(pin.article)
    start = article.text.find(pin.quote) if article else -1
    if article is None or start < 0 or freshness.state(article) in ("changed", "gone"):
        return None
    sentence = pin.sentence or pin.quote
    first = start + pin.quote.index(sentence)
    span = (first, first + len(sentence))
    return Hit(Passage(article, start, start + len(pin.quote)), 1.0, _SURE, Sentences.alone(span))


def pinned_hits(pins: Sequence[Pin], filters: Filters, searcher: Searcher, freshness: Freshness) -> list[Hit]:
    """The hits of the pins whose articles pass the filters."""
    if not pins:
        return []
    passing, hits = searcher.facets.passing(filters), (pinned_hit(pin, searcher.articles, freshness) for pin in pins)
    rows = ((searcher.articles.row(hit.passage.article.id), hit) for hit in hits if hit)
    return [hit for row, hit in rows if row is not None and passing[row]]


def with_pinned(found: Retrieved, pinned: Sequence[Hit], k: int) -> Retrieved:
    """The pinned hits, which answer, before those that were found; alone where what was found does not answer."""
    if not pinned:
        return found
    others = [hit for hit in found.hits if not any(_overlap(hit.passage, each.passage) for each in pinned)]
    hits = [*pinned, *(others if found.verdict == "answer" else [])][:k]
    return replace(found, hits=hits, others=(), best={}, verdict="answer", support=abs(found.support))


def lost_pins(pins: Pins, articles: Catalogue, freshness: Freshness) -> list[Pin]:
    """The pins whose passages no longer exist."""
    return [pin for pin in pins.all if pinned_hit(pin, articles, freshness) is None]


def log_lost_pins(pins: Pins, articles: Catalogue, freshness: Freshness) -> None:
    """Log each pin whose passage no longer exists, by its article."""
    for pin in lost_pins(pins, articles, freshness):
        _log.warning("the passage pinned from article %r no longer exists. Choose another one on /owner", pin.article)


def _overlap(one: Passage, other: Passage) -> bool:
    return one.article.id == other.article.id and one.start < other.end and other.start < one.end
