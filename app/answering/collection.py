"""A collection that is asked: question to hits, hits to a decision, and both to an answer."""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

import numpy as np

from app.answering.answer import MAX_K, SPELLING, K
from app.answering.calibration import rule_of
from app.answering.conversation.smalltalk import is_small_talk
from app.answering.decision import DEFAULT, Rule
from app.answering.pinned.pins import NO_PINS, Pins, read_pins
from app.answering.retrieval import Asked, Retrieval, Retrieved
from app.answering.sections import Section, Sections
from app.answering.suggestions.suggestion import Suggestion
from app.answering.suggestions.suggestions import Suggestions
from app.answering.verified_search import verified_hits
from app.answering.views import Views
from app.answering.ways import all as ways
from app.answering.ways.way import Known, Mention
from app.answering.ways.words.synonyms import Synonyms
from index.arrays import Scores
from index.articles.catalogue import EVERYONE
from index.articles.filters import EVERYTHING, Filters
from index.errors import NoPassage
from index.passages.chunking import Passage
from index.reading.freshness import Freshness
from index.search.explanation import Explanation
from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher
from index.stores.notes import Notes

Groups: TypeAlias = frozenset[str] | None
"""The groups of whoever asks; None where access is not by groups, and everything is seen."""

_SECTION = 0.1  # weight of the articles of a section


@dataclass(frozen=True, slots=True)
class Collection:
    """One opened build with all that is asked of it; a request uses the one it began with to its end.

    `named` are the groups that its articles name, and `views` gives the collection as somebody of
    some of these sees it. `synonyms` are the words that mean the same in its articles, `pins` the passages that its
    editors chose for questions, whoever may see them.
    """

    searcher: Searcher
    sections: Sections
    suggestions: Suggestions
    freshness: Freshness
    rule: Rule
    named: frozenset[str]
    views: Callable[[frozenset[str]], "Collection"]
    synonyms: Synonyms
    pins: Pins

    @classmethod
    def of(cls, searcher: Searcher, rule: Rule = DEFAULT, pins: Pins = NO_PINS) -> "Collection":
        """The collection that a searcher searches, the rule that decides whether it answers, and its pins."""
        return _collection(searcher, Freshness(searcher.manifest.folder), rule, pins)

    @classmethod
    def calibrated(cls, searcher: Searcher, notes: Notes) -> "Collection":
        """The collection that a searcher searches, with the rule and the pins that are kept beside its index."""
        return cls.of(searcher, rule_of(notes, searcher.manifest.identity), read_pins(notes))

    def seen_by(self, groups: Groups) -> "Collection":
        """The same as somebody of these groups sees it: what they may not see is not there.

        Who has no group sees nothing. What counts are the groups that articles name, so that people
        of the same ones share what is kept for them.
        """
        if groups is None:
            return self
        return self.views((groups | {EVERYONE}) & self.named if groups else groups)

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

        def boosts(mentions: Sequence[Mention]) -> dict[str, float]:
            return self._boost(ways.preferred(mentions, known), section)

        retrieval = Retrieval(self.spelling(ignore), self.freshness, self.rule, known)
        return retrieval.retrieve(asked, k, boosts=boosts, filters=filters, exclude=exclude)

    def nearest(self, question: str, k: int) -> list[Hit]:
        """The `k` passages nearest to a question, of articles whose files are as they were read; without a verdict."""
        return verified_hits(partial(self.searcher.fused, Question(question)), k, self.freshness)[:k]

    def suggested(self, typed: str, questions: tuple[str, ...] = (), language: str = "") -> tuple[Suggestion, ...]:
        """Titles, headings and those of the `questions` that the articles answer, for the words typed so far.

        Articles in the `language` come first. Small talk gets none.
        """
        if is_small_talk(typed):
            return ()
        return self.suggestions.matching(typed, questions, self._answers, language)

    def _answers(self, question: str) -> bool:
        return self.retrieve(Question(question)).verdict == "answer"

    def known(self, today: date | None = None) -> Known:
        """The metadata that a question may name, and the date of today unless it is given."""
        searcher = self.searcher
        day, background = today or date.today(), searcher.manifest.background
        return Known(searcher.facets, searcher.articles, day, searcher.store.vocabulary, self.synonyms, background)

    def _boost(self, weights: Scores, section: Section | None) -> dict[str, float]:
        """The weight of each article that is preferred, by id."""
        boost = dict.fromkeys(section.articles, _SECTION) if section else {}
        return boost | {name: float(weights[row]) for row, name in self.searcher.articles.ids(np.flatnonzero(weights))}

    def explain(
        self,
        question: Question,
        article_id: str,
        start: int,
        end: int,
        *,
        ignore: Names[str] = (),
        today: date | None = None,
    ) -> tuple[Explanation, tuple[tuple[Mention, bool], ...]]:
        """Why the passage at `start` to `end` of an article is found, and the mentions with whether it fits each.

        The question is explained without the words of its mentions. Raises NoPassage where there is no such passage,
        or where the article's file no longer says so.
        """
        article, known = self.searcher.articles.by_id(article_id), self.known(today)
        if article and self.freshness.state(article) in ("gone", "changed"):
            raise NoPassage(f"the file of {article_id!r} is gone or has changed. Ask again")
        asked = Asked.of(question, known, ignore)
        explanation = self.spelling(ignore).explain(asked.short, article_id, start, end)
        if article is None:
            return explanation, ()

        def search() -> list[Hit]:
            return self.retrieve(question, MAX_K, ignore=ignore, today=today).hits

        return explanation, tuple(ways.fitting(Passage(article, start, end), asked.mentions, known, search))

    def spelling(self, ignore: Names[str]) -> Searcher:
        """The search that reads words as `ignore` wants them read."""
        return self.searcher.literal() if SPELLING in ignore else self.searcher


def _collection(searcher: Searcher, freshness: Freshness, rule: Rule, pins: Pins) -> Collection:
    named = {name for names in searcher.articles.column("groups") for name in names or ()}
    # Must not hold the Collection: an old one has to be freed as soon as no request uses it.
    views = Views(partial(_view, searcher, freshness, rule, pins), len(searcher.articles))
    synonyms = Synonyms.of(searcher.articles, searcher.manifest.synonyms, searcher.store.vocabulary)
    suggestions = Suggestions(searcher.articles)
    return Collection(
        searcher, Sections(searcher.articles), suggestions, freshness, rule, frozenset(named), views, synonyms, pins
    )


def _view(searcher: Searcher, freshness: Freshness, rule: Rule, pins: Pins, groups: frozenset[str]) -> Collection:
    return _collection(searcher.seen_by(groups), freshness, rule, pins)
