"""Retrieval: a question as all ways read it, its hits in the order that they ask for, and the verdict."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from app.answering.decision import LOOKED_AT, Features, Rule, Verdict, features, relevance
from app.answering.sides import ALONE, Alone, best_of_each, leading, verdict_beside
from app.answering.verified_search import verified_hits
from app.answering.ways import all as ways
from app.answering.ways.forms.comparatives import holds_asked
from app.answering.ways.forms.pasted import unpasted
from app.answering.ways.way import Known, Mention
from index.articles.filters import Filters
from index.reading.freshness import Freshness
from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher

Boosts: TypeAlias = Callable[[Sequence[Mention]], Mapping[str, float]]
"""The weight of each article that some mentions prefer, by id."""

_VARIED = 5  # citations that come from two articles if two have good passages
_GOOD = 0.8  # of the score of the first citation, from which another article's passage is a good one


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits to cite, best first, and the verdict with the features (None without hits) that it rests on.

    `question` is the question as it was searched; `mentions` are the ways that it uses. `others` are the
    further hits that were found, behind those to cite; `best` maps each side of a comparison to its best hit.
    """

    hits: list[Hit]
    features: Features | None
    support: float
    verdict: Verdict
    question: Question
    mentions: tuple[Mention, ...]
    others: Sequence[Hit] = ()
    best: Mapping[Mention, Hit] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as all ways read it.

    `question` is the question without the words that are never searched for, `short` without all words of its
    mentions; `others` are wordings whose passages are found as well, each with its mention. `alone` are questions
    about one mention each, whose best passages come first.
    """

    question: Question
    short: Question
    others: tuple[tuple[Question, Mention], ...]
    mentions: tuple[Mention, ...]
    alone: tuple[Alone, ...] = ()

    @property
    def readings(self) -> list[Question]:
        """All questions that are searched."""
        return [self.short, self.question, *(other for other, _ in self.others), *(one for one, _ in self.alone)]

    @classmethod
    def of(cls, question: Question, known: Known, ignore: Names[str] = ()) -> "Asked":
        """The question as it is read.

        A follow-up without any mention means those of the question before it; earlier questions lose theirs, too.
        """
        question, pasted = unpasted(question, known, ignore)
        context = question.context
        mentions = ways.mentioned(question.text, known, ignore)
        if context.leads and not ways.telling(mentions, known):
            mentions = (*mentions, *ways.telling(ways.mentioned(context.questions[-1], known, ignore), known))
        if not mentions:
            return cls(question, question, (), pasted)
        earlier = [(text, ways.mentioned(text, known)) for text in context.questions]
        full = replace(context, questions=tuple(ways.searched(text, own) for text, own in earlier))
        question = Question(ways.searched(question.text, mentions), full)
        context = replace(context, questions=tuple(ways.reworded(text, own) for text, own in earlier))
        text = ways.reworded(question.text, mentions)
        others = tuple((Question(other, context), each) for other, each in ways.readings(text, mentions).items())
        alone = tuple((Question(one), each) for one, each in ways.alone(question.text, mentions).items())
        return cls(question, Question(text, context), others, (*pasted, *mentions), alone)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Retrieval from the articles that `searcher` searches, decided by `rule`."""

    searcher: Searcher
    freshness: Freshness
    rule: Rule
    known: Known

    def retrieve(self, asked: Asked, k: int, *, boosts: Boosts, filters: Filters, exclude: Names[str]) -> Retrieved:
        """The `k` best hits of articles whose files are as they were read, and whether they answer.

        The words of mentions leave the question, unless passages with these words answer it better. Raises
        BadFilter, and BadModel where the reranker fails.
        """
        searcher, boost = self.searcher, boosts(asked.mentions)
        search = partial(searcher.fused, boost=boost, filters=filters)
        find = partial(verified_hits, freshness=self.freshness, exclude=exclude)
        wanted = max(k, LOOKED_AT, ways.depth(asked.mentions))

        def found(question: Question) -> list[Hit]:
            return find(partial(search, question), wanted)

        searcher.prepare(asked.readings)
        reworded = {other: found(other) for other, _ in asked.others}
        fused: dict[Question, list[Hit]] = {}
        wording: dict[Question, Question] = {}  # that gave the best hit its score
        decisive: dict[Question, Features | None] = {}
        for read in dict.fromkeys((asked.short, asked.question)):
            every = {read: found(read), **reworded}
            worded = _suited(every, [each for _, each in asked.others])
            fused[read] = self._ordered(merged(list(worded.values())) or every[read], asked)
            wording[read] = _wording_of(fused[read], worded) or read
            # The decision rests on the fused signals and the reader, with a reranker and without, however many are
            # cited. Where the best passage needs another wording, that which comes nearest counts.
            counted = [fused[read]] if wording[read] == read else [fused[read], *reworded.values()]
            decisive[read] = self._nearest(counted)
        read = max(decisive, key=lambda read: self.rule.nearness(decisive[read]))
        told, hits, read = decisive[read], fused[read], wording[read]
        hits = self._ordered(searcher.read(read, hits), asked)
        told = replace(told, relevance=relevance(hits)) if told else None
        ordered = self._ordered(searcher.reranked(read, hits, boost=boost), asked)
        alone = {side: self._alone(side, asked, boosts, filters, find) for side in asked.alone}
        best = best_of_each(alone, ordered)
        ordered = leading(best.values(), ordered)
        cited = self._varied(ordered[:k], ordered[k:], search=partial(search, read), exclude=exclude, asked=asked)
        verdict = verdict_beside("answer" if self._answered(alone) else self.rule.verdict(told), best)
        verdict = ways.verdict_on(self._without_absent(verdict, hits, asked), cited, asked.mentions, read.text)
        return Retrieved(cited, told, self.rule.support(told), verdict, read, asked.mentions, ordered[k:], best)

    def _answered(self, alone: Mapping[Alone, Sequence[Hit]]) -> bool:
        """Whether there are two sides, and the hits of the question about each answer it."""
        return len(alone) > 1 and all(self._answers(one, hits) for one, hits in alone.items())

    def _answers(self, alone: Alone, hits: Sequence[Hit]) -> bool:
        question, side = alone
        if not any(holds_asked(question.text, side.value, hit.passage) for hit in hits[:1]):
            return False
        told = replace(features(hits, self.searcher.manifest.background), relevance=relevance(hits))
        return self.rule.verdict(told) == "answer"

    def _without_absent(self, verdict: Verdict, hits: Sequence[Hit], asked: Asked) -> Verdict:
        """The verdict, at most `related` where the question names what none of the first hits holds."""
        corrections = self.searcher.corrections(asked.question.understood)
        lacking = ways.absent(asked.question.text, corrections, hits[:LOOKED_AT], asked.mentions, self.known)
        return ways.verdict_without(verdict, lacking)

    def _alone(
        self, alone: Alone, asked: Asked, boosts: Boosts, filters: Filters, find: Callable[..., list[Hit]]
    ) -> list[Hit]:
        """The hits of the question about one side, in the order that the mentions in it ask for."""
        question, side = alone
        mentions = [each for each in asked.mentions if each.kind != side.kind and each.text in question.text]
        boost = boosts(mentions)
        hits = find(partial(self.searcher.fused, question, boost=boost, filters=filters), ALONE)
        hits = self.searcher.reranked(question, self.searcher.read(question, hits), boost=boost)
        return ways.ordered(hits, mentions, self.known)

    def _varied(
        self,
        cited: list[Hit],
        others: list[Hit],
        *,
        search: Callable[..., list[Hit]],
        exclude: Names[str],
        asked: Asked,
    ) -> list[Hit]:
        """The hits to cite, the fifth of another article where the first five are all of one.

        It is searched for only where the `others`, the hits behind those to cite, are all of that article and good.
        """
        only = _only_article(cited[:_VARIED])
        if len(cited) < _VARIED or only is None:
            return cited
        elsewhere = [hit for hit in (*cited[_VARIED:], *others) if hit.passage.article.id != only]
        if not elsewhere and all(hit.score >= _GOOD * cited[0].score for hit in others):
            elsewhere = verified_hits(search, 1, self.freshness, {*exclude, only})
        return varied(cited, self._ordered(elsewhere[:1], asked))

    def _nearest(self, found: Sequence[list[Hit]]) -> Features | None:
        """The features with the highest support among the hits of several wordings; None without hits."""
        background = self.searcher.manifest.background
        return max((features(hits, background) for hits in found if hits), key=self.rule.nearness, default=None)

    def _ordered(self, hits: list[Hit], asked: Asked) -> list[Hit]:
        return ways.ordered(hits, asked.mentions, self.known)


