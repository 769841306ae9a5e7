"""The worth of each part of the ranking: the same questions with parts left out or changed."""

from collections.abc import Sequence
from typing import Any

from app.answering.collection import Collection
from eval.beir import Dataset
from eval.bench import Variant, measure
from index.search.fusion import WEIGHTINGS, reciprocal_ranks, scaled_sum

VARIANTS = (
    Variant("cosine alone", "dense"),
    Variant("BM25 alone", "bm25"),
    Variant("cosine and BM25, reciprocal ranks", "dense+bm25", reciprocal_ranks),
    Variant("cosine and BM25, scaled", "dense+bm25", scaled_sum),
    Variant("reciprocal ranks", fusion=reciprocal_ranks),
    Variant("scaled", fusion=scaled_sum),
    Variant("default", hide_source=True),
    Variant("without history", history=False),
    Variant("after 4 unrelated questions", unrelated=4),
    Variant("misspelt", misspelt=True),
    Variant("misspelt, exact words", misspelt=True, tolerant=False),
)


def ablation(dataset: Dataset, collection: Collection, variants: Sequence[Variant] = VARIANTS) -> list[dict[str, Any]]:
    """The measures of every variant; those without history only if the set has histories."""
    has_history = any(query.earlier for query in dataset.queries)
    rows = []
    for variant in variants:
        if has_history or variant.history:
            searcher = collection.searcher.ranked_by(WEIGHTINGS[variant.signals], variant.fusion)
            varied = Collection.of(searcher if variant.tolerant else searcher.literal(), collection.rule)
            measures = measure(dataset, varied, variant, timed=False)
            rows.append({"dataset": dataset.name, "variant": variant.name, **measures})
    return rows
