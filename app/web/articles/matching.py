"""Articles that hold words: in title, publisher or date, or anywhere in their texts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from index.articles.catalogue import Entry
from index.keywords.tokenizer import tokenise
from index.search.searcher import Searcher

_MOST = 12  # words that are looked up


@dataclass(frozen=True, slots=True)
class Matches:
    """Rows of the articles that hold the words; those in `named` hold them in title, publisher or date."""

    rows: frozenset[int]
    named: frozenset[int]


def visible_entries(searcher: Searcher) -> dict[int, Entry]:
    """The visible articles by row."""
    seen = searcher.articles.seen
    rows = np.arange(len(searcher.articles)) if seen is None else np.flatnonzero(seen)
    return dict(zip(rows.tolist(), searcher.articles.entries(), strict=True))


def matches(searcher: Searcher, entries: Mapping[int, Entry], words: str) -> Matches:
    """The visible articles that hold all the words, each anywhere, or all of them in one passage.

    A passage belongs to its title and heading, and its words count in any inflexion. Stop words count
    only where there is nothing else; of many words the first are looked up.
    """
    lines = {row: f"{entry.title} {entry.publisher} {entry.published}".casefold() for row, entry in entries.items()}
    each = words.casefold().split()[:_MOST]
    named = frozenset(row for row, line in lines.items() if all(word in line for word in each))
    holding: set[int] | None = None
    for word in [word for word in each if tokenise(word)] or each:
        rows = {row for row, line in lines.items() if word in line} | _with_all(searcher, word)
        holding = rows if holding is None else holding & rows
        if not holding:
            break
    return Matches(named | (holding or set()) | _with_all(searcher, " ".join(each)), named)


def _with_all(searcher: Searcher, words: str) -> set[int]:
    """Rows of the articles with a passage that holds all index terms of these words."""
    tokens = tokenise(words)
    return set(map(int, searcher.articles_with(tokens))) if tokens else set()
