"""Every question of a set, answered as in the chat, and the outcome of each."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from app.answering.answer import Answer, K
from app.answering.citation import Citation
from app.answering.decision import Verdict
from app.answering.labelled.questions import Gold, LabelledQuestion
from eval.measures import answer_words, covered_share, lists_right, ndcg, recall, reciprocal_rank
from index.passages.sentences import Span
from index.reading.files import ANY_SIZE
from index.reading.folder import read_folder
from index.reading.places.folders import Where

DEPTH = 10  # hits whose ranks are measured
HELD = 0.5  # share of a gold quote's characters that a passage must hold to count

Severity: TypeAlias = Literal["wrong answer", "wrong refusal", "right but not first", "right"]
Ask = Callable[[LabelledQuestion, int], Answer]
LiveText = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcome of a question. Values about gold are None where the question has none.

    `rank` is that of the first hit with a needed part, 0 where the first ten hold none. `first` tells whether the
    question is right at first place: the first hits, one for each needed part, hold all parts. For a list, `gold`
    says in words what is expected, `first` whether the list is so, and `rank` is 1 or 0. `support` is
    the score that the verdict rests on: answered where it is not negative. `verbatim` is about the live
    files. `history` holds the earlier questions that it was asked after. `answer_in_gold` tells whether most of the
    first citation's answer lies in gold, `answer_exact` whether its words are a short answer of the question; both are
    false without an answer, and None where nothing was answered or no short answer is known.
    """

    id: str
    kind: str
    question: str
    gold: tuple[tuple[str, ...], ...]
    answered: bool
    support: float
    verbatim: bool
    returned: str
    returned_from: str
    ms: float
    verdict: Verdict
    history: tuple[str, ...] = ()
    rank: int | None = None
    recall_at_1: float | None = None
    recall_at_3: float | None = None
    recall_at_5: float | None = None
    recall_at_10: float | None = None
    mrr_at_10: float | None = None
    ndcg_at_10: float | None = None
    span_recall: float | None = None
    highlight: bool | None = None
    answer_in_gold: bool | None = None
    answer_exact: bool | None = None
    first: bool | None = None

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.gold)

    @property
    def severity(self) -> Severity:
        """How bad it is for whoever asked: an answer that is wrong, a refusal that is wrong, a right answer that is
        not the first thing shown, or nothing.
        """
        if not self.verbatim or (self.answered and (not self.answerable or not 1 <= (self.rank or 0) <= K)):
            return "wrong answer"
        if self.answerable and not self.answered:
            return "wrong refusal"
        first = self.rank == 1 if self.first is None else self.first
        return "right but not first" if self.answered and not (first and self.highlight is not False) else "right"

    @property
    def faults(self) -> list[str]:
        """Why this outcome is a failure; empty where it is none."""
        found = []
        if not self.verbatim:
            found.append("a quote is not in the live file")
        if self.answerable and not self.answered:
            found.append("refused though the articles answer")
        if not self.answerable and self.answered:
            found.append("answered though the articles do not say")
        if self.recall_at_5 is not None and self.recall_at_5 < 1:
            found.append("a needed part is not in the first five")
        if self.rank == 0 and self.recall_at_5 is None:
            found.append("the list of articles is another")
        if self.highlight is False:
            found.append("the first highlighted sentence is another")
        return found


def evaluate(questions: Iterable[LabelledQuestion], ask: Ask, live: LiveText) -> list[Outcome]:
    """The outcome of every question.

    `ask` gives the answer with at most so many citations; ranks are read off its citations or,
    where it refused, its closest passages, so that refusing does not hide the ranking. `live` gives
    the text of an article as its file has it now.
    """
    return [_outcome(question, ask, live) for question in questions]


def live_texts(where: Where) -> LiveText:
    """The articles of a folder or several as their files are now; None for one that is not there. Raises BadFolder."""
    texts = {article.id: article.text for article in read_folder(where, ANY_SIZE).articles}
    return texts.get


