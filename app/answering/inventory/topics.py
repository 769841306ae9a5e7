"""Topics of a collection: its folders, or the most frequent words of titles where there are none."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from app.answering.inventory.listing import Topic
from index.arrays import Rows
from index.articles.catalogue import Catalogue
from index.articles.facets import Facets
from index.keywords.tokenizer import terms

_MOST = 50


def folders(facets: Facets, rows: Rows) -> tuple[Topic, ...]:
    """The folders that hold some of these articles, with their numbers, most first."""
    counts = ((value.name, len(np.intersect1d(value.rows, rows))) for value in facets.folders.values())
    return _first(Topic(name, count) for name, count in counts if count)


def title_words(articles: Catalogue, rows: Rows) -> tuple[Topic, ...]:
    """The words of these articles' titles, as first written, with the number of titles that hold each."""
    titles = articles.column("title")
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for row in rows.tolist():
        words = {term: word for word, term in reversed(terms(titles[row])) if not term[0].isdecimal()}
        counts.update(words.keys())
        for term, word in words.items():
            written.setdefault(term, word)
    return _first(Topic(written[term], count) for term, count in counts.items())


def _first(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    return tuple(sorted(topics, key=lambda topic: (-topic.count, topic.name))[:_MOST])
