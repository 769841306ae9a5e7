"""A collection that is asked: question to hits, hits to a decision, and both to an answer."""

import threading
from collections.abc import Callable, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from app.answering.answer import SPELLING, Answer, K, absent_in, notes_of, respelled_in
from app.answering.calibration import rule_of
from app.answering.citation import Citation, citation_of
from app.answering.decision import DEFAULT, Rule
from app.answering.retrieval import Asked, Retrieval, Retrieved
from app.answering.sections import Section, Sections
from app.answering.smalltalk import help_for
from app.answering.ways import all as ways
from app.answering.ways.comparisons import sides_of
from app.answering.ways.pasted import unpasted
from app.answering.ways.way import Known
from index.arrays import Scores
from index.articles.catalogue import EVERYONE
from index.articles.filters import EVERYTHING, Filters
from index.errors import NoPassage
from index.reading.freshness import Freshness
from index.search.explanation import Explanation
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.notes import Notes

Groups: TypeAlias = frozenset[str] | None
"""The groups of whoever asks; None where access is not by groups, and everything is seen."""

_SECTION = 0.1  # weight of the articles of a section
_KEPT_VIEWS = 32  # of a collection, each for another set of the groups that its articles name


@dataclass(frozen=True, slots=True)
class Collection:
    """One opened build with all that is asked of it; a request uses the one it began with to its end.

    `named` are the groups that its articles name, and `views` gives the collection as somebody of
    some of these sees it.
    """

    searcher: Searcher
    sections: Sections
    freshness: Freshness
    rule: Rule
    named: frozenset[str]
    views: Callable[[frozenset[str]], "Collection"]

    @classmethod
    def of(cls, searcher: Searcher, rule: Rule = DEFAULT) -> "Collection":
        """The collection that a searcher searches, and the rule that decides whether it answers."""
        return _collection(searcher, Freshness(searcher.manifest.folder), rule)

    @classmethod
    def calibrated(cls, searcher: Searcher, notes: Notes) -> "Collection":
        """The collection that a searcher searches, with the rule that is kept for it beside its index."""
        return cls.of(searcher, rule_of(notes, searcher.manifest.identity))

    def seen_by(self, groups: Groups) -> "Collection":
        """The same as somebody of these groups sees it: what they may not see is not there.

        Who has no group sees nothing. What counts are the groups that articles name, so that people
        of the same ones share what is kept for them.
        """
        if groups is None:
            return self
        return self.views((groups | {EVERYONE}) & self.named if groups else groups)

    def answer(
        self,
        question: Question,
        k: int = K,
        *,
        section: Section | None = None,
        filters: Filters = EVERYTHING,
        ignore: Names[str] = (),
        base: str = "",
        examples: Sequence[str] = (),
        today: date | None = None,
    ) -> Answer:
        """The answer to a question with at most `k` citations; only what passes the `filters` is searched.

        Articles of the `section` and those that the question names are preferred; `ignore` holds keys of mentions,
        or SPELLING. Links begin with `base`; `today` is the date of today unless it is given. Small talk gets help
        with the owner's `examples`. Raises BadFilter, and BadModel where the reranker fails.
        """
        facets, articles = self.searcher.facets, self.searcher.articles
        filters, build = facets.resolved(filters), self.searcher.manifest.name
        blank = Answer(question.text, "none", (), (), build, self.rule.support(None), filters=filters)
        if reply := help_for(question.text, articles, examples, base):
            return replace(blank, help=reply)
        found = self.retrieve(question, k, section=section, filters=filters, ignore=ignore, today=today)
        answers = found.verdict == "answer"  # where passages do not answer, no words in them are set off as if they did
        hits = found.hits if answers else [replace(hit, answer=()) for hit in found.hits]
        citations = tuple(
            citation_of(number, hit, articles, self.freshness, base) for number, hit in enumerate(hits, 1)
        )
        shown: dict[str, Any] = {"citations" if answers else "closest": citations}
        told = self._told(question, found, citations, ignore=ignore, filtered=bool(filters))
        return replace(blank, section=section.name if section else None, **shown, **told)

    def _told(
        self, question: Question, found: Retrieved, citations: Sequence[Citation], *, ignore: Names[str], filtered: bool
    ) -> dict[str, Any]:
        """The fields of an answer beside its passages."""
        reading = self._spelling(ignore).reading(found.question)
        return {
            "verdict": found.verdict,
            "support": found.support,
            "history_used": question.context.questions if any(hit.in_context for hit in found.hits) else (),
            "preferences": ways.telling(found.mentions, self.known()),
            "notes": (*notes_of(reading, citations, filtered=filtered), *ways.notes_on(found.hits, found.mentions)),
            "sides": sides_of(found.hits, found.mentions),
            "respelled": respelled_in(found.question.understood, reading, found.hits),
            "absent": absent_in(ways.reworded(question.text, found.mentions), reading, found.hits),
        }

    def retrieve(
        self,
        question: Question,
        k: int = K,
        *,
        section: Section | None = None,
        filters: Filters = EVERYTHING,
        exclude: Names[str] = (),
        ignore: Names[str] = (),
        today: date | None = None,
    ) -> Retrieved:
        """The `k` best hits of articles whose files are as they were read, and whether they answer.

        Articles of the `section` and those that the question names come before others that are nearly
        as good; articles in `exclude` are not searched. Raises BadFilter, and BadModel where the reranker fails.
        """
        known = self.known(today)
        asked = Asked.of(question, known, ignore)
        boost = self._boost(ways.preferred(asked.mentions, known), section)
        retrieval = Retrieval(self._spelling(ignore), self.freshness, self.rule, known)
        return retrieval.retrieve(asked, k, boost=boost, filters=filters, exclude=exclude)

    def known(self, today: date | None = None) -> Known:
        """The metadata that a question may name, and the date of today unless it is given."""
        return Known(
            self.searcher.facets, self.searcher.articles, today or date.today(), self.searcher.store.vocabulary
        )

    def _boost(self, weights: Scores, section: Section | None) -> dict[str, float]:
        """The weight of each article that is preferred, by id."""
        boost = dict.fromkeys(section.articles, _SECTION) if section else {}
        return boost | {name: float(weights[row]) for row, name in self.searcher.articles.ids(np.flatnonzero(weights))}

    def explain(
        self, question: Question, article_id: str, start: int, end: int, *, ignore: Names[str] = ()
    ) -> Explanation:
        """Why the passage at `start` to `end` of an article is found by the question.

        Raises NoPassage where there is none, or where the article's file no longer says so.
        """
        article = self.searcher.articles.by_id(article_id)
        if article and self.freshness.state(article) in ("gone", "changed"):
            raise NoPassage(f"the file of {article_id!r} is gone or has changed. Ask again")
        question, _ = unpasted(question, self.known(), ignore)
        return self._spelling(ignore).explain(question, article_id, start, end)

    def _spelling(self, ignore: Names[str]) -> Searcher:
        """The search that reads words as `ignore` wants them read."""
        return self.searcher.literal() if SPELLING in ignore else self.searcher


def _collection(searcher: Searcher, freshness: Freshness, rule: Rule) -> Collection:
    named = {name for names in searcher.articles.column("groups") for name in names or ()}
    # Must not hold the Collection: an old one has to be freed as soon as no request uses it.
    views = Views(partial(_view, searcher, freshness, rule))
    return Collection(searcher, Sections(searcher.articles), freshness, rule, frozenset(named), views)


def _view(searcher: Searcher, freshness: Freshness, rule: Rule, groups: frozenset[str]) -> Collection:
    return _collection(searcher.seen_by(groups), freshness, rule)


class Views:
    """The last views of a collection; each is made once, however many ask for it at a time."""

    def __init__(self, make: Callable[[frozenset[str]], Collection]) -> None:
        self._make = make
        self._making = threading.Lock()
        self._kept: dict[frozenset[str], Collection] = {}

    def __call__(self, groups: frozenset[str]) -> Collection:
        """The view of somebody of these groups."""
        known = self._kept.get(groups)
        if known is None:
            with self._making:
                known = self._kept.get(groups) or self._make(groups)
                self._kept[groups] = known
                if len(self._kept) > _KEPT_VIEWS:
                    del self._kept[next(iter(self._kept))]
        return known