def _outcome(question: LabelledQuestion, ask: Ask, live: LiveText) -> Outcome:
    begin = time.perf_counter()
    answer = ask(question, K)
    elapsed = (time.perf_counter() - begin) * 1000
    shown = answer.citations or answer.closest
    first = shown[0] if shown else None
    marked = [first.quote[start:end] for start, end in first.highlight] if first else []
    base = Outcome(
        id=question.id,
        kind=question.kind,
        question=question.question,
        gold=tuple(tuple(gold.quote for gold in part) for part in question.gold),
        answered=answer.answered,
        support=answer.support,
        verbatim=all(_is_verbatim(citation, live) for citation in shown),
        returned=" ".join(marked),
        returned_from=first.article if first else "",
        ms=round(elapsed, 2),
        verdict=answer.verdict,
        history=question.history,
    )
    if question.count is not None:
        return _with_list(base, question.count, question.articles, _list_of(answer))
    deep = ask(question, DEPTH)
    return _with_gold(base, question, answer, deep.citations or deep.closest) if question.gold else base


def _list_of(answer: Answer) -> tuple[int, frozenset[str]] | None:
    """The total and the ids of an answer's list of articles; None without a list."""
    listing = answer.listing
    return None if listing is None else (listing.total, frozenset(each.article for each in listing.articles))


def _with_list(
    base: Outcome, count: int, articles: frozenset[str] | None, found: tuple[int, frozenset[str]] | None
) -> Outcome:
    expected = f"{count} articles" if articles is None else f"{count} articles: {', '.join(sorted(articles))}"
    right = found is not None and lists_right(*found, count, articles)
    return replace(base, gold=((expected,),), first=right, rank=int(right))


def _with_gold(base: Outcome, question: LabelledQuestion, answer: Answer, deep: tuple[Citation, ...]) -> Outcome:
    spans = [(citation.article, (citation.start, citation.end)) for citation in deep]
    held = [frozenset(n for n, part in enumerate(question.gold) if holds(*place, part)) for place in spans]
    parts = len(question.gold)
    inverse = reciprocal_rank(held, DEPTH)
    first_five = answer.citations or answer.closest
    return replace(
        base,
        rank=round(1 / inverse) if inverse else 0,
        first=recall(held, parts, parts) == 1,
        recall_at_1=recall(held, parts, 1),
        recall_at_3=recall(held, parts, 3),
        recall_at_5=recall(held, parts, 5),
        recall_at_10=recall(held, parts, 10),
        mrr_at_10=inverse,
        ndcg_at_10=ndcg(held, parts, DEPTH),
        span_recall=sum(_covered(part, first_five) for part in question.gold) / parts,
        **_marks(first_five[0], question) if answer.answered and first_five else {},
    )


def _is_verbatim(citation: Citation, live: LiveText) -> bool:
    text = live(citation.article)
    return text is not None and text[citation.start : citation.end] == citation.quote


def holds(article: str, span: Span, part: tuple[Gold, ...]) -> bool:
    """Whether a span of an article holds one of the acceptable quotes of a needed part, or half of it."""
    return any(gold.article == article and covered_share((gold.start, gold.end), [span]) >= HELD for gold in part)


def _covered(part: tuple[Gold, ...], citations: tuple[Citation, ...]) -> float:
    """The share of the best covered acceptable quote's characters inside the quotes."""
    return max(
        covered_share((gold.start, gold.end), [(c.start, c.end) for c in citations if c.article == gold.article])
        for gold in part
    )


def _marks(citation: Citation, question: LabelledQuestion) -> dict[str, Any]:
    """Fields of an outcome about the marks of a citation: whether its sentence and its answer are gold."""
    gold = [(gold.start, gold.end) for part in question.gold for gold in part if gold.article == citation.article]
    highlight, answer = (
        [(citation.start + start, citation.start + end) for start, end in spans]
        for spans in (citation.highlight, citation.answer)
    )
    words = answer_words(" ".join(citation.quote[start:end] for start, end in citation.answer))
    return {
        "highlight": any(covered_share(span, highlight) > 0 for span in gold),
        "answer_in_gold": bool(answer) and all(covered_share(span, gold) >= HELD for span in answer),
        "answer_exact": words in map(answer_words, question.short) if question.short else None,
    }