def _suited(found: Mapping[Question, list[Hit]], mentions: Sequence[Mention]) -> dict[Question, list[Hit]]:
    """The hits of each wording that it may score."""
    return {
        wording: [hit for hit in hits if ways.suits(hit.passage, mentions, wording.text)]
        for wording, hits in found.items()
    }


def _wording_of(hits: Sequence[Hit], wordings: Mapping[Question, Sequence[Hit]]) -> Question | None:
    """The wording that gave the best hit its score; None without hits."""
    best = hits[0].passage.id if hits else None
    scores = {wording: hit.score for wording, found in wordings.items() for hit in found if hit.passage.id == best}
    return max(scores, key=lambda wording: scores[wording], default=None)


def _only_article(hits: Sequence[Hit]) -> str | None:
    """The article that all hits are of."""
    articles = {hit.passage.article.id for hit in hits}
    return next(iter(articles)) if len(articles) == 1 else None


def varied(hits: list[Hit], others: Sequence[Hit]) -> list[Hit]:
    """The hits with that of another article in the fifth place, if it is nearly as good as the first."""
    good = [other for other in others if other.score >= _GOOD * hits[0].score]
    if not good:
        return hits
    first, behind = hits[: _VARIED - 1], hits[_VARIED - 1 :]
    return [*first, *good, *(hit for hit in behind if hit not in good)][: max(len(hits), len(first) + 1)]


def merged(found: Sequence[list[Hit]]) -> list[Hit]:
    """The hits of several wordings, each passage once with its highest score, best first."""
    if len(found) == 1:
        return found[0]
    best: dict[str, Hit] = {}
    for hit in (hit for hits in found for hit in hits):
        name = hit.passage.id
        if name not in best or hit.score > best[name].score:
            best[name] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)
