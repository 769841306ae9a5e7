"""Every question of a set, answered as in the chat, and the outcome of each."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.answering.answer import Answer, K
from app.answering.citation import Citation
from app.answering.decision import Verdict
from app.answering.questions import Gold, LabelledQuestion
from eval.measures import covered_share, ndcg, recall, reciprocal_rank
from index.passages.sentences import Span
from index.reading.files import ANY_SIZE
from index.reading.folder import read_folder

DEPTH = 10  # hits whose ranks are measured
HELD = 0.5  # share of a gold quote's characters that a passage must hold to count

Ask = Callable[[LabelledQuestion, int], Answer]
LiveText = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one question. Values about gold are None for a question without gold.

    `rank` is that of the first hit with a needed part, 0 if the first ten hold none. `support` is the score
    that the verdict rests on: answered if it is not negative. `verbatim` is about the live files. `history`
    holds the earlier questions that it was asked after.
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

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.gold)

    @property
    def faults(self) -> list[str]:
        """The reasons why this outcome is a failure; empty for a success."""
        faults = {
            "a quote is not in the live file": not self.verbatim,
            "refused though the articles answer": self.answerable and not self.answered,
            "answered though the articles do not say": self.answered and not self.answerable,
            "a needed part is not in the first five": self.recall_at_5 is not None and self.recall_at_5 < 1,
            "the first highlighted sentence is another": self.highlight is False,
        }
        return [fault for fault, applies in faults.items() if applies]


def evaluate(questions: Iterable[LabelledQuestion], ask: Ask, live: LiveText) -> list[Outcome]:
    """The outcome of every question.

    `ask` gives the answer with at most this many citations; ranks are read off its citations or, if it
    refused, its closest passages, so that refusing does not hide the ranking. `live` gives the text of an
    article as its file has it now.
    """
    return [_outcome(question, ask, live) for question in questions]


def live_texts(folder: Path) -> LiveText:
    """The texts of a folder's articles by id, as their files are now. Raises BadFolder."""
    texts = {article.id: article.text for article in read_folder(folder, ANY_SIZE).articles}
    return texts.get


def _outcome(question: LabelledQuestion, ask: Ask, live: LiveText) -> Outcome:
    begin = time.perf_counter()
    answer = ask(question, K)
    elapsed = (time.perf_counter() - begin) * 1000
    shown = answer.citations or answer.closest
    deep = ask(question, DEPTH)
    first = shown[0] if shown else None
    marked = [first.quote[start:end] for start, end in first.highlight] if first else []
    return Outcome(
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
        **(_of_gold(question, answer, deep.citations or deep.closest) if question.answerable else {}),
    )


def _of_gold(question: LabelledQuestion, answer: Answer, deep: tuple[Citation, ...]) -> dict[str, Any]:
    """The fields of an outcome that are about gold; `deep` are the ten citations to rank."""
    parts_of_hits = [parts_held(question, citation.article, (citation.start, citation.end)) for citation in deep]
    parts = len(question.gold)
    inverse = reciprocal_rank(parts_of_hits, DEPTH)
    first_five = answer.citations or answer.closest
    return dict(
        rank=round(1 / inverse) if inverse else 0,
        **{f"recall_at_{k}": recall(parts_of_hits, parts, k) for k in (1, 3, 5, 10)},
        mrr_at_10=inverse,
        ndcg_at_10=ndcg(parts_of_hits, parts, DEPTH),
        span_recall=sum(_covered(part, first_five) for part in question.gold) / parts,
        highlight=_highlights(first_five[0], question) if answer.answered and first_five else None,
    )


def _is_verbatim(citation: Citation, live: LiveText) -> bool:
    text = live(citation.article)
    return text is not None and text[citation.start : citation.end] == citation.quote


def holds(article: str, span: Span, part: tuple[Gold, ...]) -> bool:
    """Whether a span of an article holds one of the acceptable quotes of a needed part, or half of it."""
    return any(gold.article == article and covered_share((gold.start, gold.end), [span]) >= HELD for gold in part)


def parts_held(question: LabelledQuestion, article: str, span: Span) -> frozenset[int]:
    """The numbers of the needed parts of a question that a span of an article holds."""
    return frozenset(number for number, part in enumerate(question.gold) if holds(article, span, part))


def _covered(part: tuple[Gold, ...], citations: tuple[Citation, ...]) -> float:
    """The share of the best covered acceptable quote's characters inside the quotes."""
    return max(
        covered_share((gold.start, gold.end), [(c.start, c.end) for c in citations if c.article == gold.article])
        for gold in part
    )


def _highlights(citation: Citation, question: LabelledQuestion) -> bool:
    spans = [(citation.start + start, citation.start + end) for start, end in citation.highlight]
    return any(
        gold.article == citation.article and covered_share((gold.start, gold.end), spans) > 0
        for part in question.gold
        for gold in part
    )
