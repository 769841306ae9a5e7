"""The pages of an article and of the list: clean pages made from templates, opened at a quoted passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.answering.language import Language
from app.answering.links import edition, original_address
from app.web.chat.quotes import marked
from app.web.pages import Site
from index.articles.article import Article, Block
from index.articles.catalogue import Catalogue
from index.passages.sentences import Span
from index.reading.freshness import State

_MOST_ANSWERS = 10  # spans of an answer in a link
_PAGE_SIZE = 100  # articles on one page of the list


@dataclass(frozen=True, slots=True)
class Part:
    """One block of an article as the page shows it; `quoted` blocks touch the cited passage.

    `place` names the page or slide that begins with the block, or the row that the page opens at.
    """

    kind: str
    html: Markup
    quoted: bool
    opens: bool
    place: str


@dataclass(frozen=True, slots=True)
class Link:
    """Parameters of a citation's link: spans of passage, best sentence and answer, and the edition of the article.

    They are text that anybody may have written.
    """

    start: str = ""
    end: str = ""
    mark: str = ""
    answer: str = ""
    cited: str = ""


def article_page(article: Article, site: Site, link: Link, state: State, *, original: bool = False) -> str:
    """The page of an article, opened where a citation's link leads; `original` offers its file.

    A link made for another edition of the article, or to a span that the article does not have,
    opens it at its top and says so.
    """
    is_same = not link.cited or link.cited == edition(article)
    changed_since = state == "verified" and not is_same  # only the text of a verified file is that of now
    passage = _span(link.start, link.end, len(article.text)) if is_same else None
    sentence = _span(*link.mark.partition("-")[::2], len(article.text)) if is_same else None
    spans = [_span(*each.partition("-")[::2], len(article.text)) for each in link.answer.split(".", _MOST_ANSWERS)]
    answer = sorted(span for span in spans if span) if is_same else []
    return site.page(
        "article.html",
        article=article,
        parts=_parts(article, site.language, passage, sentence or passage, answer),
        lost=bool(link.start or link.end) and passage is None and not changed_since,
        state=state if is_same else "changed",
        notice="article.changed_since" if changed_since else _notice(article, state),
        quote=article.text[slice(*(sentence or passage))] if passage else "",
        about=_about(article, site.language),
        original=f"{site.base}{original_address(article.id)}" if original and state == "verified" else "",
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


def _notice(article: Article, state: State) -> str:
    """The name of the text on how far the page can be trusted."""
    return "article.fetched" if article.fetched and state == "verified" else f"article.{state}"


def _about(article: Article, language: Language) -> str:
    """The origin of a copied quote: title, publisher and date, and the sources below them."""
    days = {"answer.committed": article.changed, "answer.fetched": article.fetched}
    said = [language.say(name, date=day) for name, day in days.items() if day]
    lines = [", ".join(part for part in (article.title, article.publisher, article.published, *said) if part)]
    if article.sources:
        sources = [", ".join(part for part in (s.title, s.publisher, s.date) if part) for s in article.sources]
        lines.append(f"{language.say('article.based_on')}: {'; '.join(sources)}")
    return "\n".join(lines)


def _span(start: str, end: str, length: int) -> Span | None:
    if not (re.fullmatch(r"\d{1,9}", start) and re.fullmatch(r"\d{1,9}", end)):
        return None
    first, last = int(start), int(end)
    return (first, last) if first < last <= length else None


def _parts(
    article: Article, language: Language, passage: Span | None, sentence: Span | None, answer: Sequence[Span]
) -> list[Part]:
    parts: list[Part] = []
    before = None
    for block in article.blocks:
        quoted = bool(_overlap(block, passage))
        opens = quoted and not any(part.quoted for part in parts)
        said = [(start - block.start, end - block.start) for start, end in answer]
        html = marked(article.text[block.start : block.end], _overlap(block, sentence), said)
        place = article.place(block.start)
        # a line above each row is noise
        is_named = place and place != before and (opens or place.kind not in ("row", "sheet"))
        recognised = article.is_recognised(block.start, block.start + 1)
        name = language.place(place, recognised=recognised) if is_named else ""
        parts.append(Part(block.kind, html, quoted, opens, name[:1].upper() + name[1:]))
        before = place
    return parts


def _overlap(block: Block, span: Span | None) -> tuple[Span, ...]:
    """The common part of a block and a span, counted from the start of the block."""
    start, end = span or (0, 0)
    first, last = max(start - block.start, 0), min(end, block.end) - block.start
    return ((first, last),) if first < last else ()
