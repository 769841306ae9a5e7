"""Detection of the parts of a web page that are its article."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from functools import cache
from itertools import compress, islice
from typing import Any

import trafilatura
from lxml.etree import ParserError

from index.articles.article import clean
from index.reading.formats.webfurniture import prose
from index.reading.formats.webtree import shown

_SPANS = re.compile(r"\b(?:col|row)span\s*=", re.IGNORECASE)
_LARGEST = 2_000_000  # characters: on larger pages only the page's own markup is used
_MOST_TAGS = 50_000  # likewise
_SHARE = 0.8  # of the detected article text that must be in the element
_LEAST = 0.15  # share of that element's text that must be detected to go by it
_MOST = 0.5  # share of a run of text that must be detected
_LARGE = 20  # characters of a line that is part of no other
_LEAD, _PARAGRAPH = 80, 200  # the same of text before and amid the detected that may be of the article for its length
_LINKED = 0.4  # share of links and buttons in text that may be of the article
_AWAY = 0.7  # the same in a paragraph that leads to other pages
_LISTED = ("h1", "table", "td", "dt", "dd", "li", "pre")  # which may hold links alone
_ENDS = tuple('.!?:。…”"»')  # of sentences
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_MOST_WORK = 500_000_000  # characters compared in search of parts of lines
_DEPTH = 11  # elements around an element


def article_pieces(root: Any, pieces: Sequence[tuple[Any, str]], source: str) -> list[bool]:
    """Whether each of the page's runs of text, given with its element, is part of the article.

    Where the page marks the article's body, this decides; else the text that trafilatura detects, text that stands
    like it, and in the most likely element also tables, long text before it and text that stands like it after it.
    Paragraphs of links lead away.
    """
    shares = _shares(pieces, source)
    body = _body(root, pieces, shares)
    within = [is_within(element, body) for element, _ in pieces]
    sizes = [len(_compact(text)) for _, text in pieces]
    links = cache(_links)  # many runs may be in one element
    large = [row for row, share in enumerate(shares) if share > _MOST and sizes[row] >= _LARGE]
    inside = sum(size for size, is_in in zip(sizes, within, strict=True) if is_in)
    if body is _marked(root) or sum(sizes[row] for row in large) <= _LEAST * inside:
        return _without_links(pieces, within, sizes, links)
    title = next((row for row, (element, _) in enumerate(pieces) if element.tag == "h1"), -1)
    places = [_place(element) for element, _ in pieces]
    near = {places[row] for row in large}
    around = near | {place[1:] for place in near}

    def belongs(row: int) -> bool:
        (element, text), size = pieces[row], sizes[row]
        if shares[row] > _MOST or row == title or (within[row] and element.tag == "table"):
            return True
        is_around = not {places[row], places[row][1:]}.isdisjoint(around)
        is_like = places[row] in near or (is_around and text.endswith(_ENDS))
        if large[0] < row < large[-1]:
            return (is_like or size >= _PARAGRAPH) and links(element) < _LINKED
        return within[row] and (size >= _LEAD if row < large[0] else is_like) and links(element) < _LINKED / 2

    chosen = [belongs(row) for row in range(len(pieces))]
    for row in reversed(range(len(pieces))):  # a heading goes with its text, a caption with its table
        element = pieces[row][0]
        after = pieces[row + 1][0] if row + 1 < len(pieces) and chosen[row + 1] else None
        if after is not None and within[row] and (element.tag in _HEADINGS or after.tag == "table"):
            chosen[row] |= links(element) < _LINKED
        elif after is None and element.tag in _HEADINGS:
            chosen[row] &= shares[row] > _MOST
    return _without_links(pieces, chosen, sizes, links)


def _without_links(
    pieces: Sequence[tuple[Any, str]], chosen: list[bool], sizes: Sequence[int], links: Callable[[Any], float]
) -> list[bool]:
    """The chosen runs of text without paragraphs of links, unless these are most of the text."""
    leads = [
        is_chosen
        and element.tag not in _LISTED
        and links(element) >= _AWAY
        and next(element.iter("button"), None) is None
        for (element, _), is_chosen in zip(pieces, chosen, strict=True)
    ]
    if 2 * sum(compress(sizes, leads)) >= sum(compress(sizes, chosen)):
        return chosen
    return [is_chosen and not is_lead for is_chosen, is_lead in zip(chosen, leads, strict=True)]


def _shares(pieces: Sequence[tuple[Any, str]], source: str) -> list[float]:
    """The share of each run of text that is detected as the article."""
    is_small = len(source) <= _LARGEST and source.count("<") <= _MOST_TAGS
    lines = _detected(source) if is_small else []
    whole = "\n".join(lines) if len(pieces) * sum(map(len, lines)) <= _MOST_WORK else ""
    known = frozenset(lines)
    return [_share(text, known, whole) for _, text in pieces]


def _detected(source: str) -> list[str]:
    """The lines that trafilatura detects as the article, without spaces; none if it fails."""
    try:
        # It expands spanned cells, which may be millions on a small page.
        text = trafilatura.extract(_SPANS.sub(" ", source), include_comments=False, fast=False) or ""
    except (ParserError, ValueError, RecursionError):
        return []
    return list(filter(None, map(_compact, text.split("\n"))))


def _share(text: str, lines: Set[str], detected: str) -> float:
    """The share of a text whose lines are detected, as lines or, if they are long, as parts of lines."""
    own = [_compact(line) for line in text.split("\n")]
    found = (len(line) for line in own if line in lines or (len(line) >= _LARGE and line in detected))
    return sum(found) / max(sum(map(len, own)), 1)


def _place(element: Any) -> tuple[tuple[str, str, str], ...]:
    """The elements around an element, from within, by name, class and id."""
    around = islice(element.iterancestors(), _DEPTH)
    return tuple((each.tag, each.get("class", ""), each.get("id", "")) for each in around)


def _links(element: Any) -> float:
    """The share of an element's text that is links and buttons."""
    if next(element.iterancestors("a", "button"), None) is not None:
        return 1.0
    return 1 - prose(element) / max(shown(element), 1)


