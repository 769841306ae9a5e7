"""The pages of an article and of the list: clean pages made from templates, opened at a quoted passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from app.answering.language import Language
from app.answering.links import article_address, edition, original_address, picture_address
from app.web.chat.quotes import marked
from app.web.pages import Site
from app.web.reference import Reference, sources_named
from index.articles.article import Article, Block
from index.articles.catalogue import Catalogue
from index.passages.sentences import Span
from index.reading.freshness import State

_MOST_ANSWERS = 10  # spans of an answer in a link
_PAGE_SIZE = 100  # articles on one page of the list


@dataclass(frozen=True, slots=True)
class Part:
    """One block of an article as the page shows it; `quoted` blocks touch the cited passage.

    `page` is the number of the page that begins with the block, None elsewhere.
    """

    kind: str
    html: Markup
    quoted: bool
    opens: bool
    page: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """Parameters of a citation's link: spans of passage, best sentence and answer, and the edition of the article.

    With `pane` the page is shown beside a conversation, without the header of the site.
    They are text that anybody may have written.
    """

    start: str = ""
    end: str = ""
    mark: str = ""
    answer: str = ""
    cited: str = ""
    pane: str = ""


def article_page(article: Article, site: Site, link: Link, state: State, *, original: bool = False) -> str:
    """The page of an article, opened where a citation's link leads; `original` offers its file.

    A link made for another edition of the article, or to a span that the article does not have,
    opens it at its top and says so.
    """
    is_same = _is_same(article, link)
    passage, sentence = spans_of(article, link)
    changed_since = state == "verified" and not is_same  # only the text of a verified file is that of now
    spans = [_span(*each.partition("-")[::2], len(article.text)) for each in link.answer.split(".", _MOST_ANSWERS)]
    answer = sorted(span for span in spans if span) if is_same else []
    return site.page(
        "article.html",
        article=article,
        parts=_parts(article, passage, sentence or passage, answer),
        lost=bool(link.start or link.end) and passage is None and not changed_since,
        state=state if is_same else "changed",
        notice="article.changed_since" if changed_since else f"article.{state}",
        quote=article.text[slice(*(sentence or passage))] if passage else "",
        about=_about(article, site.language),
        original=f"{site.base}{original_address(article.id)}" if original and state == "verified" else "",
        in_pane=bool(link.pane),
        page=article.page((sentence or passage)[0]) if passage and original and state == "verified" else None,
        picture=f"{site.base}{picture_address(article.id)}?{_query(link)}" if is_pdf(article) else "",
    )


def reference_of(article: Article, link: Link, root: str, language: Language) -> Reference:
    """The reference of the sentence, or else the passage, that a citation's link names; `root` is the address of `/`.

    Of another edition of the article, it is that of the whole article.
    """
    passage, sentence = spans_of(article, link)
    span = (sentence or passage) if passage else None
    page = article.page(span[0]) if span else None
    return Reference(
        article,
        quote=article.text[slice(*span)] if span else "",
        start=span[0] if span else 0,
        address=f"{root}{article_address(article.id)}{f'?{_query(link)}#passage' if span else ''}",
        page=language.say("answer.page", page=page) if page else "",
        based_on=_based_on(article, language),
    )


def list_page(articles: Catalogue, site: Site, wanted: str = "", page: int = 1) -> str:
    """One page of the list of articles whose title, publisher and date hold every wanted word."""
    words = wanted.casefold().split()
    matches = [
        entry
        for entry in articles.entries()
        if all(word in f"{entry.title} {entry.publisher} {entry.published}".casefold() for word in words)
    ]
    pages = max(1, -(-len(matches) // _PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = matches[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    return site.page("articles.html", entries=shown, count=len(matches), wanted=wanted, page=page, pages=pages)


def _about(article: Article, language: Language) -> str:
    """The origin of a copied quote: title, publisher and date, and the sources below them."""
    lines = [", ".join(part for part in (article.title, article.publisher, article.published) if part)]
    if article.sources:
        lines.append(_based_on(article, language))
    return "\n".join(lines)


def _based_on(article: Article, language: Language) -> str:
    return f"{language.say('article.based_on')}: {sources_named(article.sources)}" if article.sources else ""


def is_pdf(article: Article) -> bool:
    """Whether the article's file is a PDF, whose pages can be drawn."""
    return article.file.lower().endswith(".pdf")


def _query(link: Link) -> str:
    """The query of a citation's link."""
    names = ("start", "end", "mark", "answer", "cited")
    return urlencode({name: value for name in names if (value := getattr(link, name))})


def _is_same(article: Article, link: Link) -> bool:
    return not link.cited or link.cited == edition(article)


def spans_of(article: Article, link: Link) -> tuple[Span | None, Span | None]:
    """The spans of the passage and of the sentence, as far as this edition of the article has them."""
    length = len(article.text) if _is_same(article, link) else 0
    return _span(link.start, link.end, length), _span(*link.mark.partition("-")[::2], length)


def _span(start: str, end: str, length: int) -> Span | None:
    if not (re.fullmatch(r"\d{1,9}", start) and re.fullmatch(r"\d{1,9}", end)):
        return None
    first, last = int(start), int(end)
    return (first, last) if first < last <= length else None


def _parts(article: Article, passage: Span | None, sentence: Span | None, answer: Sequence[Span]) -> list[Part]:
    parts: list[Part] = []
    last_page = None
    for block in article.blocks:
        quoted = bool(_overlap(block, passage))
        opens = quoted and not any(part.quoted for part in parts)
        said = [(start - block.start, end - block.start) for start, end in answer]
        html = marked(article.text[block.start : block.end], _overlap(block, sentence), said)
        page = article.page(block.start)
        parts.append(Part(block.kind, html, quoted, opens, page if page != last_page else None))
        last_page = page
    return parts


def _overlap(block: Block, span: Span | None) -> tuple[Span, ...]:
    """The common part of a block and a span, counted from the start of the block."""
    start, end = span or (0, 0)
    first, last = max(start - block.start, 0), min(end, block.end) - block.start
    return ((first, last),) if first < last else ()
