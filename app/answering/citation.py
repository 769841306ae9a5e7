"""Citations: hits as numbered quotes with their sources, and what is said of these in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.answering.language import Language
from app.answering.links import ArticleLink, article_address, passage_address
from app.answering.ways.times.newer import Newer
from app.answering.ways.way import Known
from index.articles.article import Place, Source
from index.articles.catalogue import Catalogue
from index.passages.chunking import Passage
from index.passages.sentences import Span
from index.reading.freshness import Freshness, State
from index.search.hits import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote == text[start:end]` of the article.

    `place` is where people find the best sentence in the file: its page, slide or row.
    `highlight` and `answer` spans count from the start of the quote: the best sentence, and the words in it that
    answer: in a row of a table the asked cell, else empty without a reader or where it
    found none. `rows` are the spans of the table rows in it. `score` is in [0, 1], higher is nearer.
    `receipt` says whether the live file still holds the article; `also_in` names other articles
    that hold the same text. `superseded_by` are the articles that supersede this one; `expired` is its last
    valid day, month or year where that is past. `newer` is a later article that states another value.
    `recognised` says that a program has read some of the quote from a picture of its page.
    `changed` is the day of the last commit of an article without a date, `fetched` that on which its page was fetched.
    A `pinned` one was chosen for the question by the editors.
    """

    number: int
    article: str
    title: str
    publisher: str
    published: str
    sources: tuple[Source, ...]
    url: str | None
    page: int | None
    place: Place | None
    start: int
    end: int
    quote: str
    highlight: tuple[Span, ...]
    answer: tuple[Span, ...]
    rows: tuple[Span, ...]
    score: float
    link: str
    receipt: State
    also_in: tuple[ArticleLink, ...] = ()
    superseded_by: tuple[ArticleLink, ...] = ()
    expired: str = ""
    newer: Newer | None = None
    recognised: bool = False
    changed: str = ""
    fetched: str = ""
    pinned: bool = False


def citation_of(number: int, hit: Hit, known: Known, freshness: Freshness, base: str) -> Citation:
    """The citation of a hit, its links below `base`."""
    passage, (first, last) = hit.passage, hit.best_sentence
    article = passage.article
    succession, row = known.facets.succession, known.articles.row(article.id)
    superseding = (
        [name for _, name in known.articles.ids(succession.superseding.get(row, ()))] if row is not None else []
    )
    expired = row is not None and succession.last_days.get(row, known.today.toordinal()) < known.today.toordinal()
    return Citation(
        number=number,
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        sources=article.sources,
        url=article.url or None,
        page=article.page(first),
        place=article.place(first),
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        highlight=((first - passage.start, last - passage.start),),
        answer=tuple((start - passage.start, end - passage.start) for start, end in hit.answer),
        rows=_rows(passage),
        score=round(hit.score, 6),
        link=base + passage_address(passage, hit.best_sentence, hit.answer),
        receipt=freshness.state(article),
        also_in=_links(hit.also_in, known.articles, base),
        superseded_by=_links(superseding, known.articles, base),
        expired=article.valid_until if expired else "",
        recognised=article.is_recognised(passage.start, passage.end),
        changed=article.changed,
        fetched=article.fetched,
    )


def _rows(passage: Passage) -> tuple[Span, ...]:
    """The spans of table rows in the quote of a passage."""
    within = (block for block in passage.article.blocks if passage.start <= block.start and block.end <= passage.end)
    return tuple((block.start - passage.start, block.end - passage.start) for block in within if block.kind == "row")


def _links(names: Iterable[str], articles: Catalogue, base: str) -> tuple[ArticleLink, ...]:
    """Links to the articles of these names that can be seen."""
    others = (other for name in names if (other := articles.by_id(name)))
    return tuple(ArticleLink(other.id, other.title, base + article_address(other.id)) for other in others)


def origin_of(citation: Citation, language: Language) -> list[str]:
    """The publisher, the day and the place of a citation in a reader's words, as far as they are known."""
    changed = language.say("answer.committed", date=citation.changed) if citation.changed else ""
    place = language.place(citation.place, recognised=citation.recognised)
    return [part for part in (citation.publisher, citation.published, changed, place) if part]


def chosen_of(citation: Citation, language: Language) -> list[str]:
    """The words that tell that the editors chose a citation; none for any other."""
    return [language.say("answer.pinned")] if citation.pinned else []


def receipt_of(citation: Citation, language: Language) -> str:
    """The sentence on how far the live file, or the fetched page, still says so."""
    kind = "fetched" if citation.fetched else citation.receipt
    return language.say(f"answer.{kind}", date=language.day(citation.fetched))


def outdated(citation: Citation, language: Language) -> Iterator[str]:
    """The sentences on why a citation may be out of date."""
    if newer := citation.newer:
        quote = " ".join(newer.quote.split())
        yield language.say("answer.newer", published=language.day(newer.published), quote=quote, title=newer.title)
    if citation.superseded_by:
        titles = "; ".join(link.title for link in citation.superseded_by)
        yield language.say("answer.superseded_by", links=titles)
    if citation.expired:
        yield language.say("answer.expired", date=language.day(citation.expired))
