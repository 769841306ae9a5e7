"""Retrieval: a question as all ways read it, its hits in the order that they ask for, and the verdict."""

from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.answering.decision import LOOKED_AT, Features, Rule, Verdict, features, relevance
from app.answering.verified_search import verified_hits
from app.answering.ways import all as ways
from app.answering.ways.pasted import unpasted
from app.answering.ways.way import Known, Mention
from index.articles.filters import Filters
from index.reading.freshness import Freshness
from index.search.hits import Hit
from index.search.questions.question import Question
from index.search.searcher import Searcher

_VARIED = 5  # citations that come from two articles if two have good passages
_GOOD = 0.8  # of the score of the first citation, from which another article's passage is a good one


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits to cite, best first, and the verdict with the features (None without hits) that it rests on.

    `question` is the question as it was searched; `mentions` are the ways that it uses.
    """

    hits: list[Hit]
    features: Features | None
    support: float
    verdict: Verdict
    question: Question
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as all ways read it.

    `short` is the question without the words of its mentions; `others` are wordings whose passages are found as well.
    """

    question: Question
    short: Question
    others: tuple[Question, ...]
    mentions: tuple[Mention, ...]

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
        earlier = tuple(ways.reworded(text, ways.mentioned(text, known)) for text in context.questions)
        context = replace(context, questions=earlier)
        text = ways.reworded(question.text, mentions)
        others = tuple(Question(other, context) for other in ways.readings(text, mentions))
        return cls(question, Question(text, context), others, (*pasted, *mentions))


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Retrieval from the articles that `searcher` searches, decided by `rule`."""

    searcher: Searcher
    freshness: Freshness
    rule: Rule
    known: Known

    def retrieve(
        self, asked: Asked, k: int, *, boost: Mapping[str, float], filters: Filters, exclude: Names[str]
    ) -> Retrieved:
        """The `k` best hits of articles whose files are as they were read, and whether they answer.

        The words of mentions leave the question, unless passages with these words answer it better. Raises
        BadFilter, and BadModel where the reranker fails.
        """
        searcher = self.searcher
        search = partial(searcher.fused, boost=boost, filters=filters)
        wanted = max(k, LOOKED_AT, ways.depth(asked.mentions))

        def found(question: Question) -> list[Hit]:
            return verified_hits(partial(search, question), wanted, self.freshness, exclude)

        others = [found(other) for other in asked.others]
        fused = {
            read: self._ordered(merged([found(read), *others]), asked)
            for read in dict.fromkeys((asked.short, asked.question))
        }
        # The decision rests on the fused signals and the reader, with a reranker and without, however many are cited.
        background = searcher.manifest.background
        decisive = {read: features(hits, background) if hits else None for read, hits in fused.items()}
        read = max(decisive, key=lambda read: self.rule.support(decisive[read]))
        hits, told = self._ordered(searcher.read(read, fused[read]), asked), decisive[read]
        told = replace(told, relevance=relevance(hits)) if told else None
        cited = self._ordered(searcher.reranked(read, hits, boost=boost), asked)[:k]
        if k >= _VARIED and (only := _only_article(cited[:_VARIED])):
            elsewhere = [hit for hit in cited[_VARIED:] if hit.passage.article.id != only]
            elsewhere = elsewhere or verified_hits(partial(search, read), 1, self.freshness, {*exclude, only})
            cited = varied(cited, self._ordered(elsewhere[:1], asked))
        verdict = ways.verdict_on(self.rule.verdict(told), cited, asked.mentions)
        return Retrieved(cited, told, self.rule.support(told), verdict, read, asked.mentions)

    def _ordered(self, hits: list[Hit], asked: Asked) -> list[Hit]:
        return ways.ordered(hits, asked.mentions, self.known)


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
    best: dict[tuple[str, int], Hit] = {}
    for hit in (hit for hits in found for hit in hits):
        place = (hit.passage.article.id, hit.passage.start)
        if place not in best or hit.score > best[place].score:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)
