"""Hits to an answer: numbered citations whose quotes are the articles' own characters."""

import dataclasses
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from app.answering.decision import DEFAULT, LOOKED_AT, Rule
from app.answering.followup import context_of
from app.answering.links import ArticleLink, article_address, passage_address
from app.answering.mentions import Mention, mentioned, preferred
from app.answering.sections import Section
from app.answering.smalltalk import Help, help_for, is_small_talk
from index.articles.article import Source
from index.articles.filters import EVERYTHING, Filters
from index.keywords.tokenizer import terms
from index.passages.sentences import Span
from index.reading.freshness import Freshness, State
from index.search.hits import Hit
from index.search.question import ALONE, Context, checked, understood
from index.search.searcher import Reading, Searcher

K = 5  # citations of an answer, unless asked otherwise
MAX_K = 20
HISTORY = "history"  # what `ignore` says for a question that is to be read alone
SPELLING = "spelling"  # and for one whose words are to be read as they are spelt
FILTERS_EMPTY = "filters_empty"  # the note of an answer whose filters left nothing to search
KEYWORDS_SILENT = "keywords_silent"  # of one with whose question no article shares a word
VECTORS_SILENT = "vectors_silent"  # of one whose question the encoder cannot read
UNREADABLE = "unreadable"  # of one with neither
NOTES = (FILTERS_EMPTY, KEYWORDS_SILENT, VECTORS_SILENT, UNREADABLE)
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
    filters: Filters = EVERYTHING
    preferences: tuple[Mention, ...] = ()
    notes: tuple[str, ...] = ()
    respelled: dict[str, str] = field(default_factory=dict)
    help: Help | None = None

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
    examples: Sequence[str] = (),
    filters: Filters = EVERYTHING,
    ignore: Collection[str] = (),
    rule: Rule = DEFAULT,
) -> Answer:
    """The answer to a question with at most `k` citations; only what passes the `filters` is searched.

    Earlier questions, oldest first, that it leans on are read with it. Articles of the `section` and
    those that it names are preferred; `ignore` holds their keys, HISTORY or SPELLING. No article
    is cited that the `freshness` finds gone or changed. Links begin with `base`. Small talk gets help
    with the owner's `examples`. Raises BadQuestion.
    """
    question, filters = checked(question), searcher.facets.resolved(filters)
    blank = Answer(question, False, (), (), searcher.manifest.name, rule.support([]), filters=filters)
    if told := help_for(question, searcher.articles, examples, base):
        return replace(blank, help=told)
    context = read_after(question, earlier, ignore)
    preferences = tuple(mention for mention in mentioned(question, searcher.facets) if mention.key not in ignore)
    prefer = _named(preferences, searcher) | (section.articles if section else frozenset())
    searcher = as_asked(searcher, ignore)
    search = partial(searcher.fused, question, context=context, boost=prefer, filters=filters)
    found = _found(search, max(k, LOOKED_AT), freshness)
    # The decision rests on the fused signals, with a reranker and without, however many are cited.
    supported = _supported(rule, found[:LOOKED_AT], by_first=not prefer)
    cited = searcher.reranked(question, found, context=context, boost=prefer)[:k]
    citations = tuple(_citation(number, hit, searcher, freshness, base) for number, hit in enumerate(cited, 1))
    name = section.name if section else None
    read = replace(blank, history_used=context.questions, section=name, preferences=preferences, support=supported)
    reading = searcher.reading(text := understood(question, context))
    read = replace(read, notes=_notes(read, reading, citations), respelled=_respelled(text, reading, citations))
    return replace(read, answered=True, citations=citations) if supported >= 0 else replace(read, closest=citations)


def as_asked(searcher: Searcher, ignore: Collection[str]) -> Searcher:
    """The search that reads words as `ignore` wants them read."""
    return searcher.literal() if SPELLING in ignore else searcher


def read_after(question: str, earlier: Sequence[str], ignore: Collection[str] = ()) -> Context:
    """The earlier questions that the question is read after; small talk is none of them."""
    if HISTORY in ignore:
        return ALONE
    return context_of(question, [text for text in earlier if not is_small_talk(text)])


def _notes(answer: Answer, reading: Reading, found: Sequence[Citation]) -> tuple[str, ...]:
    """What is to be said beside the passages, in the order of NOTES."""
    said = {
        FILTERS_EMPTY: bool(answer.filters) and not found,
        KEYWORDS_SILENT: reading.keywords_silent and not reading.vectors_silent and bool(found),
        VECTORS_SILENT: reading.vectors_silent and not reading.keywords_silent and bool(found),
        UNREADABLE: reading.keywords_silent and reading.vectors_silent,
    }
    return tuple(note for note in NOTES if said[note])


def _respelled(text: str, reading: Reading, found: Sequence[Citation]) -> dict[str, str]:
    """The words that were read as others, as they are written, with those as a quote writes them."""
    if not reading.respelled:
        return {}
    written = {term: word for citation in reversed(found) for word, term in terms(citation.quote)}
    return {
        word: written.get(reading.respelled[term], reading.respelled[term])
        for word, term in terms(text)
        if term in reading.respelled
    }


def _named(preferences: Sequence[Mention], searcher: Searcher) -> frozenset[str]:
    """The ids of the articles that the question's own words point at."""
    return searcher.articles.ids(np.flatnonzero(preferred(preferences, searcher.facets)))


def _supported(rule: Rule, hits: Sequence[Hit], *, by_first: bool) -> float:
    """The support of the first hit or, where a preferred one may stand before it, of the one with the best score."""
    if by_first or not hits:
        return rule.support(hits)
    return rule.support([max(hits, key=lambda hit: hit.features.contrast), *hits])


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
        hits = search(k=k, exclude=stale)
        found = lost(hits[:k])
        if not found:
            stale |= lost(hits[k:])
            break
        stale |= found | lost(search(k=_LOOKED_AT, exclude=stale))
    return [hit for hit in hits if hit.passage.article.id not in stale]


def _citation(number: int, hit: Hit, searcher: Searcher, freshness: Freshness | None, base: str) -> Citation:
    passage, (first, last) = hit.passage, hit.best_sentence
    article = passage.article
    others = (other for name in hit.also_in if (other := searcher.articles.by_id(name)))
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
        score=round(hit.score, 6),
        link=base + passage_address(passage, hit.best_sentence),
        receipt=freshness.state(article) if freshness else None,
        also_in=also_in,
    )
