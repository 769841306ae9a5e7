"""The page of the list of articles: by date, title or folder, searched, narrowed to a topic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

import numpy as np
from markupsafe import Markup

from app.answering.links import passage_address
from app.web.articles.excerpt import Excerpts
from app.web.articles.matching import matches, visible_entries
from app.web.articles.wanted import BEST, Wanted
from app.web.pages import Site
from index.articles.catalogue import Entry
from index.articles.facets import Facets
from index.articles.filters import folded
from index.passages.chunking import Passage
from index.search.searcher import Searcher

_PAGE_SIZE, _HITS = 100, 20  # articles on one page of the list, and of a search, which shows lines of them
_TOPICS = 60


@dataclass(frozen=True, slots=True)
class Item:
    """An article of the list: its day as people write it, and the line in which searched words stand.

    `link` opens the article at that line.
    """

    entry: Entry
    title: Markup
    day: str
    line: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A folder, its name below the folder above it, and the number of listed articles in it."""

    folder: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Visible articles by row, the rows that hold the words wanted in any folder, and the rows wanted, in order."""

    entries: Mapping[int, Entry]
    rows: frozenset[int]
    ordered: Sequence[int]


def listed(searcher: Searcher, wanted: Wanted) -> Listed:
    """The articles that are wanted of those that this searcher sees."""
    facets, entries = searcher.facets, visible_entries(searcher)
    held = matches(searcher, entries, wanted.words) if wanted.words else None
    rows = frozenset(entries) if held is None else held.rows
    folder = facets.folders.get(folded(wanted.folder))
    inside = rows if not wanted.folder else rows.intersection(folder.rows.tolist() if folder else ())
    return Listed(entries, rows, _ordered(inside, entries, facets, wanted.order, held.named if held else frozenset()))


def list_page(searcher: Searcher, site: Site, wanted: Wanted) -> str:
    """A page of the list of the articles that this searcher sees."""
    facets, words, found = searcher.facets, wanted.words, listed(searcher, wanted)
    entries, rows, ordered = found.entries, found.rows, found.ordered
    folder = facets.folders.get(folded(wanted.folder))
    size = _HITS if words else _PAGE_SIZE
    pages = max(1, -(-len(ordered) // size))
    page = min(max(wanted.page, 1), pages)
    shown = [entries[row] for row in ordered[(page - 1) * size : page * size]]
    items = _items(searcher, site, shown, words)
    return site.page(
        "articles.html",
        groups=groupby(items, lambda item: _folder(item.entry) if wanted.order == "folder" else ""),
        question="/#" + urlencode({"q": words, **({"folders": folder.name} if folder else {})}),
        count=len(ordered),
        elsewhere=len(rows) - len(ordered),
        wanted=wanted,
        topics=_topics(facets, rows, wanted.folder),
        above=_above(facets, wanted.folder),
        page=page,
        pages=pages,
    )


def _ordered(
    rows: Iterable[int], entries: Mapping[int, Entry], facets: Facets, order: str, named: frozenset[int]
) -> list[int]:
    """The rows in order; by date, the newest come first and those without a date last."""
    if order == "title":
        return sorted(rows, key=lambda row: (entries[row].title.casefold(), row))
    if order == "folder":
        return sorted(rows, key=lambda row: (_folder(entries[row]).casefold(), entries[row].title.casefold(), row))
    array = np.array(sorted(rows), np.int64)
    by_date: list[int] = array[np.lexsort((array, -facets.last[array], -facets.first[array]))].tolist()
    return sorted(by_date, key=lambda row: row not in named) if order == BEST else by_date


def _folder(entry: Entry) -> str:
    return entry.id.rpartition("/")[0]


def _items(searcher: Searcher, site: Site, entries: Sequence[Entry], words: str) -> list[Item]:
    excerpts = Excerpts(words)
    items = []
    for entry in entries:
        title, day = excerpts.marked(entry.title), site.language.day(entry.published)
        article = searcher.articles.by_id(entry.id) if words else None
        excerpt = excerpts.of(article) if article else None
        if article and excerpt:
            link = passage_address(Passage(article, *excerpt.span), excerpt.span)
            items.append(Item(entry, title, day, excerpt.html, link))
        else:
            items.append(Item(entry, title, day))
    return items


def _topics(facets: Facets, rows: frozenset[int], folder: str) -> list[Topic]:
    """The folders right inside a folder, or the outermost ones, with those of the rows that lie in them."""
    mask = np.zeros(len(facets.first), np.bool_)
    mask[list(rows)] = True
    topics = [
        Topic(value.name, value.name.rpartition("/")[2], int(np.count_nonzero(mask[value.rows])))
        for key, value in facets.folders.items()
        if key.rpartition("/")[0] == folded(folder)
    ]
    shown = sorted((topic for topic in topics if topic.count), key=lambda topic: (-topic.count, topic.name))
    return shown[:_TOPICS]


def _above(facets: Facets, folder: str) -> list[Topic]:
    """The folder itself and those above it, outermost first; none of a folder that there is not."""
    parts = folded(folder).split("/")
    values = [facets.folders.get("/".join(parts[: depth + 1])) for depth in range(len(parts))]
    return [Topic(value.name, value.name.rpartition("/")[2], len(value.rows)) for value in values if value]
