"""Texts that can be suggested: titles and headings as they stand in articles, and questions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from index.articles.article import Article
from index.articles.catalogue import Catalogue
from index.passages.sentences import Span

LONGEST = 200  # characters of a text that is suggested
MOST_TEXTS = 50_000  # titles and headings of a collection that are suggested

Kind: TypeAlias = Literal["title", "heading", "question"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to ask, and whether it is the title of an article, a heading inside one, or a question."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Titled:
    """A suggestion from an article, with the article's language, a code such as `en`, or empty."""

    suggestion: Suggestion
    language: str


def titles(articles: Catalogue) -> Iterator[Titled]:
    """The titles of all visible articles."""
    for title, language in zip(articles.column("title"), articles.column("language"), strict=True):
        if title is not None:
            yield Titled(Suggestion(title, "title"), language)


def all_headings(articles: Catalogue) -> Iterator[Titled]:
    """The headings inside all visible articles, whose texts are read. Raises what reading an article raises."""
    for row, _ in articles.ids(range(len(articles.column("id")))):
        article = articles[row]
        for start, end in heading_spans(article):
            yield Titled(Suggestion(heading(article, start, end), "heading"), article.language)


def different(texts: Iterable[Titled]) -> list[Titled]:
    """The first MOST_TEXTS different texts that are not too long to be suggested."""
    kept: dict[str, Titled] = {}
    for titled in texts:
        if 0 < len(titled.suggestion.text) <= LONGEST:
            kept.setdefault(titled.suggestion.text.casefold(), titled)
        if len(kept) == MOST_TEXTS:
            break
    return list(kept.values())


def heading_spans(article: Article) -> list[Span]:
    """The spans of the headings of an article, in order."""
    return [(block.start, block.end) for block in article.blocks if block.kind == "heading"]


def heading(article: Article, start: int, end: int) -> str:
    """The heading in this span, on one line."""
    return " ".join(article.text[start:end].split())
