"""The page of an article: a clean page made from a template, opened at a quoted passage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from app.answering.language import Language
from app.answering.links import article_address, edition, original_address, picture_address, receipt_address
from app.web.articles.reference import Reference, sources_named
from app.web.marking import marked
from app.web.pages import Site
from app.web.tables import Table, row_of, table_of
from index.articles.article import Article, Block
from index.passages.sentences import Span
from index.reading.freshness import State

_MOST_ANSWERS = 10  # spans of an answer in a link


@dataclass(frozen=True, slots=True)
class Part:
    """One block of an article as the page shows it, or rows of a table; `quoted` blocks touch the cited passage.

    `place` names the page or slide that begins with the block, or the row that the page opens at. Of a table, `html`
    holds everything.
    """

    kind: str
    html: Markup
    quoted: bool
    opens: bool
    place: str


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


def article_page(
    article: Article, site: Site, link: Link, state: State, *, original: bool = False, signs: bool = False
) -> str:
    """The page of an article, opened where a citation's link leads.

    `original` offers its file, and `signs` a signed receipt of the passage.

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
        parts=list(_parts(article, site.language, passage, sentence or passage, answer)),
        lost=bool(link.start or link.end) and passage is None and not changed_since,
        state=state if is_same else "changed",
        notice="article.changed_since" if changed_since else _notice(article, state),
        quote=article.text[slice(*(sentence or passage))] if passage else "",
        about=_about(article, site.language),
        original=f"{site.base}{original_address(article.id)}" if original and state == "verified" else "",
        in_pane=bool(link.pane),
        page=article.page((sentence or passage)[0]) if passage and original and state == "verified" else None,
        signed=f"{site.base}{receipt_address(article.id, passage)}"
        if signs and passage and state == "verified"
        else "",
        picture=f"{site.base}{picture_address(article.id)}?{_query(link)}" if is_pdf(article) else "",
    )


def reference_of(article: Article, link: Link, root: str, language: Language) -> Reference:
    """The reference of the sentence, or else the passage, that a citation's link names; `root` is the address of `/`.

    Of another edition of the article, it is that of the whole article.
    """
    passage, sentence = spans_of(article, link)
    span = (sentence or passage) if passage else None
    place = article.place(span[0]) if span else None
    recognised = span is not None and article.is_recognised(*span)
    return Reference(
        article,
        quote=article.text[slice(*span)] if span else "",
        start=span[0] if span else 0,
        address=f"{root}{article_address(article.id)}{f'?{_query(link)}#passage' if span else ''}",
        place=language.place(place, recognised=recognised),
        based_on=_based_on(article, language),
    )


def _notice(article: Article, state: State) -> str:
    """The name of the text on how far the page can be trusted."""
    return "article.fetched" if article.fetched and state == "verified" else f"article.{state}"


def _about(article: Article, language: Language) -> str:
    """The origin of a copied quote: title, publisher and date, and the sources below them."""
    days = {"answer.committed": article.changed, "answer.fetched": article.fetched}
    said = [language.say(name, date=day) for name, day in days.items() if day]
    lines = [", ".join(part for part in (article.title, article.publisher, article.published, *said) if part)]
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


def _parts(
    article: Article, language: Language, passage: Span | None, sentence: Span | None, answer: Sequence[Span]
) -> Iterator[Part]:
    opened, before = False, None
    for table, block in _units(article):
        touched = bool(_overlap(block, passage))
        opens = touched and not opened
        rows = table.rows if table else []
        first = next((row for row in rows if opens and passage and row[0][1] > passage[0]), None)
        place = article.place(first[0][0] if first else block.start)
        # a line above each row is noise
        is_named = place and place != before and (opens or place.kind not in ("row", "sheet"))
        recognised = article.is_recognised(block.start, block.start + 1)
        name = language.place(place, recognised=recognised) if is_named else ""
        label = name[:1].upper() + name[1:]
        if table:
            highlight = [sentence] if sentence else []
            html = table_of(table, highlight, answer, passage=passage or (0, 0), opens=not opened)
            yield Part("table", html, quoted=False, opens=False, place=label)
        else:
            said = [(start - block.start, end - block.start) for start, end in answer]
            html = marked(article.text[block.start : block.end], _overlap(block, sentence), said)
            yield Part(block.kind, html, touched, opens, label)
        opened, before = opened or touched, place


def _units(article: Article) -> Iterator[tuple[Table | None, Block]]:
    """The blocks in order, rows of one table and one page or sheet together, as their table and one block of all."""
    table, where = None, None
    for block in article.blocks:
        row = row_of(article.text, (block.start, block.end)) if block.kind == "row" else None
        if table and not (row and table.goes_on(row) and _where(article, block) == where):
            yield table, Block("row", *table.span)
            table = None
        if row and table:
            table.append(row)
        elif row:
            table, where = Table(row), _where(article, block)
        else:
            yield None, block
    if table:
        yield table, Block("row", *table.span)


def _where(article: Article, block: Block) -> tuple[str, int] | None:
    """The page, slide or sheet that a block is on."""
    place = article.place(block.start)
    return (place.name, 0 if place.kind in ("row", "sheet") else place.number) if place else None


def _overlap(block: Block, span: Span | None) -> tuple[Span, ...]:
    """The common part of a block and a span, counted from the start of the block."""
    start, end = span or (0, 0)
    first, last = max(start - block.start, 0), min(end, block.end) - block.start
    return ((first, last),) if first < last else ()
