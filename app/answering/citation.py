"""A hit as a numbered quote with its source."""

from dataclasses import dataclass

from app.answering.links import ArticleLink, article_address, passage_address
from index.articles.article import Source
from index.articles.catalogue import Catalogue
from index.passages.sentences import Span
from index.reading.freshness import Freshness, State
from index.search.hits import Hit


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote == text[start:end]` of the article.

    `highlight` and `answer` spans count from the start of the quote: the best sentence, and the words in it that
    answer, empty without a reader or where it found none. `score` is in [0, 1], higher is nearer.
    `receipt` says whether the live file still holds the article; `also_in` names other articles
    that hold the same text.
    """

    number: int
    article: str
    title: str
    publisher: str
    published: str
    sources: tuple[Source, ...]
    url: str | None
    page: int | None
    start: int
    end: int
    quote: str
    highlight: tuple[Span, ...]
    answer: tuple[Span, ...]
    score: float
    link: str
    receipt: State
    also_in: tuple[ArticleLink, ...] = ()


def citation_of(number: int, hit: Hit, articles: Catalogue, freshness: Freshness, base: str) -> Citation:
    """The citation of a hit, its links below `base`."""
    passage, (first, last) = hit.passage, hit.best_sentence
    article = passage.article
    others = (other for name in hit.also_in if (other := articles.by_id(name)))
    also_in = tuple(ArticleLink(other.id, other.title, base + article_address(other.id)) for other in others)
    return Citation(
        number=number,
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        sources=article.sources,
        url=article.url or None,
        page=article.page(first),
        start=passage.start,
        end=passage.end,
        quote=passage.text,
        highlight=((first - passage.start, last - passage.start),),
        answer=tuple((start - passage.start, end - passage.start) for start, end in hit.answer),
        score=round(hit.score, 6),
        link=base + passage_address(passage, hit.best_sentence, hit.answer),
        receipt=freshness.state(article),
        also_in=also_in,
    )
