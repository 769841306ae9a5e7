"""Metadata declared in a web page's head; nothing is guessed from its text."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from html import unescape
from typing import Any

from lxml.html import document_fromstring

from index.articles.article import visible
from index.reading.access import head_of, keys_of
from index.reading.formats.dateline import iso_date
from index.reading.formats.extract import Header
from index.reading.metadata import is_url

# Names of <meta> for the date of publication; a bare "date" may be the day the page was made.
_DATES = frozenset(
    "article:published_time og:article:published_time datepublished dc.date.issued dcterms.issued dc.date publishdate "
    "publish_date publish-date pubdate publication_date parsely-pub-date sailthru.date citation_publication_date "
    "citation_online_date".split()
)
_DATED = '//time[@pubdate] | //*[contains(concat(" ", @itemprop, " "), " datePublished ")]'
_PUBLISHERS = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_publisher", "publisher", "sitename")
_TITLES = ("og:title", "dc.title", "citation_title", "articletitle", "twitter:title")

_MARKED = re.compile(r"</?(?:p|div|br|b|i|em|strong|a|h[1-6]|ul|li|span)\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|div|br|h[1-6]|ul|li)\b[^<>]*>", re.IGNORECASE)
_FIRST_ELEMENT = re.compile(
    r"^[ \t]*(?:<[!?][^>\n]*>[ \t]*)*<[a-z]|<(?:html|head|body)\b", re.MULTILINE | re.IGNORECASE
)


def declared_names(tree: Any, source: str) -> list[str]:
    """The names of the page's <meta>, and possible front matter keys before its first element."""
    first = _FIRST_ELEMENT.search(source)
    return [*_meta(tree), *keys_of(head_of(source[: first.start()] if first else source))]


def webpage_header(tree: Any) -> tuple[Header, list[str]]:
    """The metadata that the page declares, and notes on values left out.

    Contradictory dates of publication are left out.
    """
    meta = _meta(tree)
    articles = list(_linked_data(tree))
    written = [str(article.get("datePublished")) for article in articles]
    written += [value for name in _DATES for value in meta[name]]
    written += [element.get("datetime") or element.get("content") or "" for element in tree.xpath(_DATED)]
    dates = {iso_date(value) for value in written} - {""}
    notes = [f"declared dates disagree ({', '.join(sorted(dates))}); left out"] if len(dates) > 1 else []
    publishers = [_name(article.get("publisher")) for article in articles]
    addresses = [*tree.xpath('//link[@rel="canonical"]/@href'), *meta["og:url"]]
    header = Header(
        title=_title(tree, meta, articles),
        publisher=_first(*publishers, *(value for name in _PUBLISHERS for value in meta[name])),
        published=dates.pop() if len(dates) == 1 else "",
        url=next((address.strip() for address in addresses if is_url(address.strip())), ""),
        language=_language(tree),
    )
    return header, notes


def article_data(tree: Any) -> str:
    """The text of the article in the page's JSON-LD, a paragraph a line; empty if there is none or several."""
    texts = {text for article in _linked_data(tree) if isinstance(text := article.get("articleBody"), str)}
    text = texts.pop() if len(texts) == 1 else ""
    if _MARKED.search(text):
        text = "".join(document_fromstring(f"<div>{_BREAK.sub(chr(10), text)}</div>").itertext())
    return "\n".join(" ".join(line.split()) for line in unescape(text).split("\n") if visible(line))


def _meta(tree: Any) -> dict[str, list[str]]:
    values = defaultdict[str, list[str]](list)
    for element in tree.iter("meta"):
        for name in filter(None, map(element.get, ("property", "name", "itemprop"))):
            values[name.strip().lower()].append(element.get("content") or "")
    return values


def _linked_data(tree: Any) -> Iterator[dict[str, Any]]:
    """The articles described in the page's JSON-LD."""
    for script in tree.xpath('//script[@type="application/ld+json"]'):
        try:
            waiting = [json.loads(script.text or "null")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting += node
            elif isinstance(node, dict):
                waiting.append(node.get("@graph"))
                kinds = node.get("@type")
                if any(str(kind).endswith(("Article", "Posting", "Report")) for kind in _listed(kinds)):
                    yield node


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _name(value: Any) -> str:
    first = next(iter(_listed(value)), None)
    name = first.get("name") if isinstance(first, dict) else first
    return name if isinstance(name, str) else ""


def _first(*values: str) -> str:
    return next((text for value in values if (text := " ".join(value.split()))), "")


def _title(tree: Any, meta: dict[str, list[str]], articles: list[dict[str, Any]]) -> str:
    """The declared title, or a heading that is part of it, as the heading has no site name."""
    headlines = [headline for article in articles if isinstance(headline := article.get("headline"), str)]
    named = (value for name in _TITLES for value in meta[name])
    headings = [_first("".join(heading.itertext())) for heading in tree.iter("h1")]
    only_heading = headings if len(headings) == 1 else []
    in_head = ["".join(title.itertext()) for title in tree.xpath("//head/title")]
    declared = _first(*headlines, *named, *in_head, *only_heading)
    return next((heading for heading in headings if visible(heading) > 3 and heading in declared), declared)


def _language(tree: Any) -> str:
    code = (tree.get("lang") or "").strip().lower().replace("_", "-").partition("-")[0]
    return code if 2 <= len(code) <= 3 and code.isascii() and code.isalpha() else ""
