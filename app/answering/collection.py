"""A collection that is asked: question to hits, hits to a decision, and both to an answer."""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from app.answering.answer import LISTING, SPELLING, Answer, K, absent_in, notes_of, respelled_in
from app.answering.calibration import rule_of
from app.answering.citation import Citation, citation_of
from app.answering.decision import DEFAULT, Rule
from app.answering.inventory.inventory import Inventory
from app.answering.inventory.recognition import inventory_question
from app.answering.retrieval import Asked, Retrieval, Retrieved
from app.answering.sections import Section, Sections
from app.answering.smalltalk import help_for, is_small_talk
from app.answering.suggestions.next_questions import next_questions
from app.answering.suggestions.suggestion import Suggestion
from app.answering.suggestions.suggestions import Suggestions
from app.answering.views import Views
from app.answering.ways import all as ways
from app.answering.ways.comparisons import sides_of
from app.answering.ways.newer import newer_of
from app.answering.ways.synonyms import Synonyms
from app.answering.ways.way import Known, Mention
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
    some of these sees it. `synonyms` are the words that mean the same in its articles.
    """

    searcher: Searcher
    sections: Sections
    suggestions: Suggestions
    freshness: Freshness
    rule: Rule
    named: frozenset[str]
    views: Callable[[frozenset[str]], "Collection"]
    synonyms: Synonyms

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
        suggest: bool = True,
        today: date | None = None,
        offset: int = 0,
    ) -> Answer:
        """The answer to a question with at most `k` citations; only what passes the `filters` is searched.

        Articles of the `section` and those that the question names are preferred; `ignore` holds keys of mentions,
        or SPELLING. Links begin with `base`; `today` is the date of today unless it is given. Small talk gets help
        with the owner's `examples`; with `suggest` an answer has next questions; a list that the question asks for
        begins after `offset` articles. Raises BadFilter, and BadModel where the reranker fails.
        """
        facets, articles = self.searcher.facets, self.searcher.articles
        filters, build = facets.resolved(filters), self.searcher.manifest.name
        blank = Answer(question.text, "none", (), (), build, self.rule.support(None), filters=filters)
        if reply := help_for(question.text, articles, examples):
            return replace(blank, help=reply)
        if listed := self._listed(question, k, blank, ignore, base=base, offset=offset):
            return listed
        found = self.retrieve(question, k, section=section, filters=filters, ignore=ignore, today=today)
        answers = found.verdict == "answer"  # where passages do not answer, no words in them are set off as if they did
        hits = found.hits if answers else [replace(hit, answer=()) for hit in found.hits]
        known = self.known(today)
        newer = newer_of([*hits, *found.others], found.question.text, known, base) if answers else {}
        citations = tuple(
            replace(each, newer=newer.get((each.article, each.start))) for each in self._cited(hits, base)
        )
        shown: dict[str, Any] = {"citations" if answers else "closest": citations}
        told = self._told(question, found, citations, ignore=ignore, filtered=bool(filters))
        if suggest and found.verdict != "none":
            cited, asked = [hit.passage for hit in hits], (question.text, *question.context.questions)
            told["next"] = next_questions(cited, asked, articles, section)
        return replace(blank, section=section.name if section else None, **shown, **told)

    def _cited(self, hits: Sequence[Hit], base: str) -> tuple[Citation, ...]:
        known = self.known()
        return tuple(citation_of(number, hit, known, self.freshness, base) for number, hit in enumerate(hits, 1))

    def _listed(
        self, question: Question, k: int, blank: Answer, ignore: Names[str], *, base: str, offset: int
    ) -> Answer | None:
        """The answer to a question about the collection itself; None for any other question, or one to be searched."""
        about = inventory_question(question.text, question.context.questions, self.searcher.facets.publishers)
        if about is None or f"{LISTING}:{about.kind}" in ignore:
            return None
        listing, hits = Inventory(self.searcher, self.freshness, blank.filters).listing(about, offset, base)
        answered = replace(
            blank,
            listing=listing,
            preferences=(Mention(LISTING, about.kind, question.text),),
            history_used=question.context.questions[:1] if about.page else (),
        )
        if not listing.total:
            return answered
        certain = -blank.support
        return replace(answered, verdict="answer", support=certain, citations=self._cited(hits[:k], base))

    def _told(
        self, question: Question, found: Retrieved, citations: Sequence[Citation], *, ignore: Names[str], filtered: bool
    ) -> dict[str, Any]:
        """The fields of an answer beside its passages."""
        reading = self._spelling(ignore).reading(found.question)
        unmet = ways.unmet(question.text, found.hits, found.mentions, self.known())
        return {
            "verdict": found.verdict,
            "support": found.support,
            "history_used": question.context.questions if any(hit.in_context for hit in found.hits) else (),
            "preferences": ways.telling(found.mentions, self.known()),
            "notes": (*notes_of(reading, citations, filtered=filtered), *ways.notes_on(found.hits, found.mentions)),
            "sides": sides_of(found.hits, found.mentions),
            "respelled": respelled_in(found.question.understood, reading, found.hits),
            "absent": absent_in(ways.reworded(unmet, found.mentions), reading, found.hits),
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
        explanation = self._spelling(ignore).explain(asked.short, article_id, start, end)
        return explanation, ways.fitting(Passage(article, start, end), asked.mentions, known) if article else ()

    def _spelling(self, ignore: Names[str]) -> Searcher:
        """The search that reads words as `ignore` wants them read."""
        return self.searcher.literal() if SPELLING in ignore else self.searcher


def _collection(searcher: Searcher, freshness: Freshness, rule: Rule) -> Collection:
    named = {name for names in searcher.articles.column("groups") for name in names or ()}
    # Must not hold the Collection: an old one has to be freed as soon as no request uses it.
    views = Views(partial(_view, searcher, freshness, rule))
    synonyms = Synonyms.of(searcher.articles, searcher.manifest.synonyms, searcher.store.vocabulary)
    suggestions = Suggestions(searcher.articles)
    return Collection(
        searcher, Sections(searcher.articles), suggestions, freshness, rule, frozenset(named), views, synonyms
    )


def _view(searcher: Searcher, freshness: Freshness, rule: Rule, groups: frozenset[str]) -> Collection:
    return _collection(searcher.seen_by(groups), freshness, rule)
