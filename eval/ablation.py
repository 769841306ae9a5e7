"""What each part of the ranking is worth: the same questions with parts left out or changed."""

from dataclasses import replace
from typing import Any

from eval.beir import Dataset
from eval.bench import Options, measure
from index.fusion import SIGNALS, Fusion, fuse, reciprocal_ranks
from index.search import Searcher

_VARIANTS: tuple[tuple[str, str, Fusion, Options], ...] = (
    ("--signals dense", "dense", fuse, Options()),
    ("--signals bm25", "bm25", fuse, Options()),
    ("--signals dense+bm25 --fusion rrf", "dense+bm25", reciprocal_ranks, Options()),
    ("--signals dense+bm25", "dense+bm25", fuse, Options()),
    ("--fusion rrf", "all", reciprocal_ranks, Options()),
    ("--hide-source (default ranking)", "all", fuse, Options(hide_source=True)),
    ("--no-history", "all", fuse, Options(history=False)),
    ("--unrelated-history 4", "all", fuse, Options(unrelated=4)),
)


def ablation(dataset: Dataset, searcher: Searcher) -> list[dict[str, Any]]:
    """The measures of every variant, named by the options of `eval bench` that give it."""
    has_history = any(query.earlier for query in dataset.queries)
    rows = []
    for name, signals, fusion, options in _VARIANTS:
        if has_history or options.history:
            measured = measure(dataset, searcher.ranked_by(SIGNALS[signals], fusion), replace(options, timed=False))
            rows.append({"dataset": dataset.name, "variant": name, **measured})
    return rows
