"""Measures of a reader on records that it did not learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from eval.measures import answer_words, auroc, span_f1
from eval.training.records import Record, batched
from index.arrays import Scores
from index.reader.spans import best_tokens
from index.reader.windows import Window, Windows, tiled

Outputs = tuple[float, Scores, Scores]
Read = Callable[[Sequence[Window]], Sequence[Outputs]]
"""A function that reads windows: for each its relevance, and logits as `Reader.outputs` gives them."""

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """A record as it was read: relevance and margin of the best span over none, and the span's text."""

    record: Record
    relevance: float
    margin: float
    text: str


def judged(records: Sequence[Record], windows: Windows, read: Read) -> list[Judged]:
    """The records, each read in as many windows as its passage needs; the most relevant one with a span counts."""
    asked: list[tuple[int, Window]] = []
    for row, record in enumerate(records):
        question, title = windows.question(record.question), windows.title(record.title)
        tokens = windows.tokens(record.passage)
        ranges = tiled(tokens.sentences, windows.room(question, title))
        asked += [(row, windows.window(question, title, tokens, around)) for around in ranges]
    asked.sort(key=lambda pair: len(pair[1].ids))
    results = chain.from_iterable(read([window for _, window in batch]) for batch in batched(asked, _BATCH))
    best: dict[int, Judged] = {}
    for (row, window), (relevance, starts, ends) in zip(asked, results, strict=True):
        score, (first, last) = best_tokens(starts[1:], ends[1:])
        text = records[row].passage[window.offsets[first][0] : window.offsets[last][1]]
        now = Judged(records[row], relevance, score - float(starts[0] + ends[0]), text)
        if row not in best or now.relevance + now.margin > best[row].relevance + best[row].margin:
            best[row] = now
    return [best[row] for row in sorted(best)]


def table(results: Sequence[Judged]) -> str:
    """The measures in lines: F1 and exact matches of spans, and how well answerable records are told from others."""
    lines = []
    for name, part in _parts(results).items():
        spans = [each for each in part if each.record.answers]
        exact, f1 = (np.mean([score(each) for each in spans]) if spans else np.nan for score in (_exact, _f1))
        aurocs = " ".join(
            f"{label} {_auroc(part, value):.3f}"
            for label, value in {
                "relevance": lambda each: each.relevance,
                "span": lambda each: each.margin,
                "both": lambda each: each.relevance + each.margin,
            }.items()
        )
        lines.append(f"{name:<16} {len(part):>5}  F1 {f1:.3f}  EM {exact:.3f}  AUROC {aurocs}")
    return "\n".join(lines)


def _parts(results: Sequence[Judged]) -> dict[str, list[Judged]]:
    parts: dict[str, list[Judged]] = {"all": list(results), "adversarial": []}
    for each in results:
        parts.setdefault(each.record.source, []).append(each)
    parts["adversarial"] = [each for each in parts.get("squad2", []) if not each.record.is_retrieved]
    return parts


def _auroc(results: Sequence[Judged], value: Callable[[Judged], float]) -> float:
    area = auroc(
        [value(each) for each in results if each.record.answerable],
        [value(each) for each in results if not each.record.answerable],
    )
    return float("nan") if area is None else area


def _exact(each: Judged) -> float:
    return float(any(answer_words(each.text) == answer_words(gold) for gold in _golds(each)))


def _f1(each: Judged) -> float:
    return max(span_f1(each.text, gold) for gold in _golds(each))


def _golds(each: Judged) -> list[str]:
    return [each.record.passage[start:end] for start, end in each.record.answers]
