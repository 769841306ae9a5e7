"""Hits to an answer: numbered citations whose quotes are the articles' own characters."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from app.decision import support
from app.followup import context_of
from app.links import ArticleLink, passage_address
from app.section import Section
from app.smalltalk import Help, help_for, is_small_talk
from index.articles import Source
from index.freshness import Freshness, State
from index.question import checked
from index.search import Hit, Searcher
from index.sentences import Span

K = 5  # citations of an answer, unless asked otherwise
MAX_K = 20
HISTORY = "history"  # what `ignore` says for a question that is to be read alone
NOTES = ("keywords_silent", "filters_empty")  # what an answer may note of how it was found
_ATTEMPTS = 10  # searches until what is left of a collection that changes all over has to do
_LOOKED_AT = 100  # hits whose files are looked at once one of them has changed: more may have


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote == text[start:end]` of the article.

    `highlight` spans count from the start of the quote; `score` is in [0, 1], higher is nearer.
    `receipt` says whether the live file still holds the article, None where nobody looked;
    `also_in` names other articles that hold the same text.
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
    also_in: tuple[ArticleLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Preference:
    """What a question names that was preferred: `text` are its words, `key` tells it to `compose`."""

    key: str
    kind: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say, or that they do not: then `closest` holds the nearest passages.

    `section` names the part of the articles that was preferred. `help` is what is said to small
    talk, for which nothing is searched. `support` is what the decision rests on, for measuring
    alone: no reader is shown it.
    """

    question: str
    answered: bool
    citations: tuple[Citation, ...]
    closest: tuple[Citation, ...]
    build: str
    support: float
    history_used: tuple[str, ...] = ()
    section: str | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()
    notes: tuple[str, ...] = ()
    help: Help | None = None

    def to_json(self) -> dict[str, Any]:
        """The answer as the HTTP interface and `app ask --json` give it."""
        fields = dataclasses.asdict(self)
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
    examples: Sequence[str] = (),
    ignore: Collection[str] = (),
) -> Answer:
    """The answer to a question with at most `k` citations.

    `earlier` holds the questions asked before it, oldest first; those that it leans on are read
    with it and named in the answer. Articles of the `section` are preferred. With `freshness` no
    article is cited whose file is gone or changed. Links begin with `base`. Small talk gets help
    with the owner's `examples`, and is no context for what is asked after it. `ignore` holds
    "history" for a question that is to be read alone.

    Raises BadQuestion for a question without words or over 2,000 characters.
    """
    question = checked(question)
    if told := help_for(question, searcher.articles, examples, base):
        return Answer(question, False, (), (), searcher.manifest.name, support([]), help=told)
    context = () if HISTORY in ignore else context_of(question, [text for text in earlier if not is_small_talk(text)])
    prefer = section.articles if section else frozenset[str]()
    search = partial(searcher.search, question, context=context, prefer=prefer)
    hits = _fresh(search, k, freshness) if freshness else search(k=k)
    citations = tuple(_citation(number, hit, freshness, base) for number, hit in enumerate(hits, 1))
    # A preferred hit may stand before the one that answers.
    supported = max((support([hit]) for hit in hits), default=support([])) if section else support(hits)
    answered = supported >= 0
    return Answer(
        question=question,
        answered=answered,
        support=supported,
        citations=citations if answered else (),
        closest=() if answered else citations,
        build=searcher.manifest.name,
        history_used=context,
        section=section.name if section else None,
    )


def _fresh(search: Callable[..., list[Hit]], k: int, freshness: Freshness) -> list[Hit]:
    """The best hits of articles whose files are as they were read; the search is made again without others."""

    def lost(hits: list[Hit]) -> set[str]:
        articles = (hit.passage.article for hit in hits)
        return {article.id for article in articles if freshness.state(article) in ("changed", "gone")}

    stale = freshness.stale()
    for _ in range(_ATTEMPTS):
        hits = search(k=k, without=stale)
        found = lost(hits)
        if not found:
            return hits
        stale |= found | lost(search(k=_LOOKED_AT, without=stale))
    return [hit for hit in hits if hit.passage.article.id not in stale]


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
        link=base + passage_address(passage, hit.best_sentence),
        receipt=freshness.state(article) if freshness else None,
    )
