"""A data set through the ordinary pipeline, measured with trec_eval's arithmetic."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean
from typing import Any

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG
from tqdm import tqdm

from app.answering.collection import Collection
from app.answering.conversation.followup import question_after
from app.answering.retrieval import Retrieved
from eval.measures import answer_words, auroc, span_f1
from eval.sets.beir import Dataset, Query, sources_of
from index.articles.article import visible
from index.encoder.encoder import LoadEncoder, load_encoder
from index.encoder.model_files import Identity
from index.errors import BadQuestion
from index.reading.folder import Folder
from index.reading.loader import Reading
from index.search.fusion import WEIGHTINGS, Fusion, fuse, reciprocal_ranks, scaled_sum
from index.search.hits import Hit
from index.search.models import NO_MODELS
from index.search.questions.question import MAX_CHARACTERS, Question
from index.stores.builds.build import build

_HITS = 50  # passages asked for, so that ten documents come out of them
_MEASURES = {"ndcg@10": nDCG @ 10, "recall@5": R @ 5, "recall@10": R @ 10, "mrr@10": RR @ 10}


@dataclass(frozen=True, slots=True)
class Options:
    """Variations: history given or not, turns of other conversations in front, sources hidden, a slip made.

    `timed` asks each question once more, as the chat would, for `p50_ms` and `p95_ms`.
    """

    history: bool = True
    unrelated: int = 0
    hide_source: bool = False
    misspelt: bool = False
    timed: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """Result of a question: documents best first, the decision's support, and the words that answer, if any."""

    query: Query
    documents: list[str]
    support: float
    ms: float | None
    words: str = ""


def index_dataset(
    dataset: Dataset, root: Path, identity: Identity, *, load: LoadEncoder = load_encoder, show_progress: bool = False
) -> None:
    """Index the documents as articles, as `python -m index build` would."""
    contents = Folder([Reading(article, "", visible(article.text)) for article in dataset.articles])
    build(dataset.folder, root, identity, load=load, show_progress=show_progress, contents=contents)


def measure(dataset: Dataset, collection: Collection, options: Options) -> dict[str, Any]:
    """The measures of a data set: ranking over the questions that have relevant documents.

    `auroc_hidden` tells each question from itself asked with its sources hidden; `auroc_no_answer`
    tells answerable from unanswerable questions. `span_f1` and `span_exact` compare the words set off as the answer
    of the first hit with the set's short answers, as SQuAD does. Each is None where it does not apply.
    """
    queries = _with_history(dataset.queries, options)
    answered = [
        _ask(collection, query, timed=options.timed)
        for query in tqdm(queries, desc=dataset.name, unit="question", disable=None)
    ]
    judged = [result for result in answered if result.query.relevant]
    times = [result.ms for result in answered if result.ms]
    known = [result for result in answered if result.query.unanswerable is not None]
    return {
        **_ranking(judged),
        "auroc_hidden": _hidden(dataset, collection, judged) if options.hide_source else None,
        "auroc_no_answer": auroc(
            [result.support for result in known if not result.query.unanswerable],
            [result.support for result in known if result.query.unanswerable],
        ),
        **_spans(known),
        "p50_ms": round(float(np.quantile(times, 0.5)), 2) if times else None,
        "p95_ms": round(float(np.quantile(times, 0.95)), 2) if times else None,
        "documents": len(dataset.articles),
        "questions": len(judged),
    }


def _spans(known: Sequence[Answered]) -> dict[str, float | None]:
    """SQuAD's F1 and exact match: of an unanswerable question no answer is the right one."""
    judged = [result for result in known if result.query.answers or result.query.unanswerable]
    if not any(result.query.answers for result in judged):
        return {"span_f1": None, "span_exact": None}
    pairs = [(result.words, result.query.answers or ("",)) for result in judged]
    return {
        "span_f1": round(mean(max(span_f1(words, gold) for gold in answers) for words, answers in pairs), 4),
        "span_exact": round(mean(answer_words(words) in map(answer_words, answers) for words, answers in pairs), 4),
    }


def documents(hits: Sequence[Hit]) -> list[str]:
    """The documents of the hits, each where its best passage stands; copies of a text right behind it."""
    return list(dict.fromkeys(name for hit in hits for name in (hit.passage.article.id, *hit.also_in)))


def _with_history(queries: list[Query], options: Options) -> list[Query]:
    """The questions with the slip and the history that the options want."""
    changed = []
    for place, query in enumerate(queries):
        own = query.earlier if options.history else ()
        text = _misspelt(query.text) if options.misspelt else query.text
        changed.append(replace(query, text=text, earlier=_foreign(queries, place, options.unrelated) + own))
    return changed


