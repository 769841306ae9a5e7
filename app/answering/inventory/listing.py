"""The answer to a question about the collection: a number, and a list of articles or of topics."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.answering.inventory.wording import Kind
from app.answering.language import Language
from app.answering.links import passage_address
from index.search.hits import Hit

Order: TypeAlias = Literal["date", "relevance"]


@dataclass(frozen=True, slots=True)
class ListedArticle:
    """An article of a list, with a sentence of it: `quote == text[start:end]`."""

    article: str
    title: str
    publisher: str
    published: str
    link: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A folder, or a word of titles, and the number of its articles."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The answer to a question about the collection; `text` says it in the language of the question.

    `total` counts all articles that are meant; `articles` are those from `offset` on, and `more` tells whether others
    follow them.
    """

    kind: Kind
    text: str
    total: int
    articles: tuple[ListedArticle, ...] = ()
    order: Order = "date"
    offset: int = 0
    more: bool = False
    topics: tuple[Topic, ...] = ()

    def span(self, language: Language) -> str:
        """Which of all articles are shown: "21 to 40 of 43"."""
        places = {"first": self.offset + 1, "last": self.offset + len(self.articles), "count": self.total}
        return language.say("listing.shown", **{name: language.number(place) for name, place in places.items()})


def listed(hit: Hit, base: str) -> ListedArticle:
    """The article of a hit with the hit's best sentence, its link below `base`."""
    article, (start, end) = hit.passage.article, hit.best_sentence
    return ListedArticle(
        article=article.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        link=base + passage_address(hit.passage, hit.best_sentence),
        quote=article.text[start:end],
        start=start,
        end=end,
    )
