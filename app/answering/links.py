"""Addresses of the reader's pages, below the application's root."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

from index.articles.article import Article
from index.passages.chunking import Passage
from index.passages.sentences import Span


@dataclass(frozen=True, slots=True)
class ArticleLink:
    """An article's id, its title, and the link that opens it."""

    article: str
    title: str
    link: str


def article_address(article: str) -> str:
    """Address of an article's page in the reader, below the application's root."""
    return f"/articles/{percent_encoded(article)}"


def original_address(article: str) -> str:
    """Address of an article's own file, below the application's root."""
    return f"/originals/{percent_encoded(article)}"


def picture_address(article: str) -> str:
    """Address of the picture of a page of an article's file, below the application's root."""
    return f"/pictures/{percent_encoded(article)}"


def receipt_address(article: str, span: Span) -> str:
    """Address of the signed receipt of a passage, below the application's root."""
    return f"/api/v1/receipt/{percent_encoded(article)}?{urlencode({'start': span[0], 'end': span[1]})}"


def edition(article: Article) -> str:
    """Tag of an article's text in links; it differs before and after a change."""
    return article.sha256[:12]


def passage_address(passage: Passage, mark: Span, answer: Sequence[Span] = ()) -> str:
    """The article's page opened at the passage, with one sentence and the words in it that answer marked."""
    article = passage.article
    place: dict[str, object] = {"start": passage.start, "end": passage.end, "mark": f"{mark[0]}-{mark[1]}"}
    if answer:
        place["answer"] = ".".join(f"{start}-{end}" for start, end in answer)
    place["cited"] = edition(article)
    return f"{article_address(article.id)}?{urlencode(place)}#passage"
