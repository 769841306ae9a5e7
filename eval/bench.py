"""A data set through the ordinary pipeline, measured with trec_eval's arithmetic."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG
from tqdm import tqdm

from app.answering.collection import Collection
from app.answering.followup import question_after
from eval.beir import Dataset, Query, sources_of
from eval.measures import auroc
from index.articles.article import visible
from index.encoder.encoder import LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.errors import BadQuestion
from index.reading.folder import Folder
from index.reading.loader import Reading
from index.search.fusion import Fusion, fuse
from index.search.hits import Hit
from index.search.questions.question import MAX_CHARACTERS
from index.stores.builds.build import build

_HITS = 50  # passages asked for, so that ten documents come out of them
_MEASURES = {"ndcg@10": nDCG @ 10, "recall@5": R @ 5, "recall@10": R @ 10, "mrr@10": RR @ 10}


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to rank or to ask; the default is that of the chat. `unrelated` turns of other conversations come first."""

    name: str = ""
    signals: str = "all"
    fusion: Fusion = fuse
    tolerant: bool = True
    history: bool = True
    unrelated: int = 0
    hide_source: bool = False
    misspelt: bool = False


_OF_THE_CHAT = Variant()


@dataclass(frozen=True, slots=True)
class Answered:
    """The result of a question: documents best first, the support of the decision, and milliseconds."""

    query: Query
    documents: list[str]
    support: float
    ms: float | None


def index_dataset(
    dataset: Dataset, root: Path, identity: Identity, *, load: LoadEncoder = load_encoder, show_progress: bool = False
) -> None:
    """Index the documents as articles, as `python -m index build` would."""
    contents = Folder([Reading(article, "", visible(article.text)) for article in dataset.articles])
    build(dataset.folder, root, identity, load=load, show_progress=show_progress, contents=contents)


def measure(
    dataset: Dataset, collection: Collection, variant: Variant = _OF_THE_CHAT, *, timed: bool = True
) -> dict[str, Any]:
    """The measures of a data set, asked as the variant asks: ranking over the questions that have relevant documents.

    `auroc_hidden` tells each question from itself asked with its sources hidden; `auroc_no_answer`
    tells answerable from unanswerable questions. Either is None if it does not apply. `timed` asks each
    question once more, as the chat would, for `p50_ms` and `p95_ms`.
    """
    answered = [
        _ask(collection, query, timed=timed)
        for query in tqdm(_changed(dataset.queries, variant), desc=dataset.name, unit="question", disable=None)
    ]
    judged = [result for result in answered if result.query.relevant]
    times = [result.ms for result in answered if result.ms]
    labelled = [result for result in answered if result.query.unanswerable is not None]
    return {
        **_ranking(judged),
        "auroc_hidden": _hidden(dataset, collection, judged) if variant.hide_source else None,
        "auroc_no_answer": auroc(
            [result.support for result in labelled if not result.query.unanswerable],
            [result.support for result in labelled if result.query.unanswerable],
        ),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2) if times else None,
        "p95_ms": round(float(np.quantile(times, 0.95)), 2) if times else None,
        "documents": len(dataset.articles),
        "questions": len(judged),
    }


def documents(hits: Sequence[Hit]) -> list[str]:
    """The documents of the hits, in the order of their best passages; copies of a text right behind it."""
    return list(dict.fromkeys(name for hit in hits for name in (hit.passage.article.id, *hit.also_in)))


def _changed(queries: list[Query], variant: Variant) -> list[Query]:
    """The questions as the variant asks them; unrelated turns come from half the set away, about another topic."""
    texts = [query.text for query in queries]
    changed = []
    for row, query in enumerate(queries):
        first = row + max(1, len(queries) // 2)
        others = range(first, first + min(variant.unrelated, len(queries) - 1))
        earlier = (*(texts[other % len(texts)] for other in others), *(query.earlier if variant.history else ()))
        changed.append(replace(query, text=_misspelt(query.text) if variant.misspelt else query.text, earlier=earlier))
    return changed


def _misspelt(text: str) -> str:
    """The text with the two letters in the middle of its first longest word exchanged; words of 5 letters and more."""
    word = max(re.findall(r"[^\W\d_]{5,}", text), key=len, default="")
    half = len(word) // 2
    return text.replace(word, word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :], 1) if word else text


def _ask(collection: Collection, query: Query, without: frozenset[str] = frozenset(), *, timed: bool) -> Answered:
    """The documents and support of a question; no documents if it cannot be asked."""
    try:
        question = question_after(query.text[:MAX_CHARACTERS], query.earlier)
    except BadQuestion:
        return Answered(query, [], collection.rule.support([]), None)
    elapsed = None
    if timed:
        begin = time.perf_counter()
        collection.retrieve(question)
        elapsed = (time.perf_counter() - begin) * 1000
    retrieved = collection.retrieve(question, _HITS, exclude=without)
    return Answered(query, documents(retrieved.hits), retrieved.support, elapsed)


def _ranking(judged: list[Answered]) -> dict[str, float | None]:
    """Means over the judged questions; one without hits scores 0."""
    qrels = [Qrel(a.query.id, name, grade) for a in judged for name, grade in a.query.relevant.items()]
    run = [ScoredDoc(a.query.id, name, -float(place)) for a in judged for place, name in enumerate(a.documents)]
    if not qrels:
        return dict.fromkeys(_MEASURES)
    values = ir_measures.calc_aggregate(list(_MEASURES.values()), qrels, run)
    return {name: round(float(values[measure]), 4) for name, measure in _MEASURES.items()}


def _hidden(dataset: Dataset, collection: Collection, judged: list[Answered]) -> float | None:
    """AUROC of the support as asked against the support with every document of the title hidden."""
    titles = {article.id: article.title for article in dataset.articles}
    hidden = [
        _ask(collection, result.query, frozenset(sources_of(result.query, titles)), timed=False) for result in judged
    ]
    return auroc([result.support for result in judged], [result.support for result in hidden])
