"""What each part of the ranking is worth: the same questions with parts left out or changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.answering.collection import Collection
from eval.beir import Dataset
from eval.bench import Options, measure
from index.search.fusion import WEIGHTINGS, Fusion, fuse, reciprocal_ranks, scaled_sum


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to rank or to ask, named by the options of `eval bench` that give it."""

    name: str
    signals: str = "all"
    fusion: Fusion = fuse
    options: Options = field(default_factory=Options)
    tolerant: bool = True


VARIANTS = (
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
            measured = measure(dataset, Collection.of(searcher, collection.rule), replace(variant.options, timed=False))
            rows.append({"dataset": dataset.name, "variant": variant.name, **measured})
    return rows