def _misspelt(text: str) -> str:
    """The text with the two letters in the middle of its first longest word exchanged; words of 5 letters and more."""
    word = max(re.findall(r"[^\W\d_]{5,}", text), key=len, default="")
    half = len(word) // 2
    return text.replace(word, word[: half - 1] + word[half] + word[half - 1] + word[half + 1 :], 1) if word else text


def _foreign(queries: list[Query], place: int, count: int) -> tuple[str, ...]:
    """Questions from half the set away, where the topic is another one."""
    first = place + max(1, len(queries) // 2)
    return tuple(queries[(first + step) % len(queries)].text for step in range(min(count, len(queries) - 1)))


def _ask(collection: Collection, query: Query, without: frozenset[str] = frozenset(), *, timed: bool) -> Answered:
    """The documents and support of a question; none where it cannot be asked."""
    try:
        question = question_after(query.text[:MAX_CHARACTERS], query.earlier)
    except BadQuestion:
        return Answered(query, [], collection.rule.support(None), None)
    elapsed = _time(collection, question) if timed else None
    found = collection.retrieve(question, _HITS, exclude=without)
    return Answered(query, documents(found.hits), found.support, elapsed, _words(found))


def _words(found: Retrieved) -> str:
    """The words of the first hit that answer, where the verdict is that it does."""
    if found.verdict != "answer" or not found.hits:
        return ""
    text = found.hits[0].passage.article.text
    return " ".join(text[start:end] for start, end in found.hits[0].answer)


def _time(collection: Collection, question: Question) -> float:
    """Milliseconds of the retrieval that the chat makes."""
    begin = time.perf_counter()
    collection.retrieve(question)
    return (time.perf_counter() - begin) * 1000


def _ranking(judged: list[Answered]) -> dict[str, float | None]:
    """Means over the judged questions; one without hits scores 0."""
    qrels = [Qrel(a.query.id, name, grade) for a in judged for name, grade in a.query.relevant.items()]
    run = [ScoredDoc(a.query.id, name, -float(place)) for a in judged for place, name in enumerate(a.documents)]
    if not qrels:
        return dict.fromkeys(_MEASURES)
    found = ir_measures.calc_aggregate(list(_MEASURES.values()), qrels, run)
    return {name: round(float(found[measure]), 4) for name, measure in _MEASURES.items()}


def _hidden(dataset: Dataset, collection: Collection, judged: list[Answered]) -> float | None:
    """AUROC of the support as asked against the support with every document of the title hidden."""
    titles = {article.id: article.title for article in dataset.articles}
    supports = []
    for result in judged:
        hidden = frozenset(sources_of(result.query, titles))
        supports.append(_ask(collection, result.query, hidden, timed=False).support)
    return auroc([result.support for result in judged], supports)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to rank or to ask, named by the options of `eval bench` that give it."""

    name: str
    signals: str = "all"
    fusion: Fusion = fuse
    options: Options = field(default_factory=Options)
    tolerant: bool = True
    reads: bool = True


VARIANTS = (
    Variant("--reader none", reads=False),
    Variant("--signals dense", "dense"),
    Variant("--signals bm25", "bm25"),
    Variant("--signals dense+bm25 --fusion rrf", "dense+bm25", reciprocal_ranks),
    Variant("--signals dense+bm25 --fusion scaled", "dense+bm25", scaled_sum),
    Variant("--fusion rrf", fusion=reciprocal_ranks),
    Variant("--fusion scaled", fusion=scaled_sum),
    Variant("--hide-source (default ranking)", options=Options(hide_source=True)),
    Variant("--no-history", options=Options(history=False)),
    Variant("--unrelated-history 4", options=Options(unrelated=4)),
    Variant("--misspell", options=Options(misspelt=True)),
    Variant("--misspell --exact-words", options=Options(misspelt=True), tolerant=False),
)


def ablation(dataset: Dataset, collection: Collection, variants: Sequence[Variant] = VARIANTS) -> list[dict[str, Any]]:
    """The measures of every variant; one without history only where the set has any."""
    has_history = any(query.earlier for query in dataset.queries)
    rows = []
    for variant in variants:
        if has_history or variant.options.history:
            searcher = collection.searcher.ranked_by(WEIGHTINGS[variant.signals], variant.fusion)
            searcher = searcher if variant.tolerant else searcher.literal()
            searcher = searcher if variant.reads else searcher.with_models(NO_MODELS)
            measured = measure(dataset, Collection.of(searcher, collection.rule), replace(variant.options, timed=False))
            rows.append({"dataset": dataset.name, "variant": variant.name, **measured})
    return rows
