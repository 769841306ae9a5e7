"""Tools over a collection: ask, search, read an article, list articles."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeAlias

from mcp.server.mcpserver import Context
from pydantic import FailFast, Field
from starlette.requests import Request

from app.answering.answer import MAX_K, Answer, K
from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.inventory.inventory import MAX_OFFSET
from app.answering.links import article_address
from app.answering.reply import Wishes, answer_of
from app.mcp.results import ArticleList, ArticleText, Asked, Found
from app.web.api.models import entry_of
from app.web.api.search import RANKED, cited, ranked
from app.web.articles.list_page import listed
from app.web.articles.wanted import Wanted
from app.web.requests import Closed
from index.articles.filters import MAX_VALUES, Filters
from index.errors import NoPassage
from index.search.questions.question import MAX_CHARACTERS, Question

_MOST_TEXT = 50_000  # characters of a part of an article
_NAME = 2_000

Text = Annotated[str, Field(max_length=MAX_CHARACTERS, description="a question in plain words")]
Earlier = Annotated[
    tuple[Annotated[str, Field(max_length=MAX_CHARACTERS)], ...],
    Field(max_length=20, description="earlier questions of the same conversation, oldest first, for a follow-up"),
    FailFast(),
]
Day = Annotated[str, Field(max_length=10, description="a year, month or day, such as 2025-01; both ends belong to it")]
Names = Annotated[tuple[Annotated[str, Field(max_length=_NAME)], ...], Field(max_length=MAX_VALUES), FailFast()]


class Narrowed(Closed):
    """Filters: an article must meet every kind that is given, by any one of its values."""

    since: Day = ""
    until: Day = ""
    publishers: Names = ()
    languages: Names = ()
    folders: Names = ()
    articles: Names = ()

    def parsed(self) -> Filters:
        """The filters. Raises BadFilter."""
        return Filters(**self.model_dump())


_ALL = Narrowed()


@dataclass(frozen=True, slots=True)
class Reach:
    """The part of a collection that somebody may see, and the address that links to it begin with.

    `keep` takes each answer and the time, of `time.perf_counter`, at which its question came.
    """

    collection: Collection
    base: str
    keep: Callable[[Answer, float], object] = lambda _answer, _began: None


ReachOf: TypeAlias = Callable[[Request | None], Reach]
"""The part of the collection that the sender of a request may see; None is the person at this machine."""

Call: TypeAlias = Context[Any, Request]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools over what `reach` gives for a call. They raise UserError."""

    reach: ReachOf
    examples: tuple[str, ...] = ()

    def ask(
        self,
        call: Call,
        *,
        question: Text,
        k: Annotated[int, Field(ge=1, le=MAX_K, description="citations at most")] = K,
        earlier: Earlier = (),
        filters: Narrowed = _ALL,
        offset: Annotated[int, Field(ge=0, le=MAX_OFFSET, description="articles of a list to skip")] = 0,
    ) -> Asked:
        """Answer a question with verbatim quotes from the articles, or say that they do not answer it."""
        began = time.perf_counter()
        here = self.reach(call.request_context.request)
        wishes = Wishes(
            filters=filters.parsed(),
            base=here.base,
            examples=self.examples,
            suggest=False,
            offset=offset,
        )
        answer = answer_of(here.collection, question_after(question, earlier), k, wishes)
        here.keep(answer, began)
        return _asked(answer)

    def search(
        self,
        call: Call,
        *,
        question: Text,
        filters: Narrowed = _ALL,
        offset: Annotated[int, Field(ge=0, lt=RANKED, description="passages to skip")] = 0,
        limit: Annotated[int, Field(ge=1, le=50, description="passages at most")] = 10,
    ) -> Found:
        """Rank passages by nearness to words or a question. It never refuses: the nearest may not answer."""
        here = self.reach(call.request_context.request)
        collection = here.collection
        wanted = collection.searcher.facets.resolved(filters.parsed())
        part = slice(offset, offset + limit)
        found = ranked(partial(collection.retrieve, Question(question), filters=wanted), part.stop)
        return Found(
            passages=tuple(cited(collection, found.hits, part, here.base)),
            next_offset=_after(part.stop, len(found.hits)),
            build=collection.searcher.manifest.name,
        )

    def read_article(
        self,
        call: Call,
        *,
        article: Annotated[str, Field(max_length=_NAME, description="its id, the field `article` of a citation")],
        offset: Annotated[int, Field(ge=0, le=2**31 - 1, description="code points of the text to skip")] = 0,
        limit: Annotated[int, Field(ge=1, le=_MOST_TEXT, description="code points at most")] = 20_000,
    ) -> ArticleText:
        """Give a part of the text of an article."""
        here = self.reach(call.request_context.request)
        found = here.collection.searcher.articles.by_id(article)
        receipt = here.collection.freshness.state(found) if found else "gone"
        if found is None or receipt == "gone":
            raise NoPassage(f"there is no article {article[:200]!r}. list_articles and citations name those that are")
        end = min(offset + limit, len(found.text))
        return ArticleText(
            article=found.id,
            title=found.title,
            publisher=found.publisher,
            published=found.published,
            url=found.url,
            sources=found.sources,
            link=here.base + article_address(found.id),
            receipt=receipt,
            sha256=found.sha256,
            start=min(offset, end),
            end=end,
            text=found.text[offset:end],
            total=len(found.text),
            next_offset=_after(end, len(found.text)),
            build=here.collection.searcher.manifest.name,
        )

    def list_articles(
        self,
        call: Call,
        *,
        words: Annotated[str, Field(max_length=200, description="articles that hold all of them; empty: all")] = "",
        folder: Annotated[str, Field(max_length=_NAME, description="articles in it or below it; empty: all")] = "",
        offset: Annotated[int, Field(ge=0, le=2**31 - 1, description="articles to skip")] = 0,
        limit: Annotated[int, Field(ge=1, le=200, description="articles at most")] = 50,
    ) -> ArticleList:
        """List the articles, newest first, with title, publisher and date."""
        here = self.reach(call.request_context.request)
        searcher = here.collection.searcher
        found = listed(searcher, Wanted(words.strip(), folder.strip("/ ")))
        entries = (found.entries[row] for row in found.ordered[offset : offset + limit])
        return ArticleList(
            articles=tuple(entry_of(entry, here.base) for entry in entries),
            total=len(found.ordered),
            next_offset=_after(offset + limit, len(found.ordered)),
            build=searcher.manifest.name,
        )


def _asked(answer: Answer) -> Asked:
    listing = answer.listing
    return Asked(
        verdict=answer.verdict,
        citations=answer.citations,
        closest=answer.closest,
        said=answer.help.text if answer.help else listing.text if listing else "",
        articles=listing.articles if listing else (),
        total=listing.total if listing else None,
        next_offset=listing.offset + len(listing.articles) if listing and listing.more else None,
        absent=answer.absent,
        notes=answer.notes,
        build=answer.build,
    )


def _after(end: int, total: int) -> int | None:
    return end if end < total else None