def _body(root: Any, pieces: Sequence[tuple[Any, str]], shares: Sequence[float]) -> Any:
    if (marked := _marked(root)) is not None:
        return marked
    likely = _likely(root, pieces, shares)
    if likely is not None:
        return next((element for element in (likely, *likely.iterancestors()) if element.tag == "article"), likely)
    elements = (_only(root, path) for path in (".//article", './/main | .//*[@role="main"]'))
    return next((element for element in elements if element is not None), root)


def is_within(element: Any, body: Any) -> bool:
    """Whether `element` is `body` or inside it."""
    return element is body or body in element.iterancestors()


def _marked(root: Any) -> Any:
    return _only(root, './/*[contains(concat(" ", @itemprop, " "), " articleBody ")]')


def _only(root: Any, path: str) -> Any:
    """The element at an XPath if it is the only one and has text, else None."""
    elements = root.xpath(path)
    return elements[0] if len(elements) == 1 and "".join(elements[0].itertext()).strip() else None


def _likely(root: Any, pieces: Sequence[tuple[Any, str]], shares: Sequence[float]) -> Any:
    """The smallest element with most of the text that is detected as the article, or None.

    Trafilatura may leave out tables, lists and short paragraphs, so it only locates the element.
    """
    weights = defaultdict[Any, float](float)
    total = 0.0
    for (element, text), share in zip(pieces, shares, strict=True):
        if size := share * len(_compact(text)):
            total += size
            for holder in (element, *element.iterancestors()):
                weights[holder] += size
                if holder is root:
                    break
    holders = [element for element, weight in weights.items() if weight >= _SHARE * total]
    return max(holders, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _compact(line: str) -> str:
    return "".join(clean(line).split()).lstrip("-")
