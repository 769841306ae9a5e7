"""Detection of the element that holds a web page's article."""

import re
from collections import Counter
from typing import Any

import trafilatura
from lxml.etree import ParserError

from index.articles.article import clean

_SPANS = re.compile(r"\b(?:col|row)span\s*=", re.IGNORECASE)
_LARGEST = 2_000_000  # characters: on larger pages only the page's own markup is used
_MOST_TAGS = 50_000  # likewise
_SHARE = 0.8  # of the detected article text that must be in the element


def article_body(root: Any, pieces: list[tuple[Any, str]], source: str) -> Any:
    """The element marked as the article's body, else the most likely element, else the root.

    `pieces` are the page's runs of text, each with its element.
    """
    marked = _only(root, './/*[contains(concat(" ", @itemprop, " "), " articleBody ")]')
    if marked is not None:
        return marked
    is_small = len(source) <= _LARGEST and source.count("<") <= _MOST_TAGS
    likely = _likely(root, pieces, source) if is_small else None
    if likely is not None:
        return next((element for element in (likely, *likely.iterancestors()) if element.tag == "article"), likely)
    elements = (_only(root, path) for path in (".//article", './/main | .//*[@role="main"]'))
    return next((element for element in elements if element is not None), root)


def is_within(element: Any, body: Any) -> bool:
    """Whether `element` is `body` or inside it."""
    return element is body or body in element.iterancestors()


def _only(root: Any, path: str) -> Any:
    """The element at an XPath if it is the only one and has text, else None."""
    elements = root.xpath(path)
    return elements[0] if len(elements) == 1 and "".join(elements[0].itertext()).strip() else None


def _likely(root: Any, pieces: list[tuple[Any, str]], source: str) -> Any:
    """The smallest element with most of the text that trafilatura detects as the article, or None.

    Trafilatura may leave out tables, lists and short paragraphs, so it only locates the element.
    """
    # It expands spanned cells, which may be millions on a small page.
    source = _SPANS.sub(" ", source)
    try:
        text = trafilatura.extract(source, include_comments=False, favor_recall=True, fast=False) or ""
    except (ParserError, ValueError, RecursionError):
        return None
    detected = Counter(_compact(line) for line in text.split("\n"))
    weights: Counter[Any] = Counter()
    total = 0
    for element, piece in pieces:
        size = sum(len(_compact(line)) for line in piece.split("\n") if detected[_compact(line)])
        if size:
            total += size
            for holder in (element, *element.iterancestors()):
                weights[holder] += size
                if holder is root:
                    break
    holders = [element for element, weight in weights.items() if weight >= _SHARE * total]
    return max(holders, key=lambda element: sum(1 for _ in element.iterancestors()), default=None)


def _compact(line: str) -> str:
    return "".join(clean(line).split()).lstrip("-")
