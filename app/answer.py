"""Hits to an answer: numbered citations whose quotes are the articles' own characters."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote as percent_encoded
from urllib.parse import urlencode

import numpy as np

from app.decision import DEFAULT, Rule
from app.followup import context_of
from app.section import Section
from index.articles import Article, Source
from index.filters import EVERYTHING, Filters
from index.freshness import Freshness, State
from index.hits import Hit
from index.mentions import Mention, mentioned, preferred
from index.passages import Passage
from index.question import ALONE, checked
from index.search import Searcher
from index.sentences import Span

K = 5  # citations of an answer, unless asked otherwise
MAX_K = 20
HISTORY = "history"  # what `ignore` says for a question that is to be read alone
FILTERS_EMPTY = "filters_empty"  # the note of an answer whose filters left nothing to search
_ATTEMPTS = 10  # searches until what is left of a collection that changes all over has to do
_LOOKED_AT = 100  # hits whose files are looked at once one of them has changed: more may have


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote == text[start:end]` of the article.

    `highlight` spans count from the start of the quote; `score` is in [0, 1], higher is nearer.
    `receipt` says whether the live file still holds the article, None where nobody looked.
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
    score: float
    link: str
    receipt: State | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say, or that they do not: then `closest` holds the nearest passages.

    `section` names the part of the articles that was preferred. `support` is what the decision
    rests on, for measuring alone: no reader is shown it.
    """

    question: str
    answered: bool
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    build: str
    support: float
    history_used: tuple[str, ...] = ()
    section: str | None = None
    filters: Filters = EVERYTHING
    preferences: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The answer as the HTTP interface and `app ask --json` give it."""
        fields = {
            **dataclasses.asdict(self),
            "filters": self.filters.to_json(),
            "preferences": [{"key": mention.key, **dataclasses.asdict(mention)} for mention in self.preferences],
        }
        return {name: value for name, value in fields.items() if name != "support"}


def compose(
    searcher: Searcher,
    question: str,
    k: int = K,
    earlier: Sequence[str] = (),
    *,
    section: Section | None = None,
    freshness: Freshness | None = None,
    base: str = "",
    filters: Filters = EVERYTHING,
    ignore: Collection[str] = (),
    rule: Rule = DEFAULT,
) -> Answer:
    """The answer to a question with at most `k` citations; only what passes the `filters` is searched.

    Earlier questions, oldest first, that it leans on are read with it. Articles of the `section` and
    those that it names are preferred; `ignore` holds keys of such preferences, or HISTORY. No article
    is cited that the `freshness` finds gone or changed. Links begin with `base`. Raises BadQuestion.
    """
    question = checked(question)
    filters = searcher.facets.resolved(filters)
    context = ALONE if HISTORY in ignore else context_of(question, earlier)
    preferences = tuple(mention for mention in mentioned(question, searcher.facets) if mention.key not in ignore)
    prefer = _named(preferences, searcher) | (section.articles if section else frozenset())
    search = partial(searcher.fused, question, context=context, prefer=prefer, within=filters)
    found = _found(search, k, freshness)
    hits = found[:k]  # of the fused signals: what the decision rests on, with a reranker and without
    cited = searcher.reranked(question, found, context=context, prefer=prefer)[:k]
    citations = tuple(_citation(number, hit, freshness, base) for number, hit in enumerate(cited, 1))
    supported = _supported(rule, hits, by_first=not prefer)
    answered = supported >= 0
    return Answer(
        question=question,
        answered=answered,
        support=supported,
        citations=citations if answered else (),
        closest=() if answered else citations,
        build=searcher.manifest.name,
        history_used=context.questions,
        section=section.name if section else None,
        filters=filters,
        preferences=preferences,
        notes=(FILTERS_EMPTY,) if filters and not hits else (),
    )


def _named(preferences: Sequence[Mention], searcher: Searcher) -> frozenset[str]:
    """The ids of the articles that the question's own words point at."""
    return searcher.articles.ids(np.flatnonzero(preferred(preferences, searcher.facets)))


def _supported(rule: Rule, hits: Sequence[Hit], *, by_first: bool) -> float:
    """The support of the first hit or, where a preferred one may stand before the one that answers, of the best."""
    if by_first or not hits:
        return rule.support(hits)
    return max(rule.support([hit, *hits]) for hit in hits)


def _found(search: Callable[..., list[Hit]], k: int, freshness: Freshness | None) -> list[Hit]:
    """The best hits; with `freshness` only of articles whose files are as they were read."""
    return _fresh(search, k, freshness) if freshness else search(k=k)


def _fresh(search: Callable[..., list[Hit]], k: int, freshness: Freshness) -> list[Hit]:
    """The best hits of articles whose files are as they were read.

    The search is made again without others that are among the first `k`.
    """

    def lost(hits: list[Hit]) -> set[str]:
        articles = (hit.passage.article for hit in hits)
        return {article.id for article in articles if freshness.state(article) in ("changed", "gone")}

    stale = freshness.stale()
    for _ in range(_ATTEMPTS):
        hits = search(k=k, without=stale)
        found = lost(hits[:k])
        if not found:
            stale |= lost(hits[k:])
            break
        stale |= found | lost(search(k=_LOOKED_AT, without=stale))
    return [hit for hit in hits if hit.passage.article.id not in stale]


def article_address(article: str) -> str:
    """Address of an article's page in the reader, below the application's root."""
    return f"/articles/{percent_encoded(article)}"


def original_address(article: str) -> str:
    """Address of an article's own file, below the application's root."""
    return f"/originals/{percent_encoded(article)}"


def edition(article: Article) -> str:
    """What tells an article's text from what it says before or after a change; stands in links."""
    return article.sha256[:12]


def _link(passage: Passage, mark: Span) -> str:
    """The article's page opened at the passage, with one sentence marked."""
    article = passage.article
    place = {"start": passage.start, "end": passage.end, "mark": f"{mark[0]}-{mark[1]}", "cited": edition(article)}
    return f"{article_address(article.id)}?{urlencode(place)}#passage"


def _citation(number: int, hit: Hit, freshness: Freshness | None, base: str) -> Citation:
    passage, (first, last) = hit.passage, hit.best_sentence
    article = passage.article
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
        score=round(hit.score, 6),
        link=base + _link(passage, hit.best_sentence),
        receipt=freshness.state(article) if freshness else None,
    )
