"""The pages of an article and of the list: clean pages made from templates, opened at a quoted passage."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from app.answering.language import Language
from app.answering.links import edition, original_address
from app.web.cards import marked
from app.web.pages import Site
from index.articles.article import Article
from index.articles.catalogue import Catalogue
from index.passages.sentences import Span
from index.reading.freshness import State

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
class Place:
    """What a citation's link says: where the passage and its best sentence lie, and in which edition of the article.

    All of it is text that anybody may have written.
    """

    start: str = ""
    end: str = ""
    mark: str = ""
    cited: str = ""

    @property
    def names_edition(self) -> bool:
        """Whether the link was made for an article that was there, as far as a link can tell."""
        return re.fullmatch(r"[0-9a-f]{12}", self.cited) is not None


def article_page(article: Article, site: Site, place: Place, state: State, *, original: bool = False) -> str:
    """The page of an article, opened where a citation's link leads; `original` offers its file.

    A link made for another edition of the article opens it at its top and says so; so does one to
    a place that the article does not have.
    """
    is_same = not place.cited or place.cited == edition(article)
    wanted = bool(place.start or place.end)
    passage = _span(place.start, place.end, len(article.text)) if wanted and is_same else None
    sentence = _span(*place.mark.partition("-")[::2], len(article.text)) if place.mark and is_same else None
    notice = _notice(state, is_same)
    return site.page(
        "article.html",
        article=article,
        parts=_parts(article, passage, sentence or passage),
        lost=wanted and passage is None and notice != "article.changed_since",
        state=state if is_same else "changed",
        notice=notice,
        quote=article.text[slice(*(sentence or passage))] if passage else "",
        about=_about(article, site.language),
        original=f"{site.base}{original_address(article.id)}" if original and state == "verified" else "",
    )


def _notice(state: State, is_same: bool) -> str:
    """The name of the text that tells how far the page can be trusted; only a verified text is that of now."""
    return "article.changed_since" if state == "verified" and not is_same else f"article.{state}"


def list_page(articles: Catalogue, site: Site, wanted: str = "", page: int = 1) -> str:
    """The list of articles whose title, publisher or date has every wanted word, page by page."""
    words = wanted.casefold().split()
    found = [
        entry
        for entry in articles.entries()
        if all(word in f"{entry.title} {entry.publisher} {entry.published}".casefold() for word in words)
    ]
    pages = max(1, -(-len(found) // _PAGE_SIZE))
    page = min(max(page, 1), pages)
    shown = found[(page - 1) * _PAGE_SIZE : page * _PAGE_SIZE]
    return site.page("articles.html", entries=shown, count=len(found), wanted=wanted, page=page, pages=pages)


def missing_page(site: Site, *, gone: bool = False) -> str:
    """The page for an article that is not in the index; `gone`: it was there once."""
    return site.page("missing.html", gone=gone)


def _about(article: Article, language: Language) -> str:
    """What a copied quote is from: title, publisher and date, and the sources below them."""
    lines = [", ".join(part for part in (article.title, article.publisher, article.published) if part)]
    if article.sources:
        sources = [", ".join(part for part in (s.title, s.publisher, s.date) if part) for s in article.sources]
        lines.append(f"{language.say('article.based_on')}: {'; '.join(sources)}")
    return "\n".join(lines)


def _span(start: str, end: str, length: int) -> Span | None:
    if not (re.fullmatch(r"\d{1,9}", start) and re.fullmatch(r"\d{1,9}", end)):
        return None
    first, last = int(start), int(end)
    return (first, last) if first < last <= length else None


def _parts(article: Article, place: Span | None, sentence: Span | None) -> list[Part]:
    parts: list[Part] = []
    before = None
    for block in article.blocks:
        quoted = place is not None and block.start < place[1] and block.end > place[0]
        opens = quoted and not any(part.quoted for part in parts)
        highlight = _overlap((block.start, block.end), sentence)
        html = marked(article.text[block.start : block.end], highlight)
        page = article.page(block.start)
        parts.append(Part(block.kind, html, quoted, opens, page if page != before else None))
        before = page
    return parts


def _overlap(block: Span, sentence: Span | None) -> tuple[Span, ...]:
    if sentence is None or sentence[0] >= block[1] or sentence[1] <= block[0]:
        return ()
    return ((max(sentence[0], block[0]) - block[0], min(sentence[1], block[1]) - block[0]),)
